/** What the commands put onto a Windows PC, and that they take all of it away again. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registryOf } from '../../testing/memory-registry.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { standInService } from '../../testing/stand-in-service.ts';
import { type TestAgent, testAgent } from '../../testing/test-agent.ts';
import { PERSON, type TaskSchedulerOptions, taskScheduler } from '../../testing/windows-tasks.ts';
import { run as enroll } from './enroll.ts';
import { run as schedule } from './schedule.ts';
import { run as unenroll } from './unenroll.ts';

const LAUNCHER = 'C:\\Program Files\\Carryover\\carryover.exe';
const BACKUP = `\\Carryover backup-${PERSON}`;
const FIRST_DESKTOP = `\\Carryover first desktop-${PERSON}`;
const FOR_EVERYONE = '\\Carryover first desktop';

function windowsAgent(options: TaskSchedulerOptions = {}) {
  const { tasks, run } = taskScheduler(options);
  const agent = testAgent({ programs: run, env: { SYSTEMROOT: 'C:\\Windows' } });
  Object.assign(agent.system, { registry: registryOf({}) });
  agent.system.put(LAUNCHER, 'MZ', 0o755);
  return { agent: { ...agent, config: { ...agent.config, launcher: LAUNCHER } }, tasks };
}

const shortcutsOf = ({ system }: TestAgent) => [...system.files.keys()].filter((path) => path.endsWith('.lnk'));

test('connecting a PC puts the settings page into the Start menu, the schedule two tasks beside it', async () => {
  const { agent, tasks } = windowsAgent();
  await using service = await standInService();

  await enroll([service.link], agent);
  await schedule(['install', '--json'], agent);

  assert.equal(shortcutsOf(agent).length, 1);
  assert.deepEqual([...tasks.keys()], [BACKUP, FIRST_DESKTOP]);
  assert.deepEqual(agent.out.objects.at(-1), { schedule: 'taskScheduler' });
  assert.equal((await agent.state.read('schedule'))?.kind, 'taskScheduler');
});

test('removing the schedule takes both tasks, disconnecting the PC also the shortcut', async () => {
  const { agent, tasks } = windowsAgent();
  await using service = await standInService();
  await enroll([service.link], agent);
  await schedule(['install'], agent);

  await schedule(['remove'], agent);
  const removed = [...tasks.keys()];
  await schedule(['install'], agent);
  await unenroll([], agent);

  assert.deepEqual([removed, [...tasks.keys()], shortcutsOf(agent)], [[], [], []]);
  assert.deepEqual(
    [...agent.system.files.keys()].filter((path) => path.endsWith('.xml')),
    [],
  );
});

test('for everyone is an administrator to make, of a program outside of home folders', async () => {
  const { agent, tasks } = windowsAgent({ administrator: true });
  const ordinary = windowsAgent();
  const inHome = { ...agent, config: { ...agent.config, launcher: `${agent.system.home}/carryover.exe` } };
  agent.system.put(inHome.config.launcher, 'MZ', 0o755);

  await schedule(['install', '--for-everyone'], agent);

  assert.deepEqual([...tasks.keys()], [FOR_EVERYONE]);
  await assert.rejects(schedule(['install', '--for-everyone'], inHome), refusedWith('invalidRequest'));
  await assert.rejects(schedule(['install', '--for-everyone'], ordinary.agent), refusedWith('notAllowed'));
  await schedule(['remove', '--for-everyone'], agent);
  assert.deepEqual([...tasks.keys()], []);
});
