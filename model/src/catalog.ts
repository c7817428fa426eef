/**
 * The catalog in use: which setting a dconf key, file or value of the registry belongs to, and back from an item to its
 * place.
 *
 * What the deny list holds is never matched and never given back, whoever wrote the catalog or the backup.
 * A whole dconf dump is matched in a few milliseconds: exact keys by a map, patterns by their literal beginning.
 *
 * Pure: no I/O, no clock. The look-up tables of a catalog are made once and remembered as long as it lives.
 */

import { anyOf, hasStar, literalPrefix } from './pattern.ts';
import type { Language } from './reasons.ts';
import { registryPath, registryPattern } from './registry-path.ts';
import {
  type Catalog,
  type Category,
  type DconfPatternPlace,
  type DconfPlace,
  type FilePlace,
  type ImagePlace,
  type LinuxPlace,
  type Platform,
  type RegistryFamilyPlace,
  type RegistryImagePlace,
  type RegistryPlace,
  type Setting,
  settingIdOf,
  type WindowsPlace,
} from './setting.ts';
import { APPS_PAYLOAD_TYPE } from './unit.ts';

export type DconfLikePlace = DconfPlace | DconfPatternPlace | ImagePlace;

export interface Match<P extends LinuxPlace = LinuxPlace> {
  readonly setting: Setting;
  readonly place: P;
  /** The item: the setting's id, or `<setting id>/<rest>` where the place holds many. */
  readonly itemId: string;
}

/**
 * The setting a dconf key belongs to, or undefined when no setting takes it or the deny list holds it.
 *
 * `gnome` is the device's GNOME major version; without it any version's place matches.
 */
export function settingForDconfKey(catalog: Catalog, key: string, gnome?: number): Match<DconfLikePlace> | undefined {
  if (isDenied(catalog, 'dconf', key)) return undefined;
  const places = placesOf(catalog);
  const exact = places.keys.get(key)?.find(({ place }) => fits(place, gnome));
  if (exact !== undefined) return { ...exact, itemId: exact.setting.id };
  const found = places.dconfPatterns.find(
    ({ place, prefix, holds, except }) =>
      key.startsWith(prefix) && holds.test(key) && !except.test(key) && fits(place, gnome),
  );
  if (found === undefined) return undefined;
  const { setting, place, prefix } = found;
  return { setting, place, itemId: `${setting.id}/${key.slice(prefix.length)}` };
}

/** The setting a file belongs to. `path` is relative to HOME (on Windows the profile folder), without a leading slash. */
export function settingForFile(
  catalog: Catalog,
  path: string,
  platform: Platform = 'linux',
): Match<FilePlace> | undefined {
  if (isDenied(catalog, 'files', path)) return undefined;
  const found = filesOf[platform](catalog).find(({ prefix, holds }) => path.startsWith(prefix) && holds.test(path));
  if (found === undefined) return undefined;
  const { setting, place } = found;
  return { setting, place, itemId: hasStar(place.path) ? `${setting.id}/${path}` : setting.id };
}

/**
 * The dconf keys of an item, as the device's GNOME version names them; empty when the item has none there.
 *
 * An item id from a backup is not trusted: a rest that leaves the setting's own pattern, or meets the deny list, gives
 * nothing.
 */
export function dconfKeysOf(catalog: Catalog, itemId: string, gnome?: number): readonly string[] {
  const setting = settingOf(catalog, itemId);
  const place = setting?.linux?.find((candidate) => candidate.mechanism !== 'file' && fits(candidate, gnome));
  if (setting === undefined || place === undefined || place.mechanism === 'file') return [];
  const rest = restOf(itemId);
  if (place.mechanism === 'dconfPattern') {
    const key = literalPrefix(place.pattern) + rest;
    return settingForDconfKey(catalog, key, gnome)?.setting.id === setting.id ? [key] : [];
  }
  if (rest !== '') return [];
  return (place.mechanism === 'dconf' ? place.keys : [place.key]).filter((key) => !isDenied(catalog, 'dconf', key));
}

