/** The Windows PCs of the stories: are they Windows, are they different ones, and do they keep to themselves? */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { markedProcessesLeft } from '../../scripts/leftovers.ts';
import { aWindowsPc, REGISTRY_FILE_HEAD, WINDOWS_10_22H2, WINDOWS_11_24H2, type WindowsPc } from './windows-pc.ts';
import { PC_MARK } from './wine.ts';

const ROOT = dirname(dirname(import.meta.dirname));
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

let oldPc: WindowsPc;
let newPc: WindowsPc;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryover-windows-programs-'));
  oldPc = await aWindowsPc({ name: 'PC-OLD-01', windows: WINDOWS_10_22H2 });
  newPc = await aWindowsPc({ name: 'PC-NEW-02', windows: WINDOWS_11_24H2 });
});

after(async () => {
  await oldPc?.remove();
  await newPc?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** A program of this test, in TypeScript. */
async function program(t: TestContext, source: string): Promise<string> {
  const file = join(folder, `${t.name.replaceAll(/\W+/g, '-')}.ts`);
  await writeFile(file, source);
  return file;
}

const WHO = `
import { hostname, release, type } from 'node:os';
const who: Record<string, string> = {
  node: process.version, platform: process.platform, name: hostname(), variable: String(process.env['COMPUTERNAME']),
  type: type(), release: release(),
};
console.log(JSON.stringify(who));`;

test("node.exe runs TypeScript in the tests' own version, and tells the PC's name and build", async (t) => {
  const who = await program(t, WHO);

  const [old, fresh] = [await oldPc.node(who), await newPc.node(who)];

  const both = { node: process.version, platform: 'win32', type: 'Windows_NT' };
  const oldName = { name: 'PC-OLD-01', variable: 'PC-OLD-01', release: '10.0.19045' };
  const newName = { name: 'PC-NEW-02', variable: 'PC-NEW-02', release: '10.0.26100' };
  assert.deepEqual(JSON.parse(old.stdout), { ...both, ...oldName });
  assert.deepEqual(JSON.parse(fresh.stdout), { ...both, ...newName });
});

test('revision, display version and edition stand where Windows keeps them', async () => {
  const key = 'HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion';

  const found = await Promise.all(['UBR', 'DisplayVersion', 'EditionID'].map((name) => oldPc.regQuery(key, name)));

  assert.deepEqual(found, [
    { type: 'REG_DWORD', data: '0x1848' },
    { type: 'REG_SZ', data: '22H2' },
    { type: 'REG_SZ', data: 'Enterprise' },
  ]);
});

test('a program gets standard input, environment and arguments, and its exit code comes back', async (t) => {
  const file = await program(
    t,
    `let given = '';
    for await (const chunk of process.stdin) given += chunk;
    console.log(given.length, process.env['WORD'], process.argv.slice(2));
    console.error('no');
    process.exitCode = 5;`,
  );

  const ran = await oldPc.node(file, ['two words', 'ü'], { stdin: 'x'.repeat(300_000), env: { WORD: 'größer' } });

  assert.deepEqual(ran, { exit: 5, stdout: "300000 größer [ 'two words', 'ü' ]\n", stderr: 'no\n' });
});

test('the agent of this repository starts, with its workspaces and libraries', async () => {
  const ran = await oldPc.node(join(ROOT, 'agent', 'src', 'main.ts'), ['--version']);

  assert.deepEqual(ran, { exit: 0, stdout: `carryover ${VERSION}\n`, stderr: '' });
});

test('what is written into the registry of one PC is unknown on another', async () => {
  await oldPc.regAdd('HKCU\\Software\\Carryover-Separate', 'colour', 'REG_SZ', 'blue');

  assert.deepEqual(await oldPc.regQuery('HKCU\\Software\\Carryover-Separate', 'colour'), {
    type: 'REG_SZ',
    data: 'blue',
  });
  assert.equal(await newPc.regQuery('HKCU\\Software\\Carryover-Separate', 'colour'), undefined);
  await assert.rejects(newPc.regExport('HKCU\\Software\\Carryover-Separate'), /exit 1/);
});

test('what one PC exports, another takes up and exports again letter for letter', async () => {
  const values = [
    '@="default"',
    '"text"="größer, \\\\back\\\\slash and \\"quotes\\" 🎨"',
    '"empty"=""',
    '"number"=dword:fffffffe',
    '"long number"=hex(b):01,02,03,04,05,06,07,08',
    '"bytes"=hex:00,ff,80',
    '"places"=hex(2):25,00,54,00,45,00,4d,00,50,00,25,00,00,00',
    '"list"=hex(7):61,00,00,00,62,00,00,00,00,00',
    '"nothing"=hex(0):',
    '"a\\\\name"="with a backslash"',
  ];
  const keys = [
    '[HKEY_CURRENT_USER\\Software\\Carryover-Copy]',
    '[HKEY_CURRENT_USER\\Software\\Carryover-Copy\\Below]',
  ];
  await oldPc.regImport(`${REGISTRY_FILE_HEAD}${keys.map((key) => [key, ...values, ''].join('\r\n')).join('\r\n')}`);

  const first = await oldPc.regExport('HKCU\\Software\\Carryover-Copy');
  await newPc.regImport(first);
  const second = await newPc.regExport('HKCU\\Software\\Carryover-Copy');

  assert.equal(second, first);
  for (const value of values) assert.equal(first.split('\r\n').filter((line) => line === value).length, 2, value);
});

test('what a program writes below C:\\windows is on its own PC alone', async () => {
  await oldPc.must('cmd', ['/c', 'echo x > C:\\windows\\system32\\tasks\\Carryover-Separate']);

  const below = (pc: WindowsPc) => readdir(join(pc.driveC, 'windows', 'system32', 'tasks'));
  assert.deepEqual(await below(oldPc), ['Carryover-Separate']);
  assert.deepEqual(await below(newPc), []);
});

test('a program that runs on is heard while it runs, and can be ended from outside', async (t) => {
  const file = await program(t, `console.log('up'); setInterval(() => {}, 1000);`);
  const running = await oldPc.startNode(file);
  await running.says(/^up$/m);

  running.kill();

  assert.deepEqual(await running.ended, { exit: 128, stdout: 'up\n', stderr: '' });
});

test('who waits for words that a program never says is told so', async (t) => {
  const running = await oldPc.startNode(await program(t, `console.log('down');`));

  await assert.rejects(running.says(/^up$/m), /PC-OLD-01 ended without .*up.*: down/);
});

test('a removed PC leaves no process and no folder, also when a program still ran', async (t) => {
  const pc = await aWindowsPc({ name: 'PC-SHORT' });
  const home = dirname(dirname(pc.driveC));
  const running = await pc.startNode(await program(t, `console.log('up'); setInterval(() => {}, 1000);`));
  await running.says(/^up$/m);

  const socket = join('/tmp', await readFile(join(home, 'pc', 'wineserver'), 'utf8'));
  assert.equal(existsSync(socket), true);

  await pc.remove();

  assert.deepEqual([existsSync(home), existsSync(socket)], [false, false]);
  assert.deepEqual(await markedProcessesLeft(PC_MARK, home, 0), []);
});

test('a PC also ends when the test process is killed', async () => {
  const source = `
    import { writeSync } from 'node:fs';
    import { aWindowsPc } from ${JSON.stringify(import.meta.resolve('./windows-pc.ts'))};
    const pc = await aWindowsPc({ name: 'PC-ORPHAN' });
    writeSync(1, pc.driveC);
    process.kill(process.pid, 'SIGKILL');`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' });
  assert.match(stdout, /drive_c$/);
  const home = dirname(dirname(stdout));

  assert.deepEqual(await markedProcessesLeft(PC_MARK, home, 60_000), []);
  assert.equal(existsSync(home), false);
});
