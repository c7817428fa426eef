/**
 * Every neutral setting of the catalog with places on Windows, by its own rows: what the places say and what it means.
 *
 * The codecs are taken from the compiled catalog, so that a wrong parameter there fails here.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fastCheck from 'fast-check';
import { canonicalJson, type Json } from './canonical.ts';
import { linuxFromNeutral, neutralFromLinux } from './codecs.ts';
import type { Catalog, Setting, WindowsPlace } from './setting.ts';
import { type rawSaying, takes } from './windows-codec.ts';
import {
  isWindowsCodec,
  type NeutralWish,
  neutralFromWindows,
  type RawsByPlace,
  unknownWindowsParameters,
  windowsFromNeutral,
  windowsFromNeutrals,
  windowsPlaceIdsOf,
} from './windows-codecs.ts';

const CATALOG = JSON.parse(readFileSync(join(import.meta.dirname, '../../catalog/catalog.json'), 'utf8')) as Catalog;
const WITH_PLACES = CATALOG.settings.filter((setting) => windowsPlaceIdsOf(setting).length > 0);
const WINDOWS_PLACES: ReadonlyMap<string, WindowsPlace> = new Map(
  WITH_PLACES.flatMap(windowsPlaceIdsOf).flatMap((id) => {
    const place = CATALOG.settings.find((setting) => setting.id === id)?.windows?.[0];
    return place === undefined ? [] : [[id, place] as const];
  }),
);
const BOTH_SIDES = WITH_PLACES.filter(({ neutral }) => neutral?.linux !== undefined);

/** What each place says, in the order of the catalog; null where it holds nothing. */
type Row = readonly [said: readonly (Json | null)[], neutral: Json];

const BIT: readonly Row[] = [
  [[true], true],
  [[false], false],
];
const ONE: readonly Row[] = [
  [['1'], true],
  [['0'], false],
];
const ZERO: readonly Row[] = [
  [['0'], true],
  [['1'], false],
];

