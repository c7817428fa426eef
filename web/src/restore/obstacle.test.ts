import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocalFault, RestoreView } from '@carryover/model/local-pages';
import { sayFor } from '../../testing/say.ts';
import { detailsText, obstacleFrom } from './obstacle.ts';

const HERE = { say: sayFor('en'), language: 'en', timeZone: 'UTC', now: new Date('2026-11-25T09:30:00Z') } as const;

test('a sign-in without permission has the documented title', () => {
  const { title, lead } = obstacleFrom(aView(), aFault({ code: 'accessDenied' }), HERE);

  assert.equal(title, "You don't have access to this");
  assert.match(lead, /Auental County has not given this account access/);
});

test('a device that does not meet the policy has the other one', () => {
  const { title } = obstacleFrom(aView(), aFault({ code: 'accessDenied', inner: 'deviceNotCompliant' }), HERE);

  assert.equal(title, "You can't get there from here");
});

test('every reason is said with its remedy as something to do', () => {
  const reasons = [{ code: 'restoreNotSwitchedOn', facts: { org: 'Auental County' } }] as const;

  const { title, lead, advice } = obstacleFrom(aView(), aFault({ code: 'notAllowed', reasons }), HERE);

  assert.equal(title, "This PC can't restore");
  assert.equal(lead, 'Auental County has not turned on restore.');
  assert.deepEqual(
    advice.map((one) => one.title),
    ['Ask IT to turn on "Enable Windows Restore".', 'Go on now, restore later', 'Ask your IT'],
  );
});

test('outside of setup nobody is told to set up as new', () => {
  const { advice } = obstacleFrom(aView({ mode: 'demand' }), aFault({ code: 'accessDenied' }), HERE);

  assert.deepEqual(
    advice.map((one) => one.title),
    ['Ask your IT'],
  );
});

test('a restore that was stopped says that trying again is safe', () => {
  const { title, advice, safe } = obstacleFrom(aView(), aFault({ code: 'storageFull' }), HERE);

  assert.equal(title, 'Restore was stopped');
  assert.equal(advice[0]?.how, 'What is done already is not done twice.');
  assert.match(safe, /can be taken back/);
});

test('the details hold codes, request, device, account and time, one a line', () => {
  const fault = aFault({ code: 'accessDenied', inner: 'policy', requestId: '7f3c' });

  const { details } = obstacleFrom(aView(), fault, HERE);

  assert.equal(
    detailsText(details),
    [
      'Error code: accessDenied, policy',
      'Request: 7f3c',
      'Message: Refused.',
      'Device: AUE-LT-2291',
      'Account: lena.brandt@auental.example',
      'Time: 25 November 2026 at 09:14',
    ].join('\n'),
  );
});

function aFault(part: Partial<LocalFault>): LocalFault {
  return { code: 'conflict', message: 'Refused.', reasons: [], at: '2026-11-25T09:14:00Z', ...part };
}

function aView(part: Partial<RestoreView> = {}): RestoreView {
  return {
    device: { name: 'AUE-LT-2291', osName: 'Debian 13', platform: 'linux' },
    organization: 'Auental County',
    person: { displayName: 'Lena Brandt', userPrincipalName: 'lena.brandt@auental.example' },
    mode: 'setup',
    stage: { kind: 'checking', checks: [] },
    ...part,
  };
}
