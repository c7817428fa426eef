import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import Fastify, { type FastifyInstance } from 'fastify';
import { handleErrors, nameRequests } from './errors.ts';
import { collectRoutes } from './routes.ts';

const PUBLIC = { config: { access: { public: true, why: 'a test' } } } as const;

/** A small app with our errors and whatever routes a test adds. */
async function anApp(add: (app: FastifyInstance) => void): Promise<FastifyInstance> {
  const app = Fastify({
    requestIdHeader: false,
    bodyLimit: 100,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  handleErrors(app, collectRoutes(app));
  nameRequests(app);
  add(app);
  await app.ready();
  return app;
}

interface Envelope {
  readonly error: { readonly code: string; readonly message: string; readonly innerError: Record<string, unknown> };
}

test('an error that callers can act on keeps its code, inner code and details', async () => {
  const app = await anApp((it) => {
    it.get('/x', PUBLIC, async () => {
      throw new KnownError('conflict', 'Send the missing parts.', { inner: 'partsMissing', details: { units: ['a'] } });
    });
  });

  const answer = await app.inject({ url: '/x', headers: { 'client-request-id': 'mine' } });

  assert.equal(answer.statusCode, 409);
  const { error } = answer.json<Envelope>();
  assert.deepEqual([error.code, error.message], ['conflict', 'Send the missing parts.']);
  assert.equal(error.innerError['code'], 'partsMissing');
  assert.deepEqual(error.innerError['details'], { units: ['a'] });
  assert.equal(error.innerError['request-id'], answer.headers['request-id']);
  assert.deepEqual([error.innerError['client-request-id'], answer.headers['client-request-id']], ['mine', 'mine']);
});

test('a bug is answered without a word of it', async () => {
  const app = await anApp((it) => {
    it.get('/x', PUBLIC, async () => {
      throw new Error('select password_hash from users', { cause: new Error('secret') });
    });
  });

  const answer = await app.inject('/x');

  assert.equal(answer.statusCode, 500);
  assert.equal(answer.json<Envelope>().error.code, 'generalException');
  assert.ok(!answer.body.includes('password_hash') && !answer.body.includes('secret'));
  assert.ok(answer.json<Envelope>().error.message.includes(String(answer.headers['request-id'])));
});

test('a property that is wrong is named, with what it may be', async () => {
  const body = {
    type: 'object',
    required: ['platform'],
    additionalProperties: false,
    properties: { platform: { enum: ['linux', 'windows'] }, count: { type: 'integer' } },
  };
  const app = await anApp((it) => {
    it.post('/x', { ...PUBLIC, schema: { body } }, async () => ({}));
  });
  const messageFor = async (payload: object) => {
    const answer = await app.inject({ method: 'POST', url: '/x', payload });
    assert.equal(answer.statusCode, 400);
    return answer.json<Envelope>().error.message;
  };

  assert.equal(await messageFor({ platform: 'mac' }), '"body.platform" must be one of: linux, windows.');
  assert.match(await messageFor({}), /"body\.platform"/);
  assert.match(await messageFor({ platform: 'linux', more: 1 }), /"body\.more"/);
  assert.match(await messageFor({ platform: 'linux', count: '1' }), /"body\.count" must be integer/);
});

test('a body that is too large, no JSON or of another type is refused as such', async () => {
  const app = await anApp((it) => {
    it.post('/x', PUBLIC, async () => ({}));
  });
  const send = async (payload: string, type = 'application/json') => {
    const answer = await app.inject({ method: 'POST', url: '/x', payload, headers: { 'content-type': type } });
    return [answer.statusCode, answer.json<Envelope>().error.code];
  };

  assert.deepEqual(await send(JSON.stringify('x'.repeat(200))), [413, 'requestTooLarge']);
  assert.deepEqual(await send('{'), [400, 'invalidRequest']);
  assert.deepEqual(await send('<x/>', 'application/xml'), [400, 'invalidRequest']);
});

test('an address with another method says which are possible, an unknown one is not found', async () => {
  const app = await anApp((it) => {
    it.get('/things/:id', PUBLIC, async () => ({}));
    it.delete('/things/:id', PUBLIC, async () => ({}));
  });

  const wrongMethod = await app.inject({ method: 'PATCH', url: '/things/1?x=1' });
  const unknown = await app.inject('/things/1/more');

  assert.deepEqual([wrongMethod.statusCode, wrongMethod.headers['allow']], [405, 'DELETE, GET, HEAD']);
  assert.deepEqual([unknown.statusCode, unknown.json<Envelope>().error.code], [404, 'itemNotFound']);
});

test('an app with a route that does not say who may call it does not start', async () => {
  await assert.rejects(
    anApp((it) => {
      it.get('/open-by-mistake', async () => ({}));
    }),
    /Routes that do not say who may call them: GET \/open-by-mistake/,
  );
});