/** Valid both ways. */
const EXAMPLES: Readonly<Record<string, readonly Row[]>> = {
  'appearance.colorScheme': [
    [['0'], 'dark'],
    [['1'], 'light'],
  ],
  // 0xFFD47800 and 0xFF2311E8.
  'appearance.accentColor': [
    [['4292114432'], '#0078d4'],
    [['4280488424'], '#e81123'],
  ],
  'desktop.wallpaper': [
    [
      [{ path: `\${HOME}\\Pictures\\sea.jpg`, blob: 'b1', mediaType: 'image/jpeg', bytes: 9 }],
      { blob: 'b1', name: 'sea.jpg', mediaType: 'image/jpeg', bytes: 9 },
    ],
    [[{ path: '' }], null],
  ],
  'desktop.wallpaperFit': [
    [['10', '0'], 'fill'],
    [['6', '0'], 'fit'],
    [['2', '0'], 'stretch'],
    [['0', '1'], 'tile'],
    [['0', '0'], 'center'],
    [['22', '0'], 'span'],
  ],
  'desktop.backgroundColor': [
    [['0 99 177'], '#0063b1'],
    [['0 0 0'], '#000000'],
  ],
  'display.fontAntialiasing': [
    [['2', '2'], 'subpixel'],
    [['2', '1'], 'grayscale'],
    [['0', null], 'none'],
  ],
  'accessibility.textScale': [
    [['150'], 150],
    [['100'], 100],
  ],
  'accessibility.highContrast': BIT,
  'accessibility.animations': BIT,
  'accessibility.alwaysShowScrollbars': ZERO,
  'accessibility.stickyKeys': BIT,
  'accessibility.stickyKeysTwoKeyOff': BIT,
  'accessibility.stickyKeysSound': BIT,
  'accessibility.slowKeys': [
    [[true, '1000', '0'], true],
    [[false, null, null], false],
  ],
  'accessibility.slowKeysDelay': [
    [[null, '1000', null], 1000],
    [[null, '500', null], 500],
  ],
  'accessibility.slowKeysBeep': BIT,
  'accessibility.bounceKeys': [
    [[true, '0', '500'], true],
    [[false, null, null], false],
  ],
  // Only ever written together with bounce keys: see the test on filter keys.
  'accessibility.bounceKeysDelay': [],
  'accessibility.toggleKeys': BIT,
  'accessibility.featureChangeSound': ONE,
  'accessibility.mouseKeys': BIT,
  'accessibility.mouseKeysMaxSpeed': [
    [['80'], 80],
    [['40'], 40],
  ],
  'accessibility.mouseKeysAccelTime': [
    [['3000'], 3000],
    [['1500'], 1500],
  ],
  'accessibility.visualBell': [
    [['3', true], 'screen'],
    [['2', true], 'window'],
    [[null, false], 'off'],
  ],
  'accessibility.cursorSize': [
    [['32', '1'], 24],
    [['64', '3'], 48],
  ],
  'accessibility.screenReaderAtSignIn': BIT,
  'accessibility.magnifierAtSignIn': BIT,
  'accessibility.onScreenKeyboardAtSignIn': BIT,
  'accessibility.magnifierZoom': [
    [['200'], 2],
    [['350'], 3.5],
    [['115'], 1.15],
  ],
  'accessibility.magnifierView': [
    [['1'], 'docked'],
    [['2'], 'fullScreen'],
    [['3'], 'lens'],
  ],
  'accessibility.magnifierInvert': ONE,
  'accessibility.magnifierFollowFocus': ONE,
  'accessibility.magnifierFollowCaret': ONE,
  'keyboard.repeatDelay': [
    [['1'], 500],
    [['0'], 250],
  ],
  'keyboard.repeatInterval': [
    [['31'], 33],
    [['0'], 400],
  ],
  'keyboard.numLock': [
    [['2147483650'], true],
    [['2147483648'], false],
  ],
  'keyboard.caretBlink': [
    [['530'], 1060],
    [['-1'], 0],
  ],
  'mouse.speed': [
    [['10'], 0],
    [['15'], 0.5],
    [['1'], -1],
  ],
  'mouse.acceleration': [
    [['0', '0', '0'], 'flat'],
    [['1', '6', '10'], 'adaptive'],
  ],
  'mouse.leftHanded': ONE,
  'mouse.doubleClickTime': [
    [['500'], 500],
    [['300'], 300],
  ],
  'mouse.locatePointer': BIT,
  'touchpad.naturalScroll': ZERO,
  'touchpad.tapToClick': ONE,
  'touchpad.tapAndDrag': ONE,
  'touchpad.twoFingerScroll': ONE,
  'touchpad.secondaryClickZone': [
    [['1'], 'areas'],
    [['0'], 'fingers'],
  ],
  'touchpad.speed': [
    [['10'], 0],
    [['15'], 0.5],
  ],
  'power.lockOnIdle': ONE,
  'power.lockIdleDelay': [
    [['900'], 900],
    [['300'], 300],
  ],
  'notifications.banners': ONE,
  'notifications.onLockScreen': [
    [['1', '1'], true],
    [['0', '0'], false],
  ],
  'files.showHidden': [
    [['1'], true],
    [['2'], false],
  ],
  'files.thumbnails': ZERO,
  'files.singleClickOpens': [
    [[false], true],
    [[true], false],
  ],
  'time.clockFormat': [
    [['HH:mm', 'HH:mm:ss', '1'], '24h'],
    [['h:mm tt', 'h:mm:ss tt', '0'], '12h'],
  ],
  'region.format': [
    [['de-DE', '00000407'], 'de-DE'],
    [['en-GB', '00000809'], 'en-GB'],
    [['sr-Latn-RS', '0000241a'], 'sr-Latn-RS'],
    // A locale without a number of its own.
    [['en-DK', null], 'en-DK'],
  ],
  'time.automaticTimeZone': [
    [['3'], true],
    [['4'], false],
  ],
  'sound.scheme': [
    [['.Default'], 'standard'],
    [['.None'], 'none'],
  ],
  'multitasking.altTabCurrentDesktopOnly': ONE,
  'privacy.rememberRecentFiles': ONE,
  'media.autoplay': ZERO,
};

