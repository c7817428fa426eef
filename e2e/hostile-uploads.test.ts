/**
 * What somebody with a real device and its keys could send instead of a backup. Everything is refused with a code, or kept
 * and never offered; nothing of another person is reached; the device itself goes on afterwards.
 *
 * An expired token is tried where the service's clock can be set (server/src/http/authenticate.test.ts), a body over the
 * limit where the connection is in hand (server/src/app.test.ts).
 */

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { encodeParts } from '../model/src/parts.ts';
import type { OfferedProfile, SnapshotLine, SnapshotReceipt } from '../model/src/wire.ts';
import { anUpload, aUnit, type SampleUnit, type UploadSketch } from '../server/testing/uploads.ts';
import type { Device } from './testing/device.ts';
import { furnish } from './testing/furnish.ts';
import { type Impostor, impostorOf } from './testing/impostor.ts';
import { readState } from './testing/state-files.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';

const MEGABYTE = 1024 * 1024;

let story: Story;
let device: Device;
/** Speaks with the keys and tokens of `device`. */
let lena: Impostor;
/** Of another person of the same organization. */
let max: Impostor;

before(async () => {
  story = await aStory();
  device = await story.enrolled('old-pc');
  await furnish(device, { apps: 0 });
  succeeded(await device.agent('backup'));
  const other = await story.addPerson('max@contoso.example', 'Max');
  const others = await story.enrolled('max-pc', { who: other });
  await others.must('dconf', ['write', '/org/gnome/desktop/interface/cursor-size', '24']);
  succeeded(await others.agent('backup'));
  [lena, max] = [await impostorOf(device), await impostorOf(others)];
});
after(() => story.remove());

test('what is too large, damaged, cut short or not signed by the person is refused, and nothing of it is kept', async () => {
  const small = unit({ theme: randomUUID() });
  const huge = { ...small, payload: new Uint8Array(randomBytes(MEGABYTE + MEGABYTE / 8)) };
  const { head, contents } = await upload({ units: [small] });
  const [part] = head.parts;
  assert.ok(part);
  const whole = encodeParts(head, contents);
  const tries: Readonly<Record<string, readonly [body: Uint8Array, answer: string]>> = {
    'an oversized unit': [await body({ units: [huge] }), '413 requestTooLarge'],
    'a wrong digest': [
      encodeParts({ ...head, parts: [{ ...part, sha256: '0'.repeat(64) }] }, contents),
      '400 invalidRequest wrongDigest',
    ],
    'a manifest changed after its MAC': [
      encodeParts({ ...head, manifest: { ...head.manifest, deviceName: 'other' } }, contents),
      '400 invalidRequest wrongMac',
    ],
    'a part that no manifest names': [
      encodeParts({ ...head, parts: [{ ...part, id: 'f'.repeat(64) }] }, contents),
      '400 invalidRequest foreignPart',
    ],
    'a truncated body': [whole.subarray(0, whole.length - 1), '400 invalidRequest truncated'],
    'a body with more than it names': [Buffer.concat([whole, Buffer.from('x')]), '400 invalidRequest'],
    'a head that is no JSON': [Buffer.from('\0\0\0\x04{{{{', 'latin1'), '400 invalidRequest'],
    'a head longer than the body': [Buffer.from('\x7f\xff\xff\xff', 'latin1'), '413 requestTooLarge'],
    'no body': [new Uint8Array(), '400 invalidRequest truncated'],
  };

  const answers = Object.entries(tries).map(async ([what, [sent]]) => [what, await told(lena.post(sent))]);
  assert.deepEqual(
    Object.fromEntries(await Promise.all(answers)),
    Object.fromEntries(Object.entries(tries).map(([what, [, answer]]) => [what, answer])),
  );

  assert.deepEqual(await shown(), ['1 valid']);
});

