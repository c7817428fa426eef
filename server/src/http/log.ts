/**
 * The log: one JSON line an event, with request id; never a payload, password, token or query.
 *
 * What is logged of a request is listed here, so a new header or property stays out by itself.
 */

import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { pino } from 'pino';

export interface LogOptions {
  readonly level: string;
  /** Where lines go; standard output when undefined. */
  readonly stream?: { write(line: string): void } | undefined;
}

/** Properties that are taken out wherever someone logs an object by mistake. */
const SECRETS = [
  'password',
  'newPassword',
  'repeatPassword',
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
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[removed]' },
    serializers: {
      req: (request: FastifyRequest) => ({
        id: request.id,
        method: request.method,
        path: request.url?.split('?', 1)[0],
        ip: request.ip,
      }),
      res: (reply: FastifyReply) => ({ status: reply.statusCode }),
      err: (error: unknown) => describeError(error),
    },
  };
  return stream === undefined ? pino(options) : pino(options, stream);
}

/** Type, message and stack; other properties of an error may hold what was sent. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return { type: name, message, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}
