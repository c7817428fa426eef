/** A stop while devices upload: each upload is answered and kept, or refused and not there; never half, never forgotten. */

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { encodeParts, PARTS_MEDIA_TYPE } from '@carryover/model/parts';
import { IDEMPOTENCY_HEADER, type SnapshotReceipt } from '@carryover/model/wire';
import { switchOn } from '../testing/backups.ts';
import { openServiceStore, testOnEveryFreshDatabase } from '../testing/databases.ts';
import { aService, type EnrolledDevice, testOnEveryService } from '../testing/service.ts';
import { anUpload, aUnit } from '../testing/uploads.ts';
import type { Store } from './db/command.ts';

const DEVICES = 3;
/** Acknowledged before the stop, so that it comes while others are under way. */
const BEFORE_STOP = 9;

testOnEveryFreshDatabase(
  'stopped while devices upload, the service keeps all it said it has, and nothing half',
  async (database) => {
    const service = await aService({ database });
    const acknowledged: string[] = [];
    const { promise: busy, resolve: isBusy } = Promise.withResolvers<void>();
    try {
      const organization = await service.setUp();
      await switchOn(service, organization);
      const devices = await Promise.all(Array.from({ length: DEVICES }, () => service.enroll(organization.alice)));

      const uploading = devices.map((device) =>
        backUpUntilRefused(device, (name) => {
          acknowledged.push(name);
          if (acknowledged.length >= BEFORE_STOP) isBusy();
        }),
      );
      await busy;
      await service.service.stop();
      await Promise.all(uploading);
    } finally {
      await service.stop();
    }

    const store = await openServiceStore(database);
    const stored = await wholeSnapshots(store);
    await store.close();
    assert.deepEqual(
      acknowledged.filter((name) => !stored.includes(name)),
      [],
    );
    // What was stored at the last moment but could not be said any more is one a device at most.
    assert.ok(stored.length - acknowledged.length <= DEVICES, `${stored.length} stored, ${acknowledged.length} said`);
  },
);

/** Ends when an upload is refused or the connection is; either is an answer that a device tries again after. */
async function backUpUntilRefused(device: EnrolledDevice, said: (name: string) => void): Promise<void> {
  const { deviceId, profileId, checkIn } = device.enrollment;
  const digestKey = Buffer.from(checkIn.digestKey, 'hex');
  let previous: { seq: number; mac: string } | null = null;
  for (;;) {
    const unit = aUnit(digestKey, { values: { at: randomUUID() }, blobs: [new Uint8Array(randomBytes(300_000))] });
    const { head, contents } = anUpload(digestKey, { units: [unit], previous });
    const answer: Response | undefined = await device.backup
      .fetch(`/device/v1/devices/${deviceId}/snapshots`, {
        method: 'POST',
        headers: { 'content-type': PARTS_MEDIA_TYPE, [IDEMPOTENCY_HEADER]: randomUUID() },
        body: new Uint8Array(encodeParts(head, contents)),
      })
      .catch(() => undefined);
    if (answer?.status !== 200) {
      assert.ok([undefined, 503].includes(answer?.status), `refused with ${answer?.status}`);
      return;
    }
    const { seq, mac } = (await answer.json()) as SnapshotReceipt;
    previous = { seq, mac };
    said(`${profileId} ${seq}`);
  }
}

/** Names of all snapshots. Errors: an assertion when one lacks its unit or a piece of its picture. */
async function wholeSnapshots({ read }: Store): Promise<string[]> {
  const [snapshots, units, blobs, chunks] = await Promise.all([
    read.selectFrom('snapshots').select(['profile_id', 'seq']).execute(),
    read
      .selectFrom('snapshot_units')
      .innerJoin('units', 'units.unit_id', 'snapshot_units.unit_id')
      .select(['snapshot_units.profile_id', 'snapshot_units.seq'])
      .execute(),
    read.selectFrom('snapshot_blobs').select(['profile_id', 'seq', 'blob_key']).execute(),
    read.selectFrom('blob_chunks').select('blob_key').execute(),
  ]);
  const nameOf = ({ profile_id, seq }: { profile_id: string; seq: number }) => `${profile_id} ${seq}`;
  const names = snapshots.map(nameOf).toSorted();
  assert.deepEqual(units.map(nameOf).toSorted(), names);
  assert.deepEqual(blobs.map(nameOf).toSorted(), names);
  for (const { blob_key } of blobs) assert.equal(chunks.filter((chunk) => chunk.blob_key === blob_key).length, 2);
  assert.equal(chunks.length, blobs.length * 2);
  return names;
}

testOnEveryService('it is ready while both its databases answer, and says which does not', async (service) => {
  const ready = async () => {
    const answer = await fetch(`${service.url}/readyz`);
    return [answer.status, ((await answer.json()) as { status: string }).status];
  };
  assert.deepEqual(await ready(), [200, 'ready']);

  await service.service.keys.close();

  assert.deepEqual(await ready(), [503, 'the key store does not answer']);
});
