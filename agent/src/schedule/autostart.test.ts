import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { memorySystem } from '../../testing/memory-system.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { temporaryHome } from '../../testing/temporary-home.ts';
import { realSystem } from '../system/real.ts';
import {
  autostartEntry,
  installAutostart,
  installForEveryone,
  isAutostartInstalled,
  removeAutostart,
  removeForEveryone,
} from './autostart.ts';

test('the entry is installed, found and removed, each any number of times', async () => {
  const system = memorySystem();

  await installAutostart(system, '/opt/carryover/carryover');
  await installAutostart(system, '/opt/carryover/carryover');
  assert.equal(await isAutostartInstalled(system), true);
  assert.match(
    system.text('/home/ada/.config/autostart/carryover-first-desktop.desktop') ?? '',
    /^Exec="\/opt\/carryover\/carryover" first-desktop$/m,
  );

  await removeAutostart(system);
  await removeAutostart(system);
  assert.equal(await isAutostartInstalled(system), false);
  assert.deepEqual([...system.files.keys()], []);
});

test('it goes where the person keeps configuration', async () => {
  const system = memorySystem({ env: { XDG_CONFIG_HOME: '/home/ada/config' } });

  await installAutostart(system, '/opt/carryover/carryover');

  assert.deepEqual([...system.files.keys()], ['/home/ada/config/autostart/carryover-first-desktop.desktop']);
});

test('no desktop is left out', () => {
  assert.doesNotMatch(autostartEntry('/opt/carryover'), /OnlyShowIn|NotShowIn/);
});

test('a path that no desktop could start is refused', async () => {
  for (const launcher of ['carryover', '/opt/carry\nover', '/opt/100%/carryover'])
    await assert.rejects(installAutostart(memorySystem(), launcher), refusedWith('invalidRequest'));
});

/** GLib reads the entry as a desktop does and starts what it names. */
test('a path with every sign that means something is started as it is', async () => {
  await using home = await temporaryHome();
  const folder = `${home.root}/a "b" $c \`d\` \\e`;
  await mkdir(folder);
  const launcher = `${folder}/carryover`;
  await writeFile(launcher, '#!/bin/sh\nprintf "%s\\n" "$@" > "$OUT"\n', { mode: 0o755 });
  const entry = `${home.root}/entry.desktop`;
  await writeFile(entry, autostartEntry(launcher));

  // A pipe, because a desktop does not wait for what it starts.
  const out = `${home.root}/out`;
  execFileSync('mkfifo', [out]);

  execFileSync('gio', ['launch', entry], { stdio: 'ignore', env: { ...process.env, OUT: out } });

  assert.equal(await readFile(out, 'utf8'), 'first-desktop\n');
});

test('the entry for everyone is one that desktops read', async () => {
  await using home = await temporaryHome();
  const etc = `${home.root}/etc`;
  await mkdir(etc);
  const system = realSystem({ HOME: home.home }, etc);
  const entry = `${etc}/xdg/autostart/carryover-first-desktop.desktop`;

  await installForEveryone(system, '/opt/carryover/carryover');
  await installForEveryone(system, '/opt/carryover/carryover');

  execFileSync('desktop-file-validate', [entry]);
  assert.equal(await readFile(entry, 'utf8'), autostartEntry('/opt/carryover/carryover'));
  assert.equal((await stat(entry)).mode & 0o777, 0o644);
  assert.equal((await stat(`${etc}/xdg`)).mode & 0o755, 0o755);
  await removeForEveryone(system);
  await removeForEveryone(system);
  assert.deepEqual(await readdir(`${etc}/xdg/autostart`), []);
});

test('whoever is no administrator is told so, and nothing is written', async () => {
  const system = memorySystem();

  await assert.rejects(installForEveryone(system, '/opt/carryover/carryover'), refusedWith('notAllowed'));

  assert.deepEqual([...system.files.keys()], []);
});
