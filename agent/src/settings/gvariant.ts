/**
 * GVariant values: what a dconf key holds, as a tree that knows its types.
 *
 * Text form in and out: gvariant-parse.ts and gvariant-print.ts.
 *
 * Pure.
 */

/**
 * By type: b boolean; y n q i u h d number; x t bigint; s o g string; ay bytes; other arrays, tuples and dictionary
 * entries a list; m the inner value or undefined; v the inner value.
 */
export interface GVariant {
  readonly type: string;
  readonly value: boolean | number | bigint | string | Uint8Array | readonly GVariant[] | GVariant | undefined;
}

/** A text that is no value of the wanted type. `message` says why, in words that complete "does not fit: …". */
export class GVariantError extends Error {
  override readonly name = 'GVariantError';
}

/** Same type and same value. Doubles by number, so that two ways to print one number are one value; NaN equals NaN. */
export function sameGVariant(a: GVariant, b: GVariant): boolean {
  if (a.type !== b.type) return false;
  const [one, other] = [a.value, b.value];
  if (one instanceof Uint8Array && other instanceof Uint8Array)
    return one.length === other.length && one.every((byte, index) => byte === other[index]);
  if (isList(one) && isList(other))
    return one.length === other.length && one.every((item, index) => sameOrAbsent(item, other[index]));
  if (isInner(one) && isInner(other)) return sameGVariant(one, other);
  return one === other || (Number.isNaN(one) && Number.isNaN(other));
}

function sameOrAbsent(a: GVariant, b: GVariant | undefined): boolean {
  return b !== undefined && sameGVariant(a, b);
}

/** The value with every string (type s, also inside) replaced by what `change` makes of it. */
export function mapStrings(variant: GVariant, change: (text: string) => string): GVariant {
  const { type, value } = variant;
  if (type === 's' && typeof value === 'string') return { type, value: change(value) };
  if (isList(value)) return { type, value: value.map((item) => mapStrings(item, change)) };
  if (isInner(value)) return { type, value: mapStrings(value, change) };
  return variant;
}

/** Every string (types s, o, g) of the value, in order. */
export function stringsOf({ value }: GVariant): string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap(stringsOf);
  return isInner(value) ? stringsOf(value) : [];
}

/** The numbers an integer type holds, both inclusive. */
export const INTEGER_LIMITS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  y: [0n, 255n],
  n: [-32_768n, 32_767n],
  q: [0n, 65_535n],
  i: [-2_147_483_648n, 2_147_483_647n],
  h: [-2_147_483_648n, 2_147_483_647n],
  u: [0n, 4_294_967_295n],
  x: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
  t: [0n, 18_446_744_073_709_551_615n],
};

/**
 * The same number as `type`, for a key whose number type changed between versions; undefined when either is no number
 * type or the number does not fit.
 */
export function coerceNumber({ type: from, value }: GVariant, type: string): GVariant | undefined {
  const isNumber = (name: string) => name === 'd' || (name !== 'h' && name in INTEGER_LIMITS);
  if (!isNumber(from) || !isNumber(type) || (typeof value !== 'number' && typeof value !== 'bigint')) return undefined;
  if (type === 'd') return { type, value: Number(value) };
  if (!Number.isInteger(Number(value))) return undefined;
  const [least, most] = INTEGER_LIMITS[type] ?? [1n, 0n];
  const whole = BigInt(value);
  if (whole < least || whole > most) return undefined;
  return { type, value: type === 'x' || type === 't' ? whole : Number(whole) };
}

/** A value as a person would write it: no types, strings without quotes at the outside. */
export function wordsOfValue(variant: GVariant): string {
  const { type, value } = variant;
  if (isList(value)) {
    if (type.startsWith('{')) return value.map(wordsOfValue).join(': ');
    return value.map(wordsOfValue).join(', ');
  }
  if (isInner(value)) return wordsOfValue(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return value === undefined ? '' : String(value);
}

export function isList(value: GVariant['value']): value is readonly GVariant[] {
  return Array.isArray(value);
}

export function isInner(value: GVariant['value']): value is GVariant {
  return typeof value === 'object' && 'type' in value;
}
