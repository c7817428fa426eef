/** The rows of backup profiles. */

import { command, firstOf, lockOwner, type Query, run, runAll, type Store, type Work } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { readFirst } from '../db/read.ts';
import { type Owner, ZERO_ID } from '../db/schema.ts';

/** A profile before its first snapshot. */
interface EmptyProfile {
  readonly profileId: string;
  readonly deviceId: string;
}

export const addProfile = command('addProfile', function* (owner: Owner, profile: EmptyProfile, now: number) {
  yield* insertProfile(owner, profile, now);
});

/** A part of commands that give a device its profile. Safe to repeat. */
export function* insertProfile({ tenantId, userId }: Owner, profile: EmptyProfile, now: number): Work<void> {
  yield* run((db) =>
    db
      .insertInto('profiles')
      .values({
        user_id: userId,
        profile_id: profile.profileId,
        tenant_id: tenantId,
        device_id: profile.deviceId,
        head_seq: 0,
        head_mac: '',
        head_digest: '',
        default_seq: 0,
        last_backup_at: null,
        last_request_id: null,
        last_receipt: null,
        created_at: now,
        deleted_at: null,
      })
      .onConflict((conflict) => conflict.columns(['user_id', 'profile_id']).doNothing()),
  );
}

/** Whether there was one to hide. */
export const hideProfile = command(
  'hideProfile',
  function* ({ tenantId, userId }: Owner, profileId: string, now: number) {
    const { changed } = yield* run((db) =>
      db
        .updateTable('profiles')
        .set({ deleted_at: now })
        .where('user_id', '=', userId)
        .where('profile_id', '=', profileId)
        .where('tenant_id', '=', tenantId)
        .where('deleted_at', 'is', null),
    );
    return changed === 1;
  },
);

export const hideAllProfiles = command('hideAllProfiles', function* ({ tenantId, userId }: Owner, now: number) {
  const { changed } = yield* run((db) =>
    db
      .updateTable('profiles')
      .set({ deleted_at: now })
      .where('user_id', '=', userId)
      .where('tenant_id', '=', tenantId)
      .where('profile_id', '<>', ZERO_ID)
      .where('deleted_at', 'is', null),
  );
  return changed;
});

/** Removes a hidden profile and everything in it. Its keys are gone before, so what a copy still holds stays closed. */
export const removeProfile = command('removeProfile', function* ({ tenantId, userId }: Owner, profileId: string) {
  yield* lockOwner({ tenantId, userId });
  const profile = yield* firstOf((db) =>
    db
      .selectFrom('profiles')
      .select('deleted_at')
      .where('user_id', '=', userId)
      .where('profile_id', '=', profileId)
      .where('tenant_id', '=', tenantId),
  );
  if (profile === undefined || profile.deleted_at === null) return false;
  yield* runAll([
    // Chunks know their blob only, so they go first.
    (db) =>
      db
        .deleteFrom('blob_chunks')
        .where('user_id', '=', userId)
        .where('tenant_id', '=', tenantId)
        .where('blob_key', 'in', (blobs) =>
          blobs
            .selectFrom('blobs')
            .select('blob_key')
            .where('user_id', '=', userId)
            .where('profile_id', '=', profileId),
        ),
    ...CONTENTS.map(
      (table): Query =>
        (db) =>
          db
            .deleteFrom(table)
            .where('user_id', '=', userId)
            .where('profile_id', '=', profileId)
            .where('tenant_id', '=', tenantId),
    ),
  ]);
  return true;
});

/** Tables that name the profile; the profile itself last. */
const CONTENTS = [
  'blobs',
  'units',
  'snapshot_units',
  'snapshot_blobs',
  'snapshots',
  'setting_heads',
  'profiles',
] as const;

