/**
 * ETags of documents: which version a client read, so that a change overwrites nothing that it did not see.
 *
 * Without If-Match, or with "*", whatever there is is changed, as Graph does.
 *
 * Source: RFC 9110, section 13.1.1; OData 4.01, section 8.2.4.
 */

import { KnownError } from '@carryover/model/errors';
import type { FastifyRequest } from 'fastify';

/** Of a document's version, as it travels in `@odata.etag`. */
export function etagOf(version: number): string {
  return `W/"${version}"`;
}

/** The version that the client read; undefined without If-Match, or with "*". Errors: invalidRequest (inner etag). */
export function versionFrom({ headers }: Pick<FastifyRequest, 'headers'>): number | undefined {
  const tag = headers['if-match']?.trim();
  if (tag === undefined || tag === '*') return undefined;
  const [, version] = /^(?:W\/)?"(\d{1,15})"$/.exec(tag) ?? [];
  if (version === undefined)
    throw new KnownError('invalidRequest', 'If-Match takes one @odata.etag as it was given, or *.', { inner: 'etag' });
  return Number(version);
}
