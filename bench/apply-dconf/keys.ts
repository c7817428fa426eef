/**
 * 500 settings of a desktop: schema, catalog, and two sets of values that differ in every key.
 *
 * Types as a real desktop has them: mostly switches, words and numbers, some lists.
 */

import type { Catalog, Setting } from '../../model/src/setting.ts';

const KEY_COUNT = 500;

interface Kind {
  readonly type: string;
  /** The rest of the <key> element. */
  readonly schema: string;
  readonly values: readonly [string, string];
}

const KINDS: readonly Kind[] = [
  { type: 'b', schema: '<default>false</default>', values: ['true', 'false'] },
  { type: 's', schema: "<default>''</default>", values: ["'Cantarell 11'", "'Noto Sans Bold 10'"] },
  {
    type: 's',
    schema: "<choices><choice value='dark'/><choice value='light'/></choices><default>'dark'</default>",
    values: ["'dark'", "'light'"],
  },
  { type: 'i', schema: '<range min="0" max="600"/><default>0</default>', values: ['300', '42'] },
  { type: 'u', schema: '<default>0</default>', values: ['uint32 300', 'uint32 42'] },
  { type: 'd', schema: '<default>0.0</default>', values: ['0.34999999999999998', '1.25'] },
  { type: 'as', schema: '<default>[]</default>', values: ["['<Super>Left', '<Alt>F4']", "['<Control><Alt>Delete']"] },
  { type: 'a(ss)', schema: '<default>[]</default>', values: ["[('xkb', 'de'), ('xkb', 'us')]", "[('xkb', 'fr')]"] },
];

const KEYS = Array.from({ length: KEY_COUNT }, (_, index) => {
  const kind = KINDS[index % KINDS.length];
  if (kind === undefined) throw new RangeError('There are no kinds of keys');
  return { name: `key-${index}`, kind };
});

export const SCHEMA = `<schemalist><schema id="org.example.many" path="/org/example/many/">
${KEYS.map(({ name, kind }) => `<key name="${name}" type="${kind.type}">${kind.schema}</key>`).join('\n')}
</schema></schemalist>`;

const SETTINGS: readonly Setting[] = KEYS.map(({ name, kind }) => ({
  id: `many.${name}`,
  title: { en: name, de: name },
  area: 'many',
  category: 'other',
  toggle: 'other',
  payloadType: 'carryover.many',
  mode: 'backup',
  flags: [],
  linux: [{ mechanism: 'dconf', keys: [`/org/example/many/${name}`], types: [kind.type] }],
  source: 'benchmark',
}));

/** Only what applying looks at. */
export const CATALOG = {
  version: '0',
  settings: SETTINGS,
  deny: { dconf: [], files: [], registry: [] },
} as unknown as Catalog;

/** Item and its text for one of the two sets. */
export function valuesOf(set: 0 | 1): { readonly setting: Setting; readonly text: string }[] {
  return SETTINGS.map((setting, index) => ({ setting, text: KEYS[index]?.kind.values[set] ?? '' }));
}

/** The same set in the form of `dconf dump`. */
export function keyfileOf(set: 0 | 1): string {
  return `[org/example/many]\n${KEYS.map(({ name, kind }) => `${name}=${kind.values[set]}\n`).join('')}`;
}
