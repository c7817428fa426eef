/**
 * Stands in for the agent's loopback server, for tests of the restore page and for looking at it: serves the built page
 * with the policy the agent sends, and answers with whatever the test put into `say`.
 *
 * Only for tests; it knows nobody, restores nothing and lets everybody in.
 */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import {
  LOCAL_REQUEST_HEADER,
  type PlanView,
  type PointInTime,
  type RestoreView,
  type UndoView,
} from '@carryover/model/local-pages';
import { pageContentSecurityPolicy, pageWithNonce } from '@carryover/model/page-policy';

const BUILD = join(import.meta.dirname, '..', 'dist');

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** What it answers with from now on; a test changes it as the restore goes on. */
export interface Said {
  view: RestoreView;
  points: readonly PointInTime[];
  plan: PlanView | ((seq: number | undefined) => PlanView);
  undo: UndoView;
  /** Where the sign-in leads, on this server. */
  signInPath: string;
  /** True: every connection is cut, as when the agent was killed. */
  away: boolean;
  /** Paths below /api that are refused, each with its error. */
  refused: Readonly<Record<string, { readonly status: number; readonly code: string; readonly message: string }>>;
  /** Called after a change was asked for, so that a script can go on. */
  afterwards: (asked: Asked) => void;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

export interface StandIn {
  readonly origin: string;
  readonly said: Said;
  /** Every change that was asked for, oldest first. */
  readonly asked: readonly Asked[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Errors: Error when the pages are not built; run `npm run build -w web`. */
export async function standInLoopback(said: Said): Promise<StandIn> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    answer(request, response, said, asked).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    said,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, said: Said, asked: Asked[]): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (!pathname.startsWith('/api/')) return sendFile(pathname, response, said);
  if (said.away) return void request.socket.destroy();
  const path = pathname.slice('/api/'.length);
  const method = request.method ?? 'GET';
  const refusal = said.refused[path];
  if (request.headers[LOCAL_REQUEST_HEADER] === undefined)
    return sendJson(response, 403, { error: { code: 'accessDenied', message: 'Not a request of the page.' } });
  if (refusal !== undefined) return sendJson(response, refusal.status, { error: refusal });
  if (method !== 'GET') {
    const change = { method, path, body: await bodyOf(request) };
    asked.push(change);
    said.afterwards(change);
  }
  const seq = searchParams.get('seq');
  const answers: Readonly<Record<string, () => unknown>> = {
    'GET restore': () => said.view,
    'GET restore/points': () => ({ value: said.points }),
    'GET restore/plan': () =>
      typeof said.plan === 'function' ? said.plan(seq === null ? undefined : Number(seq)) : said.plan,
    'GET undo': () => said.undo,
    'PUT restore/choice': () => said.view,
    'POST restore/sign-in': () => ({ url: `http://${request.headers.host}${said.signInPath}` }),
  };
  const found = answers[`${method} ${path}`];
  if (found === undefined) return void response.writeHead(method === 'GET' ? 404 : 202).end();
  sendJson(response, 200, found());
}

async function sendFile(pathname: string, response: ServerResponse, said: Said): Promise<void> {
  if (pathname === said.signInPath) {
    response.setHeader('content-type', 'text/html');
    return void response.end('<!doctype html><html lang="en"><title>Sign in</title><h1>Sign in</h1></html>');
  }
  if (pathname === '/restore') {
    const nonce = randomBytes(18).toString('base64url');
    response.setHeader('content-security-policy', pageContentSecurityPolicy(nonce));
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return void response.end(pageWithNonce(await readFile(join(BUILD, 'restore.html'), 'utf8'), nonce));
  }
  if (pathname === '/blank') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return void response.end('<!doctype html><html lang="en"><title>Blank</title><p>Blank</p></html>');
  }
  const file = normalize(pathname);
  const type = TYPES[extname(file)];
  if (!file.startsWith('/assets/') || type === undefined) return void response.writeHead(404).end();
  response.setHeader('content-type', type);
  response.end(await readFile(join(BUILD, file)));
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const text = (await request.toArray()).map(String).join('');
  return text === '' ? undefined : JSON.parse(text);
}
