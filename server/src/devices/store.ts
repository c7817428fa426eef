/** Devices, the keys people have on them, and enrollment tokens: their rows. */

import { type DeviceFacts, type JoinType, normalDomain, type Provisioning } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import type { FailedRuns } from '@carryover/model/wire';
import { type AuditEntry, recordAudit } from '../audit/audit.ts';
import { command, firstOf, lockOwner, rowsOfEach, run, runAll, type Store, type Work } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { readFirst } from '../db/read.ts';
import type { Owner } from '../db/schema.ts';
import { insertProfile, profileHead } from '../profiles/profiles.ts';
import { standingQueries } from '../standing/rows.ts';

/** Who changes something, when: all that a command cannot know by itself. */
export type DeviceChange = Pick<AuditEntry, 'tenantId' | 'at' | 'actor' | 'salt'>;

const keyRow = prepared((db, at: { tenantId: string; userId: string; jkt: string }) =>
  db
    .selectFrom('device_keys')
    .select(['device_id', 'profile_id'])
    .where('user_id', '=', at.userId)
    .where('jkt', '=', at.jkt)
    .where('tenant_id', '=', at.tenantId)
    .where('revoked_at', 'is', null),
);

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

/** Which device says what of itself. */
export interface NotedDevice {
  readonly deviceId: string;
  readonly profileId: string;
  readonly facts: DeviceFacts;
  /** Backups that failed since the last one that did not. */
  readonly failedRuns?: FailedRuns;
  /** What stands on the device itself, see policies/local-policy.ts. */
  readonly localPolicy: string;
}

/**
 * What a device says of itself now. Gives the rows of the answer along, read where they are at hand: on SQLite every
 * commit makes a reader look its pages up anew.
 *
 * Undefined when the device is set aside, or was enrolled on another PC than this.
 */
export const noteCheckIn = command(
  'noteCheckIn',
  function* (
    { tenantId, userId }: Owner,
    { deviceId, profileId, facts, failedRuns, localPolicy }: NotedDevice,
    now: number,
  ) {
    const owner = { tenantId, userId };
    const at = { ...facts, ...systemOf(facts), tenantId, deviceId, now, localPolicy, ...failureOf(failedRuns, now) };
    const { changed } = failedRuns === undefined ? yield* run(checkedIn(at)) : { changed: 0 };
    if (changed !== 1) {
      const { changed: otherwise } = yield* run(checkedInOtherwise(at));
      if (otherwise !== 1) return undefined;
    }
    const [ofDevice, ofPerson] = standingQueries(owner, deviceId);
    const [[device], switches, [profile]] = yield* rowsOfEach([
      ofDevice,
      ofPerson,
      profileHead({ ...owner, profileId }),
    ]);
    return { device, switches, profile };
  },
);

/** Null stands for no failure: a filled-in statement has a place for it either way. */
function failureOf(failed: FailedRuns | undefined, now: number) {
  return { failedAt: failed === undefined ? null : now, failures: failed?.count ?? 0, failureCode: failed?.code ?? '' };
}

interface CheckedIn extends Omit<DeviceFacts, 'edition'>, ReturnType<typeof systemOf>, ReturnType<typeof failureOf> {
  readonly tenantId: string;
  readonly deviceId: string;
  readonly localPolicy: string;
  readonly now: number;
}

/** Nearly always: a device that is called and has what it had before. */
const checkedIn = prepared((db, at: CheckedIn) =>
  db
    .updateTable('devices')
    // What is looked for below stands in indexes, which would be written anew.
    .set({ agent_version: at.agentVersion, last_check_in_at: at.now })
    .where('tenant_id', '=', at.tenantId)
    .where('device_id', '=', at.deviceId)
    .where('machine_hash', '=', at.machineHash)
    .where('name', '=', at.name)
    .where('platform', '=', at.platform)
    .where('build', '=', at.build)
    .where('os_name', '=', at.osName)
    .where('edition', '=', at.edition)
    .where('os_domain', '=', at.os_domain)
    .where('os_entra', '=', at.os_entra)
    .where('local_policy', '=', at.localPolicy)
    .where('failed_at', 'is', null)
    .where('state', '=', 'active'),
);

const checkedInOtherwise = prepared((db, at: CheckedIn) =>
  db
    .updateTable('devices')
    .set({
      name: at.name,
      platform: at.platform,
      build: at.build,
      os_name: at.osName,
      edition: at.edition,
      os_domain: at.os_domain,
      os_entra: at.os_entra,
      agent_version: at.agentVersion,
      last_check_in_at: at.now,
      local_policy: at.localPolicy,
      failed_at: at.failedAt,
      failed_runs: at.failures,
      failure_code: at.failureCode,
    })
    .where('tenant_id', '=', at.tenantId)
    .where('device_id', '=', at.deviceId)
    .where('machine_hash', '=', at.machineHash)
    .where('state', '=', 'active'),
);

