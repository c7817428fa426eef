/**
 * Backup profiles: what a person chooses from, one a device of theirs.
 *
 * The door of this context. A deleted profile is gone from every answer at once; its keys are destroyed later.
 */

import { KnownError } from '@carryover/model/errors';
import { type BackupProfile, offeredProfiles } from '@carryover/model/profile';
import type { Reason } from '@carryover/model/reasons';
import type { Platform } from '@carryover/model/setting';
import type { Head, OfferedProfile } from '@carryover/model/wire';
import type { Store } from '../db/command.ts';
import { readFirst } from '../db/read.ts';
import type { Owner } from '../db/schema.ts';
import type { Keys } from '../keys/keys.ts';
import {
  addProfile,
  findProfileRow,
  findProfileRowOfDevice,
  hideAllProfiles,
  hideProfile,
  insertProfile,
  listDeviceFacts,
  listHiddenBefore,
  listOfferedRows,
  listProfileRows,
  profileHead,
  putNoProfiles,
  removeProfile,
} from './store.ts';

export { insertProfile, profileHead };

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
  const { profileId, deviceId, now } = profile;
  await store.write(addProfile, rowOwner(owner), { profileId, deviceId }, now.epochMilliseconds);
}

/** Undefined when it is not this person's or deleted. */
export async function findProfile(store: Store, owner: Owner, profileId: string): Promise<Profile | undefined> {
  return toProfile(await findProfileRow(store, owner, profileId));
}

/** The newest profile that the person has on a device. */
export async function findProfileOfDevice(store: Store, owner: Owner, deviceId: string): Promise<Profile | undefined> {
  return toProfile(await findProfileRowOfDevice(store, owner, deviceId));
}

export interface ProfileFacts extends Profile {
  readonly deviceName: string;
  readonly platform: Platform;
  readonly osName: string;
  readonly build: string;
  readonly createdAt: Temporal.Instant;
}

/** All of the person's profiles, by id, those without a backup among them. */
export async function listProfiles(store: Store, owner: Owner): Promise<ProfileFacts[]> {
  const rows = await listProfileRows(store, owner);
  const devices = await devicesOf(store, owner, rows);
  return rows.flatMap((row) => {
    const profile = toProfile(row);
    const device = devices.get(row.device_id);
    return profile === undefined || device === undefined
      ? []
      : [{ ...profile, ...device, createdAt: instant(row.created_at) }];
  });
}

/** What the service holds of a profile, null before the first backup; undefined when the profile is gone. */
export async function findHead(
  store: Store,
  { tenantId, userId }: Owner,
  profileId: string,
): Promise<{ readonly head: Head | null } | undefined> {
  const row = await readFirst(store, profileHead({ tenantId, userId, profileId }));
  return row && { head: headFrom(row) };
}

/** Null before the first backup. */
export function headFrom(row: {
  readonly head_seq: number;
  readonly head_mac: string;
  readonly last_backup_at: number | null;
}): Head | null {
  const { head_seq: seq, head_mac: mac, last_backup_at: lastBackupAt } = row;
  return seq === 0 ? null : { seq, mac, lastBackupAt: instant(lastBackupAt ?? 0).toString() };
}

/** The person's profiles that have a snapshot to offer, best first for this device; the first is recommended. */
export async function listOffered(
  store: Store,
  owner: Owner,
  device: { readonly platform: Platform; readonly formerProfileId?: string | undefined },
): Promise<OfferedProfile[]> {
  const rows = await listOfferedRows(store, owner);
  const devices = await devicesOf(store, owner, rows);
  const profiles = rows
    .filter((row) => row.seq === row.default_seq)
    .flatMap((row): BackupProfile[] => {
      const facts = devices.get(row.device_id);
      if (facts === undefined) return [];
      const { deviceName, platform, osName } = facts;
      return [
        {
          id: row.profile_id,
          deviceId: row.device_id,
          deviceName,
          platform,
          osName,
          lastBackupAt: instant(row.last_backup_at ?? 0),
          settingCount: row.setting_count,
          appCount: row.app_count,
          defaultSeq: row.default_seq,
          headSeq: row.head_seq,
        },
      ];
    });
  const newest = new Map(rows.filter((row) => row.seq === row.head_seq).map((row) => [row.profile_id, row]));
  return offeredProfiles(profiles, device).map((profile, at) => {
    const reason = noteOn(newest.get(profile.id));
    return {
      ...profile,
      lastBackupAt: profile.lastBackupAt.toString(),
      recommended: at === 0,
      ...(profile.id === device.formerProfileId ? { samePc: true as const } : {}),
      ...(reason === undefined ? {} : { note: reason }),
    };
  });
}

