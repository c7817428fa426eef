/**
 * The loopback server of the local pages: on 127.0.0.1, for one person and one window, and gone with it.
 *
 * Order of a request: whose program -> under which name -> which method -> page, start or api, each with its checks ->
 * the route. Nothing is answered before its checks have passed, and no answer names anything about anyone without the
 * cookie that only `start` gives.
 *
 * Source: architecture.md, "where harm could come in"; docs/decisions/2026-11-25-loopback-pages.md.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { KnownError } from '@carryover/model/errors';
import type { LocalPage } from '@carryover/model/local-pages';
import type { Language } from '@carryover/model/reasons';
import { isOwnPeer } from '../system/peer.ts';
import type { System } from '../system/system.ts';
import { startPage, wordsOfStart } from './bootstrap.ts';
import { type End, lifetime } from './lifetime.ts';
import { formBody, jsonBody } from './local-body.ts';
import { toldOf } from './local-errors.ts';
import {
  type Cookie,
  isSameSecret,
  mustBeBootstrap,
  mustBeOwnPage,
  mustBeOwnWindow,
  mustNameThisServer,
  newCookie,
  newSecret,
  setCookie,
} from './local-guard.ts';
import { type LocalAnswer, type LocalRoute, NOTHING_TO_SAY } from './local-routes.ts';
import { pageFileAt } from './page-files.ts';

export interface LocalServerOptions {
  readonly system: System;
  readonly page: LocalPage;
  readonly routes: readonly LocalRoute[];
  /** Folder of the built pages. */
  readonly folder: string;
  readonly language: Language;
  /** Hears of faults of this program, which the page only learns exist. */
  readonly onFault: (error: unknown) => void;
  /** How long without a question of a page, in milliseconds. Default ten minutes: a hidden window asks seldom. */
  readonly idleMs?: number;
  /** Between the page's leaving and the end, in milliseconds: it may only be loading anew. Default three seconds. */
  readonly leaveMs?: number;
  /** How long the key of the bootstrap file is good, in milliseconds. Default five minutes. */
  readonly keyMs?: number;
  /** Whose connections are taken. Default: the user this process runs as; on Windows always. */
  readonly uid?: number;
}

export interface LocalServer extends AsyncDisposable {
  /** http://127.0.0.1:port */
  readonly origin: string;
  /** What the bootstrap file posts to `start`; good once and for a short time. */
  readonly key: string;
  /** Once the key was used. */
  readonly started: Promise<void>;
  /** Once nobody asks any more and nothing runs; then nothing is answered and no connection is left. */
  readonly ended: Promise<End>;
  /** Stays until `work` has ended. */
  keepOpen(work: Promise<unknown>): void;
  /** The window is closed: ends as soon as nothing runs. */
  leave(): void;
}

const IDLE_MS = 600_000;
const LEAVE_MS = 3000;
const KEY_MS = 300_000;

