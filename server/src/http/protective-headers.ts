/**
 * Headers that every answer carries, pages of the sign-in and errors among them: a browser runs nothing, frames nothing
 * and guesses nothing of what we send. A page that needs more says so by a content-security-policy of its own.
 *
 * The same for every request, so they are put together once.
 *
 * Source: OWASP Secure Headers Project; Fetch (cross-origin-resource-policy), HTML (cross-origin-opener-policy).
 */

import type { FastifyInstance } from 'fastify';

const ALWAYS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  // Nothing goes to other sites; with "no-referrer" browsers would hide from us, too, that a form is our own (Origin: null).
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

/** A year: browsers that came by TLS once come by TLS only. */
const TLS_ONLY = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

export function protectAnswers(app: FastifyInstance, publicUrl: string): void {
  const headers = Object.entries({ ...ALWAYS, ...(publicUrl.startsWith('https:') ? TLS_ONLY : {}) });
  app.addHook('onRequest', (_request, reply, done) => {
    // On the raw answer: the sign-in writes some answers past Fastify.
    for (const [name, value] of headers) reply.raw.setHeader(name, value);
    done();
  });
}
