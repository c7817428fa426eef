/**
 * The service as a page sees it: Graph requests with a bearer token, pages followed, errors as KnownError.
 *
 * The token comes from a callback and is never kept here. It goes to the page's own origin only: of a link that the
 * service gives, path and query are followed, whatever host it names.
 *
 * Source: graph-api.md (paging, If-Match, error envelope); model/errors.ts.
 */

import { ERRORS, type ErrorCode, KnownError } from '@carryover/model/errors';

export interface GraphOptions {
  /**
   * Gives the token for the next request. Called again with the token that the service refused: give a new one, or throw
   * (KnownError unauthenticated) when the person must sign in.
   */
  readonly token: (refused?: string) => Promise<string>;
  /** Of the service; the page's own unless given. */
  readonly origin?: string;
  readonly fetch?: typeof globalThis.fetch;
}

export interface GraphRequest {
  /** Query options, e.g. { $filter: "…", $top: 20 }. Undefined ones are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`, e.g. a file. */
  readonly content?: { readonly type: string; readonly data: string | Blob };
  /** Writes only what is still as it was read; resourceModified otherwise. */
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
}

export interface GraphPage<Item> {
  readonly value: readonly Item[];
  /** Give it to `page` to go on; undefined on the last one. */
  readonly nextLink?: string;
  readonly count?: number;
}

export interface Graph {
  /** One resource; with its ETag when it has one. */
  get<Resource>(path: string, request?: GraphRequest): Promise<Resource & { readonly '@odata.etag'?: string }>;
  /** One page of a collection; `path` may be a nextLink. */
  page<Item>(path: string, request?: GraphRequest): Promise<GraphPage<Item>>;
  /** All of a collection, page after page. For collections that are known to be small. */
  all<Item>(path: string, request?: GraphRequest): Promise<readonly Item[]>;
  /** What changes something; undefined when the answer has no content. */
  send<Answer>(method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, request?: GraphRequest): Promise<Answer>;
}

/**
 * Errors, of every call: KnownError with the service's code, narrower code (`inner`) and `details.requestId`;
 * serviceUnreachable when there is no answer; an AbortError when `signal` said so.
 */
export function createGraph({ token, origin = window.location.origin, fetch = globalThis.fetch }: GraphOptions): Graph {
  const ask = async (method: string, path: string, request: GraphRequest): Promise<Response> => {
    const url = urlFrom(origin, path, request.query);
    const send = (bearer: string) => answerTo(fetch, url, method, request, bearer);
    const bearer = await token();
    const answer = await send(bearer);
    if (answer.status !== 401) return answer;
    return send(await token(bearer));
  };

  const json = async <Answer>(method: string, path: string, request: GraphRequest = {}): Promise<Answer> => {
    const answer = await ask(method, path, request);
    if (!answer.ok) throw await errorFrom(answer);
    const text = await answer.text();
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };

  const page = async <Item>(path: string, request?: GraphRequest): Promise<GraphPage<Item>> => {
    const found = await json<Collection<Item>>('GET', path, request);
    const { '@odata.nextLink': nextLink, '@odata.count': count } = found;
    return {
      value: found.value,
      ...(nextLink === undefined ? {} : { nextLink }),
      ...(count === undefined ? {} : { count }),
    };
  };

  return {
    get: (path, request) => json('GET', path, request),
    page,
    async all<Item>(path: string, request?: GraphRequest) {
      const items: Item[] = [];
      let next = await page<Item>(path, request);
      items.push(...next.value);
      while (next.nextLink !== undefined) {
        const { signal } = request ?? {};
        next = await page<Item>(next.nextLink, signal === undefined ? {} : { signal });
        items.push(...next.value);
      }
      return items;
    },
    send: json,
  };
}

interface Collection<Item> {
  readonly value: readonly Item[];
  readonly '@odata.nextLink'?: string;
  readonly '@odata.count'?: number;
}

function urlFrom(origin: string, path: string, query: GraphRequest['query'] = {}): string {
  const asked = new URL(path, origin);
  const url = new URL(`${asked.pathname}${asked.search}`, origin);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

async function answerTo(
  fetch: typeof globalThis.fetch,
  url: string,
  method: string,
  { body, content, ifMatch, signal }: GraphRequest,
  bearer: string,
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', authorization: `Bearer ${bearer}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (content !== undefined) headers['content-type'] = content.type;
  if (ifMatch !== undefined) headers['if-match'] = ifMatch;
  try {
    return await fetch(url, {
      method,
      headers,
      credentials: 'omit',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(content === undefined ? {} : { body: content.data }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new KnownError('serviceUnreachable', 'This page cannot reach the service. Check the connection.', {
      cause: error,
    });
  }
}

/** Graph's envelope; anything else (a proxy's page) is told by its status. */
async function errorFrom(answer: Response): Promise<KnownError> {
  const told: Partial<Envelope> = await answer.json().catch(() => ({}));
  const { code, message, innerError } = told.error ?? {};
  const requestId = innerError?.['request-id'] ?? answer.headers.get('request-id') ?? undefined;
  return new KnownError(codeFrom(code, answer.status), message ?? `The service answered ${answer.status}.`, {
    ...(innerError?.code === undefined ? {} : { inner: innerError.code }),
    details: {
      ...innerError?.details,
      status: answer.status,
      ...(requestId === undefined ? {} : { requestId }),
      ...(innerError?.date === undefined ? {} : { at: innerError.date }),
    },
  });
}

interface Envelope {
  readonly error: {
    readonly code?: string;
    readonly message?: string;
    readonly innerError?: {
      readonly code?: string;
      readonly date?: string;
      readonly details?: Readonly<Record<string, unknown>>;
      readonly 'request-id'?: string;
    };
  };
}

function codeFrom(code: string | undefined, status: number): ErrorCode {
  if (code !== undefined && Object.hasOwn(ERRORS, code)) return code as ErrorCode;
  const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
    401: 'unauthenticated',
    403: 'accessDenied',
    404: 'itemNotFound',
    409: 'conflict',
    412: 'resourceModified',
    413: 'requestTooLarge',
    429: 'tooManyRequests',
  };
  return BY_STATUS[status] ?? (status >= 500 ? 'serviceUnreachable' : 'invalidRequest');
}
