import assert from 'node:assert/strict';
import { testOnEveryService } from '../../testing/service.ts';
import { rememberProof, sweepProofs } from '../http/proofs.ts';
import { consumeRecord, putRecord, sweepRecords } from './store.ts';

const TENANT = '5c9c1f5e-52d5-4b0c-9f3b-0d3f8f0d6c11';
const key = (id: string) => ({ tenantId: TENANT, model: 'Session', id });
const row = (expiresAt: number | null) => ({ payload: '{}', grantId: null, userCode: null, uid: null, expiresAt });

testOnEveryService('what has expired is swept out, and nothing else', async ({ store }) => {
  await store.write(putRecord, key('old'), row(1_000));
  await store.write(putRecord, key('young'), row(3_000));
  await store.write(putRecord, key('lasting'), row(null));
  await store.write(rememberProof, 'jkt', 'old', 1_000);
  await store.write(rememberProof, 'jkt', 'young', 3_000);

  assert.equal(await store.write(sweepRecords, 2_000), 1);
  assert.equal(await store.write(sweepProofs, 2_000), 1);

  const left = await store.read
    .selectFrom('oidc_records')
    .select('record_id')
    .where('tenant_id', '=', TENANT)
    .orderBy('record_id')
    .execute();
  assert.deepEqual(
    left.map(({ record_id }) => record_id),
    ['lasting', 'young'],
  );
  assert.equal(await store.write(rememberProof, 'jkt', 'young', 3_000), false, 'a proof that still counts is known');
});

testOnEveryService('a record is consumed once', async ({ store }) => {
  await store.write(putRecord, key('code'), row(9_000));

  const consumed = await Promise.all([1, 2, 3, 4].map(() => store.write(consumeRecord, key('code'), 1_000)));

  assert.deepEqual(consumed.toSorted(), [false, false, false, true]);
  assert.equal(await store.write(consumeRecord, key('gone'), 1_000), false);
});
