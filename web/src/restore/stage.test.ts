import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookAgainAfterMs, stepOf } from './stage.ts';

test('the second step begins once the person is signed in', () => {
  assert.equal(stepOf({ kind: 'checking', checks: [{ id: 'account', state: 'asks' }] }), 'signIn');
  assert.equal(stepOf({ kind: 'checking', checks: [{ id: 'account', state: 'passed' }] }), 'choose');
});

test('what moves is looked at often, what waits for the person seldom', () => {
  const moving = lookAgainAfterMs({ kind: 'checking', checks: [{ id: 'service', state: 'running' }] });
  const asking = lookAgainAfterMs({ kind: 'checking', checks: [{ id: 'account', state: 'asks' }] });

  assert.equal(moving, 500);
  const at = '2026-11-25T09:30:00Z';
  const fault = { code: 'notAllowed', message: '', reasons: [], at } as const;
  assert.equal(lookAgainAfterMs({ kind: 'blocked', fault, updates: { how: 'installing' } }), moving);
  assert.equal(lookAgainAfterMs({ kind: 'blocked', fault, updates: { how: 'restart' } }), asking);
  assert.ok(asking > moving);
  assert.equal(lookAgainAfterMs({ kind: 'choose', offers: [], undoDays: 30 }), asking);
  assert.equal(lookAgainAfterMs(undefined), moving);
});
