/**
 * Sealing: contents are encrypted and bound to where they belong.
 *
 * AES-256-GCM with a random 96-bit nonce. The additional data names format, key, tenant, user, profile, payload type
 * and content id, so a sealed content opens only in the very place it was sealed for: moved to another row, person or
 * tenant it is as broken as with a flipped bit.
 *
 * Shape: 1 byte format (1), 12 bytes nonce, the ciphertext, 16 bytes tag.
 * Source: NIST SP 800-38D; architecture.md "Sealing".
 */

import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import type { DataKey } from './keys.ts';

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** Where a content belongs; every field is part of the seal. */
export interface Place {
  readonly kind: 'unit' | 'manifest' | 'blob' | 'restoreItem' | 'restoreChoice';
  readonly tenantId: string;
  readonly userId: string;
  readonly profileId: string;
  /** Of a unit; empty for the other kinds. */
  readonly payloadType: string;
  /**
   * Content id of a unit, "<blob id>/<chunk>/<chunks>" of a blob's chunk, "<seq>/<mac>" of a manifest,
   * "<session>/<item digest>" of a restore's item, "<session>/" of its choice.
   */
  readonly contentId: string;
}

export function seal(key: DataKey, place: Place, plain: Uint8Array): Uint8Array {
  return sealBytes(key.key, additionalData(key.keyId, place), plain);
}

/** Errors: dataDamaged when the bytes, the key or the place are not those it was sealed with. */
export function open(key: DataKey, place: Place, sealed: Uint8Array): Uint8Array {
  return openBytes(key.key, additionalData(key.keyId, place), sealed);
}

/** A JSON array of texts: no two places have the same, whatever the fields contain. */
export function additionalData(keyId: string, place: Place): string {
  const { kind, tenantId, userId, profileId, payloadType, contentId } = place;
  return JSON.stringify([FORMAT, keyId, kind, tenantId, userId, profileId, payloadType, contentId]);
}

/** Random bytes drawn for many nonces at once: a draw costs as much as sealing 10 kB. Each is used once. */
const drawn = new Uint8Array(NONCE_BYTES * 256);
let used = drawn.length;

function nextNonce(): Uint8Array {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += NONCE_BYTES;
  return drawn.slice(used - NONCE_BYTES, used);
}

export function sealBytes(key: Uint8Array, additional: string, plain: Uint8Array): Uint8Array {
  // Memory of its own: a view of a shared pool would take the pool along to the writer thread.
  const sealed = new Uint8Array(plain.length + OVERHEAD_BYTES);
  sealed[0] = FORMAT;
  const nonce = nextNonce();
  sealed.set(nonce, 1);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(additional));
  sealed.set(cipher.update(plain), 1 + NONCE_BYTES);
  cipher.final();
  sealed.set(cipher.getAuthTag(), sealed.length - TAG_BYTES);
  return sealed;
}

/** Errors: dataDamaged. */
export function openBytes(key: Uint8Array, additional: string, sealed: Uint8Array): Uint8Array {
  if (sealed.length < OVERHEAD_BYTES || sealed[0] !== FORMAT) throw damaged();
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(additional));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plain = decipher.update(sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES));
  try {
    decipher.final();
  } catch (cause) {
    throw damaged(cause);
  }
  return plain;
}

function damaged(cause?: unknown): KnownError {
  const message = 'What is stored here is damaged or was moved. Ask your IT to check the service.';
  return new KnownError('dataDamaged', message, { cause });
}
