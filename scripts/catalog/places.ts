/**
 * The places of a setting one by one, each with where it is written: what the rules about places work on.
 */

import type { FilePlace, LinuxPlace, Setting, WindowsPlace } from '../../model/src/setting.ts';
import type { CatalogFile, DataPath } from './files.ts';

/** A setting with the area's defaults, and where it stands. */
export interface Written {
  readonly file: CatalogFile;
  readonly at: DataPath;
  readonly setting: Setting;
}

export interface WrittenPlace extends Written {
  readonly kind: 'dconf' | 'files' | 'registry';
  /** A key, a path or a pattern; for the registry hive, key, value, and the bit or member. */
  readonly pattern: string;
  readonly except: readonly string[];
  /** Versions of GNOME or builds of Windows that have the place, inclusive. */
  readonly from: number;
  readonly to: number;
}

export function placesOf(written: Written): WrittenPlace[] {
  const linux = (written.setting.linux ?? []).flatMap((place, index) =>
    linuxPlaces(place).map(({ at, ...found }) => ({
      ...written,
      ...found,
      at: [...written.at, 'linux', index, ...at],
    })),
  );
  const windows = (written.setting.windows ?? []).map((place, index) => ({
    ...written,
    ...windowsPlace(place),
    at: [...written.at, 'windows', index],
  }));
  return [...linux, ...windows];
}

type Found = Omit<WrittenPlace, keyof Written> & { readonly at: DataPath };

function linuxPlaces(place: LinuxPlace): Found[] {
  const always = { except: [], from: 0, to: Number.POSITIVE_INFINITY };
  if (place.mechanism === 'file') return [{ ...always, kind: 'files', pattern: place.path, at: ['path'] }];
  if (place.mechanism === 'dconfImage') return [{ ...always, kind: 'dconf', pattern: place.key, at: ['key'] }];
  const range = { from: place.fromGnome ?? 0, to: place.toGnome ?? Number.POSITIVE_INFINITY };
  if (place.mechanism === 'dconfPattern')
    return [{ ...range, kind: 'dconf', pattern: place.pattern, except: place.except ?? [], at: ['pattern'] }];
  return place.keys.map((key, index) => ({ ...range, kind: 'dconf', pattern: key, except: [], at: ['keys', index] }));
}

function windowsPlace(place: WindowsPlace): Omit<WrittenPlace, keyof Written> {
  const always = { except: [], from: 0, to: Number.POSITIVE_INFINITY };
  if (place.mechanism === 'file') return { ...always, kind: 'files', pattern: place.path };
  const range = { from: place.fromBuild ?? 0, to: place.toBuild ?? Number.POSITIVE_INFINITY };
  return { ...always, ...range, kind: 'registry', pattern: registryName(place) };
}

/** The registry does not tell capital letters from small ones. */
function registryName(place: Exclude<WindowsPlace, FilePlace>): string {
  const name = (value: string) => `${place.hive}\\${place.key}\\${value}`.toLowerCase();
  if (place.mechanism === 'registryImage') return name(place.value);
  if (place.mechanism === 'registryFamily') return name('*');
  const { mask, listMember } = place;
  const part = mask !== undefined ? `#bit ${mask.bit}` : listMember !== undefined ? `#${listMember.member}` : '';
  return name(place.value) + part;
}
