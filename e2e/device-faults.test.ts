/**
 * What can go wrong around a device: the service is away, the clock is ten years off, a state file holds garbage. Each is
 * said with what to do, costs nothing that was backed up, and is over when its cause is.
 */

import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { OfferedProfile, SnapshotLine } from '../model/src/wire.ts';
import type { Device } from './testing/device.ts';
import { furnish } from './testing/furnish.ts';
import type { Ran } from './testing/run-program.ts';
import { changeState, letTimePass, readState, stateFile } from './testing/state-files.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';

const [SERVICE_UNREACHABLE, NOT_ENROLLED] = [12, 13];

let story: Story;
let device: Device;

interface Status {
  readonly nextBackupAt: string;
  readonly lastBackupAt: string;
  readonly failures: number;
}

before(async () => {
  story = await aStory();
  device = await story.enrolled('old-pc');
  await furnish(device, { apps: 0 });
  succeeded(await device.agent('backup'));
  succeeded(await device.agent('profiles'));
});
after(() => story.remove());

test('a service that is away is said by every command that needs it, with one exit code, and costs nothing', async () => {
  const acknowledged = await readFile(stateFile(device, 'acknowledged.json'), 'utf8');
  const dump = await device.dconfDump();
  await story.service.stop();

  for (const words of [['backup'], ['profiles'], ['plan'], ['restore', '--yes'], ['doctor'], ['remember']]) {
    const ran = await device.agent(...words);
    assert.equal(ran.exit, SERVICE_UNREACHABLE, `${words.join(' ')}: ${ran.stdout}${ran.stderr}`);
    assert.match(ran.stderr, /could not be reached: nothing answers there/, words.join(' '));
  }

  assert.equal(await readFile(stateFile(device, 'acknowledged.json'), 'utf8'), acknowledged);
  assert.equal(await device.dconfDump(), dump);
  assert.match(succeeded(await device.agent('status')), /could not be reached/);
});

test('a scheduled run keeps its schedule while the service is away, and waits longer before it tries again', async () => {
  await letTimePass(device);
  const before = jsonOf<Status>(await device.agent('status', '--json'));

  const first = await device.agent('run-due', '--json');
  const again = await device.agent('run-due', '--json');

  assert.equal(first.exit, SERVICE_UNREACHABLE);
  const { due, at } = jsonOf<{ due: boolean; at: string }>(again);
  assert.equal(due, false);
  const { failures, lastFailureAt = '' } = await readState(device, 'attempts');
  assert.equal(failures, 1);
  const waits = Temporal.Instant.from(lastFailureAt).until(Temporal.Instant.from(at)).total('minutes');
  assert.ok(waits >= 30 && waits <= 45, `${waits} minutes`);

  await changeState(device, 'attempts', { lastFailureAt: hoursAgo(1) });
  assert.equal((await device.agent('run-due', '--json')).exit, SERVICE_UNREACHABLE);
  assert.equal((await readState(device, 'attempts')).failures, 2);
  const { lastBackupAt } = jsonOf<Status>(await device.agent('status', '--json'));
  assert.equal(lastBackupAt, before.lastBackupAt);
});

test('when the service is back the next run backs up by itself, and the failures are over', async () => {
  await story.restart();
  await changeState(device, 'attempts', { lastFailureAt: hoursAgo(40), missed: { noticedAt: hoursAgo(10), times: 2 } });

  const ran = jsonOf<{ due: boolean; unchanged: boolean; seq: number }>(await device.agent('run-due', '--json'));

  assert.deepEqual([ran.due, ran.unchanged, ran.seq], [true, true, 1]);
  const { failures, nextBackupAt, lastBackupAt } = jsonOf<Status>(await device.agent('status', '--json'));
  assert.equal(failures, 0);
  // At its own slot, which is within a cycle and the hour that is too soon after a backup.
  const hours = Temporal.Instant.from(lastBackupAt).until(Temporal.Instant.from(nextBackupAt)).total('hours');
  assert.ok(hours > 1 && hours <= 8 * 24 + 1, `${hours} hours`);
});

