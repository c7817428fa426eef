/** What a second backup costs: nothing changed is one request with the manifest alone, a change sends its unit only. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { SnapshotLine } from '../model/src/wire.ts';
import type { Device } from './testing/device.ts';
import { furnish } from './testing/furnish.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';

let story: Story;
let device: Device;

interface Made {
  readonly seq: number;
  readonly unchanged: boolean;
  readonly sentUnits: readonly string[];
  readonly sentBytes: number;
}

before(async () => {
  story = await aStory();
  device = await story.enrolled('old-pc');
  await furnish(device, { apps: 0 });
  succeeded(await device.agent('backup'));
});
after(() => story.remove());

test('an unchanged device sends one request, and no content in it', async () => {
  const before = await requests();

  const made = jsonOf<Made>(await device.agent('backup', '--json'));

  const sent = (await requests()).slice(before.length);
  assert.deepEqual(
    sent.map(({ method, path }) => [method, path.replace(/[0-9a-f-]{36}/, 'ID')]),
    [['POST', '/device/v1/devices/ID/snapshots']],
  );
  const { seq, unchanged, sentUnits, sentBytes } = made;
  assert.deepEqual({ seq, unchanged, sentUnits, sentBytes }, { seq: 1, unchanged: true, sentUnits: [], sentBytes: 0 });
  assert.deepEqual(
    (await snapshots()).map(({ seq }) => seq),
    [1],
  );
});

test('a changed key sends the unit it belongs to and nothing else', async () => {
  await device.must('gsettings', ['set', 'org.gnome.desktop.interface', 'cursor-size', '48']);

  const made = jsonOf<Made>(await device.agent('backup', '--json'));

  assert.equal(made.seq, 2);
  assert.equal(made.unchanged, false);
  assert.equal(made.sentUnits.length, 1);
  assert.match(made.sentUnits.join(), /accessibility/);
});

test('a value that changes back is a backup of its own, is current again, and its content is not sent twice', async () => {
  await device.must('gsettings', ['set', 'org.gnome.desktop.interface', 'cursor-size', '32']);

  const made = jsonOf<Made>(await device.agent('backup', '--json'));

  assert.equal(made.seq, 3);
  const sizes = await Promise.all([1, 2, 3].map(cursorSizeAt));
  assert.deepEqual(sizes, ['same', '48', 'same']);
  assert.match(await graphText(), /"(?:uint32 )?32"/);
  assert.doesNotMatch(await graphText(), /cursorSize":\{[^}]*48/);
});

interface Request {
  readonly msg: string;
  readonly method: string;
  readonly path: string;
}

/** Every request the service has logged. */
async function requests(): Promise<readonly Request[]> {
  const lines = (await story.serviceLog()).split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Request).filter(({ msg }) => msg === 'request');
}

async function snapshots(): Promise<readonly SnapshotLine[]> {
  return jsonOf<{ snapshots: readonly SnapshotLine[] }>(await device.agent('profiles', 'old-pc', '--json')).snapshots;
}

/** What a restore of that backup would make of the cursor on this device now. */
async function cursorSizeAt(seq: number): Promise<string | undefined> {
  const ran = await device.agent('plan', 'old-pc', '--at', String(seq), '--json');
  const { items } = jsonOf<{ items: readonly { id: string; step: string; will: string }[] }>(ran);
  const item = items.find(({ id }) => id === 'accessibility.cursorSize');
  return item?.step === 'same' ? 'same' : item?.will;
}

async function graphText(): Promise<string> {
  const answer = await (await story.graph()).fetch('/v1.0/me/settings/windows');
  const { value } = (await answer.json()) as { value: { instances: { payload: string }[] }[] };
  return value
    .flatMap(({ instances }) => instances.map(({ payload }) => Buffer.from(payload, 'base64').toString()))
    .join('\n');
}
