/**
 * Broken catalogs: each is the real catalog with one more area or one change, and the fault names file and line.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { catalogFaults } from './catalog/check.ts';

const CATALOG = join(import.meta.dirname, '..', 'catalog');
const HEAD = `area: sample
title: { en: Sample, de: Beispiel }
category: other
payloadType: carryover.sample
mode: backup
source: this test
settings:
`;
/** The line of the first setting in a file that starts with HEAD. */
const FIRST = 8;

let folder = '';

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'carryover-catalog-')), 'catalog');
  cpSync(CATALOG, folder, { recursive: true });
});

afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

/** The faults after a file of the catalog was written, as "file:line: message" with the bare file name. */
function faultsWith(name: string, text: string): string[] {
  writeFileSync(join(folder, name), text);
  return catalogFaults(folder).map(({ file, line, message }) => `${file.slice(folder.length + 1)}:${line}: ${message}`);
}

function sample(settings: string): string[] {
  return faultsWith('sample.yaml', HEAD + settings);
}

function changed(name: string, change: (text: string) => string): string[] {
  const text = readFileSync(join(folder, name), 'utf8');
  assert.notEqual(change(text), text, 'the change changes nothing');
  return faultsWith(name, change(text));
}

function lineIn(name: string, part: string): number {
  return (
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(part)) + 1
  );
}

const PLACE = '{ mechanism: dconf, keys: [/org/example/key], types: [b] }';

test('the catalog of this repository has no fault', () => {
  assert.deepEqual(catalogFaults(CATALOG), []);
});

test('text that is no YAML', () => {
  assert.match(sample('  - id: [sample.key\n')[0] ?? '', /^sample\.yaml:\d+: /);
});

test('an unknown mechanism', () => {
  assert.deepEqual(
    sample(`  - id: sample.key
    title: { en: Key, de: Schlüssel }
    linux:
      - { mechanism: regedit, keys: [/org/example/key], types: [b] }
`),
    [`sample.yaml:${FIRST + 3}: unknown mechanism "regedit"; one of dconf, dconfPattern, dconfImage, file`],
  );
});

test('a German title that is missing', () => {
  assert.deepEqual(
    sample(`  - id: sample.key
    title: { en: Key }
    linux: [${PLACE}]
`),
    [`sample.yaml:${FIRST + 1}: German title missing ("de")`],
  );
});

test('a word the schema does not know', () => {
  assert.deepEqual(
    sample(`  - id: sample.key
    title: { en: Key, de: Schlüssel }
    linux: [${PLACE}]
    platfrom: linux
`),
    [`sample.yaml:${FIRST + 3}: unknown "platfrom" in settings`],
  );
});

test('a setting without a place', () => {
  assert.deepEqual(sample('  - id: sample.key\n    title: { en: Key, de: Schlüssel }\n'), [
    `sample.yaml:${FIRST}: needs a place: linux or windows`,
  ]);
});

test('an id that another file has', () => {
  const owner = lineIn('mouse.yaml', 'id: mouse.speed');

  assert.deepEqual(sample(`  - id: mouse.speed\n    title: { en: Key, de: Schlüssel }\n    linux: [${PLACE}]\n`), [
    `sample.yaml:${FIRST}: duplicate id "mouse.speed": ids are never reused, and ${join(folder, 'mouse.yaml')}:${owner} has it`,
  ]);
});

test('a former id that another setting has', () => {
  const faults = sample(`  - id: sample.key
    formerIds: [sample.old, mouse.speed]
    title: { en: Key, de: Schlüssel }
    linux: [${PLACE}]
`);

  assert.equal(faults.length, 1);
  assert.match(faults[0] ?? '', new RegExp(`^sample\\.yaml:${FIRST + 1}: duplicate id "mouse\\.speed"`));
});

test('a key that another setting has', () => {
  const owner = lineIn('mouse.yaml', 'peripherals/mouse/speed');

  assert.deepEqual(
    sample(`  - id: sample.key
    title: { en: Key, de: Schlüssel }
    linux:
      - mechanism: dconf
        keys: [/org/example/key, /org/gnome/desktop/peripherals/mouse/speed]
        types: [b, d]
`),
    [
      `sample.yaml:${FIRST + 4}: place /org/gnome/desktop/peripherals/mouse/speed of "sample.key" overlaps /org/gnome/desktop/peripherals/mouse/speed of "mouse.speed" (${join(folder, 'mouse.yaml')}:${owner})`,
    ],
  );
});

