/**
 * GVariant text -> syntax tree, in which types may still be open: 5 may be any number, [] any array.
 *
 * Pure. Source: GLib's "GVariant Text Format".
 */

import { GVariantError } from './gvariant.ts';
import { MAX_DEPTH, typeEnd } from './gvariant-type.ts';

export type Tree =
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number' | 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'array' | 'dictionary' | 'tuple' | 'entry'; readonly items: readonly Tree[] }
  | { readonly kind: 'variant' | 'just'; readonly inner: Tree }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'typed'; readonly type: string; readonly inner: Tree };

/** Errors: GVariantError when the whole text is not one value. */
export function treeFrom(text: string): Tree {
  const cursor: Cursor = { text, position: 0 };
  const tree = value(cursor, 0);
  if (peek(cursor) !== undefined) throw unexpected(cursor);
  return tree;
}

interface Cursor {
  readonly text: string;
  position: number;
}

const KEYWORD_TYPES: ReadonlyMap<string, string> = new Map([
  ['boolean', 'b'],
  ['byte', 'y'],
  ['int16', 'n'],
  ['uint16', 'q'],
  ['int32', 'i'],
  ['uint32', 'u'],
  ['handle', 'h'],
  ['int64', 'x'],
  ['uint64', 't'],
  ['double', 'd'],
  ['string', 's'],
  ['objectpath', 'o'],
  ['signature', 'g'],
]);

const SPACE = /[ \t\n\r\f\v]*/y;
const WORD = /[a-z]+[0-9]*/y;
const NUMBER = /[+-]?(?:inf(?:inity)?|nan|0[xX][0-9A-Fa-f]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])/y;

function value(cursor: Cursor, depth: number): Tree {
  if (depth > MAX_DEPTH) throw new GVariantError('it is nested too deeply');
  const next = peek(cursor);
  if (next === '[') return { kind: 'array', items: list(cursor, ']', depth) };
  if (next === '(') return { kind: 'tuple', items: tuple(cursor, depth) };
  if (next === '{') return dictionary(cursor, depth);
  if (next === "'" || next === '"') return { kind: 'text', text: quoted(cursor, next) };
  if (next === '<') {
    cursor.position += 1;
    const inner = value(cursor, depth + 1);
    take(cursor, '>');
    return { kind: 'variant', inner };
  }
  if (next === '@') {
    const end = typeEnd(cursor.text, cursor.position + 1, 0);
    if (end < 0) throw unexpected(cursor);
    const type = cursor.text.slice(cursor.position + 1, end);
    cursor.position = end;
    return { kind: 'typed', type, inner: value(cursor, depth + 1) };
  }
  const number = match(cursor, NUMBER);
  return number === undefined ? word(cursor, depth) : { kind: 'number', text: number };
}

function word(cursor: Cursor, depth: number): Tree {
  const quote = cursor.text[cursor.position + 1];
  if (cursor.text[cursor.position] === 'b' && (quote === "'" || quote === '"')) {
    cursor.position += 1;
    return { kind: 'bytes', bytes: quotedBytes(cursor, quote) };
  }
  const start = cursor.position;
  const name = match(cursor, WORD) ?? '';
  if (name === 'true' || name === 'false') return { kind: 'boolean', value: name === 'true' };
  if (name === 'nothing') return { kind: 'nothing' };
  if (name === 'just') return { kind: 'just', inner: value(cursor, depth + 1) };
  const type = KEYWORD_TYPES.get(name);
  if (type !== undefined) return { kind: 'typed', type, inner: value(cursor, depth + 1) };
  cursor.position = start;
  throw unexpected(cursor);
}

function list(cursor: Cursor, close: string, depth: number): Tree[] {
  cursor.position += 1;
  const items: Tree[] = [];
  if (takeIf(cursor, close)) return items;
  do items.push(value(cursor, depth + 1));
  while (takeIf(cursor, ','));
  take(cursor, close);
  return items;
}

/** A tuple of one is written "(1,)"; "(1)" is none. */
function tuple(cursor: Cursor, depth: number): Tree[] {
  cursor.position += 1;
  if (takeIf(cursor, ')')) return [];
  const items = [value(cursor, depth + 1)];
  take(cursor, ',');
  if (takeIf(cursor, ')')) return items;
  do items.push(value(cursor, depth + 1));
  while (takeIf(cursor, ','));
  take(cursor, ')');
  return items;
}

