/** What an answer of the service means: its content, or the KnownError it stands for. */

import { ERRORS, type ErrorCode, KnownError } from '@carryover/model/errors';
import type { HttpAnswer } from './http.ts';

/** Codes by status, for answers without the service's envelope: a proxy's, or a newer service's. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'accessDenied',
  404: 'itemNotFound',
  409: 'conflict',
  412: 'resourceModified',
  413: 'requestTooLarge',
  429: 'tooManyRequests',
  507: 'storageFull',
};

interface Envelope {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly innerError?: Readonly<Record<string, unknown>>;
}

/** Whether the service did what was asked. */
export function succeeded({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

/** The narrower cause a refusal names, e.g. "sessionExpired". */
export function innerCodeOf(answer: HttpAnswer): string | undefined {
  const inner = envelopeOf(answer).innerError?.['code'];
  return typeof inner === 'string' ? inner : undefined;
}

/** The JSON of an answer. Errors: serviceUnreachable when it is not JSON, e.g. a login page of the network in between. */
export function jsonOf(answer: HttpAnswer, url: URL): unknown {
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch (cause) {
    throw notTheService(url, `with something that is not JSON (status ${answer.status})`, cause);
  }
}

export function notTheService(url: URL, answered: string, cause?: unknown): KnownError {
  return new KnownError(
    'serviceUnreachable',
    `${url.host} answered ${url.pathname} ${answered}. Is there a proxy or a sign-in page of the network in between?`,
    { cause, inner: 'unexpectedAnswer' },
  );
}

/** The error a refusal stands for, with the service's code, inner code and details. */
export function refusalFrom(answer: HttpAnswer, url: URL): KnownError {
  const { code, message, innerError = {} } = envelopeOf(answer);
  const known =
    typeof code === 'string' && Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : codeByStatus(answer.status);
  const words = typeof message === 'string' ? printable(message) : `${url.host} answered with status ${answer.status}.`;
  const { details, 'request-id': requestId } = innerError;
  const inner = innerCodeOf(answer);
  const retryAfterSeconds = retryAfterOf(answer);
  return new KnownError(
    known,
    retryAfterSeconds === undefined ? words : `${words} Try again in ${retryAfterSeconds} s.`,
    {
      ...(inner === undefined ? {} : { inner }),
      details: {
        ...(typeof details === 'object' && details !== null ? details : {}),
        ...(typeof requestId === 'string' ? { requestId } : {}),
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      },
    },
  );
}

/** Words from elsewhere without what could steer a terminal. */
export function printable(words: string): string {
  return words.replace(/\p{Cc}+/gu, ' ').trim();
}

function codeByStatus(status: number): ErrorCode {
  return BY_STATUS[status] ?? (status >= 400 && status < 500 ? 'invalidRequest' : 'serviceUnreachable');
}

/** Seconds to wait; `Retry-After` may also be a date, which is judged by the answer's own. */
function retryAfterOf({ headers }: HttpAnswer): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  const seconds = /^\d+$/.test(text)
    ? Number(text)
    : Math.ceil((Date.parse(text) - Date.parse(headers.date ?? '')) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function envelopeOf(answer: HttpAnswer): Envelope {
  try {
    const body: unknown = JSON.parse(answer.body.toString('utf8'));
    const error = (body as { error?: unknown } | null)?.error;
    return typeof error === 'object' && error !== null ? (error as Envelope) : {};
  } catch {
    return {};
  }
}
