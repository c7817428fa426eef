/**
 * The command that takes in a snapshot: all of it or nothing, in one transaction.
 *
 * It refuses a snapshot that does not follow the newest one, or that names contents neither stored nor sent. The
 * service's clock orders; nothing here comes from a device's clock.
 */

import { KnownError } from '@carryover/model/errors';
import { command, type Query, rowsOfEach, rowsOfEachLocked, runAll } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import type { Owner } from '../db/schema.ts';
import { pruned, removeUnheld } from './retention.ts';
import {
  addBlob,
  addChunk,
  addSnapshot,
  addSnapshotBlob,
  addSnapshotUnit,
  addUnit,
  findBlob,
  findUnit,
  listOld,
  listProfileHeads,
  listUnitsOf,
  putHead,
  removeHead,
} from './statements.ts';

export interface SealedUnit {
  readonly unitId: string;
  readonly instanceId: string;
  readonly payloadType: string;
  readonly category: string;
  readonly contentId: string;
  readonly settingCount: number;
  readonly plainBytes: number;
  /** Null when the device left it out because the service has it. */
  readonly sealed: Uint8Array | null;
}

export interface SealedBlob {
  readonly blobKey: string;
  readonly blobId: string;
  readonly bytes: number;
  readonly chunks: readonly Uint8Array[] | null;
}

/** A snapshot ready to be stored. Plain data: it crosses to the writer thread. */
export interface SealedSnapshot {
  readonly profileId: string;
  readonly requestId: string;
  readonly keep: number;
  readonly seq: number;
  readonly mac: string;
  readonly previous: { readonly seq: number; readonly mac: string } | null;
  readonly contentDigest: string;
  readonly keyId: string;
  readonly manifest: Uint8Array;
  readonly agentVersion: string;
  readonly catalogVersion: string;
  readonly settingCount: number;
  readonly appCount: number;
  readonly categories: readonly string[];
  readonly units: readonly SealedUnit[];
  readonly blobs: readonly SealedBlob[];
}

export interface Receipt {
  readonly seq: number;
  readonly mac: string;
  readonly stored: boolean;
  readonly lastBackupAt: number;
}

const findProfileRow = prepared((db, at: { userId: string; tenantId: string; profileId: string }) =>
  db
    .selectFrom('profiles')
    .select([
      'head_seq',
      'head_mac',
      'head_digest',
      'default_seq',
      'last_backup_at',
      'last_request_id',
      'last_receipt',
      'deleted_at',
    ])
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId)
    .where('tenant_id', '=', at.tenantId),
);

const setProfileHead = prepared(
  (
    db,
    to: {
      userId: string;
      tenantId: string;
      profileId: string;
      seq: number;
      mac: string;
      digest: string;
      now: number;
      requestId: string;
      receipt: string;
    },
  ) =>
    db
      .updateTable('profiles')
      .set({
        head_seq: to.seq,
        head_mac: to.mac,
        head_digest: to.digest,
        last_backup_at: to.now,
        last_request_id: to.requestId,
        last_receipt: to.receipt,
      })
      .where('user_id', '=', to.userId)
      .where('profile_id', '=', to.profileId)
      .where('tenant_id', '=', to.tenantId),
);

/**
 * Stores a snapshot, or says again what came of it when the same request comes twice.
 *
 * Errors: conflict (inner "profileDeleted", "notPrevious" or "partsMissing").
 */
export const commitSnapshot = command(
  'commitSnapshot',
  function* ({ tenantId, userId }: Owner, snapshot: SealedSnapshot, now: number) {
    const { profileId, seq, mac, requestId, contentDigest } = snapshot;
    const at = { userId, tenantId, profileId };
    const [[profile], known, heads, aged] = yield* rowsOfEachLocked({ tenantId, userId }, [
      findProfileRow(at),
      listUnitsOf({ ...at, seq: seq - 1 }),
      listProfileHeads(at),
      listOld({ ...at, upTo: seq - snapshot.keep }),
    ]);
    if (profile === undefined || profile.deleted_at !== null) throw profileDeleted();
    if (profile.last_request_id === requestId && profile.last_receipt !== null)
      return JSON.parse(profile.last_receipt) as Receipt;
    // The same manifest under another request: the answer to the first was lost on the way.
    if (profile.head_seq > 0 && profile.head_mac === mac)
      return receiptOf(profile.head_seq, mac, true, profile.last_backup_at ?? now);
    mustFollow(snapshot, profile);

    const unchanged = profile.head_seq > 0 && profile.head_digest === contentDigest;
    const receipt = unchanged
      ? receiptOf(profile.head_seq, profile.head_mac, false, now)
      : receiptOf(seq, mac, true, now);
    const remember = setProfileHead({
      ...at,
      seq: receipt.seq,
      mac: receipt.mac,
      digest: contentDigest,
      now,
      requestId,
      receipt: JSON.stringify(receipt),
    });
    if (unchanged) {
      yield* runAll([remember]);
      return receipt;
    }

    const old = aged.filter((one) => one.seq !== profile.default_seq);
    const held = new Map(known.map((unit) => [unit.unit_id, unit.state]));
    const lacking = yield* missing(at, snapshot, held);
    yield* runAll([
      ...contentsOf(at, snapshot, lacking, now),
      ...snapshotRows(at, snapshot, now),
      ...headsAfter(at, snapshot, heads, now),
      remember,
      ...old.flatMap((one) => pruned({ ...at, seq: one.seq }, (one.blobs ?? 0) > 0)),
      // Contents that were only kept because they were still current.
      ...heads.filter((head) => !held.has(head.unit_id)).map((head) => removeUnheld({ ...at, unitId: head.unit_id })),
    ]);
    return receipt;
  },
);

