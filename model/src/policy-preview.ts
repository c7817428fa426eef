/**
 * What administrators ask about policies before they save one, and about one device.
 *
 *   GET  /beta/carryover/devices/{id}/policy?userId=   -> DevicePolicy; without userId: of the person who enrolled it
 *   POST /beta/carryover/policyPreview                 PolicyChange -> PolicyPreview; changes nothing
 *   GET  /beta/carryover/policyConflicts               -> PolicyConflicts: what saved documents answer differently
 *
 * Pure shapes.
 */

import type { AssignmentTarget } from './assignment.ts';
import type { EffectivePolicy, Origin } from './policy.ts';
import type { SettingInstance } from './policy-catalog.ts';
import type { Explained } from './policy-explain.ts';
import type { DecisionMember } from './policy-merge.ts';
import type { OmaSetting } from './policy-oma.ts';

export interface DevicePolicy {
  readonly deviceId: string;
  readonly deviceName: string;
  /** Null when that account is gone. */
  readonly person: { readonly id: string; readonly displayName: string; readonly userPrincipalName: string } | null;
  readonly policy: EffectivePolicy;
  readonly explained: Explained;
  /** Names of the groups that `explained` speaks of, by id. */
  readonly groups: Readonly<Record<string, string>>;
}

/** A document as it would be: in place of the one with this id, or a new one. */
export interface PolicyChange {
  readonly id?: string;
  readonly name: string;
  /** Of a settings catalog policy. */
  readonly settings?: readonly { readonly settingInstance: SettingInstance }[];
  /** Of a custom policy. */
  readonly omaSettings?: readonly OmaSetting[];
  readonly targets: readonly AssignmentTarget[];
  /** The document goes away; nothing else of it counts then. */
  readonly removed?: boolean;
  /** A device to be shown in detail. */
  readonly deviceId?: string;
}

export interface PolicyPreview {
  /** Devices that are enrolled. */
  readonly devices: number;
  /** How many of them the document would reach. */
  readonly reached: number;
  /** Devices on which anything would change. */
  readonly changed: number;
  /** Each decision that would become another one, most devices first. */
  readonly changes: readonly PolicyDifference[];
  /** Decisions of this document that a stricter one overrules, or that overrule another. */
  readonly conflicts: readonly PreviewConflict[];
  /** Names in the document that are not known. */
  readonly unknown: readonly string[];
  /** The device that was asked for; null when it is not there. */
  readonly onDevice: { readonly deviceName: string; readonly changes: readonly ValueChange[] } | null;
}

export interface ValueChange {
  readonly member: DecisionMember;
  readonly from: unknown;
  readonly to: unknown;
}

export interface PolicyDifference extends ValueChange {
  readonly devices: number;
  /** At most 5, by name. */
  readonly examples: readonly PreviewDevice[];
}

export interface PreviewDevice {
  readonly deviceId: string;
  readonly deviceName: string;
  readonly person: string | null;
}

export interface PreviewConflict {
  readonly member: DecisionMember;
  readonly kept: { readonly origin: Origin; readonly value: unknown };
  readonly overruled: readonly { readonly origin: Origin; readonly value: unknown }[];
  readonly devices: number;
}

export interface PolicyConflicts {
  /** Each decision on which documents that reach the same device disagree, most devices first. */
  readonly conflicts: readonly PreviewConflict[];
}

/** `error.innerError.details` of a change of a policy that came too late (412). */
export interface LastChange {
  /** Name of the person; missing where no person did it or the account is gone. */
  readonly changedBy?: string;
  readonly changedAt?: string;
}
