/**
 * Proofs that a request comes from the holder of this person's key on this device.
 *
 * A proof names method and address of one request and, where there is one, the access token it goes with; the service
 * accepts each once. The time in it is the service's, not the device's.
 *
 * Source: RFC 9449.
 */

import { createHash, createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { DeviceKeyState } from '../state/state.ts';
import { type ServiceClock, secondsOf } from './clock.ts';

interface ProofFor {
  readonly method: string;
  readonly url: URL;
  /** At the service's API; absent at the sign-in. */
  readonly accessToken?: string | undefined;
}

type ProofKind = 'sign-in' | 'api';

export interface Proofs {
  /** RFC 7638 thumbprint of the key, base64url: what tokens are bound to. */
  readonly thumbprint: string;
  /** The private key as JWK, for the sign-in. */
  readonly privateJwk: DeviceKeyState['privateJwk'];
  /** A new proof, as the `DPoP` header wants it. */
  proof(request: ProofFor): string;
  /** Keeps the nonce a server wants in the next proof: the sign-in and the API each have their own (RFC 9449, section 9). */
  learnNonce(kind: ProofKind, nonce: string | string[] | undefined): void;
}

/** A new key, made once per enrollment. */
export function newDeviceKey(): DeviceKeyState {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateJwk: privateKey.export({ format: 'jwk' }) as Record<string, string> };
}

export function proofsOf({ privateJwk }: DeviceKeyState, clock: ServiceClock): Proofs {
  const { crv, kty, x, y } = privateJwk;
  const key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' });
  const header = encoded({ typ: 'dpop+jwt', alg: 'ES256', jwk: { crv, kty, x, y } });
  const nonces = new Map<ProofKind, string>();
  return {
    thumbprint: thumbprintOf(privateJwk),
    privateJwk,
    proof({ method, url, accessToken }) {
      const nonce = nonces.get(accessToken === undefined ? 'sign-in' : 'api');
      const claims = encoded({
        jti: randomUUID(),
        htm: method,
        htu: `${url.origin}${url.pathname}`,
        iat: secondsOf(clock.now()),
        ...(accessToken === undefined ? {} : { ath: digest(accessToken) }),
        ...(nonce === undefined ? {} : { nonce }),
      });
      const input = `${header}.${claims}`;
      const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
      return `${input}.${signature.toString('base64url')}`;
    },
    learnNonce(kind, nonce) {
      if (typeof nonce === 'string') nonces.set(kind, nonce);
    },
  };
}

/** What a token is bound to: the digest of the public key. Source: RFC 7638. */
export function thumbprintOf({ crv, kty, x, y }: DeviceKeyState['privateJwk']): string {
  return digest(JSON.stringify({ crv, kty, x, y }));
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
