/** The audit chain against somebody with write access to the database. */

import assert from 'node:assert/strict';
import { type FreshDatabase, openServiceStore, testOnEveryFreshDatabase } from '../../testing/databases.ts';
import { tamper } from '../../testing/tampering.ts';
import type { Store } from '../db/command.ts';
import { putPolicy } from '../policies/store.ts';
import { type Change, freshSalt, listAudit, verifyChain } from './audit.ts';

const TENANT = '11111111-0000-4000-8000-000000000001';
const OTHER = '11111111-0000-4000-8000-000000000002';

function aChange(at: number, tenantId = TENANT): Change {
  return { tenantId, at, actor: { kind: 'person', userId: 'u', clientId: 'c' }, salt: freshSalt() };
}

function putSample(store: Store, at: number, tenantId = TENANT): Promise<void> {
  const policy = { id: `policy-${at}`, kind: 'configurationPolicy', name: `Policy ${at}`, body: { at } } as const;
  return store.write(putPolicy, aChange(at, tenantId), policy);
}

/** Two organizations with five events each. */
async function withEvents(database: FreshDatabase, run: (store: Store) => Promise<void>): Promise<void> {
  const store = await openServiceStore(database);
  try {
    await tamper(database, async (db) => {
      for (const tenant_id of [TENANT, OTHER])
        await db
          .insertInto('tenants')
          .values({ tenant_id, name: tenant_id, cloud: 'c', region: 'r', policy_version: 1, created_at: 1 })
          .execute();
    });
    for (let at = 1; at <= 5; at += 1) {
      await putSample(store, at);
      await putSample(store, at, OTHER);
    }
    await run(store);
  } finally {
    await store.close();
  }
}

testOnEveryFreshDatabase('every change is in the chain, each organization in its own', async (database) => {
  await withEvents(database, async (store) => {
    assert.deepEqual(await verifyChain(store, TENANT), { entries: 5 });
    const events = await listAudit(store, TENANT, { top: 2, before: 4 });
    assert.deepEqual(
      events.map(({ seq, action, target }) => ({ seq, action, target: JSON.parse(target) as unknown })),
      [3, 2].map((seq) => ({
        seq,
        action: 'create configurationPolicy',
        target: { type: 'configurationPolicy', id: `policy-${seq}` },
      })),
    );
  });
});

testOnEveryFreshDatabase('changes at the same moment make one unbroken chain', async (database) => {
  await withEvents(database, async (store) => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => putSample(store, 100 + index)));

    assert.deepEqual(await verifyChain(store, TENANT), { entries: 25 });
  });
});

testOnEveryFreshDatabase('an event that was removed breaks the chain where it stood', async (database) => {
  for (const seq of [1, 3])
    await withEventsOnce(database, async (store) => {
      await tamper(database, async (db) => {
        await db.deleteFrom('audit_events').where('tenant_id', '=', TENANT).where('seq', '=', seq).execute();
      });

      assert.equal((await verifyChain(store, TENANT)).brokenAt, seq);
      assert.deepEqual(await verifyChain(store, OTHER), { entries: 5 });
    });
});

const EDITS = {
  at: 99,
  action: 'delete configurationPolicy',
  actor: '{"kind":"operator"}',
  target: '{"id":"other","type":"configurationPolicy"}',
  result: 'failure',
  values_json: '{}',
  salt: '0'.repeat(32),
  previous: '1'.repeat(64),
  commitment: '2'.repeat(64),
} as const;

testOnEveryFreshDatabase('an event that was edited breaks the chain, whatever was edited', async (database) => {
  await withEvents(database, async (store) => {
    for (const [column, value] of Object.entries(EDITS)) {
      const row = (
        await store.read
          .selectFrom('audit_events')
          .selectAll()
          .where('tenant_id', '=', TENANT)
          .where('seq', '=', 3)
          .execute()
      )[0];
      assert.ok(row);
      const put = (values: Partial<typeof row>) =>
        tamper(database, async (db) => {
          await db
            .updateTable('audit_events')
            .set(values)
            .where('tenant_id', '=', TENANT)
            .where('seq', '=', 3)
            .execute();
        });

      await put({ [column]: value });

      assert.deepEqual(await verifyChain(store, TENANT), { entries: 3, brokenAt: 3 }, column);
      await put(row);
      assert.deepEqual(await verifyChain(store, TENANT), { entries: 5 }, `${column} put back`);
    }
  });
});

testOnEveryFreshDatabase('events that changed places break the chain', async (database) => {
  await withEvents(database, async (store) => {
    await tamper(database, async (db) => {
      const move = (from: number, to: number) =>
        db
          .updateTable('audit_events')
          .set({ seq: to })
          .where('tenant_id', '=', TENANT)
          .where('seq', '=', from)
          .execute();
      await move(2, 100);
      await move(4, 2);
      await move(100, 4);
    });

    assert.equal((await verifyChain(store, TENANT)).brokenAt, 2);
  });
});

testOnEveryFreshDatabase('an event of another organization does not fit in', async (database) => {
  await withEvents(database, async (store) => {
    await tamper(database, async (db) => {
      await db.deleteFrom('audit_events').where('tenant_id', '=', TENANT).where('seq', '=', 5).execute();
      await db
        .updateTable('audit_events')
        .set({ tenant_id: TENANT })
        .where('tenant_id', '=', OTHER)
        .where('seq', '=', 5)
        .execute();
    });

    assert.equal((await verifyChain(store, TENANT)).brokenAt, 5);
  });
});

/** As withEvents, on tables emptied again afterwards. */
async function withEventsOnce(database: FreshDatabase, run: (store: Store) => Promise<void>): Promise<void> {
  await withEvents(database, run);
  await tamper(database, async (db) => {
    for (const table of ['audit_events', 'policies', 'tenants'] as const) await db.deleteFrom(table).execute();
  });
}
