/** The backup of a Windows PC on a real GNOME desktop: real dconf, the catalog's own settings. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from '@carryover/model/canonical';
import type { Catalog } from '@carryover/model/setting';
import compiled from '../../../catalog/catalog.json' with { type: 'json' };
import { desktop } from '../../testing/desktop.ts';
import { type MemoryService, memoryService } from '../../testing/memory-service.ts';
import { OLD_WINDOWS } from '../../testing/old-windows.ts';
import { FACTS, fileApps, NEW_PROFILE, OLD_PROFILE } from '../../testing/restore-story.ts';
import { send } from '../capture/changes.ts';
import { manifestFrom } from '../capture/manifest.ts';
import { readDevice } from '../capture/read-device.ts';
import { unitsFrom } from '../capture/units.ts';
import { dconf } from '../settings/dconf.ts';
import { file } from '../settings/file.ts';
import type { System } from '../system/system.ts';
import { plan, type RestoreInput, restore } from './restore.ts';
import { translated } from './translate.ts';

const CATALOG = compiled as unknown as Catalog;
const MECHANISMS = [file, dconf];
const CATEGORIES = ['accessibility', 'personalization', 'language', 'other'] as const;
const NO_APPS = { read: async () => ({ items: [], failures: [] }), watched: async () => [] };
/** The content of pictures would have to be at the service. */
const VALUES = Object.entries(OLD_WINDOWS).filter(([id]) => !id.endsWith('.image'));

/** Places as a Windows PC backs them up, in units by category. */
async function serviceWithWindowsBackup(): Promise<MemoryService> {
  const service = memoryService();
  const { digestKey } = service;
  const items = VALUES.map(([itemId, raw]) => {
    const setting = CATALOG.settings.find(({ id }) => id === itemId);
    assert.ok(setting, itemId);
    const { payloadType, category } = setting;
    return { itemId, payloadType, category, value: { raw }, blobs: [] };
  });
  const about = { catalogVersion: CATALOG.version, platform: 'windows', build: '26100.4946', digestKey } as const;
  const { units } = unitsFrom(items, about);
  const facts = { ...FACTS, platform: 'windows', build: '26100.4946', osName: 'Windows 11' } as const;
  const now = Temporal.Instant.from('2026-11-26T08:00:00Z');
  const manifest = manifestFrom(units, { facts, catalogVersion: CATALOG.version, categories: [...CATEGORIES], now });
  const outgoing = { manifest, units, digestKey, profileId: OLD_PROFILE };
  await send(service.clientOf(OLD_PROFILE), outgoing, undefined, now);
  return service;
}

function inputFor(system: System, service: MemoryService): RestoreInput {
  return {
    system,
    client: service.clientOf(NEW_PROFILE),
    checkIn: service.checkIn(NEW_PROFILE),
    device: FACTS,
    catalog: CATALOG,
    mechanisms: MECHANISMS,
    apps: fileApps(system),
    language: 'en',
    organization: 'Auental County',
  };
}

/** What does not come over to this desktop, and why. */
const LEFT: Readonly<Record<string, string>> = {
  'accessibility.bounceKeysDelay': 'otherPlatform',
  // No key before GNOME 47.
  'appearance.accentColor': 'otherPlatform',
  'notifications.banners': 'offByDefault',
};

test('a Windows PC comes to a real GNOME desktop, and what it had can go back to Windows', async () => {
  const service = await serviceWithWindowsBackup();
  const { system, load, dump, close } = await desktop();
  try {
    await load("[org/gnome/nautilus/preferences]\nclick-policy='single'\n");
    const input = inputFor(system, service);

    const { items } = await restore(input, await plan(input, 'recommended', { only: [], skip: [] }));

    const left = items.filter(({ status }) => status !== 'applied' && status !== 'unchanged');
    assert.deepEqual(Object.fromEntries(left.map(({ id, reason }) => [id, reason?.code])), LEFT);
    // Of the 63 the two pictures are not in this backup.
    assert.equal(items.length, 61);
    assert.deepEqual(
      items.filter(({ status }) => status === 'unchanged').map(({ id }) => id),
      ['files.singleClickOpens'],
    );
    const keys = await dump();
    for (const line of ["color-scheme='prefer-dark'", 'text-scaling-factor=1.5', "region='de_DE.UTF-8'", 'speed=0.5'])
      assert.ok(keys.includes(line), line);

    const wanted = { categories: CATEGORIES, images: true, digestKey: service.digestKey };
    const read = await readDevice(system, { catalog: CATALOG, mechanisms: MECHANISMS, apps: NO_APPS }, wanted);
    const back = translated(
      read.items.map(({ itemId, value }) => ({ itemId, captured: value, about: undefined })),
      { catalog: CATALOG, platform: 'windows', build: '26100.4946' },
    );
    const raws = new Map(back.map(({ itemId, raw }) => [itemId, raw]));
    const lost = VALUES.filter(([id, raw]) => canonicalJson(raws.get(id) ?? null) !== canonicalJson(raw));
    assert.deepEqual(
      lost.map(([id]) => id),
      ['notifications.enabled', 'personalization.colors.accent'],
    );
  } finally {
    await close();
  }
});