/** Read one way only. */
const READ_ONLY: readonly [id: string, said: readonly (Json | null)[], neutral: Json | undefined][] = [
  ['appearance.colorScheme', ['2'], undefined],
  // How opaque a colour is has no meaning.
  ['appearance.accentColor', ['13924352'], '#0078d4'],
  ['desktop.wallpaper', [{ path: 'D:\\sea.jpg' }], undefined],
  ['desktop.wallpaper', [{ path: '//server/share/sea.jpg', blob: 'b' }], { blob: 'b', name: 'sea.jpg' }],
  ['desktop.wallpaperFit', ['0', null], 'center'],
  ['desktop.wallpaperFit', ['7', '0'], undefined],
  ['desktop.backgroundColor', ['0 99 256'], undefined],
  ['desktop.backgroundColor', ['blue'], undefined],
  ['display.fontAntialiasing', ['2', null], 'subpixel'],
  ['accessibility.slowKeys', [true, null, null], true],
  ['accessibility.slowKeys', [true, '1000', '500'], false],
  ['accessibility.slowKeys', [null, '1000', '0'], undefined],
  ['accessibility.bounceKeys', [true, null, '0'], false],
  ['accessibility.bounceKeys', [true, null, null], false],
  ['accessibility.bounceKeysDelay', [null, null, '500'], 500],
  ['accessibility.bounceKeysDelay', [null, null, '0'], 0],
  ['accessibility.visualBell', ['1', true], 'window'],
  ['accessibility.visualBell', ['0', true], 'off'],
  ['accessibility.visualBell', ['3', null], undefined],
  ['accessibility.cursorSize', [null, '3'], 48],
  ['accessibility.textScale', ['many'], undefined],
  ['mouse.acceleration', ['2', null, null], 'adaptive'],
  ['notifications.onLockScreen', ['1', '0'], false],
  ['notifications.onLockScreen', [null, '1'], true],
  ['notifications.banners', ['7'], undefined],
  ['files.showHidden', ['0'], false],
  ['time.clockFormat', [`HH'h'mm`, null, '0'], '24h'],
  ['time.clockFormat', [null, null, '0'], '12h'],
  ['region.format', [null, '00000407'], 'de-DE'],
  ['region.format', ['de-DE_phoneb', null], 'de-DE'],
  ['region.format', ['', null], undefined],
  ['sound.scheme', ['Own sounds'], 'Own sounds'],
  ['touchpad.naturalScroll', ['4294967295'], false],
  ['touchpad.tapToClick', ['4294967295'], true],
  ['touchpad.secondaryClickZone', ['4294967295'], 'areas'],
];

function settingWith(id: string): Setting {
  const setting = CATALOG.settings.find((candidate) => candidate.id === id);
  assert.ok(setting, `no setting ${id}`);
  return setting;
}

/** The raw values of places that say this. */
function rawsOf(setting: Setting, said: readonly (Json | null | undefined)[]): Map<string, Json> {
  const raws = new Map<string, Json>();
  for (const [index, id] of windowsPlaceIdsOf(setting).entries()) {
    const one = said[index];
    if (one === undefined || one === null) continue;
    const place = WINDOWS_PLACES.get(id);
    assert.ok(place, `no place ${id}`);
    raws.set(id, wholeRaw(one, place));
  }
  return raws;
}

