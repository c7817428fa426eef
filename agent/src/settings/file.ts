/**
 * Settings that are files below the home folder: bookmarks, fonts, default applications, pictures.
 *
 * A file travels by content, whole or not at all; its permission bits travel with it, never setuid, setgid or sticky.
 * Which files, and the guards on the way to them: file-places.ts.
 *
 * Shape: raw is `{ blob, bytes, mode }`: blob id and length of the content as stored, mode as a number (0o644 is 420).
 * In a place with `template`, the stored content has the home folder as ${HOME} (home-template.ts). What `former` keeps
 * is the content as it was, untouched.
 */

import type { Json } from '@carryover/model/canonical';
import type { Reason } from '@carryover/model/reasons';
import type { Finding } from '@carryover/model/restore-plan';
import type { FilePlace } from '@carryover/model/setting';
import { settingIdOf } from '@carryover/model/setting';
import { MAX_BLOB_BYTES } from '@carryover/model/unit';
import type { System } from '../system/system.ts';
import { filePlaceOf, filesOf, notAPlainFile, obstacleAbove, pathOfItem, unreadable } from './file-places.ts';
import { homeExpanded, homeTemplated } from './home-template.ts';
import type { Former, FoundItem, ItemToApply, Mechanism, MechanismContext, Outcome, ReadFailure } from './mechanism.ts';

/** Files of one snapshot together, in bytes: leaves room for units and pictures in an upload of 64 MiB. */
export const MAX_SNAPSHOT_FILE_BYTES = 48 * 1024 * 1024;

interface RawFile {
  readonly blob: string;
  readonly bytes: number;
  readonly mode: number;
}

interface FileNow {
  readonly content: Uint8Array;
  readonly mode: number;
}

/** What an item comes down to on this device, or why it must not be touched. */
type Target =
  | { readonly path: string; readonly place: FilePlace; readonly now: FileNow | undefined }
  | { readonly obstacle: Reason };

export const file: Mechanism = {
  kinds: ['file'],

  async read(context, settings) {
    const items: FoundItem[] = [];
    const failures: ReadFailure[] = [];
    let room = MAX_SNAPSHOT_FILE_BYTES;
    for (const setting of settings) {
      const place = filePlaceOf(context.system, setting);
      if (place === undefined) continue;
      const found = await filesOf(context.system, context.catalog, setting);
      failures.push(...found.failures);
      for (const { itemId, path, facts } of found.files) {
        const limit = Math.min(place.maxBytes, MAX_BLOB_BYTES);
        const now = facts.bytes > limit ? tooLarge(path, facts.bytes, limit) : await contentAt(context.system, path);
        if ('code' in now) {
          failures.push({ itemId, reason: now });
          continue;
        }
        const content = stored(now.content, place, context.system);
        // It may have grown since its facts were taken, and the stored form may be the longer one.
        if (content.length > limit) {
          failures.push({ itemId, reason: tooLarge(path, content.length, limit) });
          continue;
        }
        if (content.length > room) {
          failures.push({ itemId, reason: { code: 'noRoomLeft', facts: { path: `~/${path}`, limit: '48 MiB' } } });
          continue;
        }
        room -= content.length;
        const raw = rawOf(context, content, now.mode);
        items.push({ itemId, setting, raw: { ...raw }, blobs: [{ blobId: raw.blob, content }] });
      }
    }
    return { items, failures };
  },

  async inspect(context, items) {
    const findings = new Map<string, Finding>();
    for (const item of items) findings.set(item.itemId, await findingOf(context, item));
    return findings;
  },

  async former(context, items) {
    const former: Former[] = [];
    for (const item of items) {
      const target = await targetOf(context, item);
      if ('obstacle' in target) continue;
      const { now } = target;
      if (now === undefined) {
        former.push({ itemId: item.itemId, raw: undefined, blobs: [] });
        continue;
      }
      const raw = rawOf(context, now.content, now.mode);
      former.push({ itemId: item.itemId, raw: { ...raw }, blobs: [{ blobId: raw.blob, content: now.content }] });
    }
    return former;
  },

  async apply(context, items) {
    const outcomes: Outcome[] = [];
    for (const item of items) {
      const { itemId } = item;
      outcomes.push(await outcomeOf(itemId, () => applyOne(context, item)));
    }
    return outcomes;
  },

  async revert(context, former) {
    const outcomes: Outcome[] = [];
    for (const item of former) {
      outcomes.push(await outcomeOf(item.itemId, () => revertOne(context, item)));
    }
    return outcomes;
  },
};

async function findingOf(context: MechanismContext, item: ItemToApply): Promise<Finding> {
  const wanted = rawFileFrom(item.raw);
  const target = await targetOf(context, item);
  const blocked = (reason: Reason): Finding => ({
    now: undefined,
    nowWords: '',
    same: false,
    obstacle: { status: 'skipped', reason },
  });
  if ('obstacle' in target) return blocked(target.obstacle);
  if (wanted === undefined) return blocked(BAD_RAW);
  const limit = Math.min(target.place.maxBytes, MAX_BLOB_BYTES);
  if (wanted.bytes > limit) return blocked(tooLarge(target.path, wanted.bytes, limit));
  if (target.now === undefined) return { now: undefined, nowWords: '', same: false };
  const now = rawOf(context, stored(target.now.content, target.place, context.system), target.now.mode);
  return { now: { ...now }, nowWords: sizeWords(now.bytes), same: sameRaw(now, wanted) };
}

