import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { memorySystem } from '../../testing/memory-system.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { temporaryHome } from '../../testing/temporary-home.ts';
import { autostartEntry, installAutostart, isAutostartInstalled, removeAutostart } from './autostart.ts';

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