/** The file of an item, relative to HOME; undefined when the item is no file of its setting or the deny list holds it. */
export function fileOf(
  catalog: Catalog,
  itemId: string,
  platform: Platform = 'linux',
): (Match<FilePlace> & { readonly path: string }) | undefined {
  const setting = settingOf(catalog, itemId);
  const places: readonly (LinuxPlace | WindowsPlace)[] = setting?.[platform] ?? [];
  const place = places.find((candidate) => candidate.mechanism === 'file');
  if (setting === undefined || place === undefined) return undefined;
  const path = hasStar(place.path) ? restOf(itemId) : itemId.includes('/') ? '' : place.path;
  const match = settingForFile(catalog, path, platform);
  return match?.setting.id === setting.id ? { ...match, path } : undefined;
}

/** The place of a setting on a Windows of this build; undefined when it has none there. */
export function windowsPlaceOf({ windows }: Pick<Setting, 'windows'>, build: number): WindowsPlace | undefined {
  return windows?.find(
    (place) =>
      place.mechanism === 'file' ||
      (build >= (place.fromBuild ?? 0) && build <= (place.toBuild ?? Number.POSITIVE_INFINITY)),
  );
}

export type RegistryLikePlace = RegistryPlace | RegistryFamilyPlace | RegistryImagePlace;

/** Files, the lock screen and pins are none of the registry's. */
export function isInRegistry(place: WindowsPlace): place is RegistryLikePlace {
  return place.mechanism !== 'file' && place.mechanism !== 'lockScreen' && place.mechanism !== 'pins';
}

/** A value of the registry that an item stands for. `value` is "" for the value without a name. */
export interface RegistryMatch {
  readonly setting: Setting;
  readonly place: RegistryLikePlace;
  readonly key: string;
  readonly value: string;
}

/**
 * The value of an item on a Windows of this build; undefined when it has none there.
 *
 * An item id from a backup is not trusted: a rest that leaves the family's own keys and values, or meets the deny list,
 * gives nothing.
 */
export function registryValueOf(catalog: Catalog, itemId: string, build: number): RegistryMatch | undefined {
  const setting = settingOf(catalog, itemId);
  const place = setting === undefined ? undefined : windowsPlaceOf(setting, build);
  if (setting === undefined || place === undefined || !isInRegistry(place)) return undefined;
  const found = place.mechanism === 'registryFamily' ? memberFrom(place, itemId) : wholeFrom(place, itemId);
  if (found === undefined || isDenied(catalog, 'registry', registryPath({ hive: place.hive, ...found })))
    return undefined;
  return { setting, place, ...found };
}

/** The item of a value of a family; undefined when the family does not take it or the deny list holds it. */
export function familyItemId(
  catalog: Catalog,
  { id, place }: { id: string; place: RegistryFamilyPlace },
  { key, value }: { key: string; value: string },
): string | undefined {
  const start = literalPrefix(place.key).length;
  const itemId = hasStar(place.key) ? `${id}/${key.slice(start)}\\${value}` : `${id}/${value}`;
  const member = memberFrom(place, itemId);
  if (member === undefined || !sameName(member.key, key) || member.value !== value) return undefined;
  return isDenied(catalog, 'registry', registryPath({ hive: place.hive, key, value })) ? undefined : itemId;
}

/**
 * Whether a place may never be opened: it is on the deny list, or it is no plain path at all (leaves HOME, climbs,
 * holds a control character, is longer than any path). `path` of the registry is as registryPath gives it.
 */
export function isDenied(catalog: Catalog, kind: 'dconf' | 'files' | 'registry', path: string): boolean {
  const plain = kind === 'files' ? FILE_BELOW_HOME.test(path) && !CLIMBS.test(path) : PLAIN[kind].test(path);
  return !plain || path.length > MAX_PATH_LENGTH || deniedBy[kind](catalog).test(path);
}

