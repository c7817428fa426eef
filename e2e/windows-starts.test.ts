/**
 * What starts the agent on Windows, with Windows' own programs: schtasks takes the tasks and gives them back, what a task's
 * XML names is started as it stands there, and the shell opens the shortcut.
 *
 * The program is node.exe under the agent's names, with a script that notes how it was called; Wine fires no task.
 */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, watch, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { installMenuEntry } from '../agent/src/pages/menu-entry.ts';
import { installAutostart, removeAutostart } from '../agent/src/schedule/autostart.ts';
import { installSchedule, removeSchedule } from '../agent/src/schedule/schedule.ts';
import type { System } from '../agent/src/system/system.ts';
import { type MemorySystem, memorySystem } from '../agent/testing/memory-system.ts';
import { smallRegistry } from '../agent/testing/small-registry.ts';
import { childOf, xmlTree } from '../agent/testing/xml-tree.ts';
import { withSubsystem } from '../scripts/windows/portable-executable.ts';
import { WINDOWS } from '../scripts/windows-set-up.ts';
import { aWindowsPc, type WindowsPc } from './testing/windows-pc.ts';

const FOLDER = 'C:\\Program Files\\Küche & Söhne';
const LAUNCHER = `${FOLDER}\\carryover.exe`;
const WINDOWLESS = `${FOLDER}\\carryoverw.exe`;

let pc: WindowsPc;
let system: System & MemorySystem;

/** Where a path of the PC lies on this machine. */
const here = (path: string) => join(pc.driveC, path.slice('C:/'.length).replaceAll('\\', '/'));

before(async () => {
  pc = await aWindowsPc({ name: 'PC-START-01' });
  await mkdir(here(FOLDER), { recursive: true });
  await copyFile(WINDOWS.node, here(LAUNCHER));
  await writeFile(here(WINDOWLESS), withSubsystem(await readFile(WINDOWS.node), 'windows'));
});

after(() => pc?.remove());

beforeEach(async () => {
  const appData = (await pc.must('cmd', ['/c', 'echo %APPDATA%'])).trim();
  system = aSystem(appData);
});

/** The agent's door with the PC's programs behind it; what the agent wrote lies on its drive when they run. */
function aSystem(appData: string): System & MemorySystem {
  const memory = memorySystem({
    home: appData.replaceAll('\\', '/').replace(/\/AppData\/Roaming$/i, ''),
    env: { SYSTEMROOT: 'C:\\windows', APPDATA: appData },
    async run({ program, args }, machine) {
      for (const path of machine.files.keys()) await placed(machine, path);
      return pc.run(program, args);
    },
  });
  memory.put(LAUNCHER, 'MZ');
  memory.put(WINDOWLESS, 'MZ');
  return Object.assign(memory, { registry: smallRegistry({}) });
}

/** Programs are there already. */
async function placed(machine: MemorySystem, path: string): Promise<void> {
  if (path.endsWith('.exe')) return;
  await mkdir(dirname(here(path)), { recursive: true });
  await writeFile(here(path), machine.files.get(path)?.content ?? '');
}

const tasksOf = async () => (await readdir(here('C:/windows/system32/tasks'))).filter((name) => /Carryover/.test(name));

/** What the XML of a task names, as Task Scheduler reads it. */
function commandIn(file: string): [program: string, argument: string] {
  const xml = Buffer.from(system.files.get(`${system.stateFolder}/${file}`)?.content ?? '').toString('utf16le', 2);
  const exec = childOf(xmlTree(xml), 'Actions', 'Exec');
  return [childOf(exec, 'Command').text, childOf(exec, 'Arguments').text];
}

/** node.exe takes the word it is called with for a script, which is looked for in the current folder. */
async function noting(word: string, folder: string): Promise<string> {
  const notes = `C:\\notes-${word}.json`;
  await writeFile(
    join(folder, `${word}.js`),
    `const fs = require('node:fs'), notes = ${JSON.stringify(notes)};
fs.writeFileSync(notes + '.new', JSON.stringify([process.execPath, ...process.argv.slice(1)]));
fs.renameSync(notes + '.new', notes);`,
  );
  return here(notes);
}

test("Task Scheduler takes both tasks under the person's own names, and gives them back", async () => {
  const [sid] = /S-1-[\d-]+/.exec(await pc.must('whoami', ['/user'])) ?? [];

  await installSchedule(system, LAUNCHER);
  await installAutostart(system, LAUNCHER);
  const installed = await tasksOf();
  await removeSchedule(system);
  await removeAutostart(system);

  assert.deepEqual(installed.toSorted(), [`Carryover backup-${sid}`, `Carryover first desktop-${sid}`]);
  assert.deepEqual(await tasksOf(), []);
  await removeSchedule(system);
});

const TASKS = [
  ['run-due', 'backup-task.xml'],
  ['first-desktop', 'first-desktop-task.xml'],
] as const;

for (const [word, file] of TASKS)
  test(`what the XML names starts the program without a console, with "${word}"`, async () => {
    const notes = await noting(word, pc.driveC);
    await installSchedule(system, LAUNCHER);
    await installAutostart(system, LAUNCHER);

    const [program, argument] = commandIn(file);
    const { exit } = await pc.run(program, [argument]);

    assert.equal(exit, 0);
    assert.deepEqual(JSON.parse(await readFile(notes, 'utf8')), [WINDOWLESS, `C:\\${word}`]);
  });

test("Windows' shell opens the shortcut of the Start menu: the program, its folder, the word", async () => {
  const notes = await noting('settings', here(FOLDER));
  await installMenuEntry(system, LAUNCHER);
  const [shortcut = ''] = [...system.files.keys()].filter((path) => path.endsWith('.lnk'));
  await placed(system, shortcut);

  // The shell does not wait for what a shortcut starts.
  const changes = watch(pc.driveC)[Symbol.asyncIterator]();
  const first = changes.next();
  await pc.run('start', ['/b', shortcut.replaceAll('/', '\\')]);
  for (let change = first; !existsSync(notes); change = changes.next()) await change;
  await changes.return?.();

  assert.match(shortcut, /\/Start Menu\/Programs\/Windows Backup \(Carryover\)\.lnk$/);
  assert.deepEqual(JSON.parse(await readFile(notes, 'utf8')), [WINDOWLESS, `${FOLDER}\\settings`]);
});