test('with a clock ten years off, either way, a device backs up, and the order of the service decides', async () => {
  for (const [index, shift] of ['+10y', '-10y'].entries()) {
    const seq = index + 2;
    const off = (...args: readonly string[]) => withClock(shift, args);
    await device.must('dconf', ['write', '/org/gnome/desktop/interface/cursor-size', String(40 + index)]);

    const made = jsonOf<{ seq: number; lastBackupAt: string }>(await off('backup', '--json'));

    assert.equal(made.seq, seq, shift);
    const distance = Temporal.Now.instant().since(Temporal.Instant.from(made.lastBackupAt)).abs();
    assert.ok(distance.total('minutes') < 60, `${made.lastBackupAt} with ${shift}`);
    const doctor = await off('doctor');
    assert.match(succeeded(doctor).replaceAll(/\s+/g, ' '), /The clock of this PC is off by \d+ years/);
    assert.equal(jsonOf<{ due: boolean }>(await off('run-due', '--json')).due, false, shift);
    const { profiles } = jsonOf<{ profiles: readonly OfferedProfile[] }>(await off('profiles', '--json'));
    assert.deepEqual(
      profiles.map(({ headSeq, defaultSeq }) => [headSeq, defaultSeq]),
      [[seq, seq]],
    );
  }

  assert.match(succeeded(await device.agent('doctor')), /Clock +right/);
  const snapshots = await snapshotsOf('old-pc');
  assert.deepEqual(
    snapshots.map(({ seq }) => seq),
    [3, 2, 1],
  );
  const times = snapshots.map(({ takenAt }) => takenAt);
  assert.deepEqual(times, times.toSorted().toReversed());
});

const GARBAGE = { 'cut off': '{"seq": 1, "mac', 'of another shape': '[]', binary: '\0\0\0\0', empty: '' };

test('a damaged state file is set aside with a message, and what it held is asked for or made again', async () => {
  const consequence = {
    acknowledged: /The next backup compares with the service/,
    service: /It is asked for again/,
    tokens: /asks you to sign in/,
    attempts: /Nothing is lost/,
  };
  await writeFile(stateFile(device, 'attempts.json'), '{"failures":0}');

  for (const [name, words] of Object.entries(consequence)) {
    for (const [kind, garbage] of Object.entries(GARBAGE)) {
      await writeFile(stateFile(device, `${name}.json`), garbage);

      const ran = await device.agent(name === 'attempts' ? 'run-due' : 'backup');

      assert.equal(ran.exit, 0, `${name} ${kind}: ${ran.stderr}`);
      assert.match(ran.stderr, new RegExp(`${name}\\.json could not be read`), `${name} ${kind}`);
      assert.match(ran.stderr, words);
      assert.equal(await damagedCopyOf(name), garbage, `${name} ${kind}`);
    }
  }
  assert.deepEqual(
    (await snapshotsOf('old-pc')).map(({ seq }) => seq),
    [3, 2, 1],
  );
});

test('without its enrollment or key a device says how to connect again, and once connected backs up', async () => {
  for (const name of ['device-key', 'enrollment']) {
    await letTimePass(device);
    await writeFile(stateFile(device, `${name}.json`), '{"half');

    const first = await device.agent('backup');
    const second = await device.agent('run-due');

    for (const { exit, stderr } of [first, second]) {
      assert.equal(exit, NOT_ENROLLED, stderr);
      assert.match(stderr, /carryover enroll LINK/);
    }
    assert.match(first.stderr, new RegExp(`${name}\\.json could not be read`));
    assert.equal(await damagedCopyOf(name), '{"half');
    succeeded(await device.agent('enroll', story.organization.link));
    succeeded(await device.agent('backup'));
  }
});

function withClock(shift: string, args: readonly string[]): Promise<Ran> {
  const script = 'exec faketime -m --exclude-monotonic -f "$@"';
  return device.run('sh', ['-c', script, 'faketime', shift, ...device.agentCommand, ...args]);
}

function hoursAgo(hours: number): string {
  return Temporal.Now.instant().subtract({ hours }).toString();
}

async function snapshotsOf(name: string): Promise<readonly SnapshotLine[]> {
  return jsonOf<{ snapshots: readonly SnapshotLine[] }>(await device.agent('profiles', name, '--json')).snapshots;
}

/** The newest of those that were set aside. */
async function damagedCopyOf(name: string): Promise<string> {
  const names = (await readdir(stateFile(device, ''))).filter((file) => file.startsWith(`${name}.damaged-`));
  const written = await Promise.all(
    names.map(async (file) => [(await stat(stateFile(device, file))).mtimeMs, file] as const),
  );
  const [, newest = ''] = written.toSorted(([a], [b]) => b - a)[0] ?? [];
  return readFile(stateFile(device, newest), 'utf8');
}
