/**
 * The log: one JSON line an event, with request id; never a payload, password, token or query.
 *
 * What is logged of a request is listed here, so a new header or property stays out by itself.
 */

import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { pino } from 'pino';

export interface LogOptions {
  readonly level: string;
  /** Where lines go; standard output when undefined. */
  readonly stream?: { write(line: string): void } | undefined;
}

/** Properties that are taken out where someone logs them by mistake. */
const SECRETS = [
  'password',
  'newPassword',
  'token',
  'access_token',
  'refresh_token',
  'code',
  'code_verifier',
  'authorization',
  'cookie',
  'dpop',
  'digestKey',
  'key',
];

export function createLog({ level, stream }: LogOptions): FastifyBaseLogger {
  const options = {
    level,
    base: { service: 'carryover' },
    redact: { paths: SECRETS, censor: '[removed]' },
    serializers: { err: describeError },
  };
  return stream === undefined ? pino(options) : pino(options, stream);
}

/** One line for each request, when it has been answered. The path is without its query; ids in it are no secrets. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, url, ip, caller } = request;
    const tenant = caller?.tenantId;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    request.log.info({ method, path: url.split('?', 1)[0], ip, tenant, status: reply.statusCode, ms }, 'request');
  });
}

/** Type, message and stack; other properties of an error may hold what was sent. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return { type: name, message, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}
