/**
 * Snapshots: taking one in, giving one out.
 *
 * The door of this context; routes and other contexts call these functions and no others. An upload is sealed here and
 * committed by one command, so a visible snapshot is complete and an acknowledged one is durable. What a payload says
 * is not read on the way in: the validator opens it afterwards, before the snapshot becomes the default offer.
 */

import { createHash } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import type { Part, Parts } from '@carryover/model/parts';
import type { Category } from '@carryover/model/setting';
import type { Manifest } from '@carryover/model/snapshot';
import type { SnapshotContentHead, SnapshotHead, SnapshotLine } from '@carryover/model/wire';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import type { Keys } from '../keys/keys.ts';
import { open } from '../keys/sealing.ts';
import { chunkCountOf, chunkPlace, manifestPlace, unitPlace } from './places.ts';
import {
  deviceNames,
  getBlobRows,
  getSnapshotRow,
  listHeadRows,
  listManifestRowsOfBlob,
  listSnapshotRows,
  listUnitRows,
  type UnitRow,
} from './rows.ts';
import { commitSnapshot, profileDeleted } from './store.ts';
import { unpacked } from './unpack.ts';
import { judged, sealedSnapshot } from './upload.ts';

/** Where backups are kept and what opens them. */
export interface Storage {
  readonly store: Store;
  readonly keys: Keys;
  /** Told of every snapshot stored: the validator's door. */
  readonly received?: (snapshot: SnapshotRef) => void;
}

export interface SnapshotRef extends Owner {
  readonly profileId: string;
  readonly seq: number;
}

export interface Upload {
  readonly owner: Owner;
  /** The profile of the device that sends it, as registered with its key. */
  readonly profileId: string;
  /** Idempotency key of the request: the same twice is committed once and answered alike. */
  readonly requestId: string;
  /** As decoded from the body; its head is judged here, not by the route. */
  readonly parts: Parts<SnapshotHead>;
  /** How many snapshots of the profile are kept, the newest good one always among them. Default 12. */
  readonly keep?: number;
  readonly now: Temporal.Instant;
}

export interface Committed {
  readonly seq: number;
  readonly mac: string;
  /** False when nothing had changed and only the time of the last backup advanced. */
  readonly stored: boolean;
  readonly lastBackupAt: Temporal.Instant;
}

/**
 * Stores an upload whole or not at all; resolves when it is durable.
 *
 * Errors: invalidRequest (inner "wrongDigest", "wrongMac", "foreignPart", "badManifest"), requestTooLarge,
 * conflict (inner "profileDeleted", inner "partsMissing" with details.units and details.blobs, inner "notPrevious" with
 * details.head), storageFull.
 */
export async function commitUpload(storage: Storage, upload: Upload): Promise<Committed> {
  const { owner, profileId, requestId, parts, keep = KEPT_SNAPSHOTS, now } = upload;
  const { tenantId, userId } = owner;
  const taken = judged(parts, await storage.keys.digestKey(owner));
  const key = await storage.keys.profileKey(owner, profileId).catch((error: unknown) => {
    // A profile that was erased has no key any more, and another is never made for it.
    throw error instanceof KnownError && error.code === 'itemNotFound' ? profileDeleted() : error;
  });
  const sealed = sealedSnapshot(taken, { owner, profileId, requestId, keep, key });
  const receipt = await storage.store.write(commitSnapshot, { tenantId, userId }, sealed, now.epochMilliseconds);
  if (receipt.stored) storage.received?.({ tenantId, userId, profileId, seq: receipt.seq });
  return { ...receipt, lastBackupAt: Temporal.Instant.fromEpochMilliseconds(receipt.lastBackupAt) };
}

/** How many snapshots of a profile are kept unless policy says otherwise. */
const KEPT_SNAPSHOTS = 12;

export interface Wanted {
  readonly profileId: string;
  readonly seq: number;
  /** Categories that policy and preferences allow now; the others are withheld. */
  readonly categories: readonly Category[];
}

/** A snapshot as a device gets it: hand both to encodeParts. Contents are the units, in the order of head.parts. */
export interface SnapshotContent {
  readonly head: SnapshotContentHead & { readonly parts: readonly Part[] };
  readonly contents: readonly Uint8Array[];
}

/** Errors: itemNotFound (not this person's, deleted, not checked or damaged), dataDamaged. */
export async function snapshotContent(storage: Storage, owner: Owner, wanted: Wanted): Promise<SnapshotContent> {
  const { profileId, seq, categories } = wanted;
  const { row, manifest } = await openedManifest(storage, owner, { profileId, seq });
  const units = await listUnitRows(storage.store, owner, { profileId, seq, categories });
  const wantedCount = manifest.units.filter(({ category }) => categories.includes(category)).length;
  // Retention may have taken it between the two looks; a part of a snapshot is never given out.
  if (units.length !== wantedCount)
    throw new KnownError('itemNotFound', 'This backup is no longer kept. Choose another.');
  const contents = await Promise.all(units.map((unit) => openedPayload(storage, owner, unit)));
  const parts = units.map(({ content_id }, at): Part => {
    const content = contents[at] ?? new Uint8Array();
    return { kind: 'unit', id: content_id, bytes: content.length, sha256: sha256(content) };
  });
  const present = new Set(manifest.units.map(({ category }) => category));
  const head = {
    profileId,
    seq,
    takenAt: instant(row.taken_at).toString(),
    manifest,
    withheld: [...present].filter((category) => !categories.includes(category)),
    parts,
  };
  return { head, contents };
}

