/**
 * Runs inside Windows, by node.exe: the tests of one file, each result a line of JSON in another file.
 *
 * Usage: node.exe run-in-windows.ts FILE RESULTS
 */

import { appendFileSync } from 'node:fs';
import { run } from 'node:test';
import { inspect } from 'node:util';

/** A test that ended, as a line of the results. */
export interface WindowsResult {
  /** Names from the outermost group to the test. */
  readonly names: readonly string[];
  readonly state: 'passed' | 'failed' | 'skipped' | 'todo';
  /** What it threw, for people. */
  readonly error?: string;
}

const [file, results] = process.argv.slice(2);
if (file !== undefined && results !== undefined) await runFile(file, results);

async function runFile(file: string, results: string): Promise<void> {
  const names: string[] = [];
  // In this process: a second node.exe would cost another third of a second.
  for await (const event of run({ files: [file], isolation: 'none' })) {
    if (event.type === 'test:start') names.splice(event.data.nesting, Infinity, event.data.name);
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { nesting, name, details, skip, todo } = event.data;
    const error = event.type === 'test:fail' ? event.data.details.error : undefined;
    // A file without tests is told as a test of its own name.
    if (name === file && error === undefined) continue;
    // A group is not a test, and a test whose subtests failed is told by them.
    if (details.type === 'suite' && error === undefined) continue;
    if (error !== undefined && 'failureType' in error && error.failureType === 'subtestsFailed') continue;
    const state =
      skip !== undefined ? 'skipped' : todo !== undefined ? 'todo' : error === undefined ? 'passed' : 'failed';
    const line: WindowsResult = {
      names: [...names.slice(0, nesting), name],
      state,
      ...(error === undefined ? {} : { error: inspect(error.cause ?? error, { depth: 4 }) }),
    };
    appendFileSync(results, `${JSON.stringify(line)}\n`);
  }
}
