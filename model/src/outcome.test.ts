import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOIN_TYPES, PROVISIONING_MODES } from './device.ts';
import { SESSION_OUTCOMES, SETUP_OUTCOMES, type SetupFacts, type SetupOutcome, setupOutcomeOf } from './outcome.ts';

/** A PC that was shown the page and has not decided. */
const SHOWN: SetupFacts = {
  joinType: 'joined',
  provisioning: 'userDriven',
  reasons: [],
  restorePageAtEnrollment: true,
  newestChoice: undefined,
  foundNoProfiles: false,
};
const TOO_OLD = { code: 'buildTooOld', facts: { family: 'Debian', build: '11', needed: '12' } } as const;
const SWITCHED_OFF = { code: 'restoreNotSwitchedOn', facts: { org: 'Contoso' } } as const;

const CASES: readonly [what: string, facts: Partial<SetupFacts>, outcome: SetupOutcome | undefined][] = [
  ['that was shown the page and has not decided', {}, undefined],
  ['set up by hand', { provisioning: 'manual' }, undefined],
  ['that sets itself up', { provisioning: 'selfDeploying' }, 'notApplicable'],
  ['that a technician prepared', { provisioning: 'preProvisioned' }, 'notApplicable'],
  ['in the organization’s domain', { joinType: 'hybrid' }, 'notApplicable'],
  ['of a person’s own', { joinType: 'registered' }, 'notApplicable'],
  ['with a system below the gate', { reasons: [TOO_OLD] }, 'notApplicable'],
  [
    'below the gate that nobody aimed the page at',
    { reasons: [TOO_OLD], restorePageAtEnrollment: false },
    'notApplicable',
  ],
  ['whose organization switched restores off since', { reasons: [SWITCHED_OFF] }, undefined],
  ['that nobody aimed the page at', { restorePageAtEnrollment: false }, 'noPolicyAssigned'],
  [
    'that nobody aimed the page at and that restored on demand',
    { restorePageAtEnrollment: false, newestChoice: 'succeeded' },
    'noPolicyAssigned',
  ],
  ['with nothing to restore', { foundNoProfiles: true }, 'noBackupProfiles'],
  ['with nothing at first that restored later', { foundNoProfiles: true, newestChoice: 'succeeded' }, 'succeeded'],
  ['that was restored', { newestChoice: 'succeeded' }, 'succeeded'],
  ['where something could not be restored', { newestChoice: 'failed' }, 'failed'],
  ['set up as new', { newestChoice: 'setUpAsNew' }, 'setupAsNewPCSelected'],
  [
    'set up as new because there was nothing',
    { foundNoProfiles: true, newestChoice: 'setUpAsNew' },
    'setupAsNewPCSelected',
  ],
  ['that restores right now', { newestChoice: 'running' }, undefined],
  ['whose restore was undone', { newestChoice: 'undone' }, undefined],
  ['whose person chose anew', { newestChoice: 'replaced' }, undefined],
];

for (const [what, facts, outcome] of CASES)
  test(`a PC ${what}: ${outcome ?? 'nothing yet'}`, () => {
    assert.equal(setupOutcomeOf({ ...SHOWN, ...facts }), outcome);
  });

test('the cases above reach every outcome, every way to be set up, every join type and every choice', () => {
  const facts = CASES.map(([, one]) => ({ ...SHOWN, ...one }));
  const reached = (all: readonly string[], found: readonly (string | undefined)[]) =>
    assert.deepEqual(
      all.filter((one) => !found.includes(one)),
      [],
    );
  reached(
    SETUP_OUTCOMES,
    CASES.map(([, , outcome]) => outcome),
  );
  reached(
    PROVISIONING_MODES,
    facts.map(({ provisioning }) => provisioning),
  );
  reached(
    JOIN_TYPES,
    facts.map(({ joinType }) => joinType),
  );
  reached(
    SESSION_OUTCOMES,
    facts.map(({ newestChoice }) => newestChoice),
  );
});
