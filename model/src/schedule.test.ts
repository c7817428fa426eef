import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Due, due, lookAgainAt, type ScheduleFacts, slotAfter, spreadOf } from './schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONDAY = Date.UTC(2026, 10, 23, 8);

function facts(over: Partial<ScheduleFacts> = {}): ScheduleFacts {
  const enrolled = { deviceId: 'device-1', enrolledAtMs: MONDAY, allowedSinceMs: MONDAY };
  return { ...enrolled, failures: 0, intervalDays: 8, spreadHours: 24, ...over };
}

/** As the agent does: asks every hour from a moment on, and keeps what it noticed. Undefined when it never goes. */
function firstRun(some: ScheduleFacts, fromMs: number, hours = 100): number | undefined {
  let { missed } = some;
  for (let nowMs = fromMs; nowMs <= fromMs + hours * HOUR; nowMs += HOUR) {
    const said = due({ ...some, missed }, nowMs);
    if (said.due) return nowMs;
    missed = said.missed ?? missed;
  }
  return undefined;
}

const anyFacts = fc.record({
  deviceId: fc.uuid(),
  failures: fc.nat(20),
  intervalDays: fc.integer({ min: 1, max: 60 }),
  spreadHours: fc.integer({ min: 1, max: 168 }),
});

test('the first backup comes within the spread of the policy, and never before the policy', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 1, max: 168 }), (deviceId, spreadHours) => {
      const { atMs } = due(facts({ deviceId, spreadHours }), MONDAY);
      assert.ok(atMs >= MONDAY && atMs < MONDAY + spreadHours * HOUR);
      assert.equal(due(facts({ deviceId, spreadHours }), atMs).due, true);
      assert.equal(due(facts({ deviceId, spreadHours }), atMs - 1).due, false);
    }),
  );
});

test('a backup is due at the own slot, which comes within a cycle of the last one, and not before', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 1, max: 60 }), (deviceId, intervalDays) => {
      const backedUp = facts({ deviceId, intervalDays, lastBackupAtMs: MONDAY });
      const { atMs } = due(backedUp, MONDAY);

      assert.ok(atMs > MONDAY + HOUR && atMs <= MONDAY + HOUR + intervalDays * DAY);
      assert.equal(due(backedUp, atMs - 1).due, false);
      assert.equal(due(backedUp, atMs).due, true);
      assert.equal(due({ ...backedUp, lastBackupAtMs: atMs }, atMs).atMs, atMs + intervalDays * DAY);
    }),
  );
});

test('whenever a device runs late, its next run is on its own slot again', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat(30 * DAY), (deviceId, lateMs) => {
      const slotMs = slotAfter({ deviceId, intervalDays: 8 }, MONDAY);
      const { atMs } = due(facts({ deviceId, lastBackupAtMs: slotMs + lateMs }), slotMs + lateMs);

      assert.equal((atMs - slotMs) % (8 * DAY), 0);
    }),
  );
});

test('a run that was slept through is caught up: after a night within a working day, after longer within a day and a bit', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 3, max: 24 * 100 }), (deviceId, lateHours) => {
      const backedUp = facts({ deviceId, lastBackupAtMs: MONDAY });
      const wakeMs = due(backedUp, MONDAY).atMs + lateHours * HOUR;

      const ranMs = firstRun(backedUp, wakeMs);

      assert.ok(ranMs !== undefined && ranMs - wakeMs <= (lateHours <= 16 ? 9 : 29) * HOUR);
    }),
  );
});

test('a device that sleeps through that as well goes within four hours, and at the third time at once', () => {
  const backedUp = facts({ lastBackupAtMs: MONDAY });
  const first = due(backedUp, MONDAY + 30 * DAY);
  const second = due({ ...backedUp, missed: first.missed }, MONDAY + 40 * DAY);
  const third = due({ ...backedUp, missed: second.missed }, MONDAY + 50 * DAY);

  assert.deepEqual([first.missed?.times, second.missed?.times], [1, 2]);
  assert.ok(second.atMs - (MONDAY + 40 * DAY) <= 4 * HOUR);
  assert.deepEqual([first.due, second.due, third.due], [false, false, true]);
});

