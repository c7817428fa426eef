import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realSystem } from '../system/real.ts';
import { withLock } from './lock.ts';

const system = realSystem();
const lock = `${system.stateFolder}/lock`;

test('the holder is named by its number and by when it started', async () => {
  const text = await withLock(system, lock, { wait: false }, async () =>
    new TextDecoder().decode(await system.readFile(lock)),
  );

  const { pid, started } = JSON.parse(text);
  assert.deepEqual([pid, started], [process.pid, await system.processes?.startOf(process.pid)]);
  assert.match(started, /^\d{18}$/);
});

test('a lock left before a restart is stale, whoever has its process number now', async () => {
  const old = { token: 'old', pid: process.pid, started: '133000000000000000' };
  await system.writeFile(lock, JSON.stringify(old), 0o600);

  assert.equal(await withLock(system, lock, { wait: false }, async () => 'had it'), 'had it');
  assert.equal(await system.readFile(lock), undefined);
});

test('a lock whose holder runs is not taken', async () => {
  await withLock(system, lock, { wait: false }, async () => {
    await assert.rejects(
      withLock(system, lock, { wait: false }, async () => undefined),
      { inner: 'anotherRun' },
    );
  });
});
