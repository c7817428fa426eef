/**
 * Sends a capture: the manifest, and only the units and blobs that the service has not acknowledged.
 *
 * What the service answers decides what comes next: it lacks something (409 partsMissing), it holds another newest
 * snapshot than we remember (409 notPrevious). If it shows less than it once acknowledged, that is an alarm: the
 * backup goes on, because a person's newest settings are safer stored, but it is said and kept.
 */

import { createHash } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import type { Part } from '@carryover/model/parts';
import type { Manifest } from '@carryover/model/snapshot';
import type { Head, SnapshotReceipt } from '@carryover/model/wire';
import type { Client } from '../client/client.ts';
import type { AcknowledgedState, AlarmState } from '../state/state.ts';
import { type LooseManifest, macOf } from './manifest.ts';
import { type CapturedUnit, compressed } from './units.ts';

export interface Outgoing {
  readonly manifest: LooseManifest;
  /** All units of the manifest; none when only the manifest is known (an unchanged device). */
  readonly units: readonly CapturedUnit[];
  /** Hex. */
  readonly digestKey: string;
  /** The profile that what is acknowledged belongs to. */
  readonly profileId: string;
}

export interface Sent {
  readonly receipt: SnapshotReceipt;
  readonly manifest: Manifest;
  readonly sentUnits: readonly string[];
  readonly sentBytes: number;
  readonly alarm?: AlarmState;
}

/** A service that changes its mind more often than this is not understood; the next run tries again. */
const MAX_ANSWERS = 5;

type Acknowledged = Pick<AcknowledgedState, 'seq' | 'mac' | 'manifest'>;

/**
 * Errors: KnownError from the service; conflict with inner "partsMissing" when it lacks what `units` does not hold.
 * Safe to repeat: the same capture after the same snapshot has the same idempotency key.
 */
export async function send(
  client: Client,
  { manifest: loose, units, digestKey, profileId }: Outgoing,
  acknowledged: Acknowledged | undefined,
  now: Temporal.Instant,
): Promise<Sent> {
  let previous: Manifest['previous'] =
    acknowledged === undefined ? null : { seq: acknowledged.seq, mac: acknowledged.mac };
  let wanted = partsToSend(units, acknowledged?.manifest);
  let alarm: AlarmState | undefined;
  for (let answers = 0; ; answers += 1) {
    const manifest: Manifest = { ...loose, previous };
    const mac = macOf(digestKey, manifest);
    const { parts, contents } = await packed(units, wanted);
    try {
      const receipt = await client.putSnapshot({ manifest, mac, parts }, contents, mac);
      const sentUnits = units.filter(({ contentId }) => wanted.has(contentId)).map(({ payloadType }) => payloadType);
      const sentBytes = parts.reduce((sum, { bytes }) => sum + bytes, 0);
      const doubt = alarm ?? alarmAtReceipt(receipt, mac, acknowledged, previous, now);
      return { receipt, manifest, sentUnits, sentBytes, ...(doubt === undefined ? {} : { alarm: doubt }) };
    } catch (error) {
      if (!(error instanceof KnownError) || error.code !== 'conflict' || answers >= MAX_ANSWERS) throw error;
      if (error.inner === 'partsMissing') wanted = withMissing(wanted, units, error);
      else if (error.inner === 'notPrevious') {
        // Not less than was acknowledged, but another profile: the answer that named it never arrived here.
        if ((error.details['profileId'] ?? profileId) !== profileId) throw profileDeleted(error);
        const head = headFrom(error);
        if (head?.seq === previous?.seq && head?.mac === previous?.mac) throw error;
        alarm ??= alarmFrom(acknowledged, head, now);
        previous = head === null ? null : { seq: head.seq, mac: head.mac };
      } else throw error;
    }
  }
}

function profileDeleted(cause: KnownError): KnownError {
  return new KnownError('conflict', 'The backups of this PC were deleted.', { cause, inner: 'profileDeleted' });
}

/** An alarm when the service holds less than it acknowledged, or another snapshot under the same number. */
function alarmFrom(
  acknowledged: Pick<AcknowledgedState, 'seq' | 'mac'> | undefined,
  head: Pick<Head, 'seq' | 'mac'> | null,
  now: Temporal.Instant,
): AlarmState | undefined {
  if (acknowledged === undefined) return undefined;
  const shown = head?.seq ?? 0;
  if (shown > acknowledged.seq || (shown === acknowledged.seq && head?.mac === acknowledged.mac)) return undefined;
  return {
    noticedAt: now.toString({ smallestUnit: 'second' }),
    acknowledgedSeq: acknowledged.seq,
    shownSeq: shown,
  };
}

/** A receipt must name what we sent, or, when nothing was new, the snapshot that we named as previous. */
function alarmAtReceipt(
  receipt: SnapshotReceipt,
  mac: string,
  acknowledged: Acknowledged | undefined,
  previous: Manifest['previous'],
  now: Temporal.Instant,
): AlarmState | undefined {
  const expected = receipt.stored ? mac : previous?.mac;
  return receipt.mac === expected ? undefined : alarmFrom(acknowledged, { seq: 0, mac: receipt.mac }, now);
}

/** Ids of units and blobs that the service is not known to hold. */
function partsToSend(units: readonly CapturedUnit[], acknowledged: Manifest | undefined): Set<string> {
  const held = new Set(
    (acknowledged?.units ?? []).flatMap(({ contentId, blobs }) => [contentId, ...blobs.map(({ blobId }) => blobId)]),
  );
  const ids = units.flatMap(({ contentId, blobs }) => [contentId, ...blobs.map(({ blobId }) => blobId)]);
  return new Set(ids.filter((id) => !held.has(id)));
}

function withMissing(wanted: ReadonlySet<string>, units: readonly CapturedUnit[], error: KnownError): Set<string> {
  const missing = [...stringsOf(error.details['units']), ...stringsOf(error.details['blobs'])];
  const ours = new Set(units.flatMap(({ contentId, blobs }) => [contentId, ...blobs.map(({ blobId }) => blobId)]));
  const next = new Set([...wanted, ...missing.filter((id) => ours.has(id))]);
  if (next.size === wanted.size || missing.some((id) => !ours.has(id))) throw error;
  return next;
}

async function packed(
  units: readonly CapturedUnit[],
  wanted: ReadonlySet<string>,
): Promise<{ parts: Part[]; contents: Uint8Array[] }> {
  const packing = new Map<string, { kind: Part['kind']; content: Uint8Array }>();
  for (const { contentId, plain, contents } of units) {
    if (wanted.has(contentId)) packing.set(contentId, { kind: 'unit', content: await compressed(plain) });
    for (const { blobId, content } of contents) if (wanted.has(blobId)) packing.set(blobId, { kind: 'blob', content });
  }
  const parts = [...packing].map(([id, { kind, content }]) => ({
    kind,
    id,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  return { parts, contents: [...packing.values()].map(({ content }) => content) };
}

function headFrom(error: KnownError): Pick<Head, 'seq' | 'mac'> | null {
  const head = error.details['head'] as Partial<Head> | null | undefined;
  if (head === null || head === undefined) return null;
  if (!Number.isSafeInteger(head.seq) || typeof head.mac !== 'string') throw error;
  return { seq: head.seq as number, mac: head.mac };
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
