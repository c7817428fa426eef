/**
 * The policy documents that Graph shows, and what they say here.
 *
 * Three for now: settings catalog policies, custom policies with OMA-URIs, and the tenant's own
 * windowsRestoreDeviceEnrollmentConfiguration. A document is kept as it was given, so that what is not understood is not
 * lost; what is known in it must be right before it is kept.
 *
 * Source: graph-api.md 3 to 5; Graph beta, deviceManagement/configurationPolicies, deviceConfigurations,
 * deviceEnrollmentConfigurations.
 */

import { type SettingInstance, settingsFromCatalog, type Understood } from '@carryover/model/policy-catalog';
import type { PolicyDocument } from '@carryover/model/policy-merge';
import { OMA_TYPES, type OmaSetting, settingsFromOma } from '@carryover/model/policy-oma';
import { type Static, Type } from 'typebox';
import { mustBeOfItsType } from './oma-values.ts';
import type { PolicyRow } from './store.ts';

const RESTORE_STATES = ['notConfigured', 'enabled', 'disabled'] as const;
export type RestoreState = (typeof RESTORE_STATES)[number];

export const WINDOWS_RESTORE_TYPE = '#microsoft.graph.windowsRestoreDeviceEnrollmentConfiguration';
export const CUSTOM_CONFIGURATION_TYPE = '#microsoft.graph.windows10CustomConfiguration';

/** More than any administrator writes by hand, little enough to read at once. */
const MAX_SETTINGS = 1000;

const Words = {
  description: Type.Optional(Type.String({ maxLength: 1000 })),
  roleScopeTagIds: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 })),
};
const Name = Type.String({ minLength: 1, maxLength: 200 });

export const ConfigurationPolicyBody = Type.Object(
  {
    '@odata.type': Type.Optional(Type.String({ maxLength: 200 })),
    name: Name,
    ...Words,
    platforms: Type.Optional(Type.Enum(['none', 'windows10', 'linux', 'windows10,linux'])),
    technologies: Type.Optional(Type.String({ maxLength: 200 })),
    templateReference: Type.Optional(Type.Unknown()),
    settings: Type.Array(
      Type.Object(
        {
          '@odata.type': Type.Optional(Type.String({ maxLength: 200 })),
          id: Type.Optional(Type.String({ maxLength: 100 })),
          // Whatever kind of instance it is; what it says is checked by policy-catalog.ts.
          settingInstance: Type.Object({
            '@odata.type': Type.String({ maxLength: 200 }),
            settingDefinitionId: Type.String({ minLength: 1, maxLength: 500 }),
          }),
        },
        { additionalProperties: false },
      ),
      { maxItems: MAX_SETTINGS },
    ),
  },
  { additionalProperties: false },
);
export type ConfigurationPolicyBody = Static<typeof ConfigurationPolicyBody>;

export const CustomConfigurationBody = Type.Object(
  {
    '@odata.type': Type.Literal(CUSTOM_CONFIGURATION_TYPE),
    displayName: Name,
    ...Words,
    omaSettings: Type.Array(
      Type.Object(
        {
          '@odata.type': Type.Enum(Object.keys(OMA_TYPES) as (keyof typeof OMA_TYPES)[]),
          displayName: Type.Optional(Type.String({ maxLength: 200 })),
          description: Type.Optional(Type.String({ maxLength: 1000 })),
          omaUri: Type.String({ minLength: 3, maxLength: 500, pattern: '^\\./' }),
          value: Type.Union([Type.String({ maxLength: 100_000 }), Type.Boolean(), Type.Number()]),
          fileName: Type.Optional(Type.String({ maxLength: 260 })),
          isEncrypted: Type.Optional(Type.Boolean()),
        },
        { additionalProperties: false },
      ),
      { maxItems: MAX_SETTINGS },
    ),
  },
  { additionalProperties: false },
);
export type CustomConfigurationBody = Static<typeof CustomConfigurationBody>;

export const RestoreConfigurationPatch = Type.Object(
  { '@odata.type': Type.Literal(WINDOWS_RESTORE_TYPE), state: Type.Enum([...RESTORE_STATES]) },
  { additionalProperties: false },
);

/** Id of the one restore configuration of a tenant, as Intune forms it. */
export function restoreConfigurationId(tenantId: string): string {
  return `${tenantId}_WindowsRestore`;
}

/** Errors: invalidRequest with details.property and details.allowed, see policy-catalog.ts. */
export function understoodPolicy({ settings }: Pick<ConfigurationPolicyBody, 'settings'>): Understood {
  return settingsFromCatalog(settings.map(({ settingInstance }) => settingInstance as SettingInstance));
}

/** Errors: invalidRequest with details.property and details.allowed, see policy-oma.ts. */
export function understoodCustom({ omaSettings }: Pick<CustomConfigurationBody, 'omaSettings'>): Understood {
  return settingsFromOma(omaSettings as readonly OmaSetting[]);
}

/** The same of one that is about to be stored. Errors: also for a value that is not of the type it names, see oma-values.ts. */
export function checkedCustom({ omaSettings }: Pick<CustomConfigurationBody, 'omaSettings'>): Understood {
  for (const [at, setting] of omaSettings.entries()) mustBeOfItsType(setting as OmaSetting, `omaSettings[${at}].value`);
  return understoodCustom({ omaSettings });
}

/** A stored document reduced to what it says, and what in it is not known. */
export interface ReadDocument {
  readonly document: PolicyDocument;
  readonly unknown: readonly string[];
}

/** What a stored document says. It was checked before it was stored. */
export function readDocument({
  policy_id,
  kind,
  name,
  body,
}: Pick<PolicyRow, 'policy_id' | 'kind' | 'name' | 'body'>): ReadDocument {
  const given: unknown = JSON.parse(body);
  const { settings, unknown } =
    kind === 'deviceConfiguration'
      ? understoodCustom(given as CustomConfigurationBody)
      : understoodPolicy(given as ConfigurationPolicyBody);
  return { document: { source: 'service', name, id: policy_id, settings }, unknown };
}
