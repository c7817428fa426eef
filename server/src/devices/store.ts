/** Devices and the keys people have on them: finding them, and how a key ends or gets a new profile. */

import type { JoinType } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import { type AuditEntry, recordAudit } from '../audit/audit.ts';
import { command, firstOf, lockOwner, run, runAll, type Store } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { readFirst } from '../db/read.ts';
import type { Owner } from '../db/schema.ts';
import { insertProfile } from '../profiles/profiles.ts';

/** Who changes something, when: all that a command cannot know by itself. */
export type DeviceChange = Pick<AuditEntry, 'tenantId' | 'at' | 'actor' | 'salt'>;

/** Revokes the person's key; the profile stays. */
export const removeDevice = command('removeDevice', function* (change: DeviceChange, owner: Owner, deviceId: string) {
  yield* runAll([
    (db) =>
      db
        .updateTable('device_keys')
        .set({ revoked_at: change.at })
        .where('user_id', '=', owner.userId)
        .where('tenant_id', '=', owner.tenantId)
        .where('device_id', '=', deviceId)
        .where('revoked_at', 'is', null),
    (db) =>
      db
        .updateTable('devices')
        .set({ state: 'unenrolled' })
        .where('tenant_id', '=', owner.tenantId)
        .where('device_id', '=', deviceId),
  ]);
  yield* recordAudit({
    ...change,
    action: 'unenroll device',
    target: { type: 'device', id: deviceId },
    result: 'success',
    values: {},
  });
});

const keyRow = prepared((db, at: { tenantId: string; userId: string; jkt: string }) =>
  db
    .selectFrom('device_keys')
    .select(['device_id', 'profile_id'])
    .where('user_id', '=', at.userId)
    .where('jkt', '=', at.jkt)
    .where('tenant_id', '=', at.tenantId)
    .where('revoked_at', 'is', null),
);

/** Whose key, and the profile that it backed up into. */
export interface DeletedProfile {
  readonly owner: Owner;
  readonly jkt: string;
  readonly deviceId: string;
  readonly profileId: string;
}

/**
 * Gives a device whose profile was deleted an empty one, once: whoever comes second is told the first one's.
 *
 * Returns the profile of the key from now on. Errors: accessDenied (deviceUnknown) when the key was revoked meanwhile.
 */
export const renewProfile = command(
  'renewProfile',
  function* ({ owner, jkt, deviceId, profileId }: DeletedProfile, freshId: string, now: number) {
    yield* lockOwner(owner);
    const key = yield* firstOf(keyRow({ ...owner, jkt }));
    if (key === undefined || key.device_id !== deviceId)
      throw new KnownError('accessDenied', 'This device is not enrolled for you. Enroll it again.', {
        inner: 'deviceUnknown',
      });
    if (key.profile_id !== profileId) return key.profile_id;
    yield* insertProfile(owner, { profileId: freshId, deviceId }, now);
    yield* run((db) =>
      db
        .updateTable('device_keys')
        .set({ profile_id: freshId })
        .where('user_id', '=', owner.userId)
        .where('jkt', '=', jkt)
        .where('tenant_id', '=', owner.tenantId),
    );
    return freshId;
  },
);

export interface DeviceKey {
  readonly deviceId: string;
  readonly profileId: string;
  readonly state: string;
  readonly machineHash: string;
}

/** With the device, which every key is of. */
const anyKeyRow = prepared((db, at: { tenantId: string; userId: string; jkt: string }) =>
  db
    .selectFrom('device_keys')
    .innerJoin('devices', (join) =>
      join
        .onRef('devices.tenant_id', '=', 'device_keys.tenant_id')
        .onRef('devices.device_id', '=', 'device_keys.device_id'),
    )
    .select([
      'device_keys.device_id',
      'device_keys.profile_id',
      'device_keys.revoked_at',
      'devices.state',
      'devices.machine_hash',
    ])
    .where('device_keys.user_id', '=', at.userId)
    .where('device_keys.jkt', '=', at.jkt)
    .where('device_keys.tenant_id', '=', at.tenantId),
);

/**
 * The device of a person's key; undefined when unknown, or given back by the device itself. A key that an administrator
 * revoked is still found, with the state "revoked": whoever has it is told why.
 */
export async function findDeviceKey(store: Store, owner: Owner, jkt: string): Promise<DeviceKey | undefined> {
  const { tenantId, userId } = owner;
  const key = await readFirst(store, anyKeyRow({ tenantId, userId, jkt }));
  if (key === undefined || (key.revoked_at !== null && key.state !== 'revoked')) return undefined;
  return {
    deviceId: key.device_id,
    profileId: key.profile_id,
    state: key.state,
    machineHash: key.machine_hash,
  };
}

export interface EnrolledDevice {
  readonly joinType: JoinType;
  readonly enrolledAt: Temporal.Instant;
}

export async function findDevice(
  store: Store,
  tenantId: string,
  deviceId: string,
): Promise<EnrolledDevice | undefined> {
  const row = await store.read
    .selectFrom('devices')
    .select(['join_type', 'enrolled_at'])
    .where('tenant_id', '=', tenantId)
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
  return (
    row && {
      joinType: row.join_type as JoinType,
      enrolledAt: Temporal.Instant.fromEpochMilliseconds(Number(row.enrolled_at)),
    }
  );
}

/** This PC before it was reset: the person's own newest device with the same hardware. */
export async function findFormerDevice(store: Store, owner: Owner, machineHash: string): Promise<string | null> {
  const row = await store.read
    .selectFrom('devices')
    .select('device_id')
    .where('tenant_id', '=', owner.tenantId)
    .where('machine_hash', '=', machineHash)
    .where('enrolled_by', '=', owner.userId)
    .orderBy('enrolled_at', 'desc')
    .orderBy('device_id')
    .limit(1)
    .executeTakeFirst();
  return row?.device_id ?? null;
}

/** Whether the person ever chose on this device what a restore brings, or that nothing comes. */
export async function hasChosen(store: Store, { tenantId, userId }: Owner, deviceId: string): Promise<boolean> {
  const chosen = await store.read
    .selectFrom('restore_sessions')
    .select('session_id')
    .where('user_id', '=', userId)
    .where('tenant_id', '=', tenantId)
    .where('device_id', '=', deviceId)
    .limit(1)
    .execute();
  return chosen.length > 0;
}
