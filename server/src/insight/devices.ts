/**
 * Devices as administrators see them: who, what, how each stands, in the order of names.
 *
 * How a device stands is one rule (model/admin.ts) over facts of today: policy, join type, build, last backup. A filter on
 * it goes through the devices in parts, so that a search for the few among many never holds up others for long.
 */

import {
  COVERAGE,
  type Coverage,
  coverageOf,
  inTimeSince,
  type ManagedDevice,
  RESTORE_OUTCOMES,
  type RestoreOutcome,
} from '@carryover/model/admin';
import type { JoinType, ProvisioningMode } from '@carryover/model/device';
import { type Builds, type Eligibility, eligibility } from '@carryover/model/eligibility';
import { KnownError } from '@carryover/model/errors';
import { type SessionOutcome, type SetupOutcome, setupOutcomeOf } from '@carryover/model/outcome';
import type { EffectivePolicy } from '@carryover/model/policy';
import type { Platform } from '@carryover/model/setting';
import type { Store } from '../db/command.ts';
import type { Schema } from '../db/schema.ts';
import { wordsOf } from '../directory/directory.ts';
import { devicePolicies } from '../policies/device-policies.ts';
import { effectivePolicyFor } from '../policies/policies.ts';
import {
  type DevicesAsked,
  type FailureRow,
  listClones,
  listDeviceRows,
  listFailures,
  listNewestRestoreOn,
  listPeopleById,
  listProfilesOn,
  listSetUpAlone,
  listStandings,
  type StandingRow,
} from './store.ts';

export interface DeviceQuery extends Omit<DevicesAsked, 'words' | 'after'> {
  readonly after: string | undefined;
  readonly search?: string | undefined;
  readonly state?: string | undefined;
}

/** How many devices are looked at between two breaths when few are looked for. */
const LOOKED_AT_ONCE = 1000;

/** A page of devices. Errors: invalidRequest (inner filter) for a state that does not exist. */
export async function listDevices(
  store: Store,
  tenantId: string,
  asked: DeviceQuery,
  facts: { readonly builds: Builds; readonly now: Temporal.Instant },
): Promise<ManagedDevice[]> {
  const { state, search } = asked;
  if (state !== undefined && !(COVERAGE as readonly string[]).includes(state))
    throw new KnownError('invalidRequest', `carryover/backup/state is one of ${COVERAGE.join(', ')}.`, {
      inner: 'filter',
      details: { allowed: COVERAGE },
    });
  const judge = await judgeFor(store, tenantId, facts);
  const words = wordsOf(search);
  let after = placeFrom(asked.after);
  const found: StandingRow[] = [];
  for (;;) {
    const top = state === undefined ? asked.top : Math.max(asked.top, LOOKED_AT_ONCE);
    const rows = await listStandings(store, tenantId, { ...asked, after, top, words });
    found.push(...rows.filter((row) => state === undefined || judge.coverageOfRow(row) === state));
    const last = rows.at(-1);
    if (found.length >= asked.top || rows.length < top || last === undefined) break;
    after = { name: last.name, deviceId: last.device_id };
  }
  const ids = found.slice(0, asked.top).map(({ device_id }) => device_id);
  return await devicesById(store, tenantId, ids, judge);
}

/** Errors: itemNotFound. */
export async function getDevice(
  store: Store,
  tenantId: string,
  deviceId: string,
  facts: { readonly builds: Builds; readonly now: Temporal.Instant },
): Promise<ManagedDevice> {
  const [device] = await devicesById(store, tenantId, [deviceId], await judgeFor(store, tenantId, facts));
  if (device === undefined) throw new KnownError('itemNotFound', 'There is no device with this id.');
  return device;
}

/** Where the list goes on behind a device. */
export function placeOf({ deviceName, id }: Pick<ManagedDevice, 'deviceName' | 'id'>): string {
  return `${id} ${deviceName}`;
}

function placeFrom(text: string | undefined): { name: string; deviceId: string } | undefined {
  if (text === undefined) return undefined;
  const end = text.indexOf(' ');
  return { deviceId: text.slice(0, end), name: text.slice(end + 1) };
}

type Judged = Pick<StandingRow, 'state' | 'platform' | 'build' | 'os_name' | 'join_type'>;
type Kind = Omit<Judged, 'state'>;

export interface Judge {
  readonly policy: EffectivePolicy;
  /** The earliest moment of a backup in time. */
  readonly since: Temporal.Instant;
  /** There are devices under another policy than the general one, or without a person: no kind can be counted together. */
  readonly isMixed: boolean;
  eligibilityOf(row: Kind & { readonly device_id?: string; readonly edition?: string }): Eligibility;
  /** `device_id` is missing for devices of a kind that are counted together: then nobody of them is failing. */
  coverageOfRow(row: Judged & { readonly device_id?: string; readonly last_backup_at: Milliseconds | null }): Coverage;
  setupOutcomeOfRow(row: SetUp): SetupOutcome | undefined;
  /** Devices that told of failed backups, by id. */
  readonly failures: ReadonlyMap<string, FailureRow>;
}