test('what was missed by a fleet does not come back in the hour in which all wake', () => {
  const hours = new Array<number>(30).fill(0);
  for (let index = 0; index < 2000; index += 1) {
    const ran = firstRun(facts({ deviceId: `device-${index}`, lastBackupAtMs: MONDAY }), MONDAY + 100 * DAY);
    const hour = ((ran ?? 0) - MONDAY - 100 * DAY) / HOUR;
    hours[hour] = (hours[hour] ?? 0) + 1;
  }

  assert.ok(Math.max(...hours) < 2.2 * (2000 / 28), hours.join(' '));
});

test('a failure is waited for: first under an hour, then a day and up to four hours more', () => {
  const last = MONDAY + 9 * DAY;
  for (const [failures, shortest, longest] of [
    [1, 30 * MINUTE, 45 * MINUTE],
    [2, DAY, 28 * HOUR],
    [3, DAY, 28 * HOUR],
    [15, DAY, 28 * HOUR],
  ] as const) {
    const { atMs } = due(facts({ lastBackupAtMs: MONDAY, failures, lastFailureAtMs: last }), last);

    assert.ok(atMs - last >= shortest && atMs - last <= longest, `${failures}: ${(atMs - last) / HOUR} h`);
  }
});

test('waits differ from device to device and from failure to failure', () => {
  const waits = new Set<number>();
  for (const deviceId of ['a', 'b', 'c', 'd'])
    for (const day of [9, 10, 11, 12]) {
      const lastFailureAtMs = MONDAY + day * DAY;
      const failed = facts({ deviceId, lastBackupAtMs: MONDAY, failures: 3, lastFailureAtMs });
      waits.add(due(failed, lastFailureAtMs).atMs - lastFailureAtMs);
    }

  assert.ok(waits.size > 12, `${waits.size}`);
});

test('failures never bring a backup forward', () => {
  fc.assert(
    fc.property(anyFacts, (varied) => {
      const fine = due(facts({ ...varied, failures: 0, lastBackupAtMs: MONDAY }), MONDAY);
      const failed = due(facts({ ...varied, lastBackupAtMs: MONDAY, lastFailureAtMs: MONDAY }), MONDAY);

      assert.ok(failed.atMs >= fine.atMs);
    }),
  );
});

test('a hint to slow down is followed at least so long and at most twice, also when nothing had failed', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 1, max: 86_400 }), (deviceId, seconds) => {
      const some = facts({ deviceId, lastBackupAtMs: MONDAY });
      const slotMs = due(some, MONDAY).atMs;
      const { atMs } = due({ ...some, slowDown: { atMs: slotMs, seconds } }, slotMs);

      assert.ok(atMs - slotMs >= seconds * 1000 && atMs - slotMs <= 2 * seconds * 1000 + 1);
    }),
  );
});

const HELD: readonly [string, Partial<ScheduleFacts>, Pick<Due, 'due' | 'held'>][] = [
  ['nothing holds', {}, { due: true }],
  ['backup is not allowed', { allowedSinceMs: undefined }, { due: false, held: 'notAllowed' }],
  ['the network is metered', { held: 'meteredNetwork' }, { due: false, held: 'meteredNetwork' }],
  ['an offer is open', { offerOpen: true }, { due: false, held: 'offerOpen' }],
  [
    'an offer is open on a metered network',
    { offerOpen: true, held: 'meteredNetwork' },
    { due: false, held: 'offerOpen' },
  ],
];

for (const [name, over, expected] of HELD)
  test(`when ${name}, the first backup is ${expected.due ? 'made' : 'held, and the reason is said'}`, () => {
    const some = facts(over);
    const slotMs = due(facts(), MONDAY).atMs;

    const { due: isDue, held } = due(some, slotMs);

    assert.deepEqual({ due: isDue, ...(held === undefined ? {} : { held }) }, expected);
  });

