import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { KnownError } from '@carryover/model/errors';
import { realSystem } from './real.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'carryover-system-')));
after(() => rmSync(folder, { recursive: true }));

function aHome(name: string): string {
  const home = join(folder, name);
  mkdirSync(home);
  return home;
}

function systemOf(home: string) {
  return realSystem({ PATH: process.env['PATH'], HOME: home });
}

const outsideHome = (error: unknown) => error instanceof KnownError && error.inner === 'outsideHome';

test('a write replaces the file as a whole, with its mode, and leaves no temporary file', async () => {
  const home = aHome('write');
  const system = systemOf(home);

  await system.writeFile(`${home}/.config/a/b.conf`, 'one', 0o644);
  await system.writeFile(`${home}/.config/a/b.conf`, 'two', 0o600);

  assert.equal(readFileSync(`${home}/.config/a/b.conf`, 'utf8'), 'two');
  assert.equal(statSync(`${home}/.config/a/b.conf`).mode & 0o777, 0o600);
  assert.equal(statSync(`${home}/.config/a`).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(`${home}/.config/a`), ['b.conf']);
});

test('what a killed run left beside a file goes with the next write or removal there; a living one keeps its own', async () => {
  const home = aHome('leftovers');
  const system = systemOf(home);
  const { pid: dead } = spawnSync('true');
  const leaveBehind = () => {
    for (const pid of [dead, process.pid]) writeFileSync(`${home}/.carryover-${pid}-1234`, 'half');
  };

  leaveBehind();
  await system.writeFile(`${home}/a.conf`, 'one', 0o600);
  assert.deepEqual(readdirSync(home), [`.carryover-${process.pid}-1234`, 'a.conf']);

  leaveBehind();
  await system.removeFile(`${home}/a.conf`);
  assert.deepEqual(readdirSync(home), [`.carryover-${process.pid}-1234`]);
});

test('nothing is written outside HOME: by its path, by dots, or through a link in a folder above', async () => {
  const home = aHome('inside');
  const elsewhere = aHome('elsewhere');
  symlinkSync(elsewhere, `${home}/link`);
  symlinkSync(`${elsewhere}/not-yet`, `${home}/dangling`);
  const system = systemOf(home);

  for (const path of [
    `${elsewhere}/a`,
    `${home}/../elsewhere/a`,
    `${home}/link/a`,
    `${home}/link/new/folder/a`,
    `${home}/dangling/a`,
    home,
  ]) {
    await assert.rejects(system.writeFile(path, 'x', 0o600), outsideHome, path);
    await assert.rejects(system.appendLine(path, 'x'), outsideHome, path);
  }
  writeFileSync(`${elsewhere}/kept`, '');
  await assert.rejects(system.removeFile(`${home}/link/kept`), outsideHome);

  assert.deepEqual(readdirSync(elsewhere), ['kept']);
});

test('a link inside HOME that stays in HOME is followed for folders and replaced for files', async () => {
  const home = aHome('links');
  mkdirSync(`${home}/dotfiles`);
  symlinkSync(`${home}/dotfiles`, `${home}/.config`);
  writeFileSync(`${home}/dotfiles/target`, 'untouched');
  symlinkSync(`${home}/dotfiles/target`, `${home}/dotfiles/file`);
  const system = systemOf(home);

  await system.writeFile(`${home}/.config/file`, 'new', 0o644);

  assert.equal(readFileSync(`${home}/dotfiles/file`, 'utf8'), 'new');
  assert.equal(readFileSync(`${home}/dotfiles/target`, 'utf8'), 'untouched');
});

test('reads give nothing for what is not there and refuse links, folders and pipes', async () => {
  const home = aHome('read');
  writeFileSync(`${home}/file`, 'text');
  symlinkSync(`${home}/file`, `${home}/link`);
  const system = systemOf(home);
  await system.run('mkfifo', [`${home}/pipe`]);

  assert.equal(new TextDecoder().decode(await system.readFile(`${home}/file`)), 'text');
  assert.equal(await system.readFile(`${home}/missing/file`), undefined);
  assert.deepEqual(await system.list(`${home}/missing`), []);
  await assert.rejects(system.readFile(`${home}/link`), { code: 'ELOOP' });
  await assert.rejects(system.readFile(home));
  await assert.rejects(system.readFile(`${home}/pipe`));
  assert.equal(await system.realPath(`${home}/link`), `${home}/file`);
  assert.equal((await system.facts(`${home}/link`))?.kind, 'link');
  assert.equal((await system.facts(`${home}/pipe`))?.kind, 'other');
  assert.equal(await system.facts(`${home}/file/below`), undefined);
});

