/** Policies as the settings catalog and as OMA-URIs: every policy in every state, there and back; what is wrong or unknown. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from './errors.ts';
import { instanceOf, overrideIdOf, type SettingInstance, settingsFromCatalog } from './policy-catalog.ts';
import {
  LIMIT_VALUES,
  POLICIES,
  type PolicyDefinition,
  type PolicyValue,
  policyByOmaUri,
} from './policy-definitions.ts';
import { OMA_TYPES, type OmaSetting, type OmaType, settingsFromOma } from './policy-oma.ts';

function valuesOf({ kind, range }: PolicyDefinition): readonly PolicyValue[] {
  if (kind === 'switch') return [true, false];
  if (kind === 'limit') return LIMIT_VALUES;
  if (kind === 'number') return [range?.from ?? 0, range?.to ?? 0];
  return [[], ['https://apps.example/repo', 'file:///srv/apps']];
}

for (const definition of POLICIES)
  for (const value of valuesOf(definition))
    test(`${definition.name} = ${JSON.stringify(value)} goes into a settings catalog document and comes out again`, () => {
      const setting = { policy: definition.name, value };
      assert.deepEqual(settingsFromCatalog([instanceOf(setting)]), { settings: [setting], unknown: [] });
    });

test('the documents of Intune are understood as they are written', () => {
  const backup = 'device_vendor_msft_policy_config_settingssync_enablewindowsbackup';
  const passwords = 'device_vendor_msft_policy_config_admx_settingsync_disablecredentialssettingsync';
  const given: SettingInstance[] = [
    choice(backup, '_1'),
    choice(passwords, '_1', [choice(`${passwords}_checkbox_useroverride`, '_1')]),
  ];
  assert.deepEqual(settingsFromCatalog(given).settings, [
    { policy: 'EnableWindowsBackup', value: true },
    { policy: 'DisableCredentialsSettingSync', value: 'off' },
  ]);
});

test('a limit without the box beside it is locked', () => {
  const id = 'device_vendor_msft_policy_config_admx_settingsync_disablesettingsync';
  assert.deepEqual(settingsFromCatalog([choice(id, '_1')]).settings, [
    { policy: 'DisableSettingSync', value: 'locked' },
  ]);
});

test('a definition that is not known is kept apart, never taken for working', () => {
  const understood = settingsFromCatalog([choice('device_vendor_msft_policy_config_camera_allowcamera', '_1')]);
  assert.deepEqual(understood, { settings: [], unknown: ['device_vendor_msft_policy_config_camera_allowcamera'] });
});

test('what a known definition does not take is refused with its place and what it takes', () => {
  const interval = instanceOf({ policy: 'BackupIntervalDays', value: 8 });
  const id = interval.settingDefinitionId;
  const [backup] = [instanceOf({ policy: 'EnableWindowsBackup', value: true })];
  const limit = instanceOf({ policy: 'DisableSettingSync', value: 'off' });
  const cases: readonly (readonly [SettingInstance[], string])[] = [
    [[{ ...interval, simpleSettingValue: { value: 0 } }], 'settings[0].settingInstance.simpleSettingValue.value'],
    [[{ ...interval, simpleSettingValue: { value: '8' } }], 'settings[0].settingInstance.simpleSettingValue.value'],
    [[choice(id, '_1')], 'settings[0].settingInstance.@odata.type'],
    [[backup, choice(backup.settingDefinitionId, '_2')], 'settings[1].settingInstance.choiceSettingValue.value'],
    [
      [{ ...limit, choiceSettingValue: { value: `${limit.settingDefinitionId}_1`, children: [backup] } }],
      'settings[0].settingInstance.choiceSettingValue.children[0].settingDefinitionId',
    ],
    [[backup, backup], 'settings'],
  ];
  for (const [instances, property] of cases)
    assert.throws(
      () => settingsFromCatalog(instances),
      (error) =>
        error instanceof KnownError && error.code === 'invalidRequest' && error.details['property'] === property,
      property,
    );
});

const BACKUP = './Device/Vendor/MSFT/Policy/Config/SettingsSync/EnableWindowsBackup';
const RESTORE = './Device/Vendor/MSFT/WindowsBackupAndRestore/EnableWindowsRestore';
const PASSWORDS = './Device/Vendor/MSFT/Policy/Config/ADMX_SettingSync/DisableCredentialsSettingSync';
const UNDERSTOOD: readonly (readonly [string, OmaType, unknown, string, PolicyValue])[] = [
  [BACKUP, '#microsoft.graph.omaSettingStringXml', btoa('<enabled/>'), 'EnableWindowsBackup', true],
  [BACKUP, '#microsoft.graph.omaSettingString', '<enabled/>', 'EnableWindowsBackup', true],
  [BACKUP, '#microsoft.graph.omaSettingString', ' <Disabled /> ', 'EnableWindowsBackup', false],
  [RESTORE, '#microsoft.graph.omaSettingBoolean', true, 'EnableWindowsRestore', true],
  [RESTORE, '#microsoft.graph.omaSettingBoolean', false, 'EnableWindowsRestore', false],
  [PASSWORDS, '#microsoft.graph.omaSettingString', '<disabled/>', 'DisableCredentialsSettingSync', 'on'],
  [PASSWORDS, '#microsoft.graph.omaSettingString', '<enabled/>', 'DisableCredentialsSettingSync', 'locked'],
  [
    PASSWORDS,
    '#microsoft.graph.omaSettingString',
    '<enabled/><data id="CheckBox_UserOverride" value="1"/>',
    'DisableCredentialsSettingSync',
    'off',
  ],
  [
    PASSWORDS,
    '#microsoft.graph.omaSettingString',
    "<enabled/> <data id='CheckBox_UserOverride' value='0'/>",
    'DisableCredentialsSettingSync',
    'locked',
  ],
  [
    './Device/Vendor/MSFT/Policy/Config/Privacy/UploadUserActivities',
    '#microsoft.graph.omaSettingInteger',
    0,
    'UploadUserActivities',
    false,
  ],
  [
    './Device/Vendor/Carryover/Policy/Config/BackupIntervalDays',
    '#microsoft.graph.omaSettingInteger',
    4,
    'BackupIntervalDays',
    4,
  ],
  [
    './Device/Vendor/Carryover/Policy/Config/AllowedAppSources',
    '#microsoft.graph.omaSettingString',
    'https://a.example/; https://b.example/',
    'AllowedAppSources',
    ['https://a.example/', 'https://b.example/'],
  ],
];
for (const [omaUri, type, value, policy, expected] of UNDERSTOOD)
  test(`${policy}: ${JSON.stringify(value)} as OMA-URI is ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(settingsFromOma([{ '@odata.type': type, omaUri, value }]).settings, [{ policy, value: expected }]);
  });

const REFUSED: readonly unknown[] = [
  'enabled',
  '<enabled/><disabled/>',
  '<enabled>',
  '',
  '<!DOCTYPE x [<!ENTITY e "x">]><enabled/>',
  '<enabled/>text',
  '<data id="a" value="1"/>',
  2,
  null,
  `<enabled/>${' '.repeat(4000)}`,
];
for (const value of REFUSED)
  test(`${JSON.stringify(value)?.slice(0, 60)} is refused for a policy that takes <enabled/> or <disabled/>`, () => {
    const setting: OmaSetting = { '@odata.type': '#microsoft.graph.omaSettingString', omaUri: BACKUP, value };
    assert.throws(
      () => settingsFromOma([setting]),
      (error) => error instanceof KnownError && error.details['property'] === 'omaSettings[0].value',
    );
  });

test('every kind of omaSetting is kept; what is not known is told apart', () => {
  for (const type of Object.keys(OMA_TYPES) as OmaType[])
    assert.deepEqual(settingsFromOma([{ '@odata.type': type, omaUri: './Vendor/MSFT/Other/Thing', value: 'x' }]), {
      settings: [],
      unknown: ['./Vendor/MSFT/Other/Thing'],
    });
});

test('every policy has spellings of its own', () => {
  for (const spelling of ['name', 'definitionId', 'omaUri'] as const)
    assert.equal(new Set(POLICIES.map((one) => one[spelling].toLowerCase())).size, POLICIES.length, spelling);
  const values = POLICIES.map(({ registry, name }) => `${registry.key}\\${registry.value ?? name}`.toLowerCase());
  assert.equal(new Set(values).size, POLICIES.length);
  for (const definition of POLICIES) {
    assert.equal(policyByOmaUri(definition.omaUri.toUpperCase()), definition);
    assert.notEqual(overrideIdOf(definition), definition.definitionId);
  }
});

function choice(id: string, option: string, children: readonly SettingInstance[] = []): SettingInstance {
  return {
    '@odata.type': '#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance',
    settingDefinitionId: id,
    choiceSettingValue: { value: `${id}${option}`, children },
  };
}