/** The setting of an item or setting id; a former id finds the setting that carries it on. */
export function settingOf(catalog: Catalog, itemId: string): Setting | undefined {
  return settingsById(catalog).get(settingIdOf(itemId));
}

/** The category of a unit. Each payload type belongs to exactly one; the list of apps is not in the catalog's files. */
export function categoryOfPayloadType(catalog: Catalog, payloadType: string): Category | undefined {
  return payloadType === APPS_PAYLOAD_TYPE ? 'apps' : categoriesOf(catalog).get(payloadType);
}

/** What a person reads for an item: the setting's title, and for one of many its own part behind it. */
export function titleOf(catalog: Catalog, itemId: string, language: Language = 'en'): string {
  const title = settingOf(catalog, itemId)?.title[language];
  if (title === undefined) return itemId;
  const rest = restOf(itemId);
  return rest === '' ? title : `${title}: ${rest}`;
}

/** The title of a settings area, or its id when the catalog does not know it. */
export function areaTitleOf(catalog: Catalog, areaId: string, language: Language = 'en'): string {
  return catalog.areas.find(({ id }) => id === areaId)?.title[language] ?? areaId;
}

/** Whether a restore leaves the setting out unless it is asked for by name. */
export function isOffByDefault({ flags }: Pick<Setting, 'flags'>): boolean {
  return flags.some((flag) => flag !== 'needsElevation');
}

// The control characters stand as they are: making \p{Cc} costs as much as looking through 500 keys.
// biome-ignore lint/suspicious/noControlCharactersInRegex: as said.
const DCONF_KEY = /^(?:\/[^/\0-\x1f\x7f-\x9f]+)+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as said.
const REGISTRY_VALUE = /^hk(?:cu|lm)(?:\/[^/\0-\x1f\x7f-\x9f]+){2,}$/;
const PLAIN = { dconf: DCONF_KEY, registry: REGISTRY_VALUE };
// biome-ignore lint/suspicious/noControlCharactersInRegex: as said.
const FILE_BELOW_HOME = /^[^/\0-\x1f\x7f-\x9f]+(?:\/[^/\0-\x1f\x7f-\x9f]+)*$/;
/** Linux's PATH_MAX: a longer name comes from no device, and would cost the patterns time. */
const MAX_PATH_LENGTH = 4096;
const CLIMBS = /(?:^|\/)\.{1,2}(?:\/|$)/;

interface PatternEntry<P extends LinuxPlace> {
  readonly setting: Setting;
  readonly place: P;
  readonly prefix: string;
  readonly holds: RegExp;
  readonly except: RegExp;
}

interface Places {
  readonly keys: ReadonlyMap<string, { readonly setting: Setting; readonly place: DconfPlace | ImagePlace }[]>;
  readonly dconfPatterns: readonly PatternEntry<DconfPatternPlace>[];
}

/** A look-up table of a catalog, made when first asked for: applying needs other tables than reading does. */
function remembered<Table>(make: (catalog: Catalog) => Table): (catalog: Catalog) => Table {
  const known = new WeakMap<Catalog, Table>();
  return (catalog) => {
    const table = known.get(catalog) ?? make(catalog);
    known.set(catalog, table);
    return table;
  };
}

const placesOf = remembered(placesFrom);

const filesOf = {
  linux: remembered((catalog) => filesFrom(catalog, 'linux')),
  windows: remembered((catalog) => filesFrom(catalog, 'windows')),
};

const settingsById = remembered(({ settings }) => {
  const byId = new Map<string, Setting>();
  for (const setting of settings) {
    for (const id of setting.formerIds ?? []) byId.set(id, setting);
    byId.set(setting.id, setting);
  }
  return byId;
});

const categoriesOf = remembered(
  ({ settings }) => new Map(settings.map(({ payloadType, category }) => [payloadType, category])),
);

