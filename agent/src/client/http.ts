/**
 * The door to the network: one request, one answer, over connections that are kept for the length of a run.
 *
 * Built on node:http and not on fetch, which costs every run its start-up time and memory. It follows no redirect,
 * answers of every status come back as answers, and what is no answer is `serviceUnreachable` in a sentence that says
 * what was tried. Plain http goes to this device itself only.
 */

import type { Agent, IncomingHttpHeaders, RequestOptions } from 'node:http';
import { KnownError } from '@carryover/model/errors';
import type { ServiceClock } from './clock.ts';
import type { Trust } from './tls.ts';

interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Http {
  /** Errors: serviceUnreachable; notAllowed for plain http to another machine. */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Ends the connections that are kept. */
  close(): void;
}

export interface HttpOptions {
  readonly clock: ServiceClock;
  /** This device's own clock. */
  readonly now: () => Temporal.Instant;
  /** How long a connection may be silent, in milliseconds. */
  readonly timeoutMs: number;
  /** Whom to believe that they are the service; the store of this PC when absent. */
  readonly trust?: Trust | undefined;
  /** The certificates of that store, read when they are needed. */
  readonly store?: () => Promise<readonly Buffer[] | undefined>;
}

/** Largest answer, in bytes: a whole snapshot with room to spare, and an end to a server that never stops. */
const MAX_ANSWER_BYTES = 512 * 1024 * 1024;

type Send = (options: RequestOptions) => import('node:http').ClientRequest;

interface Transport {
  readonly send: Send;
  readonly agent: Agent;
}

/** Makes the door. Nothing is opened before the first request. */
export function httpDoor(options: HttpOptions): Http {
  const transports = new Map<string, Promise<Transport>>();
  const transportFor = (url: URL): Promise<Transport> => {
    const known = transports.get(url.protocol);
    if (known !== undefined) return known;
    const made = url.protocol === 'https:' ? tlsTransport(options) : plainTransport();
    transports.set(url.protocol, made);
    return made;
  };
  return {
    async request(request) {
      if (
        request.url.protocol !== 'https:' &&
        !(request.url.protocol === 'http:' && isLoopback(request.url.hostname))
      ) {
        throw new KnownError('notAllowed', `${request.url.origin} is not encrypted. Ask IT for a link with https.`);
      }
      const transport = await transportFor(request.url);
      const askedAt = options.now();
      const answer = await exchange(transport, request, options.timeoutMs);
      options.clock.learn(answer.headers.date, askedAt);
      return answer;
    },
    close() {
      for (const transport of transports.values()) void transport.then(({ agent }) => agent.destroy());
      transports.clear();
    },
  };
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * Not `import`: a module namespace asks node:http for everything it exports, and for WebSocket that loads all of fetch
 * (docs/decisions/2026-11-25-network-without-fetch.md).
 */
async function plainTransport(): Promise<Transport> {
  const http = process.getBuiltinModule('node:http');
  return { send: http.request, agent: new http.Agent({ keepAlive: true }) };
}

async function tlsTransport({ trust, store, clock, timeoutMs }: HttpOptions): Promise<Transport> {
  const https = process.getBuiltinModule('node:https');
  const { connectTls } = await import('./tls.ts');
  const trusted = { trust, store: trust === undefined ? await store?.() : undefined };
  const agent = new https.Agent({ keepAlive: true });
  agent.createConnection = ({ host, port }, connected) => {
    const target = { host: host ?? '', port: Number(port), timeoutMs };
    connectTls(target, trusted, clock).then(
      (socket) => connected?.(null, socket),
      (error) => connected?.(error, undefined as never),
    );
    return undefined;
  };
  return { send: https.request, agent };
}

/** One request; once more when a kept connection turned out to be closed by the other side before it was used. */
async function exchange(transport: Transport, request: HttpRequest, timeoutMs: number): Promise<HttpAnswer> {
  const first = await attempt(transport, request, timeoutMs);
  if (!('failed' in first)) return first;
  if (!first.staleConnection) throw unreachable(request, first.failed, timeoutMs);
  const second = await attempt(transport, request, timeoutMs);
  if ('failed' in second) throw unreachable(request, second.failed, timeoutMs);
  return second;
}

interface Failure {
  readonly failed: Error;
  readonly staleConnection: boolean;
}

function attempt({ send, agent }: Transport, request: HttpRequest, timeoutMs: number): Promise<HttpAnswer | Failure> {
  const { method, url, headers = {}, body } = request;
  const length = body === undefined ? undefined : String(Buffer.byteLength(body));
  return new Promise((resolve) => {
    const sent = send({
      agent,
      method,
      protocol: url.protocol,
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? undefined : url.port,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, ...headers, ...(length === undefined ? {} : { 'content-length': length }) },
    });
    const fail = (failed: Error) => {
      const code = (failed as NodeJS.ErrnoException).code;
      resolve({ failed, staleConnection: sent.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE') });
    };
    sent.setTimeout(timeoutMs, () => sent.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })));
    sent.on('error', fail);
    sent.on('response', (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) sent.destroy(Object.assign(new Error('too large'), { code: 'ETOOLARGE' }));
        chunks.push(chunk);
      });
      answer.on('error', fail);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.end(body);
  });
}

/** What went wrong in words, by the code of the system or of TLS. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOTFOUND: 'its name is not known here',
  EAI_AGAIN: 'its name could not be looked up',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'there is no way to it',
  ETOOLARGE: 'its answer is too large',
  CERT_HAS_EXPIRED: 'its certificate has expired, or the clock of this PC is wrong',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, or the clock of this PC is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody this PC trusts',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody this PC trusts',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody this PC trusts',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is signed by nobody this PC trusts',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody this PC trusts',
};

function unreachable({ method, url }: HttpRequest, cause: Error, timeoutMs: number): KnownError {
  if (cause instanceof KnownError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const seconds = Math.round(timeoutMs / 1000);
  const why = code === 'ETIMEDOUT' ? `it was silent for ${seconds} s` : (CAUSES[code] ?? (code || cause.message));
  const inner = /CERT|SIGNATURE|ISSUER/.test(code) ? 'certificate' : undefined;
  return new KnownError(
    'serviceUnreachable',
    `${url.host} could not be reached: ${why}. Tried ${method} ${url.origin}${url.pathname}`,
    {
      cause,
      ...(inner === undefined ? {} : { inner }),
    },
  );
}
