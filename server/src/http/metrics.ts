/**
 * Metrics for whoever runs the service: the process, requests by route, writes that wait.
 *
 * Labels are routes, never addresses with ids in them. Without a token only loopback may read them.
 */

import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { isLoopback } from '../config.ts';
import type { Store } from '../db/command.ts';

export interface Metrics {
  readonly registry: Registry;
  /** The same store; its writes are counted while they wait. */
  measured(store: Store): Store;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const waiting = new Gauge({
    name: 'carryover_writes_waiting',
    help: 'Commands given to the writer that are not durable yet.',
    registers: [registry],
  });
  return {
    registry,
    measured: (store) => ({
      ...store,
      async write(command, ...args) {
        waiting.inc();
        try {
          return await store.write(command, ...args);
        } finally {
          waiting.dec();
        }
      },
    }),
  };
}

export function serveMetrics(app: FastifyInstance, { registry }: Metrics, token: string | undefined): void {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time until a request was answered.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });

  app.get(
    '/metrics',
    { schema: { hide: true }, config: { access: { public: true, why: 'guarded by METRICS_TOKEN or loopback' } } },
    async (request, reply) => {
      const allowed =
        token === undefined
          ? isLoopback(request.ip.replace(/^::ffff:/, ''))
          : sameText(request.headers.authorization ?? '', `Bearer ${token}`);
      if (!allowed) return reply.code(404).send();
      return reply.type(registry.contentType).send(await registry.metrics());
    },
  );
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => Buffer.from(hash('sha256', text, 'hex')));
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
