/** What is known of a person's backup profiles besides their contents: the device behind each, and when it last backed up. */

import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';

export interface ProfileFacts {
  readonly profileId: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly build: string;
  readonly createdAt: Temporal.Instant;
  /** Undefined before the first backup. */
  readonly lastBackupAt: Temporal.Instant | undefined;
}

/** All of a person's profiles by id, those without a backup yet among them; deleted ones are not. */
export async function listProfiles(store: Store, owner: Owner): Promise<ProfileFacts[]> {
  const profiles = await store.read
    .selectFrom('profiles')
    .select(['profile_id', 'device_id', 'created_at', 'last_backup_at'])
    .where('user_id', '=', owner.userId)
    .where('tenant_id', '=', owner.tenantId)
    .where('deleted_at', 'is', null)
    .orderBy('profile_id')
    .execute();
  if (profiles.length === 0) return [];
  // Two look-ups, not a join: people's rows and organizations' rows are distributed by different keys.
  const devices = await store.read
    .selectFrom('devices')
    .select(['device_id', 'name', 'build'])
    .where('tenant_id', '=', owner.tenantId)
    .where(
      'device_id',
      'in',
      profiles.map(({ device_id }) => device_id),
    )
    .execute();
  const byId = new Map(devices.map((device) => [device.device_id, device]));
  return profiles.map((row) => ({
    profileId: row.profile_id,
    deviceId: row.device_id,
    deviceName: byId.get(row.device_id)?.name ?? '',
    build: byId.get(row.device_id)?.build ?? '',
    createdAt: Temporal.Instant.fromEpochMilliseconds(row.created_at),
    lastBackupAt: row.last_backup_at === null ? undefined : Temporal.Instant.fromEpochMilliseconds(row.last_backup_at),
  }));
}

/** The person's profile on a device; undefined when there is none or it is deleted. */
export async function findProfileOfDevice(
  store: Store,
  owner: Owner,
  deviceId: string,
): Promise<{ readonly profileId: string } | undefined> {
  const row = await store.read
    .selectFrom('profiles')
    .select('profile_id')
    .where('user_id', '=', owner.userId)
    .where('tenant_id', '=', owner.tenantId)
    .where('device_id', '=', deviceId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row && { profileId: row.profile_id };
}
