import assert from 'node:assert/strict';
import { Browser } from '../../testing/browser.ts';
import { testOnService } from '../../testing/service.ts';

testOnService('a person at an address of no organization sees a page, a program its error', async (service) => {
  const url = `${service.url}/${crypto.randomUUID()}/v2.0/authorize`;

  const page = await new Browser({ language: 'de' }).open(url);
  const answer = await fetch(url);

  assert.deepEqual([page.status, page.title], [404, 'Diese Organisation gibt es hier nicht']);
  assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'self'/);
  assert.equal(answer.status, 404);
  assert.equal(((await answer.json()) as { error: { code: string } }).error.code, 'itemNotFound');
});

testOnService(
  'who tries too often in a minute is told so on a page',
  async (service) => {
    const browser = new Browser();
    const page = await browser.open(`${service.url}/admin/setup`);

    await browser.submit(page, { code: 'WRONG' });
    const refused = await browser.submit(page, { code: 'WRONG' });

    assert.deepEqual([refused.status, refused.title], [429, 'Too many attempts']);
  },
  { env: { SIGN_IN_LIMIT: '1' } },
);

testOnService('a fault that nobody can act on names the request, and nothing that was typed', async (service) => {
  const browser = new Browser();
  const page = await browser.open(`${service.url}/admin/setup`);

  const refused = await browser.submit(page, { password: 'typed in here' }, undefined, 'https://evil.example');

  assert.deepEqual([refused.status, refused.title], [403, 'This did not work']);
  assert.ok(refused.html.includes(refused.headers.get('request-id') ?? 'none'));
  assert.ok(!refused.html.includes('typed in here'));
});
