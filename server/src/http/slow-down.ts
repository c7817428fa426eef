/**
 * How long devices are asked to wait with what can wait, before the service has to refuse anything.
 *
 * The measure is the lag of the event loop (busy.ts): it grows with everything that keeps this process
 * busy, on both databases, and at its limit requests are refused. Source: model/wire.ts, CheckIn.slowDownSeconds.
 */

/** From this part of the limit on. */
const BUSY_SHARE = 0.2;
/** Devices spread what they put off over as long again (model/schedule.ts). */
const SLOW_DOWN_SECONDS = 900;

/** Undefined while there is nothing to ask for. Units: milliseconds of lag; seconds to wait. */
export function slowDownFor(loopDelayMs: number, limitMs: number): number | undefined {
  return loopDelayMs >= limitMs * BUSY_SHARE ? SLOW_DOWN_SECONDS : undefined;
}
