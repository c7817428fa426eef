import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import { testOnEveryDatabase } from '../../testing/databases.ts';
import { ALICE, BOB, DESK, LAPTOP } from '../../testing/people.ts';
import { anUpload, aRequestId, aUnit } from '../../testing/uploads.ts';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import type { Keys } from '../keys/keys.ts';
import { commitUpload } from '../snapshots/snapshots.ts';
import { checkSnapshot } from '../snapshots/validator.ts';
import {
  createProfile,
  deleteAllProfiles,
  deleteProfile,
  destroyDeleted,
  eraseProfile,
  findHead,
  findProfile,
  findProfileOfDevice,
  listOffered,
  listProfiles,
} from './profiles.ts';

const MONDAY = Temporal.Instant.from('2026-01-05T08:00:00Z');
const day = (days: number) => MONDAY.add({ hours: 24 * days });
const isNotFound = (error: unknown) => error instanceof KnownError && error.code === 'itemNotFound';

interface Backup {
  readonly profileId: string;
  readonly deviceId: string;
  readonly now: Temporal.Instant;
}

async function aBackup(store: Store, keys: Keys, { profileId, deviceId, now }: Backup, owner: Owner = ALICE) {
  const digestKey = await keys.digestKey(owner);
  await createProfile(store, owner, { profileId, deviceId, now });
  const unit = aUnit(digestKey, { blobs: [new Uint8Array(randomBytes(20))] });
  const parts = anUpload(digestKey, { units: [unit] });
  await commitUpload({ store, keys }, { owner, profileId, requestId: aRequestId(), parts, now });
  await checkSnapshot({ store, keys }, { ...owner, profileId, seq: 1 });
}

testOnEveryDatabase("a person's profiles are offered newest first, this PC's own before all", async (store, keys) => {
  await aBackup(store, keys, { profileId: 'older', deviceId: DESK, now: day(1) });
  await aBackup(store, keys, { profileId: 'newer', deviceId: LAPTOP, now: day(2) });
  await aBackup(store, keys, { profileId: 'of-bob', deviceId: DESK, now: day(3) }, BOB);
  await createProfile(store, ALICE, { profileId: 'empty', deviceId: DESK, now: day(4) });

  const offered = await listOffered(store, ALICE, { platform: 'linux' });
  const onItsOwn = await listOffered(store, ALICE, { platform: 'linux', formerProfileId: 'older' });

  assert.deepEqual(
    offered.map(({ id, recommended, deviceName }) => ({ id, recommended, deviceName })),
    [
      { id: 'newer', recommended: true, deviceName: 'DEVICE-2' },
      { id: 'older', recommended: false, deviceName: 'DEVICE-1' },
    ],
  );
  assert.deepEqual(
    onItsOwn.map(({ id }) => id),
    ['older', 'newer'],
  );
});

testOnEveryDatabase('making a profile again changes nothing', async (store, keys) => {
  await aBackup(store, keys, { profileId: 'mine', deviceId: DESK, now: day(1) });

  await createProfile(store, ALICE, { profileId: 'mine', deviceId: DESK, now: day(2) });

  const profile = await findProfile(store, ALICE, 'mine');
  assert.deepEqual(profile, { profileId: 'mine', deviceId: DESK, headSeq: 1, defaultSeq: 1, lastBackupAt: day(1) });
});

testOnEveryDatabase('the newest profile of a device is found, and every profile listed', async (store) => {
  await createProfile(store, ALICE, { profileId: 'first', deviceId: DESK, now: day(1) });
  await createProfile(store, ALICE, { profileId: 'second', deviceId: DESK, now: day(2) });

  assert.equal((await findProfileOfDevice(store, ALICE, DESK))?.profileId, 'second');
  assert.equal(await findProfileOfDevice(store, BOB, DESK), undefined);
  assert.deepEqual(await findHead(store, ALICE, 'first'), { head: null });
  assert.deepEqual(
    (await listProfiles(store, ALICE)).map(({ profileId, createdAt, build }) => [profileId, createdAt, build]),
    [
      ['first', day(1), '12 gnome 43.9'],
      ['second', day(2), '12 gnome 43.9'],
    ],
  );
});

testOnEveryDatabase("deleting everything of a person hides theirs and nobody else's", async (store, keys) => {
  await aBackup(store, keys, { profileId: 'one', deviceId: DESK, now: day(1) });
  await aBackup(store, keys, { profileId: 'two', deviceId: LAPTOP, now: day(1) });
  await aBackup(store, keys, { profileId: 'of-bob', deviceId: DESK, now: day(1) }, BOB);

  assert.equal(await deleteAllProfiles(store, ALICE, day(2)), 2);

  assert.equal(await deleteAllProfiles(store, ALICE, day(2)), 0);
  assert.deepEqual(await listProfiles(store, ALICE), []);
  assert.equal((await listOffered(store, BOB, { platform: 'linux' })).length, 1);
});

testOnEveryDatabase('what was deleted is destroyed, key and rows, once its grace is over', async (store, keys) => {
  await aBackup(store, keys, { profileId: 'deleted', deviceId: DESK, now: day(1) });
  await aBackup(store, keys, { profileId: 'kept', deviceId: LAPTOP, now: day(1) });
  await deleteProfile(store, ALICE, 'deleted', day(2));

  assert.equal(await destroyDeleted({ store, keys }, day(31)), 0);
  assert.equal(await destroyDeleted({ store, keys }, day(33)), 1);

  await assert.rejects(keys.profileKey(ALICE, 'deleted'), isNotFound);
  for (const table of [
    'profiles',
    'units',
    'blobs',
    'snapshots',
    'snapshot_units',
    'snapshot_blobs',
    'setting_heads',
  ] as const) {
    const rows = await store.read.selectFrom(table).select('profile_id').execute();
    assert.deepEqual([...new Set(rows.map((row) => row.profile_id))], ['kept'], table);
  }
  assert.equal((await store.read.selectFrom('blob_chunks').select('chunk').execute()).length, 1);
  assert.equal((await listOffered(store, ALICE, { platform: 'linux' })).length, 1);
});

testOnEveryDatabase('an erased profile is destroyed at once', async (store, keys) => {
  await aBackup(store, keys, { profileId: 'erased', deviceId: DESK, now: day(1) });

  await assert.rejects(eraseProfile({ store, keys }, BOB, 'erased', day(2)), isNotFound);
  await eraseProfile({ store, keys }, ALICE, 'erased', day(2));

  assert.deepEqual(await store.read.selectFrom('units').select('unit_id').execute(), []);
  await assert.rejects(keys.profileKey(ALICE, 'erased'), isNotFound);
  await assert.rejects(eraseProfile({ store, keys }, ALICE, 'erased', day(2)), isNotFound);
});
