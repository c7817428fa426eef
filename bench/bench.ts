/**
 * `./carryover bench [NAME…] [--list] [--json] [--docs]`: measures and prints a table.
 *
 * --json prints one line with an array instead; --docs also writes docs/performance.md. Only ratios are promised: the
 * figures are of this machine and this moment. A broken promise or a failed benchmark makes the exit code 1.
 */

import { globSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KnownError } from '../model/src/errors.ts';
import { ensurePackages } from '../scripts/debian-packages.ts';
import { type Benchmark, keepsPromise, type Measured } from './benchmark.ts';

const ROOT = dirname(import.meta.dirname);

interface Row extends Measured {
  readonly benchmark: Benchmark;
}

const OPTIONS = ['--list', '--json', '--docs'];
const args = process.argv.slice(2);
const options = new Set(args.filter((arg) => arg.startsWith('--')));
const names = args.filter((arg) => !arg.startsWith('--'));

try {
  const all = await benchmarks();
  const chosen = names.length === 0 ? all : names.map((name) => named(all, name));
  const unknown = [...options].filter((option) => !OPTIONS.includes(option));
  if (unknown.length > 0)
    throw new KnownError('invalidRequest', `Unknown: ${unknown.join(' ')}. Known: ${OPTIONS.join(' ')}`);
  if (options.has('--list')) {
    for (const { name, against } of all) console.log(`${name}  against ${against}`);
  } else {
    await measure(chosen);
  }
} catch (error) {
  if (!(error instanceof KnownError)) throw error;
  console.error(`carryover bench: ${error.message}`);
  process.exitCode = 1;
}

/** One after the other: two at once would measure each other. One that fails is named and does not cost the others. */
async function measure(chosen: readonly Benchmark[]): Promise<void> {
  await ensurePackages('bench');
  const rows: Row[] = [];
  for (const benchmark of chosen) {
    console.error(`measuring ${benchmark.name} …`);
    try {
      rows.push({ benchmark, ...(await benchmark.run()) });
    } catch (error) {
      console.error(`${benchmark.name} failed: ${error instanceof Error ? error.stack : error}`);
      process.exitCode = 1;
    }
  }
  if (options.has('--json')) console.log(JSON.stringify(rows.map(toJson)));
  else console.log(table(rows).map(padded).join('\n'));
  if (options.has('--docs')) writeFileSync(join(ROOT, 'docs', 'performance.md'), page(rows));
  const broken = rows.filter(({ benchmark, ratio }) => !keepsPromise(benchmark, ratio));
  for (const { benchmark, ratio } of broken) console.error(`${benchmark.name}: ${ratio.toFixed(2)} breaks its promise`);
  if (broken.length > 0) process.exitCode = 1;
}

/** Every bench/NAME.bench.ts exports one as `benchmark`. */
async function benchmarks(): Promise<Benchmark[]> {
  const files = globSync('*.bench.ts', { cwd: import.meta.dirname }).sort();
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(join(import.meta.dirname, file)).href)));
  return modules.map(({ benchmark }) => benchmark);
}

function named(all: readonly Benchmark[], name: string): Benchmark {
  const found = all.find((benchmark) => benchmark.name === name);
  if (found === undefined) throw new KnownError('invalidRequest', `There is no benchmark "${name}". See --list.`);
  return found;
}

function toJson({ benchmark: { name, against, unit }, ratio, median, runs }: Row) {
  return { name, ratio, against, median, unit, runs };
}

function table(rows: readonly Row[]): string[][] {
  const head = ['benchmark', 'ratio', 'promise', 'against', 'median', 'runs'];
  return [
    head,
    ...rows.map(({ benchmark, ratio, median, runs }) => [
      benchmark.name,
      ratio.toFixed(2),
      promiseOf(benchmark),
      benchmark.against,
      `${Number(median.toPrecision(3))} ${benchmark.unit}`,
      String(runs),
    ]),
  ];
}

function promiseOf({ promise }: Benchmark): string {
  if (promise === undefined) return 'shown only';
  return 'atMost' in promise ? `at most ${promise.atMost}` : `at least ${promise.atLeast}`;
}

function padded(cells: readonly string[], _row: number, all: readonly string[][]): string {
  const width = (column: number) => Math.max(...all.map((row) => row[column]?.length ?? 0));
  return cells
    .map((cell, column) => cell.padEnd(width(column)))
    .join('  ')
    .trimEnd();
}

function page(rows: readonly Row[]): string {
  const [head = [], ...body] = table(rows);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return `# Performance

Written by \`./carryover bench --docs\`; change the benchmarks in \`bench/\`, not this page.

Each row is ours against a peer or a floor, in pairs of runs of the same minutes on the same machine: *ratio* is the median
of the pairs' ratios (ours divided by theirs), *median* is ours. Only the ratios say something about another machine.

${line(head)}
${line(head.map(() => '---'))}
${body.map(line).join('\n')}

Measured with Node ${process.versions.node} on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}).
`;
}
