/** The agent as one file, by the launcher, in a folder of its own where a tiny agent says what it is and where it runs. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';

const ROOT = dirname(import.meta.dirname);
const COPIED = [
  'carryover',
  ...['set-up.sh', 'bundle.ts', 'one-file.ts', 'bundle-agent.ts', 'bundle-agent-anew.ts'].map(
    (name) => `scripts/${name}`,
  ),
  ...['bundled.ts', 'made-of.ts', 'kept-code.ts', 'main.ts', 'launched.ts', 'installed.ts'].map(
    (name) => `agent/src/${name}`,
  ),
];
const RUN_AGENT = 'agent/src/run-agent.ts';
const ONE_FILE = /^\.node\/agent\/agent-[0-9a-f]{16}\.cjs$/;
const SOURCES = RUN_AGENT;

/** In place of agent/src/run-agent.ts. */
const saying = (word: string, exit = 7) => `
export async function runAgent(args: readonly string[]): Promise<void> {
  console.log(JSON.stringify({ word: '${word}', from: new URL(import.meta.url).pathname, args, exit: ${exit} }));
  process.exitCode = ${exit};
}
`;

interface Said {
  readonly word: string;
  /** Relative to the folder. */
  readonly from: string;
  readonly args: readonly string[];
}

interface Folder {
  readonly path: string;
  at(name: string): string;
  start(...args: string[]): Said;
  /** Starts until the one file runs: a source that changed just now could be changing still, and is waited for. */
  startAsOneFile(): Said;
}

async function folderFor(t: TestContext): Promise<Folder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'carryover-bundle-')));
  t.after(() => rm(path, { recursive: true, force: true }));
  const at = (name: string) => join(path, name);
  for (const name of ['.node', 'node_modules', 'scripts', 'agent/src']) await mkdir(at(name), { recursive: true });
  for (const file of COPIED) await copyFile(join(ROOT, file), at(file));
  await symlink(join(ROOT, 'node_modules', 'esbuild'), at('node_modules/esbuild'));
  await writeFile(at(RUN_AGENT), saying('first'));
  await writeFile(at('package.json'), '{ "type": "module" }');
  await writeFile(at('package-lock.json'), '{}');
  await writeFile(at('node_modules/.package-lock.json'), '{}');
  await writeFile(at('.node/chosen'), `${process.execPath}\n`);
  const start = (...args: string[]): Said => {
    const { status, stdout, stderr } = spawnSync(at('carryover'), args, { encoding: 'utf8', cwd: tmpdir() });
    const { exit, ...said }: Said & { readonly exit: number } = JSON.parse(stdout);
    assert.deepEqual([status, stderr], [exit, '']);
    return { ...said, from: said.from.slice(path.length + 1) };
  };
  return {
    path,
    at,
    start,
    startAsOneFile() {
      for (let starts = 0; starts < 20; starts += 1) {
        const said = start('status');
        if (ONE_FILE.test(said.from)) return said;
        assert.equal(said.from, SOURCES);
      }
      throw new Error('The sources stand still, and are not made one file.');
    },
  };
}

test('the agent runs as one file, with its arguments', async (t) => {
  const { at, start, startAsOneFile } = await folderFor(t);

  const { word, from } = startAsOneFile();

  assert.equal(word, 'first');
  const args = ['backup', '--name', 'two words', ''];
  assert.deepEqual(start(...args), { word: 'first', from, args });
  assert.deepEqual(await readdir(at('.node/agent')), [from.slice('.node/agent/'.length), 'agent.cjs']);
});

test('letters beyond ASCII are the same in the one file, those of patterns too', async (t) => {
  const { at, start, startAsOneFile } = await folderFor(t);
  await writeFile(
    at(RUN_AGENT),
    `const same = /^[ä-ü]ß😀$/u.test('öß😀');\n${saying('straße', 0).replace("'straße'", "same ? 'straße' : 'other'")}`,
  );

  assert.equal(startAsOneFile().word, 'straße');
  // This time by the code that the first run compiled.
  assert.equal(start('status').word, 'straße');
});

test('what a run compiled is kept for the next run of its command, and goes with what it was compiled of', async (t) => {
  const { at, start, startAsOneFile } = await folderFor(t);
  await writeFile(at(RUN_AGENT), saying('first', 0));
  const before = startAsOneFile().from.slice('.node/agent/'.length);
  assert.equal(start('backup').from, `.node/agent/${before}`);
  const kept = await readdir(at('.node/agent'));
  assert.deepEqual(kept, [before, `${before}.backup.code`, `${before}.other.code`, 'agent.cjs']);

  await writeFile(at(RUN_AGENT), saying('other', 0));
  const { word, from } = startAsOneFile();

  assert.equal(word, 'other');
  const now = from.slice('.node/agent/'.length);
  assert.deepEqual(await readdir(at('.node/agent')), [now, `${now}.other.code`, 'agent.cjs']);
});

