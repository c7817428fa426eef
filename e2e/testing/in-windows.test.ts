/** Tests that run inside Windows are counted one by one, and none of their faults gets lost on the way. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';

const ROOT = dirname(dirname(import.meta.dirname));

interface Outcome {
  readonly passed: number;
  readonly failures: readonly string[];
  readonly printed: string;
}

/** Runs files that run inside Windows as `./carryover test` would, in a process of its own. */
async function outcomeOf(t: TestContext, bodies: Readonly<Record<string, string>>): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-in-windows-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const files = Object.keys(bodies).map((name) => join(folder, `${name}.windows.test.ts`));
  for (const [name, body] of Object.entries(bodies)) {
    const imports = `import { describe, test } from 'node:test'; import assert from 'node:assert/strict';\n`;
    await writeFile(join(folder, `${name}.windows.test.ts`), imports + body);
  }
  const source = `
    import { runTests } from ${JSON.stringify(join(ROOT, 'scripts', 'test-run.ts'))};
    const printed = [];
    const run = await runTests({
      root: ${JSON.stringify(folder)},
      files: ${JSON.stringify(files)},
      nodeOptions: ['--import', ${JSON.stringify(join(import.meta.dirname, 'in-windows.ts'))}],
      signal: new AbortController().signal,
      print: (line) => printed.push(line),
    });
    console.log(JSON.stringify({ ...run, printed: printed.join('\\n') }));`;
  // Node refuses a test run inside a test run unless this is unset.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  await writeFile(join(folder, 'run.mjs'), source);
  const done = spawnSync(process.execPath, [join(folder, 'run.mjs')], { encoding: 'utf8', env });
  assert.equal(done.status, 0, done.stderr);
  return JSON.parse(done.stdout);
}

test('each test counts, with the names of its groups, and a failing one says what it threw', async (t) => {
  const body = `
    test('is Windows', (): void => assert.equal(process.platform, 'win32'));
    describe('group', () => {
      test('good', async (t) => { await t.test('below', () => {}); });
      test('bad', () => assert.equal(1, 2, 'one is not two'));
    });
    test.skip('later', () => {});`;

  const { passed, failures, printed } = await outcomeOf(t, { a: body });

  assert.equal(passed, 3);
  assert.deepEqual(failures, ['a.windows.test.ts: group > bad', 'a.windows.test.ts: skipped: later']);
  assert.match(printed, /one is not two/);
});

test('a file that ends before its tests do, cannot be loaded or holds no test fails by name', async (t) => {
  const { passed, failures, printed } = await outcomeOf(t, {
    ends: `test('ends', () => process.exit(7));`,
    broken: `import './no-such-file.ts';`,
    empty: 'console.log(1);',
  });

  assert.equal(passed, 0);
  const [broken, empty, ends] = failures.toSorted();
  assert.match(broken ?? '', /^broken\.windows\.test\.ts: /);
  assert.match(printed, /no-such-file/);
  assert.equal(empty, 'empty.windows.test.ts: holds no test');
  assert.equal(ends, 'ends.windows.test.ts: the file is run to its end in Windows');
  assert.match(printed, /exit 7/);
  assert.equal(failures.length, 3);
});
