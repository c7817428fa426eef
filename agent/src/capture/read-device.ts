/**
 * Reads everything of this device that is to be remembered: settings, files and pictures by their mechanisms, and apps.
 *
 * Only what is switched on is read at all; what cannot be read becomes a failure with its reason, never an exception.
 * Reading writes nothing (invariant 5).
 */

import { createHmac } from 'node:crypto';
import type { Json } from '@carryover/model/canonical';
import { neutralFromLinux } from '@carryover/model/codecs';
import { kindOf } from '@carryover/model/report';
import type { Catalog, Category, Platform, Setting } from '@carryover/model/setting';
import { APPS_PAYLOAD_TYPE } from '@carryover/model/unit';
import { neutralFromWindows, windowsPlaceIdsOf } from '@carryover/model/windows-codecs';
import type { FoundItem, Mechanism, MechanismContext, ReadFailure } from '../settings/mechanism.ts';
import type { System } from '../system/system.ts';
import type { CapturedItem } from './units.ts';

/** The apps of this device, as capture needs them. */
interface AppList {
  /** Each app under `apps.<source>/<id>`. */
  read(system: System): Promise<{
    readonly items: readonly { readonly itemId: string; readonly raw: Json }[];
    readonly failures: readonly ReadFailure[];
  }>;
  /** Files whose facts change whenever the list does. */
  watched(system: System): Promise<readonly string[]>;
}

export interface Readers {
  readonly catalog: Catalog;
  readonly mechanisms: readonly Mechanism[];
  readonly apps: AppList;
}

export interface DeviceContents {
  readonly items: readonly CapturedItem[];
  /** As the mechanisms found them: where pictures lie on this device is read from here. */
  readonly found: readonly FoundItem[];
  readonly failures: readonly ReadFailure[];
}

/** What the organization and the person let a backup take. */
export interface Wanted {
  readonly categories: readonly Category[];
  /** Pictures travel by content; without, their settings are left out as a whole. */
  readonly images: boolean;
}

/** Settings that a backup takes: meant for backup, switched on, and no secrets (B5: a switch of its own, off by default). */
export function settingsToRead({ settings }: Catalog, { categories, images }: Wanted): Setting[] {
  return settings.filter(
    (setting) =>
      (setting.mode === 'backup' || setting.mode === 'both') &&
      categories.includes(setting.category) &&
      categories.includes(setting.toggle) &&
      !setting.flags.includes('secret') &&
      (images || kindOf(setting) !== 'image'),
  );
}

export async function readDevice(
  system: System,
  { catalog, mechanisms, apps }: Readers,
  { digestKey, ...wanted }: Wanted & { readonly digestKey: string },
): Promise<DeviceContents> {
  const { categories } = wanted;
  const settings = settingsToRead(catalog, wanted);
  const context = readingContext(system, catalog, digestKey);
  const results = await Promise.all(
    mechanisms.map(async (mechanism) => ({ ...(await mechanism.read(context, settings)), mechanism })),
  );
  const found = results.flatMap(({ items }) => items);
  const byPlatform = Map.groupBy(results, ({ mechanism }) => (isOfWindows(mechanism) ? 'windows' : 'linux'));
  const foundOn = (platform: Platform) => byPlatform.get(platform)?.flatMap(({ items }) => items) ?? [];
  const listed = categories.includes('apps') ? await apps.read(system) : { items: [], failures: [] };
  return {
    items: [
      ...capturedOnLinux(foundOn('linux'), catalog),
      ...capturedOnWindows(foundOn('windows'), catalog),
      ...listed.items.map(capturedApp),
    ],
    found,
    failures: [...results.flatMap(({ failures }) => failures), ...listed.failures],
  };
}

/** Nothing is fetched while reading, so there is no blob to ask for. */
function readingContext(system: System, catalog: Catalog, digestKey: string): MechanismContext {
  const key = Buffer.from(digestKey, 'hex');
  return {
    system,
    catalog,
    blobIdOf: (content) => createHmac('sha256', key).update(content).digest('hex'),
    blob: async (blobId) => {
      throw new Error(`A capture has no blob ${blobId} to fetch.`);
    },
  };
}

function captured({ itemId, setting, raw, blobs }: FoundItem, value: Json | undefined): CapturedItem {
  return {
    itemId,
    payloadType: setting.payloadType,
    category: setting.category,
    value: value === undefined ? { raw } : { raw, value },
    blobs,
  };
}

function isOfWindows({ kinds }: Mechanism): boolean {
  return kinds.some((kind) => kind.startsWith('registry') || kind === 'lockScreen' || kind === 'pins');
}

function capturedOnLinux(found: readonly FoundItem[], { applications }: Catalog): CapturedItem[] {
  const about = { applications, neighbours: textsByKey(found) };
  return found.map((item) => captured(item, neutralFromLinux(item.setting, item.raw, about)));
}

/**
 * A place of Windows means something by itself only where no other place belongs to the meaning; the others are read
 * together when they go to another platform.
 */
function capturedOnWindows(found: readonly FoundItem[], { settings }: Catalog): CapturedItem[] {
  const alone = new Map(
    settings.flatMap((setting) => {
      const [id, another] = windowsPlaceIdsOf(setting);
      return id === undefined || another !== undefined ? [] : [[id, setting] as const];
    }),
  );
  return found.map((item) => {
    const setting = alone.get(item.itemId);
    return captured(item, setting && neutralFromWindows(setting, new Map([[item.itemId, item.raw]])));
  });
}

/** GVariant texts by dconf key: some settings mean nothing without another one's value. */
function textsByKey(found: readonly FoundItem[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { setting, raw } of found) {
    const place = setting.linux?.find(({ mechanism }) => mechanism === 'dconf');
    if (place?.mechanism !== 'dconf') continue;
    const [only] = place.keys;
    if (typeof raw === 'string' && only !== undefined) texts[only] = raw;
    else if (typeof raw === 'object' && raw !== null)
      for (const [key, text] of Object.entries(raw)) if (typeof text === 'string') texts[key] = text;
  }
  return texts;
}

function capturedApp({ itemId, raw }: { readonly itemId: string; readonly raw: Json }): CapturedItem {
  return { itemId, payloadType: APPS_PAYLOAD_TYPE, category: 'apps', value: { raw }, blobs: [] };
}
