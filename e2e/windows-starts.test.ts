/**
 * What starts the agent on Windows, with the program that is delivered and Windows' own: it registers its tasks by the real
 * schtasks, what their XML names is started as it stands there and is the agent, and the shell opens the shortcut.
 *
 * Wine fires no task. The PC counts as connected by a file of its state alone: nothing here asks a service.
 */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { shellLink } from '../agent/src/pages/shell-link.ts';
import type { EnrollmentState } from '../agent/src/state/state.ts';
import { childOf, xmlTree } from '../agent/testing/xml-tree.ts';
import { ERRORS } from '../model/src/errors.ts';
import { packageForWindows } from '../scripts/windows/package.ts';
import { WINDOWS } from '../scripts/windows-set-up.ts';
import { aWindowsPc, type WindowsPc } from './testing/windows-pc.ts';

const FOLDER = 'C:\\Program Files\\Küche & Söhne';
const LAUNCHER = `${FOLDER}\\carryover.exe`;
const WINDOWLESS = `${FOLDER}\\carryoverw.exe`;

const ENROLLMENT: EnrollmentState = {
  serviceUrl: 'https://backup.example.org',
  issuer: 'https://backup.example.org',
  tokenEndpoint: 'https://backup.example.org/token',
  tenantId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  organization: 'Auental County',
  deviceId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  profileId: 'a-profile',
  joinType: 'joined',
  userId: '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
  userPrincipalName: 'ada@auental.example',
  displayName: 'Ada',
  enrolledAt: '2026-03-01T09:00:00Z',
};

let made: string;
let pc: WindowsPc;
let state: string;

/** Where a path of the PC lies on this machine. */
const here = (path: string) => join(pc.driveC, path.slice('C:\\'.length).replaceAll('\\', '/'));

before(async () => {
  made = await mkdtemp(join(tmpdir(), 'carryover-windows-starts-'));
  pc = await aWindowsPc({ name: 'PC-START-01' });
  const { program, windowless } = await packageForWindows(made, WINDOWS);
  await mkdir(here(FOLDER), { recursive: true });
  await copyFile(program, here(LAUNCHER));
  await copyFile(windowless, here(WINDOWLESS));
  state = `${(await pc.must('cmd', ['/c', 'echo %LOCALAPPDATA%'])).trim()}\\Carryover`;
  await mkdir(here(state), { recursive: true });
});

after(async () => {
  await pc?.remove();
  await rm(made, { recursive: true, force: true });
});

const tasks = async () =>
  (await readdir(here('C:\\windows\\system32\\tasks'))).filter((name) => /Carryover/.test(name)).toSorted();

const connected = () => writeFile(join(here(state), 'enrollment.json'), JSON.stringify(ENROLLMENT));

/** What the XML of a task names, as Task Scheduler reads it. */
async function commandIn(file: string): Promise<[program: string, argument: string]> {
  const xml = (await readFile(join(here(state), file))).toString('utf16le', 2);
  const exec = childOf(xmlTree(xml), 'Actions', 'Exec');
  return [childOf(exec, 'Command').text, childOf(exec, 'Arguments').text];
}

test('installing the schedule registers both tasks of the person, removing it takes them back', async () => {
  const [sid] = /S-1-[\d-]+/.exec(await pc.must('whoami', ['/user'])) ?? [];
  await connected();

  const said = await pc.must(LAUNCHER, ['schedule', 'install', '--json']);
  const installed = await tasks();
  await pc.must(LAUNCHER, ['schedule', 'remove']);
  await pc.must(LAUNCHER, ['schedule', 'remove']);

  assert.deepEqual(JSON.parse(said), { schedule: 'taskScheduler' });
  assert.deepEqual(installed, [`Carryover backup-${sid}`, `Carryover first desktop-${sid}`]);
  assert.deepEqual(await tasks(), []);
  assert.deepEqual(
    (await readdir(here(state))).filter((name) => name.endsWith('.xml')),
    [],
  );
});

test('what the XML of the tasks names is the agent without a console, with its word', async () => {
  await connected();
  await pc.must(LAUNCHER, ['schedule', 'install']);
  const [backup, firstDesktop] = [await commandIn('backup-task.xml'), await commandIn('first-desktop-task.xml')];
  await rm(join(here(state), 'enrollment.json'));

  const ran = await pc.run(backup[0], [backup[1]]);
  const began = await pc.run(firstDesktop[0], [firstDesktop[1]]);

  assert.deepEqual(
    [backup, firstDesktop],
    [
      [WINDOWLESS, 'run-due'],
      [WINDOWLESS, 'first-desktop'],
    ],
  );
  // On a PC that is not connected the first says so, and the second has nothing to do.
  assert.equal(ran.exit, ERRORS.notEnrolled.exit);
  assert.match(ran.stderr, /carryover enroll/);
  assert.deepEqual(began, { exit: 0, stdout: '', stderr: '' });
});

test('for everyone there is one task more, by an administrator as this person is', async () => {
  await pc.must(LAUNCHER, ['schedule', 'install', '--for-everyone']);
  const installed = await tasks();
  await pc.must(LAUNCHER, ['schedule', 'remove', '--for-everyone']);

  assert.ok(installed.includes('Carryover first desktop'), installed.join());
  assert.ok(!(await tasks()).includes('Carryover first desktop'));
});

test("Windows' shell opens a shortcut to the program, in its folder, with its word", async () => {
  // node.exe, called with a word, looks for a script of that name: it notes how it was called.
  const target = `${FOLDER}\\noting.exe`;
  const notes = 'C:\\notes.json';
  await copyFile(WINDOWS.node, here(target));
  await writeFile(
    join(here(FOLDER), 'settings.js'),
    `const fs = require('node:fs'), notes = ${JSON.stringify(notes)};
fs.writeFileSync(notes + '.new', JSON.stringify([process.execPath, ...process.argv.slice(1)]));
fs.renameSync(notes + '.new', notes);`,
  );
  await writeFile(here('C:\\Windows Backup.lnk'), shellLink({ target, arguments: 'settings', description: 'Prüfung' }));

  // The shell does not wait for what a shortcut starts.
  const changes = watch(pc.driveC)[Symbol.asyncIterator]();
  const first = changes.next();
  await pc.run('start', ['/b', 'C:\\Windows Backup.lnk']);
  for (let change = first; !existsSync(here(notes)); change = changes.next()) await change;
  await changes.return?.();

  assert.deepEqual(JSON.parse(await readFile(here(notes), 'utf8')), [target, `${FOLDER}\\settings`]);
});
