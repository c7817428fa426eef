/**
 * Broken catalogs: each is the real catalog with one more area or one change, and the fault names file and line.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Catalog } from '../model/src/setting.ts';
import { catalogFaults, faultsOf } from './catalog/check.ts';
import { catalogFileFrom, readCatalogFiles } from './catalog/files.ts';
import { type WindowsRows, windowsSourceFrom } from './catalog/windows-rows.ts';

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

/** The files of the catalog, read once: a test has them with one more or one changed. */
const FILES = readCatalogFiles(CATALOG);

/** What the test wrote last. */
let written = { name: '', text: '' };

/** The faults when a file of the catalog has this text, as "file:line: message" with the bare file name. */
function faultsWith(name: string, text: string): string[] {
  written = { name, text };
  const file = catalogFileFrom(join(CATALOG, name), text);
  const files = [...FILES.filter(({ path }) => path !== file.path), file];
  const inOrder = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return faultsOf(inOrder, join(CATALOG, 'catalog.json')).map(
    ({ file, line, message }) => `${file.slice(CATALOG.length + 1)}:${line}: ${message}`,
  );
}

function sample(settings: string): string[] {
  return faultsWith('sample.yaml', HEAD + settings);
}

function changed(name: string, change: (text: string) => string): string[] {
  const text = readFileSync(join(CATALOG, name), 'utf8');
  assert.notEqual(change(text), text, 'the change changes nothing');
  return faultsWith(name, change(text));
}

