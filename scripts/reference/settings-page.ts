/** docs/reference/settings.md: everything that can be carried over, from the compiled catalog. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATEGORIES, type Catalog, type Place, type Setting } from '../../model/src/setting.ts';
import { code, page, table } from './markdown.ts';

const CATALOG = join(import.meta.dirname, '..', '..', 'catalog', 'catalog.json');
const HEAD = ['id', 'title', 'German title', 'payload type', 'mechanism', 'place', 'flags', 'also on'];

export function settingsPage(): string {
  const catalog = JSON.parse(readFileSync(CATALOG, 'utf8')) as Catalog;
  const { settings, deny } = catalog;
  const neutral = settings.filter(({ neutral }) => neutral?.linux !== undefined).length;
  return page('Settings', 'catalog/*.yaml', [
    `${settings.length} settings, ${neutral} of them with a meaning that Windows shares. A setting with a flag other than ` +
      '`needsElevation` comes over only when asked for by name. To add one: [how-to](../how-to/add-a-setting.md).',
    ...CATEGORIES.flatMap((category) => {
      const inCategory = settings.filter((setting) => setting.category === category);
      if (inCategory.length === 0) return [];
      return [`## ${category}`, table(HEAD, inCategory.map(rowOf))];
    }),
    '## Never carried over',
    table(
      ['what', 'where'],
      [...deny.dconf.map((key) => ['dconf', code(key)]), ...deny.files.map((path) => ['file', code(`~/${path}`)])],
    ),
  ]);
}

function rowOf({ id, title, payloadType, flags, linux = [], windows = [], neutral }: Setting): string[] {
  const places: readonly Place[] = [...linux, ...windows];
  return [
    code(id),
    title.en,
    title.de,
    code(payloadType),
    [...new Set(places.map(({ mechanism }) => mechanism))].join(', '),
    places.flatMap(placeTexts).join('<br>'),
    flags.join(', '),
    neutral?.windows === undefined ? '' : 'Windows',
  ];
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
      return [place.values].flat().map((value) => code(`${place.hive}\\${place.key}\\${value}`));
    case 'registry':
    case 'registryImage':
      return [code(`${place.hive}\\${place.key}\\${place.value}`)];
  }
}

function versions({ fromGnome, toGnome }: { fromGnome?: number; toGnome?: number }): string {
  if (fromGnome !== undefined) return ` (GNOME ${fromGnome} and later)`;
  return toGnome === undefined ? '' : ` (up to GNOME ${toGnome})`;
}
