/**
 * What the OpenID provider keeps between requests: sessions, grants, codes, refresh tokens. One tenant sees only its own.
 *
 * A code or token is consumed once: of two who try at the same moment, one is refused.
 *
 * Source: the adapter interface of oidc-provider 9.
 */

import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Store } from '../db/command.ts';
import { errors } from './oidc.ts';
import { consumeRecord, deleteGrantRecords, deleteRecord, putRecord, type RecordKey } from './store.ts';

/** The provider's adapter for one model of one tenant. */
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
