import assert from 'node:assert/strict';
import { createHmac, hash } from 'node:crypto';
import { CLIENTS } from '@carryover/model/wire';
import { newProofKey, proofOf, signedJws } from '../../testing/proofs.ts';
import { jsonBody, type TestService, testOnEveryService, testOnService } from '../../testing/service.ts';

const AGENT_BACKUP = { client: CLIENTS.agent, resource: 'backup' } as const;
const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly inner: string | undefined;
}

async function refusalOf(response: Response): Promise<Refusal> {
  const { error } = (await response.json()) as { error: { code: string; innerError: { code?: string } } };
  return { status: response.status, code: error.code, inner: error.innerError.code };
}

const unauthenticated = (inner: string) => ({ status: 401, code: 'unauthenticated', inner });
/** The same under the name that Graph's clients know. */
const atGraph = (inner: string) => ({ ...unauthenticated(inner), code: 'InvalidAuthenticationToken' });

async function anEnrolledDevice(service: TestService) {
  const organization = await service.setUp();
  const device = await service.enroll(organization.alice);
  const path = `/device/v1/devices/${device.enrollment.deviceId}/preferences`;
  return { organization, device, path, url: service.url + path };
}

function send(url: string, token: string, proof: string | undefined, scheme = 'DPoP', method = 'GET') {
  return fetch(url, { method, headers: { authorization: `${scheme} ${token}`, ...(proof && { dpop: proof }) } });
}

testOnEveryService('a proof is good for one request only', async (service) => {
  const { device, url } = await anEnrolledDevice(service);
  const { accessToken } = device.backup;
  const proof = proofOf(device.key, { method: 'GET', url, accessToken });

  const [first, second] = [await send(url, accessToken, proof), await send(url, accessToken, proof)];

  assert.equal(first.status, 200);
  assert.deepEqual(await refusalOf(second), unauthenticated('proofReplayed'));
});

