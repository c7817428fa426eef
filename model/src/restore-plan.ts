/**
 * The plan: the ordered, explained list of what a restore will do on this device, made before anything changes.
 *
 * Order: files and images first (settings may name them), then settings by category, then apps one by one.
 * Every item of the snapshot is in it, also those that will not come over, each of those with its reason (P4).
 *
 * Pure: what is there now, what is locked and what exists is asked beforehand by the mechanisms and handed in.
 */

import type { Json } from './canonical.ts';
import type { EffectivePolicy } from './policy.ts';
import type { Reason } from './reasons.ts';
import type { ItemStatus, PartKind } from './report.ts';
import { CATEGORIES, type Category, type Flag } from './setting.ts';

/** One item of the snapshot as this device would take it. */
export interface WantedItem {
  readonly id: string;
  readonly kind: PartKind;
  readonly category: Category;
  readonly title: string;
  readonly flags: readonly Flag[];
  /** What the mechanism is to apply on this platform; undefined when it has no place here. */
  readonly raw: Json | undefined;
  /** Words for people, short: "Dark", "lofoten.jpg, 2.1 MB". */
  readonly will: string;
  /** What there is to say about it once it is applied: the nearest this platform can hold was taken. */
  readonly note?: Reason;
}

/** What a mechanism says of one wanted item on this device, before anything is applied. */
export interface Finding {
  /** Raw value now; undefined when not set by the person. */
  readonly now: Json | undefined;
  readonly nowWords: string;
  /** The value it will have equals the one it has. */
  readonly same: boolean;
  /** Why it can't be applied here, with the status it will be reported under. */
  readonly obstacle?: { readonly status: ItemStatus; readonly reason: Reason };
}

export interface PlanItem extends WantedItem {
  readonly now: string;
  readonly step: 'change' | 'same' | 'leave';
  /** There when `step` is "leave". */
  readonly status?: ItemStatus;
  readonly reason?: Reason;
}

export interface Choice {
  /** Categories, setting ids or item ids; empty means everything that is on by default. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** Categories that policy and preferences leave out, each with the reason. */
  readonly off: ReadonlyMap<Category, Reason>;
  /** What the organization keeps out of every restore; left out: nothing. */
  readonly policy?: Pick<EffectivePolicy, 'organization' | 'imagesAllowed' | 'runsCodeAllowed'>;
}

const KIND_ORDER: readonly PartKind[] = ['file', 'image', 'setting', 'app'];

/** `findings` by item id; an item without one is reported as not on this version. */
export function restorePlan(
  wanted: readonly WantedItem[],
  findings: ReadonlyMap<string, Finding>,
  choice: Choice,
): PlanItem[] {
  return wanted
    .map((item) => planned(item, findings.get(item.id), choice))
    .toSorted(
      (a, b) =>
        KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) ||
        CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category) ||
        (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
    );
}

function planned(item: WantedItem, finding: Finding | undefined, choice: Choice): PlanItem {
  const now = finding?.nowWords ?? '';
  const left = (status: ItemStatus, reason: Reason): PlanItem => ({ ...item, now, step: 'leave', status, reason });
  const notChosen = reasonNotChosen(item, choice);
  if (notChosen !== undefined) return left('skipped', notChosen);
  if (finding?.obstacle !== undefined) return left(finding.obstacle.status, finding.obstacle.reason);
  if (item.raw === undefined || finding === undefined)
    return left('notOnThisVersion', { code: 'notOnThisVersion', facts: { system: 'this system' } });
  return { ...item, now, step: finding.same ? 'same' : 'change' };
}

/** The first rule that keeps an item out; undefined when it is to come over. */
function reasonNotChosen(item: WantedItem, { only, skip, off, policy }: Choice): Reason | undefined {
  const named = only.includes(item.id) || only.includes(settingOf(item.id));
  const offReason = off.get(item.category);
  if (offReason !== undefined) return offReason;
  const facts = { org: policy?.organization ?? '' };
  if (policy?.imagesAllowed === false && item.kind === 'image') return { code: 'imagesOff', facts };
  if (policy?.runsCodeAllowed === false && item.flags.includes('runsCode')) return { code: 'runsCodeOff', facts };
  if (item.flags.includes('deviceBound')) return { code: 'deviceBound' };
  if (skip.some((name) => name === item.id || name === settingOf(item.id) || name === item.category))
    return { code: 'leftOut' };
  if (named) return undefined;
  if (only.length > 0 && !only.includes(item.category)) return { code: 'leftOut' };
  if (item.flags.includes('runsCode')) return { code: 'runsCode', facts: { id: item.id } };
  if (item.flags.includes('networkReach')) return { code: 'networkReach', facts: { id: item.id } };
  if (item.flags.includes('defaultOff') || item.flags.includes('secret'))
    return { code: 'offByDefault', facts: { id: item.id } };
  return undefined;
}

function settingOf(itemId: string): string {
  return itemId.split('/', 1)[0] ?? itemId;
}
