/**
 * When a device backs up by itself: at its own slot of every cycle, caught up when missed, spread over the fleet.
 *
 * A slot is a fixed moment of the cycle per device, counted from 1970 and not from the last run: whatever came between, a
 * late run, a failure or a person's own backup, the next run is on the slot again, and a fleet never drifts together.
 * What must be caught up, waited for or begun is spread anew each time, so that no hour gets all of it.
 *
 * Pure: `now` is a parameter. The rules stand on milliseconds, because a simulated fleet asks them millions of times
 * (bench/fleet-schedule.bench.ts). Source: product.md R2, B1; docs/decisions/2026-11-26-own-slot-in-the-cycle.md.
 */

/** Moments are milliseconds since 1970, by the service's clock as far as the device knows it. */
export interface ScheduleFacts {
  readonly deviceId: string;
  readonly enrolledAtMs: number;
  /** Since when this device knows that it may back up; undefined while it may not. */
  readonly allowedSinceMs?: number | undefined;
  /** Last acknowledged backup; undefined before the first. */
  readonly lastBackupAtMs?: number | undefined;
  /** Failed runs since then, and when the last one was. */
  readonly failures: number;
  readonly lastFailureAtMs?: number | undefined;
  /** The device noticed that it had slept through its time. */
  readonly missed?: Missed | undefined;
  /** The service asked, at a moment, not to be asked for so long; also when it had done what was asked. */
  readonly slowDown?: { readonly atMs: number; readonly seconds: number } | undefined;
  /** The network costs money by volume, and the policy does not let scheduled runs use it. */
  readonly held?: 'meteredNetwork' | undefined;
  /** The person has profiles to choose from on this new device and has not chosen. */
  readonly offerOpen?: boolean | undefined;
  readonly intervalDays: number;
  /** The first backups of a fleet that gets its policy at once are spread over this many hours. */
  readonly spreadHours: number;
}

/** `times` is 2 when the time it was to be caught up at was slept through as well. */
export interface Missed {
  readonly noticedAtMs: number;
  readonly times: number;
}

