import assert from 'node:assert/strict';
import { test } from 'node:test';
import { throwAwayAuthority } from '../../testing/certificates.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { PERSON, standInService, TENANT_ID } from '../../testing/stand-in-service.ts';
import { testAgent } from '../../testing/test-agent.ts';
import { run as enroll } from './enroll.ts';
import { agentOn } from './real-agent.ts';
import { run as unenroll } from './unenroll.ts';

test('a person signs in in the browser and the device is enrolled, ten years off', async () => {
  await using service = await standInService();
  const agent = testAgent();

  await enroll([service.link], agent);

  const enrollment = await agent.state.read('enrollment');
  assert.equal(enrollment?.tenantId, TENANT_ID);
  assert.equal(enrollment?.userPrincipalName, PERSON.userPrincipalName);
  assert.equal(enrollment?.tokenEndpoint, `${service.issuer}/token`);
  const tokens = await agent.state.read('tokens');
  assert.ok(tokens?.enrollment !== undefined && tokens.backup !== undefined && tokens.restore === undefined);
  const kept = await agent.state.read('service');
  assert.ok((kept?.clockOffsetMs ?? 0) > 9.9 * 365 * 86_400_000);
  assert.match(agent.out.lines.join('\n'), /connected to Example Organization for ada@example\.org/);
  assert.deepEqual(
    service.seen.map(({ method, path, scheme }) => `${method} ${path} ${scheme}`),
    ['POST /device/v1/enrollments DPoP'],
  );
});

test('a PC that did not join is told so at once, with what to do', async () => {
  await using service = await standInService();
  const [personal, joined] = [testAgent(), testAgent()];

  await enroll([service.link], personal);
  await enroll([`${service.link}#token=once-only`], joined);

  const said = personal.out.lines.join(' ').replaceAll(/\s+/g, ' ');
  assert.match(said, /This PC is not joined to Example Organization\..*enroll it with a token from IT/);
  assert.doesNotMatch(joined.out.lines.join(' '), /not joined/);
});

test('what is kept of an enrollment is readable by the person alone', async () => {
  await using service = await standInService();
  const agent = testAgent();

  await enroll([service.link], agent);

  const kept = [...agent.system.files].filter(([path]) => path.startsWith(`${agent.system.stateFolder}/`));
  const modes = kept.map(([, { mode }]) => mode);
  assert.deepEqual(new Set(modes), new Set([0o600]));
  assert.ok(agent.system.files.has(`${agent.system.stateFolder}/device-key.json`));
});

test('an enrolled PC has the settings page among its applications', async () => {
  await using service = await standInService();
  const agent = testAgent();

  await enroll([service.link], agent);

  const entry = agent.system.text(`${agent.system.home}/.local/share/applications/carryover-settings.desktop`);
  assert.match(entry ?? '', /^Exec=".*\/carryover" settings$/m);
});

test('the token in the link makes the device joined and stays out of every address', async () => {
  await using service = await standInService();
  const agent = testAgent();

  await enroll([`${service.link}#token=once-only`, '--json'], agent);

  assert.deepEqual(
    agent.out.objects.map((object) => (object as { joinType: string }).joinType),
    ['joined'],
  );
  assert.ok(service.seen.every(({ path }) => !path.includes('once-only')));
});

test('a device that is enrolled refuses a second enrollment and says what to do', async () => {
  await using service = await standInService();
  const agent = testAgent();
  await enroll([service.link], agent);

  await assert.rejects(enroll([service.link], agent), refusedWith('conflict', 'alreadyEnrolled'));
});

test('a device whose key was damaged is told to enroll again, and may', async () => {
  await using service = await standInService();
  const agent = testAgent();
  await enroll([service.link], agent);
  agent.system.put(`${agent.system.stateFolder}/device-key.json`, '{"privateJwk":', 0o600);

  await assert.rejects(agent.client(), refusedWith('notEnrolled'));
  assert.match(agent.out.notes.at(-1) ?? '', /device-key\.json could not be read.*carryover enroll LINK/);
  await enroll([service.link], agent);

  const devices = service.seen.filter(({ path }) => path.endsWith('/enrollments'));
  assert.equal(devices.length, 2);
});

test('an organization that refuses the sign-in leaves nothing behind', async () => {
  await using service = await standInService({ refuseSignIn: true });
  const agent = testAgent();

  await assert.rejects(enroll([service.link], agent), refusedWith('accessDenied', 'signInRefused'));

  assert.deepEqual([...agent.system.files.keys()], []);
});

