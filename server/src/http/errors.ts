/**
 * Errors as the outside sees them: Graph's envelope, one code, one sentence, a request id to name in a question.
 *
 * A KnownError says what it is. Anything else is a bug: it is logged whole and answered as "generalException".
 *
 * Under /v1.0 and /beta the code of a 401 is Graph's own, InvalidAuthenticationToken.
 *
 * Shape: { error: { code, message, innerError: { code?, details?, date, "request-id", "client-request-id"? } } }
 * Source: Graph's error responses; model/errors.ts.
 */

import { ERRORS, KnownError } from '@carryover/model/errors';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { allowedMethods, type RouteEntry } from './routes.ts';

/** Longest client-request-id that is given back. */
const MAX_CLIENT_REQUEST_ID = 128;

export function handleErrors(app: FastifyInstance, routes: readonly RouteEntry[]): void {
  app.setErrorHandler((error: FastifyError | KnownError, request, reply) => {
    const known = knownFrom(error);
    if (known === undefined) {
      request.log.error({ err: error }, 'a fault of the service');
      return reply.code(500).send(
        envelope(request, {
          code: 'generalException',
          message: `The service has a fault. Tell your IT this request id: ${request.id}`,
        }),
      );
    }
    const { status } = ERRORS[known.code];
    if (status === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', challenge(known));
    if (status >= 500) request.log.warn({ code: known.code, err: known.cause }, known.message);
    return reply
      .code(status)
      .send(
        envelope(request, { code: known.code, message: known.message, inner: known.inner, details: known.details }),
      );
  });

  app.setNotFoundHandler((request, reply) => {
    const methods = allowedMethods(routes, request.url);
    if (methods.length === 0)
      return reply
        .code(404)
        .send(envelope(request, { code: 'itemNotFound', message: 'There is nothing at this address.' }));
    const message = `${request.method} is not possible here; ${methods.join(', ')} is.`;
    return reply
      .code(405)
      .header('allow', methods.join(', '))
      .send(envelope(request, { code: 'methodNotAllowed', message }));
  });
}

/** Gives every answer its request ids. */
export function nameRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('request-id', request.id);
    const given = clientRequestId(request);
    if (given !== undefined) reply.header('client-request-id', given);
  });
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly inner?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>>;
}

function envelope(request: FastifyRequest, { code, message, inner, details }: Told): object {
  const given = clientRequestId(request);
  return {
    error: {
      code: namedCode(request, code),
      message,
      innerError: {
        ...(inner === undefined ? {} : { code: inner }),
        ...(details === undefined || Object.keys(details).length === 0 ? {} : { details }),
        date: new Date().toISOString(),
        'request-id': request.id,
        ...(given === undefined ? {} : { 'client-request-id': given }),
      },
    },
  };
}

/** Graph's clients know this one by another name; the agent reads ours. */
function namedCode({ url }: FastifyRequest, code: string): string {
  return code === 'unauthenticated' && /^\/(v1\.0|beta)\//.test(url) ? 'InvalidAuthenticationToken' : code;
}

function clientRequestId(request: FastifyRequest): string | undefined {
  const given = request.headers['client-request-id'];
  return typeof given === 'string' && given.length <= MAX_CLIENT_REQUEST_ID ? given : undefined;
}

/** What the framework refuses, in our words; undefined for a bug. */
function knownFrom(error: FastifyError | KnownError): KnownError | undefined {
  if (error instanceof KnownError) return error;
  if (error.validation !== undefined) return invalidProperty(error);
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new KnownError('requestTooLarge', 'The body is too large. Send less at once.', { cause: error });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new KnownError('invalidRequest', 'This address does not take a body of that Content-Type.', {
        cause: error,
        inner: 'contentType',
      });
    default:
      if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
        return new KnownError('invalidRequest', 'The request is not well formed. Check its body and headers.', {
          cause: error,
        });
      return undefined;
  }
}

/** Names the property and what it may be, so that the caller need not guess. */
function invalidProperty(error: FastifyError): KnownError {
  const [first] = error.validation ?? [];
  const place = [error.validationContext ?? 'request', ...(first?.instancePath.split('/').slice(1) ?? [])].join('.');
  const params: Readonly<Record<string, unknown>> = first?.params ?? {};
  const allowed = params['allowedValues'] ?? params['allowedValue'];
  const missing = params['missingProperty'] ?? params['additionalProperty'];
  const property = missing === undefined ? place : `${place}.${missing}`;
  const rule = Array.isArray(allowed) ? `must be one of: ${allowed.join(', ')}` : (first?.message ?? 'is not valid');
  return new KnownError('invalidRequest', `"${property}" ${rule}.`, {
    cause: error,
    inner: 'validation',
    details: { property, ...(Array.isArray(allowed) ? { allowed } : {}) },
  });
}

/** RFC 6750 and RFC 9449: what to send instead. */
function challenge(error: KnownError): string {
  const told = error.inner === undefined ? '' : `, error="invalid_token", error_description="${error.inner}"`;
  return `DPoP algs="ES256"${told}, Bearer${told === '' ? '' : ' error="invalid_token"'}`;
}
