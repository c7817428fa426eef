import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser } from '../../testing/person-in-browser.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { PERSON, type StandIn, standInService } from '../../testing/stand-in-service.ts';
import { testAgent } from '../../testing/test-agent.ts';
import { run as enroll } from '../commands/enroll.ts';
import { serviceClock } from './clock.ts';
import { newDeviceKey, proofsOf } from './dpop.ts';
import { httpDoor } from './http.ts';
import { openLoopback } from './loopback.ts';
import { type SignInOptions, signIn } from './sign-in.ts';

test('the link a person opens asks for a code with PKCE, bound to the key of the device, and nothing secret is in it', async () => {
  await using service = await standInService();
  const agent = testAgent();

  await enroll([service.link], agent);

  const link = new URL(agent.out.notes.find((note) => note.startsWith('http')) ?? '');
  const parameters = link.searchParams;
  assert.equal(parameters.get('code_challenge_method'), 'S256');
  assert.equal(parameters.get('scope'), 'openid offline_access device.enroll backup.readwrite');
  assert.equal(parameters.getAll('resource').length, 2);
  assert.match(parameters.get('dpop_jkt') ?? '', /^[\w-]{43}$/);
  assert.equal(new URL(parameters.get('redirect_uri') ?? '').hostname, '127.0.0.1');
  const { d: secret = '' } = (await agent.state.read('device-key'))?.privateJwk ?? {};
  assert.ok(secret !== '' && !link.href.includes(secret));
});

test('somebody else who signs in on a PC of mine is refused', async () => {
  await using service = await standInService();
  const agent = testAgent();
  await enroll([service.link], agent);
  const enrollment = await agent.state.read('enrollment');
  assert.ok(enrollment !== undefined);
  await agent.state.write('enrollment', {
    ...enrollment,
    userId: 'somebody-else',
    userPrincipalName: 'eve@example.org',
  });

  const client = await agent.client();

  await assert.rejects(client.listProfiles(), refusedWith('accessDenied', 'otherPerson', /eve@example\.org/));
  assert.equal((await agent.state.read('tokens'))?.restore, undefined);
});

/** What signIn needs, for a terminal without a browser. */
function headless({ issuer }: StandIn, said: string[]): SignInOptions {
  const now = () => Temporal.Now.instant();
  const clock = serviceClock(now);
  return {
    issuer,
    clock,
    http: httpDoor({ clock, now, timeoutMs: 20_000 }),
    proofs: proofsOf(newDeviceKey(), clock),
    language: 'en',
    timeoutMs: 20_000,
    open: async () => false,
    say: (sentence) => said.push(sentence),
  };
}

test('a terminal without a browser may use a code for backups where the organization allows it', async () => {
  await using service = await standInService();
  const said: string[] = [];
  const elsewhere = browser();
  let waits = 0;

  const { granted } = await signIn(['backup'], {
    ...headless(service, said),
    async wait() {
      waits += 1;
      if (waits !== 2) return;
      await elsewhere.visit(new URL(said.find((sentence) => sentence.startsWith('http')) ?? ''));
      await elsewhere.submit();
      await elsewhere.submit({ confirm: 'yes' });
    },
  });

  assert.ok(granted.backup?.refreshToken !== undefined);
  assert.equal(waits, 2);
  assert.match(said.join('\n'), /enter the code [A-Z]{4}-[A-Z]{4}/);
});

test('a code is never used for restore or enrollment', async () => {
  await using service = await standInService();
  for (const resources of [['restore'], ['enrollment', 'backup']] as const) {
    const said: string[] = [];
    const options = { ...headless(service, said), timeoutMs: 1 };
    await assert.rejects(signIn(resources, options), refusedWith('unauthenticated', 'signInTimeout'));
    assert.match(said.join('\n'), /no browser here.*on this PC/);
  }
});

test('a return with another state is refused and waited past', async () => {
  await using loopback = await openLoopback({ state: 'right', language: 'en', timeoutMs: 20_000 });
  const at = (query: string) => fetch(`${loopback.redirectUri}${query}`);

  const [wrong, icon] = [await at('?code=x&state=wrong'), await at('favicon.ico')];
  const right = await at('?code=y&state=right');

  assert.deepEqual([wrong.status, icon.status, right.status], [404, 404, 200]);
  assert.match(await right.text(), /You are signed in/);
  assert.equal((await loopback.returned).searchParams.get('code'), 'y');
});

test('the page at the end says nothing of the code and may not be framed or kept', async () => {
  await using loopback = await openLoopback({ state: 's', language: 'de', timeoutMs: 20_000 });

  const page = await fetch(`${loopback.redirectUri}?code=secret-code&state=s`);

  const text = await page.text();
  assert.match(text, /Sie sind angemeldet/);
  assert.ok(!text.includes('secret-code'));
  assert.equal(page.headers.get('cache-control'), 'no-store');
  assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
});

test('whoever is signed in is the person of the enrollment', async () => {
  await using service = await standInService();
  const agent = testAgent();

  await enroll([service.link], agent);

  assert.equal((await agent.state.read('enrollment'))?.userId, PERSON.userId);
});
