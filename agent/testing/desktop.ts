/**
 * A person's desktop for tests: a HOME and session folder of its own with real dconf, on a real private session bus or
 * without one. Nothing of whoever runs the tests is read or written.
 */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realSystem } from '../src/system/real.ts';
import type { System } from '../src/system/system.ts';
import { privateBus } from './private-bus.ts';

export interface Desktop {
  readonly home: string;
  readonly system: System;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `dconf load /` of a text in the form of `dconf dump`. */
  load(keyfile: string): Promise<void>;
  /** The person's own keys as dconf prints them. */
  dump(): Promise<string>;
  /** Ends the bus and removes the folders. */
  close(): Promise<void>;
}

export interface DesktopOptions {
  /** Default true. Without one, programs bring a bus for the time they run. */
  readonly bus?: boolean;
  /** Added to the environment, e.g. XDG_DATA_DIRS. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What an administrator sets and locks: values in the form of `dconf dump`, and keys. */
  readonly administrator?: { readonly values: string; readonly locks: readonly string[] };
  /** Schema files that programs of this desktop bring, before the machine's own. */
  readonly schemas?: Readonly<Record<string, string>>;
}

export async function desktop({ bus = true, ...options }: DesktopOptions = {}): Promise<Desktop> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'carryover-desktop-')));
  const home = join(folder, 'home');
  const session = join(folder, 'session');
  mkdirSync(home);
  mkdirSync(session, { mode: 0o700 });
  const base = {
    PATH: process.env['PATH'],
    HOME: home,
    XDG_RUNTIME_DIR: session,
    LC_ALL: 'C.UTF-8',
    DCONF_PROFILE: profileIn(folder, options.administrator),
    ...(options.schemas === undefined ? {} : { XDG_DATA_DIRS: dataFolderIn(folder, options.schemas) }),
    ...options.env,
  };
  const own = bus ? await privateBus({ socket: join(session, 'bus'), env: base }) : undefined;
  const env = { ...base, DBUS_SESSION_BUS_ADDRESS: own?.address };
  const system = realSystem(env);
  return {
    home,
    system,
    env,
    async load(keyfile) {
      const [program, ...args] = bus ? ['dconf', 'load', '/'] : ['dbus-run-session', '--', 'dconf', 'load', '/'];
      const { exit, stderr } = await system.run(program ?? '', args, { stdin: keyfile });
      if (exit !== 0) throw new Error(stderr);
    },
    async dump() {
      await system.writeFile(`${system.stateFolder}/test-layer`, `file-db:${home}/.config/dconf/user\n`, 0o600);
      const env = { DCONF_PROFILE: `${system.stateFolder}/test-layer` };
      return (await system.run('dconf', ['dump', '/'], { env })).stdout;
    },
    async close() {
      await own?.[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A profile of the person's layer and, below it, the administrator's. Locks work in any layer that is not the first. */
function profileIn(folder: string, administrator: DesktopOptions['administrator']): string {
  const profile = join(folder, 'profile');
  if (administrator === undefined) {
    writeFileSync(profile, 'user-db:user\n');
    return profile;
  }
  mkdirSync(join(folder, 'corp.d', 'locks'), { recursive: true });
  writeFileSync(join(folder, 'corp.d', '00-corp'), administrator.values);
  writeFileSync(join(folder, 'corp.d', 'locks', '00-corp'), `${administrator.locks.join('\n')}\n`);
  execFileSync('dconf', ['compile', join(folder, 'corp'), join(folder, 'corp.d')]);
  // As root's umask leaves it, whatever that of the tests is.
  chmodSync(join(folder, 'corp'), 0o644);
  writeFileSync(profile, `user-db:user\nfile-db:${join(folder, 'corp')}\n`);
  return profile;
}

function dataFolderIn(folder: string, schemas: Readonly<Record<string, string>>): string {
  const place = join(folder, 'share', 'glib-2.0', 'schemas');
  mkdirSync(place, { recursive: true });
  for (const [name, xml] of Object.entries(schemas)) writeFileSync(join(place, name), xml);
  execFileSync('glib-compile-schemas', ['--strict', place]);
  // The bus finds dconf's service in the machine's own folder.
  return `${join(folder, 'share')}:/usr/share`;
}
