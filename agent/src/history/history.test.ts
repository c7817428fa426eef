import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memorySystem } from '../../testing/memory-system.ts';
import { type HistoryEntry, readHistory, remember } from './history.ts';

const UNDO: HistoryEntry = { what: 'undo', at: '2026-11-25T10:00:00Z', back: 3, kept: 1 };
const RESTORE: HistoryEntry = {
  what: 'restore',
  at: '2026-11-25T11:00:00Z',
  from: 'old-pc',
  seq: 4,
  done: 90,
  notDone: 2,
};

test('what is remembered is read again, oldest first, one line each', async () => {
  const system = memorySystem();

  await remember(system, UNDO);
  await remember(system, RESTORE);

  assert.deepEqual(await readHistory(system), [UNDO, RESTORE]);
  assert.equal(system.text(`${system.stateFolder}/history.jsonl`)?.split('\n').length, 3);
});

test('a line that a power cut left half written does not swallow the next one', async () => {
  const system = memorySystem();
  await remember(system, UNDO);
  const path = `${system.stateFolder}/history.jsonl`;
  system.put(path, `${system.text(path)}${JSON.stringify(RESTORE).slice(0, 20)}`);

  await remember(system, RESTORE);

  assert.deepEqual(await readHistory(system), [UNDO, RESTORE]);
});