/** Also for values that a restore would not accept. */
function wholeRaw(said: Json, place: Parameters<typeof rawSaying>[1]): Json {
  if (typeof said !== 'string' || place.mechanism !== 'registry') return said;
  return place.type === 'REG_DWORD' && /^\d+$/.test(said)
    ? { type: 'REG_DWORD', data: Number(said) }
    : { type: 'REG_SZ', data: said };
}

function written(setting: Setting, value: Json, remembered?: RawsByPlace) {
  return windowsFromNeutral(setting, value, { places: WINDOWS_PLACES, ...(remembered && { remembered }) });
}

test('every neutral setting with places on Windows has its row here, and every place is known', () => {
  assert.deepEqual(Object.keys(EXAMPLES).toSorted(), WITH_PLACES.map(({ id }) => id).toSorted());
  const named = new Set(WITH_PLACES.flatMap(windowsPlaceIdsOf));

  assert.deepEqual([...WINDOWS_PLACES.keys()].toSorted(), [...named].toSorted());
});

for (const [id, rows] of Object.entries(EXAMPLES))
  for (const [said, neutral] of rows) {
    test(`${id}: ${JSON.stringify(said)} means ${JSON.stringify(neutral)}, and is written for it`, () => {
      const setting = settingWith(id);
      const raws = rawsOf(setting, said);

      assert.deepEqual(neutralFromWindows(setting, raws), neutral);
      assert.deepEqual(written(setting, neutral), { raws, clamped: false });
    });
  }

for (const [id, said, neutral] of READ_ONLY)
  test(`${id}: ${JSON.stringify(said)} is read as ${neutral === undefined ? 'nothing neutral' : JSON.stringify(neutral)}`, () => {
    const setting = settingWith(id);
    const raws = rawsOf(setting, said);

    assert.deepEqual(neutralFromWindows(setting, raws), neutral);
    if (neutral !== undefined && [...raws].every(([place, raw]) => isTaken(place, raw)))
      assert.deepEqual(written(setting, neutral, raws), { raws, clamped: false });
  });

function isTaken(id: string, raw: Json): boolean {
  const place = WINDOWS_PLACES.get(id);
  return place !== undefined && takes(place, raw);
}

test('bytes that stand for no value of their type, and values that are not there, have no meaning', () => {
  const setting = settingWith('mouse.doubleClickTime');
  const broken = new Map<string, Json>([['mouse.doubleClickTime', { type: 'REG_SZ', hex: '35' }]]);

  assert.equal(neutralFromWindows(setting, broken), undefined);
  assert.equal(neutralFromWindows(setting, new Map()), undefined);
});

test('a value outside of what the place takes is clamped and said', () => {
  const rows: readonly [id: string, value: Json, said: readonly (Json | null)[]][] = [
    ['accessibility.textScale', 300, ['225']],
    ['accessibility.textScale', 50, ['100']],
    ['accessibility.mouseKeysAccelTime', 300, ['1000']],
    ['accessibility.mouseKeysMaxSpeed', 2000, ['360']],
    ['accessibility.magnifierZoom', 32, ['1600']],
    ['accessibility.cursorSize', 96.5, ['128', '7']],
    ['accessibility.cursorSize', 16, ['32', '1']],
    ['keyboard.repeatDelay', 300, ['0']],
    ['keyboard.repeatInterval', 20, ['31']],
    ['keyboard.caretBlink', 100, ['200']],
    ['mouse.speed', 0.33, ['13']],
    ['mouse.doubleClickTime', 2000, ['900']],
    ['mouse.acceleration', 'default', ['1', '6', '10']],
    ['appearance.colorScheme', 'default', ['1']],
    ['desktop.wallpaper', { blob: 'b', name: 'a:b.' }, [{ blob: 'b', path: `\${HOME}\\Pictures\\a_b_` }]],
    ['desktop.wallpaper', { blob: 'b', name: 'nul.png' }, [{ blob: 'b', path: `\${HOME}\\Pictures\\_nul.png` }]],
  ];
  for (const [id, value, said] of rows) {
    const setting = settingWith(id);
    assert.deepEqual(written(setting, value), { raws: rawsOf(setting, said), clamped: true }, id);
  }
});

