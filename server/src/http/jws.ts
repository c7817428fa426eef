/**
 * Signed tokens and proofs in the one form that we issue and accept: a compact JWS, ES256, with a stated type.
 *
 * Nothing is chosen by the sender: another algorithm, critical headers or a private key in a proof make it invalid.
 * The signature is checked off the event loop.
 *
 * Source: RFC 7515, RFC 7638, RFC 9068, RFC 9449; docs/decisions/2026-11-25-token-checks-at-the-api.md.
 */

import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';

/** Longest token or proof that is looked at, in characters. */
const MAX_CHARACTERS = 8192;

/** Public keys of devices kept ready; a key costs more to import than a map entry. */
const MAX_KEPT_KEYS = 2000;

export interface Jws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Undefined when it is not a compact JWS of this type signed with ES256. The signature is not checked yet. */
export function decodeJws(text: string, type: 'at+jwt' | 'dpop+jwt'): Jws | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const [head = '', body = '', signature = '', ...rest] = text.split('.');
  if (rest.length > 0 || ![head, body, signature].every((part) => /^[\w-]+$/.test(part))) return undefined;
  const [header, claims] = [objectFrom(head), objectFrom(body)];
  if (header === undefined || claims === undefined) return undefined;
  if (header['alg'] !== 'ES256' || header['typ'] !== type || 'crit' in header) return undefined;
  return { header, claims, signed: Buffer.from(`${head}.${body}`), signature: Buffer.from(signature, 'base64url') };
}

export function isSignedBy(jws: Jws, key: KeyObject): Promise<boolean> {
  if (jws.signature.length !== 64) return Promise.resolve(false);
  return new Promise((resolve) => {
    verify('sha256', jws.signed, { key, dsaEncoding: 'ieee-p1363' }, jws.signature, (error, valid) =>
      resolve(error === null && valid),
    );
  });
}

export interface ProofKey {
  readonly key: KeyObject;
  /** Thumbprint of RFC 7638. */
  readonly jkt: string;
}

const kept = new Map<string, ProofKey>();

/** Undefined when it is not a public key on P-256. */
export function proofKeyFrom(jwk: unknown): ProofKey | undefined {
  if (typeof jwk !== 'object' || jwk === null || 'd' in jwk) return undefined;
  const { kty, crv, x, y } = jwk as Readonly<Record<string, unknown>>;
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string') return undefined;
  const jkt = hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url');
  const found = kept.get(jkt);
  if (found !== undefined) return found;
  try {
    const made = { key: createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' }), jkt };
    if (kept.size >= MAX_KEPT_KEYS) kept.delete(kept.keys().next().value ?? '');
    kept.set(jkt, made);
    return made;
  } catch {
    return undefined;
  }
}

function objectFrom(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