test('a fingerprint changes when the content does, also when size stays', async () => {
  const home = aHome('fingerprint');
  const system = systemOf(home);
  await system.writeFile(`${home}/file`, 'aaa', 0o600);
  const before = await system.facts(`${home}/file`);

  await system.writeFile(`${home}/file`, 'bbb', 0o600);

  assert.notEqual((await system.facts(`${home}/file`))?.fingerprint, before?.fingerprint);
});

test('a journal grows by lines and lies in the state folder, wherever that is', async () => {
  const home = aHome('journal');
  const state = aHome('state');
  const system = realSystem({ PATH: process.env['PATH'], HOME: home, XDG_STATE_HOME: state });

  await system.appendLine(`${system.stateFolder}/journal`, 'one');
  await system.appendLine(`${system.stateFolder}/journal`, 'two');
  await system.removeFile(`${system.stateFolder}/never`);

  assert.equal(readFileSync(`${state}/carryover/journal`, 'utf8'), 'one\ntwo\n');
  assert.equal(statSync(`${state}/carryover`).mode & 0o777, 0o700);
});

test('a program gets its input and environment and gives its output and exit code', async () => {
  const system = systemOf(aHome('run'));

  const result = await system.run('sh', ['-c', 'cat; echo "$WORD" >&2; exit 3'], {
    stdin: 'in',
    env: { WORD: 'word' },
  });

  assert.deepEqual(result, { exit: 3, stdout: 'in', stderr: 'word\n' });
});

test('a program that never reads its input is judged by its exit code', async () => {
  const system = systemOf(aHome('deaf'));

  for (const brief of [false, true]) {
    const { exit } = await system.run('true', [], { stdin: 'x'.repeat(4_000_000), brief });
    assert.equal(exit, 0);
  }
});

test('a missing program is a missing part', async () => {
  const system = systemOf(aHome('missing-program'));

  await assert.rejects(system.run('carryover-no-such-program', []), { code: 'missingPart' });
});

test('a program that takes too long goes with everything it started', async (t) => {
  const home = aHome('timeout');
  const system = systemOf(home);
  const script = `sleep infinity & echo $! > ${home}/new && mv ${home}/new ${home}/child; wait`;
  // Its time is over when the test says so: not before it has started another one.
  t.mock.timers.enable({ apis: ['setTimeout'] });

  const stopped = assert.rejects(system.run('sh', ['-c', script], { timeoutMs: 300 }), /took too long/);
  while (!existsSync(`${home}/child`)) await nextTurn();
  t.mock.timers.tick(300);
  await stopped;

  const child = Number(readFileSync(`${home}/child`, 'utf8'));
  // Its outputs are closed a moment before the kernel is done with it.
  while (isRunning(child)) await nextTurn();
});

test('a brief program is judged as any other: by its output, exit code, time and presence', async () => {
  const system = systemOf(aHome('brief'));
  const brief = true;

  const result = await system.run('sh', ['-c', 'cat; echo "$WORD" >&2; exit 3'], {
    brief,
    stdin: 'in',
    env: { WORD: 'err' },
  });

  assert.deepEqual(result, { exit: 3, stdout: 'in', stderr: 'err\n' });
  await assert.rejects(system.run('carryover-no-such-program', [], { brief }), { code: 'missingPart' });
  await assert.rejects(system.run('sleep', ['60'], { brief, timeoutMs: 100 }), /took too long/);
  await assert.rejects(system.run('sh', ['-c', 'kill -9 $$'], { brief }), /ended by SIGKILL/);
});

test('a home folder of somebody else is refused', () => {
  const isRoot = process.getuid?.() === 0;
  const foreign = isRoot ? aHome('foreign') : '/usr';
  if (isRoot) chownSync(foreign, 12345, 12345);

  assert.throws(() => systemOf(foreign), { code: 'notAllowed' });
});

test('the session of the account is not used for a home that is not its own', () => {
  const runtime = `/run/user/${process.getuid?.()}`;
  const system = realSystem({
    HOME: aHome('not-own'),
    XDG_RUNTIME_DIR: runtime,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${runtime}/bus`,
  });

  assert.equal(system.runtimeFolder, undefined);
  assert.equal(system.env['DBUS_SESSION_BUS_ADDRESS'], undefined);
  assert.equal(system.env['XDG_RUNTIME_DIR'], undefined);
});

/** A process that ended but was not waited for by its parent is gone for our purpose. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
