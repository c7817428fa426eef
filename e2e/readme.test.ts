/**
 * README's quick start, taken from the page and typed as it stands there: by an operator, an administrator, and Lena at
 * her two PCs, each at a terminal with a browser of their own.
 *
 * LINK is what the set-up page shows. Only where things lie differs from what a reader has: homes and data are scratch
 * folders, and the service takes any free port.
 */

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Browser } from '../server/testing/browser.ts';
import { aDevice, type Device } from './testing/device.ts';
import { flatpakRepository } from './testing/flatpak-repository.ts';
import { furnish } from './testing/furnish.ts';
import { type Person, signsInAs } from './testing/organization.ts';
import { onTerminal, type Question } from './testing/terminal.ts';

const ROOT = join(import.meta.dirname, '..');

const GO_ON: Question = { asks: /\[y\/N\] $/, answer: () => 'y' };

test("the README's quick start works as written", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-readme-'));
  const ends = new AsyncDisposableStack();
  // In the order opposite to that in which they were begun.
  t.after(() => ends.disposeAsync());
  ends.defer(() => rm(folder, { recursive: true, force: true }));
  const commands = await quickStart();
  const [serve = '', ...more] = commands('On the server');
  assert.deepEqual(more, []);

  const { url, code } = await started(ends, serve, folder);
  const { administrator, link } = await setUp(url, code);
  const asAdministrator = await homeOf(folder, administrator);
  const said = await typed(commands('As the administrator'), { link, env: asAdministrator });
  const [, password = ''] = /Password\s+(\S+)/.exec(said) ?? [];
  const lena = { userPrincipalName: 'lena@example.org', displayName: 'Lena', password };
  const [oldPc, newPc] = [await deviceOf(ends, lena, folder, 'old-pc'), await deviceOf(ends, lena, folder, 'new-pc')];
  const { remote } = await furnish(oldPc);
  // Where apps come from is the organization's to say: a restore adds no remote by itself.
  await newPc.must('flatpak', ['remote-add', '--user', '--no-gpg-verify', remote, (await flatpakRepository()).url]);
  await typed(commands('As Lena, on her old PC'), { link, env: oldPc.env });
  const [enroll = '', restore = '', undo = ''] = commands('As Lena, on her new PC');
  const untouched = await newPc.dconfDump();
  await typed([enroll, restore], { link, env: newPc.env, questions: [GO_ON] });

  const restored = await newPc.dconfDump();
  assert.match(restored, /color-scheme='prefer-dark'/);
  assert.match(
    await newPc.must('flatpak', ['list', '--user', '--app', '--columns=application']),
    /org\.example\.Notes/,
  );

  await typed([undo], { link, env: newPc.env, questions: [GO_ON] });

  assert.equal(await newPc.dconfDump(), untouched);
});

/** The commands below each paragraph of the quick start, found by how the paragraph begins. */
async function quickStart(): Promise<(paragraph: string) => string[]> {
  const page = await readFile(join(ROOT, 'README.md'), 'utf8');
  const [, section = ''] = /\n## Use it for real\n([\s\S]*?)\n## /.exec(page) ?? [];
  const steps = [...section.matchAll(/\n([^\n`][\s\S]*?)\n\n```sh\n([\s\S]*?)```/g)].map(
    ([, words = '', block = '']) => ({
      words,
      commands: block.trim().split('\n'),
    }),
  );
  return (paragraph) => {
    const found = steps.filter(({ words }) => words.startsWith(`${paragraph}.`) || words.startsWith(`${paragraph},`));
    assert.equal(
      found.length,
      1,
      `one step begins with "${paragraph}": ${steps.map(({ words }) => words).join(' | ')}`,
    );
    return found[0]?.commands ?? [];
  };
}

/** The service on a terminal, its key confirmed. It ends with the test as it would by Ctrl-C. */
async function started(
  ends: AsyncDisposableStack,
  serve: string,
  folder: string,
): Promise<{ url: string; code: string }> {
  const home = join(folder, 'operator');
  await mkdir(home);
  const env = { ...bare(), HOME: home, DATA_FOLDER: join(home, 'data'), PORT: '0', SIGN_IN_LIMIT: '100000' };
  const lastGroup: Question = { asks: /-([0-9a-f]{4})\s+Type the last group/, answer: ([, group = '']) => group };
  const terminal = onTerminal(serve, { env, cwd: ROOT, questions: [lastGroup] });
  ends.defer(async () => {
    terminal.interrupt();
    await terminal.ended;
  });
  const [, url = '', code = ''] = await terminal.shows(/Open (http\S+)\/admin\/setup and enter this code: (\S+)/);
  await terminal.shows(/Carryover listens/);
  return { url, code };
}

/** What the reader does in a browser. */
async function setUp(url: string, code: string): Promise<{ administrator: Person; link: string }> {
  const administrator = {
    userPrincipalName: 'admin@example.org',
    displayName: 'Ada',
    password: 'a long password of an administrator',
  };
  const browser = new Browser();
  const done = await browser.submit(await browser.open(`${url}/admin/setup`), {
    code,
    organization: 'Contoso',
    ...administrator,
  });
  const [, link] = /carryover enroll (\S+?)<\/code>/.exec(done.html) ?? [];
  assert.ok(link, `the page "${done.title}" shows the link`);
  return { administrator, link };
}

interface Typing {
  readonly link: string;
  readonly env: Readonly<Record<string, string>>;
  readonly questions?: readonly Question[];
}

/** Types one command after the other; each must succeed, and be asked what was to be asked. Returns all they printed. */
async function typed(commands: readonly string[], { link, env, questions = [] }: Typing): Promise<string> {
  let all = '';
  for (const command of commands) {
    const line = command.replace('LINK', link);
    const { exit, printed } = await onTerminal(line, { env, cwd: ROOT, questions }).ended;
    assert.equal(exit, 0, `${line}\n${printed}`);
    all += printed;
  }
  return all;
}

async function homeOf(folder: string, person: Person): Promise<Record<string, string>> {
  const home = join(folder, person.userPrincipalName);
  await mkdir(home);
  return { ...bare(), HOME: home, ...(await signsInAs(person, home)) };
}

async function deviceOf(ends: AsyncDisposableStack, person: Person, folder: string, name: string): Promise<Device> {
  const memory = join(folder, 'lena');
  await mkdir(memory, { recursive: true });
  const facts = { CARRYOVER_DEVICE_NAME: name, CARRYOVER_MACHINE_ID: `${name} of the page` };
  const device = await aDevice({ name, env: { ...(await signsInAs(person, memory)), ...facts } });
  ends.defer(() => device.remove());
  return device;
}

/** Nothing of the tester's own environment but where programs are and whose run this is. */
function bare(): Record<string, string> {
  const kept = ['PATH', 'TMPDIR', 'CARRYOVER_TEST_RUN', 'NODE_COMPILE_CACHE'];
  const found = Object.entries(process.env).filter(([name]) => kept.includes(name));
  return { ...Object.fromEntries(found.map(([name, value]) => [name, value ?? ''])), LC_ALL: 'C.UTF-8' };
}
