/**
 * Names of rows and the places contents are sealed for: made from what a content is, the same in every process.
 *
 * Equal content of one profile has an equal row id, so it is stored once; the same content of another profile has
 * another, because it is sealed with another key.
 */

import { hash } from 'node:crypto';
import type { Owner } from '../db/schema.ts';
import type { Place } from '../keys/sealing.ts';

/** Contents are sealed in pieces of this size, so that none has to be read whole into a row. */
export const CHUNK_BYTES = 256 * 1024;

export function unitIdOf(profileId: string, payloadType: string, contentId: string): string {
  return digestOf(['unit', profileId, payloadType, contentId]);
}

export function blobKeyOf(profileId: string, blobId: string): string {
  return digestOf(['blob', profileId, blobId]);
}

/** Shape: 32 hex digits. Content ids are keyed digests already; what is cut off here only has to stay distinct. */
function digestOf(names: readonly string[]): string {
  return hash('sha256', JSON.stringify(names), 'hex').slice(0, 32);
}

export function unitPlace(owner: Owner, profileId: string, unit: { payloadType: string; contentId: string }): Place {
  const { payloadType, contentId } = unit;
  return { kind: 'unit', tenantId: owner.tenantId, userId: owner.userId, profileId, payloadType, contentId };
}

export function manifestPlace(owner: Owner, profileId: string, snapshot: { seq: number; mac: string }): Place {
  const contentId = `${snapshot.seq}/${snapshot.mac}`;
  return { kind: 'manifest', tenantId: owner.tenantId, userId: owner.userId, profileId, payloadType: '', contentId };
}

/** A chunk knows which of how many it is: none can be left out, repeated or moved. */
export function chunkPlace(
  owner: Owner,
  profileId: string,
  chunk: { blobId: string; index: number; count: number },
): Place {
  const contentId = `${chunk.blobId}/${chunk.index}/${chunk.count}`;
  return { kind: 'blob', tenantId: owner.tenantId, userId: owner.userId, profileId, payloadType: '', contentId };
}

export function chunkCountOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}
