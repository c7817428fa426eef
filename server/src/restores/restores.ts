/**
 * Restores: the choice a person made, and what came of it, item by item.
 *
 * The door of this context. A choice is recorded before anything is applied; a report may be sent any number of times.
 */

import type { ReportBody, RestoreChoice } from '@carryover/model/wire';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';

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
  throw new Error(`not built yet: ${store.dialect} ${owner.userId} ${restore.sessionId}`);
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
  throw new Error(`not built yet: ${store.dialect} ${owner.userId} ${put.sessionId}`);
}

/** running until a report says finished; partly when an item failed or was left for a reason the person can change. */
export type RestoreOutcome = 'running' | 'succeeded' | 'failed' | 'undone';

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
  throw new Error(`not built yet: ${store.dialect} ${owner.userId} ${sessionId}`);
}
