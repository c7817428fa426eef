/**
 * Serialized GVariant -> value, as a dconf database holds it. Little-endian only, which every machine that we serve is.
 *
 * GLib reads a default where bytes do not fit the type; here they are refused, so that the caller can ask GLib itself.
 *
 * Pure. Source: GLib's "GVariant Serialisation".
 */

import { isUtf8 } from 'node:buffer';
import { type GVariant, GVariantError } from './gvariant.ts';
import { isType, MAX_DEPTH, memberTypes } from './gvariant-type.ts';

/** The value that a serialized variant holds, which names its own type. Errors: GVariantError when the bytes are none. */
export function gvariantFromBytes(bytes: Buffer): GVariant {
  return inVariant(bytes, 0);
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

function layoutOf(type: string): Layout {
  const basic = BASIC[type];
  if (basic !== undefined) return basic;
  if (type.startsWith('a') || type.startsWith('m')) return { alignment: layoutOf(type.slice(1)).alignment, size: 0 };
  const members = memberTypes(type).map(layoutOf);
  const alignment = Math.max(1, ...members.map((member) => member.alignment));
  if (members.some(({ size }) => size === 0)) return { alignment, size: 0 };
  const end = members.reduce((end, member) => aligned(end, member.alignment) + member.size, 0);
  // The empty tuple takes a byte, so that a list of them has a length.
  return { alignment, size: aligned(Math.max(1, end), alignment) };
}

function aligned(position: number, alignment: number): number {
  return Math.ceil(position / alignment) * alignment;
}

function decoded(type: string, bytes: Buffer, depth: number): GVariant {
  if (depth > MAX_DEPTH) throw new GVariantError('a value nested too deep');
  const basic = BASIC[type];
  if (basic !== undefined && basic.size !== 0 && bytes.length !== basic.size) throw misfit(type);
  switch (type[0]) {
    case 'b':
      if (bytes.readUInt8() > 1) throw misfit(type);
      return { type, value: bytes.readUInt8() === 1 };
    case 'y':
      return { type, value: bytes.readUInt8() };
    case 'n':
      return { type, value: bytes.readInt16LE() };
    case 'q':
      return { type, value: bytes.readUInt16LE() };
    case 'i':
    case 'h':
      return { type, value: bytes.readInt32LE() };
    case 'u':
      return { type, value: bytes.readUInt32LE() };
    case 'x':
      return { type, value: bytes.readBigInt64LE() };
    case 't':
      return { type, value: bytes.readBigUInt64LE() };
    case 'd':
      return { type, value: bytes.readDoubleLE() };
    case 's':
    case 'o':
    case 'g':
      return { type, value: textOf(bytes) };
    case 'v':
      return { type, value: inVariant(bytes, depth + 1) };
    case 'm':
      return { type, value: inMaybe(type.slice(1), bytes, depth + 1) };
    case 'a':
      return { type, value: type === 'ay' ? new Uint8Array(bytes) : inArray(type.slice(1), bytes, depth + 1) };
    default:
      return { type, value: inTuple(type, bytes, depth + 1) };
  }
}

function inVariant(bytes: Buffer, depth: number): GVariant {
  const separator = bytes.lastIndexOf(0);
  const type = separator < 0 ? '' : bytes.toString('latin1', separator + 1);
  if (BASIC[type] === undefined && !isType(type)) throw misfit('v');
  return decoded(type, bytes.subarray(0, separator), depth);
}

/** Told apart with care only where it is not plain ASCII: most words of a setting are. */
function textOf(bytes: Buffer): string {
  const end = bytes.length - 1;
  if (end < 0 || bytes.indexOf(0) !== end) throw misfit('s');
  const plain = bytes.toString('latin1', 0, end);
  if (/^[ -~]*$/.test(plain)) return plain;
  if (!isUtf8(bytes)) throw misfit('s');
  return bytes.toString('utf8', 0, end);
}

function inMaybe(type: string, bytes: Buffer, depth: number): GVariant | undefined {
  if (bytes.length === 0) return undefined;
  if (layoutOf(type).size !== 0) return decoded(type, bytes, depth);
  // A byte that only says that there is something, because the value itself may have no bytes.
  if (bytes.at(-1) !== 0) throw misfit(`m${type}`);
  return decoded(type, bytes.subarray(0, -1), depth);
}

function inArray(type: string, bytes: Buffer, depth: number): GVariant[] {
  const { alignment, size } = layoutOf(type);
  if (size !== 0) {
    if (bytes.length % size !== 0) throw misfit(`a${type}`);
    const count = bytes.length / size;
    return Array.from({ length: count }, (_, at) => decoded(type, bytes.subarray(at * size, (at + 1) * size), depth));
  }
  if (bytes.length === 0) return [];
  const width = offsetWidth(bytes.length);
  const table = bytes.readUIntLE(bytes.length - width, width);
  const count = (bytes.length - table) / width;
  if (!Number.isInteger(count) || count < 1) throw misfit(`a${type}`);
  let start = 0;
  return Array.from({ length: count }, (_, at) => {
    const end = bytes.readUIntLE(table + at * width, width);
    if (start > end || end > table) throw misfit(`a${type}`);
    const item = decoded(type, bytes.subarray(start, end), depth);
    start = aligned(end, alignment);
    return item;
  });
}

/** Where members of differing length end is written behind them all, from the last to the first; the last one fills up. */
function inTuple(type: string, bytes: Buffer, depth: number): GVariant[] {
  const types = memberTypes(type);
  const whole = layoutOf(type).size;
  if (whole !== 0 && bytes.length !== whole) throw misfit(type);
  const width = offsetWidth(bytes.length);
  let table = bytes.length;
  let position = 0;
  const ends = types.map((member, index) => {
    const { alignment, size } = layoutOf(member);
    const start = aligned(position, alignment);
    if (size !== 0) position = start + size;
    else if (index === types.length - 1) position = table;
    else {
      table -= width;
      if (table < 0) throw misfit(type);
      position = bytes.readUIntLE(table, width);
    }
    return { member, start, end: position };
  });
  return ends.map(({ member, start, end }) => {
    if (start > end || end > table) throw misfit(type);
    return decoded(member, bytes.subarray(start, end), depth);
  });
}

/** How many bytes an offset takes in a container of that many bytes. */
function offsetWidth(length: number): 1 | 2 | 4 {
  if (length <= 0xff) return 1;
  return length <= 0xffff ? 2 : 4;
}

function misfit(type: string): GVariantError {
  return new GVariantError(`its bytes are no ${type}`);
}
