/**
 * Between Linux and Windows, with the catalog's own settings.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@carryover/model/canonical';
import { isOffByDefault, settingOf } from '@carryover/model/catalog';
import { neutralFromLinux } from '@carryover/model/codecs';
import type { Catalog, Setting } from '@carryover/model/setting';
import { neutralFromWindows, windowsPlaceIdsOf } from '@carryover/model/windows-codecs';
import compiled from '../../../catalog/catalog.json' with { type: 'json' };
import { dword, OLD_WINDOWS, text } from '../../testing/old-windows.ts';
import { type Foreign, type Target, translated } from './translate.ts';

const CATALOG = compiled as unknown as Catalog;
const BOTH_SIDES = CATALOG.settings.filter(
  (setting) => windowsPlaceIdsOf(setting).length > 0 && setting.neutral?.linux !== undefined,
);

const ON_LINUX: Target = { catalog: CATALOG, platform: 'linux', build: 'debian 13 gnome 48' };
const ON_WINDOWS: Target = { catalog: CATALOG, platform: 'windows', build: '26100.4946' };

function foreign(values: Readonly<Record<string, Json>>, about = 'a unit'): Foreign<string>[] {
  return Object.entries(values).map(([itemId, raw]) => ({ itemId, captured: { raw }, about }));
}

function meaning(values: Readonly<Record<string, Json>>): Foreign<string>[] {
  return Object.entries(values).map(([itemId, value]) => ({
    itemId,
    captured: { raw: 'kept', value },
    about: 'a unit',
  }));
}

/** What each setting means on that PC. */
function meaningsOfOldWindows(): Record<string, Json> {
  const raws = new Map(Object.entries(OLD_WINDOWS));
  return Object.fromEntries(
    BOTH_SIDES.map((setting) => {
      const value = neutralFromWindows(setting, raws);
      assert.ok(value !== undefined, setting.id);
      return [setting.id, value];
    }),
  );
}

/** Of the 63, what one of the two cannot hold beside the others, and why. */
const NOT_ON_LINUX: Readonly<Record<string, string>> = {
  'accessibility.bounceKeysDelay': 'Windows says "off" by no time at all, GNOME by a switch of its own',
};
const NOT_ON_WINDOWS: Readonly<Record<string, string>> = {
  'accessibility.bounceKeysDelay': 'written only while bounce keys are on: the time alone would switch them on',
};

test('a Windows PC comes to Linux with the 63 settings that have places on both sides, but the time of what is off', () => {
  const items = translated(foreign(OLD_WINDOWS), ON_LINUX);
  const carried = items.filter(({ raw }) => raw !== undefined).map(({ itemId }) => itemId);
  const wanted = BOTH_SIDES.map(({ id }) => id);

  assert.equal(wanted.length, 63);
  assert.deepEqual(
    wanted.filter((id) => !carried.includes(id)),
    Object.keys(NOT_ON_LINUX),
  );
  // The dark style has the same picture.
  assert.deepEqual(
    carried.filter((id) => !wanted.includes(id)),
    ['desktop.wallpaperDark'],
  );
  const exact = items.filter(({ clamped }) => !clamped);
  const expected = meaningsOfOldWindows();
  const context = { applications: [], neighbours: {} };
  for (const { itemId, raw } of exact) {
    const setting = CATALOG.settings.find(({ id }) => id === itemId);
    if (setting === undefined || raw === undefined || itemId === 'desktop.wallpaperDark') continue;
    assert.deepEqual(neutralFromLinux(setting, raw, context), expected[itemId], itemId);
  }
  assert.deepEqual(
    items.filter(({ clamped }) => clamped).map(({ itemId }) => itemId),
    ['appearance.accentColor'],
  );
});

test('a Linux PC comes to Windows with all of the 63 but those that exclude each other', () => {
  const items = translated(meaning(meaningsOfOldWindows()), ON_WINDOWS);
  const lost = items.filter(({ raw }) => raw === undefined).map(({ itemId }) => itemId);

  assert.deepEqual(lost, Object.keys(NOT_ON_WINDOWS));
  assert.ok(63 - lost.length >= 50);
  assert.deepEqual(
    Object.fromEntries(items.flatMap(({ itemId, raw }) => (raw === undefined ? [] : [[itemId, raw]]))),
    OLD_WINDOWS,
  );
});

/** Start with the next sign-in, or belong to this PC: Windows leaves them out unless they are asked for by name, or always. */
const OFF_BY_DEFAULT_ON_WINDOWS = [
  'accessibility.magnifierAtSignIn',
  'accessibility.onScreenKeyboardAtSignIn',
  'accessibility.screenReaderAtSignIn',
  'keyboard.numLock',
];

test('at least 50 of the 63 come to Windows without being asked for', () => {
  const items = translated(meaning(meaningsOfOldWindows()), ON_WINDOWS);
  const asked = new Set(
    items.flatMap(({ itemId, onlyAsked, raw }) => {
      const setting = settingOf(CATALOG, itemId);
      return raw === undefined || onlyAsked || (setting !== undefined && isOffByDefault(setting)) ? [itemId] : [];
    }),
  );
  const left = BOTH_SIDES.filter((setting) => [setting.id, ...windowsPlaceIdsOf(setting)].some((id) => asked.has(id)));

  const names = left.map(({ id }) => id).toSorted();
  const expected = [...OFF_BY_DEFAULT_ON_WINDOWS, ...Object.keys(NOT_ON_WINDOWS), 'notifications.banners'];
  assert.deepEqual(names, expected.toSorted());
  assert.ok(BOTH_SIDES.length - names.length >= 50);
});

