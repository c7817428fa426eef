/** How a device comes into being: enrolled, joined later by a token, or set aside with its clone. */

import type { DeviceFacts, JoinType, Provisioning } from '@carryover/model/device';
import { recordAudit } from '../audit/audit.ts';
import { command, run, type Work } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import { insertProfile } from '../profiles/profiles.ts';
import { rowFrom } from './facts-row.ts';
import type { DeviceChange } from './store.ts';
import { spendToken } from './token-store.ts';

export interface NewDevice {
  readonly owner: Owner;
  readonly jkt: string;
  readonly deviceId: string;
  readonly profileId: string;
  readonly facts: DeviceFacts;
  readonly joinType: JoinType;
  readonly formerDeviceId: string | null;
  readonly restorePageAtEnrollment: boolean;
  readonly provisioning: Provisioning;
  /** The registered PC that this is, by its serial number or hardware. */
  readonly identityId?: string;
  /** Digest of the enrollment token that was shown; undefined when none was. */
  readonly tokenHash?: string;
}

/**
 * A new device, the person's key on it and its empty profile; spends one use of the token. All of it or nothing.
 *
 * Errors: accessDenied (enrollmentToken).
 */
export const addDevice = command('addDevice', function* (change: DeviceChange, device: NewDevice) {
  const { owner, jkt, deviceId, profileId } = device;
  if (device.tokenHash !== undefined) yield* spendToken(owner.tenantId, device.tokenHash, change.at);
  yield* insertDevice(device, 'active', change.at);
  yield* insertProfile(owner, { profileId, deviceId }, change.at);
  const key = { device_id: deviceId, profile_id: profileId, created_at: change.at, revoked_at: null };
  yield* run((db) =>
    db
      .insertInto('device_keys')
      .values({ user_id: owner.userId, jkt, tenant_id: owner.tenantId, ...key })
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'jkt']).doUpdateSet(key).where('device_keys.tenant_id', '=', owner.tenantId),
      ),
  );
  const { identityId } = device;
  if (identityId !== undefined)
    yield* run((db) =>
      db
        .updateTable('autopilot_devices')
        .set({ device_id: deviceId })
        .where('tenant_id', '=', owner.tenantId)
        .where('identity_id', '=', identityId),
    );
  yield* recordAudit({
    ...change,
    action: 'enroll device',
    target: { type: 'device', id: deviceId },
    result: 'success',
    values: {
      name: { new: device.facts.name },
      joinType: { new: device.joinType },
      provisioning: { new: device.provisioning.mode },
      restorePageAtEnrollment: { new: device.restorePageAtEnrollment },
    },
  });
});

/** Makes a registered device joined or hybrid, by a token; one that is already spends none. Errors: accessDenied (enrollmentToken). */
export const joinDevice = command(
  'joinDevice',
  function* (change: DeviceChange, deviceId: string, joining: { joinType: JoinType; tokenHash: string }) {
    const { joinType, tokenHash } = joining;
    const { changed } = yield* run((db) =>
      db
        .updateTable('devices')
        .set({ join_type: joinType })
        .where('tenant_id', '=', change.tenantId)
        .where('device_id', '=', deviceId)
        .where('join_type', '=', 'registered'),
    );
    if (changed === 0) return;
    yield* spendToken(change.tenantId, tokenHash, change.at);
    yield* recordAudit({
      ...change,
      action: 'join device',
      target: { type: 'device', id: deviceId },
      result: 'success',
      values: { joinType: { old: 'registered', new: joinType } },
    });
  },
);

/**
 * Two PCs were seen with one key: the device is set aside, and the other PC gets a row of its own so that an
 * administrator sees both.
 */
export const quarantineClone = command(
  'quarantineClone',
  function* (change: DeviceChange, clone: NewDevice, deviceId: string) {
    const { changed } = yield* run((db) =>
      db
        .updateTable('devices')
        .set({ state: 'quarantined' })
        .where('tenant_id', '=', change.tenantId)
        .where('device_id', '=', deviceId)
        .where('state', '=', 'active'),
    );
    if (changed === 0) return;
    yield* insertDevice(clone, 'quarantined', change.at, deviceId);
    yield* recordAudit({
      ...change,
      action: 'quarantine device',
      target: { type: 'device', id: deviceId },
      result: 'success',
      values: { otherDeviceId: { new: clone.deviceId } },
    });
  },
);

function* insertDevice(
  device: NewDevice,
  state: 'active' | 'quarantined',
  at: number,
  cloneOf: string | null = null,
): Work<void> {
  const { owner, facts, provisioning } = device;
  yield* run((db) =>
    db.insertInto('devices').values({
      tenant_id: owner.tenantId,
      device_id: device.deviceId,
      ...rowFrom(facts),
      join_type: device.joinType,
      enrolled_by: owner.userId,
      enrolled_at: at,
      restore_page_at_enrollment: device.restorePageAtEnrollment ? 1 : 0,
      former_device_id: device.formerDeviceId,
      state,
      last_check_in_at: at,
      local_policy: '',
      provisioning: provisioning.mode,
      provisioning_profile_id: provisioning.profileId ?? null,
      provisioning_profile_name: provisioning.profileName ?? null,
      clone_of: cloneOf,
      no_profiles_at: null,
      failed_at: null,
      failed_runs: 0,
      failure_code: '',
    }),
  );
}