/** The agent answers with a check-in, which gives it a profile again. */
export function profileDeleted(): KnownError {
  return new KnownError('conflict', 'The backups of this device were deleted. Check in again to begin anew.', {
    inner: 'profileDeleted',
  });
}

interface At {
  readonly userId: string;
  readonly tenantId: string;
  readonly profileId: string;
}

function receiptOf(seq: number, mac: string, stored: boolean, lastBackupAt: number): Receipt {
  return { seq, mac, stored, lastBackupAt };
}

function mustFollow(
  { profileId, previous }: SealedSnapshot,
  head: { readonly head_seq: number; readonly head_mac: string; readonly last_backup_at: number | null },
): void {
  const follows =
    head.head_seq === 0 ? previous === null : previous?.seq === head.head_seq && previous.mac === head.head_mac;
  if (follows) return;
  throw new KnownError('conflict', 'The service holds another newest backup of this device. Check in again.', {
    inner: 'notPrevious',
    details: {
      profileId,
      head:
        head.head_seq === 0
          ? null
          : {
              seq: head.head_seq,
              mac: head.head_mac,
              lastBackupAt: Temporal.Instant.fromEpochMilliseconds(head.last_backup_at ?? 0).toString(),
            },
    },
  });
}

interface Lacking {
  /** Ids of rows that are to be written, because they are not there or are damaged. */
  readonly units: ReadonlySet<string>;
  readonly blobs: ReadonlySet<string>;
}

/** Which contents have to be written. Errors: conflict (inner "partsMissing") when one of them was not sent. */
function* missing(at: At, { units, blobs }: SealedSnapshot, known: ReadonlyMap<string, string>) {
  const asked = units.filter(({ unitId }) => !known.has(unitId));
  const [foundUnits, foundBlobs] = [
    yield* rowsOfEach(asked.map(({ unitId }) => findUnit({ ...at, unitId }))),
    yield* rowsOfEach(blobs.map(({ blobKey }) => findBlob({ ...at, blobKey }))),
  ];
  const states = new Map(known);
  for (const [index, { unitId }] of asked.entries()) {
    const state = foundUnits[index]?.[0]?.state;
    if (state !== undefined) states.set(unitId, state);
  }
  const lackingUnits = units.filter(({ unitId }) => (states.get(unitId) ?? 'damaged') === 'damaged');
  const lackingBlobs = blobs.filter((_, index) => foundBlobs[index]?.[0] === undefined);
  const notSent = {
    units: lackingUnits.filter(({ sealed }) => sealed === null).map(({ contentId }) => contentId),
    blobs: lackingBlobs.filter(({ chunks }) => chunks === null).map(({ blobId }) => blobId),
  };
  if (notSent.units.length + notSent.blobs.length > 0)
    throw new KnownError('conflict', 'The service lacks some of the contents. Send them along.', {
      inner: 'partsMissing',
      details: notSent,
    });
  const lacking: Lacking = {
    units: new Set(lackingUnits.map(({ unitId }) => unitId)),
    blobs: new Set(lackingBlobs.map(({ blobKey }) => blobKey)),
  };
  return lacking;
}

function contentsOf(at: At, { units, blobs, keyId }: SealedSnapshot, lacking: Lacking, now: number): Query[] {
  const wantedUnits = units.flatMap(({ sealed, instanceId: _, ...unit }) =>
    sealed !== null && lacking.units.has(unit.unitId) ? [addUnit({ ...at, ...unit, sealed, keyId, now })] : [],
  );
  const wantedBlobs = blobs.flatMap(({ chunks, blobKey, ...blob }) =>
    chunks !== null && lacking.blobs.has(blobKey)
      ? [
          addBlob({ ...at, ...blob, blobKey, keyId, now }),
          ...chunks.map((sealed, chunk) => addChunk({ ...at, blobKey, chunk, sealed })),
        ]
      : [],
  );
  return [...wantedUnits, ...wantedBlobs];
}

function snapshotRows(at: At, snapshot: SealedSnapshot, now: number): Query[] {
  const { units, blobs, seq } = snapshot;
  return [
    addSnapshot({ ...at, ...snapshot, previousMac: snapshot.previous?.mac ?? '', now }),
    ...units.map(({ unitId }) => addSnapshotUnit({ ...at, seq, unitId })),
    ...blobs.map(({ blobKey }) => addSnapshotBlob({ ...at, seq, blobKey })),
  ];
}

/** Years an instance stays visible to Graph unless it is deleted. Source: Microsoft's samples. */
const EXPIRES_YEARS = 10;

/** What changed becomes current; what is gone from a category that was captured is no longer current. */
function headsAfter(
  at: At,
  { units, categories }: SealedSnapshot,
  heads: readonly { readonly payload_type: string; readonly unit_id: string; readonly category: string }[],
  now: number,
): Query[] {
  const before = new Map(heads.map((head) => [head.payload_type, head.unit_id]));
  const types = new Set(units.map(({ payloadType }) => payloadType));
  const expires = new Date(now);
  expires.setUTCFullYear(expires.getUTCFullYear() + EXPIRES_YEARS);
  const changed = units
    .filter(({ payloadType, unitId }) => before.get(payloadType) !== unitId)
    .map(({ payloadType, unitId, instanceId }) =>
      putHead({
        ...at,
        payloadType,
        unitId,
        settingId: `{${at.profileId}}$${payloadType}`,
        instanceId,
        now,
        expiresAt: expires.getTime(),
      }),
    );
  const gone = heads
    .filter((head) => categories.includes(head.category) && !types.has(head.payload_type))
    .map((head) => removeHead({ ...at, payloadType: head.payload_type }));
  return [...changed, ...gone];
}
