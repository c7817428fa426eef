import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProgramRun } from '../../testing/memory-system.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { standInService } from '../../testing/stand-in-service.ts';
import { type TestAgent, testAgent } from '../../testing/test-agent.ts';
import { run as enroll } from './enroll.ts';
import { run as schedule } from './schedule.ts';
import { run as unenroll } from './unenroll.ts';

/** A machine with cron: a crontab that programs read and replace. */
function agentWithCron(isAccountHome = false) {
  let crontab = '5 4 * * * other\n';
  const done = (stdout = '') => ({ exit: 0, stdout, stderr: '' });
  const agent = testAgent({
    isAccountHome,
    programs({ program, args, options }: ProgramRun) {
      if (program !== 'crontab') return undefined;
      if (args[0] === '-l') return done(crontab);
      crontab = args[0] === '-r' ? '' : String(options.stdin ?? '');
      return done();
    },
  });
  agent.system.put(agent.config.launcher, '#!/bin/sh\n', 0o755);
  return { agent, crontab: () => crontab };
}

async function enrolled(agent: TestAgent) {
  const service = await standInService();
  await enroll([service.link], agent);
  return service;
}

/** As the organization's own PC. */
async function joined(agent: TestAgent, ...options: readonly string[]) {
  const service = await standInService();
  await enroll([`${service.link}#token=once-only`, ...options], agent);
  return service;
}

test('a schedule that was installed calls run-due and is remembered', async () => {
  const { agent, crontab } = agentWithCron();
  await using _service = await enrolled(agent);

  await schedule(['install', '--json'], agent);

  assert.match(crontab(), /^5 4 \* \* \* other\n\d+ \* \* \* \* '.*\/carryover' run-due .*\n$/);
  assert.deepEqual(agent.out.objects, [{ schedule: 'cron' }]);
  assert.equal((await agent.state.read('schedule'))?.kind, 'cron');
});

test("connecting a PC in the account's own home starts backups by themselves, and says so", async () => {
  const { agent, crontab } = agentWithCron(true);

  await using _service = await joined(agent);

  assert.match(crontab(), /^5 4 \* \* \* other\n\d+ \* \* \* \* '.*\/carryover' run-due .*\n$/);
  assert.equal((await agent.state.read('schedule'))?.kind, 'cron');
  assert.match(agent.out.lines.join('\n'), /Backs up by itself from now on, when .* allows it\./);
  await unenroll([], agent);
  assert.equal(crontab(), '5 4 * * * other\n');
});

for (const [when, options, isAccountHome] of [
  ['when it is not wanted', ['--no-schedule'], true],
  ["in another home than the account's own", [], false],
] as const)
  test(`connecting a PC ${when} leaves the crontab alone, and says how it is done`, async () => {
    const { agent, crontab } = agentWithCron(isAccountHome);

    await using _service = await joined(agent, ...options);

    assert.equal(crontab(), '5 4 * * * other\n');
    assert.match(agent.out.lines.join('\n'), /By itself from now on: carryover schedule install/);
  });

test('a personal PC, which never backs up, gets nothing that would start it', async () => {
  const { agent, crontab } = agentWithCron(true);

  await using _service = await enrolled(agent);

  assert.equal(crontab(), '5 4 * * * other\n');
});

test('a PC on which nothing can run by itself is connected all the same, with a remark', async () => {
  const agent = testAgent({ isAccountHome: true });
  agent.system.put(agent.config.launcher, '#!/bin/sh\n', 0o755);

  await using _service = await joined(agent);

  assert.match(agent.out.notes.join('\n'), /neither a systemd manager of yours nor cron/);
  assert.equal(await agent.state.read('schedule'), undefined);
  assert.match(agent.out.lines.join('\n'), /is connected to/);
});

test('removing it leaves everything else', async () => {
  const { agent, crontab } = agentWithCron();
  await using _service = await enrolled(agent);
  await schedule(['install'], agent);

  await schedule(['remove'], agent);

  assert.equal(crontab(), '5 4 * * * other\n');
  assert.equal(await agent.state.read('schedule'), undefined);
});

test('unenrolling removes the schedule that was installed from here, and no other', async () => {
  const { agent, crontab } = agentWithCron();
  await using _service = await enrolled(agent);
  await schedule(['install'], agent);

  await unenroll([], agent);
  assert.equal(crontab(), '5 4 * * * other\n');

  await using _again = await enrolled(agent);
  const calls = agent.system.runs.length;
  await unenroll([], agent);
  assert.deepEqual(
    agent.system.runs.slice(calls).filter(({ program }) => program === 'crontab'),
    [],
  );
});

test('there is nothing to schedule before a device is enrolled, and nothing to schedule with without cron', async () => {
  await assert.rejects(schedule(['install'], testAgent()), refusedWith('notEnrolled'));
  const agent = testAgent();
  await using _service = await enrolled(agent);

  await assert.rejects(
    schedule(['install'], agent),
    refusedWith('missingPart', undefined, /carryover that the schedule/),
  );
  agent.system.put(agent.config.launcher, '#!/bin/sh\n', 0o755);
  await assert.rejects(schedule(['install'], agent), refusedWith('missingPart', undefined, /cron/));
});

test('for everyone needs no enrollment and an administrator, and a program that everyone can start', async () => {
  const agent = testAgent({ administrator: true });
  const ordinary = testAgent();
  for (const { system, config } of [agent, ordinary]) system.put(config.launcher, '#!/bin/sh\n', 0o755);

  await schedule(['install', '--for-everyone', '--json'], agent);
  await assert.rejects(schedule(['install', '--for-everyone'], ordinary), refusedWith('notAllowed'));
  const inHome = { ...agent, config: { ...agent.config, launcher: `${agent.system.home}/carryover` } };
  agent.system.put(inHome.config.launcher, '#!/bin/sh\n', 0o755);
  await assert.rejects(schedule(['install', '--for-everyone'], inHome), refusedWith('invalidRequest'));

  const entry = '/etc/xdg/autostart/carryover-first-desktop.desktop';
  assert.match(agent.system.text(entry) ?? '', /^Exec=.*\/carryover" first-desktop$/m);
  assert.equal(ordinary.system.text(entry), undefined);
  await schedule(['remove', '--for-everyone', '--json'], agent);
  assert.equal(agent.system.text(entry), undefined);
  assert.deepEqual(agent.out.objects, [{ forEveryone: true }, { forEveryone: false }]);
});