test('an offer holds the first backup for seven days at most, and no later one', () => {
  const open = facts({ offerOpen: true });

  assert.equal(due(open, MONDAY + 7 * DAY - 1).held, 'offerOpen');
  assert.equal(due(open, MONDAY + 7 * DAY - 1).atMs, MONDAY + 7 * DAY);
  assert.ok(firstRun(open, MONDAY + 7 * DAY) !== undefined);
  const later = { ...open, lastBackupAtMs: MONDAY };
  assert.equal(due(later, due(later, MONDAY).atMs).due, true);
});

test('a metered network is no reason before it is time', () => {
  assert.equal(due(facts({ lastBackupAtMs: MONDAY, held: 'meteredNetwork' }), MONDAY).held, undefined);
});

test('a clock set back before the last backup counts as due', () => {
  assert.equal(due(facts({ lastBackupAtMs: MONDAY }), MONDAY - 3650 * DAY).due, true);
});

test('right after a backup none is due, also when the clock is not known to the second', () => {
  assert.equal(due(facts({ lastBackupAtMs: MONDAY }), MONDAY - 700).due, false);
});

test('a clock ten years behind does not make a failing device knock without a pause', () => {
  const now = MONDAY - 3650 * DAY;

  assert.equal(due(facts({ lastBackupAtMs: MONDAY, failures: 3, lastFailureAtMs: now }), now + HOUR).due, false);
});

test('a clock that was ten years ahead at a failure, hint or notice does not stop backups for ten years', () => {
  const ahead = MONDAY + 3650 * DAY;
  for (const over of [
    { failures: 3, lastFailureAtMs: ahead },
    { slowDown: { atMs: ahead, seconds: 600 } },
    { missed: { noticedAtMs: ahead, times: 1 } },
  ])
    assert.ok(
      firstRun(facts({ lastBackupAtMs: MONDAY, ...over }), MONDAY + 9 * DAY) !== undefined,
      JSON.stringify(over),
    );
});

test('a policy that was heard of by a clock ten years ahead does not put the first backup off for ten years', () => {
  const { atMs } = due(facts({ allowedSinceMs: MONDAY + 3650 * DAY }), MONDAY);

  assert.ok(atMs < MONDAY + DAY);
});

test('what is due stays due while its device is on', () => {
  fc.assert(
    fc.property(anyFacts, fc.nat(100 * 24), (varied, hours) => {
      const some = facts({ ...varied, lastBackupAtMs: MONDAY, lastFailureAtMs: MONDAY });
      const nowMs = MONDAY + hours * HOUR;
      if (due(some, nowMs).due) assert.ok(due(some, nowMs + HOUR).due || due(some, nowMs + HOUR).missed !== undefined);
    }),
  );
});

test('whatever the facts, a device that is on comes to its backup', () => {
  fc.assert(
    fc.property(anyFacts, fc.nat(100 * 24), (varied, hours) => {
      const some = facts({ ...varied, lastBackupAtMs: MONDAY, lastFailureAtMs: MONDAY });

      assert.ok(firstRun(some, MONDAY + hours * HOUR, 61 * 24) !== undefined);
    }),
    { numRuns: 50 },
  );
});

test('a device that may not back up asks again every three to four hours', () => {
  fc.assert(
    fc.property(fc.uuid(), (deviceId) => {
      const waitMs = lookAgainAt(deviceId, MONDAY) - MONDAY;
      assert.ok(waitMs >= 3 * HOUR && waitMs <= 4 * HOUR);
    }),
  );
});

test('a fleet spreads evenly, with every salt', () => {
  for (const salt of [0, 1, 494_000]) {
    const quarters = [0, 0, 0, 0];
    for (let index = 0; index < 4000; index += 1) {
      const id = `b0c7f1f2-0000-4000-8000-${String(index).padStart(12, '0')}`;
      const quarter = Math.floor(spreadOf(id, salt) * 4);
      quarters[quarter] = (quarters[quarter] ?? 0) + 1;
    }
    for (const count of quarters) assert.ok(count > 850 && count < 1150, quarters.join(' '));
  }
});
