/**
 * Wine for one PC: a C: drive of its own, a computer name of its own, and one server that ends with the test.
 *
 * A PC is copied from the one that the set-up prepared. Programs and libraries of Windows are symbolic links, because
 * nobody changes them; whatever a program may write is the PC's own.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { KnownError } from '../../model/src/errors.ts';
import { RUN_MARK } from '../../scripts/leftovers.ts';
import { WINDOWS } from '../../scripts/windows-set-up.ts';

/** Marks all processes of a PC, so that none is forgotten. */
export const PC_MARK = 'CARRYOVER_TEST_PC';

/** A path of this machine as a program in Wine names it: Z: is the whole file system. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`;
}

/** As locales are named here: "de_DE". Another than English, and Windows itself speaks it: see `localesOf`. */
export type WindowsLanguage = 'en_US' | 'de_DE';

/** The environment of Wine's own programs for the PC in `folder`, made from nothing; the tester's own settings have no say. */
export function wineEnvironment(folder: string, language: WindowsLanguage = 'en_US'): Record<string, string> {
  const mark = process.env[RUN_MARK];
  return {
    ...(mark === undefined ? {} : { [RUN_MARK]: mark }),
    [PC_MARK]: folder,
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: join(folder, 'home'),
    USER: userInfo().username,
    ...(language === 'en_US' ? { LC_ALL: 'C.UTF-8' } : { LC_ALL: `${language}.UTF-8`, LOCPATH: localesOf(folder) }),
    // No TMPDIR: it breaks Debian's wineserver.
    XDG_RUNTIME_DIR: join(folder, 'tmp'),
    WINEPREFIX: join(folder, 'pc'),
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    // Neither .NET nor Internet Explorer are asked for.
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
    NODE_COMPILE_CACHE: windowsPath(WINDOWS.compileCache),
    // Where require() finds libraries for Windows that npm leaves out on this machine.
    NODE_PATH: windowsPath(WINDOWS.modules),
  };
}

/**
 * Where this machine's libraries find the languages of the PC in `folder`.
 *
 * At the start of every program Wine compares the regional format's LocaleName with the language of the program's
 * environment, and where they differ it writes the whole format anew. So a format stays only on a PC whose programs are
 * started in its language, and that needs a locale of that name, whatever is in it: it is made of the one that every
 * Debian has.
 */
function localesOf(folder: string): string {
  return join(folder, 'locales');
}

const LOCALE_OF_DEBIAN = '/usr/lib/locale/C.utf8';

async function makeLocales(folder: string): Promise<void> {
  await mkdir(localesOf(folder));
  await symlink(LOCALE_OF_DEBIAN, join(localesOf(folder), 'de_DE.utf8'));
}

/** What programs write into, below C:\windows; everything else there is only read. */
const OWN_OF_WINDOWS = ['temp', 'tasks', 'logs', 'win.ini', 'system.ini'];
const OWN_OF_SYSTEM32 = ['tasks', 'spool'];

/** Copies the prepared PC into `folder`. */
export async function copyPc(folder: string): Promise<void> {
  const [from, to] = [WINDOWS.template, join(folder, 'pc')];
  const [fromWindows, toWindows] = [join(from, 'drive_c', 'windows'), join(to, 'drive_c', 'windows')];
  for (const name of ['home', 'tmp']) await mkdir(join(folder, name));
  await makeLocales(folder);
  await cp(from, to, {
    recursive: true,
    preserveTimestamps: true,
    verbatimSymlinks: true,
    filter: (path) => path !== fromWindows,
  });
  await linkAll(fromWindows, toWindows, ['system32', ...OWN_OF_WINDOWS]);
  await linkAll(join(fromWindows, 'system32'), join(toWindows, 'system32'), OWN_OF_SYSTEM32);
  for (const name of OWN_OF_WINDOWS) await cp(join(fromWindows, name), join(toWindows, name), { recursive: true });
  for (const name of OWN_OF_SYSTEM32) {
    await cp(join(fromWindows, 'system32', name), join(toWindows, 'system32', name), { recursive: true });
  }
}

async function linkAll(from: string, to: string, except: readonly string[]): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = (await readdir(from)).filter((name) => !except.includes(name));
  await Promise.all(names.map((name) => symlink(join(from, name), join(to, name))));
}

/**
 * What starts a program on a computer called `name`: a namespace of its own in which only that name differs.
 *
 * Root may make one; anybody else needs a kernel that lets people make user namespaces.
 */
export function onComputer(name: string): readonly string[] {
  const asPerson = process.getuid?.() === 0 ? [] : ['--user', '--map-current-user', '--keep-caps'];
  return ['unshare', ...asPerson, '--uts', 'sh', '-c', 'hostname "$1" && shift && exec "$@"', 'computer', name];
}

/**
 * Starts the server, says so, waits until its own standard input ends (which the kernel does when the test process
 * dies), ends the server and with it all programs of the PC, and removes the folder.
 */
const SERVE = `
server=$1 folder=$2
"$server" -p >/dev/null 2>&1 3>&- </dev/null || exit
echo ready >&3; exec 3>&- 2>/dev/null
while read -r line; do :; done
"$server" -k
# Debian's server leaves the folder of its socket in /tmp.
socket=$(cat "$folder/pc/wineserver")
case $socket in wine-*) rm -rf "/tmp/$socket" ;; esac
rm -rf "$folder"
`;

export interface WineServer {
  /** Ends all programs of the PC and removes its folder. Safe to call twice. */
  stop(): Promise<void>;
}

/** Errors: KnownError missingPart when this machine gives nobody another computer name; Error when the server does not start. */
export async function startWineServer(folder: string, name: string): Promise<WineServer> {
  const [command = '', ...args] = [...onComputer(name), 'sh', '-c', SERVE, 'serve', WINDOWS.wineserver, folder];
  const child = spawn(command, args, {
    detached: true,
    env: wineEnvironment(folder),
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const [input, , errors, ready] = child.stdio;
  if (!(input instanceof Writable && errors instanceof Readable && ready instanceof Readable)) {
    throw new Error('The server has no pipes to report on');
  }
  const [said, why] = await Promise.all([text(ready), text(errors)]);
  if (said !== 'ready\n') {
    if (!/unshare|hostname/.test(why)) throw new Error(`Wine's server did not start: ${why}`);
    throw new KnownError(
      'missingPart',
      `A Windows PC for tests needs root or user namespaces (unshare): ${why.trim()}`,
    );
  }
  child.unref();
  return {
    async stop() {
      child.ref();
      input.end();
      await ended;
    },
  };
}
