/**
 * The catalog against the GSettings schemas of this machine (Debian's packages of GNOME 43): every key exists there
 * and has the type the catalog says. dconf itself checks neither: a wrong type would be stored and silently ignored.
 */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { literalPrefix } from '../model/src/pattern.ts';
import type { Catalog, LinuxPlace, Setting } from '../model/src/setting.ts';

const SCHEMAS = '/usr/share/glib-2.0/schemas';
const GNOME = 43;

/** Keys of programs whose schemas are in no package of the list: where the fact comes from is the setting's source. */
const ELSEWHERE = ['/desktop/ibus/', '/org/gtk/gtk4/', '/org/gnome/shell/extensions/dash-to-dock/'];

/** Schemas without a path of their own: what lies there is one of many. */
const RELOCATABLE: readonly [id: string, prefix: string][] = [
  ['org.gnome.desktop.notifications.application', '/org/gnome/desktop/notifications/application/'],
  ['org.gnome.desktop.app-folders.folder', '/org/gnome/desktop/app-folders/folders/'],
  [
    'org.gnome.settings-daemon.plugins.media-keys.custom-keybinding',
    '/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/',
  ],
];

const catalog = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'catalog', 'catalog.json'), 'utf8')) as Catalog;

interface Schema {
  readonly id: string;
  readonly path: string | undefined;
  readonly types: ReadonlyMap<string, string>;
}

const schemas = globSync('*.gschema.xml', { cwd: SCHEMAS }).flatMap((name) =>
  schemasIn(readFileSync(join(SCHEMAS, name), 'utf8')),
);
const types = new Map(
  schemas.flatMap(({ path, types }) => (path === undefined ? [] : [...types].map(([key, type]) => [path + key, type]))),
);

function schemasIn(xml: string): Schema[] {
  return [...xml.matchAll(/<schema\b([^>]*)>(.*?)<\/schema>/gs)].map(([, attributes = '', body = '']) => ({
    id: attribute(attributes, 'id') ?? '',
    path: attribute(attributes, 'path'),
    types: new Map(
      [...body.matchAll(/<key\b([^>]*)>/g)].map(([, key = '']) => [
        attribute(key, 'name') ?? '',
        // An enumeration is stored as its name, flags as a list of names.
        attribute(key, 'type') ?? (attribute(key, 'enum') === undefined ? 'as' : 's'),
      ]),
    ),
  }));
}

function attribute(text: string, name: string): string | undefined {
  return new RegExp(`\\b${name}\\s*=\\s*["']([^"']*)["']`).exec(text)?.[1];
}

function onThisVersion(place: LinuxPlace): boolean {
  const { fromGnome = 0, toGnome = GNOME } = place as { fromGnome?: number; toGnome?: number };
  return fromGnome <= GNOME && toGnome >= GNOME;
}

/** Every key that a setting names by its whole path, with the type the catalog gives it. */
function namedKeys(): { setting: Setting; key: string; type: string }[] {
  return catalog.settings.flatMap((setting) =>
    (setting.linux ?? []).filter(onThisVersion).flatMap((place) => {
      if (place.mechanism === 'dconfImage') return [{ setting, key: place.key, type: 's' }];
      if (place.mechanism !== 'dconf') return [];
      return place.keys.map((key, index) => ({ setting, key, type: place.types[index] ?? '' }));
    }),
  );
}

test('every key of the catalog is in a schema, with its type', () => {
  const checked = namedKeys().filter(({ key }) => !ELSEWHERE.some((prefix) => key.startsWith(prefix)));

  assert.deepEqual(
    checked.flatMap(({ setting, key, type }) =>
      types.get(key) === type ? [] : [`${setting.id}: ${key} is ${types.get(key)}`],
    ),
    [],
  );
  assert.ok(checked.length >= 120, `only ${checked.length} keys`);
});

test('every pattern of the catalog has keys', () => {
  const patterns = catalog.settings.flatMap(({ linux = [] }) =>
    linux.filter(onThisVersion).flatMap((place) => (place.mechanism === 'dconfPattern' ? [place.pattern] : [])),
  );
  const empty = patterns
    .map(literalPrefix)
    .filter((prefix) => !ELSEWHERE.includes(prefix) && !RELOCATABLE.some(([, path]) => path === prefix))
    .filter((prefix) => ![...types.keys()].some((key) => key.startsWith(prefix)));

  assert.deepEqual(empty, []);
});

test('the schemas of things that come many times exist', () => {
  const ids = schemas.filter(({ path }) => path === undefined).map(({ id }) => id);

  assert.deepEqual(
    RELOCATABLE.filter(([id]) => !ids.includes(id)),
    [],
  );
});
