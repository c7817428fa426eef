/**
 * Repeated, interleaved measuring: ours, theirs, theirs, ours, and so on.
 *
 * A machine that gets slower or faster meanwhile hits both of a pair alike, and a pair's own order alternates; so the
 * ratio of a pair is worth more than the figures themselves, and the median of the ratios is what is reported.
 */

import type { Measured } from './benchmark.ts';

export interface Interleaved {
  readonly runs: number;
  /** Returns one figure of ours; the unit is the benchmark's. */
  readonly ours: () => Promise<number>;
  readonly theirs: () => Promise<number>;
}

/** Measures `runs` pairs after one warm-up of each. */
export async function interleave({ runs, ours, theirs }: Interleaved): Promise<Measured> {
  await ours();
  await theirs();
  const pairs: { readonly our: number; readonly their: number }[] = [];
  for (let pair = 0; pair < runs; pair += 1) {
    if (pair % 2 === 0) {
      const our = await ours();
      pairs.push({ our, their: await theirs() });
    } else {
      const their = await theirs();
      pairs.push({ our: await ours(), their });
    }
  }
  return {
    ratio: median(pairs.map(({ our, their }) => our / their)),
    median: median(pairs.map(({ our }) => our)),
    runs,
  };
}

/** The middle of `values`, or the mean of the two in the middle. Errors: RangeError when there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new RangeError('There is no median of nothing');
  return (low + high) / 2;
}
