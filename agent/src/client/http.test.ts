import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { refusedWith } from '../../testing/refused-with.ts';
import { serviceClock } from './clock.ts';
import { type Http, httpDoor, isLoopback } from './http.ts';

const now = () => Temporal.Now.instant();

interface Listening extends AsyncDisposable {
  readonly url: URL;
  readonly server: Server;
}

async function listening(listener: RequestListener): Promise<Listening> {
  const server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    server,
    url: new URL(`http://127.0.0.1:${port}/x?y=1`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function door(timeoutMs = 20_000): Http & Disposable {
  const http = httpDoor({ clock: serviceClock(now), now, timeoutMs });
  return { ...http, [Symbol.dispose]: () => http.close() };
}

test('one connection serves a run', async () => {
  const ports = new Set<number | undefined>();
  await using service = await listening((request, response) => {
    ports.add(request.socket.remotePort);
    request.resume().on('end', () => response.end('ok'));
  });
  using http = door();

  for (const body of ['a', 'b', undefined]) await http.request({ method: 'POST', url: service.url, body });

  assert.equal(ports.size, 1);
});

test('a kept connection that the service has closed meanwhile does not fail the request', async () => {
  let requests = 0;
  await using service = await listening((request, response) => {
    requests += 1;
    // The second request finds its connection cut, as after a restart of the service.
    if (requests === 2) request.socket.resetAndDestroy();
    else response.end(String(requests));
  });
  using http = door();
  await http.request({ method: 'GET', url: service.url });

  const { body } = await http.request({ method: 'GET', url: service.url });

  assert.equal(body.toString(), '3');
});

test('nobody there: the sentence says what was tried and why it failed', async () => {
  // Nobody listens on the first port; one that was free a moment ago may be somebody's by now.
  const url = new URL('http://127.0.0.1:1/x?y=1');
  using http = door();

  const asked = http.request({ method: 'POST', url });

  const words = new RegExp(`^${url.host} could not be reached: nothing answers there\\. Tried POST ${url.origin}/x$`);
  await assert.rejects(asked, refusedWith('serviceUnreachable', undefined, words));
});

test('a name nobody knows', async () => {
  using http = door();

  const asked = http.request({ method: 'GET', url: new URL('https://nobody.invalid/') });

  await assert.rejects(
    asked,
    refusedWith('serviceUnreachable', undefined, /nobody\.invalid could not be reached: its name/),
  );
});

test('a service that stays silent is given up', async () => {
  await using service = await listening(() => undefined);
  using http = door(50);

  await assert.rejects(
    http.request({ method: 'GET', url: service.url }),
    refusedWith('serviceUnreachable', undefined, /silent/),
  );
});

test('an answer that breaks off is no answer', async () => {
  await using service = await listening((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  });
  using http = door();

  await assert.rejects(http.request({ method: 'GET', url: service.url }), refusedWith('serviceUnreachable'));
});

test('a redirect is an answer and is not followed', async () => {
  await using service = await listening((_, response) =>
    response.writeHead(302, { location: 'http://elsewhere.invalid/' }).end(),
  );
  using http = door();

  assert.equal((await http.request({ method: 'GET', url: service.url })).status, 302);
});

test('the time of the service is learned from every answer', async () => {
  await using service = await listening((_, response) => {
    response.sendDate = false;
    response.writeHead(200, { date: 'Wed, 01 Jan 2031 00:00:00 GMT' }).end();
  });
  const clock = serviceClock(now);
  const http = httpDoor({ clock, now, timeoutMs: 20_000 });

  await http.request({ method: 'GET', url: service.url });
  http.close();

  assert.equal(clock.now().toString().slice(0, 16), '2031-01-01T00:00');
});

test('plain http goes to this device only', async () => {
  using http = door();

  const asked = http.request({ method: 'GET', url: new URL('http://192.0.2.1/') });

  await assert.rejects(asked, refusedWith('notAllowed', undefined, /not encrypted/));
  assert.deepEqual(
    ['127.0.0.1', '127.9.9.9', 'localhost', '[::1]'].filter((host) => !isLoopback(host)),
    [],
  );
  assert.deepEqual(['127.0.0.1.example.org', 'localhost.example.org', '10.0.0.1', '[::2]'].filter(isLoopback), []);
});
