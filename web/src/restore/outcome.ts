/**
 * What the done step says of a restore: how much came over, and what did not, with reason and remedy.
 *
 * What the person left out themselves is no failure and is not listed; everything else that did not come over is (P4).
 * More than a handful is grouped by what came of it, each reason said once.
 *
 * Pure.
 */

import type { RestoreResult } from '@carryover/model/local-pages';
import { type Language, type Reason, wordsOf } from '@carryover/model/reasons';
import { DONE, ITEM_STATUSES, type ItemStatus } from '@carryover/model/report';

export type ResultItem = RestoreResult['items'][number];

/** More than these are grouped. */
export const LISTED_ONE_BY_ONE = 5;

export interface Counts {
  readonly done: number;
  readonly of: number;
}

/** Items that were to come over, by what a person calls them; what was left out is not counted. */
export function countsOf(items: readonly ResultItem[]): Readonly<Record<'settings' | 'apps' | 'files', Counts>> {
  const wanted = items.filter(({ status }) => status !== 'skipped');
  const count = (...kinds: readonly ResultItem['kind'][]): Counts => {
    const of = wanted.filter(({ kind }) => kinds.includes(kind));
    return { done: of.filter(isDone).length, of: of.length };
  };
  return { settings: count('setting'), apps: count('app'), files: count('file', 'image') };
}

export function notBrought(items: readonly ResultItem[]): ResultItem[] {
  return items.filter((item) => !isDone(item) && item.status !== 'skipped');
}

/** Something was tried and nothing came of it. */
export function isAllFailed(items: readonly ResultItem[]): boolean {
  return items.some(({ status }) => status === 'failed') && !items.some(isDone);
}

export interface ReasonGroup {
  readonly status: ItemStatus;
  /** Said once for all members; undefined when each has its own. */
  readonly reason: string | undefined;
  readonly remedy: string | undefined;
  readonly members: readonly { readonly item: ResultItem; readonly reason: string | undefined }[];
}

/** Groups by outcome and kind of reason, in the order of the outcomes, the largest first within one. */
export function groupedByReason(items: readonly ResultItem[], language: Language): ReasonGroup[] {
  const groups = Map.groupBy(items, ({ status, reason }) => `${status} ${reason?.code ?? ''}`);
  return [...groups.values()]
    .map((members) => groupOf(members, language))
    .toSorted(
      (a, b) =>
        ITEM_STATUSES.indexOf(a.status) - ITEM_STATUSES.indexOf(b.status) || b.members.length - a.members.length,
    );
}

function groupOf(items: readonly ResultItem[], language: Language): ReasonGroup {
  const told = items.map((item) => ({ item, ...reasonWords(item.reason, language) }));
  const reason = same(told.map((one) => one.reason));
  return {
    status: items[0]?.status ?? 'failed',
    reason,
    remedy: same(told.map((one) => one.remedy)),
    members: told.map((one) => ({ item: one.item, reason: reason === undefined ? one.reason : undefined })),
  };
}

export function reasonWords(
  reason: Reason | undefined,
  language: Language,
): { readonly reason: string | undefined; readonly remedy: string | undefined } {
  return reason === undefined ? { reason: undefined, remedy: undefined } : wordsOf(reason, language);
}

/** For IT: one line an item, with the code that programs and people both know. */
export function reportText({ deviceName, finishedAt, items }: RestoreResult, language: Language): string {
  const lines = notBrought(items).map(({ id, title, status, reason }) => {
    const told = reason === undefined ? '' : ` ${reason.code}: ${wordsOf(reason, language).reason}`;
    return `${title} (${id}): ${status}${told}`;
  });
  return [`${deviceName}, ${finishedAt}`, ...lines].join('\n');
}

function isDone({ status }: Pick<ResultItem, 'status'>): boolean {
  return DONE.includes(status);
}

function same(values: readonly (string | undefined)[]): string | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}
