/** The launcher, in a folder of its own where tiny programs stand for the real ones and say how they were started. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';

const ROOT = dirname(import.meta.dirname);
const PROGRAMS = ['agent/src/main.ts', 'server/src/main.ts', 'e2e/demo.ts', 'scripts/test.ts', 'bench/bench.ts'];
const SAYS = `console.log(JSON.stringify({ program: process.argv[1], args: process.argv.slice(2), cwd: process.cwd() }));
process.exitCode = 7;`;

/** In place of the build of the pages: counts how often it was asked for. */
const BUILDS = `import { appendFileSync } from 'node:fs';
appendFileSync(new URL('../built', import.meta.url), process.argv.slice(2).join(' ') + '\\n');`;

/** A folder that is set up, whose lock file is as old as its packages. */
async function folderFor(t: TestContext): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'carryover-launcher-')));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const name of ['.node', 'node_modules', 'scripts']) await mkdir(join(folder, name));
  for (const file of ['carryover', 'scripts/set-up.sh']) await copyFile(join(ROOT, file), join(folder, file));
  for (const program of PROGRAMS) {
    await mkdir(dirname(join(folder, program)), { recursive: true });
    await writeFile(join(folder, program), SAYS);
  }
  await mkdir(join(folder, 'web'));
  await writeFile(join(folder, 'web', 'build.ts'), BUILDS);
  // The agent as one file is not to be had here; scripts/bundle-agent.test.ts has it.
  await writeFile(join(folder, '.node', 'agent'), '');
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'package-lock.json'), '{}');
  await writeFile(join(folder, '.node', 'installed-lock.json'), '{}');
  await writeFile(join(folder, 'node_modules', '.package-lock.json'), '{}');
  await writeFile(join(folder, '.node', 'chosen'), `${process.execPath}\n`);
  return folder;
}

interface Said {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

function start(launcher: string, args: readonly string[], options: { cwd?: string; PATH?: string } = {}) {
  const { cwd = tmpdir(), PATH = process.env['PATH'] } = options;
  return spawnSync(launcher, args, { encoding: 'utf8', cwd, env: { ...process.env, PATH } });
}

function said(launcher: string, args: readonly string[], cwd?: string): Said {
  const { status, stdout, stderr } = start(launcher, args, cwd === undefined ? {} : { cwd });
  assert.equal(status, 7, stderr);
  return JSON.parse(stdout);
}

test('each command reaches its program with its arguments and exit code', async (t) => {
  const folder = await folderFor(t);
  const launcher = join(folder, 'carryover');
  const programOf = (...args: string[]) => said(launcher, args).program.slice(folder.length + 1);

  assert.equal(programOf('serve'), 'server/src/main.ts');
  assert.equal(programOf('setup-code'), 'server/src/main.ts');
  assert.equal(programOf('keys', 'rotate'), 'server/src/main.ts');
  assert.equal(programOf('demo', '--once'), 'e2e/demo.ts');
  assert.equal(programOf('test'), 'scripts/test.ts');
  assert.equal(programOf('bench'), 'bench/bench.ts');
  assert.equal(programOf(), 'agent/src/main.ts');
  assert.deepEqual(said(launcher, ['backup', '--name', 'two words', '']).args, ['backup', '--name', 'two words', '']);
  assert.deepEqual(said(launcher, ['test', 'word', '--all']).args, ['word', '--all']);
});

test('the pages are made ready before a command that shows or serves them, and for no other', async (t) => {
  const folder = await folderFor(t);
  const launcher = join(folder, 'carryover');

  for (const args of [['status'], ['backup'], ['admin', 'people'], ['serve', '--help'], []]) said(launcher, args);
  await assert.rejects(readFile(join(folder, 'built')), { code: 'ENOENT' });

  for (const command of ['serve', 'setup', 'settings', 'first-desktop', 'demo', 'test', 'bench'])
    said(launcher, [command]);
  assert.equal(await readFile(join(folder, 'built'), 'utf8'), '--if-changed\n'.repeat(7));
});

test('a command that needs the pages does not start without them', async (t) => {
  const folder = await folderFor(t);
  await writeFile(join(folder, 'web', 'build.ts'), "console.error('no pages'); process.exitCode = 16;");

  const { status, stdout, stderr } = start(join(folder, 'carryover'), ['serve']);

  assert.deepEqual([status, stdout, stderr], [16, '', 'no pages\n']);
});

test('it is found through symbolic links from another folder, and stays in that folder', async (t) => {
  const folder = await folderFor(t);
  const elsewhere = await realpath(await mkdtemp(join(tmpdir(), 'carryover-launcher-')));
  t.after(() => rm(elsewhere, { recursive: true, force: true }));
  await symlink(join(folder, 'carryover'), join(elsewhere, 'absolute'));
  await symlink('absolute', join(elsewhere, 'relative'));

  for (const launcher of ['./absolute', './relative', join(elsewhere, 'relative')]) {
    const { program, cwd } = said(launcher, ['status'], elsewhere);
    assert.deepEqual([program, cwd], [join(folder, 'agent/src/main.ts'), elsewhere]);
  }
  assert.equal(said('./carryover', ['status'], folder).cwd, folder);
});

test('a lock file that only got a newer date needs no install', async (t) => {
  const folder = await folderFor(t);
  const tomorrow = Date.now() / 1000 + 86_400;
  await utimes(join(folder, 'package-lock.json'), tomorrow, tomorrow);

  const { status, stderr } = start(join(folder, 'carryover'), ['status']);

  assert.equal(status, 7, stderr);
  assert.equal(stderr, '');
});

test('a Node that is gone is replaced by the one in PATH', async (t) => {
  const folder = await folderFor(t);
  await writeFile(join(folder, '.node', 'chosen'), '/nonexistent/node\n');

  const { status, stderr } = start(join(folder, 'carryover'), ['status'], {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  });

  assert.equal(status, 7, stderr);
  assert.equal(await readFile(join(folder, '.node', 'chosen'), 'utf8'), `${process.execPath}\n`);
});

test('without any Node or npm it says what to install', async (t) => {
  const folder = await folderFor(t);
  await rm(join(folder, '.node'), { recursive: true });
  const tools = join(folder, 'tools');
  await mkdir(tools);
  for (const tool of ['mkdir', 'flock', 'uname', 'cut', 'cmp', 'cat', 'touch']) {
    await symlink(spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim(), join(tools, tool));
  }

  const { status, stderr } = start(join(folder, 'carryover'), ['status'], { PATH: tools });

  assert.equal(status, 16);
  assert.match(stderr, /npm is missing\. Install Node with npm/);
});
