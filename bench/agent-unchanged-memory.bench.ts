/** Peak memory of a scheduled run on a device where nothing has changed, all children counted. */

import { withUnchangedRuns } from './agent-unchanged/unchanged-runs.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';

const MEBIBYTE = 1024 * 1024;

export const benchmark: Benchmark = {
  name: 'agent-unchanged-memory',
  against: 'restic backup of the same settings',
  unit: 'MiB',
  promise: { atMost: 1.5 },
  run: () =>
    withUnchangedRuns(({ ours, theirs }) =>
      interleave({
        runs: 15,
        ours: async () => (await ours()).peakBytes / MEBIBYTE,
        theirs: async () => (await theirs()).peakBytes / MEBIBYTE,
      }),
    ),
};
