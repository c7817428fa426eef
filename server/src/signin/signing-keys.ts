/**
 * The keys an organization signs tokens with, and what is derived from them: cookie keys and nonces.
 *
 * The newest signs; older ones stay in the published set for tokens already out. They are kept wrapped in the key store
 * and read again after a minute, so that every process learns of a new one.
 */

import { createPublicKey, generateKeyPair, hkdfSync, type KeyObject, type webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import type { Keys, Secret } from '../keys/keys.ts';

const KEPT_MS = 60_000;
type JsonWebKey = webcrypto.JsonWebKey;

/** A token with an unknown key id makes us look again, but not more often than this. */
const LOOK_AGAIN_MS = 2_000;

export interface SigningKeys {
  /** Changes when a key is added. */
  readonly version: string;
  /** Private keys as the provider wants them, newest first. */
  readonly jwks: readonly (JsonWebKey & { kid: string; alg: 'ES256'; use: 'sig' })[];
  readonly cookieKeys: readonly string[];
  /** 32 bytes. */
  readonly nonceSecret: Buffer;
  readonly formSecret: Buffer;
  publicKey(kid: string): KeyObject | undefined;
}

export interface SigningKeyRing {
  of(tenantId: string): Promise<SigningKeys>;
  findPublicKey(tenantId: string, kid: string): Promise<KeyObject | undefined>;
  /** From now on a new key signs. */
  rotate(tenantId: string): Promise<void>;
}

export function createSigningKeyRing(keys: Keys, now: () => Temporal.Instant): SigningKeyRing {
  const kept = new Map<string, { readonly ring: Promise<SigningKeys>; readonly readAt: number }>();

  const read = (tenantId: string, maxAgeMs: number): Promise<SigningKeys> => {
    const nowMs = now().epochMilliseconds;
    const found = kept.get(tenantId);
    if (found !== undefined && nowMs - found.readAt < maxAgeMs) return found.ring;
    const ring = keys.signingSecrets(tenantId, newSecret).then(ringFrom);
    kept.set(tenantId, { ring, readAt: nowMs });
    ring.catch(() => kept.delete(tenantId));
    return ring;
  };

  return {
    of: (tenantId) => read(tenantId, KEPT_MS),
    async findPublicKey(tenantId, kid) {
      const found = (await read(tenantId, KEPT_MS)).publicKey(kid);
      return found ?? (await read(tenantId, LOOK_AGAIN_MS)).publicKey(kid);
    },
    async rotate(tenantId) {
      await keys.signingSecrets(tenantId, newSecret);
      await keys.addSigningSecret(tenantId, await newSecret());
      kept.delete(tenantId);
    },
  };
}

/** A private key on P-256 as JSON. */
async function newSecret(): Promise<Uint8Array> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  return Buffer.from(JSON.stringify(privateKey.export({ format: 'jwk' })));
}

function ringFrom(secrets: readonly Secret[]): SigningKeys {
  const jwks = secrets.map(({ keyId, secret }) => ({
    ...(JSON.parse(Buffer.from(secret).toString('utf8')) as JsonWebKey),
    kid: keyId,
    alg: 'ES256' as const,
    use: 'sig' as const,
  }));
  const publicKeys = new Map(
    jwks.map(({ kid, kty, crv, x, y }) => [
      kid,
      createPublicKey({ key: { kty, crv, x, y } as JsonWebKey, format: 'jwk' }),
    ]),
  );
  const derived = (index: number, label: string): Buffer =>
    Buffer.from(hkdfSync('sha256', secrets[index]?.secret ?? '', '', `carryover ${label}`, 32));
  return {
    version: jwks.map(({ kid }) => kid).join(' '),
    jwks,
    cookieKeys: secrets.map((_, index) => derived(index, 'cookies').toString('base64url')),
    nonceSecret: derived(0, 'dpop nonces'),
    formSecret: derived(0, 'forms'),
    publicKey: (kid) => publicKeys.get(kid),
  };
}
