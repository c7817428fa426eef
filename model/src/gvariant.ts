/**
 * GVariant text, as dconf prints and takes it: text to plain values and back.
 *
 * Only what meaning is made of: values without their types, as neutral values have none. The raw text stays the
 * lossless form; 64-bit numbers beyond 2^53 lose digits here. What is applied to a device is judged by its agent.
 *
 * Pure: no I/O, no clock.
 * Source: GLib's documentation "GVariant Text Format".
 */

import type { Json } from './canonical.ts';

/**
 * The value a GVariant text says: booleans, numbers, strings, lists (arrays and tuples); variants give what is in them,
 * `nothing` gives null, dictionaries a list of [key, value] pairs.
 *
 * Errors: SyntaxError when the text is no GVariant.
 */
export function gvariantFrom(text: string): Json {
  const reader: Reader = { text, at: 0 };
  const value = readValue(reader);
  skipSpace(reader);
  if (reader.at !== text.length) throw unexpected(reader);
  return value;
}

/**
 * The text of a value of a type: numbers carry the type's prefix where GVariant would take another ("uint32 5").
 *
 * Errors: TypeError when the value does not fit the type, or the type is none of b y n q i u x t d s o g, arrays and
 * tuples of them.
 */
export function toGvariant(value: Json, type: string): string {
  return printed(value, type);
}

interface Reader {
  readonly text: string;
  at: number;
}

const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['nothing', null],
]);
const TYPE_WORDS: ReadonlySet<string> = new Set([
  'boolean',
  'byte',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'handle',
  'int64',
  'uint64',
  'double',
  'string',
  'objectpath',
  'signature',
  'just',
]);
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
};
/** Nested deeper than any setting is; a text from a backup must not exhaust the stack. */
const MAX_DEPTH = 32;

function readValue(reader: Reader, depth = 0): Json {
  if (depth > MAX_DEPTH) throw unexpected(reader);
  skipSpace(reader);
  const next = reader.text[reader.at];
  if (next === "'" || next === '"') return readString(reader, next);
  if (next === '[') return readList(reader, ']', depth);
  if (next === '(') return readList(reader, ')', depth);
  if (next === '{') return readDictionary(reader, depth);
  if (next === '<') return readVariant(reader, depth);
  if (next === '@') {
    match(reader, /@[bynqiuxthdsogvam(){}*?r]+\s+/y);
    return readValue(reader, depth + 1);
  }
  if (next === 'b' && /^b['"]/.test(reader.text.slice(reader.at, reader.at + 2))) {
    reader.at += 1;
    return readString(reader, reader.text[reader.at] ?? '');
  }
  return readWord(reader, depth);
}

function readWord(reader: Reader, depth: number): Json {
  const start = reader.at;
  const word = match(reader, /[-+.\w]+/y);
  const known = WORDS.get(word);
  if (known !== undefined) return known;
  if (TYPE_WORDS.has(word)) return readValue(reader, depth + 1);
  if (/^[-+]?0[xX][\da-fA-F]+$/.test(word)) return Number(word.replace(/^[-+]/, '')) * (word.startsWith('-') ? -1 : 1);
  if (/^[-+]?0[0-7]+$/.test(word)) return Number.parseInt(word, 8);
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(word)) return Number(word);
  // Infinity and NaN have no JSON form; no setting means anything by them.
  if (/^[-+]?(?:inf|infinity|nan)$/.test(word)) return null;
  reader.at = start;
  throw unexpected(reader);
}

function readString(reader: Reader, quote: string): string {
  let value = '';
  for (reader.at += 1; reader.at < reader.text.length; reader.at += 1) {
    const character = reader.text[reader.at] ?? '';
    if (character === quote) {
      reader.at += 1;
      return value;
    }
    value += character === '\\' ? readEscape(reader) : character;
  }
  throw unexpected(reader);
}

/** Leaves the reader on the last character of the escape. */
function readEscape(reader: Reader): string {
  reader.at += 1;
  const character = reader.text[reader.at] ?? '';
  const digits = character === 'u' ? 4 : character === 'U' ? 8 : 0;
  if (digits === 0) return ESCAPES[character] ?? character;
  const code = reader.text.slice(reader.at + 1, reader.at + 1 + digits);
  const point = Number.parseInt(code, 16);
  if (!new RegExp(`^[\\da-fA-F]{${digits}}$`).test(code) || point > 0x10ffff) throw unexpected(reader);
  reader.at += digits;
  return String.fromCodePoint(point);
}

