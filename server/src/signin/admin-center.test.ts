/** The admin center as a client in a browser: code with PKCE, renewed in the page's memory, over with the session. */

import assert from 'node:assert/strict';
import { ADMIN_CENTER_SCOPES, type SignInPlace } from '@carryover/model/admin';
import { CLIENTS, RESOURCES } from '@carryover/model/wire';
import { okay } from '../../testing/backups.ts';
import { Browser, type Page } from '../../testing/browser.ts';
import {
  authorizationRequest,
  type Organization,
  signInThroughPages,
  type TestService,
  testOnEveryService,
  testOnService,
} from '../../testing/service.ts';

const ADMIN = { client: CLIENTS.adminCenter, resource: 'graph', scopes: ADMIN_CENTER_SCOPES } as const;

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly expires_in: number;
  readonly scope: string;
}

function placeOf(service: TestService, domain?: string): Promise<Response> {
  return fetch(`${service.url}/admin/organization${domain === undefined ? '' : `?domain=${domain}`}`);
}

/** Opens the sign-in as the page does; `left` of the answer has the code, at the service's own /admin. */
async function authorize(service: TestService, browser: Browser, organization: Organization, prompt?: string) {
  const request = authorizationRequest(service.url, organization.tenantId, ADMIN);
  request.url.searchParams.set('redirect_uri', `${service.url}/admin`);
  request.url.searchParams.set('scope', ['openid', 'profile', ...ADMIN_CENTER_SCOPES].join(' '));
  if (prompt === undefined) request.url.searchParams.delete('prompt');
  else request.url.searchParams.set('prompt', prompt);
  const page =
    prompt === 'none'
      ? await browser.open(request.url)
      : await signInThroughPages(browser, request.url, organization.administrator);
  return { page, verifier: request.verifier };
}

function token(service: TestService, tenantId: string, form: Record<string, string>, origin = service.url) {
  return fetch(`${service.url}/${tenantId}/v2.0/token`, {
    method: 'POST',
    headers: { origin },
    body: new URLSearchParams({ client_id: CLIENTS.adminCenter, ...form }),
  });
}

function codeOf({ url }: Page): string {
  return url.searchParams.get('code') ?? '';
}

async function signedIn(service: TestService, browser: Browser, organization: Organization): Promise<Tokens> {
  const { page, verifier } = await authorize(service, browser, organization);
  assert.equal(page.url.pathname, '/admin');
  return okay<Tokens>(
    await token(service, organization.tenantId, {
      grant_type: 'authorization_code',
      code: codeOf(page),
      redirect_uri: `${service.url}/admin`,
      code_verifier: verifier,
      resource: `api://${RESOURCES.graph}`,
    }),
  );
}

const refreshed = (service: TestService, tenantId: string, { refresh_token }: Tokens) =>
  token(service, tenantId, { grant_type: 'refresh_token', refresh_token });

testOnEveryService(
  'the admin center signs in, renews its token in place and is over with the session',
  async (service) => {
    const organization = await service.setUp();
    const { tenantId } = organization;
    const browser = new Browser();

    const first = await signedIn(service, browser, organization);
    const second = await okay<Tokens>(await refreshed(service, tenantId, first));
    const answer = await fetch(`${service.url}/v1.0/me`, {
      headers: { authorization: `Bearer ${second.access_token}` },
    });

    assert.equal(answer.status, 200);
    assert.deepEqual(first.scope.split(' ').toSorted(), [...ADMIN_CENTER_SCOPES].toSorted());
    assert.ok(first.expires_in <= 15 * 60, `${first.expires_in} s`);
    assert.notEqual(second.refresh_token, first.refresh_token);

    const logout = new URL(`${service.url}/${tenantId}/v2.0/logout`);
    logout.searchParams.set('id_token_hint', second.id_token);
    logout.searchParams.set('post_logout_redirect_uri', `${service.url}/admin`);
    const asked = await browser.open(logout);
    const out = asked.forms.length > 0 ? await browser.submit(asked) : asked;
    const after = await refreshed(service, tenantId, second);

    assert.equal(out.url.pathname, '/admin');
    assert.deepEqual([after.status, ((await after.json()) as { error: string }).error], [400, 'invalid_grant']);
  },
);

