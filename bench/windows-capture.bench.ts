/**
 * Reading every setting of a Windows PC but files, against koffi alone reading the same keys and node reading the same noted
 * answers of Windows: what the catalog, its rules and the raw values cost on top of the registry itself.
 *
 * Both run in turns inside one node.exe on a PC of its own, after a warm-up of each.
 */

import { join } from 'node:path';
import { aWindowsPc } from '../e2e/testing/windows-pc.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './interleave.ts';
import type { Runs } from './windows-capture/capture.ts';

const RUNS = 31;

export const benchmark: Benchmark = {
  name: 'windows-capture',
  against: 'koffi alone reading the same keys',
  unit: 'ms',
  promise: { atMost: 3 },
  async run() {
    const pc = await aWindowsPc({ name: 'PC-BENCH' });
    try {
      const { exit, stdout, stderr } = await pc.node(join(import.meta.dirname, 'windows-capture', 'capture.ts'), [
        String(RUNS),
      ]);
      if (exit !== 0) throw new Error(`The reading in Windows ended with ${exit}: ${stderr}`);
      const { oursMs, bareMs } = JSON.parse(stdout) as Runs;
      const ratios = oursMs.map((ms, index) => ms / (bareMs[index] ?? Number.NaN));
      return { ratio: median(ratios), median: median(oursMs), runs: ratios.length };
    } finally {
      await pc.remove();
    }
  },
};
