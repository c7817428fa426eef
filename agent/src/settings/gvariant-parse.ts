/**
 * GVariant text -> value, with the types that GLib would find.
 *
 * A text without type marks takes the wanted type, or the default one (32-bit integer, double, string); numbers in one
 * array share a type; a plain value stands for "just" that value where a maybe is wanted.
 *
 * Pure. Source: GLib's "GVariant Text Format".
 */

import { type GVariant, GVariantError, INTEGER_LIMITS, sameGVariant } from './gvariant.ts';
import { isSameAtSight } from './gvariant-plain.ts';
import { type Tree, treeFrom } from './gvariant-syntax.ts';
import { isObjectPath, isSignature, isType, memberTypes } from './gvariant-type.ts';

/**
 * The value of a text; without `type`, of the type that dconf would store it as.
 * Errors: GVariantError when the text is no value, or none of `type`.
 */
export function gvariantFrom(text: string, type?: string): GVariant {
  const plain = plainValue(text);
  if (plain !== undefined && (type === undefined || type === plain.type)) return plain;
  const tree = treeFrom(text);
  return checkedValue(tree, type ?? typeOf(openTypeOf(tree)));
}

const PLAIN_TEXT = /^'[ -&(-[\]-~]*'$/;
const PLAIN_NUMBER = /^-?[1-9]\d{0,8}$/;

/** Switches, plain words and small numbers need no syntax tree, and nearly all settings are one of them. */
function plainValue(text: string): GVariant | undefined {
  if (text === 'true' || text === 'false') return { type: 'b', value: text === 'true' };
  if (PLAIN_TEXT.test(text)) return { type: 's', value: text.slice(1, -1) };
  return PLAIN_NUMBER.test(text) ? { type: 'i', value: Number(text) } : undefined;
}

/** A type that may be open. `may`: the value may also stand for "just" itself. */
type OpenType = { readonly may: boolean } & (
  | { readonly kind: 'any' | 'number' | 'text' }
  | { readonly kind: 'fixed'; readonly type: string }
  | { readonly kind: 'array' | 'maybe'; readonly of: OpenType }
  | { readonly kind: 'tuple' | 'entry'; readonly members: readonly OpenType[] }
);

const ANY: OpenType = { kind: 'any', may: false };

function openTypeOf(tree: Tree): OpenType {
  switch (tree.kind) {
    case 'boolean':
      return { kind: 'fixed', type: 'b', may: true };
    case 'number':
      return isWritten(tree.text, 'double') ? { kind: 'fixed', type: 'd', may: true } : { kind: 'number', may: true };
    case 'text':
      return { kind: 'text', may: true };
    case 'bytes':
      return { kind: 'array', of: { kind: 'fixed', type: 'y', may: false }, may: true };
    case 'variant':
      return { kind: 'fixed', type: 'v', may: true };
    case 'nothing':
      return { kind: 'maybe', of: ANY, may: false };
    case 'just':
      return { kind: 'maybe', of: openTypeOf(tree.inner), may: false };
    case 'typed':
      return openFromType(tree.type);
    case 'array':
      return { kind: 'array', of: sharedBy(tree.items.map(openTypeOf)), may: true };
    case 'dictionary': {
      // GLib asks the first entry alone, so what a later one would tell does not count.
      const [first] = tree.items;
      const entry: OpenType =
        first === undefined ? { kind: 'entry', members: [ANY, ANY], may: false } : { ...openTypeOf(first), may: false };
      return { kind: 'array', of: entry, may: true };
    }
    default:
      return { kind: tree.kind, members: tree.items.map(openTypeOf), may: true };
  }
}

function openFromType(type: string): OpenType {
  if (type.startsWith('a')) return { kind: 'array', of: openFromType(type.slice(1)), may: false };
  if (type.startsWith('m')) return { kind: 'maybe', of: openFromType(type.slice(1)), may: false };
  if (type.startsWith('(')) return { kind: 'tuple', members: memberTypes(type).map(openFromType), may: false };
  if (type.startsWith('{')) return { kind: 'entry', members: memberTypes(type).map(openFromType), may: false };
  return { kind: 'fixed', type, may: false };
}

function sharedBy(types: readonly OpenType[]): OpenType {
  return types.reduce(shared, ANY);
}

/** The type both fit. Errors: GVariantError when there is none. */
function shared(a: OpenType, b: OpenType): OpenType {
  if (a.kind === 'any') return b;
  if (b.kind === 'any') return a;
  if (a.may !== b.may) {
    const [open, exact] = a.may ? [a, b] : [b, a];
    if (exact.kind === 'maybe') return { ...exact, of: shared(open, exact.of) };
    return shared({ ...open, may: false }, exact);
  }
  if (a.kind === 'number' && (b.kind === 'number' || isFixed(b, 'ynqiuxthd'))) return b;
  if (a.kind === 'text' && (b.kind === 'text' || isFixed(b, 'sog'))) return b;
  if (a.kind === 'fixed' && b.kind !== 'fixed' && (b.kind === 'number' || b.kind === 'text')) return shared(b, a);
  if (a.kind === 'fixed' && b.kind === 'fixed' && a.type === b.type) return a;
  if ((a.kind === 'array' && b.kind === 'array') || (a.kind === 'maybe' && b.kind === 'maybe'))
    return { ...a, of: shared(a.of, b.of) };
  const isPair = (a.kind === 'tuple' && b.kind === 'tuple') || (a.kind === 'entry' && b.kind === 'entry');
  if (isPair && a.members.length === b.members.length)
    return { ...a, members: a.members.map((member, index) => shared(member, b.members[index] ?? ANY)) };
  throw new GVariantError('its parts have no common type');
}