test('an upload whose connection breaks leaves nothing behind', async () => {
  const sent = await body({ units: [unit({ theme: randomUUID() })] });
  const { url, headers } = lena.prepared();

  await new Promise<void>((resolve) => {
    const request = httpRequest(url, { method: 'POST', headers: { ...headers, 'content-length': sent.length + 100 } });
    request.on('error', () => resolve());
    request.write(sent, () => request.destroy());
    request.on('close', () => resolve());
  });

  assert.equal((await fetch(`${story.service.url}/readyz`)).status, 200);
  assert.deepEqual(await shown(), ['1 valid']);
});

test('contents of another person cannot be claimed by naming them', async () => {
  const theirs = (await readState(max.device, 'acknowledged')).manifest.units;
  const mine = theirs.map((about): SampleUnit => ({ ...about, payload: new Uint8Array(), contents: [] }));
  assert.ok(mine.length > 0);

  const answer = await lena.post(await body({ units: mine, sent: [] }));

  assert.equal(answer.status, 409);
  const { error } = (await answer.json()) as { error: { innerError: { code: string; details: { units: string[] } } } };
  assert.equal(error.innerError.code, 'partsMissing');
  assert.deepEqual(error.innerError.details.units.toSorted(), theirs.map(({ contentId }) => contentId).toSorted());
  assert.deepEqual(await shown(), ['1 valid']);
});

test("nobody speaks for a device without its key, its token and its person's sign-in", async () => {
  const sent = await body({ units: [unit({ theme: randomUUID() })] });
  const laptop = await impostorOf(await story.enrolled('laptop'));
  const replayed = lena.prepared();

  const answers = {
    'a token of another device of the person': await told(laptop.post(sent, { deviceId: lena.deviceId })),
    'a token of another person': await told(max.post(sent, { deviceId: lena.deviceId })),
    'a stolen token with another key': await told(max.post(sent, { deviceId: lena.deviceId, token: lena.token })),
    'an unknown device': await told(lena.post(sent, { deviceId: randomUUID() })),
    'a token that was changed': await told(lena.post(sent, { token: `${lena.token.slice(0, -4)}AAAA` })),
    'no token': await told(fetch(replayed.url, { method: 'POST', body: new Uint8Array(sent) })),
    'the first use of a proof': await told(
      fetch(replayed.url, { ...replayed, method: 'POST', body: new Uint8Array([0]) }),
    ),
    'the second use of a proof': await told(
      fetch(replayed.url, { ...replayed, method: 'POST', body: new Uint8Array(sent) }),
    ),
  };

  assert.deepEqual(answers, {
    'a token of another device of the person': '404 itemNotFound',
    'a token of another person': '404 itemNotFound',
    'a stolen token with another key': '401 unauthenticated proofInvalid',
    'an unknown device': '404 itemNotFound',
    'a token that was changed': '401 unauthenticated tokenInvalid',
    'no token': '401 unauthenticated tokenMissing',
    'the first use of a proof': '400 invalidRequest truncated',
    'the second use of a proof': '401 unauthenticated proofReplayed',
  });
  assert.deepEqual(await shown(), ['1 valid']);
});

test('of two uploads at once from one device one is taken, and the same upload twice is one', async () => {
  const [one, other] = [
    await body({ units: [unit({ theme: 'one' })] }),
    await body({ units: [unit({ theme: 'other' })] }),
  ];

  const race = await Promise.all([told(lena.post(one)), told(lena.post(other))]);

  assert.deepEqual(race.toSorted(), ['200', '409 conflict notPrevious']);
  assert.deepEqual(await shown(), ['2 valid', '1 valid']);

  const again = await body({ units: [unit({ theme: 'again' })] });
  const requestId = randomUUID();
  const answers = await Promise.all([lena.post(again, { requestId }), lena.post(again, { requestId })]);
  const late = await lena.post(again, { requestId });
  const receipts = (await Promise.all([...answers, late].map((answer) => answer.json()))) as SnapshotReceipt[];
  assert.deepEqual(
    receipts.map(({ seq, mac }) => [seq, mac]),
    receipts.map(() => [3, receipts[0]?.mac]),
  );
  assert.deepEqual(await shown(), ['3 valid', '2 valid', '1 valid']);
});

