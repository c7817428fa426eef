import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NONCE_PLACEHOLDER, pageContentSecurityPolicy, pageWithNonce } from './page-policy.ts';

const NONCE = 'bm9uY2Ugb2YgMTYgYnl0ZXM=';

test('a page runs and loads only what is its own; styles may also carry the nonce', () => {
  const policy = pageContentSecurityPolicy(NONCE);

  assert.match(policy, /(^|; )default-src 'none'(;|$)/);
  assert.match(policy, /(^|; )script-src 'self'(;|$)/);
  assert.ok(policy.includes(`style-src 'self' 'nonce-${NONCE}'`));
  assert.doesNotMatch(policy, /unsafe|https?:|\*|data:/);
});

test('the nonce of an answer stands everywhere in its page', () => {
  const template = `<meta nonce="${NONCE_PLACEHOLDER}"><link nonce="${NONCE_PLACEHOLDER}">`;

  assert.equal(pageWithNonce(template, NONCE), `<meta nonce="${NONCE}"><link nonce="${NONCE}">`);
});

test('what is no nonce does not get into the header or the page', () => {
  for (const wrong of ['', 'short', "x'; script-src *; '", `${NONCE}\r\nset-cookie: a=b`]) {
    assert.throws(() => pageContentSecurityPolicy(wrong), /nonce/, wrong);
    assert.throws(() => pageWithNonce('', wrong), /nonce/, wrong);
  }
});
