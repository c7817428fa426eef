/**
 * When the service has too much to do: the lag of its event loop, as under-pressure samples it, and the refusal at a limit.
 *
 * The sampler says "infinite" when it saw nothing in its second, as after one long computation: that is no lag, and what
 * was measured before it counts on. What starting takes is no load either, or a slow machine would be refused at first.
 */

import { KnownError } from '@carryover/model/errors';
import type { FastifyInstance } from 'fastify';

/** As the sampler has it: one sample a second. Units: milliseconds. */
const SAMPLE_MS = 1000;
/** What is refused may be asked again after so many seconds. */
const RETRY_AFTER_SECONDS = 60;

export interface LagSource {
  /** Units: milliseconds; infinite when nothing was sampled. */
  sample(): number;
  /** Units: milliseconds, from any moment on. */
  now(): number;
}

/** The lag that counts now, in milliseconds: 0 until two samples were taken since this was called. */
export function lagOf({ sample, now }: LagSource): () => number {
  const beginsAt = now() + 2 * SAMPLE_MS;
  let known = 0;
  return () => {
    const newest = sample();
    if (now() >= beginsAt && Number.isFinite(newest)) known = newest;
    return known;
  };
}

/** Refuses every request while the lag is beyond `limitMs`. Returns the lag that counts now. */
export function refuseWhenBusy(app: FastifyInstance, limitMs: number): () => number {
  let lag = () => 0;
  app.addHook('onReady', async () => {
    lag = lagOf({ sample: () => app.memoryUsage().eventLoopDelay, now: () => performance.now() });
  });
  app.addHook('onRequest', async (_request, reply) => {
    if (lag() <= limitMs) return;
    reply.header('retry-after', RETRY_AFTER_SECONDS);
    throw new KnownError('serviceUnreachable', 'The service has too much to do. Try again in a minute.', {
      inner: 'busy',
    });
  });
  return () => lag();
}
