/** Opens what a device compressed, never further than it declared: a bomb ends at the first byte too many. */

import { zstdDecompressSync } from 'node:zlib';
import { KnownError } from '@carryover/model/errors';
import { MAX_PLAIN_BYTES } from '@carryover/model/unit';

/** Errors: dataDamaged when it is not zstd, or not of the declared size. */
export function unpacked(payload: Uint8Array, plainBytes: number): Uint8Array {
  let plain: Uint8Array;
  try {
    // One byte at least: no limit at all is what zero would mean.
    plain = zstdDecompressSync(payload, { maxOutputLength: Math.max(1, Math.min(plainBytes, MAX_PLAIN_BYTES)) });
  } catch (cause) {
    throw new KnownError('dataDamaged', 'A stored content cannot be unpacked.', { cause });
  }
  if (plain.length !== plainBytes) throw new KnownError('dataDamaged', 'A stored content has not its declared size.');
  return plain;
}
