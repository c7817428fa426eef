/**
 * The machine this runs on.
 *
 * Reads follow no link in the last segment; writes stay below HOME or Carryover's own folder, whatever links somebody
 * put in the way, and are on disk before they count as done. Programs run without a shell, in a process group of their
 * own, and are gone when their run ends or this process exits. Reading waits: handing a look at a small file to another
 * thread takes longer than the look.
 *
 * Source: architecture.md, "where harm could come in"; Linux (the /proc/self/fd form of a path).
 */

import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { link, mkdir, open, readlink, realpath, rename, unlink } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { KnownError } from '@carryover/model/errors';
import { runProgram } from './run-program.ts';
import type { FileFacts, System } from './system.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY, O_APPEND } = constants;

/**
 * The machine as the person of `env` (default: the process's own environment) sees it.
 * Errors: notAllowed when HOME belongs to somebody else (programs of the desktop would leave files the person cannot
 * change); invalidRequest when HOME is not an absolute path.
 */
export function realSystem(env: Readonly<Record<string, string | undefined>> = process.env): System {
  const home = homeOf(env);
  const stateFolder = `${absolute(env['XDG_STATE_HOME']) ?? `${home}/.local/state`}/carryover`;
  const runtimeFolder = runtimeFolderOf(env, home);
  const own = { ...env, HOME: home, XDG_RUNTIME_DIR: runtimeFolder };
  const roots: Roots = { home, stateFolder };
  return {
    home,
    stateFolder,
    runtimeFolder,
    env: isForeignBus(env['DBUS_SESSION_BUS_ADDRESS'], home) ? { ...own, DBUS_SESSION_BUS_ADDRESS: undefined } : own,
    run(program, args, options = {}) {
      return runProgram(program, args, { ...options, env: { ...this.env, ...options.env } });
    },
    facts: async (path) => factsOf(path),
    readFile: async (path) => readFile(path),
    realPath: async (path) => orAbsent(() => realpathSync(path)),
    list: async (path) => (orAbsent(() => readdirSync(path)) ?? []).toSorted(),
    writeFile: (path, content, mode) => inFolderOf(path, roots, (own) => replaceFile(own, content, mode)),
    createFile: (path, content, mode) => inFolderOf(path, roots, (own) => createFile(own, content, mode)),
    appendLine: (path, line) => inFolderOf(path, roots, ({ inside }) => appendLine(inside, line)),
    async removeFile(path) {
      if (factsOf(path) === undefined) return;
      await inFolderOf(path, roots, async ({ inside, sync }) => {
        await unlink(inside).catch(absent(undefined));
        await sync();
      });
    },
    now: () => Temporal.Now.instant(),
    monotonicMs: () => performance.now(),
  };
}

function homeOf(env: Readonly<Record<string, string | undefined>>): string {
  const home = absolute(env['HOME'])?.replace(/(?<=.)\/+$/, '');
  if (home === undefined || home === '/')
    throw new KnownError('invalidRequest', 'HOME is not set to a folder. Set it to your home folder.');
  const owner = statSync(home, { throwIfNoEntry: false })?.uid;
  if (owner !== undefined && owner !== process.getuid?.())
    throw new KnownError('notAllowed', `${home} belongs to another user. Run this as that user.`);
  return home;
}

function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined;
}

/** The account's session folder, and whether `home` is the account's own home. */
function account(home: string): { readonly sessionFolder: string; readonly ownHome: boolean } {
  const sessionFolder = `/run/user/${process.getuid?.()}`;
  try {
    return { sessionFolder, ownHome: realpathSync(userInfo().homedir) === realpathSync(home) };
  } catch {
    return { sessionFolder, ownHome: false };
  }
}

function runtimeFolderOf(env: Readonly<Record<string, string | undefined>>, home: string): string | undefined {
  const { sessionFolder, ownHome } = account(home);
  const named = absolute(env['XDG_RUNTIME_DIR']) ?? sessionFolder;
  if (resolve(named) === sessionFolder && !ownHome) return undefined;
  // A folder of another user would be left with files that user cannot change.
  return statSync(named, { throwIfNoEntry: false })?.uid === process.getuid?.() ? named : undefined;
}

/** The account's session bus while HOME is another one: its services would write the account's settings. */
function isForeignBus(address: string | undefined, home: string): boolean {
  const { sessionFolder, ownHome } = account(home);
  return address !== undefined && !ownHome && address.includes(`${sessionFolder}/`);
}

function factsOf(path: string): FileFacts | undefined {
  const stat = orAbsent(() => lstatSync(path, { bigint: true }));
  if (stat === undefined) return undefined;
  return {
    kind: stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'link' : 'other',
    bytes: Number(stat.size),
    mode: Number(stat.mode & 0o7777n),
    fingerprint: [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join('-'),
  };
}

function readFile(path: string): Uint8Array | undefined {
  // Without O_NONBLOCK a pipe lying there would be waited for.
  const file = orAbsent(() => openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  if (file === undefined) return undefined;
  try {
    if (!fstatSync(file).isFile()) throw Object.assign(new Error(`${path} is not a regular file.`), { code: 'EINVAL' });
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** What `read` gives, or undefined when there is nothing; every other error stays. */
function orAbsent<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    return absent(undefined)(error as NodeJS.ErrnoException);
  }
}

/** Turns "there is nothing" into `value`; every other error stays. */
function absent<Value>(value: Value): (error: NodeJS.ErrnoException) => Value {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return value;
    throw error;
  };
}

/** The two folders below which anything may be written. */
interface Roots {
  readonly home: string;
  readonly stateFolder: string;
}

/** A file by its open folder: what happens to the folders above it meanwhile no longer matters. */
interface OwnFile {
  /** Path of the file through the open folder. */
  readonly inside: string;
  /** Path of a new name in the same folder. */
  beside(name: string): string;
  /** Puts changes of the folder itself on disk. */
  sync(): Promise<void>;
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
  if (factsOf(folder)?.kind === 'link') throw outsideHome(folder);
  return nearestReal(dirname(folder));
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

function outsideHome(path: string): KnownError {
  return new KnownError('notAllowed', `${path} is not a place Carryover may write.`, { inner: 'outsideHome' });
}

async function replaceFile(own: OwnFile, content: Uint8Array | string, mode: number): Promise<void> {
  await throughTemporary(own, content, mode, (temporary) => rename(temporary, own.inside));
  await own.sync();
}

async function createFile(own: OwnFile, content: string, mode: number): Promise<boolean> {
  return throughTemporary(own, content, mode, async (temporary) => {
    try {
      await link(temporary, own.inside);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await unlink(temporary);
    }
  });
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

async function appendLine(path: string, line: string): Promise<void> {
  const file = await open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(`${line}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