test('a refused enrollment leaves neither key nor tokens behind', async () => {
  await using service = await standInService();
  const body = { error: { code: 'quotaLimitReached', message: 'You have 20 devices. Remove one first.' } };
  service.intercept = () => ({ status: 403, body });
  const agent = testAgent();

  await assert.rejects(enroll([service.link], agent), refusedWith('quotaLimitReached'));

  assert.deepEqual([...agent.system.files.keys()], []);
});

test('a pinned authority is fetched, trusted and used for everything', async () => {
  const authority = throwAwayAuthority();
  await using service = await standInService({ tls: authority.issue() });
  const { certificateFrom, keyDigest } = await import('../client/tls.ts');
  const certificate = certificateFrom(authority.pem);
  assert.ok(certificate !== undefined);
  const agent = testAgent({ browser: false });
  const pin = keyDigest(certificate);

  // The browser of the person does not trust the throw-away authority: what matters here is how far the agent gets.
  const refused = assert.rejects(
    enroll([`${service.link}#pin=${pin}`], agent),
    refusedWith('accessDenied', 'signInRefused'),
  );
  const link = await noteMatching(agent.out.notes, /^https:/);
  const returned = new URL(new URL(link).searchParams.get('redirect_uri') ?? '');
  returned.searchParams.set('state', new URL(link).searchParams.get('state') ?? '');
  returned.searchParams.set('iss', service.issuer);
  returned.searchParams.set('error', 'access_denied');
  await fetch(returned).then((page) => page.text());

  await refused;
  assert.ok(link.startsWith(`${service.issuer}/`));
});

test('a service that does not have the pinned key is not asked anything', async () => {
  await using service = await standInService({ tls: throwAwayAuthority().issue() });
  const agent = testAgent();

  await assert.rejects(
    enroll([`${service.link}#pin=${'0'.repeat(64)}`], agent),
    refusedWith('serviceUnreachable', 'pin'),
  );

  assert.deepEqual(service.seen, []);
});

test('without a pin a certificate of an unknown authority is refused with a reason', async () => {
  await using service = await standInService({ tls: throwAwayAuthority().issue() });

  await assert.rejects(
    enroll([service.link], testAgent()),
    refusedWith('serviceUnreachable', 'certificate', /signed by nobody this PC trusts/),
  );
});

test('plain http to another machine is refused', async () => {
  const link = `http://backup.example.org/enroll/${TENANT_ID}`;

  await assert.rejects(enroll([link], testAgent()), refusedWith('notAllowed'));
});

test('unenrolling revokes the device at the service and forgets everything here', async () => {
  await using service = await standInService();
  const agent = testAgent();
  await enroll([service.link], agent);

  await unenroll(['--json'], agent);

  assert.deepEqual(agent.out.objects, [{ organization: 'Example Organization', told: true }]);
  assert.equal(service.seen.at(-1)?.method, 'DELETE');
  assert.deepEqual([...agent.system.files.keys()], []);
});

test('a PC that IT took out of use says so, and can be disconnected as any other', async () => {
  await using service = await standInService();
  const agent = testAgent();
  await enroll([service.link], agent);
  const message = 'Your IT took this PC out of use. If it is yours, disconnect it here and connect it again.';
  const body = { error: { code: 'accessDenied', message, innerError: { code: 'deviceRevoked' } } };
  service.intercept = () => ({ status: 403, body });

  await assert.rejects(
    (await agentOn(agent).client({ maySignIn: false })).getPreferences(),
    refusedWith('accessDenied', 'deviceRevoked'),
  );
  await unenroll(['--json'], agent);

  assert.deepEqual(agent.out.objects, [{ organization: 'Example Organization', told: true }]);
  assert.deepEqual([...agent.system.files.keys()], []);
});

test('unenrolling without the service needs --force, and then says that the service does not know', async () => {
  const agent = testAgent();
  {
    await using service = await standInService();
    await enroll([service.link], agent);
  }

  await assert.rejects(unenroll([], agent), refusedWith('serviceUnreachable'));
  assert.ok((await agent.state.read('enrollment')) !== undefined);

  await unenroll(['--force', '--json'], agent);
  assert.deepEqual(agent.out.objects, [{ organization: 'Example Organization', told: false }]);
  assert.deepEqual([...agent.system.files.keys()], []);
});

/** The first remark that matches; the sign-in prints its link when it starts waiting for the person. */
async function noteMatching(notes: string[], wanted: RegExp): Promise<string> {
  for (;;) {
    const found = notes.find((note) => wanted.test(note));
    if (found !== undefined) return found;
    await new Promise((next) => setImmediate(next));
  }
}
