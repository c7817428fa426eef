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
import { gvariantFromBytes } from './gvariant-bytes.ts';
import { gvariantText } from './gvariant-print.ts';
import type { DconfValues } from './keyfile.ts';

/** Undefined when the file is not as expected. */
export function valuesFromDatabase(file: Uint8Array): DconfValues | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  try {
    return valuesIn(bytes);
  } catch (error) {
    // Buffers throw a RangeError for what leads outside of them.
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
/** An item: hash, parent, where the name starts, its length, the kind, a byte for nothing, where the value starts and ends. */
const ITEM = 24;
const NO_PARENT = 0xffff_ffff;
/** The upper bits of the filter's word count are something else. */
const FILTER_WORDS = 0x07ff_ffff;
const VALUE = 'v'.charCodeAt(0);

function valuesIn(bytes: Buffer): DconfValues {
  if (bytes.toString('latin1', 0, VERSION_AT) !== SIGNATURE || bytes.readUInt32LE(VERSION_AT) !== 0) throw unexpected();
  const table = pointed(bytes, ROOT_AT);
  const skipped = (table.readUInt32LE(0) & FILTER_WORDS) + table.readUInt32LE(WORD);
  const items = sliced(table, TABLE_HEADER + skipped * WORD, table.length);
  if (items.length % ITEM !== 0) throw unexpected();
  const nameOf = names(bytes, items);
  const values = new Map<string, string>();
  for (let at = 0; at < items.length; at += ITEM) {
    if (items[at + 14] !== VALUE) continue;
    const key = nameOf(at / ITEM);
    if (!key.startsWith('/') || key.endsWith('/')) throw unexpected();
    values.set(key, gvariantText(gvariantFromBytes(pointed(items, at + 16, bytes))));
  }
  return values;
}

/** A name is kept in pieces: each item has its own, and the number of the item with the piece before it. */
function names(bytes: Buffer, items: Buffer): (index: number) => string {
  const known: (string | undefined)[] = [];
  const count = items.length / ITEM;
  const nameOf = (index: number, depth: number): string => {
    const found = known[index];
    if (found !== undefined) return found;
    // A chain longer than there are items goes in a circle.
    if (index >= count || depth > count) throw unexpected();
    const at = index * ITEM;
    const parent = items.readUInt32LE(at + 4);
    const start = items.readUInt32LE(at + 8);
    const piece = sliced(bytes, start, start + items.readUInt16LE(at + 12)).toString();
    const name = parent === NO_PARENT ? piece : nameOf(parent, depth + 1) + piece;
    known[index] = name;
    return name;
  };
  return (index) => nameOf(index, 0);
}

/** What the pair of offsets at `at` of `holder` frames in the file. */
function pointed(holder: Buffer, at: number, bytes = holder): Buffer {
  return sliced(bytes, holder.readUInt32LE(at), holder.readUInt32LE(at + 4));
}

function sliced(bytes: Buffer, start: number, end: number): Buffer {
  if (start > end || end > bytes.length) throw unexpected();
  return bytes.subarray(start, end);
}

function unexpected(): RangeError {
  return new RangeError('The database is not as expected.');
}
