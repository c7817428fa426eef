/** A local page on a server of its own, and a way to ask it anything, also what no browser would ask. */

import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { LOCAL_REQUEST_HEADER } from '@carryover/model/local-pages';
import { PAGE_LIST, type PageList } from '@carryover/model/page-files';
import { answer, BEGUN, type LocalRoute } from '../src/pages/local-routes.ts';
import { type LocalServer, type LocalServerOptions, localServer } from '../src/pages/local-server.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';

export interface ServedPage extends AsyncDisposable {
  readonly server: LocalServer;
  readonly home: TemporaryHome;
  readonly folder: string;
  /** What the routes were asked, as "METHOD PATH". */
  readonly asked: string[];
  readonly faults: unknown[];
  ask(asked: Asked): Promise<Answered>;
  /** Posts the key as the bootstrap file does, and keeps the cookie. */
  start(key?: string): Promise<Answered>;
  /** As the page's own script asks, with the cookie. */
  own(asked: Asked): Promise<Answered>;
}

export interface Asked {
  readonly method?: string;
  readonly path: string;
  /** Undefined takes one away that would be there. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: string;
  /** Whether more of the body seems to come. Default: when its headers say so and none is given. */
  readonly goesOn?: boolean;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** The private word that only the page's own script may come to know. */
export const PRIVATE = 'lena.brandt@auental.example';

const PAGE =
  '<!doctype html><html><head><title>Page</title><style nonce="NONCE-OF-THIS-ANSWER">p{}</style><script type="module" src="/assets/page-1a2b.js"></script></head><body></body></html>';

export interface ServedPageOptions extends Partial<LocalServerOptions> {
  /** Whether the server has a few routes of its own. Default true. */
  readonly sample?: boolean;
}

export async function servedPage({ sample = true, ...options }: ServedPageOptions = {}): Promise<ServedPage> {
  const home = await temporaryHome();
  const folder = await builtPages(home.root);
  const [asked, faults]: [string[], unknown[]] = [[], []];
  const route = (method: LocalRoute['method'], path: string, give: LocalRoute['handle']): LocalRoute => ({
    method,
    path,
    async handle(request) {
      asked.push(`${method} ${path}`);
      return give(request);
    },
  });
  const samples = [
    route('GET', '/api/settings', async ({ language }) => answer({ person: PRIVATE, language })),
    route('POST', '/api/backup', async () => BEGUN),
    route('PUT', '/api/preferences', async ({ body }) => answer(body)),
    route('DELETE', '/api/backup', async () => BEGUN),
  ];
  const routes = [...(sample ? samples : []), ...(options.routes ?? [])];
  const server = await localServer({
    system: home,
    page: 'settings',
    folder,
    language: 'en',
    onFault: (error) => void faults.push(error),
    ...options,
    routes,
  });
  let cookie = '';
  const ask = (one: Asked) => asking(server.origin, one);
  return {
    server,
    home,
    folder,
    asked,
    faults,
    ask,
    async start(key = server.key) {
      const headers = { origin: 'null', 'content-type': 'application/x-www-form-urlencoded' };
      const started = await ask({ method: 'POST', path: '/start', headers, body: `token=${key}` });
      cookie = started.headers['set-cookie']?.[0]?.split(';')[0] ?? cookie;
      return started;
    },
    own: ({ headers, ...rest }) =>
      ask({
        ...rest,
        headers: {
          cookie,
          origin: server.origin,
          'sec-fetch-site': 'same-origin',
          [LOCAL_REQUEST_HEADER]: 'settings',
          ...(rest.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Pages as a build leaves them, below `root`. */
export async function builtPages(root: string): Promise<string> {
  const folder = join(root, 'pages');
  await mkdir(join(folder, 'assets'), { recursive: true });
  for (const name of ['restore.html', 'settings.html']) await writeFile(join(folder, name), PAGE);
  await writeFile(join(folder, 'assets', 'page-1a2b.js'), PAGE_SCRIPT);
  const script = { type: 'text/javascript; charset=utf-8', etag: '1a2b', files: { identity: 'assets/page-1a2b.js' } };
  const list: PageList = { pages: {}, assets: { '/assets/page-1a2b.js': script } };
  await writeFile(join(folder, PAGE_LIST), JSON.stringify(list));
  return folder;
}

/** Shows what the page's own script may ask. */
const PAGE_SCRIPT = `
const answered = await fetch('/api/settings', { headers: { '${LOCAL_REQUEST_HEADER}': 'settings' } });
document.body.textContent = answered.status + ' ' + (await answered.text());
`;

/** On a connection of its own, so that what is refused does not disturb the next. */
export function asking(origin: string, asked: Asked): Promise<Answered> {
  const { method = 'GET', path, headers = {}, body } = asked;
  const { goesOn = body === undefined && 'content-length' in headers } = asked;
  const { hostname, port, host } = new URL(origin);
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const wanted: Record<string, string | string[] | undefined> = { host, ...headers };
  const sent: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) sent[name] = value;
  const sending = request({ hostname, port, method, path, headers: sent, agent: false, setHost: false });
  sending.once('error', reject);
  sending.once('response', (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.once('error', reject);
    response.once('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: Buffer.concat(chunks).toString(),
      }),
    );
  });
  if (goesOn) sending.flushHeaders();
  if (goesOn && body !== undefined) sending.write(body);
  if (!goesOn) sending.end(body);
  return goesOn ? promise.finally(() => sending.destroy()) : promise;
}
