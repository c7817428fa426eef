/**
 * GVariant value -> text as dconf writes it: every type that a reader could not guess is marked, once.
 *
 * Pure. Source: GLib's g_variant_print with type annotations.
 */

import { type GVariant, isInner, isList } from './gvariant.ts';

/** The text has no line break and gives the same value when parsed without a wanted type. */
export function gvariantText(variant: GVariant): string {
  return print(variant, true);
}

const MARKS: Readonly<Record<string, string>> = {
  y: 'byte ',
  n: 'int16 ',
  q: 'uint16 ',
  u: 'uint32 ',
  h: 'handle ',
  x: 'int64 ',
  t: 'uint64 ',
  o: 'objectpath ',
  g: 'signature ',
};

function print({ type, value }: GVariant, marked: boolean): string {
  if (typeof value === 'string') return `${mark(type, marked)}${quotedText(value)}`;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && type === 'd') return doubleText(value);
  if (type === 'y') return `${mark(type, marked)}0x${Number(value).toString(16).padStart(2, '0')}`;
  if (typeof value === 'number' || typeof value === 'bigint') return `${mark(type, marked)}${value}`;
  if (type.startsWith('m')) return `${marked ? `@${type} ` : ''}${maybeText(value)}`;
  if (value instanceof Uint8Array) return bytesText(value, marked);
  if (isInner(value)) return `<${print(value, true)}>`;
  if (!isList(value)) return '';
  if (type.startsWith('(')) {
    const members = value.map((member) => print(member, marked)).join(', ');
    return value.length === 1 ? `(${members},)` : `(${members})`;
  }
  if (type.startsWith('{')) return `{${value.map((member) => print(member, marked)).join(', ')}}`;
  return arrayText(type, value, marked);
}

function mark(type: string, marked: boolean): string {
  return marked ? (MARKS[type] ?? '') : '';
}

function maybeText(value: GVariant['value']): string {
  if (!isInner(value)) return 'nothing';
  // "just nothing" is not the same as "nothing"; any other value stands for just itself.
  return value.type.startsWith('m') ? `just ${maybeText(value.value)}` : print(value, false);
}

/** The first element's marks speak for all. */
function arrayText(type: string, items: readonly GVariant[], marked: boolean): string {
  if (items.length === 0)
    return marked ? `@${type} ${type.startsWith('a{') ? '{}' : '[]'}` : type.startsWith('a{') ? '{}' : '[]';
  const texts = items.map((item, index) =>
    type.startsWith('a{') ? entryText(item, marked && index === 0) : print(item, marked && index === 0),
  );
  return type.startsWith('a{') ? `{${texts.join(', ')}}` : `[${texts.join(', ')}]`;
}

function entryText({ value }: GVariant, marked: boolean): string {
  return isList(value) ? value.map((member) => print(member, marked)).join(': ') : '';
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

const PLAIN_TEXT = /^[ -&(-[\]-~]*$/;

function quotedText(text: string): string {
  // The classes of unprintable characters are large tables: not for words that need none of it.
  if (PLAIN_TEXT.test(text)) return `'${text}'`;
  const quote = text.includes("'") ? '"' : "'";
  const escaped = text.replace(/[\\'"\p{Cc}\p{Cf}\p{Cn}\p{Zl}\p{Zp}]/gu, (character) => {
    if (character === quote) return `\\${quote}`;
    const known = ESCAPES[character];
    if (known !== undefined) return known;
    if (character === '"' || character === "'") return character;
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
  return `${quote}${escaped}${quote}`;
}

/** Printed as a byte string when it is one: a zero byte at the end and nowhere else. */
function bytesText(bytes: Uint8Array, marked: boolean): string {
  if (bytes.length === 0) return marked ? '@ay []' : '[]';
  if (bytes.indexOf(0) === bytes.length - 1) return quotedBytes(bytes.subarray(0, -1));
  return `[${[...bytes].map((value, index) => print({ type: 'y', value }, marked && index === 0)).join(', ')}]`;
}

function quotedBytes(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) ? '"' : "'";
  const characters = [...bytes].map((byte) => {
    const character = String.fromCharCode(byte);
    if (character === quote || character === '\\') return `\\${character}`;
    if (byte >= 0x20 && byte < 0x7f) return character;
    return `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `b${quote}${characters.join('')}${quote}`;
}

/** C's "%.17g", with ".0" where it would look like an integer. */
function doubleText(number: number): string {
  if (Number.isNaN(number)) return 'nan';
  if (!Number.isFinite(number)) return number < 0 ? '-inf' : 'inf';
  if (number === 0) return Object.is(number, -0) ? '-0.0' : '0.0';
  const size = Math.abs(number);
  // Most of all, and where JavaScript's way to write 17 digits is C's: told by one conversion.
  if (size >= 1e-4 && size < 1e16) return withFraction(trimmed(number.toPrecision(17)));
  const [digits = '', power = '0'] = number.toExponential(16).split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 17) {
    const sign = exponent < 0 ? '-' : '+';
    return `${trimmed(digits)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return withFraction(trimmed(number.toFixed(Math.max(0, 16 - exponent))));
}

function withFraction(decimal: string): string {
  return decimal.includes('.') ? decimal : `${decimal}.0`;
}

function trimmed(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
