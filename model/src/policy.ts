/**
 * Effective policy: what remains for one person on one device after the organization's decisions are put together.
 *
 * Off is the default of everything that lets data leave a device; absence of a policy is never consent (R5, R9).
 * The service makes it and enforces it; the agent obeys it and shows it. `version` only grows: an agent refuses an older one.
 * How documents become Decisions, and which of two wins, is policy-merge.ts.
 *
 * Pure: no I/O, no clock. Source: product.md R5, R6, R9, R11, B1, B5; microsoft-facts.md 2.
 */

import { CATEGORIES, type Category } from './setting.ts';

/** on: the person may switch it off. off: suggested, the person may switch it on. locked: off, and only the organization changes it. */
export type CategoryRule = 'on' | 'off' | 'locked';

/** Where a decision was made. groupPolicy: the registry of Windows; dconf: locks of the system; policyFile: /etc/carryover/policy.d. */
export const POLICY_SOURCES = ['service', 'groupPolicy', 'policyFile', 'dconf'] as const;
export type PolicySource = (typeof POLICY_SOURCES)[number];

/** The document that decided something, e.g. { source: 'service', policy: 'Backup, all staff', policyId: '4f…' }. */
export interface Origin {
  readonly source: PolicySource;
  /** Its name as its author gave it; a file or a registry key for a source without names. */
  readonly policy: string;
  /** Only where the service knows it by an id. */
  readonly policyId?: string;
}

/** A policy of Windows or of another product that keeps backups from running while it is Disabled (R6). */
export interface Blocker {
  /** As Microsoft names it, e.g. "PublishUserActivities". */
  readonly policy: string;
  readonly origin: Origin;
}

/** What organizations decide, member by member. */
export interface Decided {
  /** "Enable Windows Backup": may this device upload at all. */
  readonly backupEnabled: boolean;
  /** Keeping settings equal on all of a person's devices; the same categories govern it. */
  readonly roamingEnabled: boolean;
  /** "Enable Windows Restore": may this person restore now (on demand or at first sign-in). */
  readonly restoreEnabled: boolean;
  readonly categories: Readonly<Record<Category, CategoryRule>>;
  readonly backupIntervalDays: number;
  /** Backups of a fleet that gets this policy at once are spread over this many hours. */
  readonly spreadHours: number;
  readonly keptSnapshots: number;
  /** An agent that has not reached the service for this many days stops capturing. */
  readonly staleAfterDays: number;
  /** May a scheduled run use a metered network. A person who asks for a backup is never held up by it. */
  readonly meteredAllowed: boolean;
  /** Wallpapers and other pictures travel with the profile. */
  readonly imagesAllowed: boolean;
  /** Wi-Fi keys and other secrets, sealed on the device (B5). */
  readonly secretsAllowed: boolean;
  /** May a restore bring back, when asked for by name, what can start programs. */
  readonly runsCodeAllowed: boolean;
  /** A device below the gate is offered "Install quality updates" (R8). */
  readonly installQualityUpdates: boolean;
  /** Device code sign-in, for terminals without a browser; never for restore or enrollment. */
  readonly deviceCodeAllowed: boolean;
  /** Flatpak remotes a restore may add, by URL; remotes already on the device are always usable. */
  readonly allowedAppSources: readonly string[];
}

export type DecidedMember = keyof Decided;

export interface EffectivePolicy extends Decided {
  readonly version: number;
  readonly organization: string;
  /** "Show restore page" as it was when this device enrolled; later changes do not reach it (R9). */
  readonly restorePageAtEnrollment: boolean;
  readonly blockers: readonly Blocker[];
  /** Which document decided: by member, "categories.accounts" for a category. What is not named is the default. */
  readonly origins: Readonly<Record<string, Origin>>;
}

/** What holds where nobody decided. */
export const DEFAULTS: Decided = {
  backupEnabled: false,
  roamingEnabled: false,
  restoreEnabled: false,
  categories: Object.fromEntries(CATEGORIES.map((category) => [category, 'on'])) as Record<Category, CategoryRule>,
  backupIntervalDays: 8,
  spreadHours: 24,
  keptSnapshots: 12,
  staleAfterDays: 30,
  meteredAllowed: false,
  imagesAllowed: true,
  secretsAllowed: false,
  runsCodeAllowed: true,
  installQualityUpdates: false,
  deviceCodeAllowed: false,
  allowedAppSources: [],
};

/** What an organization decided; what is missing or undefined, it did not decide. */
export interface Decisions extends Partial<{ readonly [Member in DecidedMember]: Decided[Member] | undefined }> {
  readonly blockers?: readonly Blocker[];
  readonly origins?: Readonly<Record<string, Origin>>;
}

export function effectivePolicy(
  { blockers = [], origins = {}, ...decided }: Decisions,
  facts: { readonly version: number; readonly organization: string; readonly restorePageAtEnrollment: boolean },
): EffectivePolicy {
  const made = Object.fromEntries(Object.entries(decided).filter(([, value]) => value !== undefined));
  return { ...facts, ...DEFAULTS, ...made, blockers, origins };
}
