/** The disk of the service is full: that is said, nothing is damaged, and it goes on when there is room. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import type { SnapshotLine } from '../model/src/wire.ts';
import type { Device } from './testing/device.ts';
import { furnish } from './testing/furnish.ts';
import { aPng } from './testing/png.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';

const STORAGE_FULL = 11;
/** Enough for a request to be judged, too little for a picture. */
const LEFT_BYTES = 64 * 1024;

let story: Story;
let device: Device;

before(async () => {
  story = await aStory({ dataMegabytes: 32 });
  device = await story.enrolled('old-pc');
  await furnish(device, { apps: 0 });
  succeeded(await device.agent('backup'));
  succeeded(await device.agent('profiles'));
});
after(() => story.remove());

test('a backup that does not fit is refused with a sentence and an exit code of its own', async () => {
  await writeFile(join(device.home, '.local/share/backgrounds/lake.png'), aPng({ width: 900, height: 900, hue: 7 }));
  await fillDisk();

  const ran = await device.agent('backup');
  const asJson = await device.agent('backup', '--json');

  assert.equal(ran.exit, STORAGE_FULL, ran.stderr);
  assert.match(ran.stderr, /disk of the service is full/);
  assert.match(ran.stderr, /Tell your IT/);
  assert.equal(jsonOf<{ error: { code: string } }>(asJson).error.code, 'storageFull');
});

test('the service answered 507, and is still up', async () => {
  const lines = (await story.serviceLog()).split('\n').filter((line) => line.startsWith('{'));
  const statuses = lines.map((line) => (JSON.parse(line) as { status?: number }).status);

  assert.ok(statuses.includes(507));
  assert.ok(!statuses.includes(500));
  assert.equal((await fetch(`${story.service.url}/healthz`)).status, 200);
});

test('nothing is damaged', async () => {
  // SQLite follows the way to the files, and would leave the service's own view of the disk: copies are looked at.
  const copies = join(story.folder, 'copies');
  await cp(disk(), copies, { recursive: true, filter: (path) => !path.endsWith('ballast') });

  for (const name of ['carryover.db', 'keys.db']) {
    const db = new DatabaseSync(join(copies, name));
    assert.equal(db.prepare('pragma integrity_check').get()?.['integrity_check'], 'ok', name);
    db.close();
  }
});

test('with room again the backup is made, and both backups are whole', async () => {
  await rm(join(disk(), 'ballast'));

  const made = jsonOf<{ seq: number }>(await device.agent('backup', '--json'));

  assert.equal(made.seq, 2);
  let snapshots = await snapshotsOf('old-pc');
  // The service checks what it took in a moment later.
  while (snapshots.some(({ state }) => state === 'received')) snapshots = await snapshotsOf('old-pc');
  assert.deepEqual(
    snapshots.map(({ seq, state }) => [seq, state]),
    [
      [2, 'valid'],
      [1, 'valid'],
    ],
  );
  const fresh = await story.enrolled('new-pc');
  const restored = jsonOf<{ counts: Record<string, number> }>(
    await fresh.agent('restore', 'old-pc', '--yes', '--json'),
  );
  assert.equal(restored.counts['failed'], 0);
  const picture = '.local/share/backgrounds/lake.png';
  assert.equal(await digestOf(join(fresh.home, picture)), await digestOf(join(device.home, picture)));
});

async function snapshotsOf(name: string): Promise<readonly SnapshotLine[]> {
  return jsonOf<{ snapshots: readonly SnapshotLine[] }>(await device.agent('profiles', name, '--json')).snapshots;
}

/** The data as the service sees it: the disk is in its mount namespace only. */
function disk(): string {
  return join('/proc', String(story.service.pid), 'root', story.folder, 'data');
}

async function fillDisk(): Promise<void> {
  const { bavail, bsize } = await statfs(disk());
  await writeFile(join(disk(), 'ballast'), new Uint8Array(bavail * bsize - LEFT_BYTES));
}

async function digestOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
