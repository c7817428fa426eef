/**
 * The guide from an empty organization to the first restore: each step is what is true now, never a tick somebody made.
 *
 * Putting the guide aside is remembered for the organization; the steps go on being computed.
 */

import { FIRST_RUN_STEPS, type FirstRun, type FirstRunStep, type FirstRunStepId } from '@carryover/model/admin';
import type { Store } from '../db/command.ts';
import { DEVICE_ADMINISTRATORS, PEOPLE_ADMINISTRATORS } from '../directory/roles.ts';
import { effectivePolicyFor, joiningOf, restoreStateOf } from '../policies/policies.ts';
import { getTenant } from '../tenants/tenants.ts';
import { instantOf } from './devices.ts';
import {
  countLiveTokens,
  countPeople,
  findFirstDevice,
  listDeviceNames,
  listFirstPeople,
  listNewestBackups,
  listRestoreRows,
} from './store.ts';

export interface FirstRunParts {
  readonly store: Store;
  /** When the recovery copy of the deployment key was confirmed: before the first key was stored, or there is no service. */
  readonly recoveryCopyAt: () => Promise<Temporal.Instant>;
}

type Step = Omit<FirstRunStep, 'id' | 'roles'>;

const ROLES_OF: Readonly<Record<FirstRunStepId, readonly string[]>> = {
  signIn: [],
  recoveryCopy: [],
  people: PEOPLE_ADMINISTRATORS,
  backupPolicy: DEVICE_ADMINISTRATORS,
  restorePage: DEVICE_ADMINISTRATORS,
  enrollment: DEVICE_ADMINISTRATORS,
  firstDevice: [],
  firstBackup: [],
  firstRestore: [],
};

export async function firstRunOf(
  { store, recoveryCopyAt }: FirstRunParts,
  tenantId: string,
  now: Temporal.Instant,
): Promise<FirstRun> {
  const found = await Promise.all(
    Object.entries({
      signIn: signInStep(store, tenantId),
      recoveryCopy: recoveryCopyAt().then((at): Step => done({}, at)),
      people: peopleStep(store, tenantId),
      backupPolicy: backupPolicyStep(store, tenantId),
      restorePage: restoreStateOf(store, tenantId).then((state): Step => step(state === 'enabled', { state })),
      enrollment: enrollmentStep(store, tenantId, now),
      firstDevice: firstDeviceStep(store, tenantId),
      firstBackup: firstBackupStep(store, tenantId),
      firstRestore: firstRestoreStep(store, tenantId),
    } satisfies Record<FirstRunStepId, Promise<Step>>).map(
      async ([id, one]): Promise<[string, Step]> => [id, await one],
    ),
  );
  const byId = new Map(found);
  const steps = FIRST_RUN_STEPS.map((id) => ({ id, ...(byId.get(id) ?? step(false, {})), roles: ROLES_OF[id] }));
  const { firstRunSkippedAt } = await getTenant(store, tenantId);
  return {
    steps,
    finished: steps.every((one) => one.done),
    skipped: firstRunSkippedAt !== undefined,
    skippedDateTime: firstRunSkippedAt?.toString() ?? null,
  };
}

/** Whoever asks has signed in, so it works; the fact is who was the first. */
async function signInStep(store: Store, tenantId: string): Promise<Step> {
  const [first] = await listFirstPeople(store, tenantId);
  return first === undefined ? step(true, {}) : done({ person: first.display_name }, instantOf(first.created_at));
}

async function peopleStep(store: Store, tenantId: string): Promise<Step> {
  const [count, [, second]] = await Promise.all([countPeople(store, tenantId), listFirstPeople(store, tenantId)]);
  const facts = { count: String(count) };
  return second === undefined ? step(false, facts) : done(facts, instantOf(second.created_at));
}

async function backupPolicyStep(store: Store, tenantId: string): Promise<Step> {
  const { backupEnabled, origins } = await effectivePolicyFor(store, { tenantId, restorePageAtEnrollment: false });
  const policy = origins['backupEnabled']?.policy;
  return step(backupEnabled, policy === undefined ? {} : { policy });
}

/** A device can come when people may join it by signing in, or with a token that still works. */
async function enrollmentStep(store: Store, tenantId: string, now: Temporal.Instant): Promise<Step> {
  const [joining, tokens] = await Promise.all([
    joiningOf(store, tenantId),
    countLiveTokens(store, tenantId, now.epochMilliseconds),
  ]);
  return step(joining === 'all' || tokens > 0, { joining, tokens: String(tokens) });
}

async function firstDeviceStep(store: Store, tenantId: string): Promise<Step> {
  const device = await findFirstDevice(store, tenantId);
  return device === undefined ? step(false, {}) : done({ device: device.name }, instantOf(device.enrolled_at));
}

/** The newest backup stands for the first: that one came is what counts. */
async function firstBackupStep(store: Store, tenantId: string): Promise<Step> {
  const [backup] = await listNewestBackups(store, tenantId, 1);
  if (backup === undefined) return step(false, {});
  const [device] = await listDeviceNames(store, tenantId, [backup.device_id]);
  return done({ device: device?.name ?? '' }, instantOf(backup.last_backup_at ?? 0));
}

async function firstRestoreStep(store: Store, tenantId: string): Promise<Step> {
  const [restore] = await listRestoreRows(store, tenantId, { order: 'asc', top: 1, outcome: 'succeeded' });
  if (restore === undefined) return step(false, {});
  const [device] = await listDeviceNames(store, tenantId, [restore.device_id]);
  return done({ device: device?.name ?? '' }, instantOf(restore.finished_at ?? restore.started_at));
}

function step(isDone: boolean, facts: Step['facts']): Step {
  return { done: isDone, facts, dateTime: null };
}

function done(facts: Step['facts'], at: Temporal.Instant): Step {
  return { done: true, facts, dateTime: at.toString() };
}