test('a Windows PC, on Linux and on Windows again, has what it had', () => {
  const context = { applications: [], neighbours: {} };
  const there = translated(foreign(OLD_WINDOWS), ON_LINUX).flatMap(({ itemId, raw, about }) => {
    const setting = CATALOG.settings.find(({ id }) => id === itemId);
    const value = setting && raw !== undefined ? neutralFromLinux(setting, raw, context) : undefined;
    return raw === undefined ? [] : [{ itemId, captured: { raw, ...(value !== undefined && { value }) }, about }];
  });

  const back = translated(there, { ...ON_WINDOWS, here: new Map(Object.entries(OLD_WINDOWS)) });
  const changed = back.filter(({ itemId, raw }) => raw !== undefined && !isSame(raw, OLD_WINDOWS[itemId]));

  // Nine names for all colours: the only one of the values above that a stay on Linux changes.
  assert.deepEqual(
    changed.map(({ itemId }) => itemId),
    ['personalization.colors.accent'],
  );
});

function isSame(a: Json, b: Json | undefined): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

test('a meaning is read from places in several units, and each of them is accounted for once', () => {
  const items = translated(
    [
      ...foreign({ 'personalization.background.fit': text('0') }, 'background'),
      ...foreign({ 'personalization.background.tile': text('1'), 'taskbar.alignment': dword(0) }, 'other'),
    ],
    ON_LINUX,
  );

  assert.deepEqual(
    items.map(({ itemId, about, raw }) => [itemId, about, raw]),
    [
      ['desktop.wallpaperFit', 'background', "'wallpaper'"],
      ['taskbar.alignment', 'other', undefined],
    ],
  );
});

test('places that mean nothing together stay under their own ids', () => {
  const items = translated(
    foreign({ 'mouse.acceleration': text('9'), 'mouse.accelerationThreshold1': text('4') }),
    ON_LINUX,
  );

  assert.deepEqual(
    items.map(({ itemId, raw }) => [itemId, raw]),
    [
      ['mouse.acceleration', undefined],
      ['mouse.accelerationThreshold1', undefined],
    ],
  );
});

test('what this version of the desktop has no key for is one item under the id it would have', () => {
  const old = { ...ON_LINUX, build: 'debian 12 gnome 43' };

  assert.deepEqual(
    translated(foreign({ 'personalization.colors.accent': dword(0xff2311e8) }), old).map(({ itemId, raw }) => [
      itemId,
      raw,
    ]),
    [['appearance.accentColor', undefined]],
  );
});

test('what Windows cannot say stays under the id of its setting, the rest goes under the ids of its places', () => {
  const items = translated(
    meaning({
      'accessibility.slowKeys': true,
      'accessibility.bounceKeys': true,
      'accessibility.textScale': 300,
      'calendar.weekNumbers': true,
    }),
    ON_WINDOWS,
  );

  assert.deepEqual(Object.fromEntries(items.map(({ itemId, raw, clamped }) => [itemId, [raw, clamped]])), {
    'accessibility.filterKeys.on': [true, false],
    'accessibility.filterKeys.acceptDelay': [text('1000'), false],
    'accessibility.filterKeys.bounceTime': [text('0'), false],
    'accessibility.text.scale': [dword(225), true],
    'accessibility.bounceKeys': [undefined, false],
    'calendar.weekNumbers': [undefined, false],
  });
});

test('a build without the place has nothing to say it with', () => {
  const settings = CATALOG.settings.map((setting): Setting => {
    const [place] = setting.windows ?? [];
    return setting.id === 'mouse.pointerSpeed' && place?.mechanism === 'registry'
      ? { ...setting, windows: [{ ...place, fromBuild: 30_000 }] }
      : setting;
  });

  const [item] = translated(meaning({ 'mouse.speed': 0.5 }), { ...ON_WINDOWS, catalog: { ...CATALOG, settings } });

  assert.deepEqual([item?.itemId, item?.raw], ['mouse.speed', undefined]);
});

test('a lock is never switched off by what another platform starts with, only when it is asked for', () => {
  const asked = (items: readonly { readonly itemId: string; readonly onlyAsked: boolean }[]) =>
    items.filter(({ onlyAsked }) => onlyAsked).map(({ itemId }) => itemId);
  const off = foreign({ 'display.screenSaver.secure': text('0'), 'notifications.enabled': dword(1) });

  assert.deepEqual(asked(translated(off, ON_LINUX)), ['power.lockOnIdle']);
  assert.deepEqual(asked(translated(meaning({ 'power.lockOnIdle': false }), ON_WINDOWS)), [
    'display.screenSaver.secure',
  ]);
  assert.deepEqual(asked(translated(meaning({ 'power.lockOnIdle': true }), ON_WINDOWS)), []);
});

test('the time of the lock counts from when this screen goes off', () => {
  const here = new Map<string, Json>([['power.displayOffDelay', 'uint32 480']]);
  const locks = foreign({ 'display.screenSaver.timeout': text('600') });

  assert.equal(translated(locks, { ...ON_LINUX, here })[0]?.raw, 'uint32 120');
  assert.equal(translated(locks, ON_LINUX)[0]?.raw, 'uint32 300');
});

test('what the device holds is kept where it means the same', () => {
  const linux = { ...ON_LINUX, here: new Map<string, Json>([['files.thumbnails', "'always'"]]) };
  const windows = { ...ON_WINDOWS, here: new Map<string, Json>([['region.format.shortTime', text("H.mm 'Uhr'")]]) };

  assert.equal(translated(foreign({ 'explorer.view.iconsOnly': dword(0) }), linux)[0]?.raw, "'always'");
  const times = translated(meaning({ 'time.clockFormat': '12h' }), windows);
  assert.deepEqual(times.find(({ itemId }) => itemId === 'region.format.shortTime')?.raw, text("h.mm 'Uhr' tt"));
});
