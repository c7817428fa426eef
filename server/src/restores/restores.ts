/**
 * Restores: the choice a person made, and what came of it, item by item.
 *
 * The door of this context. A choice is recorded before anything is applied; a report may be sent any number of times.
 * What could name a file or an app is sealed (sealing.ts).
 */

import { KnownError } from '@carryover/model/errors';
import type { ReportBody, RestoreChoice } from '@carryover/model/wire';
import { type Owner, ZERO_ID } from '../db/schema.ts';
import type { DataKey } from '../keys/keys.ts';
import type { Storage } from '../snapshots/snapshots.ts';
import { openOutcome, type SealedOutcome, type SessionPlace, sealChoice, sealOutcome } from './sealing.ts';
import {
  addNewPcChoice,
  addRestore,
  getKeyIdOfSnapshot,
  getSessionRow,
  listItemRows,
  listRestoreIds,
  saveReport,
} from './store.ts';

export interface StartedRestore {
  /** A new UUID made by the caller. */
  readonly sessionId: string;
  /** The device that restores. */
  readonly deviceId: string;
  readonly choice: RestoreChoice;
  readonly now: Temporal.Instant;
}

/** Records a choice. Errors: itemNotFound when the profile or snapshot is not this person's, deleted or not checked. */
export async function startRestore({ store, keys }: Storage, owner: Owner, restore: StartedRestore): Promise<void> {
  const { sessionId, deviceId, now } = restore;
  const { profileId, seq } = restore.choice;
  // The key that the backup already has: a name that came from outside never makes a new one.
  const keyId = await getKeyIdOfSnapshot(store, owner, { profileId, seq });
  const key = await keys.openingKey(owner, profileId, keyId);
  const choice = sealChoice(restore.choice, key, { owner, profileId, sessionId });
  const row = { sessionId, deviceId, profileId, seq, keyId, choice, now: now.epochMilliseconds };
  await store.write(addRestore, { tenantId: owner.tenantId, userId: owner.userId }, row);
}

/**
 * Records that the person set the device up as a new PC: a session that restores nothing. Saying it again changes
 * nothing; the newest choice of a device is the one that counts.
 *
 * Source: R10, "Setup as New PC Selected".
 */
export async function setUpAsNew({ store }: Storage, owner: Owner, choice: NewPcChoice): Promise<void> {
  const { sessionId, deviceId, now } = choice;
  const row = { sessionId, deviceId, now: now.epochMilliseconds };
  await store.write(addNewPcChoice, { tenantId: owner.tenantId, userId: owner.userId }, row);
}

export type NewPcChoice = Pick<StartedRestore, 'sessionId' | 'deviceId' | 'now'>;

export interface PutReport {
  readonly sessionId: string;
  /** The device that reports; must be the one that started the session. */
  readonly deviceId: string;
  readonly report: ReportBody;
  readonly now: Temporal.Instant;
}

/** Stores the outcome of each item, the newest report winning item by item. Errors: itemNotFound. */
export async function putReport(storage: Storage, owner: Owner, put: PutReport): Promise<void> {
  const { sessionId, deviceId, report, now } = put;
  const session = await getSessionRow(storage.store, owner, sessionId);
  const place = placeOf(owner, session);
  const keys = { digestKey: await storage.keys.digestKey(owner), key: await keyOf(storage, place, session.key_id) };
  const items = report.items.map((item) => sealOutcome(item, keys, place));
  const row = { ...report, items, sessionId, deviceId, outcome: outcomeOf(report), now: now.epochMilliseconds };
  await storage.store.write(saveReport, { tenantId: owner.tenantId, userId: owner.userId }, row);
}

/** Undefined once it was destroyed: what happened is on record without it. */
async function keyOf({ keys }: Storage, place: SessionPlace, keyId: string): Promise<DataKey | undefined> {
  try {
    return await keys.openingKey(place.owner, place.profileId, keyId);
  } catch (error) {
    if (error instanceof KnownError && error.code === 'itemNotFound') return undefined;
    throw error;
  }
}

function placeOf(owner: Owner, session: { readonly session_id: string; readonly profile_id: string }): SessionPlace {
  return { owner, profileId: session.profile_id, sessionId: session.session_id };
}

function outcomeOf({ items, finished, undone }: ReportBody): RestoreOutcome {
  if (undone) return 'undone';
  if (!finished) return 'running';
  return items.some(({ status }) => status === 'failed') ? 'failed' : 'succeeded';
}

/**
 * running until a report says finished; failed when an item failed, whatever else came over; replaced when the person
 * chose anew on the same device before it was reported; setUpAsNew when the choice was that nothing comes over.
 */
type RestoreOutcome = 'running' | 'succeeded' | 'failed' | 'undone' | 'replaced' | 'setUpAsNew';

export interface RestoreLine {
  readonly sessionId: string;
  readonly deviceId: string;
  /** Undefined for a device that was set up as new, like `seq`. */
  readonly profileId: string | undefined;
  readonly seq: number | undefined;
  readonly startedAt: Temporal.Instant;
  readonly finishedAt: Temporal.Instant | undefined;
  readonly durationMs: number | undefined;
  readonly outcome: RestoreOutcome;
  readonly items: ReportBody['items'];
}

/**
 * Items come in the order of their ids. When the profile's keys were destroyed, their ids say "erased".
 *
 * Errors: itemNotFound, dataDamaged.
 */
export async function getRestore(storage: Storage, owner: Owner, sessionId: string): Promise<RestoreLine> {
  const session = await getSessionRow(storage.store, owner, sessionId);
  const rows = await listItemRows(storage.store, owner, sessionId);
  const place = placeOf(owner, session);
  const key = await keyOf(storage, place, session.key_id);
  const items = rows.map((row) => openOutcome(outcomeFrom(row), key, place));
  return {
    sessionId,
    deviceId: session.device_id,
    profileId: session.profile_id === ZERO_ID ? undefined : session.profile_id,
    seq: session.profile_id === ZERO_ID ? undefined : session.seq,
    startedAt: Temporal.Instant.fromEpochMilliseconds(session.started_at),
    finishedAt: session.finished_at === null ? undefined : Temporal.Instant.fromEpochMilliseconds(session.finished_at),
    durationMs: session.duration_ms ?? undefined,
    outcome: session.outcome as RestoreOutcome,
    items: items.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function outcomeFrom(row: Awaited<ReturnType<typeof listItemRows>>[number]): SealedOutcome {
  return {
    itemId: row.item_id,
    settingId: row.setting_id,
    kind: row.kind as SealedOutcome['kind'],
    category: row.category as SealedOutcome['category'],
    status: row.status as SealedOutcome['status'],
    reasonCode: row.reason_code ?? undefined,
    sealed: row.sealed,
  };
}

/** A person's restores, newest first. */
export async function listRestores(storage: Storage, owner: Owner): Promise<RestoreLine[]> {
  const ids = await listRestoreIds(storage.store, owner);
  return await Promise.all(ids.map((sessionId) => getRestore(storage, owner, sessionId)));
}
