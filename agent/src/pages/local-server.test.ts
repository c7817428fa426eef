import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { LOCAL_REQUEST_HEADER } from '@carryover/model/local-pages';
import { type Answered, type Asked, PRIVATE, servedPage } from '../../testing/local-page.ts';
import { answer, BEGUN, type LocalRoute } from './local-routes.ts';

function errorOf({ text }: Answered): { readonly code?: string; readonly innerError?: { readonly code?: string } } {
  return JSON.parse(text).error;
}

const notYetOver = Symbol('not yet over');

/** What a promise is by now: its value, or notYetOver. */
function byNow<Value>(promise: Promise<Value>): Promise<Value | typeof notYetOver> {
  return Promise.race([promise, new Promise<typeof notYetOver>((resolve) => setImmediate(resolve, notYetOver))]);
}

test('the key opens the page once: a cookie that scripts cannot read, and on to the page', async () => {
  await using page = await servedPage();

  const started = await page.start();
  const view = await page.own({ path: '/api/settings?language=de' });

  assert.equal(started.status, 303);
  assert.equal(started.headers['location'], '/settings');
  assert.match(
    started.headers['set-cookie']?.[0] ?? '',
    /^carryover-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  assert.deepEqual(JSON.parse(view.text), { person: PRIVATE, language: 'de' });
});

test('a page of the build carries a nonce that is new with every answer', async () => {
  await using page = await servedPage();

  const [one, other] = [await page.ask({ path: '/settings' }), await page.ask({ path: '/settings' })];

  const nonceOf = ({ text }: Answered) => /nonce="([^"]+)"/.exec(text)?.[1] ?? '';
  assert.match(String(one.headers['content-security-policy']), new RegExp(`'nonce-${RegExp.escape(nonceOf(one))}'`));
  assert.match(nonceOf(one), /^[\w+/]{24}$/);
  assert.notEqual(nonceOf(one), nonceOf(other));
  assert.equal(one.headers['cache-control'], 'no-store');
});

test('what a page loads comes from the build and from nowhere else', async () => {
  await using page = await servedPage();
  await writeFile(join(page.home.root, 'secret.js'), PRIVATE);
  await symlink(join(page.home.root, 'secret.js'), join(page.folder, 'assets', 'link-1.js'));
  await mkdir(join(page.folder, 'assets', 'folder.js'));

  const script = await page.ask({ path: '/assets/page-1a2b.js' });
  const tricks = [
    '/assets/../../secret.js',
    '/assets/..%2f..%2fsecret.js',
    '/assets/%2e%2e/%2e%2e/secret.js',
    '/assets/link-1.js',
    '/assets/folder.js',
    '/assets/',
    '/settings.html',
    '//secret.js',
    '/',
  ];

  assert.equal(script.headers['content-type'], 'text/javascript; charset=utf-8');
  for (const path of tricks) {
    const answered = await page.ask({ path });
    assert.ok(answered.status >= 400, path);
    assert.ok(!answered.text.includes(PRIVATE), path);
  }
});

test('errors are the envelope of the device API, and a fault of this program says nothing of its inside', async () => {
  const route = (path: string, error: Error): LocalRoute => ({
    method: 'GET',
    path,
    handle: () => Promise.reject(error),
  });
  const refused = new KnownError('conflict', 'It runs.', { inner: 'anotherRun', details: { reasons: [] } });
  await using page = await servedPage({
    routes: [route('/api/history', refused), route('/api/undo', new Error(`At ${PRIVATE}`))],
  });
  await page.start();

  const known = await page.own({ path: '/api/history' });
  const fault = await page.own({ path: '/api/undo' });

  assert.equal(known.status, 409);
  assert.equal(errorOf(known).code, 'conflict');
  assert.equal(errorOf(known).innerError?.code, 'anotherRun');
  assert.equal(fault.status, 500);
  assert.equal(errorOf(fault).code, 'generalException');
  assert.ok(!fault.text.includes(PRIVATE));
  assert.equal(page.faults.length, 1);
});

// --- Attacks ---

