/** The rule when Carryover installs quality updates: the organization offers it, and they may mend what is in the way. */

import type { DeviceFacts } from '@carryover/model/device';
import { type Builds, type Eligibility, eligibility } from '@carryover/model/eligibility';
import { KnownError } from '@carryover/model/errors';
import type { Reason } from '@carryover/model/reasons';
import type { Client } from '../client/client.ts';
import type { State } from '../state/state.ts';

export interface TooOldParts {
  readonly state: State;
  device(): Promise<DeviceFacts>;
  /** The lowest versions that may back up and restore. */
  builds(): Promise<Builds>;
  client(): Promise<Client>;
}

/**
 * The first reason that quality updates may mend, by what the service says now; undefined when there is none.
 * Errors: notEnrolled; notAllowed with the reason when the organization does not offer it; those of the check-in.
 */
export async function whatIsTooOld(parts: TooOldParts): Promise<Reason | undefined> {
  const client = await parts.client();
  const device = await parts.device();
  const checkIn = await client.checkIn({ device, manifestFormat: 1 });
  const { policy } = checkIn;
  if (!policy.installQualityUpdates)
    throw new KnownError('notAllowed', 'Quality updates are not installed by Carryover on this PC.', {
      details: { reasons: [{ code: 'updatesNotOffered', facts: { org: policy.organization } }] },
    });
  const joinType = (await parts.state.read('enrollment'))?.joinType;
  // The service judges by its catalog and this PC by its own: either may know a gate that the other does not.
  const here = joinType === undefined ? undefined : eligibility({ device, joinType, policy }, await parts.builds());
  return mendable(checkIn.eligibility) ?? (here && mendable(here));
}

function mendable(judged: Eligibility): Reason | undefined {
  const { backup, restoreAtSetup, restoreAtFirstSignIn, restoreOnDemand } = judged;
  return [...backup, ...restoreAtSetup, ...restoreAtFirstSignIn, ...restoreOnDemand].find(isMendable);
}

export function isMendable({ remedy }: Reason): boolean {
  return remedy === 'installUpdates';
}
