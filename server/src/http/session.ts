/**
 * Sessions: for a minute after a check-in, a MAC per request instead of two signature checks.
 *
 * A session belongs to the caller it was granted to: same person, device, resource and scopes. It lives in this
 * process's memory only; whoever meets a process that does not know it goes on with DPoP.
 *
 * Source: model/wire.ts (SessionGrant); docs/decisions/2026-11-25-device-sessions.md.
 */

import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import type { SessionGrant } from '@carryover/model/wire';
import type { Caller } from './caller.ts';

/** The Authorization scheme in lower case. */
export const SESSION_SCHEME = 'carryoversession';
const LIFETIME_SECONDS = 60;
const MAX_SESSIONS = 100_000;
const EMPTY = Buffer.alloc(0);

export interface Session {
  readonly caller: Caller;
  readonly key: Buffer;
  readonly expiresAtMs: number;
  /** Count of the last request that was accepted. */
  lastCount: number;
}

/** What a request claims: which session, which count, which MAC. */
interface SessionClaim {
  readonly found: Session;
  readonly count: number;
  readonly mac: string;
}

export interface Sessions {
  grant(caller: Caller): SessionGrant;
  /** Errors: unauthenticated, inner sessionExpired, when unknown, expired or malformed. */
  find(credentials: string): SessionClaim;
  /** Errors: unauthenticated, inner sessionExpired (count does not grow) or proofInvalid (wrong MAC). */
  check(claim: SessionClaim, request: { method: string; target: string; body: Buffer | undefined }): void;
  /** Ends the sessions of a device, e.g. when it is unenrolled. */
  end(deviceId: string): void;
}

export function createSessions(now: () => Temporal.Instant): Sessions {
  // In the order of granting, which is the order of expiry.
  const sessions = new Map<string, Session>();

  return {
    grant(caller) {
      const nowMs = now().epochMilliseconds;
      for (const [id, { expiresAtMs }] of sessions) {
        if (expiresAtMs > nowMs && sessions.size < MAX_SESSIONS) break;
        sessions.delete(id);
      }
      const random = randomBytes(48);
      const [id, key] = [random.toString('hex', 0, 16), random.subarray(16)];
      sessions.set(id, { caller, key, expiresAtMs: nowMs + LIFETIME_SECONDS * 1000, lastCount: 0 });
      return { id, key: key.toString('hex'), expiresInSeconds: LIFETIME_SECONDS };
    },

    find(credentials) {
      const [, id = '', count = '', mac = ''] =
        /^id=([0-9a-f]{32}), ?n=(\d{1,15}), ?mac=([0-9a-f]{64})$/.exec(credentials) ?? [];
      const found = sessions.get(id);
      if (found === undefined || found.expiresAtMs <= now().epochMilliseconds) throw expired();
      return { found, count: Number(count), mac };
    },

    check({ found, count, mac }, { method, target, body }) {
      const digest = hash('sha256', body ?? EMPTY, 'hex');
      const expected = createHmac('sha256', found.key).update(`${count}\n${method}\n${target}\n${digest}`).digest();
      if (!timingSafeEqual(expected, Buffer.from(mac, 'hex')))
        throw new KnownError('unauthenticated', 'The MAC of this request is wrong.', { inner: 'proofInvalid' });
      if (count <= found.lastCount) throw expired();
      found.lastCount = count;
    },

    end(deviceId) {
      for (const [id, { caller }] of sessions) if (caller.deviceId === deviceId) sessions.delete(id);
    },
  };
}

function expired(): KnownError {
  return new KnownError('unauthenticated', 'This session is over. Go on with a DPoP proof.', {
    inner: 'sessionExpired',
  });
}