testOnService('a page that was loaded anew gets its code without a question', async (service) => {
  const organization = await service.setUp();
  const browser = new Browser();
  await signedIn(service, browser, organization);

  const again = await authorize(service, browser, organization, 'none');
  const stranger = await authorize(service, new Browser(), organization, 'none');

  assert.notEqual(codeOf(again.page), '');
  assert.equal(stranger.page.url.searchParams.get('error'), 'login_required');
});

testOnService('a refresh token of the admin center that is used twice ends the sign-in', async (service) => {
  const organization = await service.setUp();
  const first = await signedIn(service, new Browser(), organization);

  const second = await okay<Tokens>(await refreshed(service, organization.tenantId, first));
  const stolen = await refreshed(service, organization.tenantId, first);
  const after = await refreshed(service, organization.tenantId, second);

  assert.deepEqual([stolen.status, after.status], [400, 400]);
});

testOnService('the admin center gets no scope beyond its own, and no code for another address', async (service) => {
  const organization = await service.setUp();
  const request = authorizationRequest(service.url, organization.tenantId, ADMIN);

  const elsewhere = await new Browser().open(request.url);
  request.url.searchParams.set('redirect_uri', `${service.url}/admin`);
  request.url.searchParams.set('scope', 'openid UserWindowsSettings.ReadWrite.All');
  const beyond = await signInThroughPages(new Browser(), request.url, organization.administrator);
  const answer = await token(service, organization.tenantId, {
    grant_type: 'authorization_code',
    code: codeOf(beyond),
    redirect_uri: `${service.url}/admin`,
    code_verifier: request.verifier,
    resource: `api://${RESOURCES.graph}`,
  });

  assert.equal(elsewhere.status, 400);
  const { scope = '' } = (await answer.json()) as { scope?: string };
  assert.ok(!scope.includes('UserWindowsSettings'), scope);
});

testOnService('a page of another site cannot renew a token', async (service) => {
  const organization = await service.setUp();
  const first = await signedIn(service, new Browser(), organization);
  const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token };

  const answer = await token(service, organization.tenantId, form, 'https://evil.example');

  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get('access-control-allow-origin'), null);
});

testOnEveryService('the organization to sign in to is the only one, or the one of the domain', async (service) => {
  const none = await placeOf(service, 'contoso.example');
  const contoso = await service.setUp();
  const only = await okay<SignInPlace>(await placeOf(service));
  const anyDomain = await okay<SignInPlace>(await placeOf(service, 'unheard.example'));
  const fabrikam = await service.setUp('Fabrikam');
  await service.addPerson(fabrikam.tenantId, 'guest@contoso.example');
  const [first, second] = [await placeOf(service, 'CONTOSO.example'), await placeOf(service, 'fabrikam.example')];
  const [unknown, unsaid] = [await placeOf(service, 'unheard.example'), await placeOf(service)];

  assert.equal(none.status, 404);
  assert.deepEqual(only, {
    tenantId: contoso.tenantId,
    displayName: 'Contoso',
    issuer: contoso.issuer,
    clientId: CLIENTS.adminCenter,
    redirectUri: `${service.url}/admin`,
    enrollmentLink: `${service.url}/enroll/${contoso.tenantId}`,
  });
  assert.equal(anyDomain.tenantId, contoso.tenantId);
  assert.equal((await okay<SignInPlace>(first)).tenantId, contoso.tenantId);
  assert.equal((await okay<SignInPlace>(second)).tenantId, fabrikam.tenantId);
  assert.deepEqual([unknown.status, unsaid.status], [404, 404]);
});

testOnService(
  'who asks for organizations too often is told to wait',
  async (service) => {
    await service.setUp();

    const answers = [];
    for (let count = 0; count < 4; count += 1) answers.push((await placeOf(service, 'contoso.example')).status);

    assert.deepEqual(answers, [200, 200, 200, 429]);
  },
  { env: { SIGN_IN_LIMIT: '3' } },
);
