import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { KnownError } from '@carryover/model/errors';
import type { Parts } from '@carryover/model/parts';
import type { Category } from '@carryover/model/setting';
import type { SnapshotHead } from '@carryover/model/wire';
import { testOnEveryDatabase } from '../../testing/databases.ts';
import { ALICE, BOB, DESK, EVE, LAPTOP } from '../../testing/people.ts';
import { anUpload, aRequestId, aUnit, type SampleUnit, type UploadSketch } from '../../testing/uploads.ts';
import type { Store } from '../db/command.ts';
import type { Keys } from '../keys/keys.ts';
import { createProfile, deleteProfile, findHead, findProfile, listOffered } from '../profiles/profiles.ts';
import { blobContent, commitUpload, listHeads, listSnapshots, manifestOf, snapshotContent } from './snapshots.ts';
import { checkSnapshot } from './validator.ts';

const PROFILE = '44444444-0000-4000-8000-000000000001';
const ALL: readonly Category[] = ['personalization', 'accessibility', 'apps'];
const MONDAY = Temporal.Instant.from('2026-01-05T08:00:00Z');
const day = (days: number) => MONDAY.add({ hours: 24 * days });

/** Alice's desk, its keys and its chain. */
async function aDevice(store: Store, keys: Keys, profileId = PROFILE, deviceId = DESK) {
  const storage = { store, keys };
  const digestKey = await keys.digestKey(ALICE);
  await createProfile(store, ALICE, { profileId, deviceId, now: MONDAY });
  let previous: { seq: number; mac: string } | null = null;
  let days = 0;
  const send = (
    parts: Parts<SnapshotHead>,
    options: { requestId?: string; keep?: number; now?: Temporal.Instant } = {},
  ) => commitUpload(storage, { owner: ALICE, profileId, requestId: aRequestId(), parts, now: day(days), ...options });
  return {
    storage,
    digestKey,
    send,
    unit: (sketch: Parameters<typeof aUnit>[1] = {}) => aUnit(digestKey, sketch),
    /** Uploads the next capture, a day after the one before; checked unless said otherwise. */
    async backUp(
      units: readonly SampleUnit[],
      sketch: Partial<UploadSketch> & { keep?: number; unchecked?: true } = {},
    ) {
      days += 1;
      const { keep, unchecked, ...rest } = sketch;
      const capturedAt = day(days).toString();
      const parts = anUpload(digestKey, { units, previous, capturedAt, ...rest });
      const committed = await send(parts, keep === undefined ? {} : { keep });
      previous = { seq: committed.seq, mac: committed.mac };
      if (!unchecked) await checkSnapshot(storage, { ...ALICE, profileId, seq: committed.seq });
      return committed;
    },
    get previous() {
      return previous;
    },
  };
}

function refused(code: string, inner?: string, details?: Readonly<Record<string, unknown>>) {
  return (error: unknown) => {
    assert.ok(error instanceof KnownError, String(error));
    assert.deepEqual([error.code, error.inner], [code, inner]);
    if (details !== undefined) assert.deepEqual(error.details, details);
    return true;
  };
}

