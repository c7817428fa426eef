/**
 * A folder for a while: what a browser window needs and nobody is to find afterwards.
 *
 * Its name holds the number of the process that made it, so that what a killed run left is cleared away by the next. What
 * a browser left elsewhere goes with it.
 */

import { readlinkSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive } from './own-files.ts';
import type { TemporaryFolder } from './system.ts';

const NAME = /^carryover-(\d+)-\w+$/;

/** Below `parent`, which is made (0700) if there is none. */
export async function temporaryFolder(parent: string): Promise<TemporaryFolder> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await clearLeftovers(parent);
  // mkdtemp makes it 0700.
  const path = await mkdtemp(`${parent}/carryover-${process.pid}-`);
  const removeNow = () => {
    removeSocket(path);
    rmSync(path, REMOVAL);
  };
  process.once('exit', removeNow);
  return {
    path,
    writeFile: (name, content) => writeFile(join(path, name), content, { mode: 0o600, flag: 'wx' }),
    async removeFile(name) {
      await unlink(join(path, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    },
    async [Symbol.asyncDispose]() {
      removeSocket(path);
      await rm(path, REMOVAL);
      process.off('exit', removeNow);
    },
  };
}

/** A browser that is ending may still write into its profile: then the folder is not empty at the first try. */
const REMOVAL = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 } as const;

async function clearLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, maker] = NAME.exec(name) ?? [];
    if (maker === undefined || isAlive(Number(maker))) continue;
    removeSocket(join(parent, name));
    await rm(join(parent, name), REMOVAL);
  }
}

/** Chromium's, Chrome's and Edge's name for the folder of a socket, which must have a short path. */
const SOCKET_FOLDER = /^[a-z]+(\.[A-Za-z]+){2}\.\w{6}$/;

/**
 * Told to end by a signal, a browser leaves the folder of its socket among the temporary files; the profile says where.
 * Nothing but the two files it makes there is removed.
 */
function removeSocket(profile: string): void {
  try {
    const folder = dirname(readlinkSync(join(profile, 'SingletonSocket')));
    if (!SOCKET_FOLDER.test(basename(folder))) return;
    for (const name of ['SingletonSocket', 'SingletonCookie']) unlinkSync(join(folder, name));
    rmdirSync(folder);
  } catch {
    // There is no such browser, or it has cleared away by itself.
  }
}
