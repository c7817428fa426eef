/**
 * The places whose change could change a capture: the dconf database, every file and folder of the catalog (also those
 * that are not there yet), the pictures that settings name, and what tells the system's version.
 */

import type { Setting } from '@carryover/model/setting';
import type { FoundItem } from '../settings/mechanism.ts';
import type { System } from '../system/system.ts';

/** Folders below a `**` are looked into this deep: the file mechanism does not go deeper either. */
const MAX_DEPTH = 12;

/** What decides the version of system and desktop, and with it the places that apply. */
const VERSION_FILES = ['/etc/os-release', '/usr/bin/gnome-shell', '/etc/hostname'];

/** Every place whose change could change a capture of `settings`; pictures are added by picturesOf once they are known. */
export async function placesToWatch(system: System, settings: readonly Setting[]): Promise<string[]> {
  const config = system.env['XDG_CONFIG_HOME'] ?? `${system.home}/.config`;
  const paths = new Set([`${config}/dconf/user`, ...VERSION_FILES]);
  for (const place of settings.flatMap(({ linux }) => linux ?? [])) {
    if (place.mechanism !== 'file') continue;
    const segments = place.path.split('/');
    const star = segments.findIndex((segment) => segment.includes('*'));
    const base = `${system.home}/${segments.slice(0, star < 0 ? undefined : star).join('/')}`;
    paths.add(base);
    if (star >= 0)
      await addBelow(system, base, segments.length - star > 1 || place.path.includes('**') ? MAX_DEPTH : 1, paths);
  }
  return [...paths].toSorted();
}

/** The pictures that captured settings name, as paths on this device: the names, and where links lead from them. */
export async function picturesOf(system: System, items: readonly FoundItem[]): Promise<string[]> {
  const paths: string[] = [];
  for (const { raw, blobs } of items) {
    const uri = blobs.length > 0 && typeof raw === 'object' && raw !== null && 'uri' in raw ? raw['uri'] : undefined;
    const path = typeof uri === 'string' ? pathOf(uri, system.home) : undefined;
    if (path === undefined) continue;
    const real = await system.realPath(path);
    paths.push(path, ...(real === undefined ? [] : [real]));
  }
  return paths;
}

/** Undefined for what is no file here, or a URI that is none: its picture could not be read either. */
function pathOf(uri: string, home: string): string | undefined {
  const encoded = uri.replace(/^file:\/\/(?:localhost)?/i, '').replace(/^\$\{HOME\}/, () => encodeURI(home));
  try {
    const path = decodeURIComponent(encoded);
    return path.startsWith('/') ? path : undefined;
  } catch {
    return undefined;
  }
}

async function addBelow(system: System, folder: string, depth: number, paths: Set<string>): Promise<void> {
  if ((await system.facts(folder))?.kind !== 'directory') return;
  for (const name of await system.list(folder)) {
    const path = `${folder}/${name}`;
    paths.add(path);
    if (depth > 1) await addBelow(system, path, depth - 1, paths);
  }
}
