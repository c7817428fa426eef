/**
 * A dconf database file -> the texts of its keys, as `dconf dump` prints them.
 *
 * A database is replaced as a whole by dconf's service (a new file that takes the old one's name) before the service
 * answers a change, so that what is read is complete, and read after a load is what the load left on disk.
 *
 * Only what is exactly as expected is read. Anything else (another version or byte order, an offset that leads outside,
 * a name without its folder) is no database here, and the caller asks dconf's own program.
 *
 * Pure. Source: the file format of GVDB, GLib's database of named GVariants; dconf's use of it.
 */

import { GVariantError } from './gvariant.ts';
import { gvariantAt, type Source } from './gvariant-bytes.ts';
import { gvariantText } from './gvariant-print.ts';
import type { DconfValues } from './keyfile.ts';

/** Undefined when the file is not as expected. */
export function valuesFromDatabase(file: Uint8Array): DconfValues | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  try {
    return valuesIn({ bytes, view, letters: bytes.toString('latin1') });
  } catch (error) {
    // A view throws a RangeError for what lies outside of it.
    if (error instanceof GVariantError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Offsets and sizes in bytes. Header: signature, version, options, then where the table of names starts and ends. */
const SIGNATURE = 'GVariant';
const VERSION_AT = 8;
const ROOT_AT = 16;
/** A table: how many words its filter and its index have, those words, then one item a name. */
const TABLE_HEADER = 8;
const WORD = 4;
/** Where in an item what lies; before all that the name's hash, which only a search needs. */
const ITEM = 24;
const PARENT = 4;
const NAME = 8;
const NAME_LENGTH = 12;
const KIND = 14;
const START = 16;
const END = 20;
const NO_PARENT = 0xffff_ffff;
/** The upper bits of the filter's word count are something else. */
const FILTER_WORDS = 0x07ff_ffff;
const VALUE = 'v';

function valuesIn(source: Source): DconfValues {
  const { letters, view } = source;
  if (!letters.startsWith(SIGNATURE) || word(view, VERSION_AT) !== 0) throw unexpected();
  const [table, end] = [word(view, ROOT_AT), word(view, ROOT_AT + WORD)];
  const skipped = (word(view, table) & FILTER_WORDS) + word(view, table + WORD);
  const items = table + TABLE_HEADER + skipped * WORD;
  if (items > end || end > letters.length || (end - items) % ITEM !== 0) throw unexpected();
  const nameOf = names(source, items, (end - items) / ITEM);
  const values = new Map<string, string>();
  for (let index = 0; items + index * ITEM < end; index += 1) {
    const at = items + index * ITEM;
    if (letters[at + KIND] !== VALUE) continue;
    const key = nameOf(index);
    if (!key.startsWith('/') || key.endsWith('/')) throw unexpected();
    values.set(key, textAt(source, word(view, at + START), word(view, at + END)));
  }
  return values;
}

/**
 * The value in text. Switches, words and numbers, whose type is one letter behind a zero, are most of all, and told
 * without a tree in between.
 */
function textAt(source: Source, start: number, end: number): string {
  const { letters, view } = source;
  if (start >= end || end > letters.length) throw unexpected();
  const length = end - SHORT_TYPE - start;
  if (length > 0 && letters[end - SHORT_TYPE] === '\0') {
    const type = letters[end - 1];
    if (type === 's' && letters[end - SHORT_TYPE - 1] === '\0') {
      const plain = letters.slice(start, end - SHORT_TYPE - 1);
      if (PLAIN.test(plain)) return `'${plain}'`;
    }
    if (type === 'b' && length === 1 && letters[start] === '\0') return 'false';
    if (type === 'b' && length === 1 && letters[start] === '\x01') return 'true';
    if (type === 'i' && length === WORD) return String(view.getInt32(start, true));
    if (type === 'u' && length === WORD) return `uint32 ${word(view, start)}`;
    if (type === 'd' && length === 2 * WORD) return gvariantText({ type, value: view.getFloat64(start, true) });
  }
  return gvariantText(gvariantAt(source, start, end));
}

/** Bytes of a type of one letter with the zero before it. */
const SHORT_TYPE = 2;

const PLAIN = /^[ -&(-[\]-~]*$/;

/** A name is kept in pieces: each item has its own, and the number of the item with the piece before it. */
function names({ bytes, letters, view }: Source, items: number, count: number): (index: number) => string {
  const known: (string | undefined)[] = [];
  const nameOf = (index: number, depth: number): string => {
    const found = known[index];
    if (found !== undefined) return found;
    // A chain longer than there are items goes in a circle.
    if (index >= count || depth > count) throw unexpected();
    const at = items + index * ITEM;
    const parent = word(view, at + PARENT);
    const start = word(view, at + NAME);
    const end = start + view.getUint16(at + NAME_LENGTH, true);
    if (end > letters.length) throw unexpected();
    const plain = letters.slice(start, end);
    const piece = PLAIN.test(plain) ? plain : bytes.toString('utf8', start, end);
    const name = parent === NO_PARENT ? piece : nameOf(parent, depth + 1) + piece;
    known[index] = name;
    return name;
  };
  return (index) => nameOf(index, 0);
}

function word(view: DataView, at: number): number {
  return view.getUint32(at, true);
}

function unexpected(): RangeError {
  return new RangeError('The database is not as expected.');
}
