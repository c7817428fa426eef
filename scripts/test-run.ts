/**
 * Runs test files, two at a time, tells what happens while it happens, and counts.
 *
 * Nothing passes quietly: a skipped test, a "todo", a file without tests and a file that ends badly all count as failed,
 * by name. Results are taken from "complete" events, which come at once; the ordered ones wait for slower files.
 */

import { relative } from 'node:path';
import { run } from 'node:test';
import { inspect } from 'node:util';

/** The machines that judge have two cores. */
const FILES_AT_ONCE = 2;

export interface TestRun {
  readonly passed: number;
  /** One line each: where and what. */
  readonly failures: readonly string[];
}

export interface TestRunOptions {
  readonly root: string;
  readonly files: readonly string[];
  /** Options of Node for every file, e.g. ["--import", "./web/testing/register.ts"]. */
  readonly nodeOptions?: readonly string[];
  /** Aborted when time is up or somebody pressed Ctrl-C; what runs then is named as failed. */
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

interface FileState {
  readonly startedAtMs: number;
  passed: number;
  failed: number;
  /** Tests that began and did not end yet. */
  readonly running: Set<string>;
}

/** Runs `files`. Errors: none; whatever goes wrong is a failure of the run. */
export async function runTests({ root, files, nodeOptions = [], signal, print }: TestRunOptions): Promise<TestRun> {
  const failures: string[] = [];
  const states = new Map<string, FileState>();
  let passed = 0;

  const fail = (file: string, text: string, error?: unknown) => {
    failures.push(`${file}: ${text}`);
    print(`✖ ${file}: ${text}${error === undefined ? '' : `\n${indented(described(error))}`}`);
  };
  const sayStillRunning = () => {
    for (const [file, state] of states) {
      fail(file, `stopped while running ${[...state.running].map((name) => `"${name}"`).join(', ') || 'the file'}`);
    }
  };
  signal.addEventListener('abort', sayStillRunning);

  const options = { files: [...files], execArgv: [...nodeOptions], concurrency: FILES_AT_ONCE, signal, cwd: root };
  for await (const event of run(options)) {
    if (event.type === 'test:stdout' || event.type === 'test:stderr') {
      print(event.data.message.trimEnd());
      continue;
    }
    if (signal.aborted) continue;
    if (event.type !== 'test:dequeue' && event.type !== 'test:complete') continue;

    const path = fileOf(event.data);
    const file = relative(root, path);
    const isFile = event.data.name === path;
    if (event.type === 'test:dequeue') {
      if (isFile) states.set(file, { startedAtMs: performance.now(), passed: 0, failed: 0, running: new Set() });
      else states.get(file)?.running.add(event.data.name);
      continue;
    }

    const state = states.get(file);
    if (state === undefined) continue;
    const { name, details, skip, todo } = event.data;
    const error = details.error;
    state.running.delete(name);
    if (isFile) {
      states.delete(file);
      const seconds = ((performance.now() - state.startedAtMs) / 1000).toFixed(1);
      if (error !== undefined && state.failed === 0) fail(file, 'the file ended badly (see its output)', error);
      else if (state.passed + state.failed === 0) fail(file, 'holds no test');
      else
        print(
          `${state.failed === 0 ? '✔' : '✖'} ${file}  ${state.passed} passed, ${state.failed} failed, ${seconds} s`,
        );
      continue;
    }
    // A group is not a test, and a test whose subtests failed is told by them.
    if (details.type === 'suite' && error === undefined) continue;
    if (failureType(error) === 'subtestsFailed') continue;

    if (error === undefined && skip === undefined && todo === undefined) {
      passed += 1;
      state.passed += 1;
      continue;
    }
    state.failed += 1;
    fail(file, skip !== undefined ? `skipped: ${name}` : todo !== undefined ? `left to do: ${name}` : name, error);
  }

  signal.removeEventListener('abort', sayStillRunning);
  if (files.length === 0) fail('tests', 'no test file was found');
  return { passed, failures };
}

/** A test may be defined in another file than the one that is run; the one that is run counts. */
function fileOf(data: {
  readonly name: string;
  readonly file?: string | undefined;
  readonly entryFile?: string;
}): string {
  return data.entryFile ?? data.file ?? data.name;
}

function failureType(error: unknown): unknown {
  return error instanceof Error && 'failureType' in error ? error.failureType : undefined;
}

/** The runner wraps what a test threw; people want what it threw. */
function described(error: unknown): string {
  const thrown = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 4 });
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