type Milliseconds = number | string;

/** What decides how a set-up came out. */
interface SetUp extends Kind {
  readonly restore_page_at_enrollment: Milliseconds;
  readonly provisioning: string;
  /** Outcome of the newest choice. */
  readonly outcome: string | null;
  readonly foundNoProfiles: boolean;
}

/** How devices of an organization stand now. Devices of one kind are judged once. */
export async function judgeFor(
  store: Store,
  tenantId: string,
  { builds, now }: { readonly builds: Builds; readonly now: Temporal.Instant },
): Promise<Judge> {
  const policy = await effectivePolicyFor(store, { tenantId, restorePageAtEnrollment: false });
  // Rows know milliseconds: the same moment here and in a query.
  const at = now.round('millisecond');
  const since = inTimeSince(at, policy.backupIntervalDays);
  const own = await devicePolicies(store, tenantId, now);
  const policyOf = (deviceId: string | undefined) => (deviceId === undefined ? policy : (own.get(deviceId) ?? policy));
  const known = new Map<EffectivePolicy, Map<string, Eligibility>>();
  const failures = new Map((await listFailures(store, tenantId)).map((row) => [row.device_id, row]));
  const alone = new Set(await listSetUpAlone(store, tenantId));
  const eligibilityOf: Judge['eligibilityOf'] = ({ device_id, platform, build, os_name, join_type, edition = '' }) => {
    const ruling = policyOf(device_id);
    const provisioning = device_id !== undefined && alone.has(device_id) ? 'selfDeploying' : undefined;
    const kinds = known.get(ruling) ?? new Map<string, Eligibility>();
    known.set(ruling, kinds);
    const kind = JSON.stringify([platform, build, os_name, join_type, provisioning, edition]);
    const before = kinds.get(kind);
    if (before !== undefined) return before;
    const device = { platform: platform as Platform, build, osName: os_name, edition };
    const judged = eligibility({ device, joinType: join_type as JoinType, policy: ruling, provisioning }, builds);
    kinds.set(kind, judged);
    return judged;
  };
  return {
    policy,
    since,
    isMixed: own.size > 0 || alone.size > 0,
    eligibilityOf,
    failures,
    coverageOfRow: (row) => {
      const failedAt = row.device_id === undefined ? undefined : failures.get(row.device_id)?.failed_at;
      return coverageOf(
        {
          quarantined: row.state === 'quarantined',
          reasons: eligibilityOf(row).backup,
          lastBackupAt: row.last_backup_at === null ? undefined : instantOf(row.last_backup_at),
          failedAt: failedAt === undefined || failedAt === null ? undefined : instantOf(failedAt),
        },
        inTimeSince(at, policyOf(row.device_id).backupIntervalDays),
      );
    },
    setupOutcomeOfRow: (row) =>
      setupOutcomeOf({
        joinType: row.join_type as JoinType,
        provisioning: row.provisioning as ProvisioningMode,
        reasons: eligibilityOf(row).restoreAtSetup,
        restorePageAtEnrollment: Number(row.restore_page_at_enrollment) === 1,
        newestChoice: (row.outcome ?? undefined) as SessionOutcome | undefined,
        foundNoProfiles: row.foundNoProfiles,
      }),
  };
}

async function devicesById(
  store: Store,
  tenantId: string,
  ids: readonly string[],
  judge: Judge,
): Promise<ManagedDevice[]> {
  const [rows, profiles, restores] = await Promise.all([
    listDeviceRows(store, tenantId, ids),
    listProfilesOn(store, tenantId, ids),
    listNewestRestoreOn(store, tenantId, ids),
  ]);
  const userIds = [...rows.map(({ enrolled_by }) => enrolled_by), ...profiles.map(({ user_id }) => user_id)];
  const people = new Map((await listPeopleById(store, tenantId, userIds)).map((row) => [row.user_id, nameFrom(row)]));
  const byId = new Map(rows.map((row) => [row.device_id, row]));
  const setAside = rows.filter(({ state }) => state === 'quarantined');
  const clones = await listClones(
    store,
    tenantId,
    setAside.map(({ clone_of, device_id }) => clone_of ?? device_id),
  );
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (row === undefined) return [];
    const own = profiles.filter(({ device_id }) => device_id === id);
    const restore = restores.find(({ device_id }) => device_id === id);
    const named = [...new Set([row.enrolled_by, ...own.map(({ user_id }) => user_id)])];
    return [
      toManagedDevice(row, {
        judge,
        owner: people.get(row.enrolled_by),
        people: named.flatMap((userId) => people.get(userId) ?? []),
        lastBackupAt: own.reduce<number | null>(
          (newest, { last_backup_at: at }) => (at === null ? newest : Math.max(newest ?? 0, Number(at))),
          null,
        ),
        restore,
        clones: row.state === 'quarantined' ? othersWithTheKey(row, clones) : [],
      }),
    ];
  });
}

