/** Every policy in every state, as the registry of Windows holds it, and what is said of values that mean nothing. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { overrideValueOf, POLICIES, type PolicyDefinition, type PolicyValue } from './policy-definitions.ts';
import { mergePolicies } from './policy-merge.ts';
import { OWN_KEY, policiesFromRegistry, REGISTRY_KEYS, type RegistryValue } from './policy-registry.ts';
import { wordsOf } from './reasons.ts';
import type { RegistryType } from './registry-value.ts';

const SETTING_SYNC = 'Software\\Policies\\Microsoft\\Windows\\SettingSync';
const SYSTEM = 'Software\\Policies\\Microsoft\\Windows\\System';

type Data = RegistryValue['data'];

function value(key: string, name: string, data: Data): RegistryValue {
  const type: RegistryType =
    typeof data === 'number' ? 'REG_DWORD' : typeof data === 'string' ? 'REG_SZ' : 'REG_MULTI_SZ';
  return { key, name, type, data };
}

const read = (values: readonly RegistryValue[], microsoftServes = false) =>
  policiesFromRegistry(values, { microsoftServes });

/** A state of one policy: what is written, the override beside it if any, and what it means; undefined: not configured. */
interface State {
  readonly written?: Data;
  readonly override?: Data;
  readonly means: PolicyValue | undefined;
  /** How many remarks it earns. */
  readonly remarks?: 1;
}

function statesOf({ kind, range }: PolicyDefinition): readonly State[] {
  const { from = 0, to = 0 } = range ?? {};
  switch (kind) {
    case 'switch':
      return [
        { written: 1, means: true },
        { written: 0, means: false },
        { means: undefined },
        { written: 2, means: undefined, remarks: 1 },
        { written: '1', means: undefined, remarks: 1 },
      ];
    case 'limit':
      return [
        { written: 2, override: 1, means: 'locked' },
        { written: 2, override: 0, means: 'off' },
        { written: 2, means: 'locked' },
        { written: 0, means: 'on' },
        { written: 0, override: 1, means: 'on' },
        { means: undefined },
        { override: 0, means: undefined },
        { written: 1, means: undefined, remarks: 1 },
        { written: '2', means: undefined, remarks: 1 },
        { written: 2, override: 7, means: 'locked', remarks: 1 },
        { written: 2, override: '0', means: 'locked', remarks: 1 },
      ];
    case 'number':
      return [
        { written: from, means: from },
        { written: to, means: to },
        { means: undefined },
        { written: to + 1, means: undefined, remarks: 1 },
        { written: from - 1, means: undefined, remarks: 1 },
        { written: String(from), means: undefined, remarks: 1 },
      ];
    case 'list':
      return [
        {
          written: ['https://flathub.org', ' file:///srv/apps ', ''],
          means: ['https://flathub.org', 'file:///srv/apps'],
        },
        { written: [], means: [] },
        { means: undefined },
        { written: ['http://flathub.org'], means: undefined, remarks: 1 },
        { written: 'https://flathub.org', means: undefined, remarks: 1 },
      ];
  }
}

for (const definition of POLICIES) {
  const { name, registry } = definition;
  const places = registry.key === OWN_KEY ? [OWN_KEY] : [registry.key, OWN_KEY];
  for (const key of places)
    for (const { written, override, means, remarks = 0 } of statesOf(definition)) {
      const beside = override === undefined ? '' : ` with ${JSON.stringify(override)} beside it`;
      test(`${name} ${JSON.stringify(written)}${beside} in ${key} means ${JSON.stringify(means)}`, () => {
        const valueName = key === registry.key ? (registry.value ?? name) : name;
        const { documents, problems } = read([
          ...(written === undefined ? [] : [value(key, valueName, written)]),
          ...(override === undefined ? [] : [value(key, overrideValueOf(definition), override)]),
        ]);

        assert.deepEqual(
          documents,
          means === undefined
            ? []
            : [{ source: 'groupPolicy', name: `HKLM\\${key}`, settings: [{ policy: name, value: means }] }],
        );
        assert.equal(problems.length, remarks);
        assert.ok(problems.every(({ code }) => code === 'policyValueWrong'));
      });
    }
}

