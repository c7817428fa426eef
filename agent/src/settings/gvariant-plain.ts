/**
 * What can be told of a GVariant text at sight, without making a value of it: most settings are switches, words and
 * numbers, and taking five hundred of them apart would be most of the time of applying them.
 *
 * A text that this does not take is not wrong: it is looked at with care (gvariant-parse.ts).
 *
 * Pure. Source: GLib's "GVariant Text Format".
 */

import type { KeyRule } from './schema-xml.ts';

/**
 * Whether the text, as it stands, is a value that the rule allows, of the rule's own type, in letters that every reader
 * takes alike. False says nothing.
 */
export function isPlainlyAllowed(text: string, { type, choices, least, most }: KeyRule): boolean {
  if (!patternOf(type)?.test(text)) return false;
  if (choices !== undefined && !(type === 's' && choices.includes(text.slice(1, -1)))) return false;
  if (least === undefined && most === undefined) return true;
  const number = Number(text.slice(text.lastIndexOf(' ') + 1));
  return number >= Number(least ?? -Infinity) && number <= Number(most ?? Infinity);
}

/** Written in more than one way, depending on who prints: fractions, escapes, characters beyond ASCII. */
const LOOSE = /[\\.]|\de|[^ -~]/;

const FRACTION = /^-?\d+\.\d+$/;

/**
 * Whether two texts as dconf or gvariant-print.ts write them are one value; undefined when that takes a closer look.
 * Nearly all values can be written in one way only, so that the texts decide.
 */
export function isSameAtSight(a: string, b: string): boolean | undefined {
  if (a === b) return true;
  if (FRACTION.test(a) && FRACTION.test(b)) return Number(a) === Number(b);
  return LOOSE.test(a) || LOOSE.test(b) ? undefined : false;
}

/** Numbers so short that they fit their type, and that a double holds them exactly. */
const PLAIN: Readonly<Record<string, string>> = {
  b: '(?:true|false)',
  s: "'[ -&(-[\\]-~]*'",
  i: '-?(?:0|[1-9][0-9]{0,8})',
  d: '-?(?:0|[1-9][0-9]{0,14})\\.[0-9]{1,17}',
};

/** Marked types, as a whole value only: in a list the first mark speaks for all. */
const MARKED: Readonly<Record<string, string>> = {
  n: 'int16 -?(?:0|[1-9][0-9]{0,3})',
  q: 'uint16 (?:0|[1-9][0-9]{0,3})',
  u: 'uint32 (?:0|[1-9][0-9]{0,8})',
  x: 'int64 -?(?:0|[1-9][0-9]{0,14})',
  t: 'uint64 (?:0|[1-9][0-9]{0,14})',
};

/** Longer types are rare, and nothing that grows with what a schema says should be made at sight. */
const MAX_TYPE_LENGTH = 12;

const patterns = new Map<string, RegExp | undefined>();

function patternOf(type: string): RegExp | undefined {
  if (patterns.has(type)) return patterns.get(type);
  const source = type.length > MAX_TYPE_LENGTH ? undefined : (MARKED[type] ?? sourceOf(type));
  const pattern = source === undefined ? undefined : new RegExp(`^${source}$`);
  patterns.set(type, pattern);
  return pattern;
}

/** Lists that are not empty, and pairs and longer tuples, of plain types; the empty list says its type itself. */
function sourceOf(type: string): string | undefined {
  if (type.startsWith('a')) {
    const item = sourceOf(type.slice(1));
    return item === undefined ? undefined : `\\[${item}(?:, ${item})*\\]`;
  }
  if (!type.startsWith('(')) return PLAIN[type];
  const members = [...type.slice(1, -1)].map((letter) => PLAIN[letter]);
  return members.length < 2 || members.includes(undefined) ? undefined : `\\(${members.join(', ')}\\)`;
}
