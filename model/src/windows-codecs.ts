/**
 * Codecs of Windows: what the raw values of its places mean on every platform, and back.
 *
 * A meaning may take several places (the picture of a time and a switch), and several meanings may share one (a bit
 * that slow keys and bounce keys both need): they are read from all raw values at hand and written together, so that
 * the order in which they are asked never matters. The rules are those of the other side (codecs.ts).
 *
 * Pure: no I/O, no clock.
 * Source: docs/decisions/2026-11-25-neutral-values.md, 2026-11-26-neutral-values-on-windows.md.
 */

import { canonicalJson, type Json } from './canonical.ts';
import { entryOf } from './codec.ts';
import { bounceKeys, bounceKeysDelay, slowKeys, slowKeysDelay } from './filter-keys-codecs.ts';
import type { CodecUse, Setting, WindowsPlace } from './setting.ts';
import {
  bit,
  flag,
  fontSmoothing,
  mouseAcceleration,
  oneOf,
  soundScheme,
  visualBell,
  wallpaperFit,
} from './windows-choice-codecs.ts';
import { rawSaying, type Said, saidBy, takes, type WindowsCodec, type WindowsParameters } from './windows-codec.ts';
import {
  caretBlink,
  cursorSize,
  numLock,
  pointerSpeed,
  repeatDelay,
  repeatRate,
  whole,
} from './windows-number-codecs.ts';
import { abgrColour, clockFormat, decimalColour, picture, regionalFormat } from './windows-text-codecs.ts';

/** Raw values by the id of the place, which is the id of its setting on Windows. */
export type RawsByPlace = ReadonlyMap<string, Json>;

/** A meaning that is to go over: the setting that the catalog gives it to, and its neutral value. */
export interface NeutralWish {
  readonly setting: Setting;
  readonly value: Json;
}

export interface WindowsTarget {
  /** The places that this build has, by their ids. */
  readonly places: ReadonlyMap<string, WindowsPlace>;
  /** What this platform had last, from the backup or the device: given back where it means the same. */
  readonly remembered?: RawsByPlace;
}

export interface WrittenPlaces {
  /** At least one. */
  readonly raws: RawsByPlace;
  /** What is there then means something else: the nearest that it can hold was taken. The report says so. */
  readonly clamped: boolean;
}

/** The places that a setting's meaning is made of on Windows; none for families, and where the catalog names no codec. */
export function windowsPlaceIdsOf({ neutral }: Setting): readonly string[] {
  const ids = neutral?.windows?.['places'];
  return Array.isArray(ids) ? ids : [];
}

/** The neutral meaning of raw values on Windows; undefined when they have none. `raws` may hold more than is asked for. */
export function neutralFromWindows(setting: Setting, raws: RawsByPlace): Json | undefined {
  const codec = codecOf(setting);
  if (codec === undefined) return undefined;
  const said = windowsPlaceIdsOf(setting).map((id) => saidBy(raws.get(id)));
  return said.every((one) => one === undefined) ? undefined : codec.read(said, parametersOf(setting));
}

/** The raw values that say `value` on Windows; undefined when this build has nothing that can say it. */
export function windowsFromNeutral(setting: Setting, value: Json, target: WindowsTarget): WrittenPlaces | undefined {
  return windowsFromNeutrals([{ setting, value }], target).get(setting.id);
}

/**
 * What is written for each of several meanings, by the id of its setting; one that cannot be said is not in it. Meanings
 * that share a place agree on its value, whatever their order.
 */
export function windowsFromNeutrals(wishes: readonly NeutralWish[], target: WindowsTarget): Map<string, WrittenPlaces> {
  const written = new Map<string, WrittenPlaces>();
  for (const group of groupsByPlace(wishes)) {
    const had = rememberedFor(group, target);
    for (const { setting, value } of group) {
      const raws = had ?? writtenFor(setting, value, group, target);
      const own = onlyOf(setting, raws);
      if (own.size > 0) written.set(setting.id, { raws: own, clamped: !means(setting, own, value) });
    }
  }
  return written;
}

/** Whether the catalog may name this codec for a Windows side. */
export function isWindowsCodec(name: string): boolean {
  return Object.hasOwn(CODECS, name) || Object.hasOwn(NOT_CARRIED, name);
}

/** Parameters that the codec does not know, by name. Errors: none; of an unknown codec, all are unknown. */
export function unknownWindowsParameters({ codec, ...parameters }: CodecUse): readonly string[] {
  const known: readonly string[] = [
    'places',
    'families',
    ...(entryOf(CODECS, codec)?.knows ?? []),
    ...(entryOf(NOT_CARRIED, codec) ?? []),
  ];
  return Object.keys(parameters).filter((name) => !known.includes(name));
}

