/**
 * When a device backs up by itself: every so many days, spread over the fleet, caught up when missed.
 *
 * The spread is a fixed part of the first interval per device, so that a fleet switched on at once does not wake at
 * once and never drifts together again. Failures back off without moving the slot.
 *
 * Pure: `now` is a parameter. Source: product.md R2, B1; docs/decisions.
 */

export interface ScheduleFacts {
  readonly deviceId: string;
  readonly enrolledAt: Temporal.Instant;
  /** Last acknowledged backup, by the service's time; undefined before the first. */
  readonly lastBackupAt?: Temporal.Instant | undefined;
  /** Failed runs since then, and when the last one was. */
  readonly failures: number;
  readonly lastFailureAt?: Temporal.Instant | undefined;
  readonly intervalDays: number;
}

export interface Due {
  readonly due: boolean;
  readonly at: Temporal.Instant;
}

/** The first backup comes within this many hours of enrollment, spread by device. */
const FIRST_SPREAD_HOURS = 24;
/** First wait after a failure; doubles up to the longest. */
const FIRST_BACKOFF_MINUTES = 30;
const LONGEST_BACKOFF_MINUTES = 24 * 60;
/** A device knows the service's time to about a second only: a clock behind by less was not set back. */
const SURE_OF_CLOCK_MINUTES = 5;

/**
 * Whether a backup is due, and when it is or was.
 *
 * A clock set back before the last backup counts as due; one set back before the last failure ends the wait for it. A
 * wrong clock alone never makes a device knock without a pause: failures are waited for by the same clock.
 */
export function due(facts: ScheduleFacts, now: Temporal.Instant): Due {
  const sure = now.add({ minutes: SURE_OF_CLOCK_MINUTES });
  const slot = isBefore(sure, facts.lastBackupAt) ? now : slotOf(facts);
  const waits = facts.failures > 0 && !isBefore(now, facts.lastFailureAt);
  const at = waits ? later(slot, retryAt(facts)) : slot;
  return { due: Temporal.Instant.compare(now, at) >= 0, at };
}

function slotOf({ deviceId, enrolledAt, lastBackupAt, intervalDays }: ScheduleFacts): Temporal.Instant {
  if (lastBackupAt === undefined)
    return enrolledAt.add({ seconds: Math.floor(spreadOf(deviceId) * FIRST_SPREAD_HOURS * 3600) });
  return lastBackupAt.add({ hours: intervalDays * 24 });
}

function retryAt({ failures, lastFailureAt, enrolledAt, deviceId }: ScheduleFacts): Temporal.Instant {
  const minutes = Math.min(FIRST_BACKOFF_MINUTES * 2 ** Math.min(failures - 1, 10), LONGEST_BACKOFF_MINUTES);
  // Up to a half more, different per device, so that an outage does not end with everyone at the door.
  return (lastFailureAt ?? enrolledAt).add({ seconds: Math.floor(minutes * 60 * (1 + spreadOf(deviceId) / 2)) });
}

/** A number from 0 to 1, always the same for one device. FNV-1a: spread, not secrecy, is wanted. */
export function spreadOf(deviceId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < deviceId.length; index += 1) {
    hash ^= deviceId.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  // One more round of mixing: the last characters of an id would otherwise move only the low bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

function isBefore(now: Temporal.Instant, other: Temporal.Instant | undefined): boolean {
  return other !== undefined && Temporal.Instant.compare(now, other) < 0;
}

function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) < 0 ? b : a;
}
