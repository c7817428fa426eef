/**
 * The Autopilot profile as Graph beta shows it, and how it has a PC set up.
 *
 * Graph has an older and a newer spelling of some members, and scripts use both: either is taken, one is stored, both are
 * shown. Only profiles that join PCs to the organization itself are taken: what a profile for an Active Directory domain
 * does on the way is nothing that this service could do.
 *
 * Source: Graph beta, azureADWindowsAutopilotDeploymentProfile; graph-api.md, section 6.
 */

import type { ProvisioningMode } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import { type Static, Type } from 'typebox';
import { etagOf } from '../http/etag.ts';
import type { PolicyRow } from '../policies/store.ts';

export const AUTOPILOT_PROFILE_TYPE = '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile';

const DeviceUsage = Type.Enum(['singleUser', 'shared'], {
  description: 'singleUser: a person signs in during the set-up. shared: the PC sets itself up.',
});
const UserType = Type.Enum(['administrator', 'standard']);

const Experience = Type.Object(
  {
    '@odata.type': Type.Optional(Type.String({ maxLength: 200 })),
    deviceUsageType: Type.Optional(DeviceUsage),
    userType: Type.Optional(UserType),
    privacySettingsHidden: Type.Optional(Type.Boolean()),
    eulaHidden: Type.Optional(Type.Boolean()),
    keyboardSelectionPageSkipped: Type.Optional(Type.Boolean()),
    escapeLinkHidden: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** The older spelling of the same. */
const OlderExperience = Type.Object(
  {
    '@odata.type': Type.Optional(Type.String({ maxLength: 200 })),
    deviceUsageType: Type.Optional(DeviceUsage),
    userType: Type.Optional(UserType),
    hidePrivacySettings: Type.Optional(Type.Boolean()),
    hideEULA: Type.Optional(Type.Boolean()),
    skipKeyboardSelectionPage: Type.Optional(Type.Boolean()),
    hideEscapeLink: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

export const AutopilotProfileBody = Type.Object(
  {
    '@odata.type': Type.Literal(AUTOPILOT_PROFILE_TYPE),
    displayName: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])),
    locale: Type.Optional(Type.Union([Type.String({ maxLength: 50 }), Type.Null()])),
    language: Type.Optional(Type.Union([Type.String({ maxLength: 50 }), Type.Null()])),
    deviceNameTemplate: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Null()])),
    deviceType: Type.Optional(Type.Literal('windowsPc')),
    preprovisioningAllowed: Type.Optional(Type.Boolean()),
    enableWhiteGlove: Type.Optional(Type.Boolean()),
    hardwareHashExtractionEnabled: Type.Optional(Type.Boolean()),
    extractHardwareHash: Type.Optional(Type.Boolean()),
    roleScopeTagIds: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 })),
    outOfBoxExperienceSetting: Type.Optional(Experience),
    outOfBoxExperienceSettings: Type.Optional(OlderExperience),
  },
  { additionalProperties: false },
);
type Given = Static<typeof AutopilotProfileBody>;

/** A change names what it changes; its type may be left out. */
export const AutopilotProfilePatch = Type.Partial(AutopilotProfileBody);
type Change = Static<typeof AutopilotProfilePatch>;

/** As it is stored: one spelling, nothing left open. */
export interface AutopilotProfile {
  readonly displayName: string;
  readonly description: string;
  readonly locale: string;
  readonly deviceNameTemplate: string;
  readonly preprovisioningAllowed: boolean;
  readonly hardwareHashExtractionEnabled: boolean;
  readonly roleScopeTagIds: readonly string[];
  readonly outOfBoxExperienceSetting: {
    readonly deviceUsageType: 'singleUser' | 'shared';
    readonly userType: 'administrator' | 'standard';
    readonly privacySettingsHidden: boolean;
    readonly eulaHidden: boolean;
    readonly keyboardSelectionPageSkipped: boolean;
    readonly escapeLinkHidden: boolean;
  };
}

const NEW: AutopilotProfile = {
  displayName: '',
  description: '',
  locale: '',
  deviceNameTemplate: '',
  preprovisioningAllowed: false,
  hardwareHashExtractionEnabled: false,
  roleScopeTagIds: ['0'],
  outOfBoxExperienceSetting: {
    deviceUsageType: 'singleUser',
    userType: 'administrator',
    privacySettingsHidden: false,
    eulaHidden: false,
    keyboardSelectionPageSkipped: false,
    escapeLinkHidden: false,
  },
};

