/**
 * Apps pinned to the taskbar: the shortcuts in the folder that Windows keeps for them.
 *
 * An app that comes as a package has no shortcut there; where Windows keeps that it is pinned is not documented.
 *
 * Source: FOLDERID_UserPinned of Microsoft's page KNOWNFOLDERID.
 */

import type { System } from '../system/system.ts';
import type { Pin } from './pins.ts';
import { shortcutTarget } from './shell-link-reader.ts';

/** A larger file is no shortcut, in bytes. */
const MAX_SHORTCUT_BYTES = 64 * 1024;

/** Errors: none; what cannot be read counts as pinned, by its name alone. */
export async function taskbarPins(system: System): Promise<Pin[]> {
  const folder = `${system.home}/AppData/Roaming/Microsoft/Internet Explorer/Quick Launch/User Pinned/TaskBar`;
  const files = (await system.list(folder).catch(() => [])).filter((name) => /\.lnk$/i.test(name));
  return Promise.all(
    files.map(async (file) => {
      const facts = await system.facts(`${folder}/${file}`);
      const isShortcut = facts?.kind === 'file' && facts.bytes <= MAX_SHORTCUT_BYTES;
      const content = isShortcut ? await system.readFile(`${folder}/${file}`).catch(() => undefined) : undefined;
      return { name: file.slice(0, -'.lnk'.length), ...(content && shortcutTarget(content)) };
    }),
  );
}
