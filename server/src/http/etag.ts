/**
 * ETags of documents that several administrators may edit: the version of a row, sent back as If-Match, so that nobody
 * overwrites what they did not see.
 *
 * Source: RFC 9110 13.1.1; OData 4.01 Protocol 11.4.1.1 (@odata.etag).
 */

import { KnownError } from '@carryover/model/errors';
import type { FastifyRequest } from 'fastify';

/** Which version this is; a client sends it back as If-Match. */
export function etagOf(version: number): string {
  return `W/"${version}"`;
}

/** Undefined without If-Match, or with "*". Errors: invalidRequest (inner etag). */
export function versionFrom({ headers }: FastifyRequest): number | undefined {
  const tag = headers['if-match']?.trim();
  if (tag === undefined || tag === '*') return undefined;
  const [, version] = /^(?:W\/)?"(\d{1,15})"$/.exec(tag) ?? [];
  if (version === undefined)
    throw new KnownError('invalidRequest', 'If-Match takes one @odata.etag as it was given, or *.', { inner: 'etag' });
  return Number(version);
}

/** Errors: resourceModified when the row is no longer the version that a change was made from; undefined is any. */
export function mustBeVersion(ifVersion: number | undefined, version: number): void {
  if (ifVersion !== undefined && ifVersion !== version)
    throw new KnownError('resourceModified', 'Somebody changed this meanwhile. Read it again, then change it.');
}
