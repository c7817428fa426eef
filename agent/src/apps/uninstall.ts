/**
 * Apps of Windows that came with an installer of their own: a list to read, nothing that a restore installs.
 *
 * Windows keeps what "Installed apps" shows under the Uninstall keys: those of the machine, of its 32-bit programs, and of
 * the person. What the sources of winget know too is theirs (`withoutThoseOfSources`), by its name.
 *
 * Shape: items are `apps.uninstall/<key>`, with any "/" as "%2F"; raw is `{ key, name }`, with the publisher where it is
 * given. No versions: an update is no change worth a backup.
 * Source: Microsoft's documentation, "Uninstall Registry Key".
 */

import type { Finding } from '@carryover/model/restore-plan';
import { isSameName, type Registry, type RegistryHive } from '../system/registry.ts';
import { numberOf, textOf } from '../system/registry-words.ts';
import type { System } from '../system/system.ts';
import type { AppItem, AppSource } from './app-source.ts';
import { outcomeFrom, textIn } from './listed-apps.ts';

const PREFIX = 'apps.uninstall/';
const BELOW = 'Microsoft\\Windows\\CurrentVersion\\Uninstall';

const PLACES: readonly (readonly [hive: RegistryHive, key: string])[] = [
  ['HKLM', `SOFTWARE\\${BELOW}`],
  ['HKLM', `SOFTWARE\\WOW6432Node\\${BELOW}`],
  ['HKCU', `Software\\${BELOW}`],
];

/** What a part of another program or of Windows calls itself, beside having a parent. */
const UPDATES = /^(?:Security Update|Update Rollup|Update|Hotfix|Service Pack)$/i;

const inspect: AppSource['inspect'] = async ({ system }, items) => {
  const here = items.length === 0 ? [] : await installed(system).catch((): AppItem[] => []);
  const ids = new Set(here.map(({ itemId }) => itemId));
  const names = new Set(here.map(nameOf));
  return new Map(items.map((item) => [item.itemId, findingOf(item, ids.has(item.itemId) || names.has(nameOf(item)))]));
};

export const uninstall: AppSource = {
  prefixes: [PREFIX],

  async list(system) {
    try {
      return { items: await installed(system), failures: [] };
    } catch {
      const reason = { code: 'appListUnreadable', facts: { source: 'Windows' } } as const;
      return { items: [], failures: [{ itemId: 'apps.uninstall', reason }] };
    }
  },

  words({ raw }) {
    const title = textIn(raw, 'name');
    return title === undefined ? undefined : { title, will: 'listed', flags: [] };
  },

  inspect,

  apply: async (context, item) => outcomeFrom(item.itemId, (await inspect(context, [item])).get(item.itemId)),

  // The registry has no files to watch; it is read each time.
  watched: async () => [],
};

/** Leaves out what another item already stands for, by its name without regard to capitals. */
export function withoutThoseOfSources(items: readonly AppItem[]): AppItem[] {
  const known = new Set(items.filter((item) => !isListed(item)).map(nameOf));
  return items.filter((item) => !isListed(item) || !known.has(nameOf(item)));
}

function isListed({ itemId }: AppItem): boolean {
  return itemId.startsWith(PREFIX);
}

function nameOf({ itemId, raw }: AppItem): string {
  return (textIn(raw, 'name') ?? itemId).toLowerCase();
}

function findingOf({ itemId, raw }: AppItem, isHere: boolean): Finding {
  if (isHere) return { now: raw, nowWords: 'installed', same: true };
  const reason = { code: 'appHasNoSource', facts: { app: textIn(raw, 'name') ?? itemId } } as const;
  return { now: undefined, nowWords: '', same: false, obstacle: { status: 'needsElevation', reason } };
}

/** Each once, however many places have it. Errors: those of the door. */
async function installed({ registry }: System): Promise<AppItem[]> {
  if (registry === undefined) return [];
  const items = new Map<string, AppItem>();
  for (const [hive, place] of PLACES) {
    for (const key of (await registry.keys(hive, place)) ?? []) {
      const item = await itemFrom(registry, hive, `${place}\\${key}`);
      if (item !== undefined && !items.has(item.itemId)) items.set(item.itemId, item);
    }
  }
  return [...items.values()];
}

/** Undefined for what "Installed apps" does not show: parts of Windows, updates, and keys without a name. */
async function itemFrom(registry: Registry, hive: RegistryHive, path: string): Promise<AppItem | undefined> {
  const values = (await registry.values(hive, path)) ?? [];
  const value = (name: string) => values.find((one) => isSameName(one.name, name));
  const text = (name: string) => textOf(value(name))?.trim() ?? '';
  const name = text('DisplayName');
  if (name === '' || numberOf(value('SystemComponent')) === 1) return undefined;
  if (text('ParentKeyName') !== '' || UPDATES.test(text('ReleaseType'))) return undefined;
  const key = path.slice(path.lastIndexOf('\\') + 1);
  const publisher = text('Publisher');
  const raw = { key, name, ...(publisher === '' ? {} : { publisher }) };
  return { itemId: PREFIX + key.replaceAll('/', '%2F'), raw };
}
