/**
 * What happened to each item of a restore, in the words every surface uses.
 *
 * Pure: no I/O, no clock, no dependency but the model's own words.
 */

import type { Reason } from './reasons.ts';
import type { Category, MechanismKind, Setting } from './setting.ts';

export const ITEM_STATUSES = [
  'applied',
  'unchanged',
  'skipped',
  'lockedByPolicy',
  'notOnThisVersion',
  'needsElevation',
  'failed',
] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

export const PART_KINDS = ['setting', 'file', 'image', 'app'] as const;
export type PartKind = (typeof PART_KINDS)[number];

export interface ReportItem {
  readonly id: string;
  readonly kind: PartKind;
  readonly category: Category;
  readonly title: string;
  readonly status: ItemStatus;
  /** There unless the status is applied or unchanged; with applied, what is to be said about it. */
  readonly reason?: Reason;
}

export interface RestoreReport {
  readonly items: readonly ReportItem[];
  /** Milliseconds by the device's monotonic clock. */
  readonly durationMs: number;
}

export const DONE: readonly ItemStatus[] = ['applied', 'unchanged'];

/** Items per status. */
export function countsOf(items: readonly Pick<ReportItem, 'status'>[]): Record<ItemStatus, number> {
  const counts = Object.fromEntries(ITEM_STATUSES.map((status) => [status, 0])) as Record<ItemStatus, number>;
  for (const { status } of items) counts[status] += 1;
  return counts;
}

const PICTURES: readonly MechanismKind[] = ['dconfImage', 'registryImage', 'lockScreen'];

/** What kind of part a setting's items are, by the mechanism of its places. */
export function kindOf({ linux = [], windows = [] }: Pick<Setting, 'linux' | 'windows'>): Exclude<PartKind, 'app'> {
  const kinds = [...linux, ...windows].map(({ mechanism }) => mechanism);
  if (kinds.includes('file')) return 'file';
  return kinds.some((kind) => PICTURES.includes(kind)) ? 'image' : 'setting';
}
