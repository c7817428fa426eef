/**
 * A value of the registry, from its bytes to what travels and back: the same bytes again, whatever they are.
 *
 * Nothing here touches the machine.
 */

import type { Json } from '@carryover/model/canonical';
import { REGISTRY_TYPES, type RegistryRaw, type RegistryType } from '@carryover/model/registry-value';
import type { RegistryData } from '../system/registry.ts';

/** Shape: the raw value of an item of kind `registry`. dataFrom gives the same bytes again. */
export function rawFrom({ type, bytes }: RegistryData): RegistryRaw {
  const name = typeName(type);
  const hex = Buffer.from(bytes).toString('hex');
  if (name === undefined) return { type, hex };
  const data = readable(name, Buffer.from(bytes), hex);
  if (data !== undefined && Buffer.from(bytesOf(name, data)).equals(bytes)) return { type: name, data };
  return { type: name, hex };
}

/** Undefined when it is no value of the registry: what comes out of a backup is not trusted. */
export function dataFrom(raw: Json | undefined): RegistryData | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const { type, data, hex } = raw as Readonly<Record<string, Json>>;
  const number = typeof type === 'number' ? type : typeNumber(type);
  if (number === undefined || !Number.isInteger(number) || number < 0 || number > MAX_DWORD) return undefined;
  if (hex !== undefined) return isHex(hex) ? { type: number, bytes: Buffer.from(hex, 'hex') } : undefined;
  const name = typeName(number);
  if (name === undefined || !fits(name, data)) return undefined;
  return { type: number, bytes: bytesOf(name, data) };
}

const MAX_DWORD = 0xffff_ffff;
const MAX_QWORD = (1n << 64n) - 1n;

function typeName(number: number): RegistryType | undefined {
  return (Object.keys(REGISTRY_TYPES) as RegistryType[]).find((name) => REGISTRY_TYPES[name] === number);
}

function typeNumber(name: Json | undefined): number | undefined {
  return typeof name === 'string' && Object.hasOwn(REGISTRY_TYPES, name)
    ? REGISTRY_TYPES[name as RegistryType]
    : undefined;
}

function isHex(text: Json): text is string {
  return typeof text === 'string' && /^(?:[0-9a-f]{2})*$/.test(text);
}

type Readable = string | number | readonly string[];

/** What people read; undefined when the bytes cannot be that. */
function readable(type: RegistryType, bytes: Buffer, hex: string): Readable | undefined {
  switch (type) {
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return bytes.length % 2 === 0 ? bytes.toString('utf16le').replace(/\0$/, '') : undefined;
    case 'REG_MULTI_SZ':
      return bytes.length % 2 === 0 ? textsOf(bytes.toString('utf16le')) : undefined;
    case 'REG_DWORD':
      return bytes.length === 4 ? bytes.readUInt32LE() : undefined;
    case 'REG_QWORD':
      return bytes.length === 8 ? bytes.readBigUInt64LE().toString() : undefined;
    case 'REG_BINARY':
    case 'REG_NONE':
      return hex;
  }
}

/** Each text ends with a zero, and one more ends the list. */
function textsOf(list: string): string[] {
  return list === '\0' ? [] : list.replace(/\0?\0$/, '').split('\0');
}

function fits(type: RegistryType, data: Json | undefined): data is string | number | string[] {
  switch (type) {
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return typeof data === 'string';
    case 'REG_MULTI_SZ':
      return Array.isArray(data) && data.every((text) => typeof text === 'string');
    case 'REG_DWORD':
      return typeof data === 'number' && Number.isInteger(data) && data >= 0 && data <= MAX_DWORD;
    case 'REG_QWORD':
      return typeof data === 'string' && /^\d{1,20}$/.test(data) && BigInt(data) <= MAX_QWORD;
    case 'REG_BINARY':
    case 'REG_NONE':
      return data !== undefined && isHex(data);
  }
}

/** `data` fits the type. */
function bytesOf(type: RegistryType, data: Readable): Uint8Array {
  switch (type) {
    case 'REG_DWORD': {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(Number(data));
      return bytes;
    }
    case 'REG_QWORD': {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(String(data)));
      return bytes;
    }
    case 'REG_BINARY':
    case 'REG_NONE':
      return Buffer.from(String(data), 'hex');
    case 'REG_MULTI_SZ': {
      const texts = Array.isArray(data) ? (data as readonly string[]) : [];
      return Buffer.from(texts.length === 0 ? '\0' : `${texts.join('\0')}\0\0`, 'utf16le');
    }
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return Buffer.from(`${String(data)}\0`, 'utf16le');
  }
}