/** `before` with what `given` names. Errors: invalidRequest that names a member whose two spellings disagree. */
export function profileFrom(given: Given | Change, before: AutopilotProfile = NEW): AutopilotProfile {
  const { outOfBoxExperienceSetting: newer = {}, outOfBoxExperienceSettings: older = {} } = given;
  const was = before.outOfBoxExperienceSetting;
  return {
    displayName: given.displayName ?? before.displayName,
    description: textOr(given.description, before.description),
    locale: textOr(agreed('locale', given.locale, given.language), before.locale),
    deviceNameTemplate: textOr(given.deviceNameTemplate, before.deviceNameTemplate),
    preprovisioningAllowed:
      agreed('preprovisioningAllowed', given.preprovisioningAllowed, given.enableWhiteGlove) ??
      before.preprovisioningAllowed,
    hardwareHashExtractionEnabled:
      agreed('hardwareHashExtractionEnabled', given.hardwareHashExtractionEnabled, given.extractHardwareHash) ??
      before.hardwareHashExtractionEnabled,
    roleScopeTagIds: given.roleScopeTagIds ?? before.roleScopeTagIds,
    outOfBoxExperienceSetting: {
      deviceUsageType:
        agreed(inExperience('deviceUsageType'), newer.deviceUsageType, older.deviceUsageType) ?? was.deviceUsageType,
      userType: agreed(inExperience('userType'), newer.userType, older.userType) ?? was.userType,
      privacySettingsHidden:
        agreed(inExperience('privacySettingsHidden'), newer.privacySettingsHidden, older.hidePrivacySettings) ??
        was.privacySettingsHidden,
      eulaHidden: agreed(inExperience('eulaHidden'), newer.eulaHidden, older.hideEULA) ?? was.eulaHidden,
      keyboardSelectionPageSkipped:
        agreed(
          inExperience('keyboardSelectionPageSkipped'),
          newer.keyboardSelectionPageSkipped,
          older.skipKeyboardSelectionPage,
        ) ?? was.keyboardSelectionPageSkipped,
      escapeLinkHidden:
        agreed(inExperience('escapeLinkHidden'), newer.escapeLinkHidden, older.hideEscapeLink) ?? was.escapeLinkHidden,
    },
  };
}

function inExperience(member: keyof AutopilotProfile['outOfBoxExperienceSetting']): string {
  return `outOfBoxExperienceSetting.${member}`;
}

/** Graph clears a text with null. */
function textOr(given: string | null | undefined, before: string): string {
  return given === undefined ? before : (given ?? '');
}

function agreed<Value>(name: string, newer: Value | undefined, older: Value | undefined): Value | undefined {
  if (newer !== undefined && older !== undefined && newer !== older)
    throw new KnownError('invalidRequest', `"${name}" says two things, in its newer and its older spelling.`, {
      inner: 'twoSpellings',
      details: { property: `body.${name}` },
    });
  return newer ?? older;
}

/**
 * How a PC with this profile is set up. A profile that allows pre-provisioning counts as pre-provisioned: whether a
 * technician did it is nothing that the service sees, and a restore offered to nobody is worse than none.
 */
export function modeOf(profile: Pick<AutopilotProfile, 'preprovisioningAllowed' | 'outOfBoxExperienceSetting'>) {
  if (profile.outOfBoxExperienceSetting.deviceUsageType === 'shared') return 'selfDeploying';
  return (profile.preprovisioningAllowed ? 'preProvisioned' : 'userDriven') satisfies ProvisioningMode;
}

export function bodyOf({ body }: Pick<PolicyRow, 'body'>): AutopilotProfile {
  return JSON.parse(body) as AutopilotProfile;
}

/** As Graph shows it, in both spellings. */
export function toAutopilotProfile(row: PolicyRow): object {
  const profile = bodyOf(row);
  const { outOfBoxExperienceSetting: experience, locale, preprovisioningAllowed } = profile;
  return {
    '@odata.type': AUTOPILOT_PROFILE_TYPE,
    '@odata.etag': etagOf(Number(row.version)),
    id: row.policy_id,
    ...profile,
    language: locale,
    enableWhiteGlove: preprovisioningAllowed,
    extractHardwareHash: profile.hardwareHashExtractionEnabled,
    deviceType: 'windowsPc',
    outOfBoxExperienceSettings: {
      hidePrivacySettings: experience.privacySettingsHidden,
      hideEULA: experience.eulaHidden,
      userType: experience.userType,
      deviceUsageType: experience.deviceUsageType,
      skipKeyboardSelectionPage: experience.keyboardSelectionPageSkipped,
      hideEscapeLink: experience.escapeLinkHidden,
    },
    createdDateTime: moment(row.created_at),
    lastModifiedDateTime: moment(row.modified_at),
  };
}

function moment(milliseconds: number | string): string {
  return Temporal.Instant.fromEpochMilliseconds(Number(milliseconds)).toString();
}
