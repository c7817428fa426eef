/**
 * Serialized GVariant -> value, as a dconf database holds it. Little-endian only, which every machine that we serve is.
 *
 * GLib reads a default where bytes do not fit the type; here they are refused, so that the caller can ask GLib itself.
 * Places are offsets in the one file: a view of its own for each of a thousand values would take longer than the values.
 *
 * Pure. Source: GLib's "GVariant Serialisation".
 */

import { isUtf8 } from 'node:buffer';
import { type GVariant, GVariantError } from './gvariant.ts';
import { isType, MAX_DEPTH, memberTypes } from './gvariant-type.ts';

/** A file, ready to be looked into in several ways. */
export interface Source {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** The bytes as letters, one a byte: a piece of it is had at once. */
  readonly letters: string;
}

/** Where something lies; alignment counts from `start`, which the format itself aligns. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * The value of a serialized variant, which names its own type. The place must lie within the file.
 * Errors: GVariantError when the bytes are none.
 */
export function gvariantAt(source: Source, start: number, end: number): GVariant {
  return inVariant(source, { start, end }, 0);
}

/** Where the value of a variant ends and its type's name begins. Errors: GVariantError when there is no such place. */
function variantSeparator({ letters }: Source, { start, end }: Place): number {
  const separator = end === start ? -1 : letters.lastIndexOf('\0', end - 1);
  if (separator < start) throw misfit('v');
  return separator;
}

interface Layout {
  /** In bytes: where a value may start, and how long each one is; 0 when they differ. */
  readonly alignment: number;
  readonly size: number;
}

const BASIC: Readonly<Record<string, Layout>> = {
  b: { alignment: 1, size: 1 },
  y: { alignment: 1, size: 1 },
  n: { alignment: 2, size: 2 },
  q: { alignment: 2, size: 2 },
  i: { alignment: 4, size: 4 },
  u: { alignment: 4, size: 4 },
  h: { alignment: 4, size: 4 },
  x: { alignment: 8, size: 8 },
  t: { alignment: 8, size: 8 },
  d: { alignment: 8, size: 8 },
  s: { alignment: 1, size: 0 },
  o: { alignment: 1, size: 0 },
  g: { alignment: 1, size: 0 },
  v: { alignment: 8, size: 0 },
};

interface Shape extends Layout {
  /** Of a tuple or dictionary entry, in order. */
  readonly members: readonly { readonly type: string; readonly layout: Layout }[];
  /** How many of them have their end written down: those of differing length, but for the last one. */
  readonly ends: number;
}

const shapes = new Map<string, Shape>();