/** Each on its own: who restores settings of dconf needs no list of the registry. */
const deniedBy = {
  dconf: remembered(({ deny }) => anyOf(deny.dconf)),
  files: remembered(({ deny }) => anyOf(deny.files)),
  registry: remembered(({ deny }) => ({ test: registryDenial(deny.registry) })),
};

/** Whether a list of registry places holds a path (registry-path.ts) that no line with "!" takes out again. */
function registryDenial(lines: readonly string[]): (path: string) => boolean {
  const denied = anyOf(lines.filter((line) => !line.startsWith('!')).map(registryPattern));
  const openedAgain = anyOf(lines.filter((line) => line.startsWith('!')).map((line) => registryPattern(line.slice(1))));
  return (path) => denied.test(path) && !openedAgain.test(path);
}

function placesFrom({ settings }: Catalog): Places {
  const keys = new Map<string, { setting: Setting; place: DconfPlace | ImagePlace }[]>();
  const dconfPatterns: PatternEntry<DconfPatternPlace>[] = [];
  for (const setting of settings)
    for (const place of setting.linux ?? []) {
      if (place.mechanism === 'dconfPattern') dconfPatterns.push(patternEntry(setting, place, place.pattern));
      else if (place.mechanism !== 'file')
        for (const key of place.mechanism === 'dconf' ? place.keys : [place.key])
          keys.set(key, [...(keys.get(key) ?? []), { setting, place }]);
    }
  return { keys, dconfPatterns };
}

function filesFrom({ settings }: Catalog, platform: Platform): PatternEntry<FilePlace>[] {
  return settings.flatMap((setting) =>
    (setting[platform] ?? []).flatMap((place) =>
      place.mechanism === 'file' ? [patternEntry(setting, place, place.path)] : [],
    ),
  );
}

/** An item of one value has no rest. */
function wholeFrom({ key, value }: RegistryPlace | RegistryImagePlace, itemId: string) {
  return itemId.includes('/') ? undefined : { key, value };
}

/** Key and value of an item of a family, as the item writes them; undefined when the family does not take them. */
function memberFrom(place: RegistryFamilyPlace, itemId: string): { key: string; value: string } | undefined {
  if (!itemId.includes('/')) return undefined;
  const fixed = literalPrefix(place.key);
  const stars = hasStar(place.key) ? place.key.slice(fixed.length).split('\\') : [];
  const parts = restOf(itemId).split('\\');
  const names = parts.slice(0, stars.length);
  // A name of a value may hold a backslash, a name of a key may not.
  const value = parts.slice(stars.length).join('\\');
  const fits = stars.every((star, index) => (star === '*' ? names[index] !== '' : sameName(star, names[index] ?? '')));
  if (parts.length <= stars.length || !fits || !takesValue(place, value)) return undefined;
  return { key: hasStar(place.key) ? fixed + names.join('\\') : place.key, value };
}

function takesValue({ values, except = [] }: RegistryFamilyPlace, value: string): boolean {
  const names = (list: readonly string[]) => list.some((name) => sameName(name, value));
  return (values === '*' || names(values)) && !names(except);
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function patternEntry<P extends DconfPatternPlace | FilePlace>(
  setting: Setting,
  place: P,
  pattern: string,
): PatternEntry<P> {
  const except = place.mechanism === 'dconfPattern' ? (place.except ?? []) : [];
  return { setting, place, prefix: literalPrefix(pattern), holds: anyOf([pattern]), except: anyOf(except) };
}

function fits(place: LinuxPlace, gnome: number | undefined): boolean {
  if (gnome === undefined || place.mechanism === 'dconfImage' || place.mechanism === 'file') return true;
  return gnome >= (place.fromGnome ?? 0) && gnome <= (place.toGnome ?? Number.POSITIVE_INFINITY);
}

function restOf(itemId: string): string {
  const slash = itemId.indexOf('/');
  return slash < 0 ? '' : itemId.slice(slash + 1);
}
