/**
 * Writing below the person's home and Carryover's own folder, and nowhere else, whatever links somebody put in the way.
 *
 * A file is there as a whole or not at all, and on disk before it counts as written. What a run that was killed in the
 * middle of a write left beside it is cleared away by the next write or removal in that folder.
 *
 * Source: architecture.md, "where harm could come in"; Linux (the /proc/self/fd form of a path).
 */

import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, readlink, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { KnownError } from '@carryover/model/errors';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY, O_APPEND } = constants;

/** The two folders below which anything may be written. */
export interface Roots {
  readonly home: string;
  readonly stateFolder: string;
}

/** A file by its open folder: what happens to the folders above it meanwhile no longer matters. */
interface OwnFile {
  /** Path of the file through the open folder. */
  readonly inside: string;
  /** Path of a new name in the same folder. */
  beside(name: string): string;
  /** Names in the same folder. */
  names(): Promise<string[]>;
  /** Puts changes of the folder itself on disk. */
  sync(): Promise<void>;
}

/** Replaces the file as a whole. Errors: notAllowed (outsideHome); the same for the three below. */
export async function writeOwn(roots: Roots, path: string, content: Uint8Array | string, mode: number): Promise<void> {
  await inFolderOf(path, roots, async (own) => {
    await throughTemporary(own, content, mode, (temporary) => rename(temporary, own.inside));
    await clearLeftovers(own);
    await own.sync();
  });
}

/** False when there is one already. */
export async function createOwn(roots: Roots, path: string, content: string, mode: number): Promise<boolean> {
  return inFolderOf(path, roots, (own) =>
    throughTemporary(own, content, mode, async (temporary) => {
      try {
        await link(temporary, own.inside);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      } finally {
        await unlink(temporary);
      }
    }),
  );
}

export async function appendOwn(roots: Roots, path: string, line: string): Promise<void> {
  await inFolderOf(path, roots, async ({ inside }) => {
    const file = await open(inside, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
    try {
      await file.writeFile(`${line}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

export async function removeOwn(roots: Roots, path: string): Promise<void> {
  await inFolderOf(path, roots, async (own) => {
    await unlink(own.inside).catch(absent(undefined));
    await clearLeftovers(own);
    await own.sync();
  });
}

async function inFolderOf<Result>(
  path: string,
  roots: Roots,
  work: (own: OwnFile) => Promise<Result>,
): Promise<Result> {
  // The state folder first: the person may have put it, or a folder above it, on another disk by a link.
  const root = [roots.stateFolder, roots.home].find((root) => path.startsWith(`${root}/`) && resolve(path) === path);
  if (root === undefined) throw outsideHome(path);
  const folder = dirname(path);
  if (root === roots.stateFolder) await mkdir(root, { recursive: true, mode: 0o700 });
  const realRoot = await realpath(root);
  // Before anything is made: the nearest folder that exists decides where new ones would go.
  if (!isBelow(await nearestReal(folder), realRoot)) throw outsideHome(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const handle = await open(folder, O_RDONLY | O_DIRECTORY);
  try {
    const opened = `/proc/self/fd/${handle.fd}`;
    if (!isBelow(await readlink(opened), realRoot)) throw outsideHome(path);
    return await work({
      inside: `${opened}/${basename(path)}`,
      beside: (name) => `${opened}/${name}`,
      names: () => readdir(opened),
      sync: () => handle.sync(),
    });
  } finally {
    await handle.close();
  }
}

async function nearestReal(folder: string): Promise<string> {
  const real = await realpath(folder).catch(absent(undefined));
  if (real !== undefined) return real;
  // A link that leads nowhere must not be mistaken for a folder yet to be made.
  if ((await lstat(folder).catch(absent(undefined)))?.isSymbolicLink()) throw outsideHome(folder);
  return nearestReal(dirname(folder));
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

function outsideHome(path: string): KnownError {
  return new KnownError('notAllowed', `${path} is not a place Carryover may write.`, { inner: 'outsideHome' });
}

/** Removes temporary files whose writer does not live any more. */
async function clearLeftovers(own: OwnFile): Promise<void> {
  for (const name of await own.names()) {
    const [, writer] = TEMPORARY.exec(name) ?? [];
    if (writer !== undefined && !isAlive(Number(writer))) await unlink(own.beside(name)).catch(absent(undefined));
  }
}

/** `.carryover-<process id>-<moment>`: see throughTemporary. */
const TEMPORARY = /^\.carryover-(\d+)-\d+$/;

/** Whether a process of this number lives, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Writes a new file beside and hands it to `place`; it is gone when that fails. */
async function throughTemporary<Result>(
  { beside }: OwnFile,
  content: Uint8Array | string,
  mode: number,
  place: (temporary: string) => Promise<Result>,
): Promise<Result> {
  const temporary = beside(`.carryover-${process.pid}-${process.hrtime.bigint()}`);
  try {
    const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      await file.writeFile(content);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    return await place(temporary);
  } catch (error) {
    await unlink(temporary).catch(absent(undefined));
    throw error;
  }
}

/** Turns "there is nothing" into `value`; every other error stays. */
function absent<Value>(value: Value): (error: NodeJS.ErrnoException) => Value {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return value;
    throw error;
  };
}
