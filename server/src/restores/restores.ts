/**
 * Restores: the choice a person made, and what came of it, item by item.
 *
 * The door of this context. A choice is recorded before anything is applied; a report may be sent any number of times.
 */

import { KnownError } from '@carryover/model/errors';
import type { Reason } from '@carryover/model/reasons';
import type { ReportBody, RestoreChoice } from '@carryover/model/wire';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import { addRestore, findRestoreRows, listRestoreIds, saveReport } from './store.ts';

export interface StartedRestore {
  /** A new UUID made by the caller. */
  readonly sessionId: string;
  /** The device that restores. */
  readonly deviceId: string;
  readonly choice: RestoreChoice;
  readonly now: Temporal.Instant;
}

/** Records a choice. Errors: itemNotFound when the profile or snapshot is not this person's, deleted or not checked. */
export async function startRestore(store: Store, owner: Owner, restore: StartedRestore): Promise<void> {
  const { sessionId, deviceId, choice, now } = restore;
  const { profileId, seq } = choice;
  const row = { sessionId, deviceId, profileId, seq, choice: JSON.stringify(choice), now: now.epochMilliseconds };
  await store.write(addRestore, { tenantId: owner.tenantId, userId: owner.userId }, row);
}

export interface PutReport {
  readonly sessionId: string;
  /** The device that reports; must be the one that started the session. */
  readonly deviceId: string;
  readonly report: ReportBody;
  readonly now: Temporal.Instant;
}

/** Stores the outcome of each item, the newest report winning item by item. Errors: itemNotFound. */
export async function putReport(store: Store, owner: Owner, put: PutReport): Promise<void> {
  const { sessionId, deviceId, report, now } = put;
  const row = { ...report, sessionId, deviceId, outcome: outcomeOf(report), now: now.epochMilliseconds };
  await store.write(saveReport, { tenantId: owner.tenantId, userId: owner.userId }, row);
}

function outcomeOf({ items, finished, undone }: ReportBody): RestoreOutcome {
  if (undone) return 'undone';
  if (!finished) return 'running';
  return items.some(({ status }) => status === 'failed') ? 'failed' : 'succeeded';
}

/** running until a report says finished; failed when an item failed, whatever else came over. */
type RestoreOutcome = 'running' | 'succeeded' | 'failed' | 'undone';

export interface RestoreLine {
  readonly sessionId: string;
  readonly deviceId: string;
  readonly profileId: string;
  readonly seq: number;
  readonly startedAt: Temporal.Instant;
  readonly finishedAt: Temporal.Instant | undefined;
  readonly durationMs: number | undefined;
  readonly outcome: RestoreOutcome;
  readonly items: ReportBody['items'];
}

/** Errors: itemNotFound. */
export async function getRestore(store: Store, owner: Owner, sessionId: string): Promise<RestoreLine> {
  const { session, items } = await findRestoreRows(store, owner, sessionId);
  if (session === undefined) throw new KnownError('itemNotFound', 'There is no such restore.');
  return {
    sessionId,
    deviceId: session.device_id,
    profileId: session.profile_id,
    seq: session.seq,
    startedAt: Temporal.Instant.fromEpochMilliseconds(session.started_at),
    finishedAt: session.finished_at === null ? undefined : Temporal.Instant.fromEpochMilliseconds(session.finished_at),
    durationMs: session.duration_ms ?? undefined,
    outcome: session.outcome as RestoreOutcome,
    items: items.map((item) => ({
      id: item.item_id,
      kind: item.kind as ReportBody['items'][number]['kind'],
      category: item.category as ReportBody['items'][number]['category'],
      status: item.status as ReportBody['items'][number]['status'],
      ...(item.reason === null ? {} : { reason: JSON.parse(item.reason) as Reason }),
    })),
  };
}

/** A person's restores, newest first. */
export async function listRestores(store: Store, owner: Owner): Promise<RestoreLine[]> {
  const ids = await listRestoreIds(store, owner);
  return await Promise.all(ids.map((sessionId) => getRestore(store, owner, sessionId)));
}
