/**
 * Writing below the person's profile and Carryover's own folder on Windows, and nowhere else, whatever junctions somebody
 * put in the way.
 *
 * A file is there as a whole or not at all, and its content on disk before it counts as written. Windows has no modes
 * (access lists of the profile already keep others out), no way to work inside an open folder, and puts a folder's own
 * changes on disk by itself: where a folder really is, is asked before and after folders are made.
 *
 * Paths have slashes, as everywhere in the agent.
 */

import { link, lstat, mkdir, open, readdir, realpath, rename, unlink } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { KnownError } from '@carryover/model/errors';
import { isAlive, type Roots } from '../own-files.ts';

/** Replaces the file as a whole. Errors: notAllowed (outsideHome); the same for the three below. */
export async function writeOwn(roots: Roots, path: string, content: Uint8Array | string): Promise<void> {
  const folder = await folderOf(path, roots);
  await throughTemporary(folder, content, (temporary) => patiently(() => rename(temporary, path)));
  await clearLeftovers(folder);
}

/** False when there is one already. */
export async function createOwn(roots: Roots, path: string, content: string): Promise<boolean> {
  const folder = await folderOf(path, roots);
  return throughTemporary(folder, content, async (temporary) => {
    try {
      await link(temporary, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await patiently(() => unlink(temporary));
    }
  });
}

export async function appendOwn(roots: Roots, path: string, line: string): Promise<void> {
  await folderOf(path, roots);
  if ((await lstat(path).catch(absent))?.isSymbolicLink()) throw outsideHome(path);
  const file = await open(path, 'a');
  try {
    await file.writeFile(`${line}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function removeOwn(roots: Roots, path: string): Promise<void> {
  const folder = await folderOf(path, roots);
  await patiently(() => unlink(path).catch(absent));
  await clearLeftovers(folder);
}

/** The folder of a file that may be written, made if need be. */
async function folderOf(path: string, { home, stateFolder }: Roots): Promise<string> {
  const root = [stateFolder, home].find((root) => isBelow(path, root));
  if (root === undefined || !isPlain(path)) throw outsideHome(path);
  if (root === stateFolder) await mkdir(root, { recursive: true });
  const folder = path.slice(0, path.lastIndexOf('/'));
  const realRoot = await real(root);
  if (!isBelowOrSame(await nearestReal(folder), realRoot)) throw outsideHome(path);
  await mkdir(folder, { recursive: true });
  if (!isBelowOrSame(await real(folder), realRoot)) throw outsideHome(path);
  return folder;
}

/** No climbing, no streams ("file:stream"), no other way to write a name that Windows would understand as another one. */
function isPlain(path: string): boolean {
  const [drive = '', ...names] = path.split('/');
  return /^[A-Za-z]:$/.test(drive) && names.every((name) => PLAIN_NAME.test(name));
}

/** Windows drops dots and spaces at the end of a name, and takes no sign of these. */
const PLAIN_NAME = /^[^\\/:*?"<>|\p{Cc}]*[^\\/:*?"<>|\p{Cc}. ]$/u;

async function nearestReal(folder: string): Promise<string> {
  const found = await real(folder).catch(absent);
  if (found !== undefined) return found;
  // A link that leads nowhere must not be mistaken for a folder yet to be made.
  if ((await lstat(folder).catch(absent))?.isSymbolicLink()) throw outsideHome(folder);
  return nearestReal(folder.slice(0, folder.lastIndexOf('/')));
}

async function real(path: string): Promise<string> {
  return (await realpath(path)).replaceAll('\\', '/');
}

function isBelow(path: string, root: string): boolean {
  return path.toLowerCase().startsWith(`${root.toLowerCase()}/`);
}

function isBelowOrSame(path: string, root: string): boolean {
  return path.toLowerCase() === root.toLowerCase() || isBelow(path, root);
}

function outsideHome(path: string): KnownError {
  return new KnownError('notAllowed', `${path} is not a place Carryover may write.`, { inner: 'outsideHome' });
}

const TEMPORARY = /^\.carryover-(\d+)-\d+$/;

/** Removes temporary files whose writer does not live any more. */
async function clearLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, writer] = TEMPORARY.exec(name) ?? [];
    if (writer !== undefined && !isAlive(Number(writer))) await unlink(`${folder}/${name}`).catch(absent);
  }
}

async function throughTemporary<Result>(
  folder: string,
  content: Uint8Array | string,
  place: (temporary: string) => Promise<Result>,
): Promise<Result> {
  const temporary = `${folder}/.carryover-${process.pid}-${process.hrtime.bigint()}`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    return await place(temporary);
  } catch (error) {
    await unlink(temporary).catch(absent);
    throw error;
  }
}

/** Between two tries, in milliseconds, and how often: a virus scanner lets go of a new file within a second. */
const PAUSE_MS = 50;
const TRIES = 40;

/** Windows refuses what touches a file that another program has open at this moment. */
async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (tries === TRIES || (code !== 'EPERM' && code !== 'EACCES' && code !== 'EBUSY')) throw error;
      await wait(PAUSE_MS);
    }
  }
}

/** Turns "there is nothing" into undefined; every other error stays. */
function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