test('a bomb that calls itself small is taken, found out and never offered', async () => {
  const [offeredBefore] = await offered();
  const bomb = { ...unit({ theme: randomUUID() }), payload: zstdCompressSync(Buffer.alloc(512 * MEGABYTE)) };
  assert.ok(bomb.payload.length < MEGABYTE);

  assert.equal(await told(lena.post(await body({ units: [bomb] }))), '200');

  assert.deepEqual(await shown(), ['4 invalid', '3 valid', '2 valid', '1 valid']);
  const [offeredAfter] = await offered();
  assert.equal(offeredAfter?.defaultSeq, offeredBefore?.defaultSeq);
  assert.equal(offeredAfter?.note?.code, 'newestDamaged');
  const plan = await device.agent('plan', 'old-pc', '--at', '4');
  assert.notEqual(plan.exit, 0);
});

test('after all that the device backs up as ever, and what it offers is its own', async () => {
  const made = jsonOf<{ seq: number; settings: number }>(await device.agent('backup', '--json'));

  assert.ok(made.settings > 80);
  assert.equal((await shown())[0], `${made.seq} valid`);
  assert.equal((await offered())[0]?.defaultSeq, made.seq);
  const { payloads } = await graphOf();
  assert.match(payloads, /#26a269/);
});

function unit(values: Record<string, string>): SampleUnit {
  return aUnit(lena.digestKey, { payloadType: 'carryover.personalization.colors', values });
}

/** Follows what the service holds now. */
async function upload(sketch: UploadSketch) {
  return anUpload(lena.digestKey, { previous: headOf(lena.profileId), ...sketch });
}

/** The newest snapshot of a profile, from the service's own rows. */
function headOf(profileId: string): { seq: number; mac: string } {
  const db = new DatabaseSync(join(story.folder, 'data', 'carryover.db'), { readOnly: true });
  try {
    const row = db.prepare('select head_seq, head_mac from profiles where profile_id = ?').get(profileId);
    return { seq: Number(row?.['head_seq']), mac: String(row?.['head_mac']) };
  } finally {
    db.close();
  }
}

async function body(sketch: UploadSketch): Promise<Uint8Array> {
  const { head, contents } = await upload(sketch);
  return encodeParts(head, contents);
}

/** Status, code and inner code of an answer. */
async function told(answer: Promise<Response>): Promise<string> {
  const response = await answer;
  const { error } = (await response.json()) as { error?: { code: string; innerError?: { code?: string } } };
  return [response.status, error?.code, error?.innerError?.code].filter((part) => part !== undefined).join(' ');
}

async function snapshots(): Promise<readonly SnapshotLine[]> {
  return jsonOf<{ snapshots: readonly SnapshotLine[] }>(await device.agent('profiles', 'old-pc', '--json')).snapshots;
}

/** Newest first, when all are judged. */
async function shown(): Promise<string[]> {
  let lines = await snapshots();
  while (lines.some(({ state }) => state === 'received')) lines = await snapshots();
  return lines.map(({ seq, state }) => `${seq} ${state}`);
}

async function offered(): Promise<readonly OfferedProfile[]> {
  return jsonOf<{ profiles: readonly OfferedProfile[] }>(await device.agent('profiles', '--json')).profiles;
}

async function graphOf(): Promise<{ payloads: string }> {
  const answer = await (await story.graph()).fetch('/v1.0/me/settings/windows');
  const { value } = (await answer.json()) as { value: { instances: { payload: string }[] }[] };
  const texts = value.flatMap(({ instances }) => instances.map(({ payload }) => Buffer.from(payload, 'base64')));
  return { payloads: texts.join('\n') };
}
