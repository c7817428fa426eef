/**
 * What came from another platform, in settings of this one: by what it means, not by what it is called.
 *
 * On Windows every place is a setting of its own; on Linux one setting may mean what several places say together, and
 * several settings may share one. So a whole snapshot is translated at once, over all its units. What means nothing here
 * stays under its own id, without a raw value; no id stands twice.
 *
 * Nothing here touches the machine: what it holds now is handed in.
 */

import type { Json } from '@carryover/model/canonical';
import { settingForDconfKey, settingOf, windowsPlaceOf } from '@carryover/model/catalog';
import { linuxFromNeutral, neighbourKeysOf } from '@carryover/model/codecs';
import {
  type Catalog,
  type LinuxPlace,
  type Platform,
  type Setting,
  settingIdOf,
  type WindowsPlace,
} from '@carryover/model/setting';
import type { CapturedValue } from '@carryover/model/unit';
import { neutralFromWindows, windowsFromNeutrals, windowsPlaceIdsOf } from '@carryover/model/windows-codecs';

/** A setting as another platform has it, with what its unit says about it. */
export interface Foreign<About> {
  readonly itemId: string;
  readonly captured: CapturedValue;
  readonly about: About;
}

export interface Translation<About> {
  readonly itemId: string;
  readonly about: About;
  /** What this platform takes for it; undefined when it has nothing that says it. */
  readonly raw: Json | undefined;
  /** It will mean something else: the nearest that this platform can hold. */
  readonly clamped: boolean;
  /** It goes over only when it is asked for by name. */
  readonly onlyAsked: boolean;
}

export interface Target {
  readonly catalog: Catalog;
  readonly platform: Platform;
  /** Which places of the catalog this device has: "debian 12 gnome 43", "26100.4946". */
  readonly build: string;
  /** Raw values of this device by item id, as far as they are known: kept where they mean the same. */
  readonly here?: ReadonlyMap<string, Json>;
}

export function translated<About>(items: readonly Foreign<About>[], target: Target): Translation<About>[] {
  const named = new Map(items.map((item) => [idNow(target.catalog, item.itemId), item]));
  const meanings = target.platform === 'linux' ? fromWindows(named, target) : fromLinux(named, target);
  const written = target.platform === 'linux' ? onLinux(meanings, target) : onWindows(meanings, target);
  const told = new Set([...meanings.flatMap(({ from }) => from), ...written.map(({ itemId }) => itemId)]);
  const left = [...named].filter(([id]) => !told.has(id));
  return [...written, ...left.map(([itemId, { about }]) => untold(itemId, about))];
}

function untold<About>(itemId: string, about: About): Translation<About> {
  return { itemId, about, raw: undefined, clamped: false, onlyAsked: false };
}

/** What a setting of the catalog means in the snapshot. */
interface Meaning<About> {
  readonly setting: Setting;
  readonly value: Json;
  /** Items that say it. */
  readonly from: readonly string[];
  readonly about: About;
}

type Named<About> = ReadonlyMap<string, Foreign<About>>;

function fromWindows<About>(named: Named<About>, { catalog }: Target): Meaning<About>[] {
  const raws = new Map([...named].map(([id, { captured }]) => [id, captured.raw]));
  return catalog.settings.flatMap((setting) => {
    const places = windowsPlaceIdsOf(setting).filter((id) => named.has(id));
    // Without places it is a setting that is called the same on both platforms, and its value was captured with it.
    const from = places.length > 0 ? places : [setting.id];
    const first = named.get(from[0] ?? '');
    const value = places.length > 0 ? neutralFromWindows(setting, raws) : first?.captured.value;
    const isForLinux = setting.linux !== undefined && setting.neutral?.linux !== undefined;
    return isForLinux && first !== undefined && value !== undefined
      ? [{ setting, value, from, about: first.about }]
      : [];
  });
}

function fromLinux<About>(named: Named<About>, { catalog }: Target): Meaning<About>[] {
  return [...named].flatMap(
    ([
      id,
      {
        captured: { value },
        about,
      },
    ]) => {
      const setting = catalogSetting(catalog, id);
      return setting === undefined || value === undefined || windowsPlaceIdsOf(setting).length === 0
        ? []
        : [{ setting, value, from: [id], about }];
    },
  );
}