async function countOf(store: Store, table: 'units' | 'blobs' | 'blob_chunks' | 'snapshots' | 'snapshot_units') {
  const row = await store.read
    .selectFrom(table)
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

testOnEveryDatabase('what was uploaded comes back byte for byte', async (store, keys) => {
  const device = await aDevice(store, keys);
  const picture = new Uint8Array(randomBytes(600_000));
  const units = [
    device.unit({ blobs: [picture] }),
    device.unit({ payloadType: 'carryover.a11y', category: 'accessibility' }),
  ];

  const committed = await device.backUp(units);

  const content = await snapshotContent(device.storage, ALICE, { profileId: PROFILE, seq: 1, categories: ALL });
  assert.deepEqual(committed, { seq: 1, mac: committed.mac, stored: true, lastBackupAt: day(1) });
  assert.deepEqual(
    content.contents.map((bytes) => Buffer.from(bytes).toString('hex')),
    [units[1], units[0]].map((unit) => Buffer.from(unit?.payload ?? []).toString('hex')),
  );
  assert.deepEqual(content.head.manifest, await manifestOf(device.storage, ALICE, { profileId: PROFILE, seq: 1 }));
  const blobId = units[0]?.blobs[0]?.blobId ?? '';
  assert.deepEqual(new Uint8Array(await blobContent(device.storage, ALICE, { profileId: PROFILE, blobId })), picture);
});

testOnEveryDatabase('nothing readable is stored', async (store, keys) => {
  const device = await aDevice(store, keys);
  await device.backUp([device.unit({ values: { theme: 'unmistakable' } })]);

  const unit = await store.read.selectFrom('units').selectAll().executeTakeFirstOrThrow();
  const snapshot = await store.read.selectFrom('snapshots').selectAll().executeTakeFirstOrThrow();

  assert.throws(() => zstdDecompressSync(unit.sealed));
  assert.ok(!Buffer.from(snapshot.manifest).includes('DEVICE-1'));
});

testOnEveryDatabase('a category that is switched off now is withheld from an older snapshot', async (store, keys) => {
  const device = await aDevice(store, keys);
  const colors = device.unit();
  await device.backUp([colors, device.unit({ payloadType: 'carryover.a11y', category: 'accessibility' })]);

  const { head } = await snapshotContent(device.storage, ALICE, {
    profileId: PROFILE,
    seq: 1,
    categories: ['personalization'],
  });

  assert.deepEqual(head.withheld, ['accessibility']);
  assert.deepEqual(
    head.parts.map(({ id }) => id),
    [colors.contentId],
  );
});

testOnEveryDatabase('an unchanged device only advances the time of its last backup', async (store, keys) => {
  const device = await aDevice(store, keys);
  const unit = device.unit();
  const first = await device.backUp([unit]);

  const second = await device.backUp([unit], { sent: [] });

  assert.deepEqual(second, { seq: 1, mac: first.mac, stored: false, lastBackupAt: day(2) });
  assert.equal(await countOf(store, 'snapshots'), 1);
  const head = { seq: 1, mac: first.mac, lastBackupAt: day(2).toString() };
  assert.deepEqual(await findHead(store, ALICE, PROFILE), { head });
});

testOnEveryDatabase(
  'a setting that changes back becomes current again with a new date, stored once',
  async (store, keys) => {
    const device = await aDevice(store, keys);
    const [dark, light] = [device.unit({ values: { theme: 'dark' } }), device.unit({ values: { theme: 'light' } })];

    await device.backUp([dark]);
    await device.backUp([light]);
    await device.backUp([dark], { sent: [] });

    const [head, ...others] = await listHeads(device.storage, ALICE, { top: 10 });
    assert.deepEqual(others, []);
    assert.deepEqual(JSON.parse(Buffer.from(head?.content ?? []).toString()).values, { theme: { raw: 'dark' } });
    assert.deepEqual(head?.modifiedAt, day(3));
    assert.deepEqual(head?.createdAt, day(1));
    assert.equal(await countOf(store, 'units'), 2);
  },
);

testOnEveryDatabase('the same request twice is stored once and answered alike', async (store, keys) => {
  const device = await aDevice(store, keys);
  const parts = anUpload(device.digestKey, { units: [device.unit()] });
  const requestId = aRequestId();

  const first = await device.send(parts, { requestId });
  const again = await device.send(parts, { requestId, now: day(9) });
  const underAnother = await device.send(parts, { now: day(9) });

  assert.deepEqual(again, first);
  assert.deepEqual(underAnother, first);
  assert.equal(await countOf(store, 'snapshots'), 1);
});

testOnEveryDatabase(
  'of two different uploads at once one is taken and the other told what is there',
  async (store, keys) => {
    const device = await aDevice(store, keys);
    const sketches = ['dark', 'light'].map((theme) =>
      anUpload(device.digestKey, { units: [device.unit({ values: { theme } })] }),
    );

    const results = await Promise.allSettled(sketches.map((parts) => device.send(parts)));

    const taken = results.find((result) => result.status === 'fulfilled');
    const turnedAway = results.find((result) => result.status === 'rejected');
    assert.ok(taken !== undefined && turnedAway !== undefined);
    refused('conflict', 'notPrevious', {
      profileId: PROFILE,
      head: { seq: 1, mac: taken.value.mac, lastBackupAt: MONDAY.toString() },
    })(turnedAway.reason);
    assert.equal(await countOf(store, 'snapshots'), 1);
  },
);

testOnEveryDatabase('the same upload twice at once is stored once', async (store, keys) => {
  const device = await aDevice(store, keys);
  const parts = anUpload(device.digestKey, { units: [device.unit()] });
  const requestId = aRequestId();

  const [first, second] = await Promise.all([device.send(parts, { requestId }), device.send(parts, { requestId })]);

  assert.deepEqual(first, second);
  assert.equal(await countOf(store, 'units'), 1);
});

testOnEveryDatabase(
  'contents that are neither stored nor sent are asked for, and nothing is kept',
  async (store, keys) => {
    const device = await aDevice(store, keys);
    const picture = new Uint8Array(randomBytes(100));
    const unit = device.unit({ blobs: [picture] });
    const blobId = unit.blobs[0]?.blobId;

    await assert.rejects(
      device.send(anUpload(device.digestKey, { units: [unit], sent: [] })),
      refused('conflict', 'partsMissing', { units: [unit.contentId], blobs: [blobId] }),
    );

    assert.deepEqual(await listSnapshots(store, ALICE, PROFILE), []);
    assert.equal(await countOf(store, 'units'), 0);
  },
);

testOnEveryDatabase("another person's content is not taken for one's own", async (store, keys) => {
  const device = await aDevice(store, keys);
  const unit = device.unit();
  await device.backUp([unit]);
  await createProfile(store, BOB, { profileId: 'bobs', deviceId: LAPTOP, now: MONDAY });
  const parts = anUpload(await keys.digestKey(BOB), { units: [unit], sent: [] });

  const sent = commitUpload(device.storage, {
    owner: BOB,
    profileId: 'bobs',
    requestId: aRequestId(),
    parts,
    now: MONDAY,
  });

  await assert.rejects(sent, refused('conflict', 'partsMissing', { units: [unit.contentId], blobs: [] }));
});

testOnEveryDatabase('a damaged, foreign or wrongly signed upload is refused with its reason', async (store, keys) => {
  const device = await aDevice(store, keys);
  const unit = device.unit();
  const good = anUpload(device.digestKey, { units: [unit] });
  const flipped = unit.payload.slice();
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  const foreign = anUpload(device.digestKey, {
    units: [unit],
    sent: [unit, device.unit({ payloadType: 'other', values: { other: 1 } })],
  });
  const withManifest = (change: object) => ({
    ...good,
    head: { ...good.head, manifest: { ...good.head.manifest, ...change } },
  });

  await assert.rejects(device.send({ ...good, contents: [flipped] }), refused('invalidRequest', 'wrongDigest'));
  await assert.rejects(device.send(foreign), refused('invalidRequest', 'foreignPart'));
  await assert.rejects(device.send(withManifest({ deviceName: 'X' })), refused('invalidRequest', 'wrongMac'));
  await assert.rejects(
    device.send(withManifest({ units: [{ ...unit, plainBytes: 2 ** 21 }] })),
    refused('invalidRequest', 'badManifest', { member: 'plainBytes' }),
  );
  await assert.rejects(device.send(withManifest({ platform: 'amiga' })), refused('invalidRequest', 'badManifest'));
  assert.equal(await countOf(store, 'snapshots'), 0);
});

testOnEveryDatabase('an upload that names another predecessor is told what is there', async (store, keys) => {
  const device = await aDevice(store, keys);
  await device.backUp([device.unit({ values: { theme: 'one' } })]);

  const late = device.send(anUpload(device.digestKey, { units: [device.unit()], previous: null }));
  const ahead = device.send(
    anUpload(device.digestKey, { units: [device.unit()], previous: { seq: 7, mac: 'f'.repeat(64) } }),
  );

  await assert.rejects(late, refused('conflict', 'notPrevious'));
  await assert.rejects(ahead, refused('conflict', 'notPrevious'));
});

testOnEveryDatabase('nobody reads or writes what belongs to another', async (store, keys) => {
  const device = await aDevice(store, keys);
  const picture = new Uint8Array(randomBytes(10));
  const unit = device.unit({ blobs: [picture] });
  await device.backUp([unit]);
  const blob = { profileId: PROFILE, blobId: unit.blobs[0]?.blobId ?? '' };

  for (const other of [BOB, EVE, { ...ALICE, tenantId: EVE.tenantId }, { ...EVE, tenantId: ALICE.tenantId }]) {
    const wanted = { profileId: PROFILE, seq: 1, categories: ALL };
    await assert.rejects(snapshotContent(device.storage, other, wanted), refused('itemNotFound'));
    await assert.rejects(blobContent(device.storage, other, blob), refused('itemNotFound'));
    await assert.rejects(listSnapshots(store, other, PROFILE), refused('itemNotFound'));
    assert.deepEqual(await listHeads(device.storage, other, { top: 10 }), []);
    assert.equal(await findProfile(store, other, PROFILE), undefined);
    await assert.rejects(deleteProfile(store, other, PROFILE, MONDAY), refused('itemNotFound'));
  }
  assert.equal((await listSnapshots(store, ALICE, PROFILE)).length, 1);
});

testOnEveryDatabase('a row moved to another person in the database does not open', async (store, keys, database) => {
  const device = await aDevice(store, keys);
  await device.backUp([device.unit()]);
  await createProfile(store, BOB, { profileId: PROFILE, deviceId: LAPTOP, now: MONDAY });
  const { moveRowsTo } = await import('../../testing/tampering.ts');

  await moveRowsTo(database, BOB);

  await assert.rejects(
    snapshotContent(device.storage, BOB, { profileId: PROFILE, seq: 1, categories: ALL }),
    refused('itemNotFound'),
  );
});

testOnEveryDatabase(
  'twelve snapshots are kept, the good one of them for as long as nothing better comes',
  async (store, keys) => {
    const device = await aDevice(store, keys);
    const many = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`item${at}`, at]));
    await device.backUp([device.unit({ values: many })]);

    for (let round = 0; round < 14; round += 1) await device.backUp([device.unit({ values: { only: round } })]);

    const seqs = (await listSnapshots(store, ALICE, PROFILE)).map(({ seq }) => seq);
    assert.deepEqual(seqs, [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 1]);
    assert.equal(await countOf(store, 'units'), seqs.length);
    assert.equal(await countOf(store, 'snapshot_units'), seqs.length);
    const offered = await listOffered(store, ALICE, { platform: 'linux' });
    assert.deepEqual(
      offered.map(({ defaultSeq, headSeq, note }) => ({ defaultSeq, headSeq, note })),
      [{ defaultSeq: 1, headSeq: 15, note: { code: 'smallCapture' } }],
    );
  },
);

