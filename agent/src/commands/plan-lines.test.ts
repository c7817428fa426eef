/** What a plan says of categories that are in the backup and are not offered. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reason } from '@carryover/model/reasons';
import type { Plan } from '../restore/plan.ts';
import { planLines } from './plan-lines.ts';
import type { Look } from './terminal.ts';

const LOOK: Look = {
  language: 'en',
  colour: false,
  columns: 80,
  signs: { done: '✓', warning: '!', failed: '✗', same: '=', change: '→', running: '●' },
};
const HERE = { now: Temporal.Instant.from('2026-11-26T09:00:00Z'), language: 'en', timeZone: 'UTC' } as const;
const BY_POLICY: Reason = {
  code: 'switchedOffByPolicy',
  facts: { org: 'Contoso', category: 'personalization', policy: 'No wallpapers' },
};
const BY_PERSON: Reason = { code: 'switchedOffByPerson', facts: { category: 'language', toggle: 'language' } };

function said(withheldBecause: readonly Reason[]): string {
  const plan: Plan = {
    profileId: 'p',
    deviceName: 'old-pc',
    seq: 1,
    takenAt: '2026-11-25T09:00:00Z',
    only: [],
    skip: [],
    withheld: ['personalization', 'language'],
    withheldBecause,
    items: [],
  };
  return planLines(plan, LOOK, { all: false, here: HERE }).join('\n').replace(/\s+/g, ' ');
}

test('a category that is not offered is named with who left it out, and what to do', () => {
  const text = said([BY_POLICY, BY_PERSON]);

  assert.match(
    text,
    /! Not offered Contoso keeps Personalization out of backups \(No wallpapers\)\. Nothing to do, or ask your IT\./,
  );
  assert.match(text, /! Not offered You left Language .* out\. To bring it back: carryover remember language on/);
});

test('what the service keeps back for a reason that this PC does not know yet is named all the same', () => {
  assert.match(said([BY_POLICY]), /! Not offered Switched off: Personalization, Language/);
});