export interface Due {
  readonly due: boolean;
  readonly atMs: number;
  /** Why it waits: no time at all when it may not; otherwise it goes as soon as this ends. */
  readonly held?: 'notAllowed' | 'offerOpen' | 'meteredNetwork';
  /** Its time was slept through just now: the caller keeps this, and gives it back the next time it asks. */
  readonly missed?: Missed;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A timer asks every hour, up to half an hour late: who asks later than this was off or asleep. */
const SLEPT_MS = 2 * HOUR_MS;
/** A slot that comes sooner than this after a backup is passed over. */
const TOO_SOON_MS = HOUR_MS;
/** Until a device has heard of a new policy, its timer included; the rest of the spread is for its first backup. */
const HEARD_WITHIN_MS = 8 * HOUR_MS;
/** A device that may not back up asks this often whether it may. */
const SHORTEST_LOOK_MS = 3 * HOUR_MS;
const LONGEST_LOOK_MS = 4 * HOUR_MS;
/** What was missed for a night is spread over a working day; for longer, over as long as it is late, at most so long. */
const NIGHT_MS = 16 * HOUR_MS;
const CATCH_UP_MS = { afterNight: 8 * HOUR_MS, longest: 28 * HOUR_MS };
/** When that time was slept through too, or one that had been put off by a failure: it has waited enough. */
const SECOND_CATCH_UP_MS = 4 * HOUR_MS;
/** Once soon, for what passes quickly; then a day later. Waits that double would end an outage with all at the door. */
const FIRST_BACKOFF_MS = { shortest: 30 * MINUTE_MS, longest: 45 * MINUTE_MS };
const BACKOFF_MS = { shortest: 24 * HOUR_MS, longest: 28 * HOUR_MS };
/** The first backup of a new device waits no longer for the person to choose what to restore. */
const LONGEST_OFFER_MS = 7 * DAY_MS;
/** A device knows the service's time to about a second only: a clock behind by less was not set back. */
const SURE_OF_CLOCK_MS = 5 * MINUTE_MS;

/**
 * Whether a backup is due, and when it is or was.
 *
 * A clock set back before the last backup counts as due; one set back before the last failure, hint or notice ends the
 * wait for it. A wrong clock alone never makes a device knock without a pause: failures are waited for by the same clock.
 * A person who asks for a backup does not ask here.
 */
export function due(facts: ScheduleFacts, nowMs: number): Due {
  const { allowedSinceMs, held } = facts;
  if (allowedSinceMs === undefined) return { due: false, atMs: nowMs, held: 'notAllowed' };
  const plannedMs = plannedAt(facts, nowMs);
  if (nowMs < offerEndOf(facts)) return { due: false, atMs: plannedMs, held: 'offerOpen' };
  const { atMs, missed } = caughtUp(facts, plannedMs, nowMs);
  if (missed !== undefined) return { due: false, atMs, missed };
  if (nowMs >= atMs && held !== undefined) return { due: false, atMs, held };
  return { due: nowMs >= atMs, atMs };
}

/** When a device that may not back up asks again whether it may. */
export function lookAgainAt(deviceId: string, checkedInAtMs: number): number {
  const salt = hourOf(checkedInAtMs);
  return Math.floor(checkedInAtMs + between(SHORTEST_LOOK_MS, LONGEST_LOOK_MS, spreadOf(deviceId, salt)));
}

/** The first slot of this device that is later than a moment. Units: milliseconds since 1970. */
export function slotAfter({ deviceId, intervalDays }: Pick<ScheduleFacts, 'deviceId' | 'intervalDays'>, ms: number) {
  const cycleMs = intervalDays * DAY_MS;
  const phaseMs = Math.floor(spreadOf(deviceId) * cycleMs);
  return (Math.floor((ms - phaseMs) / cycleMs) + 1) * cycleMs + phaseMs;
}

/** The slot, or what a failure or a hint of the service puts in its place. */
function plannedAt(facts: ScheduleFacts, nowMs: number): number {
  const { deviceId, failures, lastFailureAtMs, slowDown } = facts;
  let atMs = Math.max(slotOf(facts, nowMs), offerEndOf(facts));
  if (failures > 0 && !isBefore(nowMs, lastFailureAtMs)) atMs = Math.max(atMs, retryAt(facts));
  if (slowDown !== undefined && nowMs + SURE_OF_CLOCK_MS >= slowDown.atMs) {
    const share = spreadOf(deviceId, hourOf(slowDown.atMs));
    atMs = Math.max(atMs, Math.ceil(slowDown.atMs + slowDown.seconds * 1000 * (1 + share)));
  }
  return atMs;
}

/** Until when the person may choose before this device backs up; long ago where there is nothing to wait for. */
function offerEndOf({ lastBackupAtMs, offerOpen, enrolledAtMs }: ScheduleFacts): number {
  return offerOpen === true && lastBackupAtMs === undefined ? enrolledAtMs + LONGEST_OFFER_MS : 0;
}

function slotOf(facts: ScheduleFacts, nowMs: number): number {
  const { deviceId, allowedSinceMs = nowMs, lastBackupAtMs, spreadHours } = facts;
  const sureMs = nowMs + SURE_OF_CLOCK_MS;
  if (lastBackupAtMs !== undefined)
    return sureMs < lastBackupAtMs ? nowMs : slotAfter(facts, lastBackupAtMs + TOO_SOON_MS);
  const spreadMs = spreadHours * HOUR_MS;
  const restMs = Math.max(spreadMs - HEARD_WITHIN_MS, spreadMs / 2);
  return Math.min(allowedSinceMs, sureMs) + Math.floor(spreadOf(deviceId, 1) * restMs);
}

function retryAt({ deviceId, failures, lastFailureAtMs, enrolledAtMs }: ScheduleFacts): number {
  const { shortest, longest } = failures === 1 ? FIRST_BACKOFF_MS : BACKOFF_MS;
  const fromMs = lastFailureAtMs ?? enrolledAtMs;
  return Math.floor(fromMs + between(shortest, longest, spreadOf(deviceId, hourOf(fromMs))));
}

/** Where what was slept through is put: not at once, because all that slept wake at the same hour. */
function caughtUp(facts: ScheduleFacts, plannedMs: number, nowMs: number): Pick<Due, 'atMs' | 'missed'> {
  const { missed } = facts;
  const known = missed !== undefined && plannedMs <= missed.noticedAtMs && missed.noticedAtMs <= nowMs;
  const atMs = known ? catchUpAt(facts, plannedMs, missed) : plannedMs;
  const times = known ? missed.times + 1 : 1;
  if (nowMs - atMs <= SLEPT_MS || times > 2) return { atMs };
  const again = { noticedAtMs: nowMs, times };
  return { atMs: catchUpAt(facts, plannedMs, again), missed: again };
}

function catchUpAt({ deviceId, failures }: ScheduleFacts, plannedMs: number, { noticedAtMs, times }: Missed): number {
  const lateMs = noticedAtMs - plannedMs;
  const firstMs = lateMs <= NIGHT_MS ? CATCH_UP_MS.afterNight : Math.min(lateMs, CATCH_UP_MS.longest);
  const spreadMs = times === 1 && failures === 0 ? firstMs : SECOND_CATCH_UP_MS;
  return noticedAtMs + Math.floor(spreadOf(deviceId, hourOf(noticedAtMs)) * spreadMs);
}

/** A number from 0 to 1, always the same for one device and salt. FNV-1a: spread, not secrecy, is wanted. */
export function spreadOf(deviceId: string, salt = 0): number {
  let hash = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1);
  for (let index = 0; index < deviceId.length; index += 1) {
    hash ^= deviceId.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  // One more round of mixing: the last characters of an id would otherwise move only the low bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** A salt that is another one each time. */
function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

function between(shortest: number, longest: number, share: number): number {
  return shortest + share * (longest - shortest);
}

function isBefore(nowMs: number, otherMs: number | undefined): boolean {
  return otherMs !== undefined && nowMs < otherMs;
}
