/**
 * An upload on its way in: judged by its head and its digests, then sealed, ready for one command.
 *
 * Contents are not opened here. What is checked is what keeps the store right: the bytes are those that were sent, each
 * is named by the manifest, and the manifest is the one its MAC was made over.
 */

import { createHmac, hash, randomUUID, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '@carryover/model/canonical';
import { KnownError } from '@carryover/model/errors';
import type { Part, Parts } from '@carryover/model/parts';
import { type Manifest, manifestJson } from '@carryover/model/snapshot';
import { APPS_PAYLOAD_TYPE, type BlobRef, MAX_PLAIN_BYTES } from '@carryover/model/unit';
import type { SnapshotHead } from '@carryover/model/wire';
import type { Owner } from '../db/schema.ts';
import type { DataKey } from '../keys/keys.ts';
import { seal } from '../keys/sealing.ts';
import { digestAt, manifestFrom } from './manifest.ts';
import { blobKeyOf, CHUNK_BYTES, chunkCountOf, chunkPlace, manifestPlace, unitIdOf, unitPlace } from './places.ts';
import type { SealedBlob, SealedSnapshot, SealedUnit } from './store.ts';

/** zstd of what does not compress is a little larger than it was. */
const MAX_PAYLOAD_BYTES = MAX_PLAIN_BYTES + 64 * 1024;

export interface Judged {
  readonly manifest: Manifest;
  /** What the MAC was made over, and what is stored. */
  readonly manifestText: string;
  readonly mac: string;
  readonly units: ReadonlyMap<string, Uint8Array>;
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

/** Errors: invalidRequest (inner "badManifest", "wrongMac", "foreignPart", "wrongDigest"), requestTooLarge. */
export function judged({ head, contents }: Parts<SnapshotHead>, digestKey: Uint8Array): Judged {
  const manifest = manifestFrom(head.manifest);
  const mac = digestAt(head.mac, 'mac');
  const manifestText = canonicalJson(manifestJson(manifest));
  const right = createHmac('sha256', digestKey).update(manifestText).digest();
  if (!timingSafeEqual(right, Buffer.from(mac, 'hex')))
    throw invalid('wrongMac', 'The MAC is not that of the manifest. Check in again, then back up.');
  const units = new Map<string, Uint8Array>();
  const blobs = new Map<string, Uint8Array>();
  const named = { unit: contentIdsOf(manifest), blob: new Map(blobsOf(manifest).map((blob) => [blob.blobId, blob])) };
  for (const [at, part] of head.parts.entries()) {
    const content = contents[at] ?? new Uint8Array();
    const known = part.kind === 'unit' ? named.unit.has(part.id) : named.blob.get(part.id)?.bytes === content.length;
    const into = part.kind === 'unit' ? units : blobs;
    if (!known) throw invalid('foreignPart', 'A part is not one that the manifest names.');
    if (part.kind === 'unit' && content.length > MAX_PAYLOAD_BYTES)
      throw new KnownError(
        'requestTooLarge',
        `A unit may have ${MAX_PLAIN_BYTES} bytes; send pictures and files as blobs.`,
      );
    mustMatch(part, content);
    // The same content under two payload types may come twice.
    into.set(part.id, content);
  }
  return { manifest, manifestText, mac, units, blobs };
}

function mustMatch(part: Part, content: Uint8Array): void {
  if (hash('sha256', content, 'hex') !== part.sha256)
    throw invalid('wrongDigest', 'A part was damaged on the way. Send it again.');
}

function contentIdsOf(manifest: Manifest): Set<string> {
  return new Set(manifest.units.map(({ contentId }) => contentId));
}

function blobsOf(manifest: Manifest): readonly BlobRef[] {
  return [...new Map(manifest.units.flatMap(({ blobs }) => blobs).map((blob) => [blob.blobId, blob])).values()];
}

export interface SealedFor {
  readonly owner: Owner;
  readonly profileId: string;
  readonly requestId: string;
  readonly keep: number;
  readonly key: DataKey;
}

/** Everything encrypted and named as rows are; nothing readable is left in it but counts and names of categories. */
export function sealedSnapshot(upload: Judged, { owner, profileId, requestId, keep, key }: SealedFor): SealedSnapshot {
  const { manifest, manifestText, mac } = upload;
  const seq = (manifest.previous?.seq ?? 0) + 1;
  const apps = manifest.units.find(({ payloadType }) => payloadType === APPS_PAYLOAD_TYPE)?.settingCount ?? 0;
  const all = manifest.units.reduce((sum, { settingCount }) => sum + settingCount, 0);
  return {
    profileId,
    requestId,
    keep,
    seq,
    mac,
    previous: manifest.previous,
    contentDigest: contentDigestOf(manifest),
    keyId: key.keyId,
    manifest: seal(key, manifestPlace(owner, profileId, { seq, mac }), Buffer.from(manifestText)),
    agentVersion: manifest.agentVersion,
    catalogVersion: manifest.catalogVersion,
    settingCount: all - apps,
    appCount: apps,
    categories: manifest.categories,
    units: manifest.units.map((unit): SealedUnit => {
      const { payloadType, category, contentId, settingCount, plainBytes } = unit;
      const content = upload.units.get(contentId);
      return {
        unitId: unitIdOf(profileId, payloadType, contentId),
        instanceId: randomUUID(),
        payloadType,
        category,
        contentId,
        settingCount,
        plainBytes,
        sealed: content === undefined ? null : seal(key, unitPlace(owner, profileId, unit), content),
      };
    }),
    blobs: blobsOf(manifest).map(({ blobId, bytes }): SealedBlob => {
      const content = upload.blobs.get(blobId);
      const chunks = content === undefined ? null : chunksOf(content);
      return {
        blobKey: blobKeyOf(profileId, blobId),
        blobId,
        bytes,
        chunks:
          chunks?.map((chunk, index) =>
            seal(key, chunkPlace(owner, profileId, { blobId, index, count: chunks.length }), chunk),
          ) ?? null,
      };
    }),
  };
}

function chunksOf(content: Uint8Array): Uint8Array[] {
  return Array.from({ length: chunkCountOf(content.length) }, (_, index) =>
    content.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES),
  );
}

/** Equal when nothing that is kept differs; see sameContent in the model. */
function contentDigestOf(manifest: Manifest): string {
  const units = manifest.units.map(({ payloadType, contentId }) => [payloadType, contentId]);
  return hash('sha256', JSON.stringify([manifest.categories, units]), 'hex');
}

function invalid(inner: string, message: string): KnownError {
  return new KnownError('invalidRequest', message, { inner });
}
