/**
 * Reads everything of this device that is to be remembered: settings, files and pictures by their mechanisms, and apps.
 *
 * Only what is switched on is read at all; what cannot be read becomes a failure with its reason, never an exception.
 * Reading writes nothing (invariant 5).
 */

import { createHmac } from 'node:crypto';
import type { Json } from '@carryover/model/canonical';
import type { Catalog, Category, Setting } from '@carryover/model/setting';
import { APPS_PAYLOAD_TYPE } from '@carryover/model/unit';
import type { FoundItem, Mechanism, MechanismContext, ReadFailure } from '../settings/mechanism.ts';
import type { System } from '../system/system.ts';
import type { CapturedItem } from './units.ts';

/** The apps of this device, as capture needs them. */
export interface AppList {
  /** Each app under `<source>/<id>`, e.g. "flatpak/org.gnome.Maps". */
  read(system: System): Promise<{
    readonly items: readonly { readonly itemId: string; readonly raw: Json }[];
    readonly failures: readonly ReadFailure[];
  }>;
  /** Equal means that `read` would give the same; starts no process. */
  fingerprint(system: System): Promise<string>;
}

export interface Readers {
  readonly catalog: Catalog;
  readonly mechanisms: readonly Mechanism[];
  readonly apps: AppList;
  /** The neutral meaning of a raw value, where the catalog has a codec for it. */
  readonly meaningOf: (setting: Setting, raw: Json) => Json | undefined;
}

export interface DeviceContents {
  readonly items: readonly CapturedItem[];
  /** As the mechanisms found them: where pictures lie on this device is read from here. */
  readonly found: readonly FoundItem[];
  readonly failures: readonly ReadFailure[];
}

/** Settings that a backup takes: meant for backup, switched on, and no secrets (B5: a switch of its own, off by default). */
export function settingsToRead({ settings }: Catalog, categories: readonly Category[]): Setting[] {
  return settings.filter(
    ({ mode, category, toggle, flags }) =>
      (mode === 'backup' || mode === 'both') &&
      categories.includes(category) &&
      categories.includes(toggle) &&
      !flags.includes('secret'),
  );
}

export async function readDevice(
  system: System,
  { catalog, mechanisms, apps, meaningOf }: Readers,
  { categories, digestKey }: { readonly categories: readonly Category[]; readonly digestKey: string },
): Promise<DeviceContents> {
  const settings = settingsToRead(catalog, categories);
  const context = readingContext(system, catalog, digestKey);
  const results = await Promise.all(mechanisms.map((mechanism) => mechanism.read(context, settings)));
  const found = results.flatMap(({ items }) => items);
  const listed = categories.includes('apps') ? await apps.read(system) : { items: [], failures: [] };
  return {
    items: [...found.map((item) => captured(item, meaningOf)), ...listed.items.map(capturedApp)],
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

function captured({ itemId, setting, raw, blobs }: FoundItem, meaningOf: Readers['meaningOf']): CapturedItem {
  const value = meaningOf(setting, raw);
  return {
    itemId,
    payloadType: setting.payloadType,
    category: setting.category,
    value: value === undefined ? { raw } : { raw, value },
    blobs,
  };
}

function capturedApp({ itemId, raw }: { readonly itemId: string; readonly raw: Json }): CapturedItem {
  return { itemId, payloadType: APPS_PAYLOAD_TYPE, category: 'apps', value: { raw }, blobs: [] };
}
