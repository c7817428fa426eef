/**
 * What administrators are shown, read from the rows of other contexts: devices, who has backups on them, restores.
 *
 * Everything here starts from the organization and an index that begins with it (migration 2026-11-25-for-admin).
 */

import { type ExpressionBuilder, sql } from 'kysely';
import type { Store } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { readRows } from '../db/read.ts';
import type { Schema } from '../db/schema.ts';

/** States of devices that left, by themselves or by an administrator. */
const GONE = ['unenrolled', 'revoked'];

/** What decides how a device stands, and its place in the list by name. */
export interface StandingRow {
  readonly device_id: string;
  readonly name: string;
  readonly state: string;
  readonly platform: string;
  readonly build: string;
  readonly os_name: string;
  readonly join_type: string;
  readonly last_backup_at: number | null;
}

export interface DevicesAsked {
  readonly top: number;
  readonly after: { readonly name: string; readonly deviceId: string } | undefined;
  readonly deviceName?: string | undefined;
  readonly platform?: string | undefined;
  readonly joinType?: string | undefined;
  /** Devices that this person has backups on, or is enrolled for. */
  readonly userId?: string | undefined;
  /** Patterns of LIKE, each found in the device's name or in a name of who enrolled it. */
  readonly words: readonly string[];
}

/** Of the device of a row, by whomever; null before the first. */
function lastBackupOf(eb: ExpressionBuilder<Schema, 'devices'>, tenantId: string) {
  return eb
    .selectFrom('profiles')
    .select(({ fn }) => fn.max('profiles.last_backup_at').as('newest'))
    .where('profiles.tenant_id', '=', tenantId)
    .whereRef('profiles.device_id', '=', 'devices.device_id')
    .where('profiles.deleted_at', 'is', null)
    .as('last_backup_at');
}

/** Devices that have not left, by name. */
export async function listStandings(store: Store, tenantId: string, asked: DevicesAsked): Promise<StandingRow[]> {
  const { after, deviceName, platform, joinType, userId } = asked;
  let query = store.read
    .selectFrom('devices')
    .select(['device_id', 'name', 'state', 'platform', 'build', 'os_name', 'join_type'])
    .select((eb) => lastBackupOf(eb, tenantId))
    .where('devices.tenant_id', '=', tenantId)
    .where('devices.state', 'not in', GONE);
  // Rows are compared as pairs so that the index finds the place.
  if (after !== undefined)
    query = query.where(sql<boolean>`(devices.name, devices.device_id) > (${after.name}, ${after.deviceId})`);
  if (deviceName !== undefined) query = query.where('devices.name', '=', deviceName);
  if (platform !== undefined) query = query.where('devices.platform', '=', platform);
  if (joinType !== undefined) query = query.where('devices.join_type', '=', joinType);
  if (userId !== undefined)
    query = query.where('devices.device_id', 'in', (eb) =>
      eb
        .selectFrom('profiles')
        .select('profiles.device_id')
        .where('profiles.user_id', '=', userId)
        .where('profiles.tenant_id', '=', tenantId),
    );
  for (const word of asked.words)
    query = query.where((eb) =>
      eb.or([
        eb(sql`lower(devices.name)`, 'like', word),
        eb(
          'devices.enrolled_by',
          'in',
          eb
            .selectFrom('user_names')
            .select('user_names.user_id')
            .where('user_names.tenant_id', '=', tenantId)
            .where('user_names.search_text', 'like', word),
        ),
      ]),
    );
  return await query.orderBy('devices.name').orderBy('devices.device_id').limit(asked.top).execute();
}

/** All of it, for some devices. */
export async function listDeviceRows(store: Store, tenantId: string, deviceIds: readonly string[]) {
  if (deviceIds.length === 0) return [];
  return await store.read
    .selectFrom('devices')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('device_id', 'in', [...deviceIds])
    .where('state', 'not in', GONE)
    .execute();
}

/** Who has backups, or may have, on these devices. */
export async function listProfilesOn(store: Store, tenantId: string, deviceIds: readonly string[]) {
  if (deviceIds.length === 0) return [];
  return await store.read
    .selectFrom('profiles')
    .select(['device_id', 'user_id', 'last_backup_at'])
    .where('tenant_id', '=', tenantId)
    .where('device_id', 'in', [...deviceIds])
    .where('deleted_at', 'is', null)
    .execute();
}

const newestRestore = prepared((db, at: { tenantId: string; deviceId: string }) =>
  db
    .selectFrom('restore_sessions')
    .select(['device_id', 'outcome', 'started_at', 'since_sign_in_ms'])
    .where('tenant_id', '=', at.tenantId)
    .where('device_id', '=', at.deviceId)
    .orderBy('started_at', 'desc')
    .orderBy('session_id', 'desc')
    .limit(1),
);