test('what a place cannot say is not written', () => {
  const rows: readonly [id: string, value: Json][] = [
    ['desktop.wallpaperFit', 'none'],
    ['sound.scheme', 'Borealis'],
    ['region.format', 'de'],
    ['accessibility.bounceKeysDelay', 500],
    ['display.nightLight', true],
    ['apps.pinned', ['app:firefox']],
  ];
  for (const [id, value] of rows) assert.equal(written(settingWith(id), value), undefined, id);
  for (const setting of WITH_PLACES) assert.equal(written(setting, { wrong: 'kind' }), undefined, setting.id);
});

test('a build that lacks a place gets what its other places can say, and nothing without them', () => {
  const setting = settingWith('notifications.onLockScreen');
  const one = new Map([...WINDOWS_PLACES].filter(([id]) => id !== 'notifications.onLockScreenToast'));
  const raws = new Map([['notifications.onLockScreen', { type: 'REG_DWORD', data: 1 }]]);

  assert.deepEqual(windowsFromNeutral(setting, true, { places: one }), { raws, clamped: false });
  assert.equal(windowsFromNeutral(setting, true, { places: new Map() }), undefined);
});

test('of a time only the hour, and morning and afternoon, change', () => {
  const setting = settingWith('time.clockFormat');
  const remembered = rawsOf(setting, ["HH.mm 'Uhr, h'", 'H.mm.ss', '1']);
  const twelve = rawsOf(setting, ["hh.mm 'Uhr, h' tt", 'h.mm.ss tt', '0']);

  assert.deepEqual(written(setting, '12h', remembered)?.raws, twelve);
  assert.deepEqual(written(setting, '24h', twelve)?.raws, remembered);
});

test('Num Lock leaves the other locks as they are', () => {
  const setting = settingWith('keyboard.numLock');
  const remembered = rawsOf(setting, ['2147483652']);

  assert.deepEqual(written(setting, true, remembered)?.raws, rawsOf(setting, ['2147483654']));
});

test('what a place held before is not given back where a restore would refuse it', () => {
  const setting = settingWith('files.showHidden');
  const places = new Map([...WINDOWS_PLACES]);
  const place = places.get('explorer.view.hiddenItems');
  assert.ok(place?.mechanism === 'registry');
  places.set('explorer.view.hiddenItems', { ...place, allowed: ['1', '2'] });

  const remembered = rawsOf(setting, ['0']);

  assert.deepEqual(windowsFromNeutral(setting, false, { places, remembered })?.raws, rawsOf(setting, ['2']));
});

const FILTER_KEYS = ['slowKeys', 'slowKeysDelay', 'bounceKeys', 'bounceKeysDelay'] as const;
type FilterKeys = Partial<Record<(typeof FILTER_KEYS)[number], Json>>;

function filterWishes(values: FilterKeys): NeutralWish[] {
  return Object.entries(values).map(([name, value]) => ({ setting: settingWith(`accessibility.${name}`), value }));
}

/** Everything that is written, as the bit and the two times; and what could not be said, or only nearly. */
function filterKeysFor(wishes: readonly NeutralWish[], remembered?: RawsByPlace) {
  const written = windowsFromNeutrals(wishes, { places: WINDOWS_PLACES, ...(remembered && { remembered }) });
  const raws = new Map([...written.values()].flatMap((one) => [...one.raws]));
  const missed = wishes.filter(({ setting }) => written.get(setting.id)?.clamped !== false);
  const said = windowsPlaceIdsOf(settingWith('accessibility.slowKeys')).map((id) => {
    const raw = raws.get(id);
    return typeof raw === 'object' ? (raw as { data: Json }).data : (raw ?? null);
  });
  return { said, missed: missed.map(({ setting: { id } }) => id.replace('accessibility.', '')) };
}

