/**
 * What one device has and the other should have, found without Carryover's own reading or reporting: dconf's dump, the
 * files' bytes, Flatpak's list.
 *
 * The report of a restore says what it believes; this says what is there. Home folders differ, so a path below the one
 * counts as the same path below the other.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dconfKeysOf, fileOf } from '../../model/src/catalog.ts';
import type { PartKind } from '../../model/src/report.ts';
import type { Catalog } from '../../model/src/setting.ts';
import type { Device } from '../testing/device.ts';

export interface RestoredItem {
  readonly id: string;
  readonly kind: PartKind;
  readonly status: string;
}

export interface Compared {
  readonly kind: PartKind;
  readonly captured: number;
  readonly applied: number;
  readonly different: number;
}

const KINDS: readonly PartKind[] = ['setting', 'file', 'image', 'app'];
const APPLIED: readonly string[] = ['applied', 'unchanged'];

/** One row a kind: items in the backup, items brought over, and of those the ones that are not what they were. */
export async function compared(
  devices: { readonly old: Device; readonly fresh: Device },
  items: readonly RestoredItem[],
  catalog: Catalog,
): Promise<Compared[]> {
  const [old, fresh] = [await contentsOf(devices.old), await contentsOf(devices.fresh)];
  const rows: Compared[] = [];
  for (const kind of KINDS) {
    const of = items.filter((item) => item.kind === kind);
    const applied = of.filter(({ status }) => APPLIED.includes(status));
    let different = 0;
    for (const { id } of applied) if (!(await sameOnBoth(id, kind, old, fresh, catalog))) different += 1;
    rows.push({ kind, captured: of.length, applied: applied.length, different });
  }
  return rows;
}

interface Contents {
  readonly home: string;
  readonly settings: ReadonlyMap<string, string>;
  readonly apps: ReadonlySet<string>;
}

async function contentsOf(device: Device): Promise<Contents> {
  const list = await device.must('flatpak', ['list', '--user', '--app', '--columns=application']);
  return {
    home: device.home,
    settings: keysOf((await device.dconfDump()).replaceAll(device.home, '~')),
    apps: new Set(list.split('\n').filter((line) => line !== '')),
  };
}

/** dconf's keyfile: "[folder]" lines, then "key=value" lines. */
function keysOf(dump: string): Map<string, string> {
  const keys = new Map<string, string>();
  let folder = '/';
  for (const line of dump.split('\n')) {
    if (line.startsWith('[')) folder = line === '[/]' ? '/' : `/${line.slice(1, -1)}/`;
    else if (line.includes('=')) keys.set(folder + line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1));
  }
  return keys;
}

async function sameOnBoth(
  id: string,
  kind: PartKind,
  old: Contents,
  fresh: Contents,
  catalog: Catalog,
): Promise<boolean> {
  switch (kind) {
    case 'app':
      return sameApp(id, old, fresh);
    case 'file': {
      const path = fileOf(catalog, id)?.path;
      return path !== undefined && (await sameFile(join(old.home, path), join(fresh.home, path), old, fresh));
    }
    case 'image':
      return samePicture(id, old, fresh, catalog);
    case 'setting': {
      const keys = dconfKeysOf(catalog, id);
      return keys.length > 0 && keys.every((key) => old.settings.get(key) === fresh.settings.get(key));
    }
  }
}

/** Apps of Debian itself are listed only; both devices share them. */
function sameApp(id: string, old: Contents, fresh: Contents): boolean {
  const [, app] = /^apps\.flatpak\/(.+)$/.exec(id) ?? [];
  return app === undefined || (old.apps.has(app) && fresh.apps.has(app));
}

async function samePicture(id: string, old: Contents, fresh: Contents, catalog: Catalog): Promise<boolean> {
  const [key = ''] = dconfKeysOf(catalog, id);
  const [here, there] = [old, fresh].map(({ settings, home }) => pictureOf(settings.get(key), home));
  return here !== undefined && there !== undefined && (await readFile(here)).equals(await readFile(there));
}

function pictureOf(value: string | undefined, home: string): string | undefined {
  const [, path] = /^'file:\/\/(.*)'$/.exec(value ?? '') ?? [];
  return path === undefined ? undefined : decodeURIComponent(path.replace(/^~/, home));
}

async function sameFile(here: string, there: string, old: Contents, fresh: Contents): Promise<boolean> {
  const [a, b] = [await readFile(here, 'latin1'), await readFile(there, 'latin1')];
  return a.replaceAll(old.home, '~') === b.replaceAll(fresh.home, '~');
}
