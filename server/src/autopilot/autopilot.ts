/**
 * How a PC that enrolls was provisioned, by what the service itself knows: never by what the PC says of it.
 *
 * The profile of the enrollment token comes first (IT gave it to this very set-up), then the one that the registered PC
 * was given by itself, then the oldest that is assigned to it. A PC that IT did not register was set up by hand.
 *
 * Source: microsoft-facts.md, section 4; docs/decisions/2026-11-26-autopilot-profiles.md.
 */

import type { Provisioning } from '@carryover/model/device';
import type { Store } from '../db/command.ts';
import { findPolicy } from '../policies/store.ts';
import { assignedProfileOf } from './assignments.ts';
import { bodyOf, modeOf } from './documents.ts';
import { findIdentity } from './identities.ts';

export interface PcAtEnrollment {
  readonly tenantId: string;
  readonly userId: string;
  readonly machineHash: string;
  readonly serialNumber: string | undefined;
  /** Of the enrollment token that was shown. */
  readonly tokenProfileId: string | undefined;
}

export interface KnownPc {
  readonly provisioning: Provisioning;
  /** The registered PC that it is. */
  readonly identityId?: string;
}

export async function provisioningOf(store: Store, pc: PcAtEnrollment): Promise<KnownPc> {
  const { tenantId, userId } = pc;
  const identity = await findIdentity(store, pc);
  const known = identity === undefined ? {} : { identityId: identity.identityId };
  const ids = [pc.tokenProfileId, identity?.profileId];
  if (identity !== undefined)
    ids.push(await assignedProfileOf(store, { tenantId, userId, deviceId: identity.identityId }));
  for (const id of ids) {
    // A profile that was deleted since decides nothing.
    const row = id === undefined ? undefined : await findPolicy(store, tenantId, 'autopilotProfile', id);
    if (row === undefined) continue;
    return {
      ...known,
      provisioning: { mode: modeOf(bodyOf(row)), profileId: row.policy_id, profileName: row.name },
    };
  }
  return { ...known, provisioning: { mode: 'manual' } };
}
