/**
 * Writing what counts for everyone on this machine: below /etc, in folders that exist for that, as an administrator only.
 *
 * As below HOME, a file is there as a whole or not at all.
 */

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KnownError } from '@carryover/model/errors';
import { removeOwn, writeOwn } from './own-files.ts';

/** Replaces the file as a whole, readable by everyone. Errors: notAllowed (needsAdministrator, outsideHome). */
export async function writeForEveryone(systemFolder: string, path: string, content: string): Promise<void> {
  await asAdministrator(path, async () => {
    if (path.startsWith(`${systemFolder}/`)) await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await writeOwn(rootsIn(systemFolder), path, content, 0o644);
  });
}

/** Fine when there is nothing to remove. Errors: as above. */
export async function removeForEveryone(systemFolder: string, path: string): Promise<void> {
  await asAdministrator(path, () => removeOwn(rootsIn(systemFolder), path));
}

function rootsIn(systemFolder: string) {
  return { home: systemFolder, stateFolder: systemFolder };
}

async function asAdministrator(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
    throw new KnownError('notAllowed', `Only an administrator may change ${path}. Run the same command with sudo.`, {
      inner: 'needsAdministrator',
      cause,
    });
  }
}