/** The first line that holds `part`, in the file as the test wrote it. */
function lineIn(name: string, part: string): number {
  const text = name === written.name ? written.text : readFileSync(join(CATALOG, name), 'utf8');
  return text.split('\n').findIndex((line) => line.includes(part)) + 1;
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
    `sample.yaml:${FIRST}: duplicate id "mouse.speed": ids are never reused, and ${join(CATALOG, 'mouse.yaml')}:${owner} has it`,
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
      `sample.yaml:${FIRST + 4}: place /org/gnome/desktop/peripherals/mouse/speed of "sample.key" overlaps /org/gnome/desktop/peripherals/mouse/speed of "mouse.speed" (${join(CATALOG, 'mouse.yaml')}:${owner})`,
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

/** A setting of Windows with the members of its one place, written in one line below three others. */
function windowsSetting(id: string, place: string, flags = ''): string {
  return `  - id: ${id}\n    title: { en: A, de: B }\n    flags: [${flags}]\n    windows: [{ ${place} }]\n`;
}

/** The line of the place of the setting at `index` of a file that has only windowsSetting. */
const placeLine = (index: number) => FIRST + 4 * index + 3;

const VALUE = 'mechanism: registry, hive: HKCU, key: Example\\Key, value: Value';

for (const [what, first, second] of [
  [
    'a whole value and one of its bits',
    `${VALUE}, type: REG_DWORD`,
    `${VALUE}, type: REG_DWORD, mask: { bit: 3, encoding: dword }`,
  ],
  [
    'a whole value and a member of its list',
    `${VALUE}, type: REG_SZ`,
    `${VALUE}, type: REG_SZ, listMember: { member: narrator, encoding: commaList }`,
  ],
  [
    'a value and a picture',
    `${VALUE}, type: REG_SZ`,
    'mechanism: registryImage, hive: HKCU, key: example\\key, value: value',
  ],
  [
    'a family of all values and one of them',
    `${VALUE}, type: REG_SZ`,
    'mechanism: registryFamily, hive: HKCU, key: Example\\Key, values: "*", types: [REG_SZ]',
  ],
  [
    'a family of named values and one of them',
    `${VALUE}, type: REG_SZ`,
    'mechanism: registryFamily, hive: HKCU, key: Example\\Key, values: [Other, VALUE], types: [REG_SZ]',
  ],
  [
    'a family of many keys and a value of one',
    `${VALUE}, type: REG_SZ`,
    'mechanism: registryFamily, hive: HKCU, key: Example\\*, values: [Value], types: [REG_SZ]',
  ],
] as const)
  test(`${what} in two settings`, () => {
    const faults = sample(windowsSetting('sample.a', first) + windowsSetting('sample.b', second));

    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(
      faults[0] ?? '',
      new RegExp(`^sample\\.yaml:${placeLine(1)}: place HKCU\\\\.* of "sample\\.b" overlaps`, 'i'),
    );
  });

test('two bits of a value, a family that leaves a value out, and a value of other builds are good', () => {
  const faults = sample(
    [
      windowsSetting('sample.a', `${VALUE}, type: REG_DWORD, mask: { bit: 3, encoding: dword }`),
      windowsSetting('sample.b', `${VALUE}, type: REG_DWORD, mask: { bit: 4, encoding: dword }`),
      windowsSetting(
        'sample.c',
        'mechanism: registryFamily, hive: HKCU, key: Example\\Key, values: "*", except: [value], types: [REG_SZ]',
      ),
      windowsSetting('sample.d', 'mechanism: registry, hive: HKCU, key: E, value: V, type: REG_SZ, toBuild: 19045'),
      windowsSetting('sample.e', 'mechanism: registry, hive: HKCU, key: E, value: V, type: REG_SZ, fromBuild: 22000'),
    ].join(''),
  );

  assert.deepEqual(faults, ['catalog.json:1: stale: run node scripts/compile-catalog.ts']);
});

test('a place of Windows whose parts do not fit together', () => {
  const wrong = {
    [`${VALUE}, type: REG_SZ, mask: { bit: 3, encoding: dword }`]: 'dword is kept in REG_DWORD, not REG_SZ',
    [`${VALUE}, type: REG_DWORD, mask: { bit: 3, encoding: bytes }`]: 'bytes is kept in REG_BINARY, not REG_DWORD',
    [`${VALUE}, type: REG_DWORD, mask: { bit: 32, encoding: dword }`]: 'a number has bits 0 to 31, not 32',
    [`${VALUE}, type: REG_BINARY, listMember: { member: narrator, encoding: commaList }`]:
      'commaList is kept in REG_SZ, not REG_BINARY',
    [`${VALUE}, type: REG_BINARY, listMember: { member: narrator, encoding: guid16 }`]:
      '"narrator" is no GUID in braces and capital letters',
    [`${VALUE}, type: REG_DWORD, mask: { bit: 3, encoding: dword }, allowed: ["1"]`]:
      'a bit or member is on or off: allowed says nothing',
    [`${VALUE}, type: REG_DWORD, allowed: ["1", on]`]: '"on" is no number as REG_DWORD prints it',
    [`${VALUE}, type: REG_DWORD, allowed: { pattern: "^1$" }`]:
      'a number (REG_DWORD) is allowed by a list or a range, not by a pattern',
    [`${VALUE}, type: REG_SZ, allowed: { pattern: "^(1$" }`]: '^(1$ is no regular expression',
    [`${VALUE}, type: REG_SZ, allowed: { min: 2, max: 1 }`]: 'no number is between 2 and 1',
    [`${VALUE}, type: REG_DWORD, allowed: { min: -1, max: 1 }`]: 'REG_DWORD holds 0 to 4294967295',
    [`${VALUE}, type: REG_BINARY, allowed: { min: 0, max: 1 }`]: 'REG_BINARY holds no number',
    [`${VALUE}, type: REG_SZ, fromBuild: 26100, toBuild: 22000`]: 'no build is from 26100 to 22000',
    'mechanism: registryFamily, hive: HKCU, key: A\\B*, values: [V], types: [REG_SZ]':
      'a star stands for the whole name of one key',
    'mechanism: registryFamily, hive: HKCU, key: A\\*, values: "*", except: [V], types: [REG_SZ]':
      'except leaves values out of all those of one key: values must be "*", and the key no star',
  };
  const settings = Object.keys(wrong).map((place, index) =>
    windowsSetting(`sample.key${index}`, place.replace('Example\\Key', `Key${index}`)),
  );

  const faults = sample(settings.join(''));

  assert.deepEqual(
    faults.filter((text) => !text.includes(' overlaps ')),
    Object.values(wrong).map((message, index) => `sample.yaml:${placeLine(index)}: ${message}`),
  );
});

test('two places of one setting for the same builds', () => {
  const place = `{ ${VALUE}, type: REG_SZ }`;

  assert.deepEqual(sample(`  - id: sample.a\n    title: { en: A, de: B }\n    windows: [${place}, ${place}]\n`), [
    `sample.yaml:${FIRST + 2}: an earlier place of this setting is for the same builds`,
  ]);
});

test('words of a place of Windows that the schema does not know', () => {
  const faults = (place: string) => sample(windowsSetting('sample.a', place));
  const at = `sample.yaml:${placeLine(0)}: `;

  const [fault = ''] = faults(`${VALUE}, type: REG_SZ, apply: { spi: SPI_GETMOUSE }`);
  assert.ok(fault.startsWith(`${at}unknown spi "SPI_GETMOUSE"; one of SPI_SETANIMATION, `), fault);
  assert.deepEqual(faults('mechanism: dconf, keys: [/a], types: [b]'), [
    `${at}unknown mechanism "dconf"; one of registry, registryFamily, registryImage, lockScreen, pins, file`,
  ]);
});

for (const [flag, place] of [
  [
    'runsCode',
    'mechanism: registryFamily, hive: HKCU, key: Software\\Microsoft\\Windows\\CurrentVersion\\Run, values: [X], types: [REG_SZ]',
  ],
  [
    'runsCode',
    'mechanism: registry, hive: HKCU, key: Software\\Microsoft\\Windows NT\\CurrentVersion\\Accessibility, value: Configuration, type: REG_SZ, listMember: { member: osk, encoding: commaList }',
  ],
  [
    'networkReach',
    'mechanism: registry, hive: HKCU, key: Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings, value: ProxyServer, type: REG_SZ',
  ],
  ['secret', 'mechanism: file, path: AppData/Roaming/Microsoft/IME/history.dat, maxBytes: 10'],
  ['needsElevation', 'mechanism: registry, hive: HKLM, key: SOFTWARE\\Example, value: V, type: REG_SZ'],
] as const)
  test(`a place of Windows without the flag ${flag}: ${/(?:key|path): ([^,]*)/.exec(place)?.[1]}`, () => {
    const faults = sample(windowsSetting('sample.a', place));

    const wanted = faults.filter((text) => text.endsWith(`needs the flag ${flag} (catalog/guards.yaml)`));
    assert.equal(wanted.length, 1, faults.join('\n'));
    assert.match(wanted[0] ?? '', new RegExp(`^sample\\.yaml:${placeLine(0)}: `));
  });

test('a place of the registry on the deny list, and one that it takes out again', () => {
  const services = 'mechanism: registry, hive: HKLM, key: SYSTEM\\CurrentControlSet\\Services\\';
  const settings = [
    windowsSetting('sample.a', `${services}WinDefend, value: Start, type: REG_DWORD`, 'needsElevation'),
    windowsSetting(
      'sample.b',
      'mechanism: registryFamily, hive: HKCU, key: Software\\Policies\\*, values: "*", types: [REG_SZ]',
    ),
  ];

  assert.deepEqual(sample(settings.join('')), [
    `sample.yaml:${placeLine(0)}: HKLM\\SYSTEM\\CurrentControlSet\\Services\\WinDefend\\Start is on the deny list (HKLM\\SYSTEM\\CurrentControlSet\\Services\\**)`,
    `sample.yaml:${placeLine(1)}: HKCU\\Software\\Policies\\*\\* is on the deny list (HK*\\Software\\Policies\\**)`,
  ]);
});

/** Whether a restore accepts the text in a family. */
function accepts(id: string, text: string): boolean {
  const { settings } = JSON.parse(readFileSync(join(CATALOG, 'catalog.json'), 'utf8')) as Catalog;
  const place = settings.find((setting) => setting.id === id)?.windows?.[0];
  assert.ok(place?.mechanism === 'registryFamily' && place.allowed !== undefined && 'pattern' in place.allowed, id);
  return new RegExp(place.allowed.pattern, 'u').test(text);
}

for (const [id, good] of [
  ['soundEvents', ['', 'C:\\Windows\\media\\Windows Ding.wav', '%SystemRoot%\\media\\tada.WAV', 'chimes.wav']],
  ['cursors', ['', '2', 'Windows Aero (extra large)', '%systemroot%\\cursors\\aero_arrow.cur']],
  ['cursorSchemes', [',,', 'C:\\Cursors\\a.cur,%SYSTEMROOT%\\cursors\\b.ani,']],
  ['perAppNotifications', ['1', 'ms-winsoundevent:Notification.IM', 'D:\\Sounds\\ping.wav']],
] as const)
  test(`${id} takes files of this PC, and none of the network`, () => {
    const network = ['\\\\host\\a.wav', '//host/a.wav', '\\\\?\\UNC\\host\\a.wav', '\\??\\UNC\\host\\a.wav'];
    const otherwise = ['https://host/a.wav', 'file://host/a.wav', '%LOGONSERVER%\\a.wav', 'C:\\%X%\\a.wav'];

    assert.deepEqual(
      good.filter((text) => !accepts(id, text)),
      [],
    );
    assert.deepEqual(
      [...network, ...otherwise].filter((text) => accepts(id, text)),
      [],
    );
  });

test('no file of a pointer scheme is one of the network', () => {
  assert.ok(!accepts('cursorSchemes', 'C:\\Cursors\\a.cur,\\\\host\\a.cur'));
});

test('a row of the windows settings catalog that nothing accounts for', () => {
  const faults = changed('mouse.yaml', (text) => text.replace('catalog row s042;', 'catalog row s045;'));

  assert.deepEqual(faults, [
    `windows-rows.yaml:${lineIn('windows-rows.yaml', 'rows: 342')}: s042 is neither carried nor listed with a reason`,
  ]);
});

test('a row that is carried and listed as left out, one that stands twice, and one that is none', () => {
  const faults = changed('windows-rows.yaml', (text) =>
    text.replace(
      '      s011: Allow',
      '      s042: Pointer speed\n      s037: Name\n      s343: More\n      s011: Allow',
    ),
  );

  const line = lineIn('windows-rows.yaml', 's042: Pointer speed');
  const again = lineIn('windows-rows.yaml', 's037: Rename');
  assert.deepEqual(faults, [
    `windows-rows.yaml:${line}: s042 is carried by "mouse.pointerSpeed"`,
    `windows-rows.yaml:${line + 2}: the windows settings catalog has no s343`,
    `windows-rows.yaml:${again}: s037 stands here twice`,
  ]);
});

test('a source of Windows in another form, or with a name that is not explained', () => {
  const faults = changed('mouse.yaml', (text) =>
    text
      .replace('row s045; CAT, MSPI, GPII; confidence high', 'row s045; CAT, GUESS; confidence high')
      .replace('row s046; CATESR, MSPI, GPII; confidence high', 'row s046, very sure'),
  );

  assert.deepEqual(faults, [
    `mouse.yaml:${lineIn('mouse.yaml', 'GUESS')}: unknown source "GUESS"`,
    `mouse.yaml:${lineIn('mouse.yaml', 'very sure')}: a source of Windows reads "windows settings catalog row s001; SC, PUB; confidence medium"`,
    `windows-rows.yaml:${lineIn('windows-rows.yaml', 'rows: 342')}: s046 is neither carried nor listed with a reason`,
  ]);
});

test('a neutral meaning that names a place or family which Windows does not have', () => {
  const faults = changed('language.yaml', (text) =>
    text
      .replace('region.format.localeId]', 'region.format.localeNumber]')
      .replace('families: [inputMethods]', 'families: [keyboards]'),
  );

  assert.deepEqual(faults, [
    `language.yaml:${lineIn('language.yaml', 'localeNumber')}: no setting "region.format.localeNumber" with a place on Windows`,
    `language.yaml:${lineIn('language.yaml', '[keyboards]')}: no setting "keyboards" with a place on Windows`,
  ]);
});

test('the settings of Windows and the rows they come from are as many as there are', () => {
  const rows = FILES.find(({ kind }) => kind === 'windowsRowsFile')?.data as WindowsRows;
  const { settings } = JSON.parse(readFileSync(join(CATALOG, 'catalog.json'), 'utf8')) as Catalog;
  const windows = settings.filter((setting) => setting.windows !== undefined);
  const places = windows.flatMap(({ windows = [] }) => windows);
  const count = (groups: readonly { rows?: object }[]) => groups.flatMap(({ rows = {} }) => Object.keys(rows)).length;

  assert.equal(places.filter(({ mechanism }) => mechanism === 'registry' || mechanism === 'registryImage').length, 296);
  assert.equal(places.filter(({ mechanism }) => mechanism === 'registryFamily' || mechanism === 'file').length, 14);
  assert.equal(places.filter(({ mechanism }) => mechanism === 'lockScreen' || mechanism === 'pins').length, 3);
  assert.equal(windows.length, 310);
  assert.deepEqual(
    {
      carried: new Set(windows.flatMap(({ source }) => windowsSourceFrom(source)?.rows ?? [])).size,
      leftOut: count(rows.leftOut),
      notRestorable: count(rows.notRestorable),
      families: count(rows.families),
      aliases: rows.aliases.length,
      candidates: rows.candidates.length,
    },
    { carried: 214, leftOut: 24, notRestorable: 79, families: 25, aliases: 8, candidates: 6 },
  );
  assert.equal(rows.rows, 214 + 24 + 79 + 25);
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
      windows: { codec: guess, places: [mouse.primaryButton] }
  - id: sample.other
    title: { en: Other, de: Andere }
    linux:
      - { mechanism: dconf, keys: [/org/example/b], types: [b] }
    neutral:
      kind: boolean
      linux: { codec: boolean }
      windows: { codec: bit, places: [mouse.primaryButton], invert: true }
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
  const files = FILES.filter(({ kind }) => kind !== 'denyFile');

  assert.deepEqual(faultsOf(files, join(CATALOG, 'catalog.json')), [
    { file: join(CATALOG, 'deny.yaml'), line: 1, message: 'missing' },
  ]);
});

test('the program prints file:line: message and ends with 1', () => {
  const folder = mkdtempSync(join(tmpdir(), 'carryover-catalog-'));
  after(() => rmSync(folder, { recursive: true }));
  cpSync(CATALOG, folder, { recursive: true });
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
