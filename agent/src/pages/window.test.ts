import assert from 'node:assert/strict';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { LOCAL_REQUEST_HEADER } from '@carryover/model/local-pages';
import { type Browser, chromium, type Page } from 'playwright-core';
import { builtPages, PRIVATE, servedPage } from '../../testing/local-page.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { temporaryHome } from '../../testing/temporary-home.ts';
import { argumentsOf, chromiumScript, connectTo } from '../../testing/test-chromium.ts';
import type { Registry } from '../system/registry.ts';
import { bootstrapPage } from './bootstrap.ts';
import { answer } from './local-routes.ts';
import { showLocalPage } from './pages.ts';
import { openWindow } from './window.ts';

const SANDBOX = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Looks through the protocol: the pages allow no evaluation of text, which waiting inside them would need. */
const showsPrivate = (page: Page) => page.getByText(PRIVATE).first().waitFor();

/** Looks again until there is something. */
async function until<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await wait(50);
  }
}

test('a window opens by itself with a fresh profile, shows the page, and leaves nothing when it is closed', async () => {
  await using home = await temporaryHome();
  const script = await chromiumScript(home.root);
  const system = { ...home, env: { ...home.env, BROWSER: script } };
  const said: unknown[] = [];

  const ended = showLocalPage({
    system,
    page: 'settings',
    routes: [{ method: 'GET', path: '/api/settings', handle: async () => answer(PRIVATE) }],
    folder: await builtPages(home.root),
    language: 'en',
    opensWindow: true,
    onOpen: (opened) => void said.push(opened),
    onFault: (error) => assert.fail(String(error)),
    leaveMs: 1,
  });
  const given = await until(async () => {
    const all = await argumentsOf(script).catch(() => []);
    return all.length > 0 ? all : undefined;
  });
  const profile = given.find((one) => one.startsWith('--user-data-dir='))?.split('=')[1] ?? '';
  const file = given.find((one) => one.startsWith('--app=file://'))?.slice('--app=file://'.length) ?? '';
  const { mode } = await stat(profile);
  const browser: Browser = await until(() => connectTo(profile));
  const page = await until(async () => browser.contexts()[0]?.pages()[0]);
  await showsPrivate(page);
  const cookies = await page.evaluate('document.cookie');
  // It goes with the first use of its key, while the page is already on its way.
  await until(() =>
    stat(file).then(
      () => undefined,
      () => 'gone',
    ),
  );
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.close').catch(() => undefined);

  assert.equal(await ended, 'left');
  assert.equal(mode & 0o777, 0o700);
  assert.equal(cookies, '');
  assert.ok(given.includes('--no-first-run') && !given.some((one) => one.includes('token')));
  assert.deepEqual(said, [{ address: (said[0] as { address: string }).address, file, opened: true }]);
  await assert.rejects(stat(profile), { code: 'ENOENT' });
  await assert.rejects(stat(file.slice(0, file.lastIndexOf('/'))), { code: 'ENOENT' });
});

/** Everything a page of somebody else can try without asking anybody. */
const ATTACK = `async (target) => {
  const tried = {};
  const loads = (element, source) => new Promise((resolve) => {
    element.onload = () => resolve('loaded');
    element.onerror = () => resolve('refused');
    element.src = source;
    document.body.append(element);
  });
  const asks = (path, init) => fetch(target + path, init).then((got) => got.type + ' ' + got.status, () => 'refused');
  const header = { '${LOCAL_REQUEST_HEADER}': 'settings' };
  tried.cors = await asks('/api/settings', { credentials: 'include' });
  tried.withHeader = await asks('/api/settings', { credentials: 'include', headers: header });
  tried.change = await asks('/api/backup', { method: 'DELETE', credentials: 'include', headers: header });
  tried.noCors = await asks('/api/settings', { mode: 'no-cors', credentials: 'include' });
  tried.noCorsPost = await asks('/api/backup', { mode: 'no-cors', method: 'POST', body: 'x', credentials: 'include' });
  tried.image = await loads(new Image(), target + '/settings');
  tried.script = await loads(document.createElement('script'), target + '/assets/page-1a2b.js');
  tried.socket = await new Promise((resolve) => {
    const socket = new WebSocket(target.replace('http', 'ws') + '/api/settings');
    socket.onopen = () => resolve('open');
    socket.onerror = () => resolve('refused');
  });
  const frame = document.createElement('iframe');
  tried.frame = await loads(frame, target + '/settings').then(() => {
    try { return frame.contentDocument?.title ?? 'closed'; } catch { return 'closed'; }
  });
  const form = document.createElement('form');
  form.method = 'post';
  form.action = target + '/api/backup';
  form.target = 'elsewhere';
  const open = document.createElement('iframe');
  open.name = 'elsewhere';
  const sent = new Promise((resolve) => { open.onload = () => resolve('sent'); });
  document.body.append(open, form);
  await sent;
  const answered = new Promise((resolve) => { open.onload = () => resolve('sent'); });
  form.submit();
  await answered;
  return tried;
}`;

