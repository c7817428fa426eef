/**
 * On which occasion a person restores, and which answer of their device's eligibility that needs.
 *
 * Setup does not last: a choice made then may be carried out, but what is asked for afterwards is asked for on demand.
 *
 * Pure: no I/O; the clock is a parameter. Source: product.md R8, R9, B6.
 */

import type { Eligibility } from './eligibility.ts';
import type { Reason } from './reasons.ts';

export const RESTORE_OCCASIONS = ['setup', 'firstSignIn', 'demand'] as const;
export type RestoreOccasion = (typeof RESTORE_OCCASIONS)[number];

const ANSWERS = {
  setup: 'restoreAtSetup',
  firstSignIn: 'restoreAtFirstSignIn',
  demand: 'restoreOnDemand',
} as const satisfies Record<RestoreOccasion, keyof Eligibility>;

/** A device that was enrolled longer ago is not being set up any more. */
export const SETUP_DAYS = 7;
/** What was begun during setup is carried out within so many days of the enrollment. */
export const SETUP_RESTORE_DAYS = 30;

export function reasonsAt(occasion: RestoreOccasion, eligibility: Eligibility): readonly Reason[] {
  return eligibility[ANSWERS[occasion]];
}

/** The first of these occasions on which the device may restore; undefined when it may on none. */
export function occasionAmong(
  occasions: readonly RestoreOccasion[],
  eligibility: Eligibility,
): RestoreOccasion | undefined {
  return occasions.find((occasion) => reasonsAt(occasion, eligibility).length === 0);
}

export interface SetupSoFar {
  readonly enrolledAt: Temporal.Instant;
  /** The newest restore on this device that was begun. `ended`: it succeeded or was taken back. */
  readonly newest?: { readonly startedAt: Temporal.Instant; readonly ended: boolean } | undefined;
}

/** Whether a restore of this device still counts as one at its setup: one that was begun in time may take longer. */
export function isAtSetup({ enrolledAt, newest }: SetupSoFar, now: Temporal.Instant): boolean {
  const within = (moment: Temporal.Instant, days: number) =>
    Temporal.Instant.compare(moment, enrolledAt.add({ hours: 24 * days })) < 0;
  if (newest === undefined) return within(now, SETUP_DAYS);
  return !newest.ended && within(newest.startedAt, SETUP_DAYS) && within(now, SETUP_RESTORE_DAYS);
}
