/** Where programs install their data. Source: XDG Base Directory Specification. */

import type { System } from '../system/system.ts';

/** The person's own folder first, then those of the system in their order. */
export function dataFolders({ env, home }: System): string[] {
  const own = env['XDG_DATA_HOME'] || `${home}/.local/share`;
  const shared = env['XDG_DATA_DIRS'] || '/usr/local/share:/usr/share';
  return [own, ...shared.split(':')]
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => folder.replace(/\/+$/, ''));
}