/** Why the newest snapshot is kept but not offered. */
function noteOn(newest: { readonly thin: number; readonly state: string } | undefined): Reason | undefined {
  if (newest?.state === 'invalid') return { code: 'newestDamaged' };
  return newest?.thin === 1 ? { code: 'smallCapture' } : undefined;
}

/** Hides a profile and all that is in it, at once. Errors: itemNotFound. */
export async function deleteProfile(
  store: Store,
  owner: Owner,
  profileId: string,
  now: Temporal.Instant,
): Promise<void> {
  const hidden = await store.write(hideProfile, rowOwner(owner), profileId, now.epochMilliseconds);
  if (!hidden) throw noSuchProfile();
}

/**
 * Hides all of a person's profiles; none is fine. Returns how many. A device of theirs gets a new one when it checks in.
 */
export async function deleteAllProfiles(store: Store, owner: Owner, now: Temporal.Instant): Promise<number> {
  return await store.write(hideAllProfiles, rowOwner(owner), now.epochMilliseconds);
}

/**
 * Destroys a profile: it is hidden, its keys are destroyed, then its rows are removed. May be interrupted and repeated.
 *
 * Errors: itemNotFound.
 */
export async function eraseProfile(
  { store, keys }: Destroying,
  owner: Owner,
  profileId: string,
  now: Temporal.Instant,
): Promise<void> {
  await store.write(hideProfile, rowOwner(owner), profileId, now.epochMilliseconds);
  await keys.destroyProfile(owner, profileId, now);
  const removed = await store.write(removeProfile, rowOwner(owner), profileId);
  if (!removed) throw noSuchProfile();
}

export interface Destroying {
  readonly store: Store;
  readonly keys: Keys;
}

/** How long a deleted profile can still be brought back by the operator, in days. */
const GRACE_DAYS = 30;

/** Destroys what was deleted longer ago than the grace. Returns how many profiles. */
export async function destroyDeleted({ store, keys }: Destroying, now: Temporal.Instant): Promise<number> {
  const before = now.subtract({ hours: 24 * GRACE_DAYS });
  let destroyed = 0;
  for (;;) {
    const rows = await listHiddenBefore(store, before.epochMilliseconds);
    if (rows.length === 0) return destroyed;
    for (const row of rows) {
      const owner = { tenantId: row.tenant_id, userId: row.user_id };
      await keys.destroyProfile(owner, row.profile_id, now);
      await store.write(removeProfile, owner, row.profile_id);
      destroyed += 1;
    }
  }
}

interface DeviceFacts {
  readonly deviceName: string;
  readonly platform: Platform;
  readonly osName: string;
  readonly build: string;
}

async function devicesOf(
  store: Store,
  { tenantId }: Owner,
  rows: readonly { readonly device_id: string }[],
): Promise<Map<string, DeviceFacts>> {
  const ids = rows.map(({ device_id }) => device_id);
  const found = await listDeviceFacts(store, tenantId, ids);
  return new Map(
    found.map(({ device_id, name, platform, os_name, build }) => [
      device_id,
      { deviceName: name, platform: platform as Platform, osName: os_name, build },
    ]),
  );
}

function toProfile(row: Awaited<ReturnType<typeof findProfileRow>>): Profile | undefined {
  if (row === undefined) return undefined;
  return {
    profileId: row.profile_id,
    deviceId: row.device_id,
    headSeq: row.head_seq,
    defaultSeq: row.default_seq,
    lastBackupAt: row.last_backup_at === null ? undefined : instant(row.last_backup_at),
  };
}

/** Callers know more of a person than a row needs, and it all would cross to the writer. */
function rowOwner({ tenantId, userId }: Owner): Owner {
  return { tenantId, userId };
}

function instant(milliseconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds);
}

function noSuchProfile(): KnownError {
  return new KnownError('itemNotFound', 'There is no such backup profile.');
}

/**
 * Records that the device asked what there is to restore and there was nothing, the first time it happens.
 *
 * Source: R10, "No Backup Profiles".
 */
export async function noteNoProfiles(
  store: Store,
  { tenantId }: Pick<Owner, 'tenantId'>,
  deviceId: string,
  now: Temporal.Instant,
): Promise<void> {
  await store.write(putNoProfiles, tenantId, deviceId, now.epochMilliseconds);
}