/** The newest restore of each of these devices that has one. */
export async function listNewestRestoreOn(store: Store, tenantId: string, deviceIds: readonly string[]) {
  const found = await Promise.all(deviceIds.map((deviceId) => readRows(store, newestRestore({ tenantId, deviceId }))));
  return found.flat();
}

export async function listPeopleById(store: Store, tenantId: string, userIds: readonly string[]) {
  const ids = [...new Set(userIds)];
  if (ids.length === 0) return [];
  return await store.read
    .selectFrom('users')
    .select(['user_id', 'user_principal_name', 'display_name'])
    .where('tenant_id', '=', tenantId)
    .where('user_id', 'in', ids)
    .execute();
}

interface CoverageKind {
  readonly state: string;
  readonly platform: string;
  readonly build: string;
  readonly os_name: string;
  readonly join_type: string;
}

export interface CoverageRow extends CoverageKind {
  readonly devices: number | string | bigint;
  readonly in_time: number | string | bigint | null;
  readonly backed_up: number | string | bigint | null;
}

/** How many devices of each kind there are, how many have a backup, and how many one since `since`. */
export async function countDevices(store: Store, tenantId: string, since: number): Promise<CoverageRow[]> {
  const standings = store.read
    .selectFrom('devices')
    .select(['state', 'platform', 'build', 'os_name', 'join_type'])
    .select((eb) => lastBackupOf(eb, tenantId))
    .where('devices.tenant_id', '=', tenantId)
    // Named one by one, so that the index gives them in the order of the groups.
    .where('devices.state', 'in', ['active', 'quarantined'])
    .as('standings');
  return await store.read
    .selectFrom(standings)
    .select(['state', 'platform', 'build', 'os_name', 'join_type'])
    .select(({ fn }) => [
      fn.countAll().as('devices'),
      fn.sum(sql<number>`case when last_backup_at >= ${since} then 1 else 0 end`).as('in_time'),
      fn.count('last_backup_at').as('backed_up'),
    ])
    .groupBy(['state', 'platform', 'build', 'os_name', 'join_type'])
    .execute();
}

