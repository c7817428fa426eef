import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { request } from 'node:http';
import { CLIENTS, RESOURCES, SCOPES } from '@carryover/model/wire';
import * as client from 'openid-client';
import { Browser } from '../../testing/browser.ts';
import { newProofKey, proofOf } from '../../testing/proofs.ts';
import {
  authorizationRequest,
  jsonBody,
  type Organization,
  REDIRECT_URI,
  type SignedIn,
  signInThroughPages,
  type TestService,
  testOnEveryService,
  testOnService,
} from '../../testing/service.ts';
import { putApplication } from './applications.ts';
import { putRecord } from './store.ts';

const AGENT = { client: CLIENTS.agent, resource: 'backup' } as const;
const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

/** Sends a form to the token endpoint as it is, and says what came back. */
async function askForToken(
  service: TestService,
  tenantId: string,
  form: Readonly<Record<string, string>>,
  key = newProofKey(),
  proven = true,
) {
  const url = `${service.url}/${tenantId}/v2.0/token`;
  const response = await fetch(url, {
    method: 'POST',
    headers: proven ? { dpop: proofOf(key, { method: 'POST', url }) } : {},
    body: new URLSearchParams(form),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  return { status: response.status, error: answer['error'], answer };
}

const refreshForm = (signedIn: SignedIn, resource: keyof typeof RESOURCES = 'backup') => ({
  grant_type: 'refresh_token',
  client_id: CLIENTS.agent,
  refresh_token: signedIn.refreshToken ?? '',
  resource: `api://${RESOURCES[resource]}`,
});

testOnEveryService('a certified client signs in with code, PKCE and DPoP, and renews', async (service) => {
  const { alice, issuer, tenantId } = await service.setUp();
  const configuration = await client.discovery(new URL(issuer), CLIENTS.agent, undefined, client.None(), {
    execute: [client.allowInsecureRequests],
  });
  const DPoP = client.getDPoPHandle(configuration, await client.randomDPoPKeyPair('ES256'));
  const verifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const resource = [`api://${RESOURCES.enrollment}`, `api://${RESOURCES.backup}`];
  const parameters = new URLSearchParams({
    redirect_uri: REDIRECT_URI,
    scope: `openid profile offline_access ${SCOPES.enrollment} ${SCOPES.backup}`,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    prompt: 'consent',
  });
  for (const one of resource) parameters.append('resource', one);

  const page = await signInThroughPages(new Browser(), client.buildAuthorizationUrl(configuration, parameters), alice);
  assert.ok(page.left, page.html);
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
  const first = await client.authorizationCodeGrant(
    configuration,
    page.left,
    checks,
    { resource: resource[0] ?? '' },
    { DPoP },
  );
  const renewed = await client.refreshTokenGrant(
    configuration,
    first.refresh_token ?? '',
    { resource: resource[1] ?? '' },
    { DPoP },
  );

  assert.equal(first.token_type, 'dpop');
  assert.equal(first.claims()?.['preferred_username'], alice.userPrincipalName);
  const enrollment = claimsOf(first.access_token);
  assert.equal(enrollment['aud'], RESOURCES.enrollment);
  assert.equal(enrollment['scp'], SCOPES.enrollment);
  const backup = claimsOf(renewed.access_token);
  assert.deepEqual(
    [backup['aud'], backup['scp'], backup['tid'], backup['oid'], backup['sub'], backup['iss'], backup['client_id']],
    [RESOURCES.backup, SCOPES.backup, tenantId, alice.userId, alice.userId, issuer, CLIENTS.agent],
  );
  assert.deepEqual(backup['cnf'], enrollment['cnf']);
});

testOnEveryService('the refresh token of a device stays the same and needs its key', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const signedIn = await service.signIn(alice, AGENT);

  const renewed = await service.refresh(signedIn, tenantId, AGENT);
  const again = await service.refresh(signedIn, tenantId, AGENT);

  assert.equal(renewed.refreshToken, signedIn.refreshToken);
  assert.equal(again.refreshToken, signedIn.refreshToken);
  const stolen = await askForToken(service, tenantId, refreshForm(signedIn));
  const bare = await askForToken(service, tenantId, refreshForm(signedIn), newProofKey(), false);
  assert.deepEqual([stolen.status, stolen.error], [400, 'invalid_grant']);
  assert.deepEqual([bare.status, bare.error], [400, 'invalid_grant']);
});

testOnEveryService(
  'the refresh token of a bearer client changes, and an old one used again ends the sign-in',
  async (service) => {
    const { alice, tenantId } = await service.setUp();
    const signedIn = await service.signIn(alice, GRAPH);

    const renewed = await service.refresh(signedIn, tenantId, GRAPH);
    const form = { ...refreshForm(signedIn, 'graph'), client_id: GRAPH.client };
    const replayed = await askForToken(service, tenantId, form, newProofKey(), false);

    assert.notEqual(renewed.refreshToken, signedIn.refreshToken);
    assert.equal(replayed.error, 'invalid_grant');
    await assert.rejects(service.refresh(renewed, tenantId, GRAPH), /invalid_grant/);
  },
);

testOnEveryService('a refresh token in use lives half a year from its last use', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const signedIn = await service.signIn(alice, AGENT);
  const read = () =>
    service.store.read
      .selectFrom('oidc_records')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('model', 'in', ['RefreshToken', 'Grant'])
      .execute();
  const inTenDays = Math.floor(Date.now() / 1000) + 10 * 24 * 3600;
  for (const row of await read())
    await service.store.write(
      putRecord,
      { tenantId, model: row.model, id: row.record_id },
      {
        payload: JSON.stringify({ ...(JSON.parse(row.payload) as object), exp: inTenDays }),
        grantId: row.grant_id,
        userCode: null,
        uid: null,
        expiresAt: inTenDays * 1000,
      },
    );

  await service.refresh(signedIn, tenantId, AGENT);

  const in179Days = Date.now() + 179 * 24 * 3600 * 1000;
  const token = (await read()).find(({ model }) => model === 'RefreshToken');
  assert.ok(Number(token?.expires_at) > in179Days);
  assert.ok((JSON.parse(token?.payload ?? '{}') as { exp: number }).exp * 1000 > in179Days);
  const grant = (await read()).find(({ record_id }) => record_id === token?.grant_id);
  assert.ok(Number(grant?.expires_at) > in179Days);
});

