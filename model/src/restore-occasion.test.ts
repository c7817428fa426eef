import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Eligibility } from './eligibility.ts';
import {
  isAtSetup,
  occasionAmong,
  RESTORE_OCCASIONS,
  reasonsAt,
  SETUP_DAYS,
  SETUP_RESTORE_DAYS,
} from './restore-occasion.ts';

const ENROLLED = Temporal.Instant.from('2026-11-20T08:00:00Z');
const after = (hours: number) => ENROLLED.add({ hours });
const END = 24 * SETUP_DAYS;

const ALL: Eligibility = {
  backup: [{ code: 'notSwitchedOn' }],
  restoreAtSetup: [{ code: 'restorePageOff' }],
  restoreAtFirstSignIn: [{ code: 'buildTooOld' }],
  restoreOnDemand: [{ code: 'restoreNotSwitchedOn' }],
};

test('each occasion asks its own answer', () => {
  assert.deepEqual(
    RESTORE_OCCASIONS.map((occasion) => reasonsAt(occasion, ALL)[0]?.code),
    ['restorePageOff', 'buildTooOld', 'restoreNotSwitchedOn'],
  );
});

test('the first occasion that holds is taken, and none when none does', () => {
  assert.equal(occasionAmong(RESTORE_OCCASIONS, ALL), undefined);
  assert.equal(occasionAmong(['setup', 'demand'], { ...ALL, restoreOnDemand: [] }), 'demand');
  assert.equal(occasionAmong(['setup', 'firstSignIn'], { ...ALL, restoreAtSetup: [] }), 'setup');
  assert.equal(occasionAmong(['setup'], { ...ALL, restoreOnDemand: [] }), undefined);
});

test('setup is over a week after the enrollment', () => {
  assert.equal(isAtSetup({ enrolledAt: ENROLLED }, after(END).subtract({ nanoseconds: 1 })), true);
  assert.equal(isAtSetup({ enrolledAt: ENROLLED }, after(END)), false);
});

test('a restore that was begun during setup is one at setup until it has ended, a month at most', () => {
  const begun = { startedAt: after(END - 1), ended: false };

  const last = 24 * SETUP_RESTORE_DAYS;
  assert.equal(isAtSetup({ enrolledAt: ENROLLED, newest: begun }, after(last - 1)), true);
  assert.equal(isAtSetup({ enrolledAt: ENROLLED, newest: begun }, after(last)), false);
  assert.equal(isAtSetup({ enrolledAt: ENROLLED, newest: { ...begun, ended: true } }, after(1)), false);
  assert.equal(isAtSetup({ enrolledAt: ENROLLED, newest: { ...begun, startedAt: after(END) } }, after(END)), false);
});
