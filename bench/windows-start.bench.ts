/** How long carryover.exe takes until it answers, against a node.exe that does nothing, on the same Windows PC. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aWindowsPc } from '../e2e/testing/windows-pc.ts';
import { packageForWindows } from '../scripts/windows/package.ts';
import { WINDOWS } from '../scripts/windows-set-up.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';

export const benchmark: Benchmark = {
  name: 'windows-start',
  against: 'node.exe -e 0',
  unit: 's',
  promise: { atMost: 1.5 },
  async run() {
    const pc = await aWindowsPc({ name: 'PC-BENCH' });
    const folder = await mkdtemp(join(tmpdir(), 'carryover-bench-'));
    try {
      const { program } = await packageForWindows(folder, WINDOWS);
      const secondsOf = async (exe: string, args: readonly string[]) => {
        const startedAtMs = performance.now();
        await pc.must(exe, args);
        return (performance.now() - startedAtMs) / 1000;
      };
      return await interleave({
        runs: 21,
        ours: () => secondsOf(program, ['--version']),
        theirs: () => secondsOf(WINDOWS.node, ['-e', '0']),
      });
    } finally {
      await pc.remove();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
