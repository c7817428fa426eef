/**
 * What came of the restore page on a device: one of six words, or none yet.
 *
 * Asked in this order: could it have been shown at all, was it switched on for this device when it enrolled, what did
 * the person choose and what came of that, was there anything to choose. A restore that was undone or is under way is no
 * outcome: the person may still decide.
 *
 * Pure: no I/O, no clock. Source: product.md R10, R8, R9; microsoft-facts.md, section 4.
 */

import { type JoinType, mayRestoreAtSetup, type ProvisioningMode } from './device.ts';
import type { Reason } from './reasons.ts';

/** In Intune's words: Not Applicable, No policy assigned, Succeeded, Failed, No Backup Profiles, Setup as New PC Selected. */
export const SETUP_OUTCOMES = [
  'notApplicable',
  'noPolicyAssigned',
  'succeeded',
  'failed',
  'noBackupProfiles',
  'setupAsNewPCSelected',
] as const;
export type SetupOutcome = (typeof SETUP_OUTCOMES)[number];

/** Of the newest choice on the device. */
export const SESSION_OUTCOMES = ['running', 'succeeded', 'failed', 'undone', 'replaced', 'setUpAsNew'] as const;
export type SessionOutcome = (typeof SESSION_OUTCOMES)[number];

export interface SetupFacts {
  readonly joinType: JoinType;
  readonly provisioning: ProvisioningMode;
  /** Why this device may not restore during its setup (eligibility.ts); only what its system is counts here. */
  readonly reasons: readonly Reason[];
  /** "Show restore page" for this device, as it was at enrollment. */
  readonly restorePageAtEnrollment: boolean;
  /** Undefined when nothing was ever chosen. */
  readonly newestChoice: SessionOutcome | undefined;
  /** The device asked what there is to restore, and there was nothing. */
  readonly foundNoProfiles: boolean;
}

/** About the system itself, which no switch changes. */
const SYSTEM_REASONS: readonly Reason['code'][] = ['notSupported', 'buildTooOld', 'familyTooOld', 'editionAtSetup'];

export function setupOutcomeOf(facts: SetupFacts): SetupOutcome | undefined {
  const { joinType, provisioning, reasons, newestChoice } = facts;
  const isSupported = !reasons.some(({ code }) => SYSTEM_REASONS.includes(code));
  if (joinType !== 'joined' || !mayRestoreAtSetup(provisioning) || !isSupported) return 'notApplicable';
  if (!facts.restorePageAtEnrollment) return 'noPolicyAssigned';
  if (newestChoice === 'succeeded' || newestChoice === 'failed') return newestChoice;
  if (newestChoice === 'setUpAsNew') return 'setupAsNewPCSelected';
  if (newestChoice === undefined && facts.foundNoProfiles) return 'noBackupProfiles';
  return undefined;
}