/** The bytes of one picture or file. Errors: itemNotFound, dataDamaged. */
export async function blobContent(
  { store, keys }: Storage,
  owner: Owner,
  { profileId, blobId }: { readonly profileId: string; readonly blobId: string },
): Promise<Uint8Array> {
  const { row, chunks } = await getBlobRows(store, owner, { profileId, blobId });
  const key = await keys.openingKey(owner, profileId, row.key_id);
  const count = chunkCountOf(row.bytes);
  if (chunks.length !== count) throw damaged();
  const content = Buffer.concat(
    chunks.map((sealed, index) => open(key, chunkPlace(owner, profileId, { blobId, index, count }), sealed)),
  );
  if (content.length !== row.bytes) throw damaged();
  return content;
}

/**
 * The categories that a picture or file belongs to, by the manifests that name it.
 *
 * Newest first, and no further than the first that is among `allowed`: one manifest is opened where nothing is off.
 * Errors: itemNotFound when no backup that can be restored holds it; dataDamaged.
 */
export async function categoriesOfBlob(
  storage: Storage,
  owner: Owner,
  { profileId, blobId, allowed }: { profileId: string; blobId: string; allowed: readonly Category[] },
): Promise<Category[]> {
  const found = new Set<Category>();
  for (const row of await listManifestRowsOfBlob(storage.store, owner, { profileId, blobId })) {
    const { units } = await opened(storage, owner, { ...row, profileId });
    for (const { category, blobs } of units) if (blobs.some((blob) => blob.blobId === blobId)) found.add(category);
    if (allowed.some((category) => found.has(category))) break;
  }
  if (found.size === 0) throw new KnownError('itemNotFound', 'There is no such picture or file.');
  return [...found];
}

/** The manifest alone. Errors: itemNotFound, dataDamaged. */
export async function manifestOf(
  storage: Storage,
  owner: Owner,
  snapshot: { readonly profileId: string; readonly seq: number },
): Promise<Manifest> {
  return (await openedManifest(storage, owner, snapshot)).manifest;
}

/** A profile's snapshots, newest first. Errors: itemNotFound when the profile is not this person's or deleted. */
export async function listSnapshots(store: Store, owner: Owner, profileId: string): Promise<SnapshotLine[]> {
  const rows = await listSnapshotRows(store, owner, profileId);
  return rows.map((row) => ({
    seq: row.seq,
    takenAt: instant(row.taken_at).toString(),
    settingCount: row.setting_count,
    appCount: row.app_count,
    state: row.state as SnapshotLine['state'],
    thin: row.thin === 1,
  }));
}

/** What Graph shows as one windowsSetting with its one instance. */
export interface OpenedHead {
  /** "{<profile id>}$<payload type>". */
  readonly settingId: string;
  readonly instanceId: string;
  readonly payloadType: string;
  readonly profileId: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly createdAt: Temporal.Instant;
  /** By the service's clock: when the content last became current. */
  readonly modifiedAt: Temporal.Instant;
  readonly expiresAt: Temporal.Instant;
  /** The content as UTF-8 JSON (canonical). */
  readonly content: Uint8Array;
}

export interface HeadsPage {
  /** At most so many. */
  readonly top: number;
  /** Setting id of the last one already seen. */
  readonly after?: string;
  /** Only this one. */
  readonly settingId?: string;
  /** Only this profile's. */
  readonly profileId?: string;
}

/**
 * A person's current contents over all devices, by setting id; deleted profiles are left out.
 *
 * Errors: dataDamaged. A content that the validator found damaged is not listed; one that it has not opened yet is
 * opened here under the same limits.
 */
export async function listHeads(storage: Storage, owner: Owner, page: HeadsPage): Promise<OpenedHead[]> {
  const rows = await listHeadRows(storage.store, owner, page);
  const ids = rows.map(({ device_id }) => device_id);
  const names = await deviceNames(storage.store, owner.tenantId, ids);
  return await Promise.all(
    rows.map(async (row) => ({
      settingId: row.setting_id,
      instanceId: row.instance_id,
      payloadType: row.payload_type,
      profileId: row.profile_id,
      deviceId: row.device_id,
      deviceName: names.get(row.device_id) ?? '',
      createdAt: instant(row.created_at),
      modifiedAt: instant(row.modified_at),
      expiresAt: instant(row.expires_at),
      content: unpacked(await openedPayload(storage, owner, row), row.plain_bytes),
    })),
  );
}

async function openedManifest(
  storage: Storage,
  owner: Owner,
  snapshot: { readonly profileId: string; readonly seq: number },
) {
  const row = await getSnapshotRow(storage.store, owner, snapshot);
  return { row, manifest: await opened(storage, owner, { ...row, ...snapshot }) };
}

interface SealedManifest {
  readonly profileId: string;
  readonly seq: number;
  readonly mac: string;
  readonly key_id: string;
  readonly manifest: Uint8Array;
}

async function opened({ keys }: Storage, owner: Owner, sealed: SealedManifest): Promise<Manifest> {
  const { profileId, seq, mac } = sealed;
  const key = await keys.openingKey(owner, profileId, sealed.key_id);
  const plain = open(key, manifestPlace(owner, profileId, { seq, mac }), sealed.manifest);
  return JSON.parse(Buffer.from(plain).toString()) as Manifest;
}

async function openedPayload({ keys }: Storage, owner: Owner, row: UnitRow): Promise<Uint8Array> {
  const { profile_id: profileId, payload_type: payloadType, content_id: contentId } = row;
  const key = await keys.openingKey(owner, profileId, row.key_id);
  return open(key, unitPlace(owner, profileId, { payloadType, contentId }), row.sealed);
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function instant(milliseconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds);
}

function damaged(): KnownError {
  return new KnownError('dataDamaged', 'A stored picture or file is not whole. Ask your IT to check the service.');
}
