/** What a benchmark is: something of ours, measured against a peer or a floor in the same run on the same machine. */

export interface Benchmark {
  /** The word on the command line, kebab-case; the file is called NAME.bench.ts and exports it as `benchmark`. */
  readonly name: string;
  /** What the measured thing is compared with, in a few words. */
  readonly against: string;
  /** Of the median, e.g. "s", "MiB", "uploads/s". */
  readonly unit: string;
  /** What we promise of the ratio. Absent where a figure is only shown. */
  readonly promise?: { readonly atMost: number } | { readonly atLeast: number };
  /** Errors: KnownError missingPart when a part is missing; any Error is shown and fails the bench run. */
  run(): Promise<Measured>;
}

export interface Measured {
  /** Ours divided by theirs: the median of the ratios of all pairs of runs. */
  readonly ratio: number;
  /** Ours, in the benchmark's unit. */
  readonly median: number;
  /** How many pairs were measured; warm-ups are not counted. */
  readonly runs: number;
}

/** False only when there is a promise and `ratio` breaks it. */
export function keepsPromise({ promise }: Pick<Benchmark, 'promise'>, ratio: number): boolean {
  if (promise === undefined) return true;
  return 'atMost' in promise ? ratio <= promise.atMost : ratio >= promise.atLeast;
}