function isFixed(type: OpenType, letters: string): boolean {
  return type.kind === 'fixed' && letters.includes(type.type);
}

function typeOf(open: OpenType): string {
  switch (open.kind) {
    case 'any':
      throw new GVariantError('it does not say its type');
    case 'number':
      return 'i';
    case 'text':
      return 's';
    case 'fixed':
      return open.type;
    case 'array':
      return `a${typeOf(open.of)}`;
    case 'maybe':
      return `m${typeOf(open.of)}`;
    case 'tuple':
      return `(${open.members.map(typeOf).join('')})`;
    case 'entry':
      return `{${open.members.map(typeOf).join('')}}`;
  }
}

function checkedValue(tree: Tree, type: string): GVariant {
  if (!isType(type)) throw new GVariantError(`"${type}" is no type`);
  return typedValue(tree, type);
}

function typedValue(tree: Tree, type: string): GVariant {
  if (tree.kind === 'typed' && tree.type === type) return typedValue(tree.inner, type);
  if (type.startsWith('m')) {
    if (tree.kind === 'nothing') return { type, value: undefined };
    return { type, value: typedValue(tree.kind === 'just' ? tree.inner : tree, type.slice(1)) };
  }
  switch (tree.kind) {
    case 'boolean':
      if (type === 'b') return { type, value: tree.value };
      break;
    case 'number':
      return { type, value: numberFrom(tree.text, type) };
    case 'text':
      return { type, value: textFrom(tree.text, type) };
    case 'bytes':
      if (type === 'ay') return { type, value: tree.bytes };
      break;
    case 'variant':
      if (type === 'v') return { type, value: checkedValue(tree.inner, typeOf(openTypeOf(tree.inner))) };
      break;
    case 'array':
    case 'dictionary':
      return arrayFrom(tree.items, tree.kind === 'dictionary' ? 'a{' : 'a', type);
    case 'tuple':
    case 'entry':
      if (type.startsWith(tree.kind === 'tuple' ? '(' : '{')) return membersFrom(tree.items, type);
      break;
  }
  throw mismatch(type);
}

function arrayFrom(items: readonly Tree[], start: string, type: string): GVariant {
  if (!type.startsWith(start)) throw mismatch(type);
  const values = items.map((item) => typedValue(item, type.slice(1)));
  return type === 'ay'
    ? { type, value: Uint8Array.from(values, ({ value }) => Number(value)) }
    : { type, value: values };
}

function membersFrom(items: readonly Tree[], type: string): GVariant {
  const types = memberTypes(type);
  if (types.length !== items.length) throw mismatch(type);
  return { type, value: items.map((item, index) => typedValue(item, types[index] ?? '')) };
}

/** How a number is written decides what it may be. Hexadecimal digits include "e" and are never a double's. */
function isWritten(text: string, as: 'double' | 'hexadecimal'): boolean {
  const hexadecimal = /^[+-]?0x/i.test(text);
  return as === 'hexadecimal' ? hexadecimal : !hexadecimal && /[.en]/i.test(text);
}

function numberFrom(text: string, type: string): number | bigint {
  if (type === 'd') return isWritten(text, 'hexadecimal') ? Number(wholeFrom(text)) : doubleFrom(text);
  const limits = INTEGER_LIMITS[type];
  if (limits === undefined || isWritten(text, 'double')) throw mismatch(type);
  const whole = wholeFrom(text);
  if (whole < limits[0] || whole > limits[1]) throw new GVariantError(`${text} is out of range`);
  return type === 'x' || type === 't' ? whole : Number(whole);
}

/** The smallest number that strtod, and with it dconf, reads without an error of range. */
const LEAST_DOUBLE = 2.2250738585072014e-308;

function doubleFrom(text: string): number {
  const number = Number(text.replace(/inf(inity)?/, 'Infinity'));
  const overflows = !Number.isFinite(number) && /\d/.test(text);
  const underflows = number !== 0 && Math.abs(number) < LEAST_DOUBLE;
  if (overflows || underflows) throw new GVariantError(`${text} is out of range`);
  return number;
}

/** As strtoull with base 0: 0x is hexadecimal, a leading 0 octal. */
function wholeFrom(text: string): bigint {
  const [, sign, digits = ''] = /^([+-]?)(.*)$/.exec(text) ?? [];
  const octal = /^0\d/.test(digits);
  if (octal && /[89]/.test(digits)) throw new GVariantError(`${text} is no number`);
  const magnitude = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  return sign === '-' ? -magnitude : magnitude;
}

function textFrom(text: string, type: string): string {
  if (type === 's' || (type === 'o' && isObjectPath(text)) || (type === 'g' && isSignature(text))) return text;
  throw mismatch(type);
}

function mismatch(type: string): GVariantError {
  return new GVariantError(`a value of type ${type} is needed`);
}

/** Whether two texts as dconf or gvariant-print.ts write them are one value. False when one of them is none. */
export function isSameText(a: string, b: string): boolean {
  const known = isSameAtSight(a, b);
  if (known !== undefined) return known;
  try {
    return sameGVariant(gvariantFrom(a), gvariantFrom(b));
  } catch (error) {
    if (error instanceof GVariantError) return false;
    throw error;
  }
}
