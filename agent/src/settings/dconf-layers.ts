/**
 * Which databases the person's dconf is made of: their own, then those that an administrator put below it.
 *
 * Source: dconf(7), "Profiles".
 */

import type { System } from '../system/system.ts';
import { dataFolders } from './schemas.ts';

/** The lines of the person's profile, from the layer that is written down to the administrator's; none without a profile. */
export async function layersOf(system: System): Promise<string[]> {
  const lines = (await profileText(system))?.split('\n').map((line) => line.replace(/#.*/, '').trim()) ?? [];
  return lines.filter((line) => line !== '');
}

/** Files of the administrator's layers, the one that overrides the others first. */
export async function systemDatabases(system: System): Promise<string[]> {
  const [, ...layers] = await layersOf(system);
  return layers.flatMap((layer) => {
    const [, kind, name] = /^(system-db|file-db):(.+)$/.exec(layer) ?? [];
    if (name === undefined) return [];
    return [kind === 'system-db' ? `/etc/dconf/db/${name}` : name];
  });
}

async function profileText(system: System): Promise<string | undefined> {
  const named = system.env['DCONF_PROFILE'];
  const places = named?.startsWith('/')
    ? [named]
    : [
        ...(named === undefined && system.runtimeFolder !== undefined ? [`${system.runtimeFolder}/dconf.profile`] : []),
        ...['/etc', ...dataFolders(system).slice(1)].map((folder) => `${folder}/dconf/profile/${named ?? 'user'}`),
      ];
  for (const place of places) {
    const path = await system.realPath(place);
    const content = path === undefined ? undefined : await system.readFile(path);
    if (content !== undefined) return new TextDecoder().decode(content);
  }
  return undefined;
}
