/**
 * Filter keys of Windows: it delays keys or ignores bounces, never both, by one bit and two times in ms that exclude
 * each other. Where both are wanted slow keys win, and bounce keys cannot be said.
 *
 * All four codecs have the same places in this order: the bit, how long a key is held, how long a bounce is ignored.
 * What they write is decided together, so that it does not matter which is asked first.
 *
 * Pure: no I/O, no clock. Source: learn.microsoft.com, FILTERKEYS: the call fails when both times are set.
 */

import type { Json } from './canonical.ts';
import { clampTo, numberIn, type Said, type WindowsCodec, type WindowsTarget } from './windows-codec.ts';

/** What Windows has where nobody chose. */
const HOLD_MS = '1000';
const NO_BOUNCE_MS = '0';
/** Enough to tell a second press from a bounce; taken where bounce keys go on and nobody said how long. */
const BOUNCE_MS = '500';
const MAX_MS = 20_000;

export const slowKeys: WindowsCodec = {
  knows: [],
  read: ([isOn, hold = HOLD_MS, bounce = NO_BOUNCE_MS]) =>
    typeof isOn === 'boolean' ? isOn && Number(hold) > 0 && Number(bounce) === 0 : undefined,
  write: (value, _, { together }) => (typeof value === 'boolean' ? decided(together) : undefined),
};

export const slowKeysDelay: WindowsCodec = {
  knows: [],
  read: ([, hold]) => numberIn(hold),
  write: (value, _, { together }) =>
    typeof value !== 'number' || winner(together) === 'bounce' ? undefined : decided(together),
};

export const bounceKeys: WindowsCodec = {
  knows: [],
  read: ([isOn, , bounce = NO_BOUNCE_MS]) => (typeof isOn === 'boolean' ? isOn && Number(bounce) > 0 : undefined),
  write: (value, _, { together }) =>
    typeof value !== 'boolean' || (value && winner(together) === 'slow') ? undefined : decided(together),
};

/** Written only while bounce keys are on: the time alone would switch them on. */
export const bounceKeysDelay: WindowsCodec = {
  knows: [],
  read: ([, , bounce]) => numberIn(bounce),
  write: (value, _, { together }) =>
    typeof value !== 'number' || winner(together) !== 'bounce' ? undefined : decided(together),
};

type Together = WindowsTarget['together'];

function winner(together: Together): 'slow' | 'bounce' | undefined {
  if (together('slowKeys') === true) return 'slow';
  return together('bounceKeys') === true ? 'bounce' : undefined;
}

function decided(together: Together): readonly Said[] {
  const [hold, bounce] = [together('slowKeysDelay'), together('bounceKeysDelay')];
  const on = winner(together);
  if (on === 'slow') return [true, timeOf(hold, HOLD_MS), NO_BOUNCE_MS];
  if (on === 'bounce') return [true, '0', timeOf(bounce, BOUNCE_MS)];
  const isOff = together('slowKeys') === false || together('bounceKeys') === false;
  return [isOff ? false : undefined, typeof hold === 'number' ? msText(hold) : undefined, undefined];
}

/** No time at all would switch off what is meant to be on. */
function timeOf(ms: Json | undefined, otherwise: string): string {
  return typeof ms === 'number' && ms > 0 ? msText(ms) : otherwise;
}

function msText(ms: number): string {
  return String(Math.round(clampTo(ms, 0, MAX_MS)));
}
