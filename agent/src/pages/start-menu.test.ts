/** The settings page in the Start menu of Windows. That Windows' own shell reads the shortcut is in e2e. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readShellLink } from '../../testing/read-shell-link.ts';
import { windowsPc } from '../../testing/windows-tasks.ts';
import { installMenuEntry, removeMenuEntry } from './menu-entry.ts';
import { shellLink } from './shell-link.ts';

const LAUNCHER = 'C:\\Program Files\\Carryover\\carryover.exe';
const PATH = 'C:/Users/ada/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Windows Backup (Carryover).lnk';

test('the Start menu has "Windows Backup (Carryover)", which opens the settings page', async () => {
  const { system } = windowsPc();

  await installMenuEntry(system, LAUNCHER);

  assert.deepEqual([...system.files.keys()], [PATH]);
  const link = readShellLink(system.files.get(PATH)?.content ?? new Uint8Array());
  assert.deepEqual(
    [link.itemPath, link.path, link.arguments, link.workingFolder],
    [LAUNCHER, LAUNCHER, 'settings', 'C:\\Program Files\\Carryover'],
  );
  assert.deepEqual([link.showCommand, link.description !== ''], [1, true]);
});

test('it is there once however often it is installed, and gone when it is removed', async () => {
  const { system } = windowsPc({ programs: ['D:/c/carryoverw.exe'] });
  const programs = [...system.files.keys()];

  await installMenuEntry(system, LAUNCHER);
  await installMenuEntry(system, 'D:/c/carryover.exe');
  const { itemPath } = readShellLink(system.files.get(PATH)?.content ?? new Uint8Array());
  await removeMenuEntry(system);
  await removeMenuEntry(system);

  assert.equal(itemPath, 'D:\\c\\carryoverw.exe');
  assert.deepEqual([...system.files.keys()], programs);
});

const TARGETS: readonly [target: string, folder: string][] = [
  ['C:\\Prüfung 😀\\carryover.exe', 'C:\\Prüfung 😀'],
  ['C:\\a.exe', 'C:\\'],
  ['D:\\ab\\abc\\abcd.exe', 'D:\\ab\\abc'],
  [`C:\\${'x'.repeat(200)}.exe`, 'C:\\'],
];

for (const [target, folder] of TARGETS)
  test(`${target.slice(0, 40)} is the same path out of the shortcut again`, () => {
    const link = readShellLink(shellLink({ target, arguments: 'settings', description: 'ä' }));

    assert.deepEqual([link.itemPath, link.workingFolder, link.description], [target, folder, 'ä']);
    // Read without Unicode it would be another path.
    assert.equal(link.path, /^[\x20-\x7e]+$/.test(target) ? target : undefined);
  });

test('a path on no drive is refused', async () => {
  await assert.rejects(installMenuEntry(windowsPc().system, '\\\\server\\carryover.exe'), { code: 'invalidRequest' });
  await assert.rejects(installMenuEntry(windowsPc().system, '/opt/carryover'), { code: 'invalidRequest' });
});