/** Each under its own id; a setting without a meaning of its own takes that of the one it falls back to. */
function onLinux<About>(meanings: readonly Meaning<About>[], target: Target): Translation<About>[] {
  const told = new Set(meanings.map(({ setting }) => setting.id));
  const byNeutral = new Map(meanings.map((meaning) => [meaning.setting.neutral?.id, meaning]));
  const fallbacks = target.catalog.settings.flatMap((setting) => {
    const meaning = setting.neutral?.fallback === undefined ? undefined : byNeutral.get(setting.neutral.fallback);
    if (meaning === undefined || told.has(setting.id)) return [];
    return toLinux({ ...meaning, setting }, target).filter(({ raw }) => raw !== undefined);
  });
  return [...meanings.flatMap((meaning) => toLinux(meaning, target)), ...fallbacks];
}

function toLinux<About>(meaning: Meaning<About>, target: Target): [Translation<About>] {
  const { setting, value, about } = meaning;
  const { catalog, build, here } = target;
  const place = linuxPlace(setting, build);
  const remembered = here?.get(setting.id);
  const context = { applications: catalog.applications, neighbours: neighboursOf(setting, target) };
  const written =
    place && linuxFromNeutral(setting, value, { place, context, ...(remembered !== undefined && { remembered }) });
  return [{ ...untold(setting.id, about), ...written, onlyAsked: isOnlyAsked(meaning) }];
}

/** Each place under its own id, for all that it says; what no place can say stays under the setting's id. */
function onWindows<About>(meanings: readonly Meaning<About>[], target: Target): Translation<About>[] {
  const written = windowsFromNeutrals(meanings, {
    places: windowsPlaces(meanings, target),
    ...(target.here !== undefined && { remembered: target.here }),
  });
  const byPlace = new Map<string, Translation<About>>();
  const unsaid: Translation<About>[] = [];
  for (const meaning of meanings) {
    const { setting, about } = meaning;
    const { raws, clamped } = written.get(setting.id) ?? { raws: new Map<string, Json>(), clamped: false };
    if (raws.size === 0) unsaid.push(untold(setting.id, about));
    for (const [id, raw] of raws) {
      const before = byPlace.get(id) ?? untold(id, about);
      const onlyAsked = before.onlyAsked || isOnlyAsked(meaning);
      byPlace.set(id, { ...before, raw, clamped: clamped || before.clamped, onlyAsked });
    }
  }
  return [...byPlace.values(), ...unsaid.filter(({ itemId }) => !byPlace.has(itemId))];
}

function isOnlyAsked<About>({ setting: { neutral }, value }: Meaning<About>): boolean {
  return neutral?.onlyAsked !== undefined && neutral.onlyAsked === value;
}

/** What keys of other settings hold on this device that a codec counts from. */
function neighboursOf(setting: Setting, { catalog, here }: Target): Record<string, string> {
  const held = neighbourKeysOf(setting).map((key) => [key, here?.get(settingForDconfKey(catalog, key)?.itemId ?? '')]);
  return Object.fromEntries(held.filter(([, raw]) => typeof raw === 'string'));
}

function windowsPlaces<About>(
  meanings: readonly Meaning<About>[],
  { catalog, build }: Target,
): Map<string, WindowsPlace> {
  const places = new Map<string, WindowsPlace>();
  for (const id of meanings.flatMap(({ setting }) => windowsPlaceIdsOf(setting))) {
    const own = catalogSetting(catalog, id);
    const place = own && windowsPlaceOf(own, Number.parseInt(build, 10));
    if (place !== undefined) places.set(id, place);
  }
  return places;
}

function linuxPlace({ linux }: Setting, build: string): LinuxPlace | undefined {
  const gnome = Number.parseInt(build.split(' ').at(-1) ?? '', 10);
  return linux?.find(
    (place) => !('fromGnome' in place || 'toGnome' in place) || isWithin(gnome, place.fromGnome, place.toGnome),
  );
}

function isWithin(version: number, from = 0, to = Number.POSITIVE_INFINITY): boolean {
  return version >= from && version <= to;
}

/** A former id in the backup is carried on by the setting that names it. */
function idNow(catalog: Catalog, itemId: string): string {
  const id = settingOf(catalog, itemId)?.id;
  return id === undefined ? itemId : id + itemId.slice(settingIdOf(itemId).length);
}

/** Undefined for one of many items of a setting: only a whole setting has a meaning. */
function catalogSetting(catalog: Catalog, itemId: string): Setting | undefined {
  return itemId === settingIdOf(itemId) ? settingOf(catalog, itemId) : undefined;
}
