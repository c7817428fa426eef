/**
 * An administrator who has only the PC: policy files and locked keys of dconf switch backup on and limit it, against a
 * service that decides nothing of its own; what the service then forbids holds over them, and the PC tells both.
 */

import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DCONF_FOLDER, dconfKeyOf } from '../model/src/policy-definitions.ts';
import type { Explained, Explanation } from '../model/src/policy-explain.ts';
import type { Reason } from '../model/src/reasons.ts';
import { slotAfter } from '../model/src/schedule.ts';
import type { OfferedProfile } from '../model/src/wire.ts';
import { aPolicy } from '../server/testing/backups.ts';
import type { Device } from './testing/device.ts';
import { furnish } from './testing/furnish.ts';
import { ALL_DEVICES, CONFIGURATION_POLICIES, type GraphScript, graphScript } from './testing/graph-script.ts';
import { runProgram } from './testing/run-program.ts';
import { letTimePass, readState } from './testing/state-files.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';

const NOT_ALLOWED = 14;
const LOCKED_BY_DCONF = 'DisablePersonalizationSettingSync';

let story: Story;
let script: GraphScript;
let device: Device;
/** What the administrator of the PC writes: policy files, a profile of dconf and its database. */
let etc: string;

before(async () => {
  etc = await mkdtemp(join(tmpdir(), 'carryover-etc-'));
  // Only files that nobody else could write count, and so it is for their folder.
  await chmod(etc, 0o755);
  await mkdir(policyFolder(), { mode: 0o755 });
  story = await aStory({ switchedOn: false });
  script = await graphScript(story);
  const env = { CARRYOVER_POLICY_FOLDER: policyFolder(), DCONF_PROFILE: await lockedInDconf() };
  device = await story.enrolled('town-hall-pc', { env });
  await furnish(device, { apps: 0 });
});
after(async () => {
  await story?.remove();
  await rm(etc, { recursive: true, force: true });
});

function policyFolder(): string {
  return join(etc, 'policy.d');
}

/** As a package replaces a file: gone, then there anew. */
async function write(name: string, policies: Readonly<Record<string, unknown>>): Promise<void> {
  await rm(join(policyFolder(), name), { force: true });
  await writeFile(join(policyFolder(), name), JSON.stringify(policies), { mode: 0o644 });
}

/** Path of a profile with a database in which one policy is set and locked. */
async function lockedInDconf(): Promise<string> {
  const database = join(etc, 'local');
  await mkdir(join(etc, 'local.d', 'locks'), { recursive: true });
  const key = dconfKeyOf(LOCKED_BY_DCONF);
  await writeFile(join(etc, 'local.d', '00-carryover'), `[${DCONF_FOLDER.slice(1, -1)}]\n${key}='locked'\n`);
  await writeFile(join(etc, 'local.d', 'locks', '00-carryover'), `${DCONF_FOLDER}${key}\n`);
  const env = { PATH: '/usr/bin:/bin', HOME: etc };
  succeeded(await runProgram('dconf', ['compile', database, join(etc, 'local.d')], { env }));
  await chmod(database, 0o644);
  const profile = join(etc, 'profile');
  await writeFile(profile, `user-db:user\nfile-db:${database}\n`);
  return profile;
}

test('while neither service nor PC decides, nothing is backed up, and the PC says what to do', async () => {
  const { exit, stderr } = await device.agent('backup');

  assert.equal(exit, NOT_ALLOWED, stderr);
  assert.match(inOneLine(stderr), /Contoso has not turned on backup.*Ask IT to assign "Enable Windows Backup"/);
  assert.match(inOneLine(succeeded(await device.agent('status'))), /Can't back up/);
});

test('a file switches backup on, sets the interval and locks a category; a key locked in dconf locks another', async () => {
  await write('10-backup.json', {
    name: 'Laptops of the town hall',
    EnableWindowsBackup: true,
    BackupIntervalDays: 4,
    DisableCredentialsSettingSync: 'locked',
  });

  const made = jsonOf<{ seq: number; categories: readonly string[] }>(await device.agent('backup', '--json'));

  assert.equal(made.seq, 1);
  assert.ok(made.categories.includes('accessibility'));
  assert.deepEqual(
    made.categories.filter((category) => category === 'accounts' || category === 'personalization'),
    [],
  );
  await backsUpEvery(4);
});

test('the PC and the service both name who decided what', async () => {
  const backup = await decided('backupEnabled');
  assert.deepEqual(backup.decidedBy?.origin, { source: 'policyFile', policy: 'Laptops of the town hall' });
  assert.deepEqual(
    [(await decided('backupIntervalDays')).value, (await decided('categories.accounts')).value],
    [4, 'locked'],
  );
  const personalization = await decided('categories.personalization');
  assert.deepEqual([personalization.value, personalization.decidedBy?.origin.source], ['locked', 'dconf']);
  const { id } = jsonOf<Shown>(await device.agent('status', '--json')).device;
  const seen = await script.get<{ explained: Explained }>(`/beta/carryover/devices/${id}/policy`);
  assert.deepEqual(
    seen.explained.explanations.find(({ member }) => member === 'backupEnabled'),
    backup,
  );
  assert.match(
    inOneLine(succeeded(await device.agent('doctor'))),
    /On this PC "Laptops of the town hall" \(policy file\), "[^"]+" \(locked in dconf\)/,
  );
});

