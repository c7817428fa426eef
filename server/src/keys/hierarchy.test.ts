import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import { testOnEveryFreshDatabase } from '../../testing/databases.ts';
import { aDeploymentKey } from '../../testing/deployment-keys.ts';
import { openKeyStore } from '../db/store.ts';
import { openKeys, rewrap } from './hierarchy.ts';
import type { Keys } from './keys.ts';
import { listKeys } from './store.ts';

const ALICE = { tenantId: 'tenant-1', userId: 'alice' };
const BOB = { tenantId: 'tenant-1', userId: 'bob' };
const NOW = Temporal.Instant.from('2026-01-02T03:04:05Z');
const KEY = aDeploymentKey();

const isGone = (error: unknown) => error instanceof KnownError && error.code === 'itemNotFound';

async function withKeys<Result>(keysUrl: string, run: (keys: Keys) => Promise<Result>, key = KEY): Promise<Result> {
  const keys = await openKeys({ databaseUrl: keysUrl, deploymentKey: async () => key });
  try {
    return await run(keys);
  } finally {
    await keys.close();
  }
}

testOnEveryFreshDatabase('a key is the same for all who ask, at once and after a restart', async ({ keysUrl }) => {
  const [first, second, third] = await withKeys(keysUrl, (keys) =>
    Promise.all([keys.profileKey(ALICE, 'p1'), keys.profileKey(ALICE, 'p1'), keys.profileKey(ALICE, 'p2')]),
  );

  await withKeys(keysUrl, async (keys) => {
    const again = await keys.openingKey(ALICE, 'p1', first.keyId);
    assert.deepEqual(Buffer.from(again.key), Buffer.from(first.key));
    assert.deepEqual(first, second);
    assert.notDeepEqual(third.key, first.key);
  });
});

testOnEveryFreshDatabase('two services that start at once agree on the keys', async ({ keysUrl }) => {
  await withKeys(keysUrl, (one) =>
    withKeys(keysUrl, async (other) => {
      const [a, b] = await Promise.all([one.digestKey(ALICE), other.digestKey(ALICE)]);
      assert.deepEqual(Buffer.from(a), Buffer.from(b));
    }),
  );
});

testOnEveryFreshDatabase("another person's or tenant's profile key is not given", async ({ keysUrl }) => {
  await withKeys(keysUrl, async (keys) => {
    const { keyId } = await keys.profileKey(ALICE, 'p1');

    await assert.rejects(keys.openingKey(BOB, 'p1', keyId), isGone);
    await assert.rejects(keys.profileKey(BOB, 'p1'), isGone);
    await assert.rejects(keys.openingKey({ ...ALICE, tenantId: 'tenant-2' }, 'p1', keyId), isGone);
    assert.notDeepEqual(await keys.digestKey(ALICE), await keys.digestKey(BOB));
  });
});

testOnEveryFreshDatabase('a destroyed profile key is gone, and its bytes with it', async ({ keysUrl }) => {
  const store = await openKeyStore({ databaseUrl: keysUrl, commands: new URL('./store.ts', import.meta.url) });
  await withKeys(keysUrl, async (keys) => {
    const { keyId } = await keys.profileKey(ALICE, 'p1');
    const kept = await keys.profileKey(ALICE, 'p2');

    await keys.destroyProfile(ALICE, 'p1', NOW);

    await assert.rejects(keys.openingKey(ALICE, 'p1', keyId), isGone);
    await assert.rejects(keys.profileKey(ALICE, 'p1'), isGone);
    assert.equal((await listKeys(store, 'p1', 'profile'))[0]?.wrapped.length, 0);
    assert.equal((await keys.openingKey(ALICE, 'p2', kept.keyId)).keyId, kept.keyId);
  });
  await store.close();
});

testOnEveryFreshDatabase('destroying a person destroys all of theirs and lets them start anew', async ({ keysUrl }) => {
  await withKeys(keysUrl, async (keys) => {
    const before = await keys.digestKey(ALICE);
    const { keyId } = await keys.profileKey(ALICE, 'p1');
    const bob = await keys.digestKey(BOB);

    await keys.destroyPerson(ALICE, NOW);

    await assert.rejects(keys.openingKey(ALICE, 'p1', keyId), isGone);
    assert.notDeepEqual(await keys.digestKey(ALICE), before);
    assert.deepEqual(await keys.digestKey(BOB), bob);
  });
});

testOnEveryFreshDatabase(
  'the service refuses to start with a key that does not open the store',
  async ({ keysUrl }) => {
    await withKeys(keysUrl, (keys) => keys.digestKey(ALICE));

    const started = withKeys(keysUrl, async () => {}, aDeploymentKey());

    await assert.rejects(started, (error) => error instanceof KnownError && error.code === 'deploymentKeyWrong');
  },
);

testOnEveryFreshDatabase('a key is only asked for as new while the store is empty', async ({ keysUrl }) => {
  const asked: boolean[] = [];
  const deploymentKey = async (fresh: boolean) => {
    asked.push(fresh);
    return KEY;
  };

  for (let start = 0; start < 2; start += 1) await (await openKeys({ databaseUrl: keysUrl, deploymentKey })).close();

  assert.deepEqual(asked, [true, false]);
});

testOnEveryFreshDatabase('rewrapping moves everything to a new deployment key', async ({ keysUrl }) => {
  const to = aDeploymentKey();
  const before = await withKeys(keysUrl, (keys) => keys.profileKey(ALICE, 'p1'));

  const moved = await rewrap(keysUrl, KEY, to);

  assert.equal(moved, 2);
  const after = await withKeys(keysUrl, (keys) => keys.profileKey(ALICE, 'p1'), to);
  assert.deepEqual(Buffer.from(after.key), Buffer.from(before.key));
  await assert.rejects(withKeys(keysUrl, async () => {}));
});

testOnEveryFreshDatabase('signing secrets are made once and kept newest first', async ({ keysUrl }) => {
  const made = new Uint8Array(randomBytes(200));
  await withKeys(keysUrl, async (keys) => {
    await Promise.all([
      keys.signingSecrets('tenant-1', async () => made),
      keys.signingSecrets('tenant-1', async () => made),
    ]);
    await keys.addSigningSecret('tenant-1', new Uint8Array([1]));
  });

  const secrets = await withKeys(keysUrl, (keys) => keys.signingSecrets('tenant-1', async () => new Uint8Array()));

  assert.deepEqual(
    secrets.map(({ secret }) => Buffer.from(secret).toString('hex')),
    ['01', Buffer.from(made).toString('hex')],
  );
});

testOnEveryFreshDatabase('a key row moved to another profile does not open', async ({ keysUrl }) => {
  const store = await openKeyStore({
    databaseUrl: keysUrl,
    commands: new URL('../../testing/key-commands.ts', import.meta.url),
  });
  const { moveKey } = await import('../../testing/key-commands.ts');
  await withKeys(keysUrl, (keys) => keys.profileKey(ALICE, 'p1'));

  await store.write(moveKey, 'p1', 'p2');

  await withKeys(keysUrl, async (keys) => {
    await assert.rejects(
      keys.profileKey(ALICE, 'p2'),
      (error) => error instanceof KnownError && error.code === 'dataDamaged',
    );
  });
  await store.close();
});
