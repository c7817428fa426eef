/**
 * A terminal without a browser: the agent's own sign-in against the real service, with a person at a browser elsewhere.
 *
 * A code is for backups, where the organization allows it, and never for anything else.
 */

import assert from 'node:assert/strict';
import { serviceClock } from '../agent/src/client/clock.ts';
import { proofsOf } from '../agent/src/client/dpop.ts';
import { httpDoor } from '../agent/src/client/http.ts';
import { type SignInOptions, signIn } from '../agent/src/client/sign-in.ts';
import { renewedToken } from '../agent/src/client/tokens.ts';
import { refusedWith } from '../agent/testing/refused-with.ts';
import { CLIENTS, RESOURCES, SCOPES } from '../model/src/wire.ts';
import { okay } from '../server/testing/backups.ts';
import { Browser, type Page } from '../server/testing/browser.ts';
import { proofOf } from '../server/testing/proofs.ts';
import {
  type EnrolledDevice,
  jsonBody,
  type Organization,
  type Person,
  type TestService,
  testOnEveryService,
  testOnService,
} from '../server/testing/service.ts';

async function allowed(service: TestService, name?: string): Promise<Organization> {
  const organization = await service.setUp(name);
  await allow(service, organization, true);
  return organization;
}

async function allow(service: TestService, { administrator }: Organization, deviceCodeAllowed: boolean): Promise<void> {
  const graph = await service.signIn(administrator, { client: CLIENTS.graphCommandLine, resource: 'graph' });
  await okay(await graph.fetch('/beta/carryover/signInSettings', jsonBody('PATCH', { deviceCodeAllowed })));
}

interface Terminal extends SignInOptions {
  readonly said: string[];
}

/** The agent's sign-in on a PC without a browser, with the key that the PC was enrolled with. */
function terminalOf({ key }: Pick<EnrolledDevice, 'key'>, issuer: string, more: Partial<SignInOptions> = {}): Terminal {
  const now = () => Temporal.Now.instant();
  const clock = serviceClock(now);
  const said: string[] = [];
  return {
    issuer,
    clock,
    said,
    http: httpDoor({ clock, now, timeoutMs: 20_000 }),
    proofs: proofsOf({ privateJwk: key.privateKey.export({ format: 'jwk' }) as Record<string, string> }, clock),
    language: 'en',
    timeoutMs: 60_000,
    open: async () => false,
    say: (sentence) => said.push(sentence),
    ...more,
  };
}

const codeIn = ({ said }: Terminal) => /code ([A-Z]{4}-[A-Z]{4})/.exec(said.join('\n'))?.[1] ?? '';
const linkIn = ({ said }: Terminal) => said.find((sentence) => sentence.startsWith('http')) ?? '';

/** Somewhere else: types the code, reads what it is for, goes on and signs in. */
async function enters(terminal: Terminal, { userPrincipalName: userName, password }: Person): Promise<Page> {
  const browser = new Browser();
  const confirm = await browser.submit(await browser.open(linkIn(terminal)), { user_code: codeIn(terminal) });
  assert.match(confirm.html, new RegExp(codeIn(terminal)), 'the code is shown once more');
  return browser.submit(await browser.submit(confirm), { userName, password });
}

testOnEveryService(
  'with a code a person gets a token for backups that the device’s key is bound to, and no other',
  async (service) => {
    const { alice, issuer } = await allowed(service);
    const device = await service.enroll(alice);
    let done: Page | undefined;
    const person = { userId: alice.userId, userPrincipalName: alice.userPrincipalName };
    const terminal: Terminal = terminalOf(device, issuer, {
      person,
      wait: async () => {
        done ??= await enters(terminal, alice);
      },
    });

    const { granted, tokenEndpoint } = await signIn(['backup'], terminal);

    assert.match(
      terminal.said[0] ?? '',
      /no browser here\. Open this page on another device and enter the code [A-Z]{4}-[A-Z]{4}/,
    );
    assert.equal(linkIn(terminal), `${issuer}/device`, 'no code in the link');
    assert.equal(done?.title, 'You are signed in');
    const { accessToken = '', refreshToken = '' } = granted.backup ?? {};
    const path = `/device/v1/devices/${device.enrollment.deviceId}/preferences`;
    const url = new URL(path, service.url);
    const proof = proofOf(device.key, { method: 'GET', url, accessToken });
    assert.equal((await fetch(url, { headers: { authorization: `DPoP ${accessToken}`, dpop: proof } })).status, 200);
    const endpoint = { ...terminal, url: new URL(tokenEndpoint) };
    assert.ok((await renewedToken(endpoint, 'backup', refreshToken)).accessToken);
    await assert.rejects(renewedToken(endpoint, 'enrollment', refreshToken));
  },
);

