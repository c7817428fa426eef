/** What the test run counts: everything that is not a pass has to be a failure with a name. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

interface Outcome {
  readonly passed: number;
  readonly failures: readonly string[];
  readonly printed: string;
}

/** Runs one test file with the given body as `./carryover test` would, in a process of its own; "stop now" ends the run. */
async function outcomeOf(t: TestContext, body: string): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-test-run-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'a.test.ts'), body);
  const source = `
    import { runTests } from ${JSON.stringify(import.meta.resolve('./test-run.ts'))};
    const printed = [];
    const files = [${JSON.stringify(join(folder, 'a.test.ts'))}];
    const stop = new AbortController();
    const print = (line) => { printed.push(line); if (line.includes('stop now')) stop.abort(); };
    const run = await runTests({ root: ${JSON.stringify(folder)}, files, signal: stop.signal, print });
    console.log(JSON.stringify({ ...run, printed: printed.join('\\n') }));`;
  // Node refuses a test run inside a test run unless this is unset.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  await writeFile(join(folder, 'run.mjs'), source);
  const done = spawnSync(process.execPath, [join(folder, 'run.mjs')], { encoding: 'utf8', env });
  assert.equal(done.status, 0, done.stderr);
  return JSON.parse(done.stdout);
}

const IMPORTS = `import { test, describe } from 'node:test'; import assert from 'node:assert/strict';\n`;

test('a passing test and a passing subtest are counted, a group is not', async (t) => {
  const body = `describe('group', () => { test('one', async (t) => { await t.test('two', () => {}); }); });`;

  const outcome = await outcomeOf(t, IMPORTS + body);

  assert.deepEqual([outcome.passed, outcome.failures], [2, []]);
});

test('a failing test is named once and its error is shown', async (t) => {
  const body = `test('outer', async (t) => { await t.test('inner', () => assert.equal(1, 2, 'one is not two')); });`;

  const outcome = await outcomeOf(t, IMPORTS + body);

  assert.deepEqual([outcome.passed, outcome.failures], [0, ['a.test.ts: inner']]);
  assert.match(outcome.printed, /one is not two/);
});

test('a skipped test and a test left to do are failures', async (t) => {
  const { passed, failures } = await outcomeOf(t, `${IMPORTS}test.skip('later', () => {}); test.todo('never');`);

  assert.deepEqual([passed, failures], [0, ['a.test.ts: skipped: later', 'a.test.ts: left to do: never']]);
});

test('a file without a test is a failure', async (t) => {
  const { passed, failures } = await outcomeOf(t, 'export {};');

  assert.deepEqual([passed, failures], [0, ['a.test.ts: holds no test']]);
});

test('a file that ends badly is a failure even when its tests passed, and its output is shown', async (t) => {
  const body = `test('fine', () => {}); process.on('exit', () => { console.error('went wrong'); process.exitCode = 7; });`;

  const outcome = await outcomeOf(t, IMPORTS + body);

  assert.deepEqual([outcome.passed, outcome.failures], [1, ['a.test.ts: the file ended badly (see its output)']]);
  assert.match(outcome.printed, /went wrong/);
});

test('a run that is stopped names the test that was running', async (t) => {
  // A later turn of the event loop: by then the test's own beginning is on the same pipe, before this line.
  const body = `test('waits for ever', async () => {
    setInterval(() => console.log('stop now'), 100);
    await new Promise(() => {});
  });`;

  const { failures } = await outcomeOf(t, IMPORTS + body);

  assert.deepEqual(failures, ['a.test.ts: stopped while running "waits for ever"']);
});
