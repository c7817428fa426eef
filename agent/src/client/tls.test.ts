import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { type Authority, type ServerCertificate, throwAwayAuthority } from '../../testing/certificates.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { serviceClock } from './clock.ts';
import { type HttpOptions, httpDoor } from './http.ts';
import { systemAuthorities } from './system-authorities.ts';
import { certificateFrom, keyDigest, pinnedAuthority, type Trust } from './tls.ts';

const now = () => Temporal.Now.instant();
const HOUR = Temporal.Duration.from({ hours: 1 });
const AUTHORITY: Authority = throwAwayAuthority();
/** The service lives ten years from now: for this device, whose clock is right for nobody else, all is in the future. */
const SERVICE_NOW = now().add({ hours: 24 * 3653 });
const VALID_THEN = { from: SERVICE_NOW.subtract(HOUR), until: SERVICE_NOW.add(HOUR) };

interface TlsService extends AsyncDisposable {
  readonly url: URL;
  readonly requests: string[];
}

async function tlsService(certificate: ServerCertificate, time: Temporal.Instant): Promise<TlsService> {
  const requests: string[] = [];
  const server = createServer(certificate, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.sendDate = false;
    response.writeHead(200, { date: new Date(time.epochMilliseconds).toUTCString() }).end('ok');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`https://127.0.0.1:${port}/api`),
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function ask({ url }: TlsService, trust: Trust | undefined, store: HttpOptions['store'] = async () => undefined) {
  const clock = serviceClock(now);
  const http = httpDoor({ clock, now, timeoutMs: 20_000, trust, store });
  try {
    const { status } = await http.request({ method: 'GET', url });
    await http.request({ method: 'GET', url });
    return { status, clock };
  } finally {
    http.close();
  }
}

const CERTIFICATE = ['serviceUnreachable', 'certificate'] as const;

test('a certificate of the authority of the enrollment is trusted', async () => {
  await using service = await tlsService(AUTHORITY.issue(), now());

  assert.equal((await ask(service, { ca: AUTHORITY.pem })).status, 200);
});

test('a certificate of any other authority is refused, also one of the same name', async () => {
  await using service = await tlsService(throwAwayAuthority().issue(), now());

  await assert.rejects(ask(service, { ca: AUTHORITY.pem }), refusedWith(...CERTIFICATE));
  assert.deepEqual(service.requests, []);
});

test('a certificate for another name is refused', async () => {
  await using service = await tlsService(AUTHORITY.issue({ name: 'DNS:elsewhere.example.org' }), now());

  await assert.rejects(ask(service, { ca: AUTHORITY.pem }), refusedWith(...CERTIFICATE, /for another name/));
});

test('with a clock ten years off the chain is checked by its keys and for the time of the service', async () => {
  await using service = await tlsService(AUTHORITY.issue(VALID_THEN), SERVICE_NOW);

  const { status, clock } = await ask(service, { ca: AUTHORITY.pem });

  assert.equal(status, 200);
  assert.ok(Math.abs(clock.now().epochMilliseconds - SERVICE_NOW.epochMilliseconds) < 60_000);
  assert.deepEqual(service.requests, ['HEAD /healthz', 'GET /api', 'GET /api']);
});

test('with a wrong clock a certificate of another authority is still refused, before anything is asked', async () => {
  await using service = await tlsService(throwAwayAuthority().issue(VALID_THEN), SERVICE_NOW);

  await assert.rejects(ask(service, { ca: AUTHORITY.pem }), refusedWith(...CERTIFICATE));
  assert.deepEqual(service.requests, []);
});

test('with a wrong clock a certificate for another name is still refused', async () => {
  const certificate = AUTHORITY.issue({ ...VALID_THEN, name: 'DNS:elsewhere.example.org' });
  await using service = await tlsService(certificate, SERVICE_NOW);

  await assert.rejects(ask(service, { ca: AUTHORITY.pem }), refusedWith('serviceUnreachable'));
  assert.deepEqual(service.requests, []);
});

test('a certificate that is outdated for the service itself is refused', async () => {
  const expired = AUTHORITY.issue({ from: now().subtract({ hours: 48 }), until: now().subtract(HOUR) });
  await using service = await tlsService(expired, now());

  await assert.rejects(ask(service, { ca: AUTHORITY.pem }), refusedWith(...CERTIFICATE, /expired/));
  assert.deepEqual(service.requests, ['HEAD /healthz']);
});

test('a service that tells a time before it was last heard is not believed', async () => {
  const old = { from: now().subtract({ hours: 9000 }), until: now().subtract({ hours: 8000 }) };
  await using service = await tlsService(AUTHORITY.issue(old), now().subtract({ hours: 8500 }));

  await assert.rejects(ask(service, { ca: AUTHORITY.pem, notBefore: now() }), refusedWith(...CERTIFICATE, /long past/));
});

test('without an authority of the enrollment the store of this PC decides, and what was added to it', async () => {
  await using service = await tlsService(AUTHORITY.issue(), now());
  const system = memorySystem({ env: { NODE_EXTRA_CA_CERTS: '/etc/added.pem' } });
  const store = () => systemAuthorities(system);
  assert.equal(await store(), undefined);
  system.put('/etc/ssl/certs/ca-certificates.crt', throwAwayAuthority('Another Root').pem);
  await assert.rejects(ask(service, undefined, store), refusedWith(...CERTIFICATE, /signed by nobody this PC trusts/));

  system.put('/etc/added.pem', AUTHORITY.pem);

  assert.equal((await ask(service, undefined, store)).status, 200);
});

test('without an authority of the enrollment a wrong clock is an error that says so', async () => {
  await using service = await tlsService(AUTHORITY.issue(VALID_THEN), SERVICE_NOW);

  await assert.rejects(ask(service, undefined), refusedWith(...CERTIFICATE));
});

test('the authority a link pins is found by its key among what the service shows', async () => {
  await using service = await tlsService(AUTHORITY.issue(), now());
  const certificate = certificateFrom(AUTHORITY.pem);
  assert.ok(certificate !== undefined);
  const target = { host: '127.0.0.1', port: Number(service.url.port), timeoutMs: 20_000 };

  const found = await pinnedAuthority(target, keyDigest(certificate));

  assert.equal(certificateFrom(found)?.fingerprint256, certificate.fingerprint256);
  await assert.rejects(pinnedAuthority(target, 'f'.repeat(64)), refusedWith('serviceUnreachable', 'pin'));
  assert.deepEqual(service.requests, []);
});
