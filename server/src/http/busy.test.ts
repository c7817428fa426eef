import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { lagOf, refuseWhenBusy } from './busy.ts';

/** A lag that the test says, at a time that the test says. */
function sampled() {
  const source = { lag: 0, at: 0 };
  const lag = lagOf({ sample: () => source.lag, now: () => source.at });
  return { source, lag };
}

test('what starting took is no load, and a second in which nothing was measured tells nothing new', () => {
  const { source, lag } = sampled();

  source.lag = 9000;
  assert.equal(lag(), 0);
  Object.assign(source, { at: 2000, lag: 40 });
  assert.equal(lag(), 40);
  source.lag = Number.POSITIVE_INFINITY;
  assert.equal(lag(), 40);
  source.lag = 7000;
  assert.equal(lag(), 7000);
});

test('beyond the limit requests are refused with when to come again, and answered once it is over', async (t) => {
  t.mock.method(performance, 'now', () => at);
  let [at, eventLoopDelay] = [0, 0];
  const app = Fastify();
  app.decorate('memoryUsage', () => ({ eventLoopDelay, heapUsed: 0, rssBytes: 0, eventLoopUtilized: 0 }));
  const lag = refuseWhenBusy(app, 5000);
  app.get('/', async () => ({}));
  await app.ready();
  const asked = async () => {
    const { statusCode, headers, body } = await app.inject('/');
    return [statusCode, headers['retry-after'], JSON.parse(body).code];
  };
  at = 2000;

  assert.deepEqual(await asked(), [200, undefined, undefined]);
  eventLoopDelay = 5001;
  const [, retryAfter, code] = await asked();
  assert.deepEqual([lag(), retryAfter, code], [5001, '60', 'serviceUnreachable']);
  eventLoopDelay = Number.POSITIVE_INFINITY;
  assert.equal(lag(), 5001);
  eventLoopDelay = 0;
  assert.deepEqual(await asked(), [200, undefined, undefined]);
  await app.close();
});
