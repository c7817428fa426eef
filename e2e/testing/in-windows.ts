/**
 * Lets tests of this machine's runner run inside Windows: a file called x.windows.test.ts is loaded by node.exe on a new
 * Windows PC, and each of its tests counts here as one.
 *
 * Used as: node --import ./e2e/testing/in-windows.ts --test agent/src/x.windows.test.ts
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { WindowsResult } from './run-in-windows.ts';
import { aWindowsPc } from './windows-pc.ts';

registerHooks({
  load(url, context, next) {
    if (!url.endsWith('.windows.test.ts')) return next(url, context);
    const source = `
      import { testInWindows } from ${JSON.stringify(import.meta.url)};
      await testInWindows(${JSON.stringify(fileURLToPath(url))});`;
    return { format: 'module', source, shortCircuit: true };
  },
});

/** Runs the tests of `file` on a PC of their own, then says here how each of them ended. */
export async function testInWindows(file: string): Promise<void> {
  const { results, fault } = await resultsOf(file);
  for (const { names, state, error } of results) {
    test(names.join(' > '), { skip: state === 'skipped', todo: state === 'todo' }, () => {
      if (state === 'failed') throw asOfHere(error ?? 'It failed without a word');
    });
  }
  if (fault !== undefined) {
    test('the file is run to its end in Windows', () => {
      throw asOfHere(fault);
    });
  }
}

async function resultsOf(file: string): Promise<{ results: readonly WindowsResult[]; fault?: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-windows-results-'));
  const pc = await aWindowsPc({ name: 'PC-TESTS' });
  try {
    const lines = join(folder, 'results');
    const runner = join(import.meta.dirname, 'run-in-windows.ts');
    const ran = await pc.node(runner, [pc.path(file), pc.path(lines)]);
    const results: WindowsResult[] = (await readFile(lines, 'utf8').catch(() => ''))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    process.stdout.write(ran.stdout);
    const told = results.some(({ state }) => state === 'failed');
    // node:test says 1 when a test failed; anything else, and a 1 that no test explains, is the file's own fault.
    if (ran.exit === 0 || (ran.exit === 1 && told)) return { results };
    return { results, fault: `exit ${ran.exit}\n${ran.stderr}` };
  } finally {
    await pc.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The error's own text, with this machine's names of files, so that an editor finds them. */
function asOfHere(text: string): Error {
  const error = new Error(text.split('\n', 1)[0]);
  error.stack = text.replaceAll('file:///Z:/', 'file:///');
  return error;
}
