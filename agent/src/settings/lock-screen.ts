/**
 * The picture of the person's lock screen on Windows. It travels by content.
 *
 * Captured is a picture that the person chose: not one of a slide show or of Windows spotlight, and not one that a policy
 * sets, which is locked. Undo brings back the picture that was there; where there was none, Windows lets no program do it.
 *
 * Shape: raw is `{ path, blob?, mediaType?, bytes? }`, `path` with the profile folder as ${HOME}. `made` beside it in what
 * `former` keeps names a picture that the restore puts onto this PC and undo takes away again.
 */

import type { Json } from '@carryover/model/canonical';
import { settingOf, windowsPlaceOf } from '@carryover/model/catalog';
import type { Reason } from '@carryover/model/reasons';
import { DONE } from '@carryover/model/report';
import type { Finding } from '@carryover/model/restore-plan';
import type { Setting } from '@carryover/model/setting';
import {
  type LockScreenShown,
  lockScreenPolicy,
  lockScreenShown,
  showOnLockScreen,
} from '../system/windows/lock-screen.ts';
import type { Former, ItemToApply, Mechanism, MechanismContext, Outcome, ReadResult } from './mechanism.ts';
import { buildOf } from './registry-now.ts';
import { madePictureOf } from './registry-undo.ts';
import type { Obstacle } from './registry-wish.ts';
import {
  backslashed,
  type PictureWish,
  pictureOf,
  pictureWish,
  putPicture,
  rawPictureFrom,
  removePicture,
  type ShownPicture,
} from './windows-picture.ts';

export const lockScreen: Mechanism = {
  kinds: ['lockScreen'],

  async read(context, settings) {
    const results: ReadResult[] = [];
    for (const setting of settings.filter(isOfLockScreen))
      if (await isHere(context, setting.id)) results.push(await readOne(context, setting));
    return { items: results.flatMap(({ items }) => items), failures: results.flatMap(({ failures }) => failures) };
  },

  async inspect(context, items) {
    const findings = new Map<string, Finding>();
    for (const item of items) {
      const decision = await decided(context, item);
      const same = 'wish' in decision && decision.wish.isShown;
      const blocked = 'wish' in decision ? {} : { obstacle: decision };
      const now = 'wish' in decision ? await keptNow(context, decision.shown) : undefined;
      findings.set(item.itemId, {
        now: now?.raw,
        nowWords: rawPictureFrom(now?.raw ?? null)?.path ?? '',
        same,
        ...blocked,
      });
    }
    return findings;
  },

  async former(context, items) {
    const former: Former[] = [];
    for (const item of items) {
      const decision = await decided(context, item);
      if (!('wish' in decision)) continue;
      const now = await keptNow(context, decision.shown);
      const { picture } = decision.wish;
      const made = picture === undefined ? {} : { made: { ...picture } };
      const raw: Json = { ...(now?.raw as Record<string, Json> | undefined), ...made };
      former.push({ itemId: item.itemId, raw, blobs: now?.blobs ?? [] });
    }
    return former;
  },

  async apply(context, items) {
    const outcomes: Outcome[] = [];
    for (const item of items) outcomes.push({ itemId: item.itemId, ...(await applied(context, item)) });
    return outcomes;
  },

  async revert(context, former) {
    const outcomes: Outcome[] = [];
    for (const one of former) {
      const outcome = await reverted(context, one);
      const made = madePictureOf(one);
      if (made !== undefined && DONE.includes(outcome.status)) await removePicture(context, made);
      outcomes.push({ itemId: one.itemId, ...outcome });
    }
    return outcomes;
  },
};

type Result = Omit<Outcome, 'itemId'>;

async function readOne(context: MechanismContext, setting: ItemToApply['setting']): Promise<ReadResult> {
  const itemId = setting.id;
  const failed = (reason: Reason): ReadResult => ({ items: [], failures: [{ itemId, reason }] });
  const locked = await lockedByPolicy(context);
  if (locked !== undefined) return failed(locked.reason);
  try {
    const found = await rawNow(context, await lockScreenShown(context.system, 'asNoted'));
    if (found === undefined) return { items: [], failures: [] };
    return 'code' in found ? failed(found) : { items: [{ itemId, setting, ...found }], failures: [] };
  } catch (error) {
    return failed(unanswered(error));
  }
}

