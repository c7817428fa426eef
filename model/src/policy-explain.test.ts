/** What is said of a decision: who took it, who was overruled and why, and what was not meant for this device. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Candidate, explain } from './policy-explain.ts';
import type { PolicySetting } from './policy-merge.ts';

const EVERYBODY: Candidate['reach'] = { reached: true, kind: 'everybody' };
const document = (name: string, reach: Candidate['reach'], ...settings: PolicySetting[]): Candidate => ({
  document: { source: 'service', name, id: name.toLowerCase(), settings },
  reach,
  unknown: [],
});
const origin = (policy: string) => ({ source: 'service', policy, policyId: policy.toLowerCase() });

test('it says who decided, who was less strict, who said the same, and who does not reach this device', () => {
  const backup = (value: boolean): PolicySetting => ({ policy: 'EnableWindowsBackup', value });
  const { explanations } = explain([
    document('On', EVERYBODY, backup(true)),
    document('Off', EVERYBODY, backup(false)),
    document('Pilot', { reached: false, kind: 'excluded', groupId: 'g1' }, backup(true)),
    document('Draft', { reached: false, kind: 'notAssigned' }, backup(false)),
    document('Also off', { reached: true, kind: 'group', groupId: 'g2' }, backup(false)),
  ]);
  const told = explanations.find(({ member }) => member === 'backupEnabled');

  assert.deepEqual(told, {
    member: 'backupEnabled',
    value: false,
    decidedBy: { policy: 'EnableWindowsBackup', origin: origin('Also off') },
    others: [
      { origin: origin('Off'), policy: 'EnableWindowsBackup', value: false, because: 'same' },
      { origin: origin('On'), policy: 'EnableWindowsBackup', value: true, because: 'stricter' },
      { origin: origin('Pilot'), policy: 'EnableWindowsBackup', value: true, because: 'excluded', groupId: 'g1' },
      { origin: origin('Draft'), policy: 'EnableWindowsBackup', value: false, because: 'notAssigned' },
    ],
  });
});

test('without documents everything is the default, and nobody is named', () => {
  const { explanations, unknown, blockers } = explain([]);

  assert.ok(explanations.length > 15);
  assert.ok(explanations.every((one) => one.decidedBy === undefined && one.others.length === 0));
  assert.equal(explanations.find(({ member }) => member === 'categories.accounts')?.value, 'on');
  assert.deepEqual([unknown, blockers], [[], []]);
});

test('a setting that is not known is named with its document, and one of a document for others is not', () => {
  const unknown = ['device_vendor_msft_policy_config_camera_allowcamera'];
  const known = { ...document('Baseline', EVERYBODY), unknown };
  const elsewhere = { ...document('Other', { reached: false, kind: 'notAssigned' }), unknown };
  assert.deepEqual(explain([known, elsewhere]).unknown, [{ name: unknown[0], origin: origin('Baseline') }]);
});
