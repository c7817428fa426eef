import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { createPages } from './page.ts';

const SECRET = new Uint8Array(32).fill(7);
const URL_SEEN = 'https://backup.example.org';

/** What a page needs of a request. */
function aRequest(url: string, headers: Readonly<Record<string, string>> = {}): FastifyRequest {
  return { url, headers, query: Object.fromEntries(new URL(url, URL_SEEN).searchParams) } as unknown as FastifyRequest;
}

const shown = (items: readonly string[]) => ({
  items,
  keyOf: (item: string) => item,
  toValue: (item: string) => ({ id: item }),
  context: 'things',
});

test('a page says where the next one is, at the public address, and keeps the filter', () => {
  const pages = createPages(URL_SEEN, SECRET);
  const request = aRequest("/v1.0/things?$filter=a eq 'b'", { prefer: 'odata.maxpagesize=2' });

  const first = pages.collection(request, pages.pageFrom(request), shown(['a', 'b', 'c']));
  const link = new URL(String(first['@odata.nextLink']));
  const next = pages.pageFrom(aRequest(link.pathname + link.search));

  assert.deepEqual(first['value'], [{ id: 'a' }, { id: 'b' }]);
  assert.equal(first['@odata.context'], `${URL_SEEN}/v1.0/$metadata#things`);
  assert.equal(link.origin, URL_SEEN);
  assert.equal(link.searchParams.get('$filter'), "a eq 'b'");
  assert.equal(next.after, 'b');
});

test('the last page has no next one', () => {
  const pages = createPages(URL_SEEN, SECRET);
  const request = aRequest('/v1.0/things', { prefer: 'odata.maxpagesize=2' });

  const last = pages.collection(request, pages.pageFrom(request), shown(['a', 'b']));

  assert.equal('@odata.nextLink' in last, false);
});

test('a page has 110 items unless another number from 1 to 200 is preferred', () => {
  const pages = createPages(URL_SEEN, SECRET);
  const size = (prefer: string) => pages.pageFrom(aRequest('/v1.0/things', { prefer })).top;

  assert.equal(pages.pageFrom(aRequest('/v1.0/things')).top, 110);
  assert.equal(size('odata.maxpagesize=1'), 1);
  assert.equal(size('return=minimal, odata.maxpagesize="200"'), 200);
  for (const wrong of ['0', '201', '-1', 'many'])
    assert.throws(() => size(`odata.maxpagesize=${wrong}`), { inner: 'pageSize' });
});

test('a continuation that was made up, changed or is for another address is refused', () => {
  const pages = createPages(URL_SEEN, SECRET);
  const request = aRequest('/v1.0/things', { prefer: 'odata.maxpagesize=1' });
  const page = pages.collection(request, pages.pageFrom(request), shown(['a', 'b']));
  const token = new URL(String(page['@odata.nextLink'])).searchParams.get('$skiptoken') ?? '';
  const bytes = Buffer.from(token, 'base64url');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;

  const open = (path: string, text: string, from = pages) => from.pageFrom(aRequest(`${path}?$skiptoken=${text}`));

  assert.equal(open('/v1.0/things', token).after, 'a');
  assert.throws(() => open('/v1.0/things', bytes.toString('base64url')), { inner: 'skiptoken' });
  assert.throws(() => open('/v1.0/things', 'bWFkZSB1cA'), { inner: 'skiptoken' });
  assert.throws(() => open('/v1.0/others', token), { inner: 'skiptoken' });
  assert.throws(() => open('/v1.0/things', token, createPages(URL_SEEN, new Uint8Array(32))), { inner: 'skiptoken' });
});
