/** A device's key in tests, and the proofs made with it. Every part of a proof can be set, so that wrong ones can be made. */

import { generateKeyPairSync, hash, type KeyObject, randomUUID, sign } from 'node:crypto';

export interface ProofKey {
  readonly privateKey: KeyObject;
  readonly publicJwk: Readonly<Record<string, string>>;
  /** Thumbprint of RFC 7638. */
  readonly jkt: string;
}

export function newProofKey(): ProofKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' }) as Record<string, string>;
  const publicJwk = { crv, kty, x, y } as Readonly<Record<string, string>>;
  return { privateKey, publicJwk, jkt: hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url') };
}

export interface ProofFor {
  readonly method: string;
  readonly url: string | URL;
  readonly accessToken?: string | undefined;
  readonly nonce?: string | undefined;
  /** Claims in place of the right ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

export function proofOf(key: ProofKey, { method, url, accessToken, nonce, claims, header }: ProofFor): string {
  const { origin, pathname } = new URL(url);
  return signedJws(
    { typ: 'dpop+jwt', alg: 'ES256', jwk: key.publicJwk, ...header },
    {
      jti: randomUUID(),
      htm: method,
      htu: `${origin}${pathname}`,
      iat: Math.floor(Date.now() / 1000),
      ...(accessToken === undefined ? {} : { ath: hash('sha256', accessToken, 'base64url') }),
      ...(nonce === undefined ? {} : { nonce }),
      ...claims,
    },
    key.privateKey,
  );
}

export function signedJws(header: object, claims: object, privateKey: KeyObject): string {
  const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}
