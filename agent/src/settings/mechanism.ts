/**
 * A mechanism: how settings of one kind are read and applied. Which settings exist is data; a mechanism knows only how.
 *
 * Reading and applying stand together, and applying twice is applying once. A mechanism never throws for an item: what
 * cannot be read or applied becomes data (a failure, an outcome) with a reason.
 */

import type { Json } from '@carryover/model/canonical';
import type { Reason } from '@carryover/model/reasons';
import type { ItemStatus } from '@carryover/model/report';
import type { Finding } from '@carryover/model/restore-plan';
import type { Catalog, Setting } from '@carryover/model/setting';
import type { System } from '../system/system.ts';

/** One item found on this device: `raw` as it will travel (home folder templated). */
export interface FoundItem {
  readonly itemId: string;
  readonly setting: Setting;
  readonly raw: Json;
  /** Contents that the raw value refers to by blob id. */
  readonly blobs: readonly FoundBlob[];
}

export interface FoundBlob {
  readonly blobId: string;
  readonly content: Uint8Array;
}

export interface ReadFailure {
  readonly itemId: string;
  readonly reason: Reason;
}

export interface ReadResult {
  readonly items: readonly FoundItem[];
  readonly failures: readonly ReadFailure[];
}

/** One item to apply: `raw` as stored (home folder still templated). */
export interface ItemToApply {
  readonly itemId: string;
  readonly setting: Setting;
  readonly raw: Json;
}

export interface Outcome {
  readonly itemId: string;
  readonly status: ItemStatus;
  readonly reason?: Reason;
}

/** What it takes to bring one item back to what it was: `raw` undefined means it was not set. Blobs are kept beside. */
export interface Former {
  readonly itemId: string;
  readonly raw: Json | undefined;
  readonly blobs: readonly FoundBlob[];
}

/** Changes for a person what only an administrator may, where an administrator has put it in place. */
export interface Elevated {
  isThere(): Promise<boolean>;
  /** One outcome for each item. Errors: none, as in a mechanism. */
  apply(items: readonly Pick<ItemToApply, 'itemId' | 'raw'>[]): Promise<readonly Outcome[]>;
  /** `blobs` of what an administrator may change are none. */
  revert(former: readonly Pick<Former, 'itemId' | 'raw'>[]): Promise<readonly Outcome[]>;
}

export interface MechanismContext {
  readonly system: System;
  readonly catalog: Catalog;
  /** Names a blob: HMAC with the person's digest key, hex. */
  readonly blobIdOf: (content: Uint8Array) => string;
  /** The bytes of a blob of the snapshot being restored. Errors: KnownError from the service. */
  readonly blob: (blobId: string) => Promise<Uint8Array>;
  /** Who locked what is locked, for the reason; known once the device is enrolled. */
  readonly organization?: string;
  /** Only on Windows. */
  readonly elevated?: Elevated;
}

export interface Mechanism {
  /** Kinds of places (catalog) it serves. */
  readonly kinds: readonly string[];
  /** Reads every item of the catalog that it serves, of settings in `settings`. Writes nothing. */
  read(context: MechanismContext, settings: readonly Setting[]): Promise<ReadResult>;
  /** Before anything changes: what is there now, and what stands in the way. Writes nothing. */
  inspect(context: MechanismContext, items: readonly ItemToApply[]): Promise<ReadonlyMap<string, Finding>>;
  /** What `items` hold now, for the undo point. Writes nothing. */
  former(context: MechanismContext, items: readonly ItemToApply[]): Promise<readonly Former[]>;
  /** Applies, reads back, and says what happened to each. Safe to repeat. */
  apply(context: MechanismContext, items: readonly ItemToApply[]): Promise<readonly Outcome[]>;
  /** Brings items back to `former` (undo); an item that is not set before is unset. Safe to repeat. */
  revert(context: MechanismContext, former: readonly Former[]): Promise<readonly Outcome[]>;
}
