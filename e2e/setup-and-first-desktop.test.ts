/**
 * From a new PC to its first desktop, with the real service and the real commands: the restore page connects the PC and
 * records the choice, and nothing is applied before the desktop starts it.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { builtPages } from '../agent/testing/local-page.ts';
import { type PagePerson, pagePerson } from '../agent/testing/page-person.ts';
import type { RestoreView, SignInPlace } from '../model/src/local-pages.ts';
import { Browser } from '../server/testing/browser.ts';
import type { Device } from './testing/device.ts';
import { readState } from './testing/state-files.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';

const CURSOR = 'org.gnome.desktop.interface';

let story: Story;
let pages: string;

before(async () => {
  story = await aStory();
  pages = await builtPages(story.folder);
  const old = await story.enrolled('old-pc');
  await old.must('gsettings', ['set', CURSOR, 'cursor-size', '32']);
  succeeded(await old.agent('backup'));
});
after(() => story.remove());

interface Setup {
  readonly person: PagePerson;
  /** What `setup --json` said at its end. */
  readonly ended: Promise<{ readonly choice: { readonly kind: string } | null; readonly told: boolean }>;
}

/** `carryover setup` on a device, with its page open. */
async function setUp(device: Device, ...args: readonly string[]): Promise<Setup> {
  const [program, ...first] = device.agentCommand;
  const child = spawn(program, [...first, 'setup', ...args, '--no-window', '--json'], {
    env: { ...device.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const printed = child.stdout.toArray().then((chunks) => Buffer.concat(chunks).toString());
  const said: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    said.push(line);
    if (line.endsWith('.html')) break;
  }
  const file = said.at(-1) ?? '';
  assert.match(file, /\.html$/, said.join('\n'));
  const ended = closed.then(async ([exit]) => {
    assert.equal(exit, 0, said.join('\n'));
    return JSON.parse(await printed);
  });
  return { person: await pagePerson(file), ended };
}

/** The person signs in where the page sends the window; how many passwords they typed. */
async function signIn(person: PagePerson): Promise<number> {
  const { userPrincipalName: userName, password } = await story.signInOf();
  const browser = new Browser();
  let [passwords, next]: [number, string | undefined] = [
    0,
    (await person.ask<SignInPlace>('POST', '/api/restore/sign-in')).url,
  ];
  while (next !== undefined && !next.startsWith('/')) {
    let page = await browser.open(next);
    if (page.left === undefined) {
      passwords += 1;
      page = await browser.submit(page, { userName, password });
    }
    assert.ok(page.left, page.html);
    const back = await fetch(page.left, { redirect: 'manual' });
    next = back.headers.get('location') ?? undefined;
  }
  assert.equal(next, '/restore');
  return passwords;
}

async function viewOf(person: PagePerson, kind: RestoreView['stage']['kind']): Promise<RestoreView['stage']> {
  for (;;) {
    const { stage } = await person.ask<RestoreView>('GET', '/api/restore');
    if (stage.kind === kind) return stage;
    assert.ok(
      stage.kind === 'checking' && stage.checks.every(({ state }) => state !== 'failed'),
      JSON.stringify(stage),
    );
  }
}

test('a new PC is connected and signed in with one password, and gets what was chosen at its first desktop, not before', async () => {
  const fresh = await story.device('new-pc', { env: { CARRYOVER_PAGES: pages } });
  const { person, ended } = await setUp(fresh, story.organization.link);

  assert.equal(await signIn(person), 1);
  const stage = await viewOf(person, 'choose');
  assert.ok(stage.kind === 'choose');
  const [offer] = stage.offers;
  assert.equal(offer?.deviceName, 'old-pc');
  await person.ask('PUT', '/api/restore/choice', { kind: 'profile', profileId: offer?.profileId, only: [], skip: [] });
  await person.ask('POST', '/api/leave');
  const { choice, told } = await ended;
  assert.deepEqual([choice?.kind, told], ['profile', true]);
  assert.doesNotMatch(await fresh.dconfDump(), /cursor-size/);
  assert.match(
    await readFile(`${fresh.home}/.config/autostart/carryover-first-desktop.desktop`, 'utf8'),
    /^Exec=.* first-desktop$/m,
  );

  const first = jsonOf<{ did: string; reported: boolean }>(await fresh.agent('first-desktop', '--no-window', '--json'));

  assert.deepEqual([first.did, first.reported], ['restored', true]);
  assert.match(await fresh.dconfDump(), /cursor-size=32/);
  const { sessionId, ended: done } = await readState(fresh, 'choice');
  assert.ok(sessionId !== undefined && done?.what === 'restored');
});

test('set up as new is known to the service, and the desktop has nothing to do', async () => {
  const fresh = await story.device('as-new', { env: { CARRYOVER_PAGES: pages } });
  const { person, ended } = await setUp(fresh, story.organization.link);
  await signIn(person);
  await viewOf(person, 'choose');

  await person.ask('PUT', '/api/restore/choice', { kind: 'new' });
  await person.ask('POST', '/api/leave');

  const { choice, told } = await ended;
  assert.deepEqual([choice, told], [{ kind: 'new' }, true]);
  assert.deepEqual(jsonOf(await fresh.agent('first-desktop', '--json')), { did: 'nothing' });
});