export async function countPeople(store: Store, tenantId: string): Promise<number> {
  const row = await store.read
    .selectFrom('user_names')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

export async function countRestores(store: Store, tenantId: string, since: number) {
  return await store.read
    .selectFrom('restore_sessions')
    .select(['outcome', ({ fn }) => fn.countAll().as('count')])
    .where('tenant_id', '=', tenantId)
    .where('started_at', '>=', since)
    .groupBy('outcome')
    .execute();
}

export async function listNewestBackups(store: Store, tenantId: string, top: number) {
  return await store.read
    .selectFrom('profiles')
    .select(['device_id', 'user_id', 'last_backup_at'])
    .where('tenant_id', '=', tenantId)
    .where('deleted_at', 'is', null)
    .where('last_backup_at', 'is not', null)
    .orderBy('last_backup_at', 'desc')
    .orderBy('device_id')
    .limit(top)
    .execute();
}

/** The first one, when `order` is 'asc' and `succeeded` is asked for; else the newest ones. */
export async function listRestoreRows(
  store: Store,
  tenantId: string,
  asked: { readonly order: 'asc' | 'desc'; readonly top: number; readonly outcome?: string },
) {
  let query = store.read
    .selectFrom('restore_sessions')
    .select(['device_id', 'user_id', 'outcome', 'started_at', 'finished_at', 'duration_ms'])
    .where('tenant_id', '=', tenantId);
  if (asked.outcome !== undefined) query = query.where('outcome', '=', asked.outcome);
  return await query.orderBy('started_at', asked.order).orderBy('session_id', asked.order).limit(asked.top).execute();
}

export async function findFirstDevice(store: Store, tenantId: string) {
  return await store.read
    .selectFrom('devices')
    .select(['device_id', 'name', 'enrolled_at'])
    .where('tenant_id', '=', tenantId)
    .orderBy('enrolled_at')
    .limit(1)
    .executeTakeFirst();
}

/** Names of devices, those that left among them. */
export async function listDeviceNames(store: Store, tenantId: string, deviceIds: readonly string[]) {
  if (deviceIds.length === 0) return [];
  return await store.read
    .selectFrom('devices')
    .select(['device_id', 'name'])
    .where('tenant_id', '=', tenantId)
    .where('device_id', 'in', [...new Set(deviceIds)])
    .execute();
}

export async function countLiveTokens(store: Store, tenantId: string, now: number): Promise<number> {
  const row = await store.read
    .selectFrom('enrollment_tokens')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('tenant_id', '=', tenantId)
    .where('uses_left', '>', 0)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Oldest first, at most two: the founder and whoever came next. */
export async function listFirstPeople(store: Store, tenantId: string) {
  return await store.read
    .selectFrom('users')
    .select(['user_id', 'display_name', 'created_at'])
    .where('tenant_id', '=', tenantId)
    .orderBy('created_at')
    .orderBy('user_id')
    .limit(2)
    .execute();
}

export interface FailureRow extends CoverageKind {
  readonly device_id: string;
  readonly failed_at: number | string | null;
  readonly last_backup_at: number | string | null;
}

/** Devices whose last check-in told of failed backups: few, by an index of their own. */
export async function listFailures(store: Store, tenantId: string): Promise<FailureRow[]> {
  return await store.read
    .selectFrom('devices')
    .select(['device_id', 'state', 'platform', 'build', 'os_name', 'join_type', 'failed_at'])
    .select((eb) => lastBackupOf(eb, tenantId))
    .where('devices.tenant_id', '=', tenantId)
    // As a range, so that the index of those few is taken.
    .where('devices.failed_at', '>', 0)
    .where('devices.state', 'not in', GONE)
    .execute();
}

/** Devices that set themselves up, without a person whose settings could be kept. */
export async function listSetUpAlone(store: Store, tenantId: string): Promise<string[]> {
  const rows = await store.read
    .selectFrom('devices')
    .select('device_id')
    .where('tenant_id', '=', tenantId)
    .where('provisioning', '=', 'selfDeploying')
    .where('state', 'not in', GONE)
    .execute();
  return rows.map(({ device_id }) => device_id);
}

/** The other devices that were seen with the keys of these: clones of a device, and the device of a clone. */
export async function listClones(store: Store, tenantId: string, deviceIds: readonly string[]) {
  if (deviceIds.length === 0) return [];
  return await store.read
    .selectFrom('devices')
    .select(['device_id', 'clone_of'])
    .where('tenant_id', '=', tenantId)
    .where('clone_of', 'in', [...new Set(deviceIds)])
    .where('state', '=', 'quarantined')
    .orderBy('device_id')
    .execute();
}

const SETUP_KIND = [
  'devices.platform',
  'devices.build',
  'devices.os_name',
  'devices.join_type',
  'devices.restore_page_at_enrollment',
  'devices.provisioning',
] as const;

/**
 * How many devices there are of each kind that a set-up can have come out. `outcome`: of the newest choice; null when
 * there was none.
 *
 * Two counts, because few devices have a choice and looking for one of each costs more than all the rest. What the second
 * finds stands in the first as well, so it comes once more with a count below zero.
 */
export async function countSetups(store: Store, tenantId: string) {
  const newest = store.read
    .selectFrom('restore_sessions')
    .select(['device_id', 'outcome'])
    .select(
      sql<number>`row_number() over (partition by device_id order by started_at desc, session_id desc)`.as('place'),
    )
    .where('tenant_id', '=', tenantId)
    .as('newest');
  // A clone is another PC's key, not a set-up.
  const setups = store.read
    .selectFrom('devices')
    .select(SETUP_KIND)
    .select(({ fn }) => [
      fn.countAll<number | string>().as('devices'),
      fn.count<number | string>('devices.no_profiles_at').as('without_profiles'),
    ])
    .where('devices.tenant_id', '=', tenantId)
    .where('devices.state', 'not in', GONE)
    .where('devices.clone_of', 'is', null)
    .groupBy(SETUP_KIND);
  const [all, chosen] = await Promise.all([
    setups.execute(),
    setups
      .innerJoin(newest, (join) => join.onRef('newest.device_id', '=', 'devices.device_id').on('newest.place', '=', 1))
      .select('newest.outcome')
      .groupBy('newest.outcome')
      .execute(),
  ]);
  return [...all.map((row) => ({ ...row, outcome: null, sign: 1 })), ...chosen.flatMap(moved)].flatMap(split);
}

interface SetupCount {
  readonly devices: number | string;
  readonly without_profiles: number | string;
  readonly outcome: string | null;
  readonly sign: number;
}

/** A device with a choice is counted under it and no longer without. */
function moved<Row extends object>(row: Row & { readonly outcome: string }) {
  return [
    { ...row, sign: 1 },
    { ...row, outcome: null, sign: -1 },
  ];
}

/** Those that found no profiles apart from the others. */
function split<Row extends SetupCount>({ devices, without_profiles, sign, ...row }: Row) {
  const without = Number(without_profiles);
  return [
    { ...row, foundNoProfiles: true, devices: sign * without },
    { ...row, foundNoProfiles: false, devices: sign * (Number(devices) - without) },
  ];
}
