/**
 * What applying one item comes down to on this Windows: a change of one value, or why it must not be touched.
 *
 * Everything that could make one bad item harm the others, or the PC, is refused here, before anything is written. Where
 * an item lies is the catalog's word (registryValueOf), never the backup's.
 */

import type { Json } from '@carryover/model/canonical';
import { type RegistryMatch, registryValueOf, settingOf, windowsPlaceOf } from '@carryover/model/catalog';
import type { Reason } from '@carryover/model/reasons';
import type { ItemStatus } from '@carryover/model/report';
import type { RegistryApply, Setting } from '@carryover/model/setting';
import type { Registry, RegistryData } from '../system/registry.ts';
import type { MechanismContext } from './mechanism.ts';
import { isShared, partOf, SharedValueError, withPart } from './registry-bits.ts';
import type { RegistryNow, ValuePlace } from './registry-now.ts';
import { checkedRaw } from './registry-raw-check.ts';
import type { NewPicture } from './windows-picture.ts';

export interface Obstacle {
  readonly status: ItemStatus;
  readonly reason: Reason;
}

/** A value that is to change, as a function of what it is: several items may share it. */
export interface Wish {
  readonly itemId: string;
  readonly place: ValuePlace;
  readonly apply: RegistryApply | undefined;
  /** Undefined: the value is to be absent. Errors: SharedValueError. */
  change(now: RegistryData | undefined): RegistryData | undefined;
  isFulfilled(now: RegistryData | undefined): boolean;
  /** What SystemParametersInfo is told. */
  readonly told: string | number;
  /** A picture to be put before the value names it. */
  readonly picture?: NewPicture;
  /** Keys from the place upwards that did not exist before the restore; removed when they are left empty. */
  readonly madeKeys?: number;
}

export type Located = { readonly itemId: string; readonly match: RegistryMatch; readonly place: ValuePlace };

/** Where an item lies on a Windows of this build, or why it has no place there. */
export function locate({ catalog }: MechanismContext, build: number, itemId: string): Located | Obstacle {
  const match = registryValueOf(catalog, itemId, build);
  if (match !== undefined)
    return { itemId, match, place: { hive: match.place.hive, key: match.key, value: match.value } };
  const setting = settingOf(catalog, itemId);
  const isOfOtherBuild = setting?.windows !== undefined && windowsPlaceOf(setting, build) === undefined;
  return isOfOtherBuild
    ? { status: 'notOnThisVersion', reason: { code: 'notOnThisVersion', facts: { system: 'Windows' } } }
    : { status: 'skipped', reason: { code: 'outsideHome', facts: { path: itemId } } };
}

/** The wish of an item, or what keeps it from being one. `profile` with backslashes. */
export function wishOf(
  { itemId, match, place }: Located,
  raw: Json,
  now: RegistryNow,
  profile: string,
): Wish | Obstacle {
  const closed = now.closed(place);
  if (closed !== undefined) return { status: 'failed', reason: closed };
  const { setting, place: described } = match;
  const { apply } = described;
  if (described.mechanism === 'registryImage') return bad('it is a picture');
  if (described.mechanism === 'registry' && isShared(described)) {
    if (typeof raw !== 'boolean') return bad('it is neither on nor off');
    const { allowed } = described;
    if (allowed !== undefined && 'includes' in allowed && !allowed.includes(raw ? '1' : '0'))
      return bad(`${raw ? 'on' : 'off'} is not allowed`);
    const wish: Wish = {
      itemId,
      place,
      apply,
      told: raw ? 1 : 0,
      change: (value) => withPart(described, value, raw),
      isFulfilled: (value) => isTrueOfPart(() => (partOf(described, value) ?? isAbsentList(described)) === raw),
    };
    return refusedBy(wish, now) ?? wish;
  }
  if (described.mechanism === 'registryFamily' && described.existingOnly === true && now.values(place) === undefined)
    return { status: 'notOnThisVersion', reason: { code: 'ownerNotHere' } };
  const checked = checkedRaw(raw, {
    types: described.mechanism === 'registry' ? [described.type] : described.types,
    allowed: described.allowed,
    mayBeRemote: setting.flags.includes('networkReach'),
    profile,
  });
  if ('wrong' in checked) return bad(checked.wrong);
  if ('remote' in checked)
    return { status: 'skipped', reason: { code: 'remoteLocation', facts: { uri: checked.remote } } };
  return wholeWish({ itemId, place, apply }, checked.data);
}

/** A whole value; undefined for none. */
export function wholeWish(
  at: Pick<Wish, 'itemId' | 'place' | 'apply' | 'madeKeys'>,
  data: RegistryData | undefined,
): Wish {
  return {
    ...at,
    told: data === undefined ? 0 : toldOf(data),
    change: () => data,
    isFulfilled: (value) => isSameData(value, data),
  };
}

/** Why the key cannot be written by this process, when it has to be. */
export async function lockOf(registry: Registry, setting: Setting, place: ValuePlace): Promise<Obstacle | undefined> {
  if (await registry.mayWrite(place.hive, place.key)) return undefined;
  return place.hive === 'HKLM' || setting.flags.includes('needsElevation')
    ? { status: 'needsElevation', reason: { code: 'needsElevation' } }
    : { status: 'failed', reason: { code: 'registryKeyClosed', facts: { key: `${place.hive}\\${place.key}` } } };
}

export function bad(detail: string): Obstacle {
  return { status: 'failed', reason: { code: 'badValue', facts: { detail } } };
}

function isSameData(a: RegistryData | undefined, b: RegistryData | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.type === b.type && Buffer.compare(a.bytes, b.bytes) === 0;
}

/** A part of a value that is not what the catalog says cannot be changed; the value stays. */
function refusedBy(wish: Wish, now: RegistryNow): Obstacle | undefined {
  try {
    wish.change(now.value(wish.place));
    return undefined;
  } catch (error) {
    if (error instanceof SharedValueError) return bad(error.message);
    throw error;
  }
}

/** An absent list has no member; an absent number has no bits that are known. */
function isAbsentList({ listMember }: { readonly listMember?: unknown }): boolean | undefined {
  return listMember === undefined ? undefined : false;
}

/** A value that is not what the catalog says has no part that could be as wished. */
export function isTrueOfPart(look: () => boolean): boolean {
  try {
    return look();
  } catch (error) {
    if (error instanceof SharedValueError) return false;
    throw error;
  }
}

const DWORD = 4;

function toldOf({ type, bytes }: RegistryData): string | number {
  const data = Buffer.from(bytes);
  return type === DWORD && data.length === 4 ? data.readUInt32LE() : data.toString('utf16le').replace(/\0.*$/s, '');
}
