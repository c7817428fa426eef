/**
 * The profiles a person may choose from on this device, best choice first, and which snapshot of each is offered.
 *
 * Pure: no I/O, no clock. Source: product.md R7, B4, B9.
 */

import type { Category, Platform } from './setting.ts';

export interface BackupProfile {
  readonly id: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly platform: Platform;
  readonly osName: string;
  /** By the service's time. */
  readonly lastBackupAt: Temporal.Instant;
  readonly settingCount: number;
  readonly appCount: number;
  /** Newest snapshot that is good enough to offer. */
  readonly defaultSeq: number;
  /** Newest snapshot of all; larger than `defaultSeq` when the newest is thin or not yet checked. */
  readonly headSeq: number;
}

/**
 * Order: this PC's own former profile first, then the same platform before the other, then the newest backup by the
 * service's time (a device's clock never decides); equal times by `id`, so that two calls never disagree.
 */
export function offeredProfiles(
  profiles: readonly BackupProfile[],
  device: { readonly platform: Platform; readonly formerProfileId?: string | undefined },
): BackupProfile[] {
  const rank = (profile: BackupProfile) =>
    profile.id === device.formerProfileId ? 0 : profile.platform === device.platform ? 1 : 2;
  return profiles.toSorted(
    (a, b) => rank(a) - rank(b) || Temporal.Instant.compare(b.lastBackupAt, a.lastBackupAt) || (a.id < b.id ? -1 : 1),
  );
}

/** What thinness is judged by: how much each category that was switched on held. */
export interface CaptureSize {
  readonly categories: readonly Category[];
  readonly counts: Readonly<Partial<Record<Category, number>>>;
}

/** A category with fewer than this share of what it held before is thin; categories of under FEW items are not judged alone. */
const THIN_SHARE = 0.5;
const FEW = 4;

/**
 * Whether `next` must not become the default offer after `good`: it is empty, or what was switched on in both holds
 * much less than before, one category or all of them together (many small ones). What a person switched off in between
 * does not count as loss.
 */
export function isThin(next: CaptureSize, good: CaptureSize | undefined): boolean {
  const total = next.categories.reduce((sum, category) => sum + (next.counts[category] ?? 0), 0);
  if (total === 0) return true;
  if (good === undefined) return false;
  const both = good.categories.filter((category) => next.categories.includes(category));
  const countIn = ({ counts }: CaptureSize, categories: readonly Category[]) =>
    categories.reduce((sum, category) => sum + (counts[category] ?? 0), 0);
  return [...both.map((category) => [category]), both].some((categories) => {
    const before = countIn(good, categories);
    return before >= FEW && countIn(next, categories) < before * THIN_SHARE;
  });
}
