/** The rows of restore sessions and their items. */

import { KnownError } from '@carryover/model/errors';
import { command, firstOf, lockOwner, type Query, runAll, type Store } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { type Owner, ZERO_ID } from '../db/schema.ts';
import type { SealedOutcome } from './sealing.ts';

export interface NewRestore {
  readonly sessionId: string;
  readonly deviceId: string;
  readonly profileId: string;
  readonly seq: number;
  readonly keyId: string;
  /** Sealed. */
  readonly choice: Uint8Array;
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
  if (snapshot?.state !== 'valid') throw noSuchBackup();
  yield* runAll([replaceChoices({ tenantId, userId }, restore.deviceId), sessionRow({ tenantId, userId }, restore)]);
});

export type NewPcRow = Pick<NewRestore, 'sessionId' | 'deviceId' | 'now'>;

/** Nothing happens when it is the device's newest choice already. */
export const addNewPcChoice = command('addNewPcChoice', function* ({ tenantId, userId }: Owner, choice: NewPcRow) {
  yield* lockOwner({ tenantId, userId });
  const newest = yield* firstOf((db) =>
    db
      .selectFrom('restore_sessions')
      .select('outcome')
      .where('user_id', '=', userId)
      .where('tenant_id', '=', tenantId)
      .where('device_id', '=', choice.deviceId)
      .orderBy('started_at', 'desc')
      .orderBy('session_id')
      .limit(1),
  );
  if (newest?.outcome === 'setUpAsNew') return;
  const nothing = { profileId: ZERO_ID, seq: 0, keyId: '', choice: new Uint8Array(), outcome: 'setUpAsNew' };
  yield* runAll([
    replaceChoices({ tenantId, userId }, choice.deviceId),
    sessionRow({ tenantId, userId }, { ...choice, ...nothing, finishedAt: choice.now }),
  ]);
});

/** A person who chooses anew has dropped what was chosen before; a report that still comes says what happened after all. */
function replaceChoices({ tenantId, userId }: Owner, deviceId: string): Query {
  return (db) =>
    db
      .updateTable('restore_sessions')
      .set({ outcome: 'replaced' })
      .where('user_id', '=', userId)
      .where('tenant_id', '=', tenantId)
      .where('device_id', '=', deviceId)
      .where('outcome', '=', 'running');
}

function sessionRow(
  { tenantId, userId }: Owner,
  session: NewRestore & { readonly outcome?: string; readonly finishedAt?: number },
): Query {
  return (db) =>
    db.insertInto('restore_sessions').values({
      user_id: userId,
      session_id: session.sessionId,
      tenant_id: tenantId,
      device_id: session.deviceId,
      profile_id: session.profileId,
      seq: session.seq,
      key_id: session.keyId,
      choice: session.choice,
      started_at: session.now,
      finished_at: session.finishedAt ?? null,
      undone_at: null,
      duration_ms: null,
      outcome: session.outcome ?? 'running',
      since_sign_in_ms: null,
    });
}

export interface NewReport {
  readonly sessionId: string;
  readonly deviceId: string;
  readonly items: readonly SealedOutcome[];
  readonly durationMs: number;
  readonly finished: boolean;
  readonly undone: boolean;
  readonly outcome: string;
  readonly sinceSignInMs?: number;
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
    ({ reasonCode = null, ...item }): Query => putItem({ userId, tenantId, sessionId, reasonCode, ...item }),
  );
  yield* runAll([
    ...items,
    (db) =>
      db
        .updateTable('restore_sessions')
        .set({
          duration_ms: Math.round(report.durationMs),
          outcome: report.outcome,
          ...(report.sinceSignInMs === undefined ? {} : { since_sign_in_ms: Math.round(report.sinceSignInMs) }),
          finished_at: session.finished_at ?? (report.finished ? now : null),
          undone_at: session.undone_at ?? (report.undone ? now : null),
        })
        .where('user_id', '=', userId)
        .where('session_id', '=', sessionId)
        .where('tenant_id', '=', tenantId),
  ]);
});

interface Item extends Owner, Omit<SealedOutcome, 'reasonCode'> {
  readonly sessionId: string;
  readonly reasonCode: string | null;
}

const putItem = prepared((db, item: Item) =>
  db
    .insertInto('restore_items')
    .values({
      user_id: item.userId,
      session_id: item.sessionId,
      item_id: item.itemId,
      tenant_id: item.tenantId,
      kind: item.kind,
      category: item.category,
      status: item.status,
      setting_id: item.settingId,
      reason_code: item.reasonCode,
      sealed: item.sealed,
    })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'session_id', 'item_id']).doUpdateSet({
        kind: item.kind,
        category: item.category,
        status: item.status,
        setting_id: item.settingId,
        reason_code: item.reasonCode,
        sealed: item.sealed,
      }),
    ),
);

/** The key that a snapshot was sealed with. Errors: itemNotFound. */
export async function getKeyIdOfSnapshot(
  store: Store,
  { tenantId, userId }: Owner,
  { profileId, seq }: { readonly profileId: string; readonly seq: number },
): Promise<string> {
  const row = await store.read
    .selectFrom('snapshots')
    .select('key_id')
    .where('user_id', '=', userId)
    .where('profile_id', '=', profileId)
    .where('seq', '=', seq)
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  if (row === undefined) throw noSuchBackup();
  return row.key_id;
}

/** Errors: itemNotFound. */
export async function getSessionRow(store: Store, { tenantId, userId }: Owner, sessionId: string) {
  const row = await store.read
    .selectFrom('restore_sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .where('session_id', '=', sessionId)
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  if (row === undefined) throw new KnownError('itemNotFound', 'There is no such restore.');
  return row;
}

export async function listItemRows(store: Store, { tenantId, userId }: Owner, sessionId: string) {
  return await store.read
    .selectFrom('restore_items')
    .selectAll()
    .where('user_id', '=', userId)
    .where('session_id', '=', sessionId)
    .where('tenant_id', '=', tenantId)
    .execute();
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

function noSuchBackup(): KnownError {
  return new KnownError('itemNotFound', 'There is no such backup to restore.');
}