async function applyOne(context: MechanismContext, item: ItemToApply): Promise<Omit<Outcome, 'itemId'>> {
  const { same, obstacle } = await findingOf(context, item);
  if (obstacle !== undefined) return obstacle;
  if (same) return { status: 'unchanged' };
  const wanted = rawFileFrom(item.raw);
  const target = pathOfItem(context.system, context.catalog, item);
  if (wanted === undefined || target === undefined) return { status: 'failed', reason: BAD_RAW };
  const content = await context.blob(wanted.blob);
  if (context.blobIdOf(content) !== wanted.blob) return { status: 'failed', reason: { code: 'damaged' } };
  const final = target.place.template === true ? homeExpanded(content, context.system.home) : content;
  return written(context.system, target.path, { content: final, mode: wanted.mode });
}

async function revertOne(context: MechanismContext, former: Former): Promise<Omit<Outcome, 'itemId'>> {
  const setting = context.catalog.settings.find(({ id }) => id === settingIdOf(former.itemId));
  const target = setting && (await targetOf(context, { itemId: former.itemId, setting }));
  if (target === undefined) return { status: 'skipped', reason: notOpen(former.itemId) };
  if ('obstacle' in target) return { status: 'skipped', reason: target.obstacle };
  if (former.raw === undefined) {
    if (target.now === undefined) return { status: 'unchanged' };
    await context.system.removeFile(`${context.system.home}/${target.path}`);
    return { status: 'applied' };
  }
  const wanted = rawFileFrom(former.raw);
  const content = former.blobs.find(({ blobId }) => blobId === wanted?.blob)?.content;
  if (wanted === undefined || content === undefined) return { status: 'failed', reason: { code: 'damaged' } };
  const before = { content, mode: wanted.mode };
  if (target.now !== undefined && sameFile(target.now, before)) return { status: 'unchanged' };
  return written(context.system, target.path, before);
}

/** Writes, reads back, and says which of both it was. */
async function written(system: System, path: string, wanted: FileNow): Promise<Omit<Outcome, 'itemId'>> {
  await system.writeFile(`${system.home}/${path}`, wanted.content, wanted.mode);
  const found = await contentAt(system, path);
  if ('code' in found) return { status: 'failed', reason: found };
  if (sameFile(found, wanted)) return { status: 'applied' };
  const words = `${sizeWords(found.content.length)}, mode ${found.mode.toString(8)}`;
  return { status: 'failed', reason: { code: 'didNotTake', facts: { found: words } } };
}

async function targetOf(context: MechanismContext, item: Omit<ItemToApply, 'raw'>): Promise<Target> {
  const { system, catalog } = context;
  const target = pathOfItem(system, catalog, item);
  if (target === undefined) return { obstacle: notOpen(item.itemId) };
  const { path, place } = target;
  const above = await obstacleAbove(system, path);
  if (above !== undefined) return { obstacle: above };
  const facts = await system.facts(`${system.home}/${path}`);
  if (facts === undefined) return { path, place, now: undefined };
  if (facts.kind !== 'file') return { obstacle: notAPlainFile(path) };
  // What could not be kept for undo must not be overwritten.
  if (facts.bytes > MAX_BLOB_BYTES) return { obstacle: tooLarge(path, facts.bytes, MAX_BLOB_BYTES) };
  const now = await contentAt(system, path);
  return 'code' in now ? { obstacle: now } : { path, place, now };
}

/** The file as it is now, or why it cannot be read. */
async function contentAt(system: System, path: string): Promise<FileNow | Reason> {
  try {
    const facts = await system.facts(`${system.home}/${path}`);
    const content = await system.readFile(`${system.home}/${path}`);
    if (facts !== undefined && content !== undefined) return { content, mode: facts.mode & 0o777 };
  } catch {
    // The reason below says all a person can use.
  }
  return unreadable(path);
}

async function outcomeOf(itemId: string, work: () => Promise<Omit<Outcome, 'itemId'>>): Promise<Outcome> {
  try {
    return { itemId, ...(await work()) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { itemId, status: 'failed', reason: { code: 'applyFailed', facts: { detail } } };
  }
}

function stored(content: Uint8Array, place: FilePlace, system: System): Uint8Array {
  return place.template === true ? homeTemplated(content, system.home) : content;
}

function rawOf(context: MechanismContext, content: Uint8Array, mode: number): RawFile {
  return { blob: context.blobIdOf(content), bytes: content.length, mode };
}

const BAD_RAW: Reason = { code: 'badValue', facts: { detail: 'it does not describe a file' } };

/** Errors: none; undefined when it does not describe a file. */
function rawFileFrom(raw: Json): RawFile | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const { blob, bytes, mode } = raw as { readonly [member: string]: Json };
  if (typeof blob !== 'string' || typeof bytes !== 'number' || typeof mode !== 'number') return undefined;
  if (!Number.isSafeInteger(bytes) || bytes < 0 || !Number.isSafeInteger(mode)) return undefined;
  return { blob, bytes, mode: mode & 0o777 };
}

function sameRaw(a: RawFile, b: RawFile): boolean {
  return a.blob === b.blob && a.mode === b.mode;
}

function sameFile(a: FileNow, b: FileNow): boolean {
  return a.mode === b.mode && Buffer.compare(a.content, b.content) === 0;
}

function tooLarge(path: string, bytes: number, limit: number): Reason {
  return { code: 'fileTooLarge', facts: { path: `~/${path}`, bytes: String(bytes), limit: String(limit) } };
}

function notOpen(itemId: string): Reason {
  return { code: 'outsideHome', facts: { path: itemId } };
}

/** Bytes in words, three digits at most: "412 bytes", "2.1 MB". */
function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 999_500 ? `${Number((bytes / 1000).toPrecision(3))} kB` : `${Number((bytes / 1e6).toPrecision(3))} MB`;
}
