import assert from 'node:assert/strict';
import { testOnEveryDatabase } from '../../testing/databases.ts';
import { ALICE, DESK } from '../../testing/people.ts';
import { anUpload, aRequestId, aUnit } from '../../testing/uploads.ts';
import type { Keys } from '../keys/keys.ts';
import { createProfile } from '../profiles/profiles.ts';
import { commitUpload, listSnapshots, type SnapshotRef, type Storage } from './snapshots.ts';
import { startValidator } from './validator.ts';

const PROFILE = '44444444-0000-4000-8000-000000000001';
const NOW = Temporal.Instant.from('2026-01-05T08:00:00Z');

async function backUp(storage: Storage, count: number): Promise<void> {
  await createProfile(storage.store, ALICE, { profileId: PROFILE, deviceId: DESK, now: NOW });
  const digestKey = await storage.keys.digestKey(ALICE);
  let previous: { seq: number; mac: string } | null = null;
  for (let at = 0; at < count; at += 1) {
    const parts = anUpload(digestKey, { units: [aUnit(digestKey, { values: { at } })], previous });
    const upload = { owner: ALICE, profileId: PROFILE, requestId: aRequestId(), parts, now: NOW };
    const { seq, mac }: { seq: number; mac: string } = await commitUpload(storage, upload);
    previous = { seq, mac };
  }
}

const statesOf = async ({ store }: Storage) => (await listSnapshots(store, ALICE, PROFILE)).map(({ state }) => state);

testOnEveryDatabase('what was left unchecked is checked at the next start', async (store, keys) => {
  await backUp({ store, keys }, 3);
  assert.deepEqual(await statesOf({ store, keys }), ['received', 'received', 'received']);

  const validator = startValidator({ storage: { store, keys }, onFault: assert.ifError });
  await validator.settled();

  assert.deepEqual(await statesOf({ store, keys }), ['valid', 'valid', 'valid']);
  await validator.close();
});

testOnEveryDatabase('a snapshot is checked after its commit', async (store, keys) => {
  const validator = startValidator({ storage: { store, keys }, onFault: assert.ifError });
  const storage: Storage = { store, keys, received: (snapshot) => validator.received(snapshot) };

  await backUp(storage, 2);
  await validator.settled();

  assert.deepEqual(await statesOf(storage), ['valid', 'valid']);
  await validator.close();
});

testOnEveryDatabase(
  'what cannot be checked for another reason is reported and stays unchecked',
  async (store, keys) => {
    await backUp({ store, keys }, 1);
    const unreachable: Keys = { ...keys, openingKey: () => Promise.reject(new Error('no key today')) };
    const faults: [unknown, SnapshotRef][] = [];

    const validator = startValidator({
      storage: { store, keys: unreachable },
      onFault: (error, snapshot) => faults.push([String(error), snapshot]),
    });
    await validator.settled();

    assert.deepEqual(faults, [['Error: no key today', { ...ALICE, profileId: PROFILE, seq: 1 }]]);
    assert.deepEqual(await statesOf({ store, keys }), ['received']);
    await validator.close();
  },
);
