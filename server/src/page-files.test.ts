import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { testOnService } from '../testing/service.ts';
import { pageFiles } from './page-files.ts';

testOnService('what a page loads comes from the service, typed, and is kept for ever', async (service) => {
  const page = await (await fetch(`${service.url}/admin/setup`)).text();
  const loaded = [...page.matchAll(/(?:src|href)="(\/page-files\/[^"]+)"/g)].map(([, path = '']) => path);
  const { style, script, crest } = pageFiles();
  assert.deepEqual(loaded.toSorted(), [style.path, script.path, crest.path].toSorted());

  for (const { path, type, body } of Object.values(pageFiles())) {
    const answer = await fetch(`${service.url}${path}`);

    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, type]);
    assert.match(answer.headers.get('cache-control') ?? '', /max-age=31536000, immutable/);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), body);
  }
  assert.equal((await fetch(`${service.url}/page-files/page-of-another-release.css`)).status, 404);
});

testOnService('the style names font and crest by the addresses they have, and nothing elsewhere', async () => {
  const { style, font, crest } = pageFiles();

  const addresses = [...style.body.toString().matchAll(/url\("([^"]*)"\)/g)].map(([, address]) => address);

  assert.deepEqual(addresses, [font.path, crest.path]);
});

testOnService('the first load of a page stays small: 64 kB with its font, 8 kB compressed without', async (service) => {
  const page = Buffer.from(await (await fetch(`${service.url}/admin/setup`)).arrayBuffer());
  const { font, ...others } = pageFiles();
  const plain = [page, ...Object.values(others).map(({ body }) => body)];

  const bytes = (parts: readonly Buffer[]) => parts.reduce((sum, { length }) => sum + length, 0);

  assert.ok(bytes([...plain, font.body]) <= 64 * 1024, `${bytes([...plain, font.body])} bytes`);
  assert.ok(bytes(plain.map((one) => gzipSync(one))) <= 8 * 1024);
});
