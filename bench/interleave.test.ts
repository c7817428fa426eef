/** The arithmetic that every figure of ours goes through. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interleave, median } from './interleave.ts';

test('the median is the middle one, or between the two middle ones', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 2, 30, 1]), 6);
  assert.throws(() => median([]), RangeError);
});

test('one bad pair of runs does not move the ratio, and the order alternates after the warm-up', async () => {
  const order: string[] = [];
  const [ours, theirs] = [
    [0, 2, 400, 2],
    [0, 1, 1, 1],
  ];

  const measured = await interleave({
    runs: 3,
    ours: async () => order.push('o') && (ours?.shift() ?? 0),
    theirs: async () => order.push('t') && (theirs?.shift() ?? 0),
  });

  assert.deepEqual(measured, { ratio: 2, median: 2, runs: 3 });
  assert.equal(order.join(''), 'otottoot');
});
