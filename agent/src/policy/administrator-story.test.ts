/**
 * An administrator who has only the PC: backup is switched on, limited and ended by files and by locked keys of dconf, and
 * each backup is by what stands there. Files, dconf, sign-in and requests are real.
 */

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeParts } from '@carryover/model/parts';
import { DCONF_FOLDER, dconfKeyOf } from '@carryover/model/policy-definitions';
import type { SnapshotHead } from '@carryover/model/wire';
import { type Desktop, desktop } from '../../testing/desktop.ts';
import { browser } from '../../testing/person-in-browser.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { type StandIn, standInService } from '../../testing/stand-in-service.ts';
import { type CapturedOut, capturedOut } from '../../testing/test-agent.ts';
import type { Agent } from '../commands/agent.ts';
import { run as backup } from '../commands/backup.ts';
import { run as enroll } from '../commands/enroll.ts';
import { agentOn } from '../commands/real-agent.ts';
import { run as runDue } from '../commands/run-due.ts';
import { run as status } from '../commands/status.ts';
import { configFrom } from '../config.ts';
import type { System } from '../system/system.ts';

const LOCKED = 'DisablePersonalizationSettingSync';

let device: Desktop;
let service: StandIn;
let agent: Agent & { readonly out: CapturedOut };
let folder: string;

before(async () => {
  device = await desktop({
    env: { BROWSER: 'person' },
    administrator: {
      values: `[${DCONF_FOLDER.slice(1, -1)}]\n${dconfKeyOf(LOCKED)}='locked'\n`,
      locks: [`${DCONF_FOLDER}${dconfKeyOf(LOCKED)}`],
    },
  });
  await device.load(
    "[org/gnome/desktop/interface]\ncolor-scheme='prefer-dark'\n\n[org/gnome/mutter]\nedge-tiling=false\n",
  );
  service = await standInService();
  service.decisions = {};
  folder = join(device.home, 'policy.d');
  mkdirSync(folder, { mode: 0o755 });
  const out = capturedOut('en');
  const config = configFrom({ CARRYOVER_POLICY_FOLDER: folder, CARRYOVER_SIGN_IN_MINUTES: '0.5' });
  agent = { ...agentOn({ system: withPerson(device.system), config, out }), out };
  await enroll([`${service.link}#token=from-it`], agent);
});
after(async () => {
  await service?.[Symbol.asyncDispose]();
  await device?.close();
});

/** Somebody who signs in wherever a browser is opened; everything else is the machine's own. */
function withPerson(system: System): System {
  const person = browser();
  return {
    ...system,
    async run(program, args, options) {
      if (program !== 'sh') return system.run(program, args, options);
      const opened = args.at(-1) ?? '';
      if (opened.startsWith('http')) person.visit(new URL(opened)).catch(() => undefined);
      return { exit: 0, stdout: '', stderr: '' };
    },
  };
}

function write(name: string, policies: Readonly<Record<string, unknown>>): void {
  // As a package replaces a file: gone, then there anew.
  rmSync(join(folder, name), { force: true });
  writeFileSync(join(folder, name), JSON.stringify(policies), { mode: 0o644 });
}

/** What was captured in each backup that the service took in. */
function categories(): readonly (readonly string[])[] {
  return service.seen
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/snapshots'))
    .map(({ body }) => decodeParts<SnapshotHead>(body).head.manifest.categories.toSorted());
}

async function policy() {
  return (await agent.state.read('service'))?.checkIn.policy;
}

test('at first nobody decided, and nothing is backed up', async () => {
  await assert.rejects(backup([], agent), refusedWith('notAllowed'));
  assert.deepEqual(categories(), []);
});

test('a file switches backup on; what it and dconf forbid stays on the PC', async () => {
  write('10-backup.json', {
    name: 'Laptops',
    EnableWindowsBackup: true,
    BackupIntervalDays: 4,
    DisableCredentialsSettingSync: 'locked',
    DisableApplicationSettingSync: 'locked',
  });

  await backup([], agent);

  assert.deepEqual(categories(), [['accessibility', 'language', 'other']]);
  assert.equal((await policy())?.backupIntervalDays, 4);
});

test('it says on the PC who decided what', async () => {
  agent.out.lines.length = 0;
  await status(['--explain'], agent);

  const said = agent.out.lines.join('\n').replace(/\s+/g, ' ');
  assert.match(said, /Backup On EnableWindowsBackup in "Laptops" \(policy file\)/);
  assert.match(said, /Personalization Off, locked DisablePersonalizationSettingSync in "[^"]*" \(locked in dconf\)/);
});

test('a second file that contradicts the first cannot loosen it', async () => {
  write('20-more.json', { name: 'Pilot', DisableCredentialsSettingSync: 'on', BackupIntervalDays: 1 });

  await backup([], agent);

  assert.deepEqual(categories().at(-1), ['accessibility', 'language', 'other']);
  assert.equal((await policy())?.backupIntervalDays, 4);
});

test('Disabled ends backups, by hand and by the schedule, and what was taken in before stays', async () => {
  const before = categories();
  write('30-off.json', { name: 'Off', EnableWindowsBackup: false });

  await assert.rejects(backup([], agent), refusedWith('notAllowed'));
  await runDue([], agent);

  assert.deepEqual(categories(), before);
  assert.equal((await policy())?.backupEnabled, false);
  assert.deepEqual((await policy())?.origins['backupEnabled'], { source: 'policyFile', policy: 'Off' });
});
