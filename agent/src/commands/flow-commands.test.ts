import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type Desktop, desktop } from '../../testing/desktop.ts';
import { type FlowAgent, flowAgent } from '../../testing/flow-agent.ts';
import { type MemoryService, memoryService } from '../../testing/memory-service.ts';
import { begin } from '../restore/journal.ts';
import { plan as planOf } from '../restore/restore.ts';
import { run as backup } from './backup.ts';
import { run as history } from './history.ts';
import { run as plan } from './plan.ts';
import { run as profiles } from './profiles.ts';
import { run as restore } from './restore.ts';
import { restoreParts } from './restore-parts.ts';
import { run as undo } from './undo.ts';

const OLD = '11111111-1111-4111-8111-111111111111';
const NEW = '22222222-2222-4222-8222-222222222222';
const NOW = Temporal.Instant.from('2026-11-25T10:00:00Z');

let service: MemoryService;
let desktops: Desktop[];
let old: FlowAgent;
let fresh: FlowAgent;
let now: Temporal.Instant;

beforeEach(async () => {
  service = memoryService();
  // Which apps the machine has that runs the tests is not theirs to say.
  service.preferences = { apps: 'off' };
  now = NOW;
  desktops = await Promise.all([desktop(), desktop()]);
  const [first, second] = desktops;
  assert.ok(first && second);
  await first.load("[org/gnome/desktop/interface]\ncolor-scheme='prefer-dark'\nclock-show-seconds=true\n");
  await second.load("[org/gnome/desktop/interface]\ncolor-scheme='default'\n");
  old = await flowAgent(first.system, service, { profileId: OLD, name: 'AUE-LT-0417', now: () => now });
  fresh = await flowAgent(second.system, service, { profileId: NEW, name: 'AUE-LT-0500', now: () => now });
});

afterEach(async () => {
  for (const one of desktops) await one.close();
});

test('backup says what it sent, and a second one that nothing changed', async () => {
  await backup([], old);
  await backup([], old);

  assert.match(old.out.lines[0] ?? '', /^ok Backed up .*2 settings, 0 apps\. Next by \d Dec$/);
  assert.match(old.out.lines[1] ?? '', /^ok Nothing changed since today \d\d:\d\d\. Nothing was sent$/);
  assert.deepEqual(old.out.notes, []);
});

test('backup --json is one object with counts and seconds', async () => {
  await backup(['--json'], old);

  assert.equal(old.out.lines.length, 0);
  const [result] = old.out.objects as [Record<string, unknown> & { seconds: Record<string, number> }];
  assert.deepEqual([result['seq'], result['settings'], result['unchanged'], result['failures']], [1, 2, false, []]);
  assert.deepEqual(result['kinds'], { setting: 2, file: 0, image: 0, app: 0 });
  assert.ok((result.seconds['total'] ?? 0) >= (result.seconds['capture'] ?? 1));
});

test('backup that is switched off says why and what to do, and ends with notAllowed', async () => {
  service.policy = { ...service.policy, backupEnabled: false };

  await assert.rejects(backup([], old), {
    code: 'notAllowed',
    details: { reasons: [{ code: 'notSwitchedOn', facts: { org: 'Auental County' } }] },
  });
});

test('profiles lists what can be restored, then its points in time', async () => {
  await backup([], old);
  await profiles([], fresh);
  await profiles(['aue-lt-0417', '--json'], fresh);

  assert.match(fresh.out.lines[0] ?? '', /^ok AUE-LT-0417/);
  const [{ snapshots }] = fresh.out.objects as [{ snapshots: { seq: number }[] }];
  assert.deepEqual(
    snapshots.map(({ seq }) => seq),
    [1],
  );
});

test('plan shows now and what will be, in 80 columns, and changes nothing', async () => {
  await backup([], old);
  const before = await desktops[1]?.dump();

  await plan(['AUE-LT-0417'], fresh);

  assert.ok(
    fresh.out.lines.every((line) => line.length <= 80),
    fresh.out.lines.join('\n'),
  );
  assert.ok(
    fresh.out.lines.some((line) => /default +prefer-dark/.test(line)),
    fresh.out.lines.join('\n'),
  );
  assert.ok(
    fresh.out.lines.some((line) => /not set +On/.test(line)),
    fresh.out.lines.join('\n'),
  );
  assert.equal(await desktops[1]?.dump(), before);
});

test('a name that fits no backup, no item, or a number that is none is answered with what there is', async () => {
  await backup([], old);

  await assert.rejects(plan(['NOPE'], fresh), { code: 'itemNotFound', message: /There is: AUE-LT-0417\./ });
  await assert.rejects(plan(['recommended', '--only', 'nonsense'], fresh), {
    code: 'invalidRequest',
    message: /"nonsense"/,
  });
  await assert.rejects(plan(['recommended', '--at', 'yesterday'], fresh), { code: 'invalidRequest' });
  await assert.rejects(plan(['recommended', '--at', '7'], fresh), { code: 'itemNotFound' });
});

test('restore, undo and history: there and back, with every item reported', async () => {
  await backup([], old);
  const before = await desktops[1]?.dump();

  await restore(['AUE-LT-0417', '--yes', '--json'], fresh);
  assert.match((await desktops[1]?.dump()) ?? '', /color-scheme='prefer-dark'/);
  await undo(['--yes', '--json'], fresh);
  assert.equal(await desktops[1]?.dump(), before);
  await history([], fresh);

  const [restored, undone] = fresh.out.objects as [
    { counts: Record<string, number>; kinds: object },
    { back: number; kept: [] },
  ];
  assert.deepEqual([restored.counts['applied'], restored.counts['failed']], [2, 0]);
  assert.deepEqual([undone.back, undone.kept], [2, []]);
  assert.match(fresh.out.lines[0] ?? '', /^ok .*Restore taken back: 2 items, 0 kept$/);
  assert.match(fresh.out.lines[1] ?? '', /^ok .*Restored from AUE-LT-0417, backup 1: 2 items, 0 not$/);
});

test('a dry run says everything and changes nothing, not even that there was a choice', async () => {
  await backup([], old);
  const before = await desktops[1]?.dump();

  await restore(['AUE-LT-0417', '--dry-run'], fresh);

  assert.equal(fresh.out.lines.at(-1), 'This was a dry run: nothing was changed.');
  assert.equal(await desktops[1]?.dump(), before);
  assert.equal(service.sessions.size, 0);
});

test('without a terminal and without --yes nothing is changed', async () => {
  await backup([], old);

  await assert.rejects(restore(['AUE-LT-0417'], fresh), { code: 'invalidRequest', message: /--yes/ });

  assert.equal(service.sessions.size, 0);
});

test('a restore that was stopped is gone on with, whoever asks next, and it is not asked for again', async () => {
  await backup([], old);
  const [, second] = desktops;
  assert.ok(second);
  const input = await restoreParts(fresh);
  await begin(fresh.system, await planOf(input, 'recommended', { only: [], skip: [] }));

  await restore(['AUE-LT-0417'], fresh);

  assert.deepEqual(fresh.out.notes, ['Going on where we were: 0 of 2']);
  assert.match(await second.dump(), /color-scheme='prefer-dark'/);
  assert.equal(service.sessions.size, 1);
});

test('the words of a restore name what came over and how to go back', async () => {
  await backup([], old);

  await restore(['AUE-LT-0417', '--yes'], fresh);

  assert.match(fresh.out.lines[0] ?? '', /^Restored in .*: 2 of 2 settings, 0 of 0 apps\.$/);
  assert.match(fresh.out.lines[1] ?? '', /^Not good\? carryover undo {3}\(until 2\d Dec\)$/);
});