testOnEveryDatabase(
  'a content dies with the last snapshot that refers to it, its pictures too',
  async (store, keys) => {
    const device = await aDevice(store, keys);
    const kept = device.unit({ payloadType: 'kept', values: { kept: 1 } });
    const round = (value: number) => device.unit({ values: { value }, blobs: [new Uint8Array(randomBytes(300_000))] });

    for (let value = 0; value < 6; value += 1) await device.backUp([kept, round(value)], { keep: 3 });

    assert.equal(await countOf(store, 'snapshots'), 3);
    assert.equal(await countOf(store, 'units'), 4);
    assert.equal(await countOf(store, 'blobs'), 3);
    assert.equal(await countOf(store, 'blob_chunks'), 6);
    const { head } = await snapshotContent(device.storage, ALICE, { profileId: PROFILE, seq: 4, categories: ALL });
    assert.equal(head.parts.length, 2);
  },
);

testOnEveryDatabase(
  'a category that was switched off stays current for Graph until it is captured again',
  async (store, keys) => {
    const device = await aDevice(store, keys);
    const colors = device.unit();
    const access = device.unit({ payloadType: 'carryover.a11y', category: 'accessibility', values: { zoom: 2 } });
    const round = (value: number) => device.unit({ values: { value } });
    await device.backUp([colors, access]);

    for (let value = 0; value < 4; value += 1)
      await device.backUp([round(value)], { categories: ['personalization'], keep: 2 });
    const before = await listHeads(device.storage, ALICE, { top: 10 });
    await device.backUp([round(9)], { keep: 2 });
    const after = await listHeads(device.storage, ALICE, { top: 10 });

    assert.deepEqual(
      before.map(({ payloadType }) => payloadType),
      ['carryover.a11y', 'carryover.colors'],
    );
    assert.deepEqual(
      after.map(({ payloadType }) => payloadType),
      ['carryover.colors'],
    );
    assert.equal(await countOf(store, 'units'), 2);
  },
);

