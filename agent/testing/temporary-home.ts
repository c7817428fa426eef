/**
 * A real home folder for a test, gone at its end: files and programs are the machine's own, settings and apps are nobody's.
 */

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realSystem } from '../src/system/real.ts';
import type { System } from '../src/system/system.ts';

export type TemporaryHome = System & AsyncDisposable & { readonly root: string };

/** `env` is added to the environment of programs. System-wide Flatpak apps are those of an empty folder beside the home. */
export async function temporaryHome(env: Readonly<Record<string, string | undefined>> = {}): Promise<TemporaryHome> {
  const root = await mkdtemp(join(tmpdir(), 'carryover-home-'));
  const home = join(root, 'home');
  await mkdir(home, { mode: 0o700 });
  const system = realSystem({
    PATH: process.env['PATH'],
    LC_ALL: 'C.UTF-8',
    FLATPAK_SYSTEM_DIR: join(root, 'flatpak'),
    ...env,
    HOME: home,
  });
  return { ...system, root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}
