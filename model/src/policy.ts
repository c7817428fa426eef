/**
 * Effective policy: what remains for one person on one device after the organization's decisions are put together.
 *
 * Off is the default of everything that lets data leave a device; absence of a policy is never consent (R5, R9).
 * The service makes it and enforces it; the agent obeys it and shows it. `version` only grows: an agent refuses an older one.
 *
 * Pure: no I/O, no clock. Source: product.md R5, R6, R9, B1.
 */

import { CATEGORIES, type Category } from './setting.ts';

/** on: the person may switch it off. off: suggested, the person may switch it on. locked: off, and only the organization changes it. */
export type CategoryRule = 'on' | 'off' | 'locked';

export interface EffectivePolicy {
  readonly version: number;
  readonly organization: string;
  /** "Enable Windows Backup": may this device upload at all. */
  readonly backupEnabled: boolean;
  /** May this person restore now (on demand or at first sign-in). */
  readonly restoreEnabled: boolean;
  /** "Show restore page" as it was when this device enrolled; later changes do not reach it (R9). */
  readonly restorePageAtEnrollment: boolean;
  readonly categories: Readonly<Record<Category, CategoryRule>>;
  readonly backupIntervalDays: number;
  readonly keptSnapshots: number;
  /** Device code sign-in, for terminals without a browser; never for restore or enrollment. */
  readonly deviceCodeAllowed: boolean;
  /** Flatpak remotes a restore may add, by URL; remotes already on the device are always usable. */
  readonly allowedAppSources: readonly string[];
  /** Where each decision came from, for "status" and errors: policy name by member, e.g. { backupEnabled: "Backup, all staff" }. */
  readonly origins: Readonly<Record<string, string>>;
}

export const DEFAULT_BACKUP_INTERVAL_DAYS = 8;
export const DEFAULT_KEPT_SNAPSHOTS = 12;

/** What an organization decided; undefined means it did not. */
export interface Decisions {
  readonly backupEnabled?: boolean | undefined;
  readonly restoreEnabled?: boolean | undefined;
  readonly deviceCodeAllowed?: boolean | undefined;
  readonly origins?: Readonly<Record<string, string>>;
}

export function effectivePolicy(
  decisions: Decisions,
  facts: { readonly version: number; readonly organization: string; readonly restorePageAtEnrollment: boolean },
): EffectivePolicy {
  return {
    ...facts,
    backupEnabled: decisions.backupEnabled ?? false,
    restoreEnabled: decisions.restoreEnabled ?? false,
    categories: Object.fromEntries(CATEGORIES.map((category) => [category, 'on'])) as Record<Category, CategoryRule>,
    backupIntervalDays: DEFAULT_BACKUP_INTERVAL_DAYS,
    keptSnapshots: DEFAULT_KEPT_SNAPSHOTS,
    deviceCodeAllowed: decisions.deviceCodeAllowed ?? false,
    allowedAppSources: [],
    origins: decisions.origins ?? {},
  };
}