test('a pattern that holds the key of another setting', () => {
  const faults = sample(`  - id: sample.keys
    title: { en: Keys, de: Schlüssel }
    linux:
      - { mechanism: dconfPattern, pattern: /org/gnome/desktop/calendar/* }
`);

  assert.equal(faults.length, 1);
  assert.match(
    faults[0] ?? '',
    new RegExp(`^sample\\.yaml:${FIRST + 3}: place .* overlaps .* of "calendar\\.weekNumbers"`),
  );
});

test('a pattern that leaves the other setting out is good', () => {
  const faults = sample(`  - id: sample.keys
    title: { en: Keys, de: Schlüssel }
    linux:
      - mechanism: dconfPattern
        pattern: /org/gnome/desktop/calendar/*
        except: [/org/gnome/desktop/calendar/show-weekdate]
`);

  assert.deepEqual(faults, ['catalog.json:1: stale: run node scripts/compile-catalog.ts']);
});

test('a file that the pattern of another setting holds', () => {
  const faults = sample(`  - id: sample.file
    title: { en: File, de: Datei }
    linux:
      - { mechanism: file, path: .local/share/fonts/Own/regular.ttf, maxBytes: 10 }
`);

  assert.equal(faults.length, 1);
  assert.match(faults[0] ?? '', new RegExp(`^sample\\.yaml:${FIRST + 3}: place .* overlaps .* of "fonts\\.files"`));
});

test('one key in two settings is good when no version has both', () => {
  const place = (version: string) => `      - { mechanism: dconf, keys: [/org/example/key], types: [b], ${version} }\n`;

  assert.deepEqual(
    sample(`  - id: sample.old
    title: { en: Old, de: Alt }
    linux:
${place('toGnome: 47')}
  - id: sample.new
    title: { en: New, de: Neu }
    linux:
${place('fromGnome: 48')}`),
    ['catalog.json:1: stale: run node scripts/compile-catalog.ts'],
  );
});

test('one registry bit in two settings', () => {
  const place = (value: string) =>
    `    windows: [{ mechanism: registry, hive: HKCU, key: Example\\Key, value: ${value}, type: REG_DWORD, mask: { bit: 3, encoding: dword } }]\n`;
  const setting = (id: string, value: string) => `  - id: ${id}\n    title: { en: A, de: B }\n${place(value)}`;

  const faults = sample(setting('sample.a', 'Flags') + setting('sample.b', 'flags'));

  assert.equal(faults.length, 1);
  assert.match(faults[0] ?? '', new RegExp(`^sample\\.yaml:${FIRST + 5}: place .* of "sample\\.b" overlaps`));
});

for (const flag of ['secret', 'runsCode', 'networkReach', 'deviceBound'])
  test(`a setting with ${flag} that is on by default`, () => {
    assert.deepEqual(
      sample(`  - id: sample.key
    title: { en: Key, de: Schlüssel }
    flags: [${flag}]
    linux: [${PLACE}]
`),
      [`sample.yaml:${FIRST + 2}: "sample.key" is ${flag} but on by default: add defaultOff`],
    );
  });

test('a place that starts programs, without the flag', () => {
  assert.deepEqual(
    sample(`  - id: sample.launchers
    title: { en: Launchers, de: Starter }
    linux:
      - { mechanism: file, path: .local/share/applications/*.desktop, maxBytes: 10 }
`),
    [`sample.yaml:${FIRST + 3}: .local/share/applications/*.desktop needs the flag runsCode (catalog/guards.yaml)`],
  );
});

test('a wide pattern around a place that starts programs, without the flag', () => {
  const faults = sample(`  - id: sample.terminal
    title: { en: Terminal, de: Terminal }
    linux:
      - { mechanism: dconf, keys: [/org/example/command], types: [s] }
  - id: sample.wide
    title: { en: Wide, de: Weit }
    linux:
      - { mechanism: file, path: .local/share/**, maxBytes: 10 }
`);

  assert.ok(
    faults.includes(`sample.yaml:${FIRST + 3}: /org/example/command needs the flag runsCode (catalog/guards.yaml)`),
  );
  assert.ok(faults.includes(`sample.yaml:${FIRST + 7}: .local/share/** needs the flag runsCode (catalog/guards.yaml)`));
});

