/**
 * `./carryover test [WORD…] [--all]`: sets up what tests need, runs them, and ends with "N passed, N failed".
 *
 * WORDs choose files by name. --all adds the checks (lint, types, dead code, catalog, commits) and the long stories: it
 * is what decides whether a change is good. All tests share one PostgreSQL and one temporary folder; a process or a file
 * that is left there is a failure, and so is running longer than the limit.
 */

import { spawnSync } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { KnownError } from '../model/src/errors.ts';
import { type Postgres, startPostgres } from '../server/testing/postgres.ts';
import { ensurePackages } from './debian-packages.ts';
import { endLeftovers, processesLeft, RUN_MARK } from './leftovers.ts';
import { runTests } from './test-run.ts';
import { ensureWindows } from './windows-set-up.ts';

const ROOT = dirname(import.meta.dirname);

const LIMIT_MINUTES = { daily: 25, all: 75 };

/** The longest first, so that two cores end at about the same time. */
const STORIES = ['e2e/*.test.ts', 'e2e/testing/**/*.test.ts'];
const LONG_STORIES = ['e2e/long/*.test.ts'];
const UNITS = ['{server,agent,model,scripts,bench}/**/*.test.ts', 'architecture.test.ts'];

/** Tests of components run by themselves: they replace fetch and others by a browser's. */
const COMPONENTS = ['web/**/*.test.{ts,tsx}'];
const COMPONENT_OPTIONS = ['--import', './web/testing/register.ts'];

/** Tests that run inside Windows, on a PC of their own. */
const IN_WINDOWS = ['{agent,model,e2e}/**/*.windows.test.ts'];
const IN_WINDOWS_OPTIONS = ['--import', './e2e/testing/in-windows.ts'];

const CHECKS = ['lint', 'types', 'dead', 'catalog', 'commits'];

const args = process.argv.slice(2);
const all = args.includes('--all');
const words = args.filter((arg) => !arg.startsWith('--'));
const unknown = args.filter((arg) => arg.startsWith('--') && arg !== '--all');

const print = (line: string) => console.log(line);
const failures: string[] = [];
const fail = (text: string) => {
  failures.push(text);
  print(`✖ ${text}`);
};
let passed = 0;

const startedAtMs = performance.now();
const limitMinutes = all ? LIMIT_MINUTES.all : LIMIT_MINUTES.daily;
const stop = new AbortController();
const timer = setTimeout(() => {
  fail(`the run took longer than ${limitMinutes} minutes`);
  stop.abort();
}, limitMinutes * 60_000);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    fail(`the run was ended by ${signal}`);
    stop.abort();
  });
}

const mark = `${process.pid}.${Date.now()}`;
const folder = mkdtempSync(join(tmpdir(), 'carryover-test-'));
// Tests start programs as other users, who must be able to pass through.
chmodSync(folder, 0o755);
let postgres: Postgres | undefined;
try {
  if (unknown.length > 0) throw new KnownError('invalidRequest', `Unknown option ${unknown.join(' ')}. Known: --all`);
  await ensurePackages('test');
  await ensureWindows();
  buildPages();
  if (all && words.length === 0) CHECKS.forEach(check);
  postgres = await startPostgres();
  // Set after that, so that everything in the folder and under the mark is the tests' own.
  Object.assign(process.env, { TMPDIR: folder, TEST_POSTGRES_URL: postgres.url, [RUN_MARK]: mark });
  await runAll();
  await postgres.stop();
  await nothingLeft();
} catch (error) {
  fail(error instanceof KnownError ? error.message : `the run broke: ${error instanceof Error ? error.stack : error}`);
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
  clearTimeout(timer);
}

const minutes = ((performance.now() - startedAtMs) / 60_000).toFixed(1);
if (failures.length > 0) print(`\nFailed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
print(`\n${minutes} of at most ${limitMinutes} minutes`);
print(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Runs one of package.json's checks; each counts as one test. */
function check(name: string): void {
  if (stop.signal.aborted) return;
  const done = spawnSync('npm', ['run', '--silent', name], { cwd: ROOT, encoding: 'utf8' });
  if (done.status === 0) {
    passed += 1;
    print(`✔ check: ${name}`);
    return;
  }
  print(`${done.stdout}${done.stderr}`.trimEnd());
  fail(`check: ${name}${done.error === undefined ? '' : `: ${done.error.message}`}`);
}

/** Stories show the pages; they are built when their sources changed. */
function buildPages(): void {
  const { status } = spawnSync(process.execPath, ['web/build.ts', '--if-changed'], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new KnownError('missingPart', 'The pages could not be built (see above).');
}

/** Runs the files that the words choose; a word that chooses none is a failure. */
async function runAll(): Promise<void> {
  const components = filesOf(COMPONENTS);
  const inWindows = filesOf(IN_WINDOWS);
  const others = filesOf([...(all ? LONG_STORIES : []), ...STORIES, ...UNITS]).filter(
    (file) => !inWindows.includes(file),
  );
  const runs = [
    { files: components, nodeOptions: COMPONENT_OPTIONS },
    { files: inWindows, nodeOptions: IN_WINDOWS_OPTIONS },
    { files: others, nodeOptions: [] },
  ];
  const chosen =
    components.length + inWindows.length + others.length === 0
      ? runs.slice(-1)
      : runs.filter(({ files }) => files.length > 0);
  for (const { files, nodeOptions } of chosen) {
    if (stop.signal.aborted) return;
    const result = await runTests({ root: ROOT, files, nodeOptions, signal: stop.signal, print });
    passed += result.passed;
    failures.push(...result.failures);
  }
}

function filesOf(patterns: readonly string[]): string[] {
  return patterns
    .flatMap((pattern) => globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**'] }).sort())
    .filter((file) => words.length === 0 || words.some((word) => basename(file).includes(word)))
    .map((file) => join(ROOT, file));
}

/** Names every process and file that outlived its test; the processes are ended, they are this run's own. */
async function nothingLeft(): Promise<void> {
  const left = await processesLeft(mark);
  for (const { pid, command } of left) fail(`a test left a process behind: ${command} (${pid})`);
  await endLeftovers(left);
  for (const name of readdirSync(folder)) fail(`a test left a file behind: ${name}`);
}
