/**
 * What a person may do on a device right now: policy, preferences and eligibility, put together from the rows.
 *
 * Asked before every upload, offer and download: policy is never the agent's honesty alone.
 */

import type { JoinType, ProvisioningMode } from '@carryover/model/device';
import { type Builds, type Eligibility, eligibility } from '@carryover/model/eligibility';
import { KnownError } from '@carryover/model/errors';
import { type Place, placeReasons, type Served } from '@carryover/model/place';
import type { EffectivePolicy } from '@carryover/model/policy';
import { categoriesOffered, type Preferences } from '@carryover/model/preferences';
import { type Reason, wordsOf } from '@carryover/model/reasons';
import { CATEGORIES, type Category, type Platform } from '@carryover/model/setting';
import type { Store } from '../db/command.ts';
import { readFirst, readRows } from '../db/read.ts';
import { type Owner, ZERO_ID } from '../db/schema.ts';
import { localPolicyFrom } from '../policies/local-policy.ts';
import { effectivePolicyFor } from '../policies/policies.ts';
import { type StandingRows, standingQueries, switchesOf } from './rows.ts';

export interface Standing {
  readonly policy: EffectivePolicy;
  readonly preferences: Preferences;
  readonly eligibility: Eligibility;
  /** Categories that policy and person let a restore bring back. */
  readonly offered: readonly Category[];
  readonly device: {
    readonly deviceId: string;
    readonly platform: Platform;
    readonly joinType: JoinType;
    readonly formerDeviceId: string | undefined;
    readonly enrolledAt: Temporal.Instant;
  };
}

export interface StandingParts {
  readonly store: Store;
  readonly builds: Builds;
  /** What this deployment serves. */
  readonly served: Served;
}

/** Errors: itemNotFound when the organization has no such device; accessDenied (wrongRegion). */
export async function standingOf(parts: StandingParts, owner: Owner, deviceId: string): Promise<Standing> {
  const { store } = parts;
  const [facts, switched] = standingQueries(owner, deviceId);
  const [device, rows] = await Promise.all([readFirst(store, facts), readRows(store, switched)]);
  return standingFrom(parts, owner, { deviceId, device, switches: rows });
}

/** Errors: as standingOf. */
export async function standingFrom(
  { store, builds, served }: StandingParts,
  { tenantId, userId }: Owner,
  { deviceId, ...rows }: StandingRows & { readonly deviceId: string },
): Promise<Standing> {
  const row = rows.device;
  if (row === undefined) throw new KnownError('itemNotFound', 'There is no device with this id.');
  mustBeServed(row, served);
  const preferences = preferencesFrom(rows.switches, deviceId);
  const restorePageAtEnrollment = row.restore_page_at_enrollment === 1;
  const policy = await effectivePolicyFor(
    store,
    {
      tenantId,
      restorePageAtEnrollment,
      subject: { deviceId, userId },
      localPolicy: localPolicyFrom(row.local_policy),
    },
    row,
  );
  const joinType = row.join_type as JoinType;
  const platform = row.platform as Platform;
  return {
    policy,
    preferences,
    eligibility: eligibility(
      {
        device: { platform, build: row.build, osName: row.os_name, edition: row.edition },
        joinType,
        policy,
        provisioning: row.provisioning as ProvisioningMode,
      },
      builds,
    ),
    offered: categoriesOffered(policy, preferences),
    device: {
      deviceId,
      platform,
      joinType,
      formerDeviceId: row.former_device_id ?? undefined,
      enrolledAt: Temporal.Instant.fromEpochMilliseconds(Number(row.enrolled_at)),
    },
  };
}

/** The person's switches on this device; where it has none of its own, those for all devices. */
export async function preferencesOf(store: Store, owner: Owner, deviceId: string): Promise<Preferences> {
  const { tenantId, userId } = owner;
  return preferencesFrom(await readRows(store, switchesOf({ tenantId, userId, deviceId })), deviceId);
}

function preferencesFrom(rows: StandingRows['switches'], deviceId: string): Preferences {
  const general = rows.filter(({ device_id }) => device_id === ZERO_ID);
  const own = rows.filter(({ device_id }) => device_id === deviceId);
  return Object.fromEntries(
    [...general, ...own]
      .filter(({ toggle }) => (CATEGORIES as readonly string[]).includes(toggle))
      .map(({ toggle, state }) => [toggle, state === 'on' ? 'on' : 'off']),
  );
}

/**
 * Throws when the organization's data belongs elsewhere: nothing of it is taken in or given out here.
 *
 * Errors: accessDenied, inner "wrongRegion", details.reasons. Source: R15.
 */
export function mustBeServed(place: Place, served: Served): void {
  const [reason] = placeReasons(place, served);
  if (reason === undefined) return;
  const { reason: sentence, remedy } = wordsOf(reason);
  throw new KnownError('accessDenied', `${sentence} ${remedy}`, {
    inner: 'wrongRegion',
    details: { reasons: [reason] },
  });
}

/** Throws the refusal that an agent understands: it brings the policy along, so that the agent need not ask for it. */
export function mustBeAbleToBackUp({ policy, eligibility: { backup } }: Standing): void {
  if (backup.length > 0) throw refusal(policy, backup);
}

/** Errors (returned): accessDenied, inner "policy", details.policy and details.reasons. */
export function refusal(policy: EffectivePolicy, reasons: readonly Reason[]): KnownError {
  return new KnownError('accessDenied', 'The organization does not allow this now. The reasons say what to do.', {
    inner: 'policy',
    details: { policy, reasons },
  });
}
