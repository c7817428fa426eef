/**
 * The agent on this PC as its pages see it: requests of model/local-pages.ts, answers as values, refusals as errors.
 *
 * Errors: KnownError with the agent's code; serviceUnreachable with inner "localServer" when the agent does not answer at
 * all; unauthenticated once this window's one opening is over.
 */

import { ERRORS, type ErrorCode, KnownError } from '@carryover/model/errors';
import { LOCAL_REQUEST_HEADER } from '@carryover/model/local-pages';

interface LocalRequest {
  /** Below /api, e.g. "settings". */
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Asks the agent. The answer is trusted to be what the contract says: it comes from the program that serves this page. */
export type AskLocal = <Answer>(request: LocalRequest) => Promise<Answer>;

type Fetch = typeof globalThis.fetch;

export function localClient(fetch: Fetch = (...request) => globalThis.fetch(...request)): AskLocal {
  return async <Answer>({ path, method = 'GET', query, body, signal }: LocalRequest) => {
    const address = query === undefined ? `/api/${path}` : `/api/${path}?${new URLSearchParams(query)}`;
    const response = await reached(
      fetch(address, {
        method,
        headers: { [LOCAL_REQUEST_HEADER]: '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    if (!response.ok) throw await errorFrom(response);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
}

/** Whether the page itself lost the agent; a service that the agent cannot reach is told in the view. */
export function isLost(error: unknown): boolean {
  return error instanceof KnownError && error.inner === 'localServer';
}

/** Whether the page may ask no more: its cookie is gone or was for another opening. */
export function isEnded(error: unknown): boolean {
  return error instanceof KnownError && error.code === 'unauthenticated';
}

async function reached(answer: Promise<Response>): Promise<Response> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new KnownError('serviceUnreachable', 'Carryover on this PC does not answer.', {
      inner: 'localServer',
      cause,
    });
  }
}

interface Envelope {
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly innerError?: { readonly code?: string };
  };
}

async function errorFrom(response: Response): Promise<Error> {
  const { error }: Envelope = await response.json().catch(() => ({}));
  const message = error?.message ?? `${response.status} ${response.statusText}`;
  const code = error?.code;
  if (code === undefined || !isErrorCode(code)) return new Error(message);
  const inner = error?.innerError?.code;
  return new KnownError(code, message, inner === undefined ? {} : { inner });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
