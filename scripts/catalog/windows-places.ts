/**
 * What must hold for a place of Windows by itself: parts and checks that fit the type of the value, keys and builds that
 * can be.
 */

import { hasStar } from '../../model/src/pattern.ts';
import type { RegistryType } from '../../model/src/registry-value.ts';
import type { RegistryAllowed, RegistryFamilyPlace, RegistryPlace, WindowsPlace } from '../../model/src/setting.ts';
import type { DataPath, Fault } from './files.ts';
import type { Written } from './places.ts';

/** The type of value that a bit or a member of a list is kept in. */
const TYPE_OF_ENCODING = {
  decimalString: 'REG_SZ',
  dword: 'REG_DWORD',
  bytes: 'REG_BINARY',
  guid16: 'REG_BINARY',
  commaList: 'REG_SZ',
} as const;

const GUID = /^\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/;
const MAX_DWORD = 0xffff_ffff;

/** A fault, and where in the place it is. */
type Found = readonly [at: DataPath, message: string];

export function windowsPlaceFaults({ file, at, setting }: Written): Fault[] {
  const places = setting.windows ?? [];
  return places.flatMap((place, index) => {
    const found = [...buildFaults(place, places.slice(0, index)), ...faultsOf(place)];
    return found.map(([inPlace, message]) => ({
      file: file.path,
      line: file.lineOf([...at, 'windows', index, ...inPlace]),
      message,
    }));
  });
}

function faultsOf(place: WindowsPlace): Found[] {
  if (place.mechanism === 'registry') return [...partFaults(place), ...allowedFaults(place.allowed, [place.type])];
  if (place.mechanism === 'registryFamily')
    return [...familyFaults(place), ...allowedFaults(place.allowed, place.types)];
  return [];
}

/** The first place that fits is taken: two for one build are one too many. */
function buildFaults(place: WindowsPlace, before: readonly WindowsPlace[]): Found[] {
  const [from, to] = rangeOf(place);
  if (from > to) return [[['fromBuild'], `no build is from ${from} to ${to}`]];
  const taken = before.some((other) => rangeOf(other)[0] <= to && rangeOf(other)[1] >= from);
  return taken ? [[[], 'an earlier place of this setting is for the same builds']] : [];
}

function rangeOf(place: WindowsPlace): readonly [number, number] {
  if (place.mechanism === 'file') return [0, Number.POSITIVE_INFINITY];
  return [place.fromBuild ?? 0, place.toBuild ?? Number.POSITIVE_INFINITY];
}

function partFaults({ type, mask, listMember, allowed }: RegistryPlace): Found[] {
  const part = mask ?? listMember;
  if (part === undefined) return [];
  const at = mask === undefined ? 'listMember' : 'mask';
  const found: Found[] = [];
  if (mask !== undefined && listMember !== undefined) found.push([['mask'], 'a place is a bit or a member, not both']);
  if (allowed !== undefined) found.push([['allowed'], 'a bit or member is on or off: allowed says nothing']);
  if (TYPE_OF_ENCODING[part.encoding] !== type)
    found.push([[at, 'encoding'], `${part.encoding} is kept in ${TYPE_OF_ENCODING[part.encoding]}, not ${type}`]);
  if (mask !== undefined && mask.encoding !== 'bytes' && mask.bit > 31)
    found.push([['mask', 'bit'], `a number has bits 0 to 31, not ${mask.bit}`]);
  if (listMember?.encoding === 'guid16' && !GUID.test(listMember.member))
    found.push([['listMember', 'member'], `"${listMember.member}" is no GUID in braces and capital letters`]);
  if (listMember?.encoding === 'commaList' && listMember.member.includes(','))
    found.push([['listMember', 'member'], `"${listMember.member}" cannot be one of a list parted by commas`]);
  return found;
}

function familyFaults({ key, values, except }: RegistryFamilyPlace): Found[] {
  const found: Found[] = [];
  if (key.split('\\').some((name) => hasStar(name) && name !== '*'))
    found.push([['key'], 'a star stands for the whole name of one key']);
  if (except !== undefined && (hasStar(key) || values !== '*'))
    found.push([
      ['except'],
      'except leaves values out of all those of one key: values must be "*", and the key no star',
    ]);
  return found;
}

/** `types` are those the value may have; the check must make sense for at least one of them. */
function allowedFaults(allowed: RegistryAllowed | undefined, types: readonly RegistryType[]): Found[] {
  if (allowed === undefined) return [];
  const numbersOnly = types.every((type) => type === 'REG_DWORD' || type === 'REG_QWORD');
  const at: DataPath = ['allowed'];
  if ('pattern' in allowed) {
    if (numbersOnly) return [[at, `a number (${types.join(', ')}) is allowed by a list or a range, not by a pattern`]];
    return isRegExp(allowed.pattern) ? [] : [[at, `${allowed.pattern} is no regular expression`]];
  }
  if ('min' in allowed) {
    if (allowed.min > allowed.max) return [[at, `no number is between ${allowed.min} and ${allowed.max}`]];
    if (!types.some((type) => RANGED.includes(type))) return [[at, `${types.join(', ')} holds no number`]];
    const fits = !numbersOnly || (allowed.min >= 0 && (allowed.max <= MAX_DWORD || !types.includes('REG_DWORD')));
    return fits ? [] : [[at, 'REG_DWORD holds 0 to 4294967295']];
  }
  const wrong = numbersOnly ? allowed.filter((text) => !/^\d+$/.test(text)) : [];
  return wrong.map((text): Found => [at, `"${text}" is no number as ${types.join(', ')} prints it`]);
}

const RANGED: readonly RegistryType[] = ['REG_DWORD', 'REG_QWORD', 'REG_SZ', 'REG_EXPAND_SZ'];

function isRegExp(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
