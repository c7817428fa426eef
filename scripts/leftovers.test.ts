/** A process that a test forgot is found, however far it went from its parent. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { processesLeft, RUN_MARK } from './leftovers.ts';

test('a process whose parent is gone, in a session of its own, is found by its mark', async (t) => {
  const mark = `leftovers-test-${process.pid}`;
  const parent = spawn('setsid', ['sh', '-c', 'sleep 600 >/dev/null 2>&1 & echo $!'], {
    env: { ...process.env, [RUN_MARK]: mark },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Its parent carries the mark, too, and counts for as long as it lives.
  const [[line]] = await Promise.all([once(createInterface(parent.stdout), 'line'), once(parent, 'exit')]);
  t.after(() => process.kill(Number(line), 'SIGKILL'));

  const left = await processesLeft(mark, 0);

  assert.deepEqual(
    left.map(({ pid }) => pid),
    [Number(line)],
  );
});

test('nothing is found once all processes ended', async () => {
  const mark = `leftovers-test-done-${process.pid}`;
  spawnSync('true', { env: { ...process.env, [RUN_MARK]: mark } });

  assert.deepEqual(await processesLeft(mark, 0), []);
});
