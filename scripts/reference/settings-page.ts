/** docs/reference/settings.md: everything that can be carried over, and what of Windows cannot, from the catalog. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CATEGORIES,
  type Catalog,
  type Place,
  type RegistryFamilyPlace,
  type RegistryPlace,
  type Setting,
} from '../../model/src/setting.ts';
import { readCatalogFiles } from '../catalog/files.ts';
import type { WindowsRows } from '../catalog/windows-rows.ts';
import { code, page, table } from './markdown.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'catalog');
const HEAD = ['id', 'title', 'German title', 'payload type', 'mechanism', 'place', 'flags', 'also on'];

export function settingsPage(): string {
  const catalog = JSON.parse(readFileSync(join(FOLDER, 'catalog.json'), 'utf8')) as Catalog;
  const { settings, deny } = catalog;
  const count = (platform: 'linux' | 'windows') => settings.filter((setting) => setting[platform] !== undefined).length;
  const neutral = settings.filter(({ neutral }) => neutral?.linux !== undefined).length;
  const shared = new Set(settings.flatMap(({ neutral }) => namesIn(neutral?.windows)));
  return page('Settings', 'catalog/*.yaml', [
    `${settings.length} settings: ${count('linux')} with a place on Linux, ${count('windows')} with a place on Windows; ` +
      `${neutral} of Linux have a meaning that Windows shares. A setting with a flag other than \`needsElevation\` comes ` +
      'over only when asked for by name. To add one: [how-to](../how-to/add-a-setting.md).',
    ...CATEGORIES.flatMap((category) => {
      const inCategory = settings.filter((setting) => setting.category === category);
      if (inCategory.length === 0) return [];
      return [
        `## ${category}`,
        table(
          HEAD,
          inCategory.map((setting) => rowOf(setting, shared)),
        ),
      ];
    }),
    '## Never carried over',
    table(
      ['what', 'where'],
      [
        ...deny.dconf.map((key) => ['dconf', code(key)]),
        ...deny.files.map((path) => ['file', code(`~/${path}`)]),
        ...deny.registry.map((line) =>
          line.startsWith('!') ? ['registry, but this is', code(line.slice(1))] : ['registry', code(line)],
        ),
      ],
    ),
    ...windowsRows(),
  ]);
}

/** What Microsoft lists and no setting carries, each row with its reason. */
function windowsRows(): string[] {
  const file = readCatalogFiles(FOLDER).find(({ kind }) => kind === 'windowsRowsFile');
  if (file === undefined) return [];
  const { rows, sources, aliases, leftOut, notRestorable, families, candidates } = file.data as WindowsRows;
  const groups = [...leftOut, ...notRestorable];
  const inFamilies = families.flatMap(({ rows = {} }) => Object.keys(rows)).length;
  const elsewhere = groups.flatMap((group) => Object.keys(group.rows)).length;
  return [
    '## Of Windows, not carried over',
    `The windows settings catalog is a table of ${rows} rows of what Microsoft lists for its own backup and roaming. ` +
      `${rows - inFamilies - elsewhere} of them are carried by the settings above, whose source names the row. The other ` +
      `${inFamilies + elsewhere} are here.`,
    table(
      ['row', 'what Microsoft calls it', 'why not', 'reason'],
      groups.flatMap(({ code: why, reason, rows }) =>
        Object.entries(rows).map(([row, name]) => [row, name, code(why), reason]),
      ),
    ),
    'Places of changing number, in which no mechanism can put back what another PC had:',
    table(
      ['what', 'German', 'rows', 'reason'],
      families.map(({ title, rows = {}, reason }) => [title.en, title.de, Object.keys(rows).join(', '), reason]),
    ),
    'Rows that show the same value a second time:',
    table(
      ['row', 'same as', 'setting', 'why'],
      aliases.map(({ row, sameAs, setting, reason }) => [row, sameAs, code(setting), reason]),
    ),
    'What a device has to show first:',
    table(
      ['rows', 'place', 'check'],
      candidates.map(({ rows, place, check }) => [rows.join(', '), code(place), check]),
    ),
    '## Where the facts about Windows come from',
    table(['source', 'what it is'], Object.entries(sources)),
  ];
}

function rowOf(
  { id, title, payloadType, mode, flags, linux = [], windows = [], neutral }: Setting,
  shared: Set<string>,
) {
  const places: readonly Place[] = [...linux, ...windows];
  const onLinux = linux.length === 0 && shared.has(id) ? 'Linux' : '';
  return [
    code(id),
    title.en,
    title.de,
    code(payloadType),
    [...new Set(places.map(({ mechanism }) => mechanism))].join(', '),
    places.flatMap(placeTexts).join('<br>'),
    [...flags, ...(mode === 'none' ? ['listed only'] : [])].join(', '),
    neutral?.windows === undefined ? onLinux : 'Windows',
  ];
}

/** Places and families of Windows that a neutral meaning names. */
function namesIn(use: Readonly<Record<string, unknown>> | undefined): string[] {
  return [use?.['places'] ?? [], use?.['families'] ?? []].flat().map(String);
}

function placeTexts(place: Place): string[] {
  switch (place.mechanism) {
    case 'dconf':
      return place.keys.map((key, index) => `${code(key)} ${place.types[index]}${versions(place)}`);
    case 'dconfPattern':
      return [`${code(place.pattern)}${versions(place)}`];
    case 'dconfImage':
      return [code(place.key)];
    case 'file':
      return [code(`~/${place.path}`)];
    case 'registryFamily':
      return [`${code(`${place.hive}\\${place.key}`)}: ${valuesOf(place)}${builds(place)}`];
    case 'registry':
      return [`${code(registryName(place))} ${place.type}${partOf(place)}${builds(place)}`];
    case 'registryImage':
      return [`${code(registryName(place))}${builds(place)}`];
    case 'pins':
      return [`apps pinned to ${place.of === 'start' ? 'Start' : 'the taskbar'}, by name${builds(place)}`];
    case 'lockScreen':
      return [`API ${code('Windows.System.UserProfile.LockScreen')}${builds(place)}`];
  }
}

function registryName({ hive, key, value }: { hive: string; key: string; value: string }): string {
  return `${hive}\\${key}\\${value === '' ? '(default)' : value}`;
}

function valuesOf({ values, except = [] }: RegistryFamilyPlace): string {
  if (values === '*') return except.length === 0 ? 'every value' : `every value but ${except.map(code).join(', ')}`;
  return values.map((value) => code(value === '' ? '(default)' : value)).join(', ');
}

function partOf({ mask, listMember }: RegistryPlace): string {
  if (mask !== undefined) return `, bit ${mask.bit}`;
  return listMember === undefined ? '' : `, member ${code(listMember.member)}`;
}

function builds({ fromBuild, toBuild }: { fromBuild?: number; toBuild?: number }): string {
  if (fromBuild !== undefined && toBuild !== undefined) return ` (builds ${fromBuild} to ${toBuild})`;
  if (fromBuild !== undefined) return ` (build ${fromBuild} and later)`;
  return toBuild === undefined ? '' : ` (up to build ${toBuild})`;
}

function versions({ fromGnome, toGnome }: { fromGnome?: number; toGnome?: number }): string {
  if (fromGnome !== undefined) return ` (GNOME ${fromGnome} and later)`;
  return toGnome === undefined ? '' : ` (up to GNOME ${toGnome})`;
}
