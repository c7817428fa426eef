/**
 * Whether anything that capture reads can have changed, found out by looking at files only: no process is started, no
 * catalog is loaded. This is what makes a run on an unchanged device cheap.
 *
 * The last capture leaves a list of places to watch: the dconf database, every file and folder of the catalog (also
 * those that are not there yet), the pictures that settings name, and what tells the system's version. A place that
 * changes, comes or goes changes the fingerprint; a new file changes its folder.
 */

import { createHash } from 'node:crypto';
import type { Json } from '@carryover/model/canonical';
import { canonicalJson } from '@carryover/model/canonical';
import type { Setting } from '@carryover/model/setting';
import type { CheckIn } from '@carryover/model/wire';
import type { FoundItem } from '../settings/mechanism.ts';
import type { System } from '../system/system.ts';

/** Folders below a `**` are looked into this deep: the file mechanism does not go deeper either. */
const MAX_DEPTH = 12;

/** What decides the version of system and desktop, and with it the places that apply. */
const VERSION_FILES = ['/etc/os-release', '/usr/bin/gnome-shell', '/etc/hostname'];

/** What capture depends on besides the places it watches. */
export interface Surroundings {
  readonly agentVersion: string;
  readonly catalog: string;
  readonly apps: string;
  readonly checkIn: Pick<CheckIn, 'policy' | 'preferences' | 'digestKey'>;
}

/** Hex; equal means that a capture would give what it gave last time. */
export async function fingerprintOf(
  system: System,
  watched: readonly string[],
  { agentVersion, catalog, apps, checkIn }: Surroundings,
): Promise<string> {
  const { policy, preferences, digestKey } = checkIn;
  const around: Json = [
    agentVersion,
    catalog,
    apps,
    policy.version,
    policy.categories as unknown as Json,
    preferences as Json,
    createHash('sha256').update(digestKey).digest('hex'),
  ];
  const places = await Promise.all(watched.map(async (path) => (await system.facts(path))?.fingerprint ?? 'absent'));
  const hash = createHash('sha256').update(canonicalJson(around));
  for (const [index, path] of watched.entries()) hash.update(`\n${path}\0${places[index]}`);
  return hash.digest('hex');
}

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
