import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { RestoreView, SignInPlace } from '@carryover/model/local-pages';
import { builtPages } from '../../testing/local-page.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { type PagePerson, pagePerson } from '../../testing/page-person.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { PERSON, type StandIn, standInService } from '../../testing/stand-in-service.ts';
import { type TemporaryHome, temporaryHome } from '../../testing/temporary-home.ts';
import { type CapturedOut, capturedOut, DEVICE } from '../../testing/test-agent.ts';
import { configFrom } from '../config.ts';
import type { Agent } from './agent.ts';
import { linkInPlace } from './enrollment-place.ts';
import { agentOn } from './real-agent.ts';
import { run as setup } from './setup.ts';
import { run as unenroll } from './unenroll.ts';

let home: TemporaryHome;
let service: StandIn;

beforeEach(async () => {
  home = await temporaryHome();
  service = await standInService();
});

afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
});

interface Page {
  readonly agent: Agent & { readonly out: CapturedOut };
  readonly person: PagePerson;
  readonly ended: Promise<void>;
}

/** `carryover setup` with a person at its page. */
async function page(...args: readonly string[]): Promise<Page> {
  const said = Promise.withResolvers<string>();
  const out = capturedOut('en');
  const hearing: CapturedOut = {
    ...out,
    note(text) {
      out.note(text);
      if (text.endsWith('.html')) said.resolve(text);
    },
  };
  const config = configFrom({ CARRYOVER_PAGES: await builtPages(home.root), CARRYOVER_TIMEOUT_SECONDS: '20' });
  const agent = { ...agentOn({ system: home, out: hearing, config }), out: hearing, device: async () => DEVICE };
  const ended = setup([...args, '--no-window', '--json'], agent);
  const file = await Promise.race([said.promise, ended.then(() => assert.fail('setup ended without a page'))]);
  return { agent, person: await pagePerson(file), ended };
}

/** The view once it is of this kind; the page asks again while something moves. */
async function viewOf(person: PagePerson, kind: RestoreView['stage']['kind']): Promise<RestoreView> {
  for (;;) {
    const view = await person.ask<RestoreView>('GET', '/api/restore');
    if (view.stage.kind === kind) return view;
    const moves = view.stage.kind === 'checking' && view.stage.checks.every(({ state }) => state !== 'failed');
    assert.ok(moves, JSON.stringify(view));
  }
}

test('one sign-in in the window connects the PC and opens the backups; Continue records, and nothing else', async () => {
  const { agent, person, ended } = await page(service.link);

  const { url } = await person.ask<SignInPlace>('POST', '/api/restore/sign-in');
  await person.go(url);
  const view = await viewOf(person, 'choose');
  assert.equal(view.mode, 'setup');
  assert.equal(view.person?.displayName, PERSON.displayName);
  const decided = await person.ask<RestoreView>('PUT', '/api/restore/choice', { kind: 'new' });
  assert.equal(decided.stage.kind, 'decided');
  await person.ask('POST', '/api/leave');
  await ended;

  const tokens = await agent.state.read('tokens');
  assert.ok(tokens?.restore !== undefined && tokens.backup !== undefined);
  assert.ok(service.seen.some(({ method, path }) => method === 'PUT' && path.endsWith('/setup-choice')));
  const [result] = agent.out.objects as { choice: object; told: boolean }[];
  assert.deepEqual([result?.choice, result?.told], [{ kind: 'new' }, true]);
  const clients = new Set([new URL(url).searchParams.get('redirect_uri')?.replace(/:\d+\//, '/')]);
  assert.deepEqual(clients, new Set(['http://127.0.0.1/signed-in']));
});

test('what is no choice is refused, and a return that nobody waits for leads to the page', async () => {
  const { person, ended } = await page(service.link);

  await assert.rejects(person.ask('PUT', '/api/restore/choice', { kind: 'profile', profileId: 7 }), /400.*no choice/);
  await assert.rejects(person.ask('GET', '/api/restore/plan?profile=x&seq=first'), /400/);
  await assert.rejects(person.ask('GET', '/api/restore/points'), /400.*profile/);
  await person.ask('POST', '/api/leave');
  await ended;
});

test('the desktop is told to go on, until the PC is disconnected', async () => {
  const { agent, person, ended } = await page(service.link);
  await person.go((await person.ask<SignInPlace>('POST', '/api/restore/sign-in')).url);
  await viewOf(person, 'choose');
  await person.ask('PUT', '/api/restore/choice', { kind: 'new' });
  await person.ask('POST', '/api/leave');
  await ended;
  const entry = `${home.home}/.config/autostart/carryover-first-desktop.desktop`;
  assert.ok((await home.facts(entry)) !== undefined);

  await unenroll(['--json'], agent);

  assert.equal(await home.facts(entry), undefined);
  assert.equal(await agent.state.read('choice'), undefined);
});

test('a PC that nobody said where to connect, or that belongs to another organization, is told so before a window opens', async () => {
  const { agent, person, ended } = await page(service.link);
  await person.go((await person.ask<SignInPlace>('POST', '/api/restore/sign-in')).url);
  await viewOf(person, 'choose');
  await person.ask('POST', '/api/leave');
  await ended;
  const other = service.link.replace(/[^/]+$/, '99999999-0000-4000-8000-000000000000');

  await assert.rejects(setup([other], agent), refusedWith('conflict', 'alreadyEnrolled'));
  await unenroll(['--json'], agent);
  await assert.rejects(setup([], agent), refusedWith('notEnrolled'));
});

test('where to connect may be written down by IT beforehand', async () => {
  const system = memorySystem();
  assert.equal(await linkInPlace(system), undefined);

  system.put('/etc/carryover/enroll', `# put here by IT\n\n  ${service.link}#token=once-only  \n`);
  const link = await linkInPlace(system);

  assert.deepEqual([link?.serviceUrl, link?.token], [service.url, 'once-only']);
  system.put('/etc/carryover/enroll', 'not a link');
  await assert.rejects(linkInPlace(system), refusedWith('invalidRequest', 'link'));
});
