/**
 * The short-lived session after a check-in: a message code with a shared key instead of two signatures a request.
 *
 * It lives in the memory of one run only. Source: model/src/wire.ts, SessionGrant.
 */

import { createHash, createHmac } from 'node:crypto';
import type { SessionGrant } from '@carryover/model/wire';

export interface Session {
  /** The `Authorization` header of the next request; undefined when the session has run out. */
  authorization(request: SessionRequest): string | undefined;
}

interface SessionRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: Uint8Array | string | undefined;
}

/** A session ends this much early, so that a request on its way does not arrive too late. In milliseconds. */
const MARGIN_MS = 5000;

/** `monotonicMs` is a clock that never jumps: the device's wall clock may be set in between. */
export function sessionFrom({ id, key, expiresInSeconds }: SessionGrant, monotonicMs: () => number): Session {
  const endsAt = monotonicMs() + expiresInSeconds * 1000 - MARGIN_MS;
  const secret = Buffer.from(key, 'hex');
  let count = 0;
  return {
    authorization({ method, url, body }) {
      if (monotonicMs() >= endsAt) return undefined;
      count += 1;
      const digest = createHash('sha256')
        .update(body ?? '')
        .digest('hex');
      const mac = createHmac('sha256', secret)
        .update(`${count}\n${method}\n${url.pathname}${url.search}\n${digest}`)
        .digest('hex');
      return `CarryoverSession id=${id}, n=${count}, mac=${mac}`;
    },
  };
}
