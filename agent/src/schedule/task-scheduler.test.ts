/** Against a Task Scheduler in memory; the schema of tasks is in task-schema.test.ts, what real programs of Windows make of them in e2e. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedWith } from '../../testing/refused-with.ts';
import { PERSON, windowsPc } from '../../testing/windows-tasks.ts';
import { childOf, type XmlElement, xmlTree } from '../../testing/xml-tree.ts';
import {
  installAutostart,
  installForEveryone,
  isAutostartInstalled,
  removeAutostart,
  removeForEveryone,
} from './autostart.ts';
import { installSchedule, removeSchedule, scheduleState } from './schedule.ts';

const LAUNCHER = 'C:\\Program Files\\Carryover\\carryover.exe';
const TWIN = 'C:\\Program Files\\Carryover\\carryoverw.exe';
const BACKUP = `\\Carryover backup-${PERSON}`;
const FIRST_DESKTOP = `\\Carryover first desktop-${PERSON}`;
const FOR_EVERYONE = '\\Carryover first desktop';

function taskNamed(tasks: ReadonlyMap<string, string>, name: string): XmlElement {
  const xml = tasks.get(name);
  assert.ok(xml !== undefined, `${name} is among ${[...tasks.keys()].join(', ')}`);
  return xmlTree(xml);
}

function settingsOf(task: XmlElement): Record<string, string> {
  return Object.fromEntries(childOf(task, 'Settings').children.map(({ name, text }) => [name, text]));
}

const commandOf = (task: XmlElement) =>
  ['Command', 'Arguments'].map((name) => childOf(task, 'Actions', 'Exec', name).text);

test('on Windows the schedule is one task of the person, which asks every hour and is caught up', async () => {
  const { system, tasks } = windowsPc();

  const kinds = [await installSchedule(system, LAUNCHER), await installSchedule(system, LAUNCHER)];

  assert.deepEqual(kinds, ['taskScheduler', 'taskScheduler']);
  assert.deepEqual([...tasks.keys()], [BACKUP]);
  const task = taskNamed(tasks, BACKUP);
  const trigger = childOf(task, 'Triggers', 'CalendarTrigger');
  assert.equal(childOf(trigger, 'Repetition', 'Interval').text, 'PT1H');
  assert.equal(childOf(trigger, 'RandomDelay').text, 'PT30M');
  assert.deepEqual(commandOf(task), [LAUNCHER, 'run-due']);
  const { StartWhenAvailable, RunOnlyIfNetworkAvailable, MultipleInstancesPolicy, Hidden, ...others } =
    settingsOf(task);
  assert.deepEqual(
    [StartWhenAvailable, RunOnlyIfNetworkAvailable, MultipleInstancesPolicy, Hidden],
    ['true', 'true', 'IgnoreNew', 'true'],
  );
  assert.deepEqual([others['DisallowStartIfOnBatteries'], others['StopIfGoingOnBatteries']], ['false', 'false']);
  assert.equal(await scheduleState(system), 'taskScheduler');
});

test('a task runs as the person, while they are signed in, with no rights beyond theirs', async () => {
  const { system, tasks } = windowsPc();
  await installSchedule(system, LAUNCHER);
  await installAutostart(system, LAUNCHER);

  for (const name of [BACKUP, FIRST_DESKTOP]) {
    const principal = childOf(taskNamed(tasks, name), 'Principals', 'Principal');
    const found = principal.children.map(({ name, text }) => [name, text]);

    assert.deepEqual(Object.fromEntries(found), {
      UserId: PERSON,
      LogonType: 'InteractiveToken',
      RunLevel: 'LeastPrivilege',
    });
    assert.equal(childOf(taskNamed(tasks, name), 'Actions').attributes['Context'], principal.attributes['id']);
  }
});

test('when this person signs in, the other task asks what comes over, for as long as that takes', async () => {
  const { system, tasks } = windowsPc();

  await installAutostart(system, LAUNCHER);

  const task = taskNamed(tasks, FIRST_DESKTOP);
  assert.deepEqual(commandOf(task), [LAUNCHER, 'first-desktop']);
  assert.equal(childOf(task, 'Triggers', 'LogonTrigger', 'UserId').text, PERSON);
  assert.equal(settingsOf(task)['ExecutionTimeLimit'], 'PT0S');
  assert.equal(settingsOf(task)['RunOnlyIfNetworkAvailable'], 'false');
  assert.equal(await isAutostartInstalled(system), true);
});

test('a path with signs that mean something in XML still is that path', async () => {
  const { system, tasks } = windowsPc();
  const launcher = "C:\\R&D's; &amp; Prüfung\\carryover.exe";

  await installSchedule(system, launcher.replaceAll('\\', '/'));

  assert.deepEqual(commandOf(taskNamed(tasks, BACKUP)), [launcher, 'run-due']);
});

test('the program without a console is started where there is one', async () => {
  const { system, tasks } = windowsPc({ programs: [LAUNCHER, TWIN] });

  await installSchedule(system, LAUNCHER);
  await installAutostart(system, LAUNCHER);

  for (const name of [BACKUP, FIRST_DESKTOP]) assert.equal(commandOf(taskNamed(tasks, name))[0], TWIN);
});

test('removing leaves no task and no file, nor does removing again', async () => {
  const { system, tasks } = windowsPc();
  await installSchedule(system, LAUNCHER);
  await installAutostart(system, LAUNCHER);

  for (const _ of ['once', 'again']) {
    await removeSchedule(system);
    await removeAutostart(system);
  }

  assert.deepEqual([[...tasks], [...system.files.keys()]], [[], []]);
  assert.deepEqual([await scheduleState(system), await isAutostartInstalled(system)], [undefined, false]);
});

test("another person's tasks stay", async () => {
  const { system, tasks } = windowsPc();
  const theirs = '\\Carryover backup-S-1-5-21-1-2-3-1002';
  tasks.set(theirs, '');
  await installSchedule(system, LAUNCHER);

  await removeSchedule(system);

  assert.deepEqual([...tasks.keys()], [theirs]);
});

test('what Task Scheduler says when it refuses is told, and nothing is left that looks installed', async () => {
  const { system } = windowsPc({ obeys: false });

  await assert.rejects(installSchedule(system, LAUNCHER), refusedWith('notAllowed', undefined, /Access is denied/));

  assert.equal(await scheduleState(system), undefined);
});

test('a task that stays is told', async () => {
  const { system, tasks } = windowsPc();
  await installSchedule(system, LAUNCHER);
  const kept = windowsPc({ obeys: false });
  for (const [name, xml] of tasks) kept.tasks.set(name, xml);
  for (const [path, { content }] of system.files) kept.system.put(path, content);

  await assert.rejects(removeSchedule(kept.system), refusedWith('notAllowed'));
  assert.equal(await scheduleState(kept.system), 'taskScheduler');
});

for (const launcher of [
  'carryover.exe',
  '/opt/carryover',
  '\\\\server\\share\\carryover.exe',
  'C:\\100%\\carryover.exe',
])
  test(`${launcher} is no path to schedule on Windows`, async () => {
    await assert.rejects(installSchedule(windowsPc().system, launcher), refusedWith('invalidRequest'));
  });

test('for everyone it is a task for whoever signs in, by an administrator', async () => {
  const { system, tasks } = windowsPc({ administrator: true });

  await installForEveryone(system, LAUNCHER);

  const task = taskNamed(tasks, FOR_EVERYONE);
  assert.equal(childOf(task, 'Principals', 'Principal', 'GroupId').text, 'S-1-5-32-545');
  assert.deepEqual(
    childOf(task, 'Triggers', 'LogonTrigger').children.map(({ name }) => name),
    ['Enabled', 'Delay'],
  );
  assert.deepEqual([...system.files.keys()], []);
  await assert.rejects(installForEveryone(windowsPc().system, LAUNCHER), {
    code: 'notAllowed',
    inner: 'needsAdministrator',
  });
  await removeForEveryone(system);
  await removeForEveryone(system);
  assert.deepEqual([...tasks.keys()], []);
});

test('a person is not asked twice where everyone is', async () => {
  const { system, tasks } = windowsPc({ administrator: true });
  await installForEveryone(system, LAUNCHER);

  await installAutostart(system, LAUNCHER);

  assert.deepEqual([...tasks.keys()], [FOR_EVERYONE]);
});
