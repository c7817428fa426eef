/**
 * What was read on this device, grouped into units: one per payload type, with a keyed digest of its content.
 *
 * What is too large to travel is left out item by item, largest first, each with its reason (P4): never silently, and
 * always the same items for the same device, so that an unchanged device has an unchanged manifest.
 *
 * Nothing here touches the machine. Source: architecture.md "Data".
 */

import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { canonicalJson, type Json } from '@carryover/model/canonical';
import type { Category, Platform } from '@carryover/model/setting';
import {
  type BlobRef,
  type CapturedValue,
  MAX_BLOB_BYTES,
  MAX_PLAIN_BYTES,
  MAX_UPLOAD_BYTES,
  type Unit,
  type UnitContent,
} from '@carryover/model/unit';
import type { FoundBlob, ReadFailure } from '../settings/mechanism.ts';

/** One item of this device as it will travel. */
export interface CapturedItem {
  readonly itemId: string;
  readonly payloadType: string;
  readonly category: Category;
  readonly value: CapturedValue;
  readonly blobs: readonly FoundBlob[];
}

/** A unit before compression: only what the service lacks is compressed. */
export interface CapturedUnit extends Omit<Unit, 'payload'> {
  readonly plain: Uint8Array;
  readonly contents: readonly FoundBlob[];
}

export interface Grouping {
  readonly catalogVersion: string;
  readonly platform: Platform;
  readonly build: string;
  /** Hex. */
  readonly digestKey: string;
}

/** What an upload may spend on contents, in bytes: the rest is for its head (MAX_HEAD_BYTES). */
const MAX_CONTENT_BYTES = MAX_UPLOAD_BYTES - 2 * 1024 * 1024;

/** Level 3 is zstd's own default: settings are small, and higher levels gain a few percent for several times the work. */
const LEVEL = 3;

/** Units by payload type, ascending, and what had to be left out. */
export function unitsFrom(
  items: readonly CapturedItem[],
  grouping: Grouping,
): { units: CapturedUnit[]; failures: ReadFailure[] } {
  const small = withinBlobLimits(items);
  const groups = Map.groupBy(small.kept, ({ payloadType }) => payloadType);
  const built = [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([payloadType, members]) => unitFrom(payloadType, members, grouping));
  return {
    units: built.flatMap(({ unit }) => (unit === undefined ? [] : [unit])),
    failures: [...small.failures, ...built.flatMap(({ failures }) => failures)],
  };
}

/** Keyed, so that a digest tells nothing to who guesses contents. Shape: hex. */
export function digestOf(digestKey: string, content: Uint8Array | string): string {
  return createHmac('sha256', Buffer.from(digestKey, 'hex')).update(content).digest('hex');
}

export async function compressed(plain: Uint8Array): Promise<Uint8Array> {
  return promisify(zstdCompress)(plain, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });
}

function unitFrom(
  payloadType: string,
  members: readonly CapturedItem[],
  { digestKey, ...about }: Grouping,
): { unit?: CapturedUnit; failures: ReadFailure[] } {
  const sized = members.map((item) => ({ item, bytes: bytesOf(item) }));
  const { kept, failures } = fitting(sized, MAX_PLAIN_BYTES - envelopeBytes(about), 'unitTooLarge');
  const [first] = kept;
  if (first === undefined) return { failures };
  const content: UnitContent = {
    format: 1,
    ...about,
    values: Object.fromEntries(kept.map(({ itemId, value }) => [itemId, value])),
  };
  const plain = Buffer.from(canonicalJson(content as unknown as Json));
  const contents = [
    ...new Map(kept.flatMap(({ blobs }) => blobs).map((blob) => [blob.blobId, blob])).values(),
  ].toSorted((a, b) => (a.blobId < b.blobId ? -1 : 1));
  const blobs: BlobRef[] = contents.map(({ blobId, content: bytes }) => ({ blobId, bytes: bytes.length }));
  const unit: CapturedUnit = {
    payloadType,
    category: first.category,
    contentId: digestOf(digestKey, plain),
    settingCount: kept.length,
    plainBytes: plain.length,
    blobs,
    plain,
    contents,
  };
  return { unit, failures };
}

/** Leaves out items with a blob over the limit, then the largest until all blobs fit one upload. */
function withinBlobLimits(items: readonly CapturedItem[]): { kept: CapturedItem[]; failures: ReadFailure[] } {
  const sized = items.map((item) => ({ item, bytes: item.blobs.reduce((sum, blob) => sum + blob.content.length, 0) }));
  const each = sized.filter(({ item }) => item.blobs.every(({ content }) => content.length <= MAX_BLOB_BYTES));
  const tooLarge = sized.filter((one) => !each.includes(one));
  const together = fitting(each, MAX_CONTENT_BYTES, 'uploadTooLarge');
  return {
    kept: together.kept,
    failures: [...tooLarge.map((one) => failure(one, MAX_BLOB_BYTES, 'unitTooLarge')), ...together.failures],
  };
}

interface Sized {
  readonly item: CapturedItem;
  readonly bytes: number;
}

/** As much as fits, small ones first; equal sizes by id, so that two captures never disagree. Order is kept. */
function fitting(
  sized: readonly Sized[],
  limit: number,
  code: 'unitTooLarge' | 'uploadTooLarge',
): { kept: CapturedItem[]; failures: ReadFailure[] } {
  const total = sized.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= limit) return { kept: sized.map(({ item }) => item), failures: [] };
  let left = limit;
  const out = new Set<Sized>();
  for (const one of sized.toSorted((a, b) => a.bytes - b.bytes || (a.item.itemId < b.item.itemId ? -1 : 1))) {
    if (one.bytes <= left) left -= one.bytes;
    else out.add(one);
  }
  return {
    kept: sized.filter((one) => !out.has(one)).map(({ item }) => item),
    failures: sized.filter((one) => out.has(one)).map((one) => failure(one, limit, code)),
  };
}

function failure({ item, bytes }: Sized, limit: number, code: 'unitTooLarge' | 'uploadTooLarge'): ReadFailure {
  return {
    itemId: item.itemId,
    reason: { code, facts: { item: item.itemId, bytes: String(bytes), limit: String(limit) } },
  };
}

/** What an item adds to the canonical JSON of its unit: `"id":{…},`. */
function bytesOf({ itemId, value }: CapturedItem): number {
  return Buffer.byteLength(canonicalJson({ [itemId]: value as unknown as Json }));
}

function envelopeBytes(about: Omit<Grouping, 'digestKey'>): number {
  return Buffer.byteLength(canonicalJson({ format: 1, ...about, values: {} }));
}
