/**
 * Where the parts that came with the program lie: beside the sources, or inside the one executable file (node:sea).
 *
 * A path that begins with "inside:" names a part inside the executable; every other one is a file.
 */

import { fileURLToPath } from 'node:url';
import type { System } from './system/system.ts';

export interface Installed {
  /** Absolute path of what the schedule and the menu call. */
  readonly launcher: string;
  /** Folder of the built restore and settings pages. */
  readonly pagesFolder: string;
  /** The compiled catalog. */
  readonly catalogFile: string;
}

const INSIDE = 'inside:';

/** As the program lies in the repository. */
export function amongSources(): Installed {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  return {
    launcher: at('../../carryover'),
    pagesFolder: at('../../web/dist'),
    catalogFile: at('../../catalog/catalog.json'),
  };
}

/** As one executable file, `program`, in which scripts/windows/package.ts put the parts. */
export function insideOf(program: string): Installed {
  return { launcher: program, pagesFolder: `${INSIDE}pages`, catalogFile: `${INSIDE}catalog.json` };
}

/** A part's bytes; undefined when there is no such part. */
export async function installedPart(system: System, path: string): Promise<Uint8Array | undefined> {
  return path.startsWith(INSIDE) ? partInside(path.slice(INSIDE.length)) : system.readFile(path);
}

/** Changes whenever the part may have; undefined when there is none, or when it is part of the program itself. */
export async function fingerprintOfPart(system: System, path: string): Promise<string | undefined> {
  return path.startsWith(INSIDE) ? undefined : (await system.facts(path))?.fingerprint;
}

async function partInside(name: string): Promise<Uint8Array | undefined> {
  const { getAssetKeys, getRawAsset } = await import('node:sea');
  return getAssetKeys().includes(name) ? new Uint8Array(getRawAsset(name) as ArrayBuffer) : undefined;
}
