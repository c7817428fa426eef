/**
 * The machine this runs on; a Windows by windows/windows-system.ts.
 *
 * Reads follow no link in the last segment; writes stay below HOME or Carryover's own folder, whatever links somebody
 * put in the way, and are on disk before they count as done; what is for everyone goes below /etc, by an administrator. Programs run without a shell, in a process group of their
 * own, and are gone when their run ends or this process exits. Reading waits: handing a look at a small file to another
 * thread takes longer than the look.
 *
 * Source: architecture.md, "where harm could come in"; Linux (the /proc/self/fd form of a path).
 */

import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { KnownError } from '@carryover/model/errors';
import { runProgram } from './run-program.ts';
import type { FileFacts, System } from './system.ts';
import { windowsSystem } from './windows/windows-system.ts';

// An import would also load everything that streams need, for a fifth of Node's own start; short runs only look.
const { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync, realpathSync, statSync } =
  process.getBuiltinModule('node:fs');
/** By the system: Node's own way asks for every folder of a path. */
const realPathOf = realpathSync.native;
const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Loaded with the first write: looking alone needs none of it. */
const writing = () => import('./own-files.ts');
const writingForEveryone = () => import('./everyone-files.ts');

/**
 * The machine as the person of `env` (default: the process's own environment) sees it.
 * Errors: notAllowed when HOME belongs to somebody else (programs of the desktop would leave files the person cannot
 * change); invalidRequest when HOME is not an absolute path.
 */
export function realSystem(
  env: Readonly<Record<string, string | undefined>> = process.env,
  systemFolder = '/etc',
): System {
  if (process.platform === 'win32') return windowsSystem(env);
  const home = homeOf(env);
  const stateFolder = `${absolute(env['XDG_STATE_HOME']) ?? `${home}/.local/state`}/carryover`;
  const account = accountOf(home);
  const runtimeFolder = runtimeFolderOf(env, account);
  const own = { ...env, HOME: home, XDG_RUNTIME_DIR: runtimeFolder };
  const roots = { home, stateFolder };
  return {
    home,
    stateFolder,
    systemFolder,
    runtimeFolder,
    isAccountHome: account.ownHome,
    env: isForeignBus(env['DBUS_SESSION_BUS_ADDRESS'], account) ? { ...own, DBUS_SESSION_BUS_ADDRESS: undefined } : own,
    run(program, args, options = {}) {
      return runProgram(program, args, { ...options, env: { ...this.env, ...options.env } });
    },
    facts: async (path) => factsOf(path),
    readFile: async (path) => readFile(path),
    realPath: async (path) => orAbsent(() => realPathOf(path)),
    list: async (path) => (orAbsent(() => readdirSync(path)) ?? []).toSorted(),
    writeFile: async (path, content, mode) => (await writing()).writeOwn(roots, path, content, mode),
    createFile: async (path, content, mode) => (await writing()).createOwn(roots, path, content, mode),
    appendLine: async (path, line) => (await writing()).appendOwn(roots, path, line),
    async removeFile(path) {
      if (factsOf(path) !== undefined) await (await writing()).removeOwn(roots, path);
    },
    async writeForEveryone(path, content) {
      await (await writingForEveryone()).writeForEveryone(systemFolder, path, content);
    },
    async removeForEveryone(path) {
      if (factsOf(path) !== undefined) await (await writingForEveryone()).removeForEveryone(systemFolder, path);
    },
    temporaryFolder: async () => (await import('./temporary-folder.ts')).temporaryFolder(runtimeFolder ?? stateFolder),
    async start(program, args) {
      return (await import('./start-program.ts')).startProgram(program, args, this.env);
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

interface Account {
  readonly sessionFolder: string;
  readonly ownHome: boolean;
}

/** The account's session folder, and whether `home` is the account's own home. */
function accountOf(home: string): Account {
  const sessionFolder = `/run/user/${process.getuid?.()}`;
  try {
    return { sessionFolder, ownHome: realPathOf(userInfo().homedir) === realPathOf(home) };
  } catch {
    return { sessionFolder, ownHome: false };
  }
}

function runtimeFolderOf(
  env: Readonly<Record<string, string | undefined>>,
  { sessionFolder, ownHome }: Account,
): string | undefined {
  const named = absolute(env['XDG_RUNTIME_DIR']) ?? sessionFolder;
  if (resolve(named) === sessionFolder && !ownHome) return undefined;
  // A folder of another user would be left with files that user cannot change.
  return statSync(named, { throwIfNoEntry: false })?.uid === process.getuid?.() ? named : undefined;
}

/** The account's session bus while HOME is another one: its services would write the account's settings. */
function isForeignBus(address: string | undefined, { sessionFolder, ownHome }: Account): boolean {
  return address !== undefined && !ownHome && address.includes(`${sessionFolder}/`);
}

function factsOf(path: string): FileFacts | undefined {
  const stat = orAbsent(() => lstatSync(path, { bigint: true }));
  if (stat === undefined) return undefined;
  return {
    kind: stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'link' : 'other',
    bytes: Number(stat.size),
    mode: Number(stat.mode & 0o7777n),
    owner: Number(stat.uid),
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
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
