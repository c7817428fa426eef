/**
 * Two devices of one person for tests of restore: an old one whose backup is at a service in memory, and a new one.
 *
 * Settings and pictures lie in one drawer ("dconf"), files in another, apps are files that the installer writes.
 */

import { createHash } from 'node:crypto';
import type { Json } from '@carryover/model/canonical';
import type { Finding } from '@carryover/model/restore-plan';
import { send } from '../src/capture/changes.ts';
import { manifestFrom } from '../src/capture/manifest.ts';
import { readDevice } from '../src/capture/read-device.ts';
import { unitsFrom } from '../src/capture/units.ts';
import type { Apps } from '../src/restore/plan.ts';
import type { RestoreInput } from '../src/restore/restore.ts';
import type { System } from '../src/system/system.ts';
import { blobPath, drawer, fill } from './drawer.ts';
import { type MemoryService, memoryService } from './memory-service.ts';
import { aCatalog } from './sample-catalog.ts';
import type { WatchedSystem } from './watched-system.ts';

export const OLD_PROFILE = '11111111-1111-4111-8111-111111111111';
export const NEW_PROFILE = '22222222-2222-4222-8222-222222222222';
export const PICTURE = Buffer.from('a picture of the Lofoten');

export const FACTS = {
  name: 'AUE-LT-0417',
  platform: 'linux',
  build: 'debian 12 gnome 43',
  osName: 'Debian GNU/Linux 12',
  machineHash: 'ab',
  agentVersion: '0.1.0',
} as const;

export function drawers(locked: readonly string[] = []) {
  return [
    drawer({ name: 'files', kinds: ['file'] }),
    drawer({ name: 'dconf', kinds: ['dconf', 'dconfImage'], locked }),
  ] as const;
}

/** What the person had on the old device. */
export const OLD: { readonly [itemId: string]: Json } = {
  theme: "'dark'",
  accent: "'rose'",
  textSize: "'large'",
  shortcut: "'<Super>e'",
  startup: "'/usr/bin/true'",
  monitor: "'left'",
  wallpaper: { v: 1, uri: 'file:///pictures/lofoten.jpg' },
};

/** What the new device is set to before anything comes over. */
export const NEW: { readonly [itemId: string]: Json } = { theme: "'light'", textSize: "'large'" };

/** Backs the old device up. */
export async function serviceWithBackup(old: System): Promise<MemoryService> {
  const service = memoryService();
  await fill(old, 'dconf', OLD);
  await old.writeFile(blobPath(old, 'dconf', 'wallpaper'), PICTURE, 0o600);
  await fill(old, 'files', { bookmarks: { v: 'bookmarks' } });
  await backUp(old, service);
  return service;
}

async function backUp(old: System, service: MemoryService): Promise<void> {
  const { digestKey } = service;
  const catalog = aCatalog();
  const apps = { read: async () => ({ items: APPS, failures: [] }), watched: async () => [] };
  const readers = { catalog, mechanisms: drawers(), apps };
  const categories = ['accessibility', 'personalization', 'other', 'apps'] as const;
  const { items } = await readDevice(old, readers, { categories, images: true, digestKey });
  const about = { catalogVersion: catalog.version, platform: FACTS.platform, build: FACTS.build };
  const { units } = unitsFrom(items, { ...about, digestKey });
  const now = Temporal.Instant.from('2026-11-25T10:00:00Z');
  const manifest = manifestFrom(units, { facts: FACTS, catalogVersion: catalog.version, categories, now });
  const outgoing = { manifest, units, digestKey, profileId: OLD_PROFILE };
  await send(service.clientOf(OLD_PROFILE), outgoing, undefined, now);
}

const APPS = ['apps.flatpak/org.example.Maps', 'apps.flatpak/org.example.Gone'].map((itemId) => ({
  itemId,
  raw: { name: itemId.split('.').at(-1) ?? itemId },
}));

/** Installing is writing a file; "Gone" is no longer offered. */
export function fileApps(system: System): Apps {
  const path = (itemId: string) => `${system.home}/apps/${createHash('sha256').update(itemId).digest('hex')}`;
  return {
    appWords: ({ itemId }) => ({ title: itemId, will: 'install', flags: [] }),
    async inspectApps(_, apps) {
      const findings = apps.map(async ({ itemId }): Promise<[string, Finding]> => {
        const there = (await system.facts(path(itemId))) !== undefined;
        return [itemId, { now: there ? {} : undefined, nowWords: there ? 'installed' : 'not installed', same: there }];
      });
      return new Map(await Promise.all(findings));
    },
    async applyApp(_, { itemId }) {
      if (itemId.endsWith('Gone')) {
        const facts = { app: 'Gone', source: 'the repository' };
        return { itemId, status: 'failed', reason: { code: 'appNotOffered', facts } };
      }
      await system.writeFile(path(itemId), '', 0o600);
      return { itemId, status: 'applied' };
    },
  };
}

export function restoreInput(
  system: WatchedSystem,
  service: MemoryService,
  over: Partial<RestoreInput> = {},
): RestoreInput {
  return {
    system,
    client: service.clientOf(NEW_PROFILE),
    checkIn: service.checkIn(NEW_PROFILE),
    device: FACTS,
    catalog: aCatalog(),
    mechanisms: drawers(),
    apps: fileApps(system),
    language: 'en',
    organization: 'Auental County',
    ...over,
  };
}
