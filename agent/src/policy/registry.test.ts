/** The registry as a place of policies: read through its door, and told apart on a PC that Microsoft serves. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RegistryValue } from '@carryover/model/policy-registry';
import { type RegistryReader, registryPolicies } from './registry.ts';

const SETTING_SYNC = 'Software\\Policies\\Microsoft\\Windows\\SettingSync';
const ON: RegistryValue = { key: SETTING_SYNC, name: 'EnableWindowsBackup', type: 'REG_DWORD', data: 1 };

function registry(values: readonly RegistryValue[], isServed = false): RegistryReader {
  return {
    valuesIn: async (key) => values.filter((value) => value.key === key),
    isServedByMicrosoft: async () => isServed,
  };
}

test('what Group Policy wrote is a document, and on a PC that Microsoft serves a remark instead', async () => {
  const here = await registryPolicies(registry([ON])).read();
  const there = await registryPolicies(registry([ON], true)).read();

  assert.deepEqual(here, {
    documents: [
      {
        source: 'groupPolicy',
        name: `HKLM\\${SETTING_SYNC}`,
        settings: [{ policy: 'EnableWindowsBackup', value: true }],
      },
    ],
    problems: [],
  });
  assert.deepEqual([there.documents, there.problems.map(({ code }) => code)], [[], ['policyOfOtherClient']]);
});

test('the mark is empty without values, and changes with a value and with who serves the PC', async () => {
  const marks = await Promise.all(
    [registry([]), registry([ON]), registry([{ ...ON, data: 0 }]), registry([ON], true)].map((reader) =>
      registryPolicies(reader).mark(),
    ),
  );

  assert.equal(marks[0], '');
  assert.equal(new Set(marks).size, marks.length);
});
