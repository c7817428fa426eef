/** Which decision remains: every policy in every state from every source, and any two documents in any order. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULTS, effectivePolicy, POLICY_SOURCES, type PolicySource } from './policy.ts';
import { LIMIT_VALUES, POLICIES, type PolicyDefinition, type PolicyValue } from './policy-definitions.ts';
import { mergePolicies, type PolicyDocument, type PolicySetting } from './policy-merge.ts';
import { CATEGORIES } from './setting.ts';

const FACTS = { version: 1, organization: 'Auental County', restorePageAtEnrollment: false };
const decided = (...documents: PolicyDocument[]) => effectivePolicy(mergePolicies(documents).decisions, FACTS);
const saying = (policy: string, value: PolicyValue, source: PolicySource = 'service', name = 'A'): PolicyDocument => ({
  source,
  name,
  settings: [{ policy, value }],
});

/** What a policy makes of the defaults, written down apart from the definitions: the word on the left is enough to decide. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  EnableWindowsBackup: { true: { backupEnabled: true }, false: { backupEnabled: false } },
  EnableWindowsRestore: { true: { restoreEnabled: true }, false: { restoreEnabled: false } },
  EnableRoaming: { true: { roamingEnabled: true }, false: { roamingEnabled: false } },
  DisableSyncOnPaidNetwork: { true: { meteredAllowed: false }, false: { meteredAllowed: true } },
  AllowImages: { true: { imagesAllowed: true }, false: { imagesAllowed: false } },
  AllowSecrets: { true: { secretsAllowed: true }, false: { secretsAllowed: false } },
  AllowRunsCode: { true: { runsCodeAllowed: true }, false: { runsCodeAllowed: false } },
  InstallQualityUpdates: { true: { installQualityUpdates: true }, false: { installQualityUpdates: false } },
  BackupIntervalDays: { 4: { backupIntervalDays: 4 } },
  BackupSpreadHours: { 48: { spreadHours: 48 } },
  KeptSnapshots: { 5: { keptSnapshots: 5 } },
  StaleAfterDays: { 14: { staleAfterDays: 14 } },
  AllowedAppSources: { 'https://apps.example/repo': { allowedAppSources: ['https://apps.example/repo'] } },
  ...Object.fromEntries(
    Object.entries({
      DisableSettingSync: ['accessibility', 'accounts', 'personalization', 'language', 'other'],
      DisableApplicationSettingSync: ['apps'],
      DisableAccessibilitySettingSync: ['accessibility'],
      DisableCredentialsSettingSync: ['accounts'],
      DisablePersonalizationSettingSync: ['personalization'],
      DisableLanguageSettingSync: ['language'],
      DisableWindowsSettingSync: ['other'],
      DisableAppSyncSettingSync: [],
      DisableDesktopThemeSettingSync: [],
      DisableStartLayoutSettingSync: [],
      DisableWebBrowserSettingSync: [],
    }).map(([name, categories]) => [
      name,
      Object.fromEntries(
        LIMIT_VALUES.map((rule) => [
          rule,
          { categories: { ...DEFAULTS.categories, ...Object.fromEntries(categories.map((one) => [one, rule])) } },
        ]),
      ),
    ]),
  ),
};
const BLOCKERS = [
  'EnableActivityFeed',
  'PublishUserActivities',
  'UploadUserActivities',
  'EnableCDP',
  'AllowConnectedDevices',
];

function valueFrom({ kind }: PolicyDefinition, written: string): PolicyValue {
  if (kind === 'switch') return written === 'true';
  if (kind === 'number') return Number(written);
  return kind === 'list' ? [written] : (written as PolicyValue);
}

test('every policy is written down here, and no other', () => {
  assert.deepEqual(POLICIES.map(({ name }) => name).toSorted(), [...Object.keys(EXPECTED), ...BLOCKERS].toSorted());
});

for (const definition of POLICIES)
  for (const source of POLICY_SOURCES) {
    const { name } = definition;
    for (const [written, changes] of Object.entries(EXPECTED[name] ?? {}))
      test(`${name} ${written} by ${source} decides what it is for, and nothing else`, () => {
        const policy = decided(saying(name, valueFrom(definition, written), source, 'Of the county'));
        const { origins, ...rest } = policy;
        const { origins: none, ...untouched } = effectivePolicy({}, FACTS);
        assert.deepEqual(none, {});
        assert.deepEqual(rest, { ...untouched, ...changes });
        for (const origin of Object.values(origins)) assert.deepEqual(origin, { source, policy: 'Of the county' });
      });
    if (BLOCKERS.includes(name))
      test(`${name} from ${source} blocks while it is Disabled, and only then`, () => {
        const origin = { source, policy: 'A' };
        assert.deepEqual(decided(saying(name, false, source)).blockers, [{ policy: name, origin }]);
        assert.deepEqual(decided(saying(name, true, source)).blockers, []);
        assert.deepEqual(decided().blockers, []);
      });
  }

test('what nobody decided is the default, and has no origin', () => {
  const { version, organization, restorePageAtEnrollment, blockers, origins, ...rest } = decided();
  assert.deepEqual(rest, DEFAULTS);
  assert.deepEqual([blockers, origins], [[], {}]);
});

test('of two that disagree the stricter wins, and the conflict names both', () => {
  const on = saying('EnableWindowsBackup', true, 'service', 'On');
  const off = saying('EnableWindowsBackup', false, 'groupPolicy', 'Off');
  const { decisions, conflicts } = mergePolicies([on, off]);

  assert.equal(decisions.backupEnabled, false);
  assert.deepEqual(decisions.origins?.['backupEnabled'], { source: 'groupPolicy', policy: 'Off' });
  assert.deepEqual(
    conflicts.map(({ member, kept, overruled }) => [
      member,
      kept.origin.policy,
      overruled.map(({ origin }) => origin.policy),
    ]),
    [['backupEnabled', 'Off', ['On']]],
  );
});

const STRICTER: readonly (readonly [string, PolicyValue, PolicyValue])[] = [
  ['DisableCredentialsSettingSync', 'off', 'on'],
  ['DisableCredentialsSettingSync', 'locked', 'off'],
  ['BackupIntervalDays', 8, 4],
  ['BackupSpreadHours', 48, 24],
  ['KeptSnapshots', 3, 12],
  ['StaleAfterDays', 7, 30],
  ...POLICIES.filter(({ kind, category }) => kind === 'switch' && category !== 'windows').map(
    ({ name }) => [name, name === 'DisableSyncOnPaidNetwork', name !== 'DisableSyncOnPaidNetwork'] as const,
  ),
];
for (const [policy, strict, lax] of STRICTER)
  test(`${policy}: ${strict} is stricter than ${lax}`, () => {
    const [a, b] = [saying(policy, strict), saying(policy, lax, 'service', 'B')];
    const { decisions } = mergePolicies([b, a]);
    assert.deepEqual({ ...decisions, origins: {} }, { ...mergePolicies([a]).decisions, origins: {} });
  });

test('of two lists of app sources, what both name remains', () => {
  const [a, b, c] = ['https://a.example/', 'https://b.example/', 'https://c.example/'];
  const merged = mergePolicies([
    saying('AllowedAppSources', [a, b]),
    saying('AllowedAppSources', [c, b], 'policyFile', 'B'),
  ]);
  assert.deepEqual(merged.decisions.allowedAppSources, [b]);
  assert.equal(merged.conflicts.length, 1);
});

test('two that say the same are no conflict', () => {
  const { conflicts } = mergePolicies([
    saying('EnableWindowsBackup', true),
    saying('EnableWindowsBackup', true, 'policyFile', 'B'),
  ]);
  assert.deepEqual(conflicts, []);
});

test('a policy that is not known decides nothing', () => {
  assert.deepEqual(decided(saying('EnableTimeTravel', true)), effectivePolicy({}, FACTS));
});

const anySetting = fc.constantFrom(...POLICIES).chain(
  ({ name, kind, range }): fc.Arbitrary<PolicySetting> =>
    fc.record({
      policy: fc.constant(name),
      value:
        kind === 'switch'
          ? fc.boolean()
          : kind === 'limit'
            ? fc.constantFrom(...LIMIT_VALUES)
            : kind === 'number'
              ? fc.integer({ min: range?.from ?? 0, max: range?.to ?? 0 })
              : fc.subarray(['https://a.example/', 'https://b.example/', 'https://c.example/']),
    }),
);
const anyDocuments = fc.array(
  fc.record({
    source: fc.constantFrom(...POLICY_SOURCES),
    name: fc.constantFrom('A', 'B', 'C'),
    settings: fc.array(anySetting, { maxLength: 6 }),
  }),
  { maxLength: 6 },
);

test('the order of documents never matters', () => {
  fc.assert(
    fc.property(
      anyDocuments.chain((documents) =>
        fc.tuple(fc.constant(documents), fc.shuffledSubarray(documents, { minLength: documents.length })),
      ),
      ([documents, shuffled]) => {
        const [one, other] = [mergePolicies(documents), mergePolicies(shuffled)];
        assert.deepEqual(one.decisions, other.decisions);
        assert.deepEqual(new Set(one.conflicts.map(sign)), new Set(other.conflicts.map(sign)));
      },
    ),
  );
});
const sign = (value: unknown) => JSON.stringify(value);

test('a further document never makes a decision that was taken laxer', () => {
  fc.assert(
    fc.property(anyDocuments, anyDocuments, (documents, more) => {
      const before = mergePolicies(documents);
      const after = effectivePolicy(mergePolicies([...documents, ...more]).decisions, FACTS);
      const held = before.decisions;
      if (held.backupEnabled === false) assert.equal(after.backupEnabled, false);
      if (held.restoreEnabled === false) assert.equal(after.restoreEnabled, false);
      if (held.secretsAllowed === false) assert.equal(after.secretsAllowed, false);
      for (const category of CATEGORIES)
        if (held.categories?.[category] === 'locked') assert.equal(after.categories[category], 'locked');
      assert.ok(after.backupIntervalDays >= (held.backupIntervalDays ?? 0));
      assert.ok(
        after.keptSnapshots <= (held.keptSnapshots ?? DEFAULTS.keptSnapshots) || held.keptSnapshots === undefined,
      );
      for (const { policy } of held.blockers ?? []) assert.ok(after.blockers.some((one) => one.policy === policy));
    }),
  );
});