/** Time-outs of one request and limits of one window; a window uses about six connections. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 15_000, maxHeaderSize: 16_384 };
const MAX_CONNECTIONS = 64;

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

export async function localServer(options: LocalServerOptions): Promise<LocalServer> {
  const { system, page, routes, folder, language } = options;
  const { idleMs = IDLE_MS, leaveMs = LEAVE_MS, keyMs = KEY_MS, uid = process.getuid?.() } = options;
  const life = lifetime({ idleMs, leaveMs });
  const key = newSecret();
  const keyEndsAt = performance.now() + keyMs;
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const verdicts = new WeakMap<Duplex, Promise<boolean>>();
  let cookie: Cookie | undefined;

  const server = createServer(LIMITS, (request, response) => {
    void respond(request, response);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', (socket) => {
    const verdict = isOwnPeer(system, socket, uid);
    verdicts.set(socket, verdict);
    void verdict.then((own) => own || refuseConnection(socket));
  });
  // No page of ours opens a socket of its own; one that tries is not ours.
  server.on('upgrade', (_request, socket) => refuseConnection(socket));
  server.on('connect', (_request, socket) => refuseConnection(socket));
  await listening(server);
  const { port } = server.address() as AddressInfo;
  const place = { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` };
  const ended = life.ended.then(async (why) => {
    await closed(server);
    return why;
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A refused connection has its answer already.
    if ((await verdicts.get(request.socket)) !== true) return;
    response.setHeaders(new Map(Object.entries(HEADERS)));
    const url = URL.canParse(request.url ?? '', place.origin) ? new URL(request.url ?? '', place.origin) : undefined;
    try {
      mustNameThisServer(request, place);
      if (url === undefined) throw notHere();
      await respondOwn(request, response, url);
    } catch (error) {
      // The window went away in the middle of its question.
      if (request.socket.destroyed) return;
      if (!(error instanceof KnownError)) options.onFault(error);
      const { status, envelope } = toldOf(error, system.now());
      const asPage = url?.pathname === '/start';
      // What is left of a body that was not read would be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close');
      if (asPage) send(response, status, startPage(error, language));
      else sendJson(response, status, envelope);
    }
  }

  async function respondOwn(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { method = '' } = request;
    if (!METHODS.includes(method)) return methodNotAllowed(response, METHODS);
    if (life.isOver) throw new KnownError('unauthenticated', ENDED, { inner: 'noLocalSession' });
    const { pathname } = url;
    if (pathname === '/start') return startWindow(request, response);
    const inApi = pathname.startsWith('/api/');
    if (inApi) {
      mustBeOwnPage(request, place, cookie);
      life.asked();
    }
    const here = table.filter(({ path }) => path === pathname);
    const route = here.find((one) => one.method === method);
    if (route !== undefined && (inApi || route.open === true)) return ask(route, request, response, url);
    if (here.length > 0)
      return methodNotAllowed(
        response,
        here.map((one) => one.method),
      );
    if (inApi) throw notHere();
    mustBeOwnWindow(request, pathname.startsWith('/assets/') ? 'asset' : 'page');
    const file = await pageFileAt(system, folder, pathname);
    if (file === undefined) throw notHere();
    if (method !== 'GET') return methodNotAllowed(response, ['GET']);
    send(response, 200, file);
  }

  /** The key is spent by its first use, right or late; a second use shows that two had it, and neither is believed. */
  async function startWindow(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return methodNotAllowed(response, ['POST']);
    mustBeBootstrap(request, place);
    const given = (await formBody(request)).get('token') ?? '';
    if (!isSameSecret(given, key)) throw new KnownError('accessDenied', wordsOfStart('wrong', language), WRONG_KEY);
    if (cookie !== undefined) {
      life.end('keyUsedTwice');
      throw new KnownError('accessDenied', wordsOfStart('usedTwice', language), { inner: 'keyUsedTwice' });
    }
    if (performance.now() > keyEndsAt) throw new KnownError('accessDenied', wordsOfStart('late', language), LATE);
    cookie = newCookie(port);
    life.asked();
    start();
    response.setHeader('set-cookie', setCookie(cookie));
    redirect(response, `/${page}`);
  }

  async function ask(route: LocalRoute, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const body = await jsonBody(request);
    const asked = url.searchParams.get('language');
    const answer = await route.handle({
      body,
      url,
      query: url.searchParams,
      language: asked === 'de' || asked === 'en' ? asked : language,
      keepOpen: life.keepOpen,
    });
    if (answer.status === 303) redirect(response, answer.location);
    else if (answer.status === 200) sendJson(response, 200, answer.body);
    else send(response, answer.status, { headers: {}, content: '' });
  }

  const leaveRoute: LocalRoute = {
    method: 'POST',
    path: '/api/leave',
    async handle(): Promise<LocalAnswer> {
      life.left();
      return NOTHING_TO_SAY;
    },
  };
  const table = [...routes, leaveRoute];

  return {
    origin: place.origin,
    key,
    started,
    ended,
    keepOpen: life.keepOpen,
    leave: () => life.left(),
    async [Symbol.asyncDispose]() {
      life.end('closed');
      await ended;
    },
  };
}

const WRONG_KEY = { inner: 'wrongKey' };
const LATE = { inner: 'keyExpired' };
const ENDED = 'This window has no connection to this PC any more. Open it again.';

/** Of every answer: nothing is kept, framed, or read by another site. A file's own headers go before. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

interface Content {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string | Uint8Array;
}

function send(response: ServerResponse, status: number, { headers, content }: Content): void {
  response.writeHead(status, {
    ...headers,
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(content) }),
  });
  response.end(content);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, { headers: { 'content-type': 'application/json' }, content: JSON.stringify(value) });
}

function redirect(response: ServerResponse, location: string): void {
  send(response, 303, { headers: { location }, content: '' });
}

function methodNotAllowed(response: ServerResponse, methods: readonly string[]): void {
  response.setHeader('allow', methods.join(', '));
  const message = `This is not possible here; ${methods.join(', ')} is.`;
  sendJson(response, 405, { error: { code: 'methodNotAllowed', message, innerError: {} } });
}

function notHere(): KnownError {
  return new KnownError('itemNotFound', 'There is nothing at this address.');
}

/** The same few bytes for everybody: nothing about the page or the person. */
function refuseConnection(socket: Socket | Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n', () => socket.destroy());
}

async function listening(server: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, resolve);
  });
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // An answer on its way gets there; a connection kept for a later question does not stay.
    setTimeout(() => server.closeAllConnections(), 500).unref();
  });
}
