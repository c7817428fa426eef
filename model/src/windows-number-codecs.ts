/**
 * Windows codecs of numbers: writing takes the nearest step the value has, reading never clamps.
 *
 * Pure: no I/O, no clock. The parameters are those of catalog/*.yaml.
 * Source: windows-devices.md; learn.microsoft.com for SystemParametersInfo, SetCaretBlinkTime and CSIDL keyboards.
 */

import type { Json } from './canonical.ts';
import { clampTo, numberIn, type WindowsCodec } from './windows-codec.ts';

/** Neutral = the number x `factor`; `min` and `max` are what the value takes. */
export const whole: WindowsCodec = {
  knows: ['factor', 'min', 'max'],
  read: ([said], { factor = 1 }) => {
    const number = numberIn(said);
    return number === undefined ? undefined : exact(number * factor);
  },
  write: (value, { factor = 1, min, max }) => number(value, (wanted) => clampTo(wanted / factor, min, max)),
};

/** The speed of a pointer: 1 to 20 with the middle at 10; neutral from -1 (slow) to 1 (fast). */
export const pointerSpeed: WindowsCodec = {
  knows: [],
  read: ([said]) => {
    const step = numberIn(said);
    return step === undefined ? undefined : (step - 10) / (step >= 10 ? 10 : 9);
  },
  write: (value) => number(value, (speed) => clampTo(10 + speed * (speed >= 0 ? 10 : 9), 1, 20)),
};

const STEP_MS = 250;

/** Four steps of a quarter of a second; neutral in ms. */
export const repeatDelay: WindowsCodec = {
  knows: [],
  read: ([said]) => {
    const step = numberIn(said);
    return step === undefined ? undefined : STEP_MS * (step + 1);
  },
  write: (value) => number(value, (ms) => clampTo(Math.round(ms / STEP_MS) - 1, 0, 3)),
};

/** Characters a second at step 0, and by how much each of 31 steps raises them. */
const SLOWEST = 2.5;
const A_STEP = 27.5 / 31;

/** 2.5 to 30 characters a second in 31 steps; neutral is the time between two in ms. */
export const repeatRate: WindowsCodec = {
  knows: [],
  read: ([said]) => {
    const step = numberIn(said);
    return step === undefined || step < 0 ? undefined : Math.round(1000 / (SLOWEST + step * A_STEP));
  },
  write: (value) => number(value, (ms) => (ms > 0 ? clampTo(Math.round((1000 / ms - SLOWEST) / A_STEP), 0, 31) : 31)),
};

const NUM_LOCK = 2;
/** What Windows has where nobody chose: newer builds add the highest bit. */
const NO_LOCKS = 2 ** 31;

/** A number of bits as decimal text; the others stay as they are. A place that is the one bit says it directly. */
export const numLock: WindowsCodec = {
  knows: [],
  read: ([said]) => {
    if (typeof said === 'boolean') return said;
    const bits = numberIn(said);
    return bits === undefined || bits < 0 ? undefined : hasNumLock(bits);
  },
  write: (value, _, { places: [place], had: [had] }) => {
    if (typeof value !== 'boolean') return undefined;
    if (place?.mechanism === 'registry' && place.mask !== undefined) return [value];
    const bits = numberIn(had) ?? NO_LOCKS;
    const others = hasNumLock(bits) ? bits - NUM_LOCK : bits;
    return [String(value ? others + NUM_LOCK : others)];
  },
};

function hasNumLock(bits: number): boolean {
  return Math.floor(bits / NUM_LOCK) % 2 === 1;
}

/** Half a cycle in ms, "-1" for no blinking; neutral is the full cycle, 0 for none. */
export const caretBlink: WindowsCodec = {
  knows: [],
  read: ([said]) => {
    const half = numberIn(said);
    return half === undefined ? undefined : half < 0 ? 0 : 2 * half;
  },
  write: (value) => number(value, (cycle) => (cycle <= 0 ? -1 : clampTo(cycle / 2, 200, 1200))),
};

/** Pixels of the smallest pointer at Windows's first step, and how many a step adds. */
const SMALLEST = 32;
const STEP_PIXELS = 16;
/** GNOME counts the arrow at 96 dpi, Windows the square around it: 24 pixels in one of 32. */
const ARROW = 0.75;

/** Places: the size in pixels, and the step of the slider that goes with it. */
export const cursorSize: WindowsCodec = {
  knows: [],
  read: ([base, step]) => {
    const number = numberIn(step);
    const pixels = numberIn(base) ?? (number === undefined ? undefined : SMALLEST + (number - 1) * STEP_PIXELS);
    return pixels === undefined ? undefined : exact(pixels * ARROW);
  },
  write: (value) => {
    if (typeof value !== 'number') return undefined;
    const pixels = clampTo(Math.round(value / ARROW / STEP_PIXELS) * STEP_PIXELS, SMALLEST, 256);
    return [String(pixels), String((pixels - SMALLEST) / STEP_PIXELS + 1)];
  },
};

function number(value: Json, write: (number: number) => number): readonly string[] | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? [String(Math.round(write(value)))] : undefined;
}

/** Without the last digits that a product of binary fractions leaves behind: 115 x 0.01 is 1.15. */
function exact(value: number): number {
  return Number(value.toFixed(6));
}