testOnEveryService('of many who use one proof at the same moment one gets through', async (service) => {
  const { device, url } = await anEnrolledDevice(service);
  const { accessToken } = device.backup;
  const proof = proofOf(device.key, { method: 'GET', url, accessToken });

  const answers = await Promise.all(Array.from({ length: 8 }, () => send(url, accessToken, proof)));

  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

testOnService('a proof for anything but this very request is refused', async (service) => {
  const { device, url } = await anEnrolledDevice(service);
  const { accessToken } = device.backup;
  const right = { method: 'GET', url, accessToken };
  const wrong = {
    'another method': proofOf(device.key, { ...right, method: 'PUT' }),
    'another address': proofOf(device.key, { ...right, url: `${url}/more` }),
    'another host': proofOf(device.key, { ...right, url: url.replace('127.0.0.1', 'localhost') }),
    'another token': proofOf(device.key, { ...right, accessToken: `${accessToken}x` }),
    'no token': proofOf(device.key, { method: 'GET', url }),
    'another key': proofOf(newProofKey(), right),
    'a key that did not sign': proofOf(newProofKey(), { ...right, header: { jwk: device.key.publicJwk } }),
    'no jti': proofOf(device.key, { ...right, claims: { jti: '' } }),
    'another type': proofOf(device.key, { ...right, header: { typ: 'JWT' } }),
    'no algorithm': proofOf(device.key, { ...right, header: { alg: 'none' } }),
    'a private key in it': proofOf(device.key, {
      ...right,
      header: { jwk: device.key.privateKey.export({ format: 'jwk' }) },
    }),
    garbage: 'x.y.z',
  };

  for (const [name, proof] of Object.entries(wrong))
    assert.deepEqual(await refusalOf(await send(url, accessToken, proof)), unauthenticated('proofInvalid'), name);
});

testOnService('a proof whose time is far off is told so, with the right time', async (service) => {
  const { device, url } = await anEnrolledDevice(service);
  const { accessToken } = device.backup;
  const tenYears = 10 * 365 * 24 * 3600;
  const iat = Math.floor(Date.now() / 1000) - tenYears;

  const answer = await send(
    url,
    accessToken,
    proofOf(device.key, { method: 'GET', url, accessToken, claims: { iat } }),
  );

  assert.ok(Math.abs(Date.parse(answer.headers.get('date') ?? '') - Date.now()) < 60_000);
  assert.deepEqual(await refusalOf(answer), unauthenticated('clockSkew'));
});

testOnService('a token bound to a key is refused without a proof and as Bearer', async (service) => {
  const { device, url } = await anEnrolledDevice(service);
  const { accessToken } = device.backup;
  const proof = proofOf(device.key, { method: 'GET', url, accessToken });

  assert.deepEqual(await refusalOf(await send(url, accessToken, undefined)), unauthenticated('proofMissing'));
  assert.deepEqual(await refusalOf(await send(url, accessToken, undefined, 'Bearer')), unauthenticated('schemeWrong'));
  assert.deepEqual(await refusalOf(await send(url, accessToken, proof, 'Bearer')), unauthenticated('schemeWrong'));
  assert.deepEqual(await refusalOf(await send(url, accessToken, proof, 'Basic')), unauthenticated('schemeWrong'));
  assert.deepEqual(await refusalOf(await fetch(url)), unauthenticated('tokenMissing'));
});

testOnService('a bearer token opens Graph and nothing of a device', async (service) => {
  const { organization, url } = await anEnrolledDevice(service);
  const graph = await service.signIn(organization.alice, GRAPH);

  assert.equal((await graph.fetch('/v1.0/me')).status, 200);
  assert.deepEqual(
    await refusalOf(await send(url, graph.accessToken, undefined, 'Bearer')),
    unauthenticated('tokenInvalid'),
  );
  assert.deepEqual(
    await refusalOf(await send(`${service.url}/v1.0/me`, graph.accessToken, undefined)),
    atGraph('schemeWrong'),
  );
});

testOnService('a token for one resource is refused at another', async (service) => {
  const { device } = await anEnrolledDevice(service);

  const answer = await device.backup.fetch('/v1.0/me');

  assert.deepEqual(await refusalOf(answer), atGraph('tokenInvalid'));
});

testOnService('a token that was changed or made up is refused', async (service) => {
  const { organization, device, url } = await anEnrolledDevice(service);
  const { accessToken } = device.backup;
  const [head = '', body = '', signature = ''] = accessToken.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
  const bobs = Buffer.from(JSON.stringify({ ...claims, oid: organization.bob.userId, sub: organization.bob.userId }));
  const forged = {
    'changed claims': `${head}.${bobs.toString('base64url')}.${signature}`,
    'signed by another key': signedJws(header, claims, newProofKey().privateKey),
    'no signature': `${Buffer.from(JSON.stringify({ ...header, alg: 'none' })).toString('base64url')}.${body}.`,
    'an unknown key': signedJws({ ...header, kid: 'unknown' }, claims, newProofKey().privateKey),
    'another organization': signedJws(
      header,
      { ...claims, tid: crypto.randomUUID(), iss: `${service.url}/${crypto.randomUUID()}/v2.0` },
      newProofKey().privateKey,
    ),
  };

  for (const [name, token] of Object.entries(forged)) {
    const proof = proofOf(device.key, { method: 'GET', url, accessToken: token });
    assert.deepEqual(await refusalOf(await send(url, token, proof)), unauthenticated('tokenInvalid'), name);
  }
});

testOnEveryService('nobody reaches a device of another person or organization', async (service) => {
  const { organization, device, path } = await anEnrolledDevice(service);
  const other = await service.setUp('Fabrikam');
  const [bobs, theirs] = [await service.enroll(organization.bob), await service.enroll(other.alice)];

  assert.equal((await device.backup.fetch(path)).status, 200);
  for (const stranger of [bobs.backup, theirs.backup])
    assert.deepEqual(await refusalOf(await stranger.fetch(path)), {
      status: 404,
      code: 'itemNotFound',
      inner: undefined,
    });
});

testOnEveryService('a token bound to a key that was never enrolled opens nothing of a device', async (service) => {
  const { organization, path } = await anEnrolledDevice(service);
  const stranger = await service.signIn(organization.alice, AGENT_BACKUP);

  assert.deepEqual(await refusalOf(await stranger.fetch(path)), {
    status: 403,
    code: 'accessDenied',
    inner: 'deviceUnknown',
  });
});

testOnEveryService('a disabled account is refused at once, whatever its token says', async (service) => {
  const { organization, device, path } = await anEnrolledDevice(service);
  const administrator = await service.signIn(organization.administrator, GRAPH);
  assert.equal((await device.backup.fetch(path)).status, 200);

  const disabled = await administrator.fetch(
    `/v1.0/users/${organization.alice.userId}`,
    jsonBody('PATCH', { accountEnabled: false }),
  );

  assert.equal(disabled.status, 204);
  assert.deepEqual(await refusalOf(await device.backup.fetch(path)), unauthenticated('accountDisabled'));
});

testOnService('a person without the role is refused, with the role named', async (service) => {
  const organization = await service.setUp();
  const alice = await service.signIn(organization.alice, GRAPH);

  const answer = await alice.fetch('/beta/carryover/enrollmentTokens', jsonBody('POST', {}));

  assert.deepEqual(await refusalOf(answer), { status: 403, code: 'accessDenied', inner: 'roleMissing' });
});

/** A clock of the service that tests can move. */
function movableClock() {
  let offset = Temporal.Duration.from({ seconds: 0 });
  return {
    now: () => Temporal.Now.instant().add(offset),
    move: (by: Temporal.DurationLike) => {
      offset = offset.add(by);
    },
    iat: () => Math.floor(Temporal.Now.instant().add(offset).epochMilliseconds / 1000),
  };
}

const clock = movableClock();

testOnService(
  'a token is refused once it has expired, also when it was trusted before',
  async (service) => {
    const { device, url } = await anEnrolledDevice(service);
    const { accessToken } = device.backup;
    const proof = () => proofOf(device.key, { method: 'GET', url, accessToken, claims: { iat: clock.iat() } });
    assert.equal((await send(url, accessToken, proof())).status, 200);

    clock.move({ hours: 1, minutes: 1 });

    assert.deepEqual(await refusalOf(await send(url, accessToken, proof())), unauthenticated('tokenExpired'));
  },
  { now: clock.now },
);

async function aSession(service: TestService) {
  const found = await anEnrolledDevice(service);
  const { device } = found;
  const body = { device: { ...SAMPLE, machineHash: MACHINE }, manifestFormat: 1 };
  const enrolled = await service.enroll(found.organization.bob, { machineHash: MACHINE });
  const checkIn = await enrolled.backup.fetch(
    `/device/v1/devices/${enrolled.enrollment.deviceId}/check-ins`,
    jsonBody('POST', body),
  );
  assert.equal(checkIn.status, 200, await checkIn.clone().text());
  const { session } = (await checkIn.json()) as { session: { id: string; key: string } };
  const path = `/device/v1/devices/${enrolled.enrollment.deviceId}/preferences`;
  return { session, path, others: found.path, owner: device };
}

const MACHINE = 'b'.repeat(64);
const SAMPLE = {
  name: 'desk-2',
  platform: 'linux',
  build: 'debian 12 gnome 43.9',
  osName: 'Debian GNU/Linux 12 (bookworm)',
  agentVersion: '0.1.0',
};

async function sendInSession(
  service: TestService,
  { id, key }: { id: string; key: string },
  {
    n,
    path,
    method = 'GET',
    body,
    signedBody = body,
  }: { n: number; path: string; method?: string; body?: string; signedBody?: string | undefined },
): Promise<Response> {
  const digest = hash('sha256', signedBody ?? '', 'hex');
  const mac = createHmac('sha256', Buffer.from(key, 'hex')).update(`${n}\n${method}\n${path}\n${digest}`).digest('hex');
  return fetch(service.url + path, {
    method,
    headers: {
      authorization: `CarryoverSession id=${id}, n=${n}, mac=${mac}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  });
}

testOnService('after a check-in a device goes on with a MAC a request', async (service) => {
  const { session, path } = await aSession(service);
  const body = JSON.stringify({ preferences: { personalization: 'off' } });

  const read = await sendInSession(service, session, { n: 1, path });
  const written = await sendInSession(service, session, { n: 2, path, method: 'PUT', body });

  assert.equal(read.status, 200);
  assert.deepEqual(await written.json(), { preferences: { personalization: 'off' } });
});

const sessionClock = movableClock();

testOnService(
  'a session is over after a minute',
  async (service) => {
    const { session, path } = await aSession(service);
    assert.equal((await sendInSession(service, session, { n: 1, path })).status, 200);

    sessionClock.move({ seconds: 61 });

    const late = await sendInSession(service, session, { n: 2, path });
    assert.deepEqual(await refusalOf(late), unauthenticated('sessionExpired'));
  },
  { now: sessionClock.now },
);

testOnService('a device that leaves ends its sessions, too', async (service) => {
  const { session, path } = await aSession(service);

  const left = await sendInSession(service, session, {
    n: 1,
    path: path.replace('/preferences', ''),
    method: 'DELETE',
  });

  assert.equal(left.status, 204);
  assert.deepEqual(
    await refusalOf(await sendInSession(service, session, { n: 2, path })),
    unauthenticated('sessionExpired'),
  );
});

testOnService('a session request cannot be repeated, changed or sent elsewhere', async (service) => {
  const { session, path, others } = await aSession(service);
  const body = JSON.stringify({ preferences: { personalization: 'off' } });
  const changed = JSON.stringify({ preferences: { personalization: 'on' } });
  assert.equal((await sendInSession(service, session, { n: 5, path })).status, 200);

  const refused = {
    repeated: await sendInSession(service, session, { n: 5, path }),
    older: await sendInSession(service, session, { n: 4, path }),
    changed: await sendInSession(service, session, { n: 6, path, method: 'PUT', body: changed, signedBody: body }),
    otherKey: await sendInSession(service, { ...session, key: 'c'.repeat(64) }, { n: 7, path }),
    unknown: await sendInSession(service, { ...session, id: 'd'.repeat(32) }, { n: 8, path }),
    elsewhere: await sendInSession(service, session, { n: 9, path: others }),
    otherResource: await sendInSession(service, session, { n: 10, path: '/v1.0/me' }),
  };

  assert.deepEqual(
    Object.fromEntries(
      await Promise.all(Object.entries(refused).map(async ([name, answer]) => [name, await refusalOf(answer)])),
    ),
    {
      repeated: unauthenticated('sessionExpired'),
      older: unauthenticated('sessionExpired'),
      changed: unauthenticated('proofInvalid'),
      otherKey: unauthenticated('proofInvalid'),
      unknown: unauthenticated('sessionExpired'),
      elsewhere: { status: 404, code: 'itemNotFound', inner: undefined },
      otherResource: atGraph('tokenInvalid'),
    },
  );
});

testOnService('a refused token says which way of sending one is expected', async (service) => {
  const answer = await fetch(`${service.url}/v1.0/me`);

  assert.match(answer.headers.get('www-authenticate') ?? '', /DPoP algs="ES256".*Bearer/);
});