test('a web page in the same browser gets nothing, neither from another site nor from another port of this device', async () => {
  await using page = await servedPage();
  const elsewhere = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>Elsewhere</title><body></body>');
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const { port } = elsewhere.address() as AddressInfo;
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: SANDBOX });
  try {
    const context = await browser.newContext();
    const own = await context.newPage();
    // The person's own page is open in this very browser, with its cookie.
    const { origin, key } = page.server;
    await page.home.writeFile(`${page.home.home}/in.html`, bootstrapPage({ origin, key, language: 'en' }), 0o600);
    await own.goto(`file://${page.home.home}/in.html`);
    await showsPrivate(own);
    const asked = page.asked.length;

    for (const site of [`http://127.0.0.1:${port}/`, `http://localhost:${port}/`]) {
      const attacker = await context.newPage();
      await attacker.goto(site);
      const tried: Record<string, string> = await attacker.evaluate(`(${ATTACK})(${JSON.stringify(origin)})`);

      assert.deepEqual(
        Object.entries(tried).filter(([, how]) => !['refused', 'opaque 0', 'closed'].includes(how)),
        [],
        site,
      );
      assert.equal(page.asked.length, asked, site);
    }
    // The person's page goes on as before.
    await own.reload();
    await showsPrivate(own);
  } finally {
    await browser.close();
    elsewhere.close();
  }
});

const FILE = '/home/ada/.local/state/carryover/carryover-1/windows backup.html';

test('without a desktop nothing is opened', async () => {
  const system = memorySystem({ run: () => ({ exit: 0, stdout: '', stderr: '' }) });

  assert.equal(await openWindow(system, FILE, '/profile'), undefined);
  assert.deepEqual(system.runs, []);
});

test("without a Chromium the person's browser is asked to show the file", async () => {
  const system = memorySystem({
    env: { DISPLAY: ':0' },
    run: ({ args }) => ({ exit: args.at(-2) === 'sh' && args.at(-1) !== 'xdg-open' ? 1 : 0, stdout: '', stderr: '' }),
  });

  const window = await openWindow(system, FILE, '/profile');

  assert.ok(window !== undefined);
  const { args } = system.runs.at(-1) ?? { args: [] };
  assert.deepEqual(args.slice(-2), ['xdg-open', `file://${FILE.replace(' ', '%20')}`]);
});

/** A Windows in which only these programs have registered themselves. */
function aWindows(programs: Readonly<Record<string, string>>, run: (args: readonly string[]) => number = () => 0) {
  const registry: Registry = {
    async values(_hive, key) {
      const path = programs[key.slice(key.lastIndexOf('\\') + 1)];
      return path === undefined ? undefined : [{ name: '', type: 1, bytes: Buffer.from(`${path}\0`, 'utf16le') }];
    },
    keys: async () => undefined,
    set: assert.fail,
    remove: assert.fail,
    removeEmptyKey: assert.fail,
    mayWrite: async () => false,
  };
  const system = memorySystem({
    run: ({ program, args }) =>
      program === 'C:\\Windows\\System32\\rundll32.exe' ? { exit: run(args), stdout: '', stderr: '' } : undefined,
  });
  return { ...system, registry };
}

test('on Windows, Edge shows the page in a window of its own', async () => {
  const started: (readonly string[])[] = [];
  const system = {
    ...aWindows({ 'msedge.exe': '"C:\\Program Files\\Edge\\msedge.exe"' }),
    async start(program: string, args: readonly string[]) {
      started.push([program, ...args]);
      return { ended: Promise.resolve(), stop: async () => undefined };
    },
  };

  await openWindow(system, 'C:/Users/ada/a b/restore.html', 'C:/Users/ada/profile');

  assert.deepEqual(started[0]?.slice(0, 3), [
    'C:\\Program Files\\Edge\\msedge.exe',
    '--app=file:///C:/Users/ada/a%20b/restore.html',
    '--user-data-dir=C:/Users/ada/profile',
  ]);
});

test('on Windows without a Chromium, the default browser shows the page, if there is one', async () => {
  const asked: (readonly string[])[] = [];
  const file = 'C:/Users/ada/restore.html';

  const window = await openWindow(
    aWindows({}, (args) => asked.push(args) - 1),
    file,
    '/profile',
  );
  const none = await openWindow(
    aWindows({}, () => 1),
    file,
    '/profile',
  );

  assert.ok(window);
  assert.deepEqual(asked, [['url.dll,FileProtocolHandler', 'file:///C:/Users/ada/restore.html']]);
  assert.equal(none, undefined);
});
