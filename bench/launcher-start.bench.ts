/** How long the launcher and the command line take until they answer, against a Node that does nothing. */

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';

const LAUNCHER = join(dirname(import.meta.dirname), 'carryover');

export const benchmark: Benchmark = {
  name: 'launcher-start',
  against: 'node -e 0',
  unit: 's',
  run: () =>
    interleave({
      runs: 21,
      ours: async () => secondsOf(LAUNCHER, ['--version']),
      theirs: async () => secondsOf(process.execPath, ['-e', '0']),
    }),
};

function secondsOf(command: string, args: readonly string[]): number {
  const startedAtMs = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return (performance.now() - startedAtMs) / 1000;
}
