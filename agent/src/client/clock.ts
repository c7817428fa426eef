/**
 * The service's time, as this device can tell it: its own clock plus what it is off.
 *
 * Proofs are made and certificates are judged by it, so that a device whose clock is ten years off still backs up.
 */

export interface ServiceClock {
  /** Service time minus this device's clock, in milliseconds. */
  readonly offsetMs: number;
  /** The service's time now. */
  now(): Temporal.Instant;
  /** Learns from the `Date` of an answer that was asked for at `askedAt` by this device's clock. */
  learn(date: string | undefined, askedAt: Temporal.Instant): void;
}

/** `Date` has whole seconds and is cut, not rounded: half a second is the best guess of the rest. */
const HALF_A_SECOND_MS = 500;

/** `offsetMs` is what an earlier run learned. */
export function serviceClock(deviceNow: () => Temporal.Instant, offsetMs = 0): ServiceClock {
  let offset = offsetMs;
  return {
    get offsetMs() {
      return offset;
    },
    now: () => deviceNow().add({ milliseconds: Math.round(offset) }),
    learn(date, askedAt) {
      const said = Date.parse(date ?? '');
      if (Number.isNaN(said)) return;
      const middle = (askedAt.epochMilliseconds + deviceNow().epochMilliseconds) / 2;
      offset = Math.round(said + HALF_A_SECOND_MS - middle);
    },
  };
}

/** Whole seconds since the epoch, as JWTs count. */
export function secondsOf(instant: Temporal.Instant): number {
  return Math.floor(instant.epochMilliseconds / 1000);
}
