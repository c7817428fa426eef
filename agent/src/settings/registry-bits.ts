/**
 * Parts of a value that several settings share: one bit of a number or of bytes, one member of a list.
 *
 * Everything else of the value stays as it is, members that nobody knows and their order as well.
 *
 * Pure.
 */

import { REGISTRY_TYPES } from '@carryover/model/registry-value';
import type { RegistryPlace } from '@carryover/model/setting';
import type { RegistryData } from '../system/registry.ts';

export type SharedPlace = Pick<RegistryPlace, 'type' | 'mask' | 'listMember'>;

/** The value is not what the place says it is, e.g. text without digits or a wrong type. */
export class SharedValueError extends Error {}

export function isShared({ mask, listMember }: SharedPlace): boolean {
  return mask !== undefined || listMember !== undefined;
}

/** Undefined when the value is absent. Errors: SharedValueError. */
export function partOf(place: SharedPlace, data: RegistryData | undefined): boolean | undefined {
  if (data === undefined) return undefined;
  if (place.listMember !== undefined) return positionOf(place, data) >= 0;
  const { number, bits } = numberOf(place, data);
  return ((number >> BigInt(bitOf(place, bits))) & 1n) === 1n;
}

/**
 * The value with the part on or off. A list that is absent is an empty one; a number that is absent is none that could be
 * guessed, because its other bits differ by build.
 *
 * `at`: where a member is put; at the end when left out. Errors: SharedValueError.
 */
export function withPart(
  place: SharedPlace,
  data: RegistryData | undefined,
  on: boolean,
  at?: number,
): RegistryData | undefined {
  if (place.listMember !== undefined) return withMember(place, data, on, at);
  if (data === undefined) throw new SharedValueError('the value that it is one bit of is not there');
  if (partOf(place, data) === on) return data;
  const { number, bits } = numberOf(place, data);
  const mask = 1n << BigInt(bitOf(place, bits));
  return { type: data.type, bytes: bytesOf(place, on ? number | mask : number & ~mask, data) };
}

/** Position of the member in its list; -1 when it is not in it. Errors: SharedValueError. */
export function positionOf(place: SharedPlace, data: RegistryData | undefined): number {
  const wanted = memberOf(place);
  return data === undefined ? -1 : membersOf(place, data).findIndex((one) => one.toLowerCase() === wanted);
}

function withMember(
  place: SharedPlace,
  data: RegistryData | undefined,
  on: boolean,
  at: number | undefined,
): RegistryData | undefined {
  const members = data === undefined ? [] : membersOf(place, data);
  const position = positionOf(place, data);
  if (position >= 0 === on) return data;
  const wanted = place.listMember?.member ?? '';
  const own = place.listMember?.encoding === 'guid16' ? memberOf(place) : wanted;
  const changed = on ? members.toSpliced(at ?? members.length, 0, own) : members.toSpliced(position, 1);
  return { type: REGISTRY_TYPES[place.type], bytes: bytesOfMembers(place, changed) };
}

/** A list holds nothing any more. Errors: SharedValueError. */
export function isEmptyList(place: SharedPlace, data: RegistryData): boolean {
  return place.listMember !== undefined && membersOf(place, data).length === 0;
}

function numberOf({ type, mask }: SharedPlace, { type: found, bytes }: RegistryData): { number: bigint; bits: number } {
  checkType(type, found);
  switch (mask?.encoding) {
    case 'decimalString': {
      const text = Buffer.from(bytes).toString('utf16le').replace(/\0$/, '');
      if (!/^(?:0|[1-9]\d{0,9})$/.test(text)) throw new SharedValueError('it is no number');
      return { number: BigInt(text), bits: 32 };
    }
    case 'dword':
      if (bytes.length !== 4) throw new SharedValueError(`it has ${bytes.length} bytes`);
      return { number: littleEndian(bytes), bits: 32 };
    default:
      return { number: littleEndian(bytes), bits: bytes.length * 8 };
  }
}

function bitOf({ mask }: SharedPlace, bits: number): number {
  const bit = mask?.bit ?? 0;
  if (bit >= bits) throw new SharedValueError(`it has no bit ${bit}`);
  return bit;
}

function bytesOf({ mask }: SharedPlace, number: bigint, { bytes }: RegistryData): Uint8Array {
  if (mask?.encoding === 'decimalString') return Buffer.from(`${number}\0`, 'utf16le');
  return Uint8Array.from({ length: bytes.length }, (_, index) => Number((number >> BigInt(index * 8)) & 0xffn));
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** In the form in which members are compared: small letters, a GUID as the hex of its bytes. */
function memberOf({ listMember }: SharedPlace): string {
  const member = listMember?.member ?? '';
  return listMember?.encoding === 'guid16' ? guidHex(member) : member.toLowerCase();
}

function membersOf({ type, listMember }: SharedPlace, { type: found, bytes }: RegistryData): string[] {
  checkType(type, found);
  if (listMember?.encoding === 'guid16') {
    if (bytes.length % GUID_BYTES !== 0) throw new SharedValueError('it is no list of GUIDs');
    const hex = Buffer.from(bytes).toString('hex');
    return hex.match(/.{32}/g) ?? [];
  }
  const text = Buffer.from(bytes).toString('utf16le').replace(/\0$/, '');
  return text === '' ? [] : text.split(',');
}

function bytesOfMembers({ listMember }: SharedPlace, members: readonly string[]): Uint8Array {
  return listMember?.encoding === 'guid16'
    ? Buffer.from(members.join(''), 'hex')
    : Buffer.from(`${members.join(',')}\0`, 'utf16le');
}

const GUID_BYTES = 16;

/** As Windows keeps a GUID: the first three fields with their lowest byte first. */
function guidHex(guid: string): string {
  const [a = '', b = '', c = '', d = '', e = ''] = guid.toLowerCase().replace(/[{}]/g, '').split('-');
  return [...[a, b, c].map((field) => Buffer.from(field, 'hex').reverse().toString('hex')), d, e].join('');
}

function checkType(wanted: RegistryPlace['type'], found: number): void {
  if (found !== REGISTRY_TYPES[wanted]) throw new SharedValueError(`it is no ${wanted}`);
}
