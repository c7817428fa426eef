import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanItem } from '@carryover/model/restore-plan';
import type { Outcome } from '../settings/mechanism.ts';
import type { Journal } from './journal.ts';
import { reportItems } from './report.ts';

const NEAREST: PlanItem = {
  id: 'accessibility.text.scale',
  kind: 'setting',
  category: 'accessibility',
  title: 'Text size',
  flags: [],
  raw: { type: 'REG_DWORD', data: 225 },
  will: '225',
  note: { code: 'nearestTaken', facts: { system: 'Windows 11' } },
  now: '100',
  step: 'change',
};

function reported(outcome: Outcome, item = NEAREST) {
  const plan = {
    profileId: 'p',
    deviceName: 'd',
    seq: 1,
    takenAt: '',
    only: [],
    skip: [],
    withheld: [],
    items: [item],
  };
  const journal: Journal = {
    restore: { number: '000001', startedAt: '2026-11-26T08:00:00Z', plan },
    lines: [{ event: 'end', outcomes: [outcome], after: {}, ms: 1 }],
  };
  return reportItems(journal).map(({ status, reason }) => [status, reason?.code]);
}

test('what could only be set nearly is reported as applied, and says so', () => {
  assert.deepEqual(reported({ itemId: NEAREST.id, status: 'applied' }), [['applied', 'nearestTaken']]);
});

test('what failed says why, and what was there already needs no word', () => {
  const failed: Outcome = { itemId: NEAREST.id, status: 'failed', reason: { code: 'didNotTake' } };

  assert.deepEqual(reported(failed), [['failed', 'didNotTake']]);
  assert.deepEqual(reported({ itemId: NEAREST.id, status: 'unchanged' }), [['unchanged', undefined]]);
});