function shapeOf(type: string): Shape {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const members = /^[({]/.test(type)
    ? memberTypes(type).map((member) => ({ type: member, layout: shapeOf(member) }))
    : [];
  const ends = members.filter(({ layout }, index) => layout.size === 0 && index < members.length - 1).length;
  const shape = { ...layoutOf(type, members), members, ends };
  shapes.set(type, shape);
  return shape;
}

function layoutOf(type: string, members: Shape['members']): Layout {
  const basic = BASIC[type];
  if (basic !== undefined) return basic;
  if (type.startsWith('a') || type.startsWith('m')) return { alignment: shapeOf(type.slice(1)).alignment, size: 0 };
  const alignment = Math.max(1, ...members.map(({ layout }) => layout.alignment));
  if (members.some(({ layout }) => layout.size === 0)) return { alignment, size: 0 };
  const end = members.reduce((end, { layout }) => aligned(end, layout.alignment) + layout.size, 0);
  // The empty tuple takes a byte, so that a list of them has a length.
  return { alignment, size: aligned(Math.max(1, end), alignment) };
}

function aligned(position: number, alignment: number): number {
  return Math.ceil(position / alignment) * alignment;
}

function decoded(type: string, source: Source, place: Place, depth: number): GVariant {
  if (depth > MAX_DEPTH) throw new GVariantError('a value nested too deep');
  const { start, end } = place;
  const basic = BASIC[type];
  if (basic !== undefined && basic.size !== 0 && end - start !== basic.size) throw misfit(type);
  const { view } = source;
  switch (type[0]) {
    case 'b':
      if (view.getUint8(start) > 1) throw misfit(type);
      return { type, value: view.getUint8(start) === 1 };
    case 'y':
      return { type, value: view.getUint8(start) };
    case 'n':
      return { type, value: view.getInt16(start, true) };
    case 'q':
      return { type, value: view.getUint16(start, true) };
    case 'i':
    case 'h':
      return { type, value: view.getInt32(start, true) };
    case 'u':
      return { type, value: view.getUint32(start, true) };
    case 'x':
      return { type, value: view.getBigInt64(start, true) };
    case 't':
      return { type, value: view.getBigUint64(start, true) };
    case 'd':
      return { type, value: view.getFloat64(start, true) };
    case 's':
    case 'o':
    case 'g':
      return { type, value: textAt(source, place) };
    case 'v':
      return { type, value: inVariant(source, place, depth + 1) };
    case 'm':
      return { type, value: inMaybe(type.slice(1), source, place, depth + 1) };
    case 'a':
      return {
        type,
        value:
          type === 'ay'
            ? new Uint8Array(source.bytes.subarray(start, end))
            : inArray(type.slice(1), source, place, depth + 1),
      };
    default:
      return { type, value: inTuple(type, source, place, depth + 1) };
  }
}

function inVariant(source: Source, place: Place, depth: number): GVariant {
  const separator = variantSeparator(source, place);
  const type = source.letters.slice(separator + 1, place.end);
  if (BASIC[type] === undefined && !isType(type)) throw misfit('v');
  return decoded(type, source, { start: place.start, end: separator }, depth);
}

/** Told apart with care only where it is not plain ASCII: most words of a setting are. */
function textAt({ bytes, letters }: Source, { start, end }: Place): string {
  const plain = letters.slice(start, end - 1);
  if (end <= start || letters[end - 1] !== '\0' || plain.includes('\0')) throw misfit('s');
  if (/^[ -~]*$/.test(plain)) return plain;
  const own = bytes.subarray(start, end - 1);
  if (!isUtf8(own)) throw misfit('s');
  return own.toString();
}

function inMaybe(type: string, source: Source, place: Place, depth: number): GVariant | undefined {
  const { start, end } = place;
  if (start === end) return undefined;
  if (shapeOf(type).size !== 0) return decoded(type, source, place, depth);
  // A byte that only says that there is something, because the value itself may have no bytes.
  if (source.view.getUint8(end - 1) !== 0) throw misfit(`m${type}`);
  return decoded(type, source, { start, end: end - 1 }, depth);
}

function inArray(type: string, source: Source, { start, end }: Place, depth: number): GVariant[] {
  const { alignment, size } = shapeOf(type);
  const items: GVariant[] = [];
  if (size !== 0) {
    if ((end - start) % size !== 0) throw misfit(`a${type}`);
    for (let at = start; at < end; at += size) items.push(decoded(type, source, { start: at, end: at + size }, depth));
    return items;
  }
  if (start === end) return items;
  const width = offsetWidth(end - start);
  const table = start + offsetAt(source, end - width, width);
  // The last item ends where the list of ends begins.
  if (table >= end || (end - table) % width !== 0) throw misfit(`a${type}`);
  let from = start;
  for (let at = table; at < end; at += width) {
    const to = start + offsetAt(source, at, width);
    if (from > to || to > table) throw misfit(`a${type}`);
    items.push(decoded(type, source, { start: from, end: to }, depth));
    from = start + aligned(to - start, alignment);
  }
  return items;
}

/** Where members of differing length end is written behind them all, from the last to the first; the last one fills up. */
function inTuple(type: string, source: Source, { start, end }: Place, depth: number): GVariant[] {
  const { members, size: whole, ends } = shapeOf(type);
  if (whole !== 0 && end - start !== whole) throw misfit(type);
  const width = offsetWidth(end - start);
  const table = end - ends * width;
  if (table < start) throw misfit(type);
  const items: GVariant[] = [];
  let next = end;
  let position = start;
  for (const member of members) {
    const { alignment, size } = member.layout;
    const from = start + aligned(position - start, alignment);
    if (size !== 0) position = from + size;
    else if (next === table) position = table;
    else {
      next -= width;
      position = start + offsetAt(source, next, width);
    }
    if (from > position || position > table) throw misfit(type);
    items.push(decoded(member.type, source, { start: from, end: position }, depth));
  }
  return items;
}

/** How many bytes an offset takes in a container of that many bytes. */
function offsetWidth(length: number): 1 | 2 | 4 {
  if (length <= 0xff) return 1;
  return length <= 0xffff ? 2 : 4;
}

function offsetAt({ view }: Source, at: number, width: 1 | 2 | 4): number {
  if (width === 1) return view.getUint8(at);
  return width === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
}

function misfit(type: string): GVariantError {
  return new GVariantError(`its bytes are no ${type}`);
}