const WRONG_HOSTS: readonly (readonly [string, Asked['headers']])[] = [
  ['a name that was made to mean 127.0.0.1', { host: 'attacker.example' }],
  ['that name with the right port', { host: 'attacker.example:PORT' }],
  ['localhost, which a name server may answer for', { host: 'localhost:PORT' }],
  ['the address without the port', { host: '127.0.0.1' }],
  ['another address of this device', { host: '127.0.0.2:PORT' }],
  ['no name', { host: undefined }],
];
for (const [what, headers] of WRONG_HOSTS)
  test(`DNS rebinding: a request for ${what} gets nothing, even with the cookie`, async () => {
    await using page = await servedPage();
    await page.start();
    const { port } = new URL(page.server.origin);
    const host = typeof headers?.['host'] === 'string' ? headers['host'].replace('PORT', port) : undefined;

    for (const path of ['/api/settings', '/settings', '/assets/page-1a2b.js']) {
      const answered = await page.own({ path, headers: { host } });
      // Node itself refuses a request without a name.
      assert.ok([400, 403].includes(answered.status), `${path} ${answered.status}`);
      assert.ok(!answered.text.includes(PRIVATE));
    }
    assert.deepEqual(page.asked, []);
  });

const CHANGES = [
  ['POST', '/api/backup'],
  ['DELETE', '/api/backup'],
  ['PUT', '/api/preferences'],
  ['POST', '/api/leave'],
] as const;

const FOREIGN: readonly (readonly [string, Asked['headers']])[] = [
  ["another site's", { origin: 'https://attacker.example', 'sec-fetch-site': 'cross-site' }],
  [
    "another site's in a browser that does not say so",
    { origin: 'https://attacker.example', 'sec-fetch-site': undefined },
  ],
  ["another server's on this device", { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
  ['a page without an origin of its own', { origin: 'null' }],
  ['no page that says its origin', { origin: undefined }],
  ['another page that claims our origin', { 'sec-fetch-site': 'cross-site' }],
  ['a typed address', { 'sec-fetch-site': 'none' }],
  ['a form, which cannot carry our header', { [LOCAL_REQUEST_HEADER]: undefined }],
];
for (const [what, headers] of FOREIGN)
  test(`a change asked for by ${what} is refused, even with the cookie`, async () => {
    await using page = await servedPage();
    await page.start();

    for (const [method, path] of CHANGES) {
      const answered = await page.own({ method, path, ...(headers === undefined ? {} : { headers }) });
      assert.equal(answered.status, 403, `${method} ${path}`);
      assert.equal(errorOf(answered).innerError?.code, 'wrongOrigin');
    }
    assert.deepEqual(page.asked, []);
    assert.equal(await byNow(page.server.ended), notYetOver);
  });

test('a look from another site is refused as a change is', async () => {
  await using page = await servedPage();
  await page.start();

  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://attacker.example', 'sec-fetch-site': undefined },
    { origin: undefined, [LOCAL_REQUEST_HEADER]: undefined },
  ])
    assert.equal((await page.own({ path: '/api/settings', headers })).status, 403);
  assert.deepEqual(page.asked, []);
});

test("the page's own look is answered, with and without an origin", async () => {
  await using page = await servedPage();
  await page.start();

  assert.equal((await page.own({ path: '/api/settings', headers: { origin: undefined } })).status, 200);
  assert.equal((await page.own({ path: '/api/settings' })).status, 200);
});

test('without the cookie, with a wrong one or that of another window nothing is told', async () => {
  await using page = await servedPage();
  await using other = await servedPage();
  const before = await page.own({ path: '/api/settings' });
  await page.start();
  const foreign = (await other.start()).headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const { port } = new URL(page.server.origin);
  const renamed = foreign.replace(/^carryover-\d+/, `carryover-${port}`);

  const cookies = ['', foreign, renamed, `carryover-${port}=`, `carryover-${port}`];
  const refused = await Promise.all(cookies.map((cookie) => page.own({ path: '/api/settings', headers: { cookie } })));

  for (const answered of [before, ...refused]) {
    assert.equal(answered.status, 401);
    assert.equal(errorOf(answered).innerError?.code, 'noLocalSession');
  }
  assert.deepEqual(page.asked, []);
});

test('a key that is not the right one opens nothing and spends nothing', async () => {
  await using page = await servedPage();

  const wrong = await page.start('A'.repeat(43));
  const right = await page.start();

  assert.equal(wrong.status, 403);
  assert.equal(wrong.headers['set-cookie'], undefined);
  assert.match(wrong.text, /Close it and open Windows backup again/);
  assert.equal(right.status, 303);
});

test('a stolen bootstrap file: the second use is refused, the first window is shut too, and both are told', async () => {
  await using page = await servedPage();
  await page.start();

  const stolen = await page.ask({
    method: 'POST',
    path: '/start',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `token=${page.server.key}`,
  });

  assert.equal(stolen.status, 403);
  assert.equal(stolen.headers['set-cookie'], undefined);
  assert.match(stolen.text, /Its key was used twice/);
  assert.equal(await page.server.ended, 'keyUsedTwice');
  await assert.rejects(page.own({ path: '/api/settings' }), { code: 'ECONNREFUSED' });
});

