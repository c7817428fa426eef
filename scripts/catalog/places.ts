/**
 * The places of a setting one by one, each with where it is written: what the rules about places work on.
 */

import { registryPath } from '../../model/src/registry-path.ts';
import type { LinuxPlace, Platform, Setting, WindowsPlace } from '../../model/src/setting.ts';
import type { CatalogFile, DataPath } from './files.ts';

/** A setting with the area's defaults, and where it stands. */
export interface Written {
  readonly file: CatalogFile;
  readonly at: DataPath;
  readonly setting: Setting;
}

export interface WrittenPlace extends Written {
  readonly platform: Platform;
  readonly kind: 'dconf' | 'files' | 'registry';
  /** A key, a path or a pattern; for the registry as registryPath says it, with "#" and the bit or member behind it. */
  readonly pattern: string;
  /** As people know it. */
  readonly shown: string;
  readonly except: readonly string[];
  /** Versions of GNOME or builds of Windows that have the place, inclusive. */
  readonly from: number;
  readonly to: number;
}

export function placesOf(written: Written): WrittenPlace[] {
  const { linux = [], windows = [] } = written.setting;
  const placed = (platform: Platform, index: number) => (found: Found) => ({
    ...written,
    ...found,
    platform,
    shown: found.shown ?? found.pattern,
    at: [...written.at, platform, index, ...found.at],
  });
  return [
    ...linux.flatMap((place, index) => linuxPlaces(place).map(placed('linux', index))),
    ...windows.flatMap((place, index) => windowsPlaces(place).map(placed('windows', index))),
  ];
}

type Found = Omit<WrittenPlace, keyof Written | 'platform' | 'shown'> & {
  readonly at: DataPath;
  readonly shown?: string;
};

const ALWAYS = { except: [], from: 0, to: Number.POSITIVE_INFINITY };

function linuxPlaces(place: LinuxPlace): Found[] {
  if (place.mechanism === 'file') return [{ ...ALWAYS, kind: 'files', pattern: place.path, at: ['path'] }];
  if (place.mechanism === 'dconfImage') return [{ ...ALWAYS, kind: 'dconf', pattern: place.key, at: ['key'] }];
  const range = { from: place.fromGnome ?? 0, to: place.toGnome ?? Number.POSITIVE_INFINITY };
  if (place.mechanism === 'dconfPattern')
    return [{ ...range, kind: 'dconf', pattern: place.pattern, except: place.except ?? [], at: ['pattern'] }];
  return place.keys.map((key, index) => ({ ...range, kind: 'dconf', pattern: key, except: [], at: ['keys', index] }));
}

function windowsPlaces(place: WindowsPlace): Found[] {
  if (place.mechanism === 'file') return [{ ...ALWAYS, kind: 'files', pattern: place.path, at: ['path'] }];
  if (place.mechanism === 'lockScreen' || place.mechanism === 'pins') return [];
  const { hive, key } = place;
  const range = { from: place.fromBuild ?? 0, to: place.toBuild ?? Number.POSITIVE_INFINITY };
  const found = (value: string, at: DataPath, part = ''): Found => ({
    ...range,
    kind: 'registry',
    pattern: registryPath({ hive, key, value }) + part.toLowerCase(),
    shown: `${hive}\\${key}\\${value === '' ? '(default)' : value}${part}`,
    except: [],
    at,
  });
  if (place.mechanism === 'registryImage') return [found(place.value, [])];
  if (place.mechanism === 'registry') return [found(place.value, [], partOf(place))];
  if (place.values !== '*') return place.values.map((value, index) => found(value, ['values', index]));
  return [{ ...found('*', []), except: (place.except ?? []).map((value) => registryPath({ hive, key, value })) }];
}

/** What of a value is meant: "#bit 3", "#narrator", or nothing for all of it. */
function partOf({ mask, listMember }: Extract<WindowsPlace, { mechanism: 'registry' }>): string {
  if (mask !== undefined) return `#bit ${mask.bit}`;
  return listMember === undefined ? '' : `#${listMember.member}`;
}
