/**
 * A service that is killed again and again while devices upload: what it acknowledged is there and can be had, nothing
 * half there is shown, and devices go on as if nothing had been.
 */

import assert from 'node:assert/strict';
import { hash, randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeParts, encodeParts, PARTS_MEDIA_TYPE } from '../../model/src/parts.ts';
import {
  IDEMPOTENCY_HEADER,
  type SnapshotContentHead,
  type SnapshotLine,
  type SnapshotReceipt,
} from '../../model/src/wire.ts';
import { okay } from '../../server/testing/backups.ts';
import { type EnrolledDevice, enrollAt } from '../../server/testing/service.ts';
import { anUpload, aUnit } from '../../server/testing/uploads.ts';
import type { Device } from '../testing/device.ts';
import { furnish } from '../testing/furnish.ts';
import { aStory, jsonOf, type Story, succeeded } from '../testing/story.ts';

const DEVICES = 8;
/** As many as are kept, so that every acknowledged one must be there. */
const UPLOADS = 12;
const ACKNOWLEDGED_BETWEEN_KILLS = 10;
const FEWEST_KILLS = 5;
const BLOB_BYTES = 300_000;

interface Acknowledged {
  readonly seq: number;
  readonly contentId: string;
  readonly blobId: string;
  readonly blobDigest: string;
}

let story: Story;
let real: Device;
/** "The service has too much to do. Try again in a minute." */
const BUSY = 503;
const devices: EnrolledDevice[] = [];

before(async () => {
  story = await aStory();
  real = await story.enrolled('old-pc');
  await furnish(real, { apps: 0 });
  succeeded(await real.agent('backup'));
  const lena = await story.signInOf();
  for (let at = 1; at <= DEVICES; at += 1) devices.push(await enrollAt(story.service.url, lena, { name: `PC-${at}` }));
});
after(() => story.remove());

test('killed over and over while devices upload, the service loses nothing it acknowledged and shows nothing half there', async (t) => {
  const acknowledged = new Map(devices.map((device): [EnrolledDevice, Acknowledged[]] => [device, []]));
  const count = () => [...acknowledged.values()].flat().length;
  const uploads = Promise.all([...acknowledged].map(([device, list]) => uploadAll(device, list)));
  let over = false;
  void uploads.finally(() => {
    over = true;
  });

  let kills = 0;
  while (!over) {
    const next = count() + ACKNOWLEDGED_BETWEEN_KILLS;
    while (count() < next && !over) await delay(1);
    if (over) break;
    kills += 1;
    await story.restart();
  }
  await uploads;
  await story.restart();

  t.diagnostic(`killed ${kills} times`);
  assert.ok(kills >= FEWEST_KILLS, `killed ${kills} times`);
  for (const [device, list] of acknowledged) await mustBeWhole(device, list);
});

test('a real device goes on where it was', async () => {
  const unchanged = jsonOf<{ unchanged: boolean; seq: number }>(await real.agent('backup', '--json'));
  await real.must('dconf', ['write', '/org/gnome/mutter/edge-tiling', 'false']);
  const changed = jsonOf<{ unchanged: boolean; seq: number }>(await real.agent('backup', '--json'));

  assert.deepEqual([unchanged.unchanged, unchanged.seq], [true, 1]);
  assert.deepEqual([changed.unchanged, changed.seq], [false, 2]);
});

/** Each upload follows the one before; one without an answer is sent again as it was. */
async function uploadAll({ enrollment, backup }: EnrolledDevice, acknowledged: Acknowledged[]): Promise<void> {
  const digestKey = Buffer.from(enrollment.checkIn.digestKey, 'hex');
  let previous: { seq: number; mac: string } | null = null;
  for (let at = 1; at <= UPLOADS; at += 1) {
    const blob = new Uint8Array(randomBytes(BLOB_BYTES));
    const unit = aUnit(digestKey, { values: { at: randomUUID() }, blobs: [blob] });
    const other = aUnit(digestKey, { payloadType: 'carryover.other', values: { at: randomUUID() } });
    const { head, contents } = anUpload(digestKey, { units: [unit, other], previous });
    const request = {
      method: 'POST',
      headers: { 'content-type': PARTS_MEDIA_TYPE, [IDEMPOTENCY_HEADER]: randomUUID() },
      body: new Uint8Array(encodeParts(head, contents)),
    };
    const send = () => backup.fetch(`/device/v1/devices/${enrollment.deviceId}/snapshots`, request);
    const { seq, mac } = await answered(send);
    assert.equal(seq, at);
    acknowledged.push({
      seq,
      contentId: unit.contentId,
      blobId: unit.blobs[0]?.blobId ?? '',
      blobDigest: hash('sha256', blob, 'hex'),
    });
    previous = { seq, mac };
  }
}

async function answered(send: () => Promise<Response>): Promise<SnapshotReceipt> {
  for (;;) {
    const answer = await send()
      .then(async (response) => new Response(await response.text(), response))
      // Nobody listens, the connection broke, or the answer was cut short.
      .catch(() => undefined);
    // A service may have too much to do, and says so: a device comes again then.
    if (answer !== undefined && answer.status !== BUSY) return okay<SnapshotReceipt>(answer);
    await delay(20);
  }
}

/** What is shown is whole, and what was acknowledged is shown. */
async function mustBeWhole(device: EnrolledDevice, acknowledged: readonly Acknowledged[]): Promise<void> {
  const { profileId } = device.enrollment;
  const restore = await device.restore();
  const list = async () =>
    (await okay<{ value: SnapshotLine[] }>(await restore.fetch(`/device/v1/profiles/${profileId}/snapshots`))).value;
  let shown = await list();
  // Those that were not checked when the service was killed are checked by now or soon.
  while (shown.some(({ state }) => state === 'received')) {
    await delay(50);
    shown = await list();
  }

  assert.deepEqual(
    shown.map(({ seq, state }) => [seq, state]),
    acknowledged.map(({ seq }) => [seq, 'valid']).toReversed(),
  );
  for (const { seq, contentId, blobId, blobDigest } of acknowledged) {
    const answer = await restore.fetch(`/device/v1/profiles/${profileId}/snapshots/${seq}`);
    const { head, contents } = decodeParts<SnapshotContentHead>(new Uint8Array(await answer.arrayBuffer()));
    assert.deepEqual(
      head.parts.map(({ sha256 }) => sha256),
      contents.map((content) => hash('sha256', content, 'hex')),
    );
    assert.ok(head.parts.some(({ id }) => id === contentId));
    const blob = await restore.fetch(`/device/v1/profiles/${profileId}/blobs/${blobId}`);
    assert.equal(hash('sha256', new Uint8Array(await blob.arrayBuffer()), 'hex'), blobDigest);
  }
}
