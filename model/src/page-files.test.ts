import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assetAnswer, type PageList } from './page-files.ts';

const LIST: PageList = {
  pages: { restore: 'restore.html' },
  assets: {
    '/assets/main-x1.js': {
      type: 'text/javascript; charset=utf-8',
      etag: 'abc',
      files: { identity: 'assets/main-x1.js', br: 'assets/main-x1.js.br', gzip: 'assets/main-x1.js.gz' },
    },
    '/assets/font-x2.woff2': { type: 'font/woff2', etag: 'def', files: { identity: 'assets/font-x2.woff2' } },
  },
};

function answerTo(path: string, acceptEncoding?: string, ifNoneMatch?: string) {
  return assetAnswer(LIST, { path, acceptEncoding, ifNoneMatch });
}

test('the best encoding that the browser takes is sent', () => {
  const fileFor = (acceptEncoding?: string) => answerTo('/assets/main-x1.js', acceptEncoding)?.file;

  assert.equal(fileFor('gzip, deflate, br, zstd'), 'assets/main-x1.js.br');
  assert.equal(fileFor('gzip;q=0.5, br;q=0'), 'assets/main-x1.js.gz');
  assert.equal(fileFor('*'), 'assets/main-x1.js.br');
  assert.equal(fileFor('identity'), 'assets/main-x1.js');
  assert.equal(fileFor(), 'assets/main-x1.js');
});

test('a file that never changes is kept for a year, by encoding', () => {
  assert.deepEqual(answerTo('/assets/main-x1.js', 'br')?.headers, {
    'cache-control': 'public, max-age=31536000, immutable',
    etag: '"abc-br"',
    vary: 'accept-encoding',
    'content-type': 'text/javascript; charset=utf-8',
    'content-encoding': 'br',
  });
});

test('what the browser has already is not sent again, in that encoding only', () => {
  assert.equal(answerTo('/assets/main-x1.js', 'br', 'W/"zzz", W/"abc-br"')?.status, 304);
  assert.equal(answerTo('/assets/main-x1.js', 'br', '"abc-br"')?.file, undefined);
  assert.equal(answerTo('/assets/main-x1.js', 'gzip', '"abc-br"')?.status, 200);
});

test('only what the build listed is answered', () => {
  for (const path of ['/assets/../pages.json', '/assets/main-x1.js.br', '/restore.html', 'constructor', '__proto__'])
    assert.equal(answerTo(path), undefined, path);
});
