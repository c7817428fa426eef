/**
 * Pages of a collection, as Graph has them: size by `Prefer: odata.maxpagesize`, continuation by an opaque $skiptoken.
 *
 * A $skiptoken carries where the page ended and a MAC, so it works after a restart but cannot be made up, and not at
 * another address. Links are made from PUBLIC_URL, never from the Host header.
 *
 * Source: graph-api.md sections 1 and 2.2 (1 to 200, default 110).
 */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import type { FastifyRequest } from 'fastify';

const DEFAULT_PAGE_SIZE = 110;
const MAX_PAGE_SIZE = 200;

interface Page {
  readonly top: number;
  /** Where the page before ended; undefined for the first. */
  readonly after: string | undefined;
}

export interface Pages {
  /** Errors: invalidRequest (inner skiptoken) for a token not made here; start again without it. */
  pageFrom(request: FastifyRequest): Page;
  /**
   * The envelope of one page. `items` may hold one more than asked for: that there is more is all it says.
   * `context` is what stands after "$metadata#".
   */
  collection<Item>(
    request: FastifyRequest,
    page: Page,
    shown: { items: readonly Item[]; keyOf: (item: Item) => string; toValue: (item: Item) => unknown; context: string },
  ): Readonly<Record<string, unknown>>;
}

/** `secret`: at least 32 bytes, the same for all processes of a deployment. */
export function createPages(publicUrl: string, secret: Uint8Array): Pages {
  return {
    pageFrom(request) {
      const token = (request.query as Readonly<Record<string, unknown>>)['$skiptoken'];
      return {
        top: sizeFrom(request.headers['prefer']),
        after: token === undefined ? undefined : opened(pathOf(request), token),
      };
    },

    collection(request, page, { items, keyOf, toValue, context }) {
      const shown = items.slice(0, page.top);
      const last = shown.at(-1);
      const version = pathOf(request).split('/')[1] ?? 'v1.0';
      const next = last !== undefined && items.length > page.top ? nextLink(request, keyOf(last)) : undefined;
      return {
        '@odata.context': `${publicUrl}/${version}/$metadata#${context}`,
        ...(next === undefined ? {} : { '@odata.nextLink': next }),
        value: shown.map(toValue),
      };
    },
  };

  function nextLink(request: FastifyRequest, key: string): string {
    const url = new URL(publicUrl + request.url);
    url.searchParams.delete('$skiptoken');
    const rest = url.searchParams.size === 0 ? '' : `${url.searchParams}&`;
    return `${publicUrl}${url.pathname}?${rest}$skiptoken=${sealed(pathOf(request), key)}`;
  }

  function sealed(path: string, key: string): string {
    const body = Buffer.from(key, 'utf8');
    return Buffer.concat([macOf(path, body), body]).toString('base64url');
  }

  function opened(path: string, token: unknown): string {
    const bytes = typeof token === 'string' ? Buffer.from(token, 'base64url') : Buffer.alloc(0);
    const [mac, body] = [bytes.subarray(0, 16), bytes.subarray(16)];
    if (mac.length < 16 || !timingSafeEqual(mac, macOf(path, body)))
      throw new KnownError('invalidRequest', 'This $skiptoken is not valid here. Start again without it.', {
        inner: 'skiptoken',
      });
    return body.toString('utf8');
  }

  function macOf(path: string, body: Buffer): Buffer {
    return createHmac('sha256', secret).update(`skiptoken\n${path}\n`).update(body).digest().subarray(0, 16);
  }
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

/** Errors: invalidRequest. A Prefer header without a page size is fine. */
function sizeFrom(prefer: string | string[] | undefined): number {
  const text = [prefer ?? []].flat().join(',');
  const [, size] = /odata\.maxpagesize\s*=\s*"?([^",;\s]*)/i.exec(text) ?? [];
  if (size === undefined) return DEFAULT_PAGE_SIZE;
  const value = Number(size);
  if (Number.isInteger(value) && value >= 1 && value <= MAX_PAGE_SIZE) return value;
  throw new KnownError('invalidRequest', `odata.maxpagesize must be a whole number from 1 to ${MAX_PAGE_SIZE}.`, {
    inner: 'pageSize',
  });
}
