import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { PAGE_LIST, type PageList } from '@carryover/model/page-files';
import { NONCE_PLACEHOLDER } from '@carryover/model/page-policy';
import Fastify from 'fastify';
import { handleErrors } from './http/errors.ts';
import { collectRoutes } from './http/routes.ts';
import { webPages } from './web-pages.ts';

const SCRIPT = 'console.log("the admin center")';

/** A service that has nothing but the pages of a tiny build. */
async function aService(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-pages-'));
  const app = Fastify();
  t.after(async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  });
  handleErrors(app, collectRoutes(app));
  await app.register(webPages, { folder: join(folder, 'dist') });
  return { app, dist: join(folder, 'dist') };
}

async function build(dist: string): Promise<void> {
  const list: PageList = {
    pages: { admin: 'admin.html' },
    assets: {
      '/assets/a.js': {
        type: 'text/javascript; charset=utf-8',
        etag: 'e1',
        files: { identity: 'assets/a.js', br: 'assets/a.js.br' },
      },
    },
  };
  await mkdir(join(dist, 'assets'), { recursive: true });
  await writeFile(join(dist, 'admin.html'), `<meta property="csp-nonce" nonce="${NONCE_PLACEHOLDER}"><h1>Admin</h1>`);
  await writeFile(join(dist, 'assets/a.js'), SCRIPT);
  await writeFile(join(dist, 'assets/a.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(dist, PAGE_LIST), JSON.stringify(list));
}

test('every address of the admin center is its page, each time with a nonce of its own', async (t) => {
  const { app, dist } = await aService(t);
  await build(dist);

  const answers = await Promise.all(['/admin', '/admin/devices/x?tab=1'].map((url) => app.inject(url)));

  const nonces = answers.map(({ body }) => /nonce="([^"]+)"><h1>Admin/.exec(body)?.[1] ?? '');
  assert.equal(new Set(nonces).size, 2);
  for (const [index, { statusCode, headers }] of answers.entries()) {
    assert.equal(statusCode, 200);
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(String(headers['content-security-policy']), /script-src 'self';/);
    assert.ok(String(headers['content-security-policy']).includes(`'nonce-${nonces[index]}'`));
  }
});

test('files are sent compressed, and not again to who has them', async (t) => {
  const { app, dist } = await aService(t);
  await build(dist);

  const sent = await app.inject({ url: '/assets/a.js', headers: { 'accept-encoding': 'gzip, br' } });
  assert.equal(brotliDecompressSync(sent.rawPayload).toString(), SCRIPT);
  assert.match(String(sent.headers['cache-control']), /immutable/);

  const headers = { 'accept-encoding': 'gzip, br', 'if-none-match': String(sent.headers.etag) };
  const again = await app.inject({ url: '/assets/a.js', headers });
  assert.deepEqual([again.statusCode, again.body], [304, '']);
});

test('nothing but the files of the build is there', async (t) => {
  const { app, dist } = await aService(t);
  await build(dist);

  for (const url of ['/assets/../pages.json', '/assets/%2e%2e/pages.json', '/assets/b.js', '/assets/a.js.br'])
    assert.equal((await app.inject(url)).statusCode, 404, url);
});

test('a running service keeps its pages when another build takes the place of theirs', async (t) => {
  const { app, dist } = await aService(t);
  await build(dist);
  await app.inject('/admin');

  await rm(dist, { recursive: true });

  assert.equal((await app.inject('/assets/a.js')).body, SCRIPT);
});

test('a service without a build says what is missing, and serves once it is there', async (t) => {
  const { app, dist } = await aService(t);

  assert.equal((await app.inject('/admin')).json().error.code, 'missingPart');

  await build(dist);
  assert.equal((await app.inject('/admin')).statusCode, 200);
});