test('two who use the key in the same moment do not both get in and stay', async () => {
  await using page = await servedPage();

  const [one, two] = await Promise.all([page.start(), page.start()]);

  assert.deepEqual([one.status, two.status].toSorted(), [303, 403]);
  assert.equal(await page.server.ended, 'keyUsedTwice');
});

test('a key that lay about too long opens nothing', async () => {
  await using page = await servedPage({ keyMs: 0 });

  const late = await page.start();

  assert.equal(late.status, 403);
  assert.match(late.text, /It took too long/);
});

test('only a whole window that comes from a file may use the key', async () => {
  await using page = await servedPage();
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  for (const headers of [
    { origin: 'https://attacker.example' },
    { 'sec-fetch-mode': 'no-cors' },
    { 'sec-fetch-dest': 'iframe' },
  ]) {
    const body = `token=${page.server.key}`;
    const answered = await page.ask({ method: 'POST', path: '/start', headers: { ...form, ...headers }, body });
    assert.equal(answered.status, 403);
    assert.equal(answered.headers['set-cookie'], undefined);
  }
  assert.equal((await page.start()).status, 303);
});

test('the page and what it loads are shown in a window, not in a frame or as a part of another page', async () => {
  await using page = await servedPage();
  const site = 'cross-site';
  const asks: readonly (readonly [string, string, string])[] = [
    ['/settings', 'navigate', 'iframe'],
    ['/settings', 'no-cors', 'image'],
    ['/settings', 'cors', 'empty'],
    ['/assets/page-1a2b.js', 'no-cors', 'script'],
    ['/assets/page-1a2b.js', 'cors', 'empty'],
  ];

  for (const [path, mode, dest] of asks) {
    const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest };
    assert.equal((await page.ask({ path, headers })).status, 403, `${path} ${dest}`);
  }
  const inWindow = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const shown = await page.ask({ path: '/settings', headers: inWindow });
  assert.equal(shown.status, 200);
  assert.equal(shown.headers['cross-origin-resource-policy'], 'same-origin');
  assert.match(String(shown.headers['content-security-policy']), /frame-ancestors 'none'/);
});

test('no method but GET, POST, PUT and DELETE, so that no browser is told it may ask across origins', async () => {
  await using page = await servedPage();
  await page.start();

  for (const method of ['OPTIONS', 'HEAD', 'PATCH', 'TRACE', 'PROPFIND']) {
    const answered = await page.own({ method, path: '/api/settings' });
    assert.equal(answered.status, 405, method);
    assert.equal(answered.headers['access-control-allow-origin'], undefined);
  }
  const wrong = await page.own({ method: 'POST', path: '/api/settings' });
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers['allow'], 'GET');
  assert.deepEqual(page.asked, []);
});