testOnEveryService('of two who redeem one code at the same moment at most one gets a token', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const { url, verifier, key } = authorizationRequest(service.url, tenantId, AGENT);
  const page = await signInThroughPages(new Browser(), url, alice);
  const form = {
    grant_type: 'authorization_code',
    client_id: CLIENTS.agent,
    code: page.left?.searchParams.get('code') ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
    resource: `api://${RESOURCES.backup}`,
  };

  const answers = await Promise.all([1, 2, 3].map(() => askForToken(service, tenantId, form, key)));

  assert.ok(answers.filter(({ status }) => status === 200).length <= 1);
  assert.ok(answers.filter(({ error }) => error === 'invalid_grant').length >= 2);
});

testOnService('a code is worth nothing without its verifier, its key or at another organization', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const other = await service.setUp('Fabrikam');
  const { url, verifier, key } = authorizationRequest(service.url, tenantId, AGENT);
  const code = async () => (await signInThroughPages(new Browser(), url, alice)).left?.searchParams.get('code') ?? '';
  const form = {
    grant_type: 'authorization_code',
    client_id: CLIENTS.agent,
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
    resource: `api://${RESOURCES.backup}`,
  };

  const wrong = [
    await askForToken(service, tenantId, { ...form, code: await code(), code_verifier: 'x'.repeat(43) }, key),
    await askForToken(service, tenantId, { ...form, code: await code() }, newProofKey()),
    await askForToken(service, tenantId, { ...form, code: await code() }, key, false),
    await askForToken(service, other.tenantId, { ...form, code: await code() }, key),
    await askForToken(service, tenantId, { ...form, code: await code(), client_id: CLIENTS.restoreExperience }, key),
  ];

  assert.deepEqual(
    wrong.map(({ error }) => error),
    Array.from({ length: 5 }, () => 'invalid_grant'),
  );
});

testOnService(
  'a sign-in without PKCE, to a foreign address or for a foreign resource does not start',
  async (service) => {
    const { tenantId } = await service.setUp();
    const broken = (change: (url: URL) => void) => {
      const { url } = authorizationRequest(service.url, tenantId, AGENT);
      change(url);
      return new Browser().open(url);
    };

    const plain = await broken((url) => url.searchParams.delete('code_challenge'));
    const foreign = await broken((url) => url.searchParams.set('redirect_uri', 'https://evil.example/'));
    const restore = await broken((url) => url.searchParams.set('resource', `api://${RESOURCES.restore}`));
    const unknown = await broken((url) => url.searchParams.set('client_id', crypto.randomUUID()));

    assert.equal(plain.left?.searchParams.get('error'), 'invalid_request');
    assert.deepEqual([foreign.left, foreign.status], [undefined, 400]);
    assert.match(foreign.html, /redirect_uri/);
    assert.equal(restore.left?.searchParams.get('error'), 'invalid_target');
    assert.deepEqual([unknown.left, unknown.status], [undefined, 400]);
  },
);

