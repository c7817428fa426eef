import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { PARTS_MEDIA_TYPE } from '@carryover/model/parts';
import { MAX_UPLOAD_BYTES } from '@carryover/model/unit';
import { CLIENTS } from '@carryover/model/wire';
import { proofOf } from '../testing/proofs.ts';
import { testOnService } from '../testing/service.ts';
import { routeTable } from './http/routes.ts';

testOnService('the description names every route that is not a page', async (service) => {
  const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as { paths: Record<string, object> };

  const described = Object.keys(document.paths);
  const routes = routeTable(service.service.app)
    .filter(({ url }) => /^\/(device|v1\.0|beta)\//.test(url))
    .map(({ url }) => url.replace(/:(\w+)/g, '{$1}'));
  assert.ok(routes.length > 10);
  for (const route of routes) assert.ok(described.includes(route), route);
});

testOnService('the readable description loads nothing from elsewhere', async (service) => {
  const page = await fetch(`${service.url}/openapi/`);
  const html = await page.text();
  const [, source = ''] = /<script src="([^"]+)"/.exec(html) ?? [];
  const script = await fetch(new URL(source, `${service.url}/openapi/`));

  assert.equal(page.status, 200);
  assert.deepEqual([...html.matchAll(/(?:src|href)="(https?:[^"]*)"/g)], []);
  assert.equal(script.status, 200);
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /script-src 'self' 'sha256-/);
  assert.match(policy, /connect-src 'self'/);
});

testOnService('health, readiness and metrics answer', async (service) => {
  assert.deepEqual(await (await fetch(`${service.url}/healthz`)).json(), { status: 'ok' });
  assert.deepEqual(await (await fetch(`${service.url}/readyz`)).json(), { status: 'ready' });

  const metrics = await (await fetch(`${service.url}/metrics`)).text();

  assert.match(metrics, /http_request_duration_seconds_count\{method="GET",route="\/readyz",status="200"\} 1/);
  assert.match(metrics, /carryover_writes_waiting 0/);
  assert.match(metrics, /process_cpu_seconds_total/);
});

testOnService(
  'metrics with a token are for its bearer only',
  async (service) => {
    const read = (authorization?: string) =>
      fetch(`${service.url}/metrics`, { headers: authorization === undefined ? {} : { authorization } });

    assert.equal((await read()).status, 404);
    assert.equal((await read('Bearer wrong')).status, 404);
    assert.equal((await read('Bearer right')).status, 200);
  },
  { env: { METRICS_TOKEN: 'right' } },
);

testOnService('every answer carries the headers that browsers protect people by', async (service) => {
  const answer = await fetch(`${service.url}/v1.0/me`);

  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(answer.headers.get('referrer-policy'), 'same-origin');
  assert.match(answer.headers.get('request-id') ?? '', /^[0-9a-f-]{36}$/);
});

testOnService('an upload larger than the limit is refused before it is read', async (service) => {
  const { alice } = await service.setUp();
  const { backup, enrollment } = await service.enroll(alice);

  // Nothing of it is sent: the answer comes all the same.
  const url = new URL(`/device/v1/devices/${enrollment.deviceId}/snapshots`, service.url);
  const proof = proofOf(backup.key ?? assert.fail(), { method: 'POST', url, accessToken: backup.accessToken });
  const asked = request(url, {
    method: 'POST',
    headers: {
      authorization: `${backup.tokenType} ${backup.accessToken}`,
      dpop: proof,
      'content-type': PARTS_MEDIA_TYPE,
      'content-length': MAX_UPLOAD_BYTES + 1,
      'idempotency-key': crypto.randomUUID(),
    },
  });
  asked.flushHeaders();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  asked.destroy();

  assert.equal(answer.statusCode, 413);
});

testOnService('page links are made from the public address', async (service) => {
  const { alice } = await service.setUp();
  const graph = await service.signIn(alice, { client: CLIENTS.graphCommandLine, resource: 'graph' });

  const me = (await (
    await graph.fetch('/v1.0/me', { headers: { 'x-forwarded-host': 'evil.example' } })
  ).json()) as Record<string, string>;

  assert.equal(me['@odata.context'], `${service.url}/v1.0/$metadata#users/$entity`);
});
