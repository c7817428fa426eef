import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { due, type ScheduleFacts, spreadOf } from './schedule.ts';

const MONDAY = Temporal.Instant.from('2026-11-23T08:00:00Z');
const hours = (count: number) => ({ hours: count });

function facts(over: Partial<ScheduleFacts> = {}): ScheduleFacts {
  return { deviceId: 'device-1', enrolledAt: MONDAY, failures: 0, intervalDays: 8, ...over };
}

test('the first backup comes within a day of enrollment', () => {
  fc.assert(
    fc.property(fc.uuid(), (deviceId) => {
      const { at } = due(facts({ deviceId }), MONDAY);
      assert.ok(Temporal.Instant.compare(at, MONDAY) >= 0);
      assert.ok(Temporal.Instant.compare(at, MONDAY.add(hours(24))) < 0);
      assert.equal(due(facts({ deviceId }), MONDAY.add(hours(24))).due, true);
    }),
  );
});

test('a backup is due eight days after the last one and not before', () => {
  const backedUp = facts({ lastBackupAt: MONDAY });

  assert.equal(due(backedUp, MONDAY.add(hours(8 * 24 - 1))).due, false);
  assert.equal(due(backedUp, MONDAY.add(hours(8 * 24))).due, true);
  assert.deepEqual(due(backedUp, MONDAY).at, MONDAY.add(hours(8 * 24)));
});

test('a missed run is caught up at the next chance', () => {
  assert.equal(due(facts({ lastBackupAt: MONDAY }), MONDAY.add(hours(300 * 24))).due, true);
});

test('a failure is waited for, longer each time, at most a day and a half', () => {
  const last = MONDAY.add(hours(9 * 24));
  const waits = Array.from({ length: 15 }, (_, index) => {
    const { at } = due(facts({ lastBackupAt: MONDAY, failures: index + 1, lastFailureAt: last }), last);
    return last.until(at).total('minutes');
  });

  assert.ok((waits[0] ?? 0) >= 30 && (waits[0] ?? 0) <= 45);
  for (const [index, wait] of waits.entries()) {
    assert.ok(wait >= (waits[index - 1] ?? 0), `wait ${index} is ${wait}`);
    assert.ok(wait <= 36 * 60);
  }
});

test('failures never bring a backup forward', () => {
  const { at } = due(facts({ lastBackupAt: MONDAY, failures: 1, lastFailureAt: MONDAY }), MONDAY);

  assert.deepEqual(at, MONDAY.add(hours(8 * 24)));
});

test('a clock set back before the last backup counts as due', () => {
  assert.equal(due(facts({ lastBackupAt: MONDAY }), MONDAY.subtract(hours(24 * 3650))).due, true);
});

test('right after a backup none is due, also when the clock is not known to the second', () => {
  const { due: isDue, at } = due(facts({ lastBackupAt: MONDAY }), MONDAY.subtract({ milliseconds: 700 }));

  assert.equal(isDue, false);
  assert.deepEqual(at, MONDAY.add(hours(24 * 8)));
});

test('a clock ten years behind does not make a failing device knock without a pause', () => {
  const now = MONDAY.subtract(hours(24 * 3650));

  assert.equal(due(facts({ lastBackupAt: MONDAY, failures: 3, lastFailureAt: now }), now.add(hours(1))).due, false);
});

test('a clock that was ten years ahead at the last failure does not stop backups for ten years', () => {
  const ahead = MONDAY.add(hours(24 * 3650));

  assert.equal(
    due(facts({ lastBackupAt: MONDAY, failures: 3, lastFailureAt: ahead }), MONDAY.add(hours(200))).due,
    true,
  );
});

test('due only ever turns true as time passes', () => {
  fc.assert(
    fc.property(
      fc.record({ deviceId: fc.uuid(), failures: fc.nat(20), intervalDays: fc.integer({ min: 1, max: 60 }) }),
      fc.nat(100 * 24),
      fc.nat(100 * 24),
      (varied, first, more) => {
        const some = facts({ ...varied, lastBackupAt: MONDAY, lastFailureAt: MONDAY });
        if (due(some, MONDAY.add(hours(first))).due) assert.equal(due(some, MONDAY.add(hours(first + more))).due, true);
      },
    ),
  );
});

test('a fleet switched on at once spreads over the whole day', () => {
  const quarters = [0, 0, 0, 0];
  for (let index = 0; index < 4000; index += 1) {
    const quarter = Math.floor(spreadOf(`b0c7f1f2-0000-4000-8000-${String(index).padStart(12, '0')}`) * 4);
    quarters[quarter] = (quarters[quarter] ?? 0) + 1;
  }

  assert.equal(quarters.length, 4);
  for (const count of quarters) assert.ok(count > 850 && count < 1150, quarters.join(' '));
});