test('the proxy, without the flag', () => {
  const faults = changed('proxy.yaml', (text) =>
    text.replace('flags: [networkReach, defaultOff]', 'flags: [defaultOff]'),
  );

  assert.deepEqual(faults, [
    `proxy.yaml:${lineIn('proxy.yaml', '/system/proxy/mode')}: /system/proxy/mode needs the flag networkReach (catalog/guards.yaml)`,
  ]);
});

test('a key on the deny list', () => {
  assert.deepEqual(
    sample(`  - id: sample.password
    title: { en: Password, de: Passwort }
    flags: [secret, defaultOff]
    linux:
      - { mechanism: dconf, keys: [/system/proxy/http/authentication-password], types: [s] }
`),
    [
      `sample.yaml:${FIRST + 4}: /system/proxy/http/authentication-password is on the deny list (/system/proxy/**/authentication-*)`,
    ],
  );
});

test('a payload type in two categories', () => {
  const faults = sample(`  - id: sample.key
    payloadType: carryover.background
    title: { en: Key, de: Schlüssel }
    linux: [${PLACE}]
`);

  assert.equal(faults.length, 1);
  assert.match(faults[0] ?? '', /^sample\.yaml:\d+: payload type "carryover\.background" in two categories/);
});

test('a payload type in two secrecy classes', () => {
  const faults = sample(`  - id: sample.open
    title: { en: Open, de: Offen }
    linux: [${PLACE}]
  - id: sample.secret
    title: { en: Secret, de: Geheim }
    flags: [secret, defaultOff]
    linux:
      - { mechanism: dconf, keys: [/org/example/pin], types: [s] }
`);

  assert.equal(faults.length, 1);
  assert.match(faults[0] ?? '', new RegExp(`^sample\\.yaml:${FIRST + 3}: .* in two secrecy classes`));
});

test('a codec that does not exist, and a key without a type', () => {
  const faults = sample(`  - id: sample.key
    title: { en: Key, de: Schlüssel }
    linux:
      - { mechanism: dconf, keys: [/org/example/a, /org/example/b], types: [b] }
    neutral:
      kind: boolean
      linux: { codec: guess }
`);

  assert.deepEqual(faults, [
    `sample.yaml:${FIRST + 3}: 2 keys but 1 types`,
    `sample.yaml:${FIRST + 6}: unknown codec "guess"`,
  ]);
});

test('a codec of Windows that does not exist, and a parameter that one does not know', () => {
  const faults = sample(`  - id: sample.key
    title: { en: Key, de: Schlüssel }
    linux:
      - { mechanism: dconf, keys: [/org/example/a], types: [b] }
    neutral:
      kind: boolean
      linux: { codec: boolean }
      windows: { codec: guess, places: [sample.place] }
  - id: sample.other
    title: { en: Other, de: Andere }
    linux:
      - { mechanism: dconf, keys: [/org/example/b], types: [b] }
    neutral:
      kind: boolean
      linux: { codec: boolean }
      windows: { codec: bit, places: [sample.place], invert: true }
`);

  assert.deepEqual(faults, [
    `sample.yaml:${FIRST + 7}: unknown codec "guess"`,
    `sample.yaml:${FIRST + 15}: the codec "bit" does not know "invert"`,
  ]);
});

test('a compiled catalog that is older than its files', () => {
  const faults = changed('mouse.yaml', (text) => text.replace('Pointer speed', 'Speed of the pointer'));

  assert.deepEqual(faults, ['catalog.json:1: stale: run node scripts/compile-catalog.ts']);
});

test('a catalog without its deny list', () => {
  rmSync(join(folder, 'deny.yaml'));

  assert.deepEqual(catalogFaults(folder), [{ file: join(folder, 'deny.yaml'), line: 1, message: 'missing' }]);
});

test('the program prints file:line: message and ends with 1', () => {
  writeFileSync(
    join(folder, 'sample.yaml'),
    `${HEAD}  - id: sample.key\n    title: { en: Key }\n    linux: [${PLACE}]\n`,
  );

  const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'check-catalog.ts'), folder], {
    encoding: 'utf8',
    cwd: folder,
  });

  assert.equal(stderr, `sample.yaml:${FIRST + 1}: German title missing ("de")\n`);
  assert.equal(status, 1);
});
