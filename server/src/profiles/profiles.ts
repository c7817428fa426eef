/**
 * Backup profiles: what a person chooses from, one a device of theirs.
 *
 * The door of this context. A deleted profile is gone from every answer at once; its keys are destroyed later.
 */

import type { Platform } from '@carryover/model/setting';
import type { Head, OfferedProfile } from '@carryover/model/wire';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import { findProfileOfDevice, listProfiles, type ProfileFacts } from './facts.ts';

export { findProfileOfDevice, listProfiles, type ProfileFacts };

export interface Profile {
  readonly profileId: string;
  readonly deviceId: string;
  /** 0 before the first snapshot. */
  readonly headSeq: number;
  /** Newest snapshot that is good enough to offer; 0 when there is none. */
  readonly defaultSeq: number;
  readonly lastBackupAt: Temporal.Instant | undefined;
}

/** Makes the empty profile of a device just enrolled. Safe to repeat. */
export async function createProfile(
  store: Store,
  owner: Owner,
  profile: { readonly profileId: string; readonly deviceId: string; readonly now: Temporal.Instant },
): Promise<void> {
  throw new Error(`not built yet: ${store.dialect} ${owner.userId} ${profile.profileId}`);
}

/** Undefined when it is not this person's or deleted. */
export async function findProfile(store: Store, owner: Owner, profileId: string): Promise<Profile | undefined> {
  throw new Error(`not built yet: ${store.dialect} ${owner.userId} ${profileId}`);
}

/** What the service holds of a profile, for a check-in; null before the first backup. Errors: itemNotFound. */
export async function headOf(store: Store, owner: Owner, profileId: string): Promise<Head | null> {
  throw new Error(`not built yet: ${store.dialect} ${owner.userId} ${profileId}`);
}

/** The person's profiles that have a snapshot to offer, best first for this device; the first is recommended. */
export async function listOffered(
  store: Store,
  owner: Owner,
  device: { readonly platform: Platform; readonly formerProfileId?: string | undefined },
): Promise<OfferedProfile[]> {
  throw new Error(`not built yet: ${store.dialect} ${owner.userId} ${device.platform}`);
}

/** Hides a profile and all that is in it, at once. Errors: itemNotFound. */
export async function deleteProfile(
  store: Store,
  owner: Owner,
  profileId: string,
  now: Temporal.Instant,
): Promise<void> {
  throw new Error(`not built yet: ${store.dialect} ${owner.userId} ${profileId} ${now}`);
}

/** Hides all of a person's profiles; none is fine. Returns how many. The next backup of a device starts a new chain. */
export async function deleteAllProfiles(store: Store, owner: Owner, now: Temporal.Instant): Promise<number> {
  throw new Error(`not built yet: ${store.dialect} ${owner.userId} ${now}`);
}
