/** The rows of restore sessions and their items. */

import { KnownError } from '@carryover/model/errors';
import type { ReportBody } from '@carryover/model/wire';
import { command, firstOf, lockOwner, type Query, run, runAll, type Store } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import type { Owner } from '../db/schema.ts';

export interface NewRestore {
  readonly sessionId: string;
  readonly deviceId: string;
  readonly profileId: string;
  readonly seq: number;
  /** JSON of the choice. */
  readonly choice: string;
  readonly now: number;
}

/** Errors: itemNotFound when the snapshot is not there, deleted or not checked. */
export const addRestore = command('addRestore', function* ({ tenantId, userId }: Owner, restore: NewRestore) {
  yield* lockOwner({ tenantId, userId });
  const snapshot = yield* firstOf((db) =>
    db
      .selectFrom('snapshots')
      .innerJoin('profiles', (join) =>
        join
          .onRef('profiles.user_id', '=', 'snapshots.user_id')
          .onRef('profiles.profile_id', '=', 'snapshots.profile_id'),
      )
      .select('snapshots.state')
      .where('snapshots.user_id', '=', userId)
      .where('snapshots.profile_id', '=', restore.profileId)
      .where('snapshots.seq', '=', restore.seq)
      .where('snapshots.tenant_id', '=', tenantId)
      .where('profiles.deleted_at', 'is', null),
  );
  if (snapshot?.state !== 'valid') throw new KnownError('itemNotFound', 'There is no such backup to restore.');
  yield* run((db) =>
    db.insertInto('restore_sessions').values({
      user_id: userId,
      session_id: restore.sessionId,
      tenant_id: tenantId,
      device_id: restore.deviceId,
      profile_id: restore.profileId,
      seq: restore.seq,
      choice: restore.choice,
      started_at: restore.now,
      finished_at: null,
      undone_at: null,
      duration_ms: null,
      outcome: 'running',
    }),
  );
});

export interface NewReport {
  readonly sessionId: string;
  readonly deviceId: string;
  readonly items: ReportBody['items'];
  readonly durationMs: number;
  readonly finished: boolean;
  readonly undone: boolean;
  readonly outcome: string;
  readonly now: number;
}

/** Errors: itemNotFound when the device has no such session. */
export const saveReport = command('saveReport', function* ({ tenantId, userId }: Owner, report: NewReport) {
  const { sessionId, now } = report;
  yield* lockOwner({ tenantId, userId });
  const session = yield* firstOf((db) =>
    db
      .selectFrom('restore_sessions')
      .select(['finished_at', 'undone_at'])
      .where('user_id', '=', userId)
      .where('session_id', '=', sessionId)
      .where('tenant_id', '=', tenantId)
      .where('device_id', '=', report.deviceId),
  );
  if (session === undefined) throw new KnownError('itemNotFound', 'There is no such restore of this device.');
  const items = report.items.map(
    ({ id, kind, category, status, reason }): Query =>
      putItem({
        userId,
        tenantId,
        sessionId,
        id,
        kind,
        category,
        status,
        reason: reason === undefined ? null : JSON.stringify(reason),
      }),
  );
  yield* runAll([
    ...items,
    (db) =>
      db
        .updateTable('restore_sessions')
        .set({
          duration_ms: Math.round(report.durationMs),
          outcome: report.outcome,
          finished_at: session.finished_at ?? (report.finished ? now : null),
          undone_at: session.undone_at ?? (report.undone ? now : null),
        })
        .where('user_id', '=', userId)
        .where('session_id', '=', sessionId)
        .where('tenant_id', '=', tenantId),
  ]);
});

interface Item {
  readonly userId: string;
  readonly tenantId: string;
  readonly sessionId: string;
  readonly id: string;
  readonly kind: string;
  readonly category: string;
  readonly status: string;
  readonly reason: string | null;
}

const putItem = prepared((db, item: Item) =>
  db
    .insertInto('restore_items')
    .values({
      user_id: item.userId,
      session_id: item.sessionId,
      item_id: item.id,
      tenant_id: item.tenantId,
      kind: item.kind,
      category: item.category,
      status: item.status,
      reason: item.reason,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['user_id', 'session_id', 'item_id'])
        .doUpdateSet({ kind: item.kind, category: item.category, status: item.status, reason: item.reason }),
    ),
);

export async function findRestoreRows(store: Store, { tenantId, userId }: Owner, sessionId: string) {
  const session = await store.read
    .selectFrom('restore_sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .where('session_id', '=', sessionId)
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  const items = await store.read
    .selectFrom('restore_items')
    .selectAll()
    .where('user_id', '=', userId)
    .where('session_id', '=', sessionId)
    .where('tenant_id', '=', tenantId)
    .orderBy('item_id')
    .execute();
  return { session, items };
}

/** Ids of a person's restores, newest first. */
export async function listRestoreIds(store: Store, { tenantId, userId }: Owner): Promise<string[]> {
  const rows = await store.read
    .selectFrom('restore_sessions')
    .select('session_id')
    .where('user_id', '=', userId)
    .where('tenant_id', '=', tenantId)
    .orderBy('started_at', 'desc')
    .orderBy('session_id')
    .execute();
  return rows.map(({ session_id }) => session_id);
}
