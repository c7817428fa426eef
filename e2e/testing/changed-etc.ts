/**
 * A device whose /etc is the machine's with some files of its own over it: programs run in a mount namespace, where an
 * administrator's commands may write, and nothing of the real /etc is changed.
 */

import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Device } from './device.ts';
import type { Ran } from './run-program.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** In the namespace: puts the files over /etc, runs the rest, and keeps what that left (a removed file is a character device there). */
const OVER_ETC = `memory=$1 kept=$2 exit=0; shift 2
mount -t tmpfs tmpfs "$memory" && mkdir "$memory/over" "$memory/work" && cp -r "$kept/." "$memory/over/" &&
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$memory/over,workdir=$memory/work" /etc || exit 99
"$@" || exit=$?
find "$memory/over" -type c -delete; rm -rf "$kept"/*; cp -r "$memory/over/." "$kept/"
exit $exit`;

export interface ChangedEtc {
  /** What lies over /etc, by its place below it. */
  readonly kept: string;
  /** The program that an entry for everyone names, as it can be started on every device of the test. */
  readonly launcher: string;
  /** The device with this /etc: `agent` and windows run on it. */
  on(device: Device): Device;
}

export async function changedEtc(folder: string): Promise<ChangedEtc> {
  const [kept, memory, launcher] = [join(folder, 'etc'), join(folder, 'memory'), join(folder, 'carryover')];
  await mkdir(kept);
  await mkdir(memory);
  const main = join(ROOT, 'agent', 'src', 'main.ts');
  await program(launcher, `exec '${process.execPath}' '${main}' "$@"`);
  const asRoot = process.getuid?.() === 0 ? '' : '--map-root-user';
  const inside = join(folder, 'with-etc');
  const script = join(folder, 'over-etc');
  await program(script, OVER_ETC);
  await program(inside, `exec unshare --mount ${asRoot} sh '${script}' '${memory}' '${kept}' "$@"`);
  return {
    kept,
    launcher,
    on: (device) => ({
      ...device,
      agentCommand: [inside, launcher],
      agent: (...args): Promise<Ran> =>
        device.run(inside, [launcher, ...args], { env: { CARRYOVER_LAUNCHER: launcher } }),
    }),
  };
}

async function program(path: string, line: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${line}\n`);
  await chmod(path, 0o755);
}