testOnEveryDatabase("Graph pages through a person's settings by id", async (store, keys) => {
  const [desk, laptop] = [await aDevice(store, keys), await aDevice(store, keys, randomUUID(), LAPTOP)];
  const units = (device: typeof desk) =>
    ['a', 'b'].map((payloadType) => device.unit({ payloadType, values: { [payloadType]: 1 } }));
  await desk.backUp(units(desk));
  await laptop.backUp(units(laptop));

  const all = await listHeads(desk.storage, ALICE, { top: 10 });
  const ids = all.map(({ settingId }) => settingId);
  const second = await listHeads(desk.storage, ALICE, { top: 2, after: ids[1] ?? '' });

  assert.deepEqual(ids, ids.toSorted());
  assert.equal(new Set(ids).size, 4);
  assert.ok(ids.includes(`{${PROFILE}}$a`));
  assert.deepEqual(
    second.map(({ settingId }) => settingId),
    ids.slice(2),
  );
  assert.deepEqual(
    (await listHeads(desk.storage, ALICE, { top: 9, profileId: PROFILE })).map(({ deviceName }) => deviceName),
    ['DEVICE-1', 'DEVICE-1'],
  );
});

testOnEveryDatabase('a deleted profile is gone from every answer at once and takes nothing in', async (store, keys) => {
  const device = await aDevice(store, keys);
  const unit = device.unit();
  await device.backUp([unit]);

  await deleteProfile(store, ALICE, PROFILE, day(2));

  assert.deepEqual(await listOffered(store, ALICE, { platform: 'linux' }), []);
  assert.deepEqual(await listHeads(device.storage, ALICE, { top: 10 }), []);
  const wanted = { profileId: PROFILE, seq: 1, categories: ALL };
  await assert.rejects(snapshotContent(device.storage, ALICE, wanted), refused('itemNotFound'));
  await assert.equal(await findHead(store, ALICE, PROFILE), undefined);
  await assert.rejects(device.backUp([unit]), refused('conflict', 'profileDeleted'));
  await assert.rejects(deleteProfile(store, ALICE, PROFILE, day(2)), refused('itemNotFound'));
});