test('a socket that a page would open is refused', async () => {
  await using page = await servedPage();
  const started = await page.start();

  const answered = await raw(
    page.server.origin,
    `GET /api/settings HTTP/1.1\r\nHost: HOST\r\nCookie: ${started.headers['set-cookie']?.[0]?.split(';')[0]}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );

  assert.match(answered, /^HTTP\/1\.1 403 /);
  assert.deepEqual(page.asked, []);
});

test('a whole address instead of a path, or two names, get nothing', async () => {
  await using page = await servedPage();
  const { host } = new URL(page.server.origin);

  const proxied = await raw(
    page.server.origin,
    `GET http://attacker.example/settings HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  );
  const twoNames = await raw(
    page.server.origin,
    `GET /settings HTTP/1.1\r\nHost: ${host}\r\nHost: attacker.example\r\nConnection: close\r\n\r\n`,
  );

  assert.match(proxied, /^HTTP\/1\.1 403 /);
  assert.match(twoNames, /^HTTP\/1\.1 40[03] /);
});

const TOO_MANY_BYTES = 256 * 1024 + 1;

test('a body beyond the limit, of another kind or that is no JSON is refused, and the page goes on', async () => {
  await using page = await servedPage();
  await page.start();
  const put = { method: 'PUT', path: '/api/preferences' };

  // Not more is sent than the server reads: a connection that is closed with more on its way takes the answer with it.
  const large = await page.own({ ...put, headers: { 'content-length': String(TOO_MANY_BYTES) } });
  const chunked = await page.own({
    ...put,
    headers: { 'transfer-encoding': 'chunked' },
    body: 'x'.repeat(TOO_MANY_BYTES),
    goesOn: true,
  });
  const form = await page.own({ ...put, headers: { 'content-type': 'text/plain' }, body: '{}' });
  const broken = await page.own({ ...put, body: '{"toggle":' });
  const fine = await page.own({ ...put, body: '{"toggle":"apps"}' });

  assert.deepEqual(
    [large, chunked, form, broken].map(({ status }) => status),
    [413, 413, 400, 400],
  );
  assert.deepEqual(JSON.parse(fine.text), { toggle: 'apps' });
  assert.equal(page.asked.length, 1);
});

test('headers beyond the limit are refused', async () => {
  await using page = await servedPage();

  const answered = await page.ask({ path: '/settings', headers: { 'x-padding': 'x'.repeat(20_000) } });

  assert.equal(answered.status, 431);
});

/** An account that every system has and that is not ours. */
const NOBODY = 65_534;

test('another user of this device gets nothing, whatever is asked', async () => {
  // Only root can be another user; anybody else is another user to a server that is not theirs.
  const isRoot = process.getuid?.() === 0;
  await using page = await servedPage(isRoot ? {} : { uid: NOBODY });
  const { host, port } = new URL(page.server.origin);
  const asked = `GET /settings HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const program = `
    const socket = require('node:net').connect(${port}, '127.0.0.1', () => socket.write(${JSON.stringify(asked)}));
    socket.on('error', () => undefined);
    socket.pipe(process.stdout);
  `;

  const child = spawn('node', ['-e', program], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  const [answered] = await Promise.all([text(child.stdout), once(child, 'exit')]);

  assert.match(answered, /^HTTP\/1\.1 403 Forbidden\r\ncontent-length: 0\r\n/);
  assert.equal(answered.indexOf('<html'), -1);
});

// --- How long it lives ---

test('the server ends some time after the window was left, and no connection is left', async () => {
  await using page = await servedPage({ leaveMs: 1 });
  await page.start();

  const left = await page.own({ method: 'POST', path: '/api/leave' });

  assert.equal(left.status, 204);
  assert.equal(await page.server.ended, 'left');
  await assert.rejects(page.ask({ path: '/settings' }), { code: 'ECONNREFUSED' });
});

test('a page that was only loaded anew keeps its server', async () => {
  await using page = await servedPage({ leaveMs: 60_000, idleMs: 1 });
  const { promise: work, resolve: end } = Promise.withResolvers<void>();
  page.server.keepOpen(work);
  await page.start();
  await page.own({ method: 'POST', path: '/api/leave' });

  await page.own({ path: '/api/settings' });
  end();

  // It was not left any more, so that it is the short idle time that ends it.
  assert.equal(await page.server.ended, 'idle');
});

test('the server ends when no page asks anything for a while', async () => {
  await using page = await servedPage({ idleMs: 1 });

  assert.equal(await page.server.ended, 'idle');
});

test('what runs goes on after the window was closed; the server ends with it', async () => {
  const { promise: work, resolve: end } = Promise.withResolvers<void>();
  const begin: LocalRoute = {
    method: 'POST',
    path: '/api/undo',
    async handle({ keepOpen }) {
      keepOpen(work);
      return BEGUN;
    },
  };
  await using page = await servedPage({ routes: [begin], leaveMs: 1, idleMs: 1_000_000 });
  await page.start();
  await page.own({ method: 'POST', path: '/api/undo' });

  page.server.leave();
  // Long enough for the window's leaving to have been acted upon, had nothing been running.
  const view = await page.own({ path: '/api/settings' });
  page.server.leave();
  end();

  assert.equal(view.status, 200);
  assert.equal(await page.server.ended, 'left');
});

test('a sign-in may come back without cookie and header, and is sent on', async () => {
  const back: LocalRoute = {
    method: 'GET',
    path: '/signed-in',
    open: true,
    handle: async ({ url }) => ({ status: 303, location: `/restore?state=${url.searchParams.get('state')}` }),
  };
  await using page = await servedPage({
    routes: [back, { ...back, path: '/closed', handle: async () => answer(PRIVATE) }],
  });

  const answered = await page.ask({ path: '/signed-in?state=1&code=2', headers: { 'sec-fetch-site': 'cross-site' } });

  assert.equal(answered.status, 303);
  assert.equal(answered.headers['location'], '/restore?state=1');
  // The sign-in's address with its code goes nowhere.
  assert.equal(answered.headers['referrer-policy'], 'no-referrer');
});

/** Sends bytes as they are, HOST filled in; what comes back. */
async function raw(origin: string, request: string): Promise<string> {
  const { host, hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  socket.write(request.replace('HOST', host));
  return text(socket);
}