test('what a run compiled is not kept when it failed: it may have done next to nothing', async (t) => {
  const { at, startAsOneFile } = await folderFor(t);

  startAsOneFile();

  assert.deepEqual(
    (await readdir(at('.node/agent'))).filter((name) => name.endsWith('.code')),
    [],
  );
});

test('kept code that does not fit, or is damaged in one bit, is passed over and made anew', async (t) => {
  const { at, start, startAsOneFile } = await folderFor(t);
  await writeFile(at(RUN_AGENT), saying('first', 0));
  const code = at(`${startAsOneFile().from}.other.code`);
  const right = await readFile(code);

  const damagedAt = (share: number) => {
    const damaged = Buffer.from(right);
    damaged.writeUInt8(damaged.readUInt8(Math.floor(damaged.length * share)) ^ 1, Math.floor(damaged.length * share));
    return damaged;
  };
  const damaged = [0.01, 0.1, 0.2, 0.3, 0.4, 0.49, 0.51, 0.7, 0.99].map(damagedAt);
  const cut = [0, 1, right.length / 2, right.length - 1].map((length) => right.subarray(0, length));
  for (const wrong of [...damaged, ...cut, Buffer.alloc(right.length, 7)]) {
    await writeFile(code, wrong);
    assert.equal(start('status').word, 'first');
    assert.notDeepEqual(await readFile(code), wrong);
  }
});

test('where compiled code cannot be kept, every run compiles, and nothing is said of it', async (t) => {
  const { at, start, startAsOneFile } = await folderFor(t);
  await writeFile(at(RUN_AGENT), saying('first', 0));
  const { from } = startAsOneFile();
  await rm(at(`${from}.other.code`));
  // In its place, even root finds a folder that is not empty.
  await mkdir(at(`${from}.other.code/taken`), { recursive: true });

  assert.equal(start('status').from, from);
  assert.deepEqual(
    (await readdir(at('.node/agent'))).filter((name) => /\.code\.\d+$/.test(name)),
    [],
  );
});

test('a program that was made anew under a start leaves the sources to run', async (t) => {
  const { at, start, startAsOneFile } = await folderFor(t);
  await rm(at(startAsOneFile().from));

  assert.equal(start().from, SOURCES);
});

test('a source that changed is what runs, at once, and soon as one file again', async (t) => {
  const { at, start, startAsOneFile } = await folderFor(t);
  startAsOneFile();

  await writeFile(at(RUN_AGENT), saying('other'));

  const { word, from } = start();
  assert.deepEqual({ word, from }, { word: 'other', from: SOURCES });
  assert.equal(startAsOneFile().word, 'other');
});

test('an update is seen that has the size and the date of what it replaces', async (t) => {
  const { at, start, startAsOneFile } = await folderFor(t);
  const dated = new Date('2026-01-01');
  await utimes(at(RUN_AGENT), dated, dated);
  startAsOneFile();

  await writeFile(at('update.ts'), saying('later'));
  await utimes(at('update.ts'), dated, dated);
  await rename(at('update.ts'), at(RUN_AGENT));

  assert.equal(saying('later').length, saying('first').length);
  assert.equal(start().word, 'later');
});

test('other packages, or another way to make the file, count as a change', async (t) => {
  for (const name of ['node_modules/.package-lock.json', 'scripts/bundle.ts', 'tsconfig.json']) {
    const { at, start, startAsOneFile } = await folderFor(t);
    startAsOneFile();

    await rm(at(name), { force: true });
    await writeFile(at(name), '{}');

    assert.equal(start().from, SOURCES, name);
  }
});

test('where the file cannot be made, the sources run and nothing is said of it', async (t) => {
  const { at, start } = await folderFor(t);
  await writeFile(at('.node/agent'), '');

  assert.equal(start().from, SOURCES);
});

test('a fault in a source is told by the sources themselves', async (t) => {
  const { at, startAsOneFile } = await folderFor(t);
  startAsOneFile();
  await writeFile(at(RUN_AGENT), 'export const runAgent = () => Promise.reject(new Error("a fault"));');

  const { status, stderr } = spawnSync(at('carryover'), ['status'], { encoding: 'utf8' });

  assert.equal(status, 1);
  assert.match(stderr, /Error: a fault[\s\S]*run-agent\.ts/);
});
