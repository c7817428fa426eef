/** Nothing leaves a device and nothing is offered before an administrator says so, nor after they said no; each no is explained. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OfferedProfile, SnapshotLine } from '../model/src/wire.ts';
import type { Device } from './testing/device.ts';
import { furnish } from './testing/furnish.ts';
import type { Ran } from './testing/run-program.ts';
import { letTimePass } from './testing/state-files.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';

const NOT_ALLOWED = 14;
const BACKUP_IS_OFF = /Contoso has not turned on backup.*?Ask IT to assign "Enable Windows Backup"/;
const SWITCHED_OFF =
  /Contoso keeps Windows Backup off on this PC \(Backup, everyone\)\..*?Ask IT to change that policy/;
const RESTORE_IS_OFF = /Contoso has not turned on restore.*?Ask IT to turn on "Enable Windows Restore"/;

let story: Story;
let device: Device;

before(async () => {
  story = await aStory({ switchedOn: false });
  device = await story.enrolled('old-pc');
  await furnish(device, { apps: 0 });
});
after(() => story.remove());

test('at first neither backup nor restore is possible, and both say why and what to do', async () => {
  refused(await device.agent('backup'), BACKUP_IS_OFF);
  refused(await device.agent('profiles'), RESTORE_IS_OFF);
  refused(await device.agent('plan'), RESTORE_IS_OFF);
  refused(await device.agent('restore', '--yes'), RESTORE_IS_OFF);

  const said = succeeded(await device.agent('status'));
  assert.match(said, /Can't back up/);
  assert.match(said, /Can't restore/);
});

test('once they are switched on, a device that was there before backs up and offers', async () => {
  await story.organization.admin('backup', 'on');
  await story.organization.admin('restore', 'on');

  succeeded(await device.agent('backup'));

  assert.deepEqual(
    (await offered()).map(({ deviceName, headSeq }) => [deviceName, headSeq]),
    [['old-pc', 1]],
  );
});

test('switched off again, nothing more is taken in, and what is stored stays', async () => {
  await story.organization.admin('backup', 'off');
  await device.must('dconf', ['write', '/org/gnome/mutter/edge-tiling', 'false']);
  await letTimePass(device);

  // The timer stays, does nothing and says why: that is no failure.
  const { exit, stderr } = await device.agent('run-due');
  assert.equal(exit, 0, stderr);
  assert.match(stderr, SWITCHED_OFF);
  refused(await device.agent('backup'), SWITCHED_OFF);

  assert.deepEqual(
    (await offered()).map(({ headSeq }) => headSeq),
    [1],
  );
  // Restore is still on, so everything that is stored could come back.
  const planned = await device.agent('plan', 'old-pc', '--json');
  assert.deepEqual(JSON.parse(planned.stdout).withheld, []);
  assert.ok((await graphSettings()).length > 5);
});

test('with restore switched off nothing is offered, and the backup stays', async () => {
  await story.organization.admin('restore', 'off');

  refused(await device.agent('profiles'), RESTORE_IS_OFF);
  refused(await device.agent('restore', 'old-pc', '--yes'), RESTORE_IS_OFF);

  assert.ok((await graphSettings()).length > 5);
});

test('a category that the person switches off is left out from then on, also of what is offered', async () => {
  await story.organization.admin('backup', 'on');
  await story.organization.admin('restore', 'on');
  const before = await planned(1);

  succeeded(await device.agent('remember', 'personalization', 'off'));
  const made = jsonOf<{ seq: number; categories: readonly string[] }>(await device.agent('backup', '--json'));

  assert.equal(made.seq, 2);
  assert.ok(!made.categories.includes('personalization'));
  assert.ok(before.categories.has('personalization'));
  for (const seq of [1, 2]) {
    const after = await planned(seq);
    assert.ok(!after.categories.has('personalization'), `backup ${seq}`);
    assert.ok(after.categories.has('accessibility'), `backup ${seq}`);
  }
  assert.deepEqual((await planned(1)).withheld, ['personalization']);
  assert.equal((await snapshots()).length, 2);
});

test('switched on again, the category is offered from the backup that holds it', async () => {
  succeeded(await device.agent('remember', 'personalization', 'on'));

  assert.ok((await planned(1)).categories.has('personalization'));
});

/** The exit code, and the reason with its remedy, told once. */
function refused(ran: Ran, words: RegExp): void {
  assert.equal(ran.exit, NOT_ALLOWED, `${ran.stdout}${ran.stderr}`);
  // Long sentences are broken over lines.
  const said = ran.stderr.replaceAll(/\s+/g, ' ');
  assert.match(said, words);
  assert.doesNotMatch(said.replace(words, ''), words);
}

async function offered(): Promise<readonly OfferedProfile[]> {
  return jsonOf<{ profiles: readonly OfferedProfile[] }>(await device.agent('profiles', '--json')).profiles;
}

async function snapshots(): Promise<readonly SnapshotLine[]> {
  return jsonOf<{ snapshots: readonly SnapshotLine[] }>(await device.agent('profiles', 'old-pc', '--json')).snapshots;
}

async function planned(seq: number): Promise<{ categories: ReadonlySet<string>; withheld: readonly string[] }> {
  const ran = await device.agent('plan', 'old-pc', '--at', String(seq), '--json');
  const plan = jsonOf<{ items: readonly { category: string }[]; withheld: readonly string[] }>(ran);
  return { categories: new Set(plan.items.map(({ category }) => category)), withheld: plan.withheld };
}

async function graphSettings(): Promise<readonly unknown[]> {
  const graph = await story.graph();
  const answer = await graph.fetch('/v1.0/me/settings/windows');
  return ((await answer.json()) as { value: readonly unknown[] }).value;
}
