import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { encodeParts, PARTS_MEDIA_TYPE } from '@carryover/model/parts';
import type { SnapshotHead } from '@carryover/model/wire';
import { refusedWith } from '../../testing/refused-with.ts';
import { type StandIn, type StandInOptions, standInService } from '../../testing/stand-in-service.ts';
import { DEVICE, type TestAgent, type TestAgentOptions, testAgent } from '../../testing/test-agent.ts';
import { run as enroll } from '../commands/enroll.ts';
import { agentOn } from '../commands/real-agent.ts';
import type { Client } from './client.ts';

interface Enrolled extends AsyncDisposable {
  readonly service: StandIn;
  readonly agent: TestAgent;
  readonly client: Client;
  /** A client as the next run of the agent has it: with nothing in memory. */
  nextRun(): Promise<Client>;
}

async function enrolled(options: StandInOptions & TestAgentOptions = {}): Promise<Enrolled> {
  const service = await standInService(options);
  const agent = testAgent(options);
  await enroll([service.link], agent);
  service.seen.length = 0;
  const nextRun = () => agentOn(agent).client({ maySignIn: false });
  return {
    service,
    agent,
    client: await nextRun(),
    nextRun,
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

const CHECK_IN = { device: DEVICE, manifestFormat: 1 } as const;

function aSnapshot(): SnapshotHead {
  return {
    manifest: {
      format: 1,
      agentVersion: '0.1.0',
      catalogVersion: '0'.repeat(16),
      platform: 'linux',
      build: DEVICE.build,
      osName: DEVICE.osName,
      deviceName: DEVICE.name,
      capturedAt: '2026-03-01T09:00:00Z',
      categories: [],
      units: [],
      previous: null,
    },
    mac: 'ab'.repeat(32),
    parts: [],
  };
}

function schemesOf({ seen }: StandIn): string[] {
  return seen.map(({ method, path, scheme }) => `${method} ${path.split('/').at(-1)} ${scheme}`);
}

test('after a check-in the requests of the run go by its session', async () => {
  await using here = await enrolled();

  await here.client.checkIn(CHECK_IN);
  await here.client.putSnapshot(aSnapshot(), [], 'key-1');
  await here.client.putPreferences({ apps: 'off' });

  assert.deepEqual(schemesOf(here.service), [
    'POST check-ins DPoP',
    'POST snapshots CarryoverSession',
    'PUT preferences CarryoverSession',
  ]);
  assert.equal(here.service.seen[1]?.headers['idempotency-key'], 'key-1');
  assert.equal(here.service.seen[1]?.headers['content-type'], PARTS_MEDIA_TYPE);
});

test('a check-in tells of scheduled backups that failed, until one succeeds', async () => {
  await using here = await enrolled();
  const { state } = here.agent;
  const told = () => JSON.parse(here.service.seen.at(-1)?.body.toString() ?? '{}').failedRuns;

  await here.client.checkIn(CHECK_IN);
  assert.equal(told(), undefined);
  await state.write('attempts', { failures: 2, lastError: { code: 'storageFull', message: 'The disk is full.' } });
  await here.client.checkIn(CHECK_IN);
  assert.deepEqual(told(), { count: 2, code: 'storageFull' });
  await state.remove('attempts');
  await here.client.checkIn(CHECK_IN);

  assert.equal(told(), undefined);
});

test('a session the service has forgotten is given up for a proof', async () => {
  await using here = await enrolled();
  await here.client.checkIn(CHECK_IN);
  here.service.endSessions();

  const receipt = await here.client.putSnapshot(aSnapshot(), [], 'key-1');
  await here.client.getPreferences();

  assert.equal(receipt.seq, 1);
  assert.deepEqual(schemesOf(here.service).slice(1), [
    'POST snapshots CarryoverSession',
    'POST snapshots DPoP',
    'GET preferences DPoP',
  ]);
});

test('a session that has run out is not tried', async () => {
  await using here = await enrolled();
  await here.client.checkIn(CHECK_IN);

  here.agent.system.advance(Temporal.Duration.from({ seconds: 59 }));
  await here.client.getPreferences();

  assert.deepEqual(schemesOf(here.service), ['POST check-ins DPoP', 'GET preferences DPoP']);
});

test('a run without a check-in needs one request for an unchanged backup', async () => {
  await using here = await enrolled();

  await (await here.nextRun()).putSnapshot(aSnapshot(), [], 'key-1');

  assert.deepEqual(schemesOf(here.service), ['POST snapshots DPoP']);
});

test('an expired token is renewed by itself, also when the service gives a new refresh token each time', async () => {
  await using here = await enrolled({ tokenSeconds: 30, rotateRefreshToken: true });
  const before = await here.agent.state.read('tokens');

  await here.client.getPreferences();
  await (await here.nextRun()).getPreferences();

  const after = await here.agent.state.read('tokens');
  assert.notEqual(after?.backup?.accessToken, before?.backup?.accessToken);
  assert.notEqual(after?.backup?.refreshToken, before?.backup?.refreshToken);
  assert.equal(after?.backup?.refreshToken, after?.enrollment?.refreshToken);
});

test('a token the service refuses early is renewed once, and a second refusal is said', async () => {
  await using here = await enrolled();
  const body = { error: { code: 'unauthenticated', message: 'No.', innerError: { code: 'tokenInvalid' } } };
  let refusals = 1;
  here.service.intercept = () => (refusals-- > 0 ? { status: 401, body } : undefined);
  const before = await here.agent.state.read('tokens');

  await here.client.getPreferences();

  assert.notEqual((await here.agent.state.read('tokens'))?.backup?.accessToken, before?.backup?.accessToken);
  refusals = 2;
  await assert.rejects(here.client.getPreferences(), refusedWith('unauthenticated', 'tokenInvalid'));
});

test('a sign-in that was ended by the organization is said with what to do, where nobody can be asked', async () => {
  await using here = await enrolled({ tokenSeconds: 30 });
  here.service.endSignIns();

  await assert.rejects(
    (await here.nextRun()).getPreferences(),
    refusedWith('unauthenticated', 'signInNeeded', /carryover backup/),
  );
});

test('where the person can be asked, an ended sign-in leads to a new one', async () => {
  await using here = await enrolled({ tokenSeconds: 30 });
  here.service.endSignIns();

  const client = await here.agent.client();

  assert.deepEqual(await client.getPreferences(), {});
});

test('restore asks for a sign-in of its own', async () => {
  await using here = await enrolled();
  assert.equal((await here.agent.state.read('tokens'))?.restore, undefined);

  const profiles = await (await here.agent.client()).listProfiles();

  assert.deepEqual(profiles, []);
  assert.notEqual((await here.agent.state.read('tokens'))?.restore, undefined);
});

test('a clock that was set ten years back since the last run costs one more request, once', async () => {
  await using here = await enrolled({ now: Temporal.Now.instant() });
  await here.client.checkIn(CHECK_IN);
  here.service.seen.length = 0;
  const tenYearsBack = testAgent();
  for (const [path, { content, mode }] of here.agent.system.files) tenYearsBack.system.put(path, content, mode);

  await (await agentOn(tenYearsBack).client({ maySignIn: false })).getPreferences();
  await (await agentOn(tenYearsBack).client({ maySignIn: false })).getPreferences();

  assert.deepEqual(schemesOf(here.service), ['GET preferences DPoP', 'GET preferences DPoP', 'GET preferences DPoP']);
});

test('a nonce the service asks for is given, at the sign-in and after', async () => {
  await using here = await enrolled({ requireNonce: true, tokenSeconds: 30 });
  here.service.intercept = ({ headers }) => {
    const claims = JSON.parse(Buffer.from(String(headers['dpop']).split('.')[1] ?? '', 'base64url').toString());
    if (claims.nonce === 'n-1') return undefined;
    const authenticate = 'DPoP error="use_dpop_nonce"';
    return { status: 401, body: {}, headers: { 'www-authenticate': authenticate, 'dpop-nonce': 'n-1' } };
  };

  assert.deepEqual(await here.client.getPreferences(), {});
  assert.equal(here.service.seen.length, 2);
});

test('a proof that was used before is refused by the service, and the agent never sends one twice', async () => {
  await using here = await enrolled();
  await here.client.getPreferences();
  await here.client.getPreferences();
  const [first, second] = here.service.seen;
  assert.notEqual(first?.headers['dpop'], second?.headers['dpop']);

  const { authorization = '', dpop } = first?.headers ?? {};
  const replayed = await fetch(`${here.service.url}${first?.path}`, { headers: { authorization, dpop: String(dpop) } });

  assert.equal(replayed.status, 401);
  assert.match(await replayed.text(), /proofReplayed/);
});

test('a refusal keeps its code, inner code, details and request id', async () => {
  await using here = await enrolled();
  const innerError = { code: 'partsMissing', details: { units: ['u-1'], blobs: [] }, 'request-id': 'r-9' };
  const body = { error: { code: 'conflict', message: 'Send what is missing.\u001b[2J', innerError } };
  here.service.intercept = () => ({ status: 409, body });

  await assert.rejects(here.client.putSnapshot(aSnapshot(), [], 'k'), (error: unknown) => {
    refusedWith('conflict', 'partsMissing', /^Send what is missing\. \[2J$/)(error);
    const { details } = error as { details: unknown };
    assert.deepEqual(details, { units: ['u-1'], blobs: [], requestId: 'r-9' });
    return true;
  });
});

test('a service that has no time says when to come again', async () => {
  await using here = await enrolled();
  const body = { error: { code: 'tooManyRequests', message: 'Too many at once.' } };
  here.service.intercept = () => ({ status: 429, body, headers: { 'retry-after': '17' } });

  await assert.rejects(here.client.checkIn(CHECK_IN), refusedWith('tooManyRequests', undefined, /Try again in 17 s/));
});

test('a full disk at the service is storageFull', async () => {
  await using here = await enrolled();
  here.service.intercept = () => ({ status: 507, body: 'no JSON at all' });

  await assert.rejects(here.client.putSnapshot(aSnapshot(), [], 'k'), refusedWith('storageFull'));
});

test('a page of somebody in between is not taken for the service', async () => {
  await using here = await enrolled();
  here.service.intercept = () => ({ status: 200, body: Buffer.from('<html>Log in to the hotel') });

  await assert.rejects(here.client.checkIn(CHECK_IN), refusedWith('serviceUnreachable', 'unexpectedAnswer'));
});

test('a policy older than the one known is refused', async () => {
  await using here = await enrolled();
  here.service.decisions = { ...here.service.decisions, version: 5 };
  await here.client.checkIn(CHECK_IN);
  here.service.decisions = { ...here.service.decisions, version: 4 };

  await assert.rejects(here.client.checkIn(CHECK_IN), refusedWith('conflict', 'olderPolicy'));
  assert.equal((await here.agent.state.read('service'))?.checkIn.policy.version, 5);
});

test('an agent older than the service accepts says so', async () => {
  await using here = await enrolled();
  here.service.minimumAgent = '99.0';

  await assert.rejects(here.client.checkIn(CHECK_IN), refusedWith('notAllowed', 'agentTooOld'));
});

test('a download that was damaged on its way is noticed', async () => {
  await using here = await enrolled();
  const content = Buffer.from('content');
  const sha256 = createHash('sha256').update('other').digest('hex');
  const head = { parts: [{ kind: 'unit', id: 'u', bytes: content.length, sha256 }] } as const;
  here.service.intercept = ({ path }) =>
    path.includes('/snapshots/') ? { status: 200, body: Buffer.from(encodeParts(head, [content])) } : undefined;

  await assert.rejects((await here.agent.client()).getSnapshot('p', 1), refusedWith('serviceUnreachable', 'damaged'));
});

test('a device that is not enrolled has no client', async () => {
  await assert.rejects(testAgent().client(), refusedWith('notEnrolled'));
});