/** What a picture of a backup comes down to here, or what stands in the way. */
async function decided(
  context: MechanismContext,
  { itemId, raw }: ItemToApply,
): Promise<{ readonly wish: PictureWish; readonly shown: LockScreenShown } | Obstacle> {
  if (!(await isHere(context, itemId))) return notHere();
  const locked = await lockedByPolicy(context);
  if (locked !== undefined) return locked;
  const skipped = (detail: string): Obstacle => ({
    status: 'skipped',
    reason: { code: 'badValue', facts: { detail } },
  });
  const { path, mediaType } = rawPictureFrom(raw) ?? {};
  if (path === '') return skipped('Windows always shows a picture there');
  if (mediaType !== undefined && !SHOWN_BY_WINDOWS.includes(mediaType))
    return skipped(`Windows shows no ${mediaType} there`);
  try {
    const shown = await lockScreenShown(context.system, 'now');
    if (shown.kind === 'absent') return notHere();
    const wish = await pictureWish(context, raw, pictureFrom(context, shown));
    return 'reason' in wish ? { status: 'skipped', reason: wish.reason } : { wish, shown };
  } catch (error) {
    return { status: 'failed', reason: unanswered(error) };
  }
}

async function applied(context: MechanismContext, item: ItemToApply): Promise<Result> {
  const decision = await decided(context, item);
  if (!('wish' in decision)) return decision;
  const { isShown, path, picture } = decision.wish;
  if (isShown) return { status: 'unchanged' };
  try {
    const reason = picture === undefined ? undefined : await putPicture(context, picture);
    if (reason !== undefined) return { status: 'failed', reason };
    return (await showOnLockScreen(context.system, backslashed(path)))
      ? { status: 'applied' }
      : didNotTake(decision.shown);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { status: 'failed', reason: { code: 'applyFailed', facts: { detail } } };
  }
}

/** A file that is gone since comes back from the undo point. */
async function reverted(context: MechanismContext, { itemId, raw, blobs }: Former): Promise<Result> {
  const wanted = rawPictureFrom(raw ?? null);
  if (wanted === undefined) return { status: 'skipped', reason: { code: 'lockScreenStays' } };
  const setting = settingOf(context.catalog, itemId);
  if (setting === undefined) return notHere();
  const kept = async (blobId: string) =>
    blobs.find((one) => one.blobId === blobId)?.content ?? (await context.blob(blobId));
  return applied({ ...context, blob: kept }, { itemId, setting, raw: { ...wanted } as Json });
}

const SHOWN_BY_WINDOWS: readonly string[] = ['image/jpeg', 'image/png', 'image/bmp', 'image/gif', 'image/tiff'];

/** Which build this is costs more to find out than all else. */
function isOfLockScreen({ windows }: Pick<Setting, 'windows'>): boolean {
  return windows?.some(({ mechanism }) => mechanism === 'lockScreen') === true;
}

async function isHere({ catalog, system }: MechanismContext, itemId: string): Promise<boolean> {
  const setting = settingOf(catalog, itemId);
  if (setting === undefined || !isOfLockScreen(setting)) return false;
  if (system.registry === undefined || itemId.includes('/')) return false;
  return windowsPlaceOf(setting, await buildOf(system.registry))?.mechanism === 'lockScreen';
}

async function lockedByPolicy({ system, organization }: MechanismContext): Promise<Obstacle | undefined> {
  const policy = await lockScreenPolicy(system);
  if (policy === undefined) return undefined;
  const facts = { policy, ...(organization === undefined ? {} : { org: organization }) };
  return { status: 'lockedByPolicy', reason: { code: 'lockedByPolicy', facts } };
}

/** Undefined for none that stays; a reason for one that cannot be kept. */
async function rawNow(
  context: MechanismContext,
  shown: LockScreenShown,
): Promise<Awaited<ReturnType<typeof pictureOf>> | undefined> {
  const picture = pictureFrom(context, shown);
  return picture && pictureOf(context, picture);
}

function pictureFrom({ system }: MechanismContext, shown: LockScreenShown): ShownPicture | undefined {
  if (shown.kind !== 'picture') return undefined;
  return { path: shown.path ?? `${backslashed(system.home)}\\Pictures\\lock-screen`, copy: shown.copy };
}

/** What undo can bring back. */
async function keptNow(context: MechanismContext, shown: LockScreenShown) {
  const now = await rawNow(context, shown);
  return now === undefined || 'code' in now ? undefined : now;
}

function notHere(): Obstacle {
  return { status: 'notOnThisVersion', reason: { code: 'notOnThisVersion', facts: { system: 'Windows' } } };
}

function didNotTake(shown: LockScreenShown): Result {
  const found = shown.kind === 'picture' && shown.path !== undefined ? shown.path : 'the picture before';
  return { status: 'failed', reason: { code: 'didNotTake', facts: { found } } };
}

function unanswered(error: unknown): Reason {
  return { code: 'lockScreenUnanswered', facts: { detail: error instanceof Error ? error.message : String(error) } };
}
