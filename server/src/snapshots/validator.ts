/**
 * The validator: opens what came in, in the background, before it is offered to anyone.
 *
 * Every new unit is unpacked under its declared size, its digest and shape are checked; a snapshot of which all is right
 * becomes the default offer, unless it is thin. It runs after each commit and, at start, over what was left; what fails
 * for another reason than the content stays unchecked until the next start.
 */

import { createHmac } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { KnownError } from '@carryover/model/errors';
import { type CaptureSize, isThin } from '@carryover/model/profile';
import type { Category } from '@carryover/model/setting';
import type { Manifest } from '@carryover/model/snapshot';
import { APPS_PAYLOAD_TYPE } from '@carryover/model/unit';
import type { Owner } from '../db/schema.ts';
import { open } from '../keys/sealing.ts';
import { type Checked, type CheckedUnit, markChecked } from './checked.ts';
import { countedContent } from './content.ts';
import { manifestPlace, unitPlace } from './places.ts';
import { findSnapshot, findUnitRow, listNewBlobs, listUnchecked, listUnitStates } from './rows.ts';
import { blobContent, type SnapshotRef, type Storage } from './snapshots.ts';
import { unpacked } from './unpack.ts';

export interface Validator {
  /** Give this to Storage. */
  received(snapshot: SnapshotRef): void;
  /** Resolves when everything known so far has been looked at. */
  settled(): Promise<void>;
  /** Stops after the snapshot at hand. */
  close(): Promise<void>;
}

export interface ValidatorOptions {
  readonly storage: Storage;
  /** What could not be checked, for the log. */
  readonly onFault: (error: unknown, snapshot: SnapshotRef) => void;
}

/** Waiting snapshots remembered; beyond that the database is asked again. */
const MAX_WAITING = 10_000;
/** While uploads come in, checking takes at most this share of the thread; it catches up once they pause. */
const BUSY_SHARE = 0.1;
/** Uploads have paused when none came for so long, in milliseconds. */
const PAUSE_MS = 100;

export function startValidator({ storage, onFault }: ValidatorOptions): Validator {
  const waiting: SnapshotRef[] = [];
  let closed = false;
  // At start there may be what an earlier process left.
  let askDatabase = true;
  let running: Promise<void> | undefined;
  let lastReceivedAtMs = Number.NEGATIVE_INFINITY;
  const stop = new AbortController();

  const wake = () => {
    running ??= work().finally(() => {
      running = undefined;
      if (waiting.length > 0 && !closed) wake();
    });
  };

  async function work(): Promise<void> {
    while (!closed && (waiting.length > 0 || askDatabase)) {
      for (let next = waiting.shift(); next !== undefined && !closed; next = waiting.shift()) await checkOne(next);
      if (!askDatabase || closed) continue;
      askDatabase = false;
      await checkLeft();
    }
  }

  async function checkLeft(): Promise<void> {
    let last = { userId: '', profileId: '', seq: 0 };
    while (!closed) {
      const rows = await listUnchecked(storage.store, last);
      for (const row of rows) {
        if (closed) return;
        last = { userId: row.user_id, profileId: row.profile_id, seq: row.seq };
        await checkOne({ tenantId: row.tenant_id, ...last });
      }
      if (rows.length === 0) return;
    }
  }

  async function checkOne(snapshot: SnapshotRef): Promise<void> {
    // Requests come first: one snapshot a turn.
    await nextTurn();
    const startedAtMs = performance.now();
    try {
      await checkSnapshot(storage, snapshot);
    } catch (error) {
      if (!closed) onFault(error, snapshot);
    }
    const endedAtMs = performance.now();
    if (endedAtMs - lastReceivedAtMs > PAUSE_MS) return;
    const restMs = (endedAtMs - startedAtMs) * (1 / BUSY_SHARE - 1);
    await wait(Math.min(restMs, PAUSE_MS), undefined, { signal: stop.signal }).catch(() => {});
  }

  wake();
  return {
    received(snapshot) {
      lastReceivedAtMs = performance.now();
      if (waiting.length < MAX_WAITING) waiting.push(snapshot);
      else askDatabase = true;
      wake();
    },
    async settled() {
      while (running !== undefined) await running;
    },
    async close() {
      closed = true;
      stop.abort();
      await running;
    },
  };
}