test('a file that is written later holds from the next run of the schedule', async () => {
  await write('20-slower.json', { name: 'Slower', BackupIntervalDays: 12 });

  succeeded(await device.agent('run-due'));

  const { policy } = (await readState(device, 'service')).checkIn;
  assert.equal(policy.backupIntervalDays, 12);
  assert.deepEqual(policy.origins['backupIntervalDays'], { source: 'policyFile', policy: 'Slower' });
  await backsUpEvery(12);
});

test('Disabled in the service for everyone wins over the file, ends the schedule, and keeps what is stored', async () => {
  const { id } = await script.post(CONFIGURATION_POLICIES, aPolicy('No backups at all', false));
  await script.assign(`${CONFIGURATION_POLICIES}/${id}`, ALL_DEVICES);
  await device.must('dconf', ['write', '/org/gnome/mutter/edge-tiling', 'false']);
  await letTimePass(device, 30);

  const { exit, stderr } = await device.agent('run-due');

  assert.equal(exit, 0, stderr);
  assert.match(inOneLine(stderr), /Contoso keeps Windows Backup off on this PC/);
  assert.equal((await device.agent('backup')).exit, NOT_ALLOWED);
  const shown = jsonOf<Shown>(await device.agent('status', '--json'));
  assert.deepEqual([shown.backup.allowed, shown.nextBackupAt], [false, null]);
  assert.deepEqual(
    shown.backup.reasons.map(({ code }) => code),
    ['backupSwitchedOff'],
  );

  await write('30-restore.json', { name: 'Restore', EnableWindowsRestore: true });
  const { profiles } = jsonOf<{ profiles: readonly OfferedProfile[] }>(await device.agent('profiles', '--json'));
  assert.deepEqual(
    profiles.map(({ deviceName, headSeq }) => [deviceName, headSeq]),
    [['town-hall-pc', 1]],
  );
});

test('the contradiction is told by doctor and by status', async () => {
  const { value, decidedBy, others } = await decided('backupEnabled');
  assert.deepEqual([value, decidedBy?.origin.policy], [false, 'No backups at all']);
  assert.deepEqual(
    others.map(({ origin, because }) => [origin.policy, because]),
    [['Laptops of the town hall', 'stricter']],
  );

  // Its other checks fail for the same reason or not; this one is told in any case.
  const { stdout } = await device.agent('doctor');

  const kept = /Backup: Off, "No backups at all" \(service\), holds/;
  assert.match(inOneLine(stdout), kept);
  assert.match(inOneLine(stdout), /it contradicts On, "Laptops of the town hall" \(policy file\)\./);
  assert.match(
    inOneLine(succeeded(await device.agent('status', '--explain'))),
    /Backup Off EnableWindowsBackup in "No backups at all" \(service\) not On: EnableWindowsBackup in "Laptops of the town hall" \(policy file\), another one is stricter/,
  );
});

test('a file that others could have written does not count, and the PC says how to mend it', async () => {
  await write('40-anybody.json', { name: 'Anybody', BackupIntervalDays: 30 });
  await chmod(join(policyFolder(), '40-anybody.json'), 0o666);

  const { localPolicy } = jsonOf<Shown>(await device.agent('status', '--json'));

  assert.deepEqual(
    localPolicy.problems.map(({ code }) => code),
    ['policyFileNotTrusted'],
  );
  assert.equal((await decided('backupIntervalDays')).value, 12);
});

interface Shown {
  readonly device: { readonly id: string };
  readonly nextBackupAt: string | null;
  readonly backup: { readonly allowed: boolean; readonly reasons: readonly Reason[] };
  readonly localPolicy: { readonly problems: readonly Reason[] };
}

/** The next backup is at this PC's own moment of a cycle of so many days; those of other cycles are at other moments. */
async function backsUpEvery(intervalDays: number): Promise<void> {
  const { device: about, nextBackupAt } = jsonOf<Shown>(await device.agent('status', '--json'));
  const atMs = Temporal.Instant.from(nextBackupAt ?? '').epochMilliseconds;
  assert.equal(slotAfter({ deviceId: about.id, intervalDays }, atMs - 1), atMs);
}

/** What `status --explain` tells of one decision. */
async function decided(member: string): Promise<Explanation> {
  const { explained } = jsonOf<{ explained: Explained }>(await device.agent('status', '--explain', '--json'));
  const found = explained.explanations.find((explanation) => explanation.member === member);
  assert.ok(found, member);
  return found;
}

/** Long sentences are broken over lines. */
function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
