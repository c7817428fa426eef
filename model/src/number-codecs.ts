/**
 * Codecs of numbers: writing clamps to what the key takes and says so, reading never clamps.
 *
 * Pure: no I/O, no clock. The parameters are those of catalog/*.yaml.
 */

import type { Json } from './canonical.ts';
import { type Codec, type CodecContext, exactly, isSet, keyText, keyValue, textValue } from './codec.ts';
import { gvariantFrom, toGvariant } from './gvariant.ts';

/**
 * A number; neutral = raw x `factor` (rounded when there is a factor); `min` and `max` are what the key takes, `unsaid`
 * is what another platform says by it and this one by another key.
 */
export const number: Codec = {
  read: (raw, { factor }) => {
    const value = textValue(raw);
    if (typeof value !== 'number') return undefined;
    return factor === undefined ? value : Math.round(value * factor);
  },
  write: (value, { factor = 1, min, max, unsaid }, { types }) =>
    typeof value === 'number' && value !== unsaid
      ? numberText(value / factor, { min, max, type: onlyTypeOf(types) })
      : undefined,
};

/** A number behind a switch: 0 while the `gate` key says `off` (or the number is 0), else the number of `key`. */
export const gatedNumber: Codec = {
  read: (raw, { gate, off, key }) => {
    if (keyText(raw, gate) === off) return 0;
    const value = keyValue(raw, key);
    return typeof value === 'number' ? value : undefined;
  },
  write: (value, { gate = '', off = '', on = '', key = '', min, max }, { types, remembered }) => {
    if (typeof value !== 'number') return undefined;
    if (value === 0) return exactly({ [gate]: off });
    const { raw, clamped } = numberText(value, { min, max, type: types[key] ?? 'i' });
    const before = keyText(remembered, gate);
    return { raw: { [gate]: before === undefined || before === off ? on : before, [key]: raw }, clamped };
  },
};

/** A number that counts from another setting's: neutral = raw + the number of the key `other`. */
export const sumWith: Codec = {
  read: (raw, { other, otherDefault = 0 }, context) => {
    const value = textValue(raw);
    return typeof value === 'number' ? value + neighbour(context, other, otherDefault) : undefined;
  },
  write: (value, { other, otherDefault = 0, min, max }, { types, context }) => {
    if (typeof value !== 'number') return undefined;
    return numberText(value - neighbour(context, other, otherDefault), { min, max, type: onlyTypeOf(types) });
  },
};

/** Hours of the day: {mode: "sunset"} or {mode: "fixed", start, end} in minutes from midnight; raw hours with fraction. */
export const daySchedule: Codec = {
  read: (raw, { automatic, start, end }) => {
    if (!isSet(raw)) return undefined;
    if (keyText(raw, automatic) !== 'false') return { mode: 'sunset' };
    const [from, to] = [keyValue(raw, start), keyValue(raw, end)];
    if (typeof from !== 'number' || typeof to !== 'number') return undefined;
    return { mode: 'fixed', start: Math.round(from * 60), end: Math.round(to * 60) };
  },
  write: (value, { automatic = '', start = '', end = '' }) => {
    const hours = value as { mode?: Json; start?: Json; end?: Json } | null;
    if (hours?.mode === 'sunset') return exactly({ [automatic]: 'true' });
    if (hours?.mode !== 'fixed' || typeof hours.start !== 'number' || typeof hours.end !== 'number') return undefined;
    const text = (minutes: number) => toGvariant(minutes / 60, 'd');
    return exactly({ [automatic]: 'false', [start]: text(hours.start), [end]: text(hours.end) });
  },
};

function onlyTypeOf(types: Readonly<Record<string, string>>): string {
  return Object.values(types)[0] ?? 'i';
}

function numberText(
  value: number,
  { min, max, type }: { min: number | undefined; max: number | undefined; type: string },
) {
  const rounded = type === 'd' ? value : Math.round(value);
  const taken = Math.min(Math.max(rounded, min ?? Number.NEGATIVE_INFINITY), max ?? Number.POSITIVE_INFINITY);
  return { raw: toGvariant(taken, type), clamped: taken !== rounded };
}

function neighbour({ neighbours = {} }: CodecContext, key: string | undefined, otherwise: number): number {
  const text = key === undefined ? undefined : neighbours[key];
  const value = text === undefined ? otherwise : gvariantFrom(text);
  return typeof value === 'number' ? value : otherwise;
}
