import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { createGraph } from './graph.ts';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A service that answers one after the other, and remembers what it was asked. */
function aService(...answers: readonly Response[]) {
  const asked: Asked[] = [];
  const left = [...answers];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { method = 'GET', headers, body } = init ?? {};
    asked.push({ method, url: String(input), headers: new Headers(headers), body: String(body ?? '') });
    const answer = left.shift();
    if (answer === undefined) throw new TypeError('no answer');
    return answer;
  };
  return { asked, fetch };
}

const ORIGIN = 'https://backup.example.org';

test('pages are followed to the end, on the own origin whatever host the link names', async () => {
  const service = aService(
    Response.json({ value: ['a'], '@odata.nextLink': 'https://elsewhere.example/v1.0/users?$skiptoken=x' }),
    Response.json({ value: ['b'] }),
  );
  const graph = createGraph({ token: async () => 't', origin: ORIGIN, fetch: service.fetch });

  assert.deepEqual(await graph.all('/v1.0/users', { query: { $top: 1, $filter: undefined } }), ['a', 'b']);

  assert.deepEqual(
    service.asked.map(({ url }) => url),
    [`${ORIGIN}/v1.0/users?%24top=1`, `${ORIGIN}/v1.0/users?$skiptoken=x`],
  );
});

test('a path that names another host does not take the token there', async () => {
  const service = aService(Response.json({ id: '1' }));
  const graph = createGraph({ token: async () => 't', origin: ORIGIN, fetch: service.fetch });

  await graph.get('//elsewhere.example/v1.0/me');

  assert.equal(service.asked[0]?.url, `${ORIGIN}/v1.0/me`);
});

test('a refused token is renewed once, and the request sent again with its body', async () => {
  const service = aService(new Response(null, { status: 401 }), Response.json({ id: '1' }, { status: 201 }));
  const refused: (string | undefined)[] = [];
  const token = async (old?: string) => {
    refused.push(old);
    return old === undefined ? 'old' : 'new';
  };
  const graph = createGraph({ token, origin: ORIGIN, fetch: service.fetch });

  assert.deepEqual(await graph.send('POST', '/v1.0/users', { body: { displayName: 'Lena' } }), { id: '1' });

  assert.deepEqual(refused, [undefined, 'old']);
  assert.deepEqual(
    service.asked.map(({ headers, body }) => [headers.get('authorization'), body]),
    [
      ['Bearer old', '{"displayName":"Lena"}'],
      ['Bearer new', '{"displayName":"Lena"}'],
    ],
  );
});

test('an error is told with its code, narrower code and request id', async () => {
  const error = {
    code: 'resourceModified',
    message: 'Somebody changed this.',
    innerError: { code: 'etag', 'request-id': 'r-1', date: '2026-11-25T09:00:00Z' },
  };
  const service = aService(Response.json({ error }, { status: 412 }));
  const graph = createGraph({ token: async () => 't', origin: ORIGIN, fetch: service.fetch });

  await assert.rejects(graph.send('PATCH', '/v1.0/x', { body: {}, ifMatch: '"1"' }), (thrown) => {
    assert.ok(thrown instanceof KnownError);
    assert.deepEqual(
      [thrown.code, thrown.inner, thrown.message, thrown.details['requestId']],
      ['resourceModified', 'etag', 'Somebody changed this.', 'r-1'],
    );
    return true;
  });
  assert.equal(service.asked[0]?.headers.get('if-match'), '"1"');
});

test("Graph's own name for a missing sign-in, and a proxy's page, become our codes", async () => {
  const refused = () => Response.json({ error: { code: 'InvalidAuthenticationToken', message: 'x' } }, { status: 401 });
  const service = aService(refused(), refused(), new Response('<h1>Bad gateway</h1>', { status: 502 }));
  const graph = createGraph({ token: async () => 't', origin: ORIGIN, fetch: service.fetch });

  await assert.rejects(graph.get('/v1.0/me'), { code: 'unauthenticated' });
  await assert.rejects(graph.get('/v1.0/me'), { code: 'serviceUnreachable' });
});

test('no answer is serviceUnreachable, and an answer without content is undefined', async () => {
  const service = aService(new Response(null, { status: 204 }));
  const graph = createGraph({ token: async () => 't', origin: ORIGIN, fetch: service.fetch });

  assert.equal(await graph.send('DELETE', '/v1.0/x'), undefined);
  await assert.rejects(graph.get('/v1.0/me'), { code: 'serviceUnreachable' });
});