testOnService(
  'what the provider says of itself is made from the public address, whatever a Host header says',
  async (service) => {
    const { issuer } = await service.setUp();

    const document = await new Promise<Record<string, string>>((resolve, reject) => {
      request(
        `${issuer}/.well-known/openid-configuration`,
        { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' } },
        (response) => {
          response.setEncoding('utf8');
          let text = '';
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => resolve(JSON.parse(text) as Record<string, string>));
        },
      )
        .on('error', reject)
        .end();
    });

    assert.equal(document['issuer'], issuer);
    for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'end_session_endpoint'])
      assert.ok(document[name]?.startsWith(`${issuer}/`), `${name}: ${document[name]}`);
    assert.equal(document['device_authorization_endpoint'], undefined);
  },
);

testOnService(
  'a browser that is signed in is not asked again, and each sign-in is a grant of its own',
  async (service) => {
    const { alice, tenantId } = await service.setUp();
    const browser = new Browser();
    const first = await service.signIn(alice, { ...AGENT, browser });

    const page = await browser.open(authorizationRequest(service.url, tenantId, AGENT).url);
    const second = await service.signIn(alice, { ...AGENT, browser });

    assert.ok(page.left?.searchParams.get('code'));
    const revoked = await fetch(`${service.url}/${tenantId}/v2.0/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: CLIENTS.agent, token: first.refreshToken ?? '' }),
    });
    assert.equal(revoked.status, 200);
    await assert.rejects(service.refresh(first, tenantId, AGENT), /invalid_grant/);
    assert.equal((await service.refresh(second, tenantId, AGENT)).refreshToken, second.refreshToken);
  },
);

testOnService('signing out in the browser asks, ends the session and leaves devices alone', async (service) => {
  const { alice, tenantId, issuer } = await service.setUp();
  const browser = new Browser();
  const signedIn = await service.signIn(alice, { ...AGENT, browser });

  const asked = await browser.open(`${issuer}/logout`);
  const done = await browser.submit(asked);
  const next = await browser.open(authorizationRequest(service.url, tenantId, AGENT).url);

  assert.equal(asked.title, 'Sign out?');
  assert.equal(done.title, 'You are signed out');
  assert.equal(next.title, 'Sign in');
  assert.equal((await service.refresh(signedIn, tenantId, AGENT)).refreshToken, signedIn.refreshToken);
});

testOnService('cancelling tells the program that asked', async (service) => {
  const { tenantId } = await service.setUp();
  const browser = new Browser();
  const page = await browser.open(authorizationRequest(service.url, tenantId, AGENT).url);

  const left = await browser.submit(page, {}, 'cancel');

  assert.equal(left.left?.searchParams.get('error'), 'access_denied');
});

testOnService('the sign-in page names organization, program and host, and needs no script', async (service) => {
  const { tenantId, name } = await service.setUp('Müller & Söhne');
  const page = await new Browser().open(authorizationRequest(service.url, tenantId, AGENT).url);

  assert.ok(page.html.includes('Müller &amp; Söhne'), page.html);
  assert.equal(name, 'Müller & Söhne');
  assert.ok(page.html.includes(`Signing in to <strong>Carryover</strong> on ${new URL(service.url).host}`));
  assert.deepEqual(page.html.match(/<script(?! src="\/page-files\/)/gi), null);
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.ok(!policy.includes('unsafe-inline'));
  assert.match(policy, /form-action 'self' http:\/\/127\.0\.0\.1:49152/);
  assert.equal(page.headers.get('cache-control'), 'no-store');
  assert.match(page.html, /<label for="userName">/);
  assert.match(page.html, /<input id="password"[^>]*autocomplete="current-password"/);
});

testOnService('the pages speak German to a German browser', async (service) => {
  const { tenantId } = await service.setUp();
  const { url } = authorizationRequest(service.url, tenantId, AGENT);

  const german = await new Browser({ language: 'de-DE,de;q=0.9,en;q=0.8' }).open(url);
  const french = await new Browser({ language: 'fr' }).open(url);

  assert.equal(german.title, 'Anmelden');
  assert.match(german.html, /<html lang="de">/);
  assert.equal(french.title, 'Sign in');
});

testOnService('a wrong password and a wrong name are told alike, beside the field', async (service) => {
  const { tenantId, alice } = await service.setUp();
  const attempt = async (userName: string) => {
    const browser = new Browser();
    const page = await browser.open(authorizationRequest(service.url, tenantId, AGENT).url);
    return browser.submit(page, { userName, password: 'not the right one' });
  };

  const known = await attempt(alice.userPrincipalName);
  const unknown = await attempt('nobody@contoso.example');

  assert.equal(known.status, 401);
  assert.match(known.html, /aria-describedby="password-error" aria-invalid="true"/);
  const errorOf = ({ html }: { html: string }) => /<p class="error"[^>]*>[^<]*<\/p>/.exec(html)?.[0];
  assert.ok(errorOf(known)?.includes('User name or password is not right'));
  assert.equal(errorOf(known), errorOf(unknown));
  assert.equal(known.status, unknown.status);
});

testOnEveryService('a password reset by an administrator must be changed before anything is given', async (service) => {
  const { alice, administrator, tenantId } = await service.setUp();
  const [before, admin] = [await service.signIn(alice, AGENT), await service.signIn(administrator, GRAPH)];
  const temporary = 'temporary-password-1';
  const reset = await admin.fetch(
    `/v1.0/users/${alice.userId}`,
    jsonBody('PATCH', { passwordProfile: { password: temporary } }),
  );
  assert.equal(reset.status, 204);
  await assert.rejects(service.refresh(before, tenantId, AGENT), /invalid_grant/);

  const browser = new Browser();
  const request = authorizationRequest(service.url, tenantId, AGENT);
  const asked = await signInThroughPages(browser, request.url, { ...alice, password: temporary });
  const short = await browser.submit(asked, { newPassword: 'short', repeatPassword: 'short' });
  const unlike = await browser.submit(short, { newPassword: 'a-password-of-my-own', repeatPassword: 'another' });
  const same = await browser.submit(unlike, { newPassword: temporary, repeatPassword: temporary });
  const done = await browser.submit(same, {
    newPassword: 'a-password-of-my-own',
    repeatPassword: 'a-password-of-my-own',
  });

  assert.equal(asked.title, 'Choose a new password');
  assert.match(short.html, /A password has 12 to 256 characters/);
  assert.match(unlike.html, /The two passwords differ/);
  assert.match(same.html, /must differ from the old one/);
  assert.ok(done.left?.searchParams.get('code'), done.html);
  await assert.rejects(service.signIn({ ...alice, password: temporary }, AGENT), /No code/);
  assert.ok((await service.signIn({ ...alice, password: 'a-password-of-my-own' }, AGENT)).accessToken);
});

testOnService('a form from another site, or without its token, does nothing', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const { url } = authorizationRequest(service.url, tenantId, AGENT);
  const filled = { userName: alice.userPrincipalName, password: alice.password };

  const browser = new Browser();
  const page = await browser.open(url);
  const withoutToken = await browser.submit(page, { ...filled, token: '' });
  const guessed = await browser.submit(page, { ...filled, token: 'f'.repeat(64) });
  const stranger = await new Browser().submit(page, filled);
  const foreign = await browser.submit(page, filled, undefined, 'https://evil.example');
  const rightStill = await browser.submit(page, filled);

  for (const refused of [withoutToken, guessed, stranger, foreign]) {
    assert.equal(refused.left, undefined);
    assert.deepEqual([refused.status, refused.title], [400, 'This sign-in is over']);
  }
  assert.ok(rightStill.left?.searchParams.get('code'));
});

async function registered(service: TestService, { tenantId }: Organization) {
  const applicationId = crypto.randomUUID();
  const application = { displayName: 'Report <b>Tool</b>', redirectUris: [REDIRECT_URI] };
  await service.store.write(putApplication, tenantId, applicationId, application, Date.now());
  return { client: applicationId, resource: 'graph' } as const;
}

testOnEveryService('a program the organization registered gets what the person allows, asked once', async (service) => {
  const organization = await service.setUp();
  const tool = await registered(service, organization);
  const { alice, tenantId } = organization;
  const request = () => {
    const { url } = authorizationRequest(service.url, tenantId, tool);
    url.searchParams.set('scope', 'openid User.Read');
    url.searchParams.delete('prompt');
    return url;
  };

  const browser = new Browser();
  const asked = await signInThroughPages(browser, request(), alice);
  const allowed = await browser.submit(asked);
  const again = await browser.open(request());

  assert.equal(asked.title, 'Allow Report <b>Tool</b>?');
  assert.ok(!asked.html.includes('<b>Tool</b>'), 'the name of a program is no markup');
  assert.match(asked.html, /<code>User\.Read<\/code>/);
  assert.ok(allowed.left?.searchParams.get('code'), allowed.html);
  assert.ok(again.left?.searchParams.get('code'));
});

testOnService('a program the person does not allow gets nothing', async (service) => {
  const organization = await service.setUp();
  const tool = await registered(service, organization);
  const browser = new Browser();
  const { url } = authorizationRequest(service.url, organization.tenantId, tool);

  const asked = await signInThroughPages(browser, url, organization.alice);
  const declined = await browser.submit(asked, {}, 'cancel');

  assert.equal(declined.left?.searchParams.get('error'), 'access_denied');
});

testOnService('a program registered in one organization is unknown in another', async (service) => {
  const tool = await registered(service, await service.setUp());
  const other = await service.setUp('Fabrikam');

  const page = await new Browser().open(authorizationRequest(service.url, other.tenantId, tool).url);

  assert.match(page.html, /invalid_client/);
});

testOnService('people of one organization cannot sign in to another', async (service) => {
  const { alice } = await service.setUp();
  const other = await service.setUp('Fabrikam');

  await assert.rejects(service.signIn({ ...alice, tenantId: other.tenantId }, AGENT), /not right/);
});

testOnService('an organization that does not exist is not found, and gets no keys', async (service) => {
  const answer = await fetch(`${service.url}/${crypto.randomUUID()}/v2.0/.well-known/openid-configuration`);

  assert.equal(answer.status, 404);
});

testOnEveryService('tokens signed before a new key stay good, new ones name the new key', async (service) => {
  const { alice, tenantId, issuer } = await service.setUp();
  const before = await service.signIn(alice, GRAPH);
  const kidOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid as string;

  await service.service.signIn.rotateSigningKey(tenantId);

  const after = await service.signIn(alice, GRAPH);
  assert.notEqual(kidOf(after.accessToken), kidOf(before.accessToken));
  for (const signedIn of [before, after]) assert.equal((await signedIn.fetch('/v1.0/me')).status, 200);
  const { keys } = (await (await fetch(`${issuer}/keys`)).json()) as { keys: { kid: string; d?: string }[] };
  assert.deepEqual(
    keys.map(({ kid }) => kid).toSorted(),
    [before, after].map((one) => kidOf(one.accessToken)).toSorted(),
  );
  assert.ok(keys.every(({ d }) => d === undefined));
});

testOnService(
  'attempts from one address are limited',
  async (service) => {
    const { alice, tenantId } = await service.setUp();
    const browser = new Browser();
    const page = await browser.open(authorizationRequest(service.url, tenantId, AGENT).url);
    const attempt = () => browser.submit(page, { userName: alice.userPrincipalName, password: 'wrong' });

    const statuses = [await attempt(), await attempt(), await attempt()].map(({ status }) => status);

    assert.deepEqual(statuses, [401, 401, 429]);
  },
  { env: { SIGN_IN_LIMIT: '2' } },
);

testOnService('nothing secret is logged', async (service) => {
  const { alice, administrator } = await service.setUp();
  const signedIn = await service.signIn(alice, AGENT);
  const device = await service.enroll(alice);
  await service.signIn({ ...alice, password: 'a wrong password of hers' }, AGENT).catch(() => undefined);
  await fetch(`${service.url}/v1.0/me?secret=in-the-query`, { headers: { authorization: 'Bearer abcdefgh-token' } });

  const log = service.log.join('');
  const secrets = [
    alice.password,
    administrator.password,
    'a wrong password of hers',
    'in-the-query',
    'abcdefgh-token',
    signedIn.accessToken,
    signedIn.refreshToken ?? '-',
    device.backup.accessToken,
    device.enrollment.checkIn.digestKey,
    device.enrollment.checkIn.session.key,
  ];
  assert.ok(log.includes('sign-in'), 'something was logged');
  for (const secret of secrets) assert.ok(!log.includes(secret), `the log holds ${hash('sha256', secret)} in clear`);
});
