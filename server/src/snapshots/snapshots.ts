/**
 * Snapshots: taking one in, giving one out.
 *
 * The door of this context; routes and other contexts call these functions and no others. An upload is sealed here and
 * committed by one command, so a visible snapshot is complete and an acknowledged one is durable. What a payload says
 * is not read on the way in: the validator opens it afterwards, before the snapshot becomes the default offer.
 */

import type { Part, Parts } from '@carryover/model/parts';
import type { Category } from '@carryover/model/setting';
import type { Manifest } from '@carryover/model/snapshot';
import type { SnapshotContentHead, SnapshotHead, SnapshotLine } from '@carryover/model/wire';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import type { Keys } from '../keys/keys.ts';

/** Where backups are kept and what opens them. */
export interface Storage {
  readonly store: Store;
  readonly keys: Keys;
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
 * Errors: invalidRequest (inner "wrongDigest", "wrongMac", "foreignPart", "badManifest"), requestTooLarge, itemNotFound
 * (no such profile), conflict (inner "partsMissing" with details.units and details.blobs, inner "notPrevious" with
 * details.head), storageFull.
 */
export async function commitUpload(storage: Storage, upload: Upload): Promise<Committed> {
  throw new Error(`not built yet: ${storage.store.dialect} ${upload.requestId}`);
}

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

/** Errors: itemNotFound (not this person's, deleted, not checked or damaged). */
export async function snapshotContent(storage: Storage, owner: Owner, wanted: Wanted): Promise<SnapshotContent> {
  throw new Error(`not built yet: ${storage.store.dialect} ${owner.userId} ${wanted.seq}`);
}

/** The bytes of one picture or file. Errors: itemNotFound. */
export async function blobContent(
  storage: Storage,
  owner: Owner,
  blob: { readonly profileId: string; readonly blobId: string },
): Promise<Uint8Array> {
  throw new Error(`not built yet: ${storage.store.dialect} ${owner.userId} ${blob.blobId}`);
}

/** The manifest alone. Errors: itemNotFound. */
export async function manifestOf(
  storage: Storage,
  owner: Owner,
  snapshot: { readonly profileId: string; readonly seq: number },
): Promise<Manifest> {
  throw new Error(`not built yet: ${storage.store.dialect} ${owner.userId} ${snapshot.seq}`);
}

/** A profile's snapshots, newest first. Errors: itemNotFound when the profile is not this person's or deleted. */
export async function listSnapshots(store: Store, owner: Owner, profileId: string): Promise<SnapshotLine[]> {
  throw new Error(`not built yet: ${store.dialect} ${owner.userId} ${profileId}`);
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

/** A person's current contents over all devices, by setting id. Deleted profiles and unchecked contents are left out. */
export async function listHeads(storage: Storage, owner: Owner, page: HeadsPage): Promise<OpenedHead[]> {
  throw new Error(`not built yet: ${storage.store.dialect} ${owner.userId} ${page.top}`);
}
