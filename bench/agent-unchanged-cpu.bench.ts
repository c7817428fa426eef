/** Processor time of a scheduled run on a device where nothing has changed, all children counted. */

import { withUnchangedRuns } from './agent-unchanged/unchanged-runs.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';

export const benchmark: Benchmark = {
  name: 'agent-unchanged-cpu',
  against: 'restic backup of the same settings',
  unit: 's',
  promise: { atMost: 1 },
  run: () =>
    withUnchangedRuns(({ ours, theirs }) =>
      interleave({
        runs: 15,
        ours: async () => (await ours()).cpuSeconds,
        theirs: async () => (await theirs()).cpuSeconds,
      }),
    ),
};