testOnEveryDatabase('an empty snapshot is kept, never offered', async (store, keys) => {
  const device = await aDevice(store, keys);

  await device.backUp([]);

  assert.deepEqual(await listOffered(store, ALICE, { platform: 'linux' }), []);
  assert.deepEqual(
    (await listSnapshots(store, ALICE, PROFILE)).map(({ state, thin }) => ({ state, thin })),
    [{ state: 'valid', thin: true }],
  );
});

testOnEveryDatabase(
  'a zstd bomb and a content under a false digest are found, not offered, and can be sent again',
  async (store, keys) => {
    const device = await aDevice(store, keys);
    const good = device.unit({ values: { a: 1, b: 2 } });
    const bomb = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024));
    await device.backUp([good]);

    for (const payload of [bomb, zstdCompressSync(Buffer.alloc(good.plainBytes, '0')), randomBytes(100)]) {
      const lying = { ...device.unit({ values: { a: 1, b: payload.length } }), payload };
      const { seq } = await device.backUp([lying]);
      const [newest] = await listSnapshots(store, ALICE, PROFILE);
      assert.deepEqual([newest?.seq, newest?.state], [seq, 'invalid']);
      const [offered] = await listOffered(store, ALICE, { platform: 'linux' });
      assert.deepEqual([offered?.defaultSeq, offered?.note], [seq - 1, { code: 'newestDamaged' }]);
      const wanted = { profileId: PROFILE, seq, categories: ALL };
      await assert.rejects(snapshotContent(device.storage, ALICE, wanted), refused('itemNotFound'));

      const honest = device.unit({ values: { a: 1, b: payload.length } });
      await assert.rejects(device.backUp([honest], { sent: [] }), refused('conflict', 'partsMissing'));
      const again = await device.backUp([honest]);
      assert.deepEqual([again.stored, again.seq], [true, seq + 1]);
      assert.equal((await findProfile(store, ALICE, PROFILE))?.defaultSeq, seq + 1);
    }
  },
);

testOnEveryDatabase('a picture that is not what its id says must be sent again', async (store, keys) => {
  const device = await aDevice(store, keys);
  const picture = new Uint8Array(randomBytes(50));
  const unit = device.unit({ blobs: [picture] });
  const other = { ...unit, contents: [new Uint8Array(randomBytes(50))] };

  await device.backUp([other]);

  assert.equal((await listSnapshots(store, ALICE, PROFILE))[0]?.state, 'invalid');
  await assert.rejects(device.backUp([unit], { sent: [] }), refused('conflict', 'partsMissing'));
  await device.backUp([unit]);
  assert.equal((await findProfile(store, ALICE, PROFILE))?.defaultSeq, 2);
});

testOnEveryDatabase('a snapshot is offered once it was checked', async (store, keys) => {
  const device = await aDevice(store, keys);
  await device.backUp([device.unit()], { unchecked: true });

  assert.deepEqual(await listOffered(store, ALICE, { platform: 'linux' }), []);
  await checkSnapshot(device.storage, { ...ALICE, profileId: PROFILE, seq: 1 });

  assert.deepEqual(await listOffered(store, ALICE, { platform: 'linux' }), [
    {
      id: PROFILE,
      deviceId: DESK,
      deviceName: 'DEVICE-1',
      platform: 'linux',
      osName: 'Debian 12',
      lastBackupAt: day(1).toString(),
      settingCount: 1,
      appCount: 0,
      defaultSeq: 1,
      headSeq: 1,
      recommended: true,
    },
  ]);
});
