/**
 * A unit: all settings of one payload type on one device, the grain of upload, storage and Graph.
 *
 * At the wire of Graph a unit is one windowsSetting; its current content is that setting's instance.
 * The list of installed apps is a unit like any other (payload type APPS_PAYLOAD_TYPE).
 *
 * Pure: no I/O, no clock, no dependency. Everyone may import this module.
 */

import type { Json } from './canonical.ts';
import type { Category, Platform } from './setting.ts';

/** Largest content of one unit, in bytes before compression. Images and files are blobs, not units. */
export const MAX_PLAIN_BYTES = 1024 * 1024;

/** Largest content of one blob (a picture or file), in bytes. */
export const MAX_BLOB_BYTES = 16 * 1024 * 1024;

/** Largest upload: manifest, units and blobs together, in bytes as sent. */
export const MAX_UPLOAD_BYTES = 64 * 1024 * 1024;

export const APPS_PAYLOAD_TYPE = 'carryover.apps';

/** One captured value: `raw` is lossless and always there, `value` is the neutral meaning where the catalog has a codec. */
export interface CapturedValue {
  readonly raw: Json;
  readonly value?: Json;
}

/** What a unit's payload says once opened. Old formats stay readable as long as anything of them is kept. */
export interface UnitContent {
  readonly format: 1;
  readonly catalogVersion: string;
  readonly platform: Platform;
  readonly build: string;
  /** By item id: a setting id, or `<setting id>/<rest>` where a place matches many. */
  readonly values: { readonly [itemId: string]: CapturedValue };
}

/** A unit ready to send. */
export interface Unit {
  readonly payloadType: string;
  readonly category: Category;
  /** HMAC-SHA256(person's digest key, canonical JSON of the content), hex: equal content, equal id, for one person only. */
  readonly contentId: string;
  readonly settingCount: number;
  /** Length of the canonical JSON in bytes, at most MAX_PLAIN_BYTES. */
  readonly plainBytes: number;
  /** Canonical JSON, zstd-compressed. */
  readonly payload: Uint8Array;
  /** Blobs its values refer to. */
  readonly blobs: readonly BlobRef[];
}

export interface BlobRef {
  /** HMAC-SHA256(person's digest key, the bytes), hex. */
  readonly blobId: string;
  readonly bytes: number;
}
