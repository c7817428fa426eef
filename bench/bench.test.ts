/** The list of benchmarks is what lies in the folder, and a wrong name is told from a right one. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { keepsPromise } from './benchmark.ts';

const bench = (...args: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'bench.ts'), ...args], { encoding: 'utf8' });

test('every benchmark is listed by the name of its file', () => {
  const files = globSync('*.bench.ts', { cwd: import.meta.dirname }).map((file) => basename(file, '.bench.ts'));

  const { status, stdout } = bench('--list');

  assert.equal(status, 0);
  const listed = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  assert.deepEqual(listed.sort(), files.sort());
});

test('an unknown benchmark or option is refused by name', () => {
  assert.match(bench('no-such-thing').stderr, /no benchmark "no-such-thing"/);
  assert.equal(bench('no-such-thing').status, 1);
  assert.match(bench('--fast').stderr, /Unknown: --fast/);
});

test('a promise is kept up to and including its bound', () => {
  assert.ok(keepsPromise({ promise: { atMost: 1.5 } }, 1.5) && !keepsPromise({ promise: { atMost: 1.5 } }, 1.51));
  assert.ok(keepsPromise({ promise: { atLeast: 1 } }, 1) && !keepsPromise({ promise: { atLeast: 1 } }, 0.99));
  assert.ok(keepsPromise({}, 100));
});
