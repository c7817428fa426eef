/**
 * The policy documents that Graph shows, as far as they decide something here.
 *
 * Two for now: the tenant's windowsRestoreDeviceEnrollmentConfiguration, and configuration policies that hold the one
 * setting "Enable Windows Backup". A document is kept as it was given, so that what is not understood yet is not lost.
 *
 * Source: Graph beta, deviceManagement/deviceEnrollmentConfigurations and deviceManagement/configurationPolicies.
 */

import { type Static, Type } from 'typebox';

const RESTORE_STATES = ['notConfigured', 'enabled', 'disabled'] as const;
export type RestoreState = (typeof RESTORE_STATES)[number];

export const WINDOWS_RESTORE_TYPE = '#microsoft.graph.windowsRestoreDeviceEnrollmentConfiguration';

export const ENABLE_WINDOWS_BACKUP = 'device_vendor_msft_policy_config_settingssync_enablewindowsbackup';

const ChoiceValue = Type.Object(
  {
    '@odata.type': Type.Optional(Type.String()),
    value: Type.Enum([`${ENABLE_WINDOWS_BACKUP}_1`, `${ENABLE_WINDOWS_BACKUP}_0`], {
      description: `"${ENABLE_WINDOWS_BACKUP}_1" switches backup on, "…_0" off.`,
    }),
    children: Type.Optional(Type.Array(Type.Unknown())),
  },
  { additionalProperties: false },
);

const SettingInstance = Type.Object(
  {
    '@odata.type': Type.Literal('#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance'),
    settingDefinitionId: Type.Literal(ENABLE_WINDOWS_BACKUP),
    choiceSettingValue: ChoiceValue,
  },
  { additionalProperties: false },
);

export const ConfigurationPolicyBody = Type.Object(
  {
    '@odata.type': Type.Optional(Type.String()),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Type.String({ maxLength: 1000 })),
    platforms: Type.Optional(Type.Enum(['windows10', 'linux', 'windows10,linux'])),
    technologies: Type.Optional(Type.String()),
    roleScopeTagIds: Type.Optional(Type.Array(Type.String())),
    settings: Type.Array(
      Type.Object(
        {
          '@odata.type': Type.Optional(Type.String()),
          id: Type.Optional(Type.String()),
          settingInstance: SettingInstance,
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1 },
    ),
  },
  { additionalProperties: false },
);
export type ConfigurationPolicyBody = Static<typeof ConfigurationPolicyBody>;

export const RestoreConfigurationPatch = Type.Object(
  { '@odata.type': Type.Literal(WINDOWS_RESTORE_TYPE), state: Type.Enum([...RESTORE_STATES]) },
  { additionalProperties: false },
);

/** What a configuration policy says of "Enable Windows Backup". */
export function backupDecision(body: ConfigurationPolicyBody): boolean {
  return body.settings.some(
    ({ settingInstance }) => settingInstance.choiceSettingValue.value === `${ENABLE_WINDOWS_BACKUP}_1`,
  );
}

/** Id of the one restore configuration of a tenant, as Intune forms it. */
export function restoreConfigurationId(tenantId: string): string {
  return `${tenantId}_WindowsRestore`;
}
