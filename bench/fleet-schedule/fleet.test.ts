import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FleetMonth, simulate } from './fleet.ts';
import { figureLines, figuresOf, histogramLines, isKept } from './judged.ts';

/** As many as the benchmark has: fewer scatter around the mean hour by chance alone. */
const WORLD = { devices: 100_000, officeShare: 0.4, timeZones: 24 };

function mustKeepBounds(month: FleetMonth): void {
  const figures = figuresOf(month);
  assert.equal(figures.length, 8);
  assert.ok(figures.every(isKept), figureLines(figures).join('\n'));
}

test('a fleet all over the world keeps every bound through a month', () => {
  mustKeepBounds(simulate({ ...WORLD, seed: 2 }));
});

test('a fleet that is always on keeps every bound through a month', () => {
  mustKeepBounds(simulate({ ...WORLD, officeShare: 0, seed: 3 }));
});

test('where all are in the office at the same hours, every device is still served in time and back on its slot', () => {
  const shares = figuresOf(simulate({ ...WORLD, officeShare: 1, timeZones: 1, seed: 4, devices: 5000 })).filter(
    ({ bound, value }) => 'atLeast' in bound && !Number.isNaN(value),
  );

  assert.equal(shares.length, 4);
  assert.ok(shares.every(isKept), figureLines(shares).join('\n'));
});

test('the same seed gives the same month, and another one another', () => {
  const [one, again, other] = [5, 5, 6].map((seed) => simulate({ ...WORLD, devices: 500, seed }).byHour);

  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
});

test('the histogram shows the day without a service', () => {
  const lines = histogramLines(simulate({ ...WORLD, devices: 500, seed: 7 }));

  assert.equal(lines.length, 240);
  assert.ok(lines.filter((line) => /^day 11 /.test(line)).every((line) => / 0$/.test(line)));
  assert.ok(lines.some((line) => /^day 10 .* #+$/.test(line)));
});
