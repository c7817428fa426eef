import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowDownFor } from './slow-down.ts';

test('devices are asked to slow down long before requests are refused, and not while the service is quick', () => {
  const said = [0, 10, 999, 1000, 4999].map((delayMs) => slowDownFor(delayMs, 5000));

  assert.deepEqual(said, [undefined, undefined, undefined, 900, 900]);
});