testOnEveryService('where it is not allowed the terminal says so, and nothing of it is there', async (service) => {
  const organization = await service.setUp();
  const other = await allowed(service, 'Fabrikam');
  const device = await service.enroll(organization.alice);
  const terminal = terminalOf(device, organization.issuer, { timeoutMs: 1 });

  await assert.rejects(signIn(['backup'], terminal), refusedWith('unauthenticated', 'signInTimeout'));

  assert.match(terminal.said[0] ?? '', /your organization does not allow signing in with a code/);
  const asked = await askForCode(organization.issuer, {});
  assert.deepEqual(
    [asked.status, ((await asked.json()) as { error_description: string }).error_description],
    [400, 'Contoso does not allow signing in with a code on another device'],
  );
  const page = await new Browser({ language: 'de' }).open(`${organization.issuer}/device`);
  assert.deepEqual([page.status, page.title, page.forms], [403, 'Das ist nicht erlaubt', []]);
  assert.equal((await askForCode(other.issuer, {})).status, 200, 'what one organization allows is its own');
});

testOnEveryService(
  'switched off while somebody walks to another device, the code is worth nothing',
  async (service) => {
    const organization = await allowed(service);
    const { alice, issuer } = organization;
    const terminal: Terminal = terminalOf(await service.enroll(alice), issuer, {
      wait: async () => {
        await enters(terminal, alice);
        await allow(service, organization, false);
      },
    });

    await assert.rejects(
      signIn(['backup'], terminal),
      refusedWith('accessDenied', 'signInRefused', /Contoso does not allow signing in with a code/),
    );
  },
);

testOnService('a code is for backups alone: no other resource, no other client', async (service) => {
  const { alice, issuer } = await allowed(service);
  const device = await service.enroll(alice);
  const errorOf = async (response: Response) => ((await response.json()) as { error: string }).error;

  for (const resource of ['enrollment', 'restore', 'graph'] as const)
    assert.equal(
      await errorOf(await askForCode(issuer, { resource: `api://${RESOURCES[resource]}` })),
      'invalid_target',
    );
  for (const client of [CLIENTS.restoreExperience, CLIENTS.graphCommandLine])
    assert.equal(await errorOf(await askForCode(issuer, { client_id: client })), 'invalid_request');
  for (const resources of [['restore'], ['enrollment', 'backup']] as const) {
    const terminal = terminalOf(device, issuer, { timeoutMs: 1 });
    await assert.rejects(signIn(resources, terminal), refusedWith('unauthenticated', 'signInTimeout'));
    assert.match(terminal.said[0] ?? '', /cannot be done with a code on another device/);
  }
});

testOnService(
  'a wrong code is told so, a cancelled one ends the wait, and a link cannot bring one along',
  async (service) => {
    const { alice, issuer } = await allowed(service);
    const browser = new Browser();
    const terminal: Terminal = terminalOf(await service.enroll(alice), issuer, {
      wait: async () => {
        const page = await browser.open(`${linkIn(terminal)}?user_code=${codeIn(terminal)}`);
        assert.equal(page.title, 'Enter the code');
        assert.ok(!page.html.includes(codeIn(terminal)));
        const wrong = await browser.submit(page, { user_code: 'BCDF-GHJK' });
        assert.match(wrong.html, /This code is wrong, used or expired/);
        const confirm = await browser.submit(wrong, { user_code: codeIn(terminal).toLowerCase().replace('-', ' ') });
        assert.match((await browser.submit(confirm, {}, 'cancel')).html, /Nothing was signed in/);
      },
    });

    await assert.rejects(signIn(['backup'], terminal), refusedWith('accessDenied', 'signInRefused'));
  },
);

testOnService(
  'whoever tries codes one after another is stopped',
  async (service) => {
    const { issuer } = await allowed(service);
    const browser = new Browser();
    const page = await browser.open(`${issuer}/device`);

    const tries: number[] = [];
    for (let count = 0; count < 25; count += 1)
      tries.push((await browser.submit(page, { user_code: 'BCDF-GHJK' })).status);

    assert.equal(tries[0], 200);
    assert.equal(tries.at(-1), 429);
  },
  { env: { SIGN_IN_LIMIT: '20' } },
);

function askForCode(issuer: string, parameters: Readonly<Record<string, string>>): Promise<Response> {
  const asked = { client_id: CLIENTS.agent, scope: `openid ${SCOPES.backup}`, ...parameters };
  return fetch(`${issuer}/devicecode`, { method: 'POST', body: new URLSearchParams(asked) });
}
