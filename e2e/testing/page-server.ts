/**
 * The built pages on a free loopback port, with the headers they have in earnest, and beside them answers that a story
 * gives: a page with sample data, without service or device.
 *
 * /restore and /settings are the pages; so is every address under /admin that the story has no answer to. Everything else is
 * asked of the story.
 */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { KnownError } from '../../model/src/errors.ts';
import { assetAnswer, PAGE_HEADERS, PAGE_LIST, type PageList } from '../../model/src/page-files.ts';
import { pageContentSecurityPolicy, pageWithNonce } from '../../model/src/page-policy.ts';

const DIST = join(import.meta.dirname, '..', '..', 'web', 'dist');

/** By method and path without query, e.g. "GET /api/restore". A value is sent as JSON; a function makes it. */
export type Answers = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Of JSON; undefined without a body. */
  readonly body: unknown;
}

/** What a function among the answers may give to choose the status; anything else is sent with 200. */
export class Answer {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body?: unknown) {
    this.status = status;
    this.body = body;
  }
}

export interface PageServer {
  readonly url: string;
  /** Every request that a story was asked, in order, e.g. "PUT /api/preferences". */
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

/**
 * `plain`: HTML by path, sent as it is, for something to compare a page with.
 *
 * Errors: KnownError missingPart when the pages are not built.
 */
export async function servePages(
  answers: Answers = {},
  plain: Readonly<Record<string, string>> = {},
): Promise<PageServer> {
  const list = readList();
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    const page = /^\/(admin(?=\/|$)|restore$|settings$)/.exec(pathname)?.[1];
    const file = page === undefined ? undefined : list.pages[page];
    const told = `GET ${pathname}` in answers;
    if (file !== undefined && request.method === 'GET' && !told) return sendPage(response, file);
    const html = plain[pathname];
    if (html !== undefined) return void response.writeHead(200, { 'content-type': 'text/html' }).end(html);
    const asset = assetAnswer(list, {
      path: pathname,
      acceptEncoding: request.headers['accept-encoding'],
      ifNoneMatch: request.headers['if-none-match'],
    });
    if (asset !== undefined) {
      response.writeHead(asset.status, asset.headers);
      response.end(asset.file === undefined ? undefined : readFileSync(join(DIST, asset.file)));
      return;
    }
    const text = Buffer.concat(await Array.fromAsync(request)).toString('utf8');
    const heard: Asked = {
      method: request.method ?? 'GET',
      path: pathname,
      query: searchParams,
      body: text === '' ? undefined : JSON.parse(text),
    };
    asked.push(heard);
    await sendAnswer(response, answers, heard);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function readList(): PageList {
  try {
    return JSON.parse(readFileSync(join(DIST, PAGE_LIST), 'utf8'));
  } catch (error) {
    throw new KnownError('missingPart', 'The pages are not built. Run: node web/build.ts', { cause: error });
  }
}

function sendPage(response: ServerResponse, file: string): void {
  const nonce = randomBytes(18).toString('base64');
  response.writeHead(200, { ...PAGE_HEADERS, 'content-security-policy': pageContentSecurityPolicy(nonce) });
  response.end(pageWithNonce(readFileSync(join(DIST, file), 'utf8'), nonce));
}

async function sendAnswer(response: ServerResponse, answers: Answers, asked: Asked): Promise<void> {
  const given = answers[`${asked.method} ${asked.path}`];
  const value: unknown = typeof given === 'function' ? await given(asked) : given;
  const { status, body } =
    value instanceof Answer
      ? value
      : value === undefined
        ? new Answer(404, { error: { code: 'itemNotFound', message: 'The story has no answer to this.' } })
        : new Answer(200, value);
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
