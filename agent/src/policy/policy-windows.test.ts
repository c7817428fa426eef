/** On a Windows PC its registry is the place of local policies, bytes to decisions, and nothing else is. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { type PlainKeys, registryOf } from '../../testing/memory-registry.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import type { Registry } from '../system/registry.ts';
import { localPolicy } from './policy.ts';

const SETTING_SYNC = 'HKLM\\Software\\Policies\\Microsoft\\Windows\\SettingSync';
const OWN = 'HKLM\\Software\\Policies\\Carryover';
const JOIN = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo\\0A1B2C';
const PLACES = { folder: '/etc/carryover/policy.d', owners: [0] };

const KEYS: PlainKeys = {
  [SETTING_SYNC]: { EnableWindowsBackup: 1, DisableSettingSync: 2, DisableSettingSyncUserOverride: 0 },
  [OWN]: { BackupIntervalDays: 4, AllowedAppSources: ['https://dl.flathub.org/repo/flathub.flatpakrepo'] },
};

function pc(registry: Registry) {
  const system = { ...memorySystem(), registry };
  system.put('/etc/carryover/policy.d/10.json', '{"EnableRoaming":true}', 0o644, 0);
  return localPolicy(system, PLACES);
}

const OWN_DOCUMENT = {
  source: 'groupPolicy',
  name: OWN,
  settings: [
    { policy: 'BackupIntervalDays', value: 4 },
    { policy: 'AllowedAppSources', value: ['https://dl.flathub.org/repo/flathub.flatpakrepo'] },
  ],
};

test('a Windows PC reads Group Policy from its registry, and no files', async () => {
  const { documents, problems } = await pc(registryOf(KEYS)).read();

  assert.deepEqual(problems, []);
  assert.deepEqual(documents, [
    {
      source: 'groupPolicy',
      name: SETTING_SYNC,
      settings: [
        { policy: 'EnableWindowsBackup', value: true },
        { policy: 'DisableSettingSync', value: 'off' },
      ],
    },
    OWN_DOCUMENT,
  ]);
});

test('on a PC joined to Entra ID only the own key decides, and the overlap is told', async () => {
  const { documents, problems } = await pc(registryOf({ ...KEYS, [JOIN]: {} })).read();

  assert.deepEqual(documents, [OWN_DOCUMENT]);
  assert.deepEqual(
    problems.map(({ code, facts }) => [code, facts?.['policy']]),
    [
      ['policyOfOtherClient', 'EnableWindowsBackup'],
      ['policyOfOtherClient', 'DisableSettingSync'],
    ],
  );
});

test('the mark changes with a value, and is empty where nothing is set', async () => {
  const marks = await Promise.all(
    [KEYS, { ...KEYS, [OWN]: { BackupIntervalDays: 5 } }, {}].map((keys) => pc(registryOf(keys)).mark()),
  );

  assert.equal(new Set(marks).size, 3);
  assert.equal(marks[2], '');
});

test('a key that is closed to the person decides nothing', async () => {
  const open = registryOf(KEYS);
  const closed: Registry = {
    ...open,
    async values(hive, key) {
      if (key.includes('SettingSync')) throw new KnownError('notAllowed', 'closed', { inner: 'accessDenied' });
      return open.values(hive, key);
    },
  };

  assert.deepEqual((await pc(closed).read()).documents, [OWN_DOCUMENT]);
});