test('slow keys and bounce keys share their places: one of the two is on, and slow keys win', () => {
  const rows: readonly [wish: FilterKeys, said: readonly (Json | null)[], missed: readonly string[]][] = [
    [{ slowKeys: true, bounceKeys: false }, [true, '1000', '0'], []],
    [{ slowKeys: false, bounceKeys: true }, [true, '0', '500'], []],
    [{ slowKeys: false, bounceKeys: false }, [false, null, null], []],
    [{ slowKeys: true, bounceKeys: true }, [true, '1000', '0'], ['bounceKeys']],
    [{ slowKeys: true, slowKeysDelay: 300, bounceKeysDelay: 200 }, [true, '300', '0'], ['bounceKeysDelay']],
    [{ bounceKeys: true, slowKeysDelay: 300, bounceKeysDelay: 200 }, [true, '0', '200'], ['slowKeysDelay']],
    [{ slowKeysDelay: 300, bounceKeysDelay: 200 }, [null, '300', null], ['bounceKeysDelay']],
    [{ slowKeys: true, slowKeysDelay: 0 }, [true, '1000', '0'], ['slowKeysDelay']],
  ];
  for (const [wish, said, missed] of rows)
    assert.deepEqual(filterKeysFor(filterWishes(wish)), { said, missed }, JSON.stringify(wish));
});

test('switching one of the two off leaves the other one on', () => {
  const bounces = rawsOf(settingWith('accessibility.slowKeys'), [true, '0', '700']);

  assert.deepEqual(filterKeysFor(filterWishes({ slowKeys: false }), bounces).said, [true, '0', '700']);
  assert.deepEqual(filterKeysFor(filterWishes({ slowKeys: false, bounceKeys: true }), bounces).said, [
    true,
    '0',
    '700',
  ]);
});

const WISH_VALUE = {
  slowKeys: fastCheck.boolean(),
  bounceKeys: fastCheck.boolean(),
  slowKeysDelay: fastCheck.integer({ min: 0, max: 30_000 }),
  bounceKeysDelay: fastCheck.integer({ min: 0, max: 30_000 }),
};

test('the order in which meanings are asked never matters, and none contradicts another', () => {
  const wishes = fastCheck
    .record(WISH_VALUE, { requiredKeys: [] })
    .map((values) => filterWishes(values as FilterKeys))
    .chain((list) =>
      fastCheck.tuple(fastCheck.constant(list), fastCheck.shuffledSubarray(list, { minLength: list.length })),
    );
  fastCheck.assert(
    fastCheck.property(wishes, ([list, shuffled]) => {
      const [one, other] = [list, shuffled].map((some) => windowsFromNeutrals(some, { places: WINDOWS_PLACES }));
      assert.deepEqual(new Map([...(one ?? [])].toSorted()), new Map([...(other ?? [])].toSorted()));
      const byPlace = Map.groupBy(
        [...(one?.values() ?? [])].flatMap(({ raws }) => [...raws]),
        ([id]) => id,
      );
      for (const [id, said] of byPlace) assert.equal(new Set(said.map(([, raw]) => canonicalJson(raw))).size, 1, id);
    }),
  );
});

/** Any value that a place takes. */
function rawAt(id: string): fastCheck.Arbitrary<Json> {
  const place = WINDOWS_PLACES.get(id);
  assert.ok(place, id);
  if (place.mechanism === 'registryImage') {
    const picture = fastCheck.record({
      path: fastCheck.constantFrom('C:\\a b.png', `\${HOME}\\c.jpg`),
      blob: fastCheck.string({ minLength: 1 }),
    });
    return fastCheck.oneof(picture, fastCheck.constant({ path: '' }));
  }
  assert.ok(place.mechanism === 'registry');
  if (place.mask !== undefined || place.listMember !== undefined) return fastCheck.boolean();
  const { allowed } = place;
  const said =
    allowed === undefined
      ? fastCheck.nat({ max: 0xffff_ffff }).map(String)
      : 'pattern' in allowed
        ? fastCheck.stringMatching(new RegExp(allowed.pattern))
        : 'min' in allowed
          ? fastCheck.integer(allowed).map(String)
          : fastCheck.constantFrom(...allowed);
  return said.map((text) => wholeRaw(text, place));
}