function rowFrom(facts: DeviceFacts) {
  return {
    name: facts.name,
    platform: facts.platform,
    build: facts.build,
    os_name: facts.osName,
    machine_hash: facts.machineHash,
    agent_version: facts.agentVersion,
    ...systemOf(facts),
  };
}

/** Empty for what a system is not: a prepared query compares without asking for null. */
function systemOf({ edition = '', osJoin }: DeviceFacts) {
  return { edition, os_domain: normalDomain(osJoin?.domain ?? ''), os_entra: osJoin?.entra === true ? 1 : 0 };
}

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

export interface NewEnrollmentToken {
  readonly tokenId: string;
  readonly tokenHash: string;
  readonly expiresAt: number;
  readonly uses: number;
  readonly createdBy: string;
  /** The Autopilot profile of devices that enroll with it. */
  readonly provisioningProfileId: string | null;
}

export const addEnrollmentToken = command(
  'addEnrollmentToken',
  function* (change: DeviceChange, token: NewEnrollmentToken) {
    yield* run((db) =>
      db.insertInto('enrollment_tokens').values({
        tenant_id: change.tenantId,
        token_id: token.tokenId,
        token_hash: token.tokenHash,
        expires_at: token.expiresAt,
        uses_left: token.uses,
        created_by: token.createdBy,
        created_at: change.at,
        provisioning_profile_id: token.provisioningProfileId,
      }),
    );
    yield* recordAudit({
      ...change,
      action: 'create enrollmentToken',
      target: { type: 'enrollmentToken', id: token.tokenId },
      result: 'success',
      values: { uses: { new: token.uses }, provisioningProfileId: { new: token.provisioningProfileId } },
    });
  },
);

function* spendToken(tenantId: string, tokenHash: string, now: number): Work<void> {
  const { changed } = yield* run((db) =>
    db
      .updateTable('enrollment_tokens')
      .set((eb) => ({ uses_left: eb('uses_left', '-', 1) }))
      .where('tenant_id', '=', tenantId)
      .where('token_hash', '=', tokenHash)
      .where('uses_left', '>', 0)
      .where('expires_at', '>', now),
  );
  if (changed !== 1)
    throw new KnownError(
      'accessDenied',
      'This enrollment token is wrong, used up or expired. Ask your IT for another.',
      {
        inner: 'enrollmentToken',
      },
    );
}

/** Errors: itemNotFound. */
export const removeEnrollmentToken = command(
  'removeEnrollmentToken',
  function* (change: DeviceChange, tokenId: string) {
    const { changed } = yield* run((db) =>
      db.deleteFrom('enrollment_tokens').where('tenant_id', '=', change.tenantId).where('token_id', '=', tokenId),
    );
    if (changed === 0) throw new KnownError('itemNotFound', 'There is no enrollment token with this id.');
    yield* recordAudit({
      ...change,
      action: 'delete enrollmentToken',
      target: { type: 'enrollmentToken', id: tokenId },
      result: 'success',
      values: {},
    });
  },
);

export interface DeviceKey {
  readonly deviceId: string;
  readonly profileId: string;
  readonly state: string;
  readonly machineHash: string;
}

const stateRow = prepared((db, at: { tenantId: string; deviceId: string }) =>
  db
    .selectFrom('devices')
    .select(['state', 'machine_hash'])
    .where('tenant_id', '=', at.tenantId)
    .where('device_id', '=', at.deviceId),
);

const anyKeyRow = prepared((db, at: { tenantId: string; userId: string; jkt: string }) =>
  db
    .selectFrom('device_keys')
    .select(['device_id', 'profile_id', 'revoked_at'])
    .where('user_id', '=', at.userId)
    .where('jkt', '=', at.jkt)
    .where('tenant_id', '=', at.tenantId),
);

/**
 * The device of a person's key; undefined when unknown, or given back by the device itself. A key that an administrator
 * revoked is still found, with the state "revoked": whoever has it is told why.
 */
export async function findDeviceKey(store: Store, owner: Owner, jkt: string): Promise<DeviceKey | undefined> {
  const { tenantId, userId } = owner;
  const key = await readFirst(store, anyKeyRow({ tenantId, userId, jkt }));
  const device = key && (await readFirst(store, stateRow({ tenantId, deviceId: key.device_id })));
  if (key === undefined || device === undefined) return undefined;
  if (key.revoked_at !== null && device.state !== 'revoked') return undefined;
  return {
    deviceId: key.device_id,
    profileId: key.profile_id,
    state: device.state,
    machineHash: device.machine_hash,
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

/** The Autopilot profile of an enrollment token; undefined when it names none, or is not one. */
export async function findTokenProfile(store: Store, tenantId: string, tokenHash: string): Promise<string | undefined> {
  const row = await store.read
    .selectFrom('enrollment_tokens')
    .select('provisioning_profile_id')
    .where('tenant_id', '=', tenantId)
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  return row?.provisioning_profile_id ?? undefined;
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