function othersWithTheKey(
  { device_id, clone_of }: Schema['devices'],
  clones: readonly { readonly device_id: string; readonly clone_of: string | null }[],
): string[] {
  const original = clone_of ?? device_id;
  const all = [original, ...clones.filter((clone) => clone.clone_of === original).map((clone) => clone.device_id)];
  return all.filter((id) => id !== device_id);
}

interface Seen {
  readonly judge: Judge;
  readonly owner: PersonName | undefined;
  readonly people: readonly PersonName[];
  readonly lastBackupAt: number | null;
  readonly restore: NewestRestore | undefined;
  readonly clones: readonly string[];
}

type NewestRestore = Awaited<ReturnType<typeof listNewestRestoreOn>>[number];

type PersonName = ManagedDevice['carryover']['people'][number];

const JOIN_TYPES = {
  joined: 'azureADJoined',
  hybrid: 'hybridAzureADJoined',
  registered: 'azureADRegistered',
} as const satisfies Record<JoinType, ManagedDevice['joinType']>;

const SYSTEMS: Readonly<Record<string, string>> = { linux: 'Linux', windows: 'Windows' };

/** The join type or platform that Graph calls so; a text that nothing has otherwise. */
export function joinTypeFrom(name: string): string {
  return Object.entries(JOIN_TYPES).find(([, graph]) => graph === name)?.[0] ?? name;
}

export function platformFrom(name: string): string {
  return name.toLowerCase();
}

/** Source: managedDevice in Graph beta (joinType is beta's). */
function toManagedDevice(row: Schema['devices'], seen: Seen): ManagedDevice {
  const { judge, owner, people, lastBackupAt, restore, clones } = seen;
  const joinType = row.join_type as JoinType;
  const { backup, restoreOnDemand } = judge.eligibilityOf(row);
  return {
    id: row.device_id,
    deviceName: row.name,
    operatingSystem: SYSTEMS[row.platform] ?? row.platform,
    osVersion: row.os_name,
    joinType: JOIN_TYPES[joinType],
    managedDeviceOwnerType: joinType === 'registered' ? 'personal' : 'company',
    enrolledDateTime: instantOf(row.enrolled_at).toString(),
    lastSyncDateTime: instantOf(row.last_check_in_at).toString(),
    userId: owner?.id ?? null,
    userPrincipalName: owner?.userPrincipalName ?? null,
    userDisplayName: owner?.displayName ?? null,
    carryover: {
      platform: row.platform as Platform,
      build: row.build,
      joinType,
      agentVersion: row.agent_version,
      quarantined: row.state === 'quarantined',
      clones,
      formerDeviceId: row.former_device_id,
      provisioning: {
        mode: row.provisioning as ProvisioningMode,
        ...(row.provisioning_profile_id === null ? {} : { profileId: row.provisioning_profile_id }),
        ...(row.provisioning_profile_name === null ? {} : { profileName: row.provisioning_profile_name }),
      },
      osJoin: {
        ...(row.os_domain === '' ? {} : { domain: row.os_domain }),
        ...(Number(row.os_entra) === 1 ? { entra: true } : {}),
      },
      restorePageAtEnrollment: Number(row.restore_page_at_enrollment) === 1,
      people,
      backup: {
        state: judge.coverageOfRow({ ...row, last_backup_at: lastBackupAt }),
        reasons: backup,
        lastBackupDateTime: lastBackupAt === null ? null : instantOf(lastBackupAt).toString(),
        failed:
          row.failed_at === null
            ? null
            : {
                runs: Number(row.failed_runs),
                code: row.failure_code,
                toldDateTime: instantOf(row.failed_at).toString(),
              },
      },
      restore: {
        reasons: restoreOnDemand,
        setupOutcome:
          judge.setupOutcomeOfRow({
            ...row,
            outcome: restore?.outcome ?? null,
            foundNoProfiles: row.no_profiles_at !== null,
          }) ?? null,
        newest: restore === undefined || !isRestore(restore.outcome) ? null : toNewest(restore, restore.outcome),
      },
    },
  };
}

/** "Set up as a new PC" is a choice and no restore. */
export function isRestore(outcome: string): outcome is RestoreOutcome {
  return (RESTORE_OUTCOMES as readonly string[]).includes(outcome);
}

function toNewest({ started_at, since_sign_in_ms }: NewestRestore, outcome: RestoreOutcome) {
  return {
    outcome,
    startedDateTime: instantOf(started_at).toString(),
    sinceSignInMs: since_sign_in_ms === null ? null : Number(since_sign_in_ms),
  };
}

export function nameFrom(row: { user_id: string; display_name: string; user_principal_name: string }): PersonName {
  return { id: row.user_id, displayName: row.display_name, userPrincipalName: row.user_principal_name };
}

export function instantOf(milliseconds: number | string): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(Number(milliseconds));
}