/** Profiles hidden before a moment, of everyone. */
export async function listHiddenBefore(store: Store, before: number) {
  return await store.read
    .selectFrom('profiles')
    .select(['tenant_id', 'user_id', 'profile_id'])
    .where('deleted_at', '<', before)
    .orderBy('user_id')
    .orderBy('profile_id')
    .limit(100)
    .execute();
}

const profilesOf = (store: Store, { tenantId, userId }: Owner) =>
  store.read
    .selectFrom('profiles')
    .selectAll()
    .where('user_id', '=', userId)
    .where('tenant_id', '=', tenantId)
    .where('deleted_at', 'is', null);

export async function listProfileRows(store: Store, owner: Owner) {
  return await profilesOf(store, owner).orderBy('profile_id').execute();
}

const liveProfile = prepared((db, at: { tenantId: string; userId: string; profileId: string }) =>
  db
    .selectFrom('profiles')
    .selectAll()
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId)
    .where('tenant_id', '=', at.tenantId)
    .where('deleted_at', 'is', null),
);

/** What the service holds of a live profile. */
export const profileHead = prepared((db, at: { tenantId: string; userId: string; profileId: string }) =>
  db
    .selectFrom('profiles')
    .select(['head_seq', 'head_mac', 'last_backup_at'])
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId)
    .where('tenant_id', '=', at.tenantId)
    .where('deleted_at', 'is', null),
);

export function findProfileRow(store: Store, { tenantId, userId }: Owner, profileId: string) {
  return readFirst(store, liveProfile({ tenantId, userId, profileId }));
}

/** The newest profile of a device. */
export async function findProfileRowOfDevice(store: Store, owner: Owner, deviceId: string) {
  return await profilesOf(store, owner)
    .where('device_id', '=', deviceId)
    .orderBy('created_at', 'desc')
    .orderBy('profile_id')
    .executeTakeFirst();
}

/** The snapshots that are offered and the newest ones, of all of a person's profiles. */
export async function listOfferedRows(store: Store, { tenantId, userId }: Owner) {
  return await store.read
    .selectFrom('profiles')
    .innerJoin('snapshots', (join) =>
      join
        .onRef('snapshots.user_id', '=', 'profiles.user_id')
        .onRef('snapshots.profile_id', '=', 'profiles.profile_id')
        .onRef('snapshots.tenant_id', '=', 'profiles.tenant_id'),
    )
    .select([
      'profiles.profile_id',
      'profiles.device_id',
      'profiles.head_seq',
      'profiles.default_seq',
      'profiles.last_backup_at',
      'snapshots.seq',
      'snapshots.state',
      'snapshots.thin',
      'snapshots.setting_count',
      'snapshots.app_count',
    ])
    .where('profiles.user_id', '=', userId)
    .where('profiles.tenant_id', '=', tenantId)
    .where('profiles.deleted_at', 'is', null)
    .where('profiles.default_seq', '>', 0)
    .where((where) =>
      where.or([
        where('snapshots.seq', '=', where.ref('profiles.default_seq')),
        where('snapshots.seq', '=', where.ref('profiles.head_seq')),
      ]),
    )
    .execute();
}

/** Facts of devices by id. Asked apart: devices are kept by tenant, profiles by person. */
export async function listDeviceFacts(store: Store, tenantId: string, deviceIds: readonly string[]) {
  if (deviceIds.length === 0) return [];
  return await store.read
    .selectFrom('devices')
    .select(['device_id', 'name', 'platform', 'os_name', 'build'])
    .where('tenant_id', '=', tenantId)
    .where('device_id', 'in', [...new Set(deviceIds)])
    .execute();
}

/** Nothing happens when it is on record already. */
export const putNoProfiles = command('putNoProfiles', function* (tenantId: string, deviceId: string, now: number) {
  yield* runAll([
    (db) =>
      db
        .updateTable('devices')
        .set({ no_profiles_at: now })
        .where('tenant_id', '=', tenantId)
        .where('device_id', '=', deviceId)
        .where('no_profiles_at', 'is', null),
  ]);
});