/** "{k: v, …}" is a dictionary, "{k, v}" one entry alone. */
function dictionary(cursor: Cursor, depth: number): Tree {
  cursor.position += 1;
  if (takeIf(cursor, '}')) return { kind: 'dictionary', items: [] };
  const entry = (separator: string): Tree => {
    const key = value(cursor, depth + 2);
    take(cursor, separator);
    return { kind: 'entry', items: [key, value(cursor, depth + 2)] };
  };
  const key = value(cursor, depth + 2);
  const isEntry = takeIf(cursor, ',');
  if (!isEntry) take(cursor, ':');
  const first: Tree = { kind: 'entry', items: [key, value(cursor, depth + 2)] };
  const items: Tree[] = [first];
  while (!isEntry && takeIf(cursor, ',')) items.push(entry(':'));
  take(cursor, '}');
  return isEntry ? first : { kind: 'dictionary', items };
}

type Quote = "'" | '"';

const PLAIN = { "'": /[^'\\]*/y, '"': /[^"\\]*/y } as const satisfies Record<Quote, RegExp>;
const UNICODE = /u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})/y;
const OCTAL = /[0-3][0-7]{0,2}|[4-7][0-7]?/y;
const CONTROL = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\n', ''],
]);

function quoted(cursor: Cursor, quote: Quote): string {
  const text = segments(cursor, quote, () => {
    const unicode = matchHere(cursor, UNICODE);
    if (unicode !== undefined) return characterOf(Number.parseInt(unicode.slice(1), 16));
    if (/[uU]/.test(cursor.text[cursor.position] ?? '')) throw new GVariantError('a text with a broken escape');
    return plainEscape(cursor);
  }).join('');
  if (!text.isWellFormed() || text.includes('\0'))
    throw new GVariantError('a text with a character that cannot be stored');
  return text;
}

/** A byte string ends in a zero byte that is not written. */
function quotedBytes(cursor: Cursor, quote: Quote): Uint8Array {
  const parts = segments<string | Uint8Array>(cursor, quote, () => {
    const octal = matchHere(cursor, OCTAL);
    return octal === undefined ? plainEscape(cursor) : Uint8Array.of(Number.parseInt(octal, 8));
  });
  return new Uint8Array(Buffer.concat([...parts.map((part) => Buffer.from(part)), Uint8Array.of(0)]));
}

function segments<Part>(cursor: Cursor, quote: Quote, escaped: () => Part): (string | Part)[] {
  cursor.position += 1;
  const parts: (string | Part)[] = [];
  for (;;) {
    parts.push(matchHere(cursor, PLAIN[quote]) ?? '');
    const next = cursor.text[cursor.position];
    cursor.position += 1;
    if (next === quote) return parts;
    if (next === undefined) throw new GVariantError('a text that does not end');
    parts.push(escaped());
  }
}

function plainEscape(cursor: Cursor): string {
  const character = String.fromCodePoint(cursor.text.codePointAt(cursor.position) ?? 0);
  cursor.position += character.length;
  return CONTROL.get(character) ?? character;
}

function characterOf(codePoint: number): string {
  if (codePoint > 0x10ffff) throw new GVariantError('a text with a character that cannot be stored');
  return String.fromCodePoint(codePoint);
}

/** The next character that is no space. */
function peek(cursor: Cursor): string | undefined {
  matchHere(cursor, SPACE);
  return cursor.text[cursor.position];
}

function takeIf(cursor: Cursor, expected: string): boolean {
  const found = peek(cursor) === expected;
  if (found) cursor.position += 1;
  return found;
}

function take(cursor: Cursor, expected: string): void {
  if (!takeIf(cursor, expected)) throw unexpected(cursor);
}

function match(cursor: Cursor, pattern: RegExp): string | undefined {
  matchHere(cursor, SPACE);
  return matchHere(cursor, pattern);
}

function matchHere(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.position;
  const found = pattern.exec(cursor.text)?.[0];
  if (found !== undefined) cursor.position += found.length;
  return found;
}

function unexpected({ text, position }: Cursor): GVariantError {
  const found = position < text.length ? `“${text.slice(position, position + 12)}”` : 'the end';
  return new GVariantError(`it is not written as a value (at ${found})`);
}