const ANY_VALUE = fastCheck.oneof(
  fastCheck.boolean(),
  fastCheck.integer({ min: -1000, max: 40_000 }),
  fastCheck.double({ min: -2, max: 40, noNaN: true }),
  fastCheck.constantFrom(
    'dark',
    'light',
    'default',
    'fill',
    'span',
    'none',
    'standard',
    'off',
    'window',
    'lens',
    '12h',
  ),
  fastCheck.constantFrom('de-DE', 'en-DK', '#336699', 'grayscale', 'flat', 'areas', '24h', null),
  fastCheck.record({ blob: fastCheck.string(), name: fastCheck.string() }),
);

for (const setting of WITH_PLACES) {
  const ids = windowsPlaceIdsOf(setting);
  const raws = fastCheck
    .tuple(...ids.map((id) => fastCheck.option(rawAt(id), { freq: 9, nil: undefined })))
    .map((all) => new Map(ids.flatMap((id, index) => (all[index] === undefined ? [] : [[id, all[index]] as const]))));

  test(`${setting.id}: there and back gives the first raw values of Windows`, () => {
    fastCheck.assert(
      fastCheck.property(raws, (first) => {
        const meaning = neutralFromWindows(setting, first);
        fastCheck.pre(meaning !== undefined);
        assert.deepEqual(written(setting, meaning, first), { raws: first, clamped: false });
      }),
    );
  });

  test(`${setting.id}: only what its places take is written, and clamped says whether it means the same`, () => {
    fastCheck.assert(
      fastCheck.property(ANY_VALUE, fastCheck.option(raws, { nil: undefined }), (value, remembered) => {
        const result = written(setting, value, remembered);
        for (const [id, raw] of result?.raws ?? []) assert.ok(isTaken(id, raw), `${id} ${JSON.stringify(raw)}`);
        if (result !== undefined)
          assert.equal(
            canonicalJson(neutralFromWindows(setting, result.raws) ?? null) === canonicalJson(value),
            !result.clamped,
          );
      }),
    );
  });
}

const LINUX_CONTEXT = { applications: CATALOG.applications, neighbours: {} };

test('Windows to Linux and back carries every one of the 62 that have keys on both sides', () => {
  assert.equal(BOTH_SIDES.length, 62);
  for (const setting of BOTH_SIDES) {
    const place = setting.linux?.[0];
    assert.ok(place);
    const [said] = EXAMPLES[setting.id]?.[0] ?? [[null, null, '500']];
    const meaning = neutralFromWindows(setting, rawsOf(setting, said));
    assert.ok(meaning !== undefined, setting.id);
    const there = linuxFromNeutral(setting, meaning, { place, context: LINUX_CONTEXT });
    assert.ok(there !== undefined, `${setting.id} is not carried to Linux`);
    if (there.clamped) continue;
    assert.deepEqual(neutralFromLinux(setting, there.raw, LINUX_CONTEXT), meaning, setting.id);
  }
});

test('unknown codecs and parameters are told', () => {
  assert.equal(isWindowsCodec('clockFormat'), true);
  assert.equal(isWindowsCodec('nightLight'), true);
  assert.equal(isWindowsCodec('toString'), false);
  assert.deepEqual(unknownWindowsParameters({ codec: 'bit', places: [], inverted: true, mask: 3 }), ['mask']);
  assert.deepEqual(unknownWindowsParameters({ codec: 'nightLight', families: [], field: 'hours', min: 0 }), ['min']);
  assert.deepEqual(unknownWindowsParameters({ codec: 'constructor', min: 0 }), ['min']);
});
