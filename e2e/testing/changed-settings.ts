/**
 * A Windows person's settings, all of them: what the catalog's places hold on a PC where everything was changed, and on
 * one where nothing was; both made from the catalog, and read again without any code of the agent.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bitBaseOf } from '../../agent/testing/bit-bases.ts';
import type { Catalog, RegistryAllowed, RegistryPlace, Setting } from '../../model/src/setting.ts';
import { bytesIn, dataText, type PlacedValue, placeText, type RegistryTable } from './registry-text.ts';

const CATALOG = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'catalog', 'catalog.json'), 'utf8'),
) as Catalog;

/** A setting with its place in the person's own part of the registry of one build. */
export interface PlacedSetting {
  readonly setting: Setting;
  readonly place: RegistryPlace;
}

/** Every setting that is one value, or a part of one, of HKEY_CURRENT_USER on this build. */
export function settingsOn(build: number): PlacedSetting[] {
  return CATALOG.settings.flatMap((setting) => {
    const place = setting.windows?.find(
      (one) => one.mechanism === 'registry' && (one.fromBuild ?? 0) <= build && build <= (one.toBuild ?? build),
    );
    return place?.mechanism === 'registry' && place.hive === 'HKCU' ? [{ setting, place }] : [];
  });
}

/**
 * Where this value is not the language that a PC's programs are started in, the next of them writes the whole regional
 * format anew (see wine.ts). On a PC that keeps its language it stays, and with it the others hold.
 */
export const NAME_OF_FORMAT = 'region.format.localeName';

/** Settings that are more than one value: families of the registry, pictures, files. What Windows gives by call is none. */
export function familiesOfCatalog(): string[] {
  const kinds = ['registryFamily', 'registryImage', 'file'];
  return CATALOG.settings.flatMap(({ id, windows = [] }) =>
    windows.some(({ mechanism }) => kinds.includes(mechanism)) ? [id] : [],
  );
}

/** A restore takes it without being asked for it by name. */
export function isTakenByItself({ setting: { flags, mode } }: PlacedSetting): boolean {
  return mode !== 'none' && flags.length === 0;
}

/** Values that every Windows has and Wine has not, of which the catalog names single bits. */
export function basesOn(build: number): PlacedValue[] {
  const bases = new Map<string, PlacedValue>();
  for (const { place } of settingsOn(build)) {
    if (place.mask === undefined) continue;
    const { type } = place;
    bases.set(placeText(at(place)), { ...at(place), data: dataText(type, baseOf(place)) });
  }
  return [...bases.values()];
}

/** Every setting but `except` changed to a value that is allowed and is not what `fresh`, a new PC, has. */
export function changedOn(build: number, fresh: RegistryTable, except: readonly string[]): PlacedValue[] {
  const changed = new Map<string, PlacedValue>();
  const changing = settingsOn(build).filter(({ setting: { id } }) => !except.includes(id));
  for (const [where, places] of Map.groupBy(
    changing.map(({ place }) => place),
    (place) => placeText(at(place)),
  )) {
    const [first] = places;
    if (first === undefined) continue;
    changed.set(where, { ...at(first), data: changedData(first, places, fresh.get(where)) });
  }
  return [...changed.values()];
}

/** What a setting is on a PC: the data of its value, or whether its bit is set, or whether the list has its member. */
export function heldOf({ place }: PlacedSetting, table: RegistryTable): string | boolean | undefined {
  const data = table.get(placeText(at(place)));
  const { mask, listMember } = place;
  if (listMember !== undefined) return data !== undefined && membersIn(place, data).includes(memberOf(place));
  if (mask === undefined || data === undefined) return data;
  const bytes = mask.encoding === 'decimalString' ? numberBytes(data) : bytesIn(data);
  return (((bytes[mask.bit >> 3] ?? 0) >> (mask.bit & 7)) & 1) === 1;
}

const HIVE = 'HKEY_CURRENT_USER';

function at({ key, value }: RegistryPlace): Pick<PlacedValue, 'key' | 'name'> {
  return { key: `${HIVE}\\${key}`, name: value };
}

function baseOf(place: RegistryPlace): string {
  return String(bitBaseOf(place) ?? assert.fail(`${place.key} ${place.value}: the whole value is one setting`));
}

function changedData(first: RegistryPlace, places: readonly RegistryPlace[], fresh: string | undefined): string {
  const { type, mask, listMember, allowed } = first;
  if (listMember?.encoding === 'commaList') return dataText(type, places.map(memberOf).join(','));
  if (listMember !== undefined) return dataText(type, places.map(memberOf).join(''));
  if (mask !== undefined) return dataText(type, withBitsTurned(baseOf(first), places));
  const texts = allowed === undefined ? FREE[type] : textsOf(allowed);
  const data = (texts ?? []).map((text) => dataText(type, text));
  return data.find((one) => one !== fresh) ?? assert.fail(`${first.key} ${first.value}: nothing else is allowed`);
}

function withBitsTurned(base: string, places: readonly RegistryPlace[]): string {
  const isNumber = places[0]?.mask?.encoding !== 'bytes';
  const bytes = isNumber ? numberBytes(base) : Buffer.from(base, 'hex');
  for (const { mask } of places) {
    const bit = mask?.bit ?? 0;
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  }
  return isNumber ? String(bytes.readUInt32LE()) : bytes.toString('hex');
}

/** Of digits, with or without the quotation marks of a registry file. */
function numberBytes(digits: string): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(Number(digits.replaceAll('"', '')));
  return bytes;
}

/** For values of which the catalog allows any. */
const FREE: Readonly<Partial<Record<RegistryPlace['type'], readonly string[]>>> = {
  REG_DWORD: ['13404202', '1'],
};

function textsOf(allowed: RegistryAllowed): readonly string[] {
  if (!('pattern' in allowed))
    return 'min' in allowed ? [String(allowed.max), String(allowed.min)] : allowed.toReversed();
  const pattern = new RegExp(`^(?:${allowed.pattern})$`, 'su');
  return CANDIDATES.filter((text) => pattern.test(text));
}

const CANDIDATES = ['de-DE', 'DE', '00000407', '530', '1 2 3', '17', '*', 'yyyy-MM-dd', 'ab'.repeat(32)];

/** In the form in which lists hold it: a GUID as Windows keeps it, its first three fields with the lowest byte first. */
function memberOf({ listMember }: RegistryPlace): string {
  const { member, encoding } = listMember ?? assert.fail('it is no member of a list');
  if (encoding === 'commaList') return member;
  const [a = '', b = '', c = '', ...rest] = member.toLowerCase().replaceAll(/[{}]/g, '').split('-');
  return [...[a, b, c].map((field) => Buffer.from(field, 'hex').reverse().toString('hex')), ...rest].join('');
}

function membersIn({ listMember }: RegistryPlace, data: string): string[] {
  const bytes = bytesIn(data);
  if (listMember?.encoding === 'guid16') return bytes.toString('hex').match(/.{32}/g) ?? [];
  return bytes.toString('utf16le').replace(/\0$/, '').split(',');
}
