/**
 * The machine's door on a Windows: files stay where they may be, and Windows hears of changed settings. Links are not among
 * it: Wine makes none.
 */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { KnownError } from '@carryover/model/errors';
import { realSystem } from '../real.ts';

const system = realSystem();
const { stateFolder, home } = system;

test('the folders are those of the person and of the machine, with slashes', () => {
  const slashes = (name: string) => String(process.env[name]).replaceAll('\\', '/');

  assert.equal(home, slashes('USERPROFILE'));
  assert.equal(stateFolder, `${slashes('LOCALAPPDATA')}/Carryover`);
  assert.equal(system.systemFolder, `${slashes('PROGRAMDATA')}/Carryover`);
  assert.equal(system.runtimeFolder, undefined);
});

test('a missing variable of Windows is said by its name', () => {
  assert.throws(() => realSystem({ USERPROFILE: 'C:\\Users\\ada' }), /LOCALAPPDATA is not set/);
});

test('a file is replaced as a whole, and nothing is left beside it', async () => {
  await system.writeFile(`${stateFolder}/a/b.json`, 'first', 0o600);
  await system.writeFile(`${stateFolder}/a/b.json`, 'second', 0o600);

  assert.equal(String(await system.readFile(`${stateFolder}/a/b.json`)), 'second');
  assert.deepEqual(await system.list(`${stateFolder}/a`), ['b.json']);
  assert.equal((await system.facts(`${stateFolder}/a/b.json`))?.kind, 'file');
  await system.removeFile(`${stateFolder}/a/b.json`);
  assert.equal(await system.readFile(`${stateFolder}/a/b.json`), undefined);
});

test('of two that create a file one wins', async () => {
  const path = `${stateFolder}/lock`;

  const won = await Promise.all(['one', 'two', 'three'].map((content) => system.createFile(path, content, 0o600)));

  assert.equal(won.filter(Boolean).length, 1);
  await system.removeFile(path);
});

test('lines are added', async () => {
  for (const line of ['one', 'two']) await system.appendLine(`${stateFolder}/lines`, line);

  assert.equal(String(await system.readFile(`${stateFolder}/lines`)), 'one\ntwo\n');
  await system.removeFile(`${stateFolder}/lines`);
});

for (const path of [
  'C:/windows/x.txt',
  `${home}/../other/x.txt`,
  `${home}/x.txt:stream`,
  `${home}/folder./x.txt`,
  `${home}\\x.txt`,
  'x.txt',
])
  test(`${path.replace(home, 'HOME')} is not written`, async () => {
    await assert.rejects(system.writeFile(path, 'x', 0o600), isOutside);
    await assert.rejects(system.appendLine(path, 'x'), isOutside);
  });

test('what is for everyone goes below the folder of the machine only', async () => {
  const path = `${system.systemFolder}/policy/a.json`;
  await system.writeForEveryone(path, '{}');

  assert.equal(String(await system.readFile(path)), '{}');
  await system.removeForEveryone(path);
  assert.equal(await system.facts(path), undefined);
  await assert.rejects(system.writeForEveryone(`${home}/a.json`, '{}'), isOutside);
});

test('a folder for a while is gone afterwards', async () => {
  let path: string;
  {
    await using folder = await system.temporaryFolder();
    path = folder.path;
    await folder.writeFile('a', 'b');
    assert.equal(String(await system.readFile(`${path}/a`)), 'b');
  }
  assert.equal(await system.facts(path), undefined);
});

test('programs run, and one that is not there is missing', async () => {
  const { exit, stdout } = await system.run('cmd', ['/c', 'echo hello& exit 3']);

  assert.deepEqual([exit, stdout.trim()], [3, 'hello']);
  await assert.rejects(system.run('no-such-program', []), isMissing);
});

const ENDLESS = 'setInterval(() => {}, 1000)';

test('a program that is started ends when it is told to', async () => {
  const program = await system.start(process.execPath, ['-e', ENDLESS]);

  await program.stop();
  await program.ended;
});

test('a program that takes too long is stopped with what it started', async (t) => {
  // The child holds our end of the output open: the run ends only when both are gone.
  const up = join(tmpdir(), `carryover-up-${process.pid}`);
  const child = `require('node:fs').writeFileSync(process.argv[1], ''); ${ENDLESS}`;
  const withChild = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}, process.argv[1]], { stdio: 'inherit' })`;
  // Its time is over when the test says so: not before both run.
  t.mock.timers.enable({ apis: ['setTimeout'] });

  const stopped = assert.rejects(
    system.run(process.execPath, ['-e', withChild, up], { timeoutMs: 1500 }),
    /took too long/,
  );
  while (!existsSync(up)) await nextTurn();
  t.mock.timers.tick(1500);
  await stopped;
});

test('Windows is told of the pointer speed, by its own call and with its own value', async () => {
  const speed = async () => {
    const values = await system.registry?.values('HKCU', 'Control Panel\\Mouse');
    const found = values?.find(({ name }) => name === 'MouseSensitivity');
    return Buffer.from(found?.bytes ?? []).toString('utf16le');
  };
  assert.notEqual(await speed(), '14\0');

  await system.notify?.({
    spi: [
      { action: 'SPI_SETMOUSESPEED', value: '14' },
      { action: 'SPI_SETMOUSE', value: '' },
      { action: 'SPI_SETSTICKYKEYS', value: 1 },
      { action: 'SPI_OF_A_LATER_WINDOWS', value: 1 },
    ],
    broadcast: ['ImmersiveColorSet', 'ImmersiveColorSet'],
  });

  assert.equal(await speed(), '14\0');
});

function isOutside(error: unknown): boolean {
  return error instanceof KnownError && error.inner === 'outsideHome';
}

function isMissing(error: unknown): boolean {
  return error instanceof KnownError && error.code === 'missingPart';
}