const CODECS: Readonly<Record<string, WindowsCodec>> = {
  bit,
  listMember: bit,
  boolean: flag,
  enum: oneOf,
  number: whole,
  visualBell,
  wallpaperFit,
  fontSmoothing,
  mouseAcceleration,
  soundScheme,
  slowKeys,
  slowKeysDelay,
  bounceKeys,
  bounceKeysDelay,
  cursorSize,
  pointerSpeed,
  repeatDelay,
  repeatRate,
  numLock,
  caretBlink,
  abgrColour,
  decimalColour,
  image: picture,
  clockFormat,
  locale: regionalFormat,
};

/**
 * Codecs of families, with the parameters they know, that nothing is carried by: what they would read has no published
 * form (night light), can be set by no program (pins), is the machine's (power times), or names an input method that its
 * language must be installed for.
 */
const NOT_CARRIED: Readonly<Record<string, readonly string[]>> = {
  inputMethods: [],
  nightLight: ['field'],
  pins: [],
  standbyIdle: ['source'],
  videoIdle: [],
};

function codecOf({ neutral }: Setting): WindowsCodec | undefined {
  const name = neutral?.windows?.codec;
  return name === undefined ? undefined : entryOf(CODECS, name);
}

function parametersOf({ neutral }: Setting): WindowsParameters {
  return (neutral?.windows ?? {}) as WindowsParameters;
}

/** Meanings that share a place, directly or over others, are one group. */
function groupsByPlace(wishes: readonly NeutralWish[]): NeutralWish[][] {
  let groups: { ids: ReadonlySet<string>; members: NeutralWish[] }[] = [];
  for (const wish of wishes) {
    const ids = new Set(windowsPlaceIdsOf(wish.setting));
    const touching = groups.filter((group) => !group.ids.isDisjointFrom(ids));
    const members = [...touching.flatMap((group) => group.members), wish];
    const all = touching.reduce((sum, group) => sum.union(group.ids), ids);
    groups = [...groups.filter((group) => !touching.includes(group)), { ids: all, members }];
  }
  return groups.map(({ members }) => members);
}

/** What was there before, when it means all of what is wanted now and a restore accepts it. */
function rememberedFor(
  group: readonly NeutralWish[],
  { places, remembered }: WindowsTarget,
): Map<string, Json> | undefined {
  if (remembered === undefined || !group.every(({ setting, value }) => means(setting, remembered, value)))
    return undefined;
  const raws = new Map<string, Json>();
  for (const id of group.flatMap(({ setting }) => windowsPlaceIdsOf(setting))) {
    const [raw, place] = [remembered.get(id), places.get(id)];
    if (raw === undefined || place === undefined) continue;
    if (!takes(place, raw)) return undefined;
    raws.set(id, raw);
  }
  return raws;
}

function writtenFor(
  setting: Setting,
  value: Json,
  group: readonly NeutralWish[],
  { places, remembered }: WindowsTarget,
): Map<string, Json> {
  const ids = windowsPlaceIdsOf(setting);
  const theirs = ids.map((id) => places.get(id));
  const said = codecOf(setting)?.write(value, parametersOf(setting), {
    places: theirs,
    had: ids.map((id) => saidBy(remembered?.get(id))),
    together: (codec) => group.find((one) => one.setting.neutral?.windows?.codec === codec)?.value,
  });
  return said === undefined ? new Map() : rawsSaying(said, ids, theirs);
}

/** Nothing at all when one of the places cannot say its part: half a meaning is another one. */
function rawsSaying(
  said: readonly Said[],
  ids: readonly string[],
  places: readonly (WindowsPlace | undefined)[],
): Map<string, Json> {
  const raws = new Map<string, Json>();
  for (const [index, id] of ids.entries()) {
    const [one, place] = [said[index], places[index]];
    if (one === undefined || place === undefined) continue;
    const raw = rawSaying(one, place);
    if (raw === undefined) return new Map();
    raws.set(id, raw);
  }
  return raws;
}

function onlyOf(setting: Setting, raws: RawsByPlace): Map<string, Json> {
  const ids = windowsPlaceIdsOf(setting);
  return new Map([...raws].filter(([id]) => ids.includes(id)));
}

function means(setting: Setting, raws: RawsByPlace, value: Json): boolean {
  const meaning = neutralFromWindows(setting, raws);
  return meaning !== undefined && canonicalJson(meaning) === canonicalJson(value);
}
