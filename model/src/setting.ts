/**
 * A setting: one value that can be carried over, as the catalog describes it.
 *
 * Which settings exist is data (catalog/*.yaml, catalog/schema.json); this file holds the words the data uses.
 * A setting has a place on each platform; a mechanism (agent/src/settings) knows how to read and apply a kind of place.
 *
 * Pure: no I/O, no clock, no dependency. Everyone may import this module.
 */

import type { RegistryType } from './registry-value.ts';

/** The groups a person can switch on the settings page; the same toggles govern backup and roaming. */
export const CATEGORIES = ['accessibility', 'accounts', 'personalization', 'language', 'other', 'apps'] as const;
export type Category = (typeof CATEGORIES)[number];

export const PLATFORMS = ['linux', 'windows'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** backup: kept per device, for restore. roaming: kept equal on all devices (issue "roaming"). none: listed, never captured. */
export type Mode = 'backup' | 'roaming' | 'both' | 'none';

export interface Title {
  readonly en: string;
  readonly de: string;
}

/** A settings area, as a person meets it: one file of the catalog. */
export interface Area {
  readonly id: string;
  readonly title: Title;
}

/**
 * deviceBound: means nothing on another PC, never replayed. needsElevation: an administrator must apply it.
 * secret: a password or key, sealed on the device. runsCode, networkReach: can start programs, changes how the PC
 * reaches the network. defaultOff: left out of a restore unless asked for by name.
 *
 * A setting with secret, runsCode, networkReach or deviceBound carries defaultOff as well; the check of the catalog
 * fails otherwise, and isOffByDefault (catalog.ts) does not rely on it.
 */
export const FLAGS = ['deviceBound', 'needsElevation', 'secret', 'runsCode', 'networkReach', 'defaultOff'] as const;
export type Flag = (typeof FLAGS)[number];

/**
 * dconf: one or more keys decided together. `types` are GVariant type strings, same order as `keys`.
 * The raw value of a place with one key is its GVariant text; with several, an object from key to GVariant text.
 */
export interface DconfPlace {
  readonly mechanism: 'dconf';
  readonly keys: readonly string[];
  readonly types: readonly string[];
  /** First and last GNOME major version that has the keys, inclusive. */
  readonly fromGnome?: number;
  readonly toGnome?: number;
}

/**
 * dconf, many keys that are not known beforehand, by a pattern (pattern.ts).
 * Each matching key is an item of its own, named `<setting id>/<the key from the first star on>`; its raw value is the
 * key's GVariant text.
 */
export interface DconfPatternPlace {
  readonly mechanism: 'dconfPattern';
  readonly pattern: string;
  /** Keys under the pattern that are never taken, in the same pattern language. */
  readonly except?: readonly string[];
  readonly fromGnome?: number;
  readonly toGnome?: number;
}

/**
 * A dconf key that names a picture by file URI: the picture travels by content.
 * The raw value is `{ uri, blob?, mediaType?, bytes? }`; `uri` has ${HOME} templated, `blob` is the blob id.
 */
export interface ImagePlace {
  readonly mechanism: 'dconfImage';
  readonly key: string;
}

/**
 * Files below HOME. `path` is relative to HOME and may be a pattern (pattern.ts); each file is an item
 * `<setting id>/<path below HOME>` (or just `<setting id>` for a path without star). Raw: `{ blob, bytes, mode }`.
 */
export interface FilePlace {
  readonly mechanism: 'file';
  readonly path: string;
  /** Larger files are left out and reported, in bytes each. */
  readonly maxBytes: number;
  /** The file is UTF-8 text in which the home folder is stored as ${HOME} and expanded at restore. */
  readonly template?: boolean;
}

/** What is left to do so that a running Windows takes a value up; more than one may be needed. */
export interface RegistryApply {
  /** SystemParametersInfo action by name, e.g. SPI_SETMOUSESPEED; `spiField` of the structure it takes, when it takes one. */
  readonly spi?: string;
  readonly spiField?: string;
  /** First build that has the call. */
  readonly spiFrom?: number;
  /** String of WM_SETTINGCHANGE: "ImmersiveColorSet". */
  readonly broadcast?: string;
  /** What the person still has to do before it is visible. */
  readonly restart?: 'explorer' | 'signOut' | 'restart' | 'program';
}

/** Windows builds that have a place, inclusive. */
interface BuildRange {
  readonly fromBuild?: number;
  readonly toBuild?: number;
}

/**
 * What a restore accepts of a whole value; anything else is refused: one of these texts (a number in decimal, bytes in
 * hex), a number between two (also one written as text), or a text by a regular expression. Of a REG_MULTI_SZ each text.
 */
export type RegistryAllowed =
  | readonly string[]
  | { readonly min: number; readonly max: number }
  | { readonly pattern: string };

/**
 * One value of the registry, or one bit or list member of it.
 * The raw value is a RegistryRaw (registry-value.ts) for a whole value, a boolean for a bit or member. A value that is not
 * there is not captured: what Windows does without it differs by build.
 */
export interface RegistryPlace extends BuildRange {
  readonly mechanism: 'registry';
  readonly hive: 'HKCU' | 'HKLM';
  /** Below the hive, with single backslashes. */
  readonly key: string;
  /** "" is the default value of the key. */
  readonly value: string;
  readonly type: RegistryType;
  /** Bit counted from the lowest of a number, or from the first byte of a REG_BINARY. */
  readonly mask?: { readonly bit: number; readonly encoding: 'decimalString' | 'dword' | 'bytes' };
  readonly listMember?: { readonly member: string; readonly encoding: 'guid16' | 'commaList' };
  readonly allowed?: RegistryAllowed;
  readonly apply?: RegistryApply;
}

/**
 * Values of keys that are not known beforehand: `*` in `key` stands for the name of one key, `values` are the names taken
 * ("*" is all). Each value is an item `<setting id>/<key from the first star on>\\<value name>`, or, for a key without
 * star, `<setting id>/<value name>`; raw as for `registry`.
 */
export interface RegistryFamilyPlace extends BuildRange {
  readonly mechanism: 'registryFamily';
  readonly hive: 'HKCU' | 'HKLM';
  readonly key: string;
  readonly values: '*' | readonly string[];
  /** Value names of a key without star that belong to other settings. */
  readonly except?: readonly string[];
  readonly types: readonly RegistryType[];
  /** Holds for each value of the family. */
  readonly allowed?: RegistryAllowed;
  /** Written only where the target has the key already: an event or program that it does not have needs no value. */
  readonly existingOnly?: boolean;
  readonly apply?: RegistryApply;
}

/**
 * A registry value that names a picture by its path: the picture travels by content.
 * The raw value is `{ path, blob?, mediaType?, bytes? }`; the folder of the person's profile in `path` is ${HOME}.
 */
export interface RegistryImagePlace extends BuildRange {
  readonly mechanism: 'registryImage';
  readonly hive: 'HKCU' | 'HKLM';
  readonly key: string;
  readonly value: string;
  readonly apply?: RegistryApply;
}

/**
 * The picture of the person's lock screen, which no value of the registry names: Windows gives and takes it by an API.
 * The raw value is that of `registryImage`.
 */
export interface LockScreenPlace extends BuildRange {
  readonly mechanism: 'lockScreen';
}

/**
 * Apps pinned to the taskbar or to Start, each an item `<setting id>/<name>`. Raw: `{ appId?, target? }`. Windows lets no
 * program pin another one: they are kept by name, and the person is told.
 */
export interface PinsPlace extends BuildRange {
  readonly mechanism: 'pins';
  readonly of: 'taskbar' | 'start';
}

export type LinuxPlace = DconfPlace | DconfPatternPlace | ImagePlace | FilePlace;
/** Files lie below the person's profile folder, with slashes: "AppData/Roaming/Microsoft/Spelling/neutral/default.dic". */
export type WindowsPlace =
  | RegistryPlace
  | RegistryFamilyPlace
  | RegistryImagePlace
  | LockScreenPlace
  | PinsPlace
  | FilePlace;
export type Place = LinuxPlace | WindowsPlace;
export type MechanismKind = Place['mechanism'];
export const MECHANISM_KINDS = [
  'dconf',
  'dconfPattern',
  'dconfImage',
  'file',
  'registry',
  'registryFamily',
  'registryImage',
  'lockScreen',
  'pins',
] as const satisfies readonly MechanismKind[];

/** A codec of codecs.ts with its parameters. */
export interface CodecUse {
  readonly codec: string;
  readonly [parameter: string]: unknown;
}

/** What a value means on every platform. */
export interface Neutral {
  readonly id: string;
  /** The neutral id whose value stands in when the source has none of its own, e.g. the one picture for both styles. */
  readonly fallback?: string;
  /** A meaning that goes to another platform only when it is asked for by name: there it would weaken what is. */
  readonly onlyAsked?: boolean;
  readonly kind:
    | 'boolean'
    | 'enum'
    | 'number'
    | 'colour'
    | 'image'
    | 'locale'
    | 'list'
    | 'record'
    | 'string'
    | 'application';
  readonly linux?: CodecUse;
  readonly windows?: CodecUse;
}

export interface Setting {
  /** Dotted, unique, never reused: "mouse.speed"; one word for a family of Windows. `formerIds` carry a rename. */
  readonly id: string;
  readonly formerIds?: readonly string[];
  readonly title: Title;
  readonly area: string;
  readonly category: Category;
  /** The switch that governs it; the same as the category unless the catalog says otherwise. */
  readonly toggle: Category;
  readonly payloadType: string;
  readonly mode: Mode;
  readonly flags: readonly Flag[];
  readonly neutral?: Neutral;
  /** First place that fits the device's version wins. */
  readonly linux?: readonly LinuxPlace[];
  readonly windows?: readonly WindowsPlace[];
  /** Where the fact comes from: a documentation page, schema or file of this repository. */
  readonly source: string;
}

/** An application known on both platforms. `id` is the neutral name, e.g. "app:firefox". */
export interface Application {
  readonly id: string;
  readonly name: string;
  readonly winget?: string;
  /** AppUserModelId or package family of an app that belongs to Windows. */
  readonly windowsApp?: string;
  /** The first is written, the others are understood. */
  readonly desktopFiles: readonly string[];
  readonly flatpak?: string;
}

/** From which Windows builds on something is offered: listed families need the revision, later ones any. */
export interface WindowsGate {
  readonly families: readonly { readonly name: string; readonly build: number; readonly revision: number }[];
  readonly laterFrom: number;
}

export interface Gates {
  readonly source: string;
  readonly windows: {
    readonly backup: WindowsGate;
    readonly restore: WindowsGate;
    readonly firstSignInRestore: WindowsGate;
    /** Editions whose setup has no restore page. `id` as EditionID under HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion. */
    readonly editionsWithoutSetupRestore: readonly { readonly id: string; readonly name: string }[];
  };
  readonly linux: {
    /** `id` as in /etc/os-release; `version` is the first one accepted, compared number by number. */
    readonly distributions: readonly { readonly id: string; readonly name: string; readonly version: string }[];
    readonly gnome: number;
  };
}

export interface Catalog {
  /** First 16 hex digits of the SHA-256 of the canonical JSON of everything else: equal catalogs, equal version. */
  readonly version: string;
  readonly areas: readonly Area[];
  readonly settings: readonly Setting[];
  /** Places that no catalog entry can ever open, in the pattern language of the places. */
  readonly deny: {
    readonly dconf: readonly string[];
    readonly files: readonly string[];
    /** Hive, key and value name (registry-path.ts). A line that starts with "!" is taken out again. */
    readonly registry: readonly string[];
  };
  readonly gates: Gates;
  readonly applications: readonly Application[];
}

/** The setting an item belongs to: "shortcuts.windows/close" is an item of "shortcuts.windows". */
export function settingIdOf(itemId: string): string {
  const slash = itemId.indexOf('/');
  return slash < 0 ? itemId : itemId.slice(0, slash);
}