/** Looks at one snapshot and records what was found. Nothing to do when it is checked, deleted or gone. */
export async function checkSnapshot(
  storage: Storage,
  { tenantId, userId, profileId, seq }: SnapshotRef,
): Promise<void> {
  const owner = { tenantId, userId };
  const row = await findSnapshot(storage.store, owner, { profileId, seq });
  if (row === undefined || row.state !== 'received') return;
  const units = await listUnitStates(storage.store, owner, { profileId, seq });
  const found: CheckedUnit[] = [];
  for (const { unit_id, state } of units)
    if (state === 'received') found.push(...(await checkUnit(storage, owner, unit_id)));
  const badBlobs = await findBadBlobs(storage, owner, { profileId, seq, takenAt: row.taken_at });
  const manifest = await openedManifest(storage, owner, { profileId, seq, ...row });

  const counts = new Map(found.map((unit) => [unit.unitId, unit.settingCount]));
  const bad = new Set(found.filter(({ state }) => state === 'damaged').map(({ unitId }) => unitId));
  const sized = units.map((unit) => ({ ...unit, setting_count: counts.get(unit.unit_id) ?? unit.setting_count }));
  const complete =
    manifest !== undefined &&
    manifest.units.length === units.length &&
    badBlobs.length === 0 &&
    units.every(({ unit_id, state }) => state !== 'damaged' && !bad.has(unit_id));
  const good = row.default_seq === 0 ? undefined : await sizeOf(storage, owner, { profileId, seq: row.default_seq });
  const apps = total(sized.filter((unit) => unit.payload_type === APPS_PAYLOAD_TYPE));
  const checked: Checked = {
    profileId,
    seq,
    state: complete ? 'valid' : 'invalid',
    thin: complete && isThin(sizeFrom(manifest, sized), good),
    settingCount: total(sized) - apps,
    appCount: apps,
    units: found,
    badBlobs,
  };
  await storage.store.write(markChecked, owner, checked);
}

/** Empty when the unit is gone meanwhile. */
async function checkUnit({ store, keys }: Storage, owner: Owner, unitId: string): Promise<CheckedUnit[]> {
  const row = await findUnitRow(store, owner, unitId);
  if (row === undefined) return [];
  const { payload_type: payloadType, content_id: contentId, setting_count: settingCount, created_at: createdAt } = row;
  const key = await keys.openingKey(owner, row.profile_id, row.key_id);
  const digestKey = await keys.digestKey(owner);
  await nextTurn();
  try {
    const payload = open(key, unitPlace(owner, row.profile_id, { payloadType, contentId }), row.sealed);
    const count = countedContent(unpacked(payload, row.plain_bytes), { contentId, settingCount }, digestKey);
    return [{ unitId, createdAt, state: 'valid', settingCount: count }];
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [{ unitId, createdAt, state: 'damaged', settingCount }];
  }
}

/** Blobs that came with this snapshot and are not what their id says. */
async function findBadBlobs(
  storage: Storage,
  owner: Owner,
  snapshot: { readonly profileId: string; readonly seq: number; readonly takenAt: number },
): Promise<string[]> {
  const bad: string[] = [];
  const digestKey = await storage.keys.digestKey(owner);
  for (const { blob_key, blob_id } of await listNewBlobs(storage.store, owner, snapshot)) {
    await nextTurn();
    try {
      const content = await blobContent(storage, owner, { profileId: snapshot.profileId, blobId: blob_id });
      if (createHmac('sha256', digestKey).update(content).digest('hex') !== blob_id) bad.push(blob_key);
    } catch (error) {
      if (!isDamage(error)) throw error;
      bad.push(blob_key);
    }
  }
  return bad;
}

/** Undefined when it does not open. */
async function openedManifest(
  { keys }: Storage,
  owner: Owner,
  row: { profileId: string; seq: number; mac: string; key_id: string; manifest: Uint8Array },
): Promise<Manifest | undefined> {
  const key = await keys.openingKey(owner, row.profileId, row.key_id);
  try {
    return JSON.parse(Buffer.from(open(key, manifestPlace(owner, row.profileId, row), row.manifest)).toString());
  } catch (error) {
    if (!isDamage(error)) throw error;
    return undefined;
  }
}

/** What a snapshot held, for comparison; undefined when it is gone or does not open. */
async function sizeOf(storage: Storage, owner: Owner, snapshot: { profileId: string; seq: number }) {
  const row = await findSnapshot(storage.store, owner, snapshot);
  const manifest = row && (await openedManifest(storage, owner, { ...snapshot, ...row }));
  return manifest && sizeFrom(manifest, await listUnitStates(storage.store, owner, snapshot));
}

function sizeFrom(
  { categories }: Manifest,
  units: readonly { readonly category: string; readonly setting_count: number }[],
): CaptureSize {
  const counts: Partial<Record<Category, number>> = {};
  for (const { category, setting_count } of units)
    counts[category as Category] = (counts[category as Category] ?? 0) + setting_count;
  return { categories, counts };
}

function total(units: readonly { readonly setting_count: number }[]): number {
  return units.reduce((sum, unit) => sum + unit.setting_count, 0);
}

function isDamage(error: unknown): boolean {
  return error instanceof KnownError && error.code === 'dataDamaged';
}
