/** Against a Task Scheduler and hand-over folders in memory. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryHandOver } from '../../testing/memory-hand-over.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { PERSON, windowsPc } from '../../testing/windows-tasks.ts';
import { childOf, xmlTree } from '../../testing/xml-tree.ts';
import type { System } from '../system/system.ts';
import { putElevatedInPlace, removeElevated } from './in-place.ts';

const LAUNCHER = 'C:\\Program Files\\Carryover\\carryover.exe';
const TASK = '\\Carryover elevated';

function aPc({ administrator = true } = {}) {
  const { system, tasks } = windowsPc({ administrator });
  const handOver = memoryHandOver({ person: PERSON, now: system.now, there: false });
  const env = { ...system.env, PROGRAMFILES: 'C:\\Program Files' };
  return { system: Object.assign(system, { handOver, env }) satisfies System, tasks, handOver };
}

test('the task runs as the system, for whoever is signed in and starts it, without a network', async () => {
  const { system, tasks, handOver } = aPc();

  const said = [await putElevatedInPlace(system, LAUNCHER), await putElevatedInPlace(system, LAUNCHER)];

  assert.deepEqual(said, ['inPlace', 'inPlace']);
  assert.equal(await handOver.isThere(), true);
  assert.deepEqual([...tasks.keys()], [TASK]);
  const task = xmlTree(tasks.get(TASK) ?? '');
  const principal = childOf(task, 'Principals', 'Principal').children.map(({ name, text }) => [name, text]);
  assert.deepEqual(Object.fromEntries(principal), { UserId: 'S-1-5-18', RunLevel: 'HighestAvailable' });
  const access = childOf(task, 'RegistrationInfo', 'SecurityDescriptor').text;
  assert.equal(access, 'D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FRFX;;;AU)');
  assert.deepEqual(childOf(task, 'Triggers').children, []);
  const settings = Object.fromEntries(childOf(task, 'Settings').children.map(({ name, text }) => [name, text]));
  const { AllowStartOnDemand, Hidden, RunOnlyIfNetworkAvailable, MultipleInstancesPolicy, ExecutionTimeLimit } =
    settings;
  assert.deepEqual(
    [AllowStartOnDemand, Hidden, RunOnlyIfNetworkAvailable, MultipleInstancesPolicy, ExecutionTimeLimit],
    ['true', 'true', 'false', 'Queue', 'PT5M'],
  );
  const exec = childOf(task, 'Actions', 'Exec').children.map(({ text }) => text);
  assert.deepEqual(exec, [LAUNCHER, 'apply-elevated']);
});

test('taken away, nothing of it is left, also when that is done twice', async () => {
  const { system, tasks, handOver } = aPc();
  await putElevatedInPlace(system, LAUNCHER);

  await removeElevated(system);
  await removeElevated(system);

  assert.deepEqual([...tasks.keys()], []);
  assert.equal(await handOver.isThere(), false);
});

for (const launcher of [
  'C:\\Tools\\carryover.exe',
  'C:\\Program Files (of mine)\\carryover.exe',
  'C:\\Program Files\\..\\Tools\\carryover.exe',
  'D:\\Program Files\\Carryover\\carryover.exe',
])
  test(`a program that people could change, as ${launcher}, is not run as the system, and one before it no more`, async () => {
    const { system, tasks, handOver } = aPc();
    await putElevatedInPlace(system, LAUNCHER);

    assert.equal(await putElevatedInPlace(system, launcher), 'notSafe');

    assert.deepEqual([...tasks.keys()], []);
    assert.equal(await handOver.isThere(), false);
  });

test('only an administrator may, and elsewhere than on Windows there is none', async () => {
  const { system } = aPc({ administrator: false });

  await assert.rejects(putElevatedInPlace(system, LAUNCHER), refusedWith('notAllowed', 'needsAdministrator'));
  assert.equal(await putElevatedInPlace(memorySystem(), '/opt/carryover'), 'notOnThisSystem');
});