test('on a PC that Microsoft serves only the own key decides, and each overlap is told', () => {
  const values = [
    value(SETTING_SYNC, 'EnableWindowsBackup', 1),
    value(SETTING_SYNC, 'DisableCredentialsSettingSync', 2),
    value(OWN_KEY, 'EnableWindowsBackup', 0),
    value(SYSTEM, 'PublishUserActivities', 0),
  ];

  const there = read(values, true);
  const elsewhere = read(values, false);

  const { decisions } = mergePolicies(there.documents);
  assert.equal(decisions.backupEnabled, false);
  assert.equal(decisions.categories?.accounts, 'on');
  assert.deepEqual(
    decisions.blockers?.map(({ policy }) => policy),
    ['PublishUserActivities'],
  );
  assert.deepEqual(
    there.problems.map((problem) => wordsOf(problem)),
    ['EnableWindowsBackup', 'DisableCredentialsSettingSync'].map((policy) => ({
      reason: `HKLM\\${SETTING_SYNC}: ${policy} is followed by Microsoft's own client on this PC and decides nothing for Carryover.`,
      remedy: `To decide for Carryover, set it in HKLM\\${OWN_KEY}.`,
    })),
  );
  assert.equal(mergePolicies(elsewhere.documents).decisions.categories?.accounts, 'locked');
  assert.deepEqual(elsewhere.problems, []);
});

test('both keys are documents of their own, so that a contradiction between them is seen', () => {
  const { documents } = read([value(SETTING_SYNC, 'EnableWindowsBackup', 1), value(OWN_KEY, 'EnableWindowsBackup', 0)]);

  const [conflict] = mergePolicies(documents).conflicts;
  assert.equal(conflict?.kept.origin.policy, `HKLM\\${OWN_KEY}`);
  assert.deepEqual(
    conflict?.overruled.map(({ origin }) => origin.policy),
    [`HKLM\\${SETTING_SYNC}`],
  );
});

test('a name that is not known is kept and told in the keys of this feature, and no business of ours elsewhere', () => {
  const { documents, problems } = read([
    value(OWN_KEY, 'SomethingNewer', 3),
    value(SETTING_SYNC, 'DisableNewerSettingSync', 2),
    value(SETTING_SYNC, 'BackupIntervalDays', 4),
    value(SYSTEM, 'AllowDomainPINLogon', 1),
    value('Software\\Elsewhere', 'EnableWindowsBackup', 1),
  ]);

  assert.deepEqual(
    documents.map(({ name, settings }) => [name, settings]),
    [
      [`HKLM\\${SETTING_SYNC}`, [{ policy: 'DisableNewerSettingSync', value: 2 }]],
      [`HKLM\\${OWN_KEY}`, [{ policy: 'SomethingNewer', value: 3 }]],
    ],
  );
  assert.deepEqual(
    problems.map(({ code, facts }) => `${code} ${facts?.['policy']}`),
    ['policyUnknown BackupIntervalDays', 'policyUnknown DisableNewerSettingSync', 'policyUnknown SomethingNewer'],
  );
});

test('capitals and small letters are the same in keys and names', () => {
  const { documents } = read([
    value('SOFTWARE\\policies\\microsoft\\windows\\settingsync', 'ENABLEWINDOWSBACKUP', 1),
    value(SETTING_SYNC.toUpperCase(), 'disableSettingSync', 2),
    value(SETTING_SYNC.toUpperCase(), 'disableSettingSyncUSEROVERRIDE', 0),
  ]);

  assert.deepEqual(documents[0]?.settings, [
    { policy: 'EnableWindowsBackup', value: true },
    { policy: 'DisableSettingSync', value: 'off' },
  ]);
});

test('the order of values never matters, and what is read never throws', () => {
  const names = POLICIES.flatMap((definition) => [definition.name, overrideValueOf(definition)]);
  const anyValue = fc.record({
    key: fc.constantFrom(...REGISTRY_KEYS),
    name: fc.constantFrom(...names),
    type: fc.constantFrom<RegistryType>('REG_DWORD', 'REG_SZ', 'REG_MULTI_SZ'),
    data: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.string(), fc.array(fc.webUrl())),
  });
  const distinct = { selector: ({ key, name }: RegistryValue) => `${key}\\${name}` };
  fc.assert(
    fc.property(fc.uniqueArray(anyValue, distinct), (values) => {
      assert.deepEqual(read(values.toReversed()), read(values));
    }),
  );
});
