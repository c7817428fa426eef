/**
 * What the OpenID provider keeps between requests: sessions, grants, codes, refresh tokens. One tenant sees only its own.
 *
 * A code or token is consumed once: of two who try at the same moment, one is refused.
 *
 * Source: the adapter interface of oidc-provider 9.
 */

import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { command, run, type Store } from '../db/command.ts';

interface RecordRow {
  readonly payload: string;
  readonly grantId: string | null;
  readonly userCode: string | null;
  readonly uid: string | null;
  readonly expiresAt: number | null;
}

interface RecordKey {
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

export const deleteGrantRecords = command('deleteGrantRecords', function* (tenantId: string, model: string, grantId: string) {
  yield* run((db) =>
    db
      .deleteFrom('oidc_records')
      .where('tenant_id', '=', tenantId)
      .where('model', '=', model)
      .where('grant_id', '=', grantId),
  );
});

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

/** The provider's adapter for one model of one tenant. `findClient` answers for the model "Client". */
export function recordsOf(
  store: Store,
  { tenantId, model }: { readonly tenantId: string; readonly model: string },
  now: () => Temporal.Instant,
): Adapter {
  const keyOf = (id: string): RecordKey => ({ tenantId, model, id });
  const find = async (column: 'record_id' | 'uid' | 'user_code', value: string) => {
    const row = await store.read
      .selectFrom('oidc_records')
      .select(['payload', 'consumed_at', 'expires_at'])
      .where('tenant_id', '=', tenantId)
      .where('model', '=', model)
      .where(column, '=', value)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    if (row.expires_at !== null && Number(row.expires_at) <= now().epochMilliseconds) return undefined;
    const payload = JSON.parse(row.payload) as AdapterPayload;
    return row.consumed_at === null ? payload : { ...payload, consumed: Math.floor(Number(row.consumed_at) / 1000) };
  };

  return {
    async upsert(id, payload, expiresIn) {
      await store.write(putRecord, keyOf(id), {
        payload: JSON.stringify(payload),
        grantId: payload.grantId ?? null,
        userCode: payload.userCode ?? null,
        uid: payload.uid ?? null,
        expiresAt: expiresIn === undefined ? null : now().epochMilliseconds + expiresIn * 1000,
      });
    },
    find: (id) => find('record_id', id),
    findByUid: (uid) => find('uid', uid),
    findByUserCode: (userCode) => find('user_code', userCode),
    async consume(id) {
      if (!(await store.write(consumeRecord, keyOf(id), now().epochMilliseconds)))
        throw new errors.InvalidGrant('already consumed');
    },
    async destroy(id) {
      await store.write(deleteRecord, keyOf(id));
    },
    async revokeByGrantId(grantId) {
      await store.write(deleteGrantRecords, tenantId, model, grantId);
    },
  };
}
