import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HANDOVER_CHECKS, type HandoverCheck } from '@carryover/model/local-pages';
import { sayFor } from '../../testing/say.ts';
import { checkLine, isOffline } from './handover.ts';
import { faultSentence } from './obstacle.ts';

const HERE = { say: sayFor('en'), language: 'en', timeZone: 'UTC', now: new Date('2026-11-25T09:30:00Z') } as const;
const AT = '2026-11-25T09:14:00Z';

test('every check has a title in every state', () => {
  for (const id of HANDOVER_CHECKS)
    for (const state of ['waiting', 'running', 'asks', 'passed', 'failed'] as const)
      assert.notEqual(checkLine({ id, state }, HERE).title, '', `${id} ${state}`);
});

test('a passed check says what was found', () => {
  const note = (check: HandoverCheck) => checkLine(check, HERE).note;

  assert.equal(
    note({ id: 'service', state: 'passed', fact: 'carryover.auental.example' }),
    'carryover.auental.example',
  );
  assert.equal(note({ id: 'device', state: 'passed', fact: 'Auental County' }), 'It belongs to Auental County');
  assert.equal(note({ id: 'backups', state: 'running', fact: '2' }), '2 found');
});

test('a check that failed says why and what to do, in the words of the reason', () => {
  const reasons = [{ code: 'buildTooOld', facts: { build: '22631.1', family: '23H2', needed: '22631.3958' } }] as const;
  const fault = { code: 'notAllowed', message: 'No.', reasons, at: AT } as const;

  assert.equal(
    faultSentence(fault, HERE),
    'Build 22631.1 is too old; 23H2 needs 22631.3958. Install the latest quality update and restart.',
  );
  assert.equal(checkLine({ id: 'device', state: 'failed', fault }, HERE).stateWord, 'failed');
});

test('a service out of reach is the network, and is tried again', () => {
  const fault = { code: 'serviceUnreachable', message: 'No answer.', reasons: [], at: AT } as const;
  const check = { id: 'service', state: 'failed', fault } as const;

  assert.equal(faultSentence(fault, HERE), 'Connect to a network.');
  assert.equal(isOffline([check]), true);
  assert.equal(isOffline([{ id: 'service', state: 'running' }]), false);
});