function readList(reader: Reader, end: ']' | ')', depth: number): Json {
  const values: Json[] = [];
  reader.at += 1;
  for (;;) {
    skipSpace(reader);
    if (taken(reader, end)) return values;
    values.push(readValue(reader, depth + 1));
    skipSpace(reader);
    if (!taken(reader, ',') && reader.text[reader.at] !== end) throw unexpected(reader);
  }
}

function readDictionary(reader: Reader, depth: number): Json {
  const pairs: Json[] = [];
  reader.at += 1;
  for (;;) {
    skipSpace(reader);
    if (taken(reader, '}')) return pairs;
    const key = readValue(reader, depth + 1);
    skipSpace(reader);
    // {key: value} is a dictionary, {key, value} a single entry.
    if (!taken(reader, ':') && !taken(reader, ',')) throw unexpected(reader);
    pairs.push([key, readValue(reader, depth + 1)]);
    skipSpace(reader);
    if (!taken(reader, ',') && reader.text[reader.at] !== '}') throw unexpected(reader);
  }
}

function readVariant(reader: Reader, depth: number): Json {
  reader.at += 1;
  const value = readValue(reader, depth + 1);
  skipSpace(reader);
  if (!taken(reader, '>')) throw unexpected(reader);
  return value;
}

function taken(reader: Reader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}

function match(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found === undefined) throw unexpected(reader);
  reader.at += found.length;
  return found;
}

function skipSpace(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1;
}

function unexpected({ text, at }: Reader): SyntaxError {
  return new SyntaxError(`Not a GVariant text: unexpected ${at < text.length ? `character ${at + 1}` : 'end'}.`);
}

/** Smallest and largest whole number of a type, and the word GVariant prints before it. */
const WHOLE_NUMBERS: Readonly<Record<string, { readonly min: number; readonly max: number; readonly word: string }>> = {
  y: { min: 0, max: 0xff, word: 'byte ' },
  n: { min: -0x8000, max: 0x7fff, word: 'int16 ' },
  q: { min: 0, max: 0xffff, word: 'uint16 ' },
  i: { min: -0x80000000, max: 0x7fffffff, word: '' },
  u: { min: 0, max: 0xffffffff, word: 'uint32 ' },
  x: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, word: 'int64 ' },
  t: { min: 0, max: Number.MAX_SAFE_INTEGER, word: 'uint64 ' },
};

function printed(value: Json, type: string): string {
  const whole = WHOLE_NUMBERS[type];
  if (whole !== undefined && typeof value === 'number') {
    if (!Number.isInteger(value) || value < whole.min || value > whole.max) throw misfit(type);
    return type === 'y' ? `byte 0x${value.toString(16).padStart(2, '0')}` : `${whole.word}${value}`;
  }
  if (type === 'd' && typeof value === 'number') return /[.e]/.test(String(value)) ? String(value) : `${value}.0`;
  if (type === 'b' && typeof value === 'boolean') return String(value);
  if (type === 's' && typeof value === 'string') return quoted(value);
  if (type.startsWith('a') && Array.isArray(value) && value.length === 0) return `@${type} []`;
  if (type.startsWith('a') && Array.isArray(value))
    return `[${value.map((member) => printed(member, type.slice(1))).join(', ')}]`;
  if (type.startsWith('(') && Array.isArray(value)) {
    const members = membersOf(type);
    if (members.length !== value.length) throw misfit(type);
    const texts = members.map((member, index) => printed(value[index] ?? null, member));
    return texts.length === 1 ? `(${texts[0]},)` : `(${texts.join(', ')})`;
  }
  throw misfit(type);
}

function misfit(type: string): TypeError {
  return new TypeError(`The value does not fit the type ${type}.`);
}

/** GVariant prints single quotes unless the text holds one. */
function quoted(text: string): string {
  const quote = text.includes("'") ? '"' : "'";
  const body = text.replace(/[\\"'\p{Cc}]/gu, (character) => {
    if (character === '\\' || character === quote) return `\\${character}`;
    if (character === '"' || character === "'") return character;
    const short = Object.entries(ESCAPES).find(([letter, meant]) => meant === character && letter !== '\n')?.[0];
    return short === undefined ? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}` : `\\${short}`;
  });
  return `${quote}${body}${quote}`;
}

/** "(sa(ii)b)" -> ["s", "a(ii)", "b"]. */
function membersOf(type: string): string[] {
  const members: string[] = [];
  let depth = 0;
  let member = '';
  for (const letter of type.slice(1, -1)) {
    member += letter;
    if (letter === '(' || letter === '{') depth += 1;
    if (letter === ')' || letter === '}') depth -= 1;
    if (depth > 0 || letter === 'a' || letter === 'm') continue;
    members.push(member);
    member = '';
  }
  return members;
}
