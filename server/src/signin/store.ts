/** Rows of what the OpenID provider keeps (records.ts), in commands that the writer thread loads without the provider. */

import { command, run } from '../db/command.ts';

interface RecordRow {
  readonly payload: string;
  readonly grantId: string | null;
  readonly userCode: string | null;
  readonly uid: string | null;
  readonly expiresAt: number | null;
}

export interface RecordKey {
  readonly tenantId: string;
  readonly model: string;
  readonly id: string;
}

export const putRecord = command('putRecord', function* (key: RecordKey, row: RecordRow) {
  const values = {
    payload: row.payload,
    grant_id: row.grantId,
    user_code: row.userCode,
    uid: row.uid,
    expires_at: row.expiresAt,
  };
  yield* run((db) =>
    db
      .insertInto('oidc_records')
      .values({ tenant_id: key.tenantId, model: key.model, record_id: key.id, ...values, consumed_at: null })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'model', 'record_id']).doUpdateSet(values)),
  );
});

/** False when it was consumed before, or is gone. */
export const consumeRecord = command('consumeRecord', function* (key: RecordKey, now: number) {
  const { changed } = yield* run((db) =>
    db
      .updateTable('oidc_records')
      .set({ consumed_at: now })
      .where('tenant_id', '=', key.tenantId)
      .where('model', '=', key.model)
      .where('record_id', '=', key.id)
      .where('consumed_at', 'is', null),
  );
  return changed === 1;
});

export const deleteRecord = command('deleteRecord', function* (key: RecordKey) {
  yield* run((db) =>
    db
      .deleteFrom('oidc_records')
      .where('tenant_id', '=', key.tenantId)
      .where('model', '=', key.model)
      .where('record_id', '=', key.id),
  );
});

export const deleteGrantRecords = command(
  'deleteGrantRecords',
  function* (tenantId: string, model: string, grantId: string) {
    yield* run((db) =>
      db
        .deleteFrom('oidc_records')
        .where('tenant_id', '=', tenantId)
        .where('model', '=', model)
        .where('grant_id', '=', grantId),
    );
  },
);

/**
 * Ends all sign-ins of a person: browser sessions, grants and refresh tokens. Returns how many records went.
 *
 * The account stands in the payload only; a person's id occurs nowhere by chance, and this is done seldom.
 */
export const deletePersonRecords = command('deletePersonRecords', function* (tenantId: string, userId: string) {
  const { changed } = yield* run((db) =>
    db
      .deleteFrom('oidc_records')
      .where('tenant_id', '=', tenantId)
      .where('payload', 'like', `%"accountId":"${userId}"%`),
  );
  return changed;
});

/** Ends the refresh tokens that are bound to one key, e.g. of a device that left. */
export const deleteKeyRecords = command('deleteKeyRecords', function* (tenantId: string, jkt: string) {
  const { changed } = yield* run((db) =>
    db
      .deleteFrom('oidc_records')
      .where('tenant_id', '=', tenantId)
      .where('model', '=', 'RefreshToken')
      .where('payload', 'like', `%"jkt":"${jkt}"%`),
  );
  return changed;
});

/** Forgets what has expired. Returns how many records went. */
export const sweepRecords = command('sweepRecords', function* (now: number) {
  const { changed } = yield* run((db) => db.deleteFrom('oidc_records').where('expires_at', '<', now));
  return changed;
});
