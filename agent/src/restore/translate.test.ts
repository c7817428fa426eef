/**
 * Between Linux and Windows: the catalog's own settings, and a setting for every place on Windows that they name.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Json } from '@carryover/model/canonical';
import { neutralFromLinux } from '@carryover/model/codecs';
import type { Catalog, Setting } from '@carryover/model/setting';
import { neutralFromWindows, windowsPlaceIdsOf } from '@carryover/model/windows-codecs';
import { WINDOWS_PLACES } from '../../../model/testing/windows-places.ts';
import { aSetting } from '../../testing/sample-catalog.ts';
import { type Foreign, type Target, translated } from './translate.ts';

const LINUX_CATALOG = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../catalog/catalog.json'), 'utf8'),
) as Catalog;
const CATALOG = withWindowsPlaces(LINUX_CATALOG);
const BOTH_SIDES = CATALOG.settings.filter(
  (setting) => windowsPlaceIdsOf(setting).length > 0 && setting.neutral?.linux !== undefined,
);

const ON_LINUX: Target = { catalog: CATALOG, platform: 'linux', build: 'debian 13 gnome 48' };
const ON_WINDOWS: Target = { catalog: CATALOG, platform: 'windows', build: '26100.4946' };

/** One setting for each place; where Linux has one of that id, it is the same setting. */
function withWindowsPlaces(catalog: Catalog): Catalog {
  const ids = new Set(catalog.settings.map(({ id }) => id));
  const both = catalog.settings.map((setting): Setting => {
    const place = WINDOWS_PLACES.get(setting.id);
    return place === undefined ? setting : { ...setting, windows: [place] };
  });
  const windowsOnly = [...WINDOWS_PLACES].flatMap(([id, place]) => {
    if (ids.has(id)) return [];
    const { linux: _, ...setting } = aSetting({ id });
    return [{ ...setting, windows: [place] }];
  });
  return { ...catalog, settings: [...both, ...windowsOnly] };
}

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

const text = (data: string): Json => ({ type: 'REG_SZ', data });
const dword = (data: number): Json => ({ type: 'REG_DWORD', data });

/** A Windows PC with every place set, most of them to something other than what Windows starts with. */
const OLD_WINDOWS: Readonly<Record<string, Json>> = {
  'accessibility.audio.flashOn': true,
  'accessibility.audio.flashScreen': text('3'),
  'accessibility.contrast.on': true,
  'accessibility.filterKeys.acceptDelay': text('700'),
  'accessibility.filterKeys.bounceTime': text('0'),
  'accessibility.filterKeys.click': false,
  'accessibility.filterKeys.on': true,
  'accessibility.keyboard.soundOnShortcut': dword(0),
  'accessibility.magnifier.followFocus': dword(1),
  'accessibility.magnifier.followTextCursor': dword(1),
  'accessibility.magnifier.invert': dword(1),
  'accessibility.magnifier.startAfterSignIn': true,
  'accessibility.magnifier.view': dword(3),
  'accessibility.magnifier.zoom': dword(350),
  'accessibility.mouseKeys.maxSpeed': text('40'),
  'accessibility.mouseKeys.on': true,
  'accessibility.mouseKeys.timeToMaxSpeed': text('1500'),
  'accessibility.narrator.startAfterSignIn': true,
  'accessibility.onScreenKeyboard.startAfterSignIn': true,
  'accessibility.pointer.baseSize': dword(64),
  'accessibility.pointer.sizeStep': dword(3),
  'accessibility.stickyKeys.on': true,
  'accessibility.stickyKeys.sound': false,
  'accessibility.stickyKeys.twoKeysOff': false,
  'accessibility.text.scale': dword(150),
  'accessibility.toggleKeys.on': true,
  'accessibility.visual.animations': false,
  'accessibility.visual.autoHideScrollbars': dword(0),
  'autoplay.disabled': dword(1),
  'display.fontSmoothing': text('2'),
  'display.fontSmoothingType': dword(1),
  'display.screenSaver.secure': text('1'),
  'display.screenSaver.timeout': text('600'),
  'explorer.click.doubleClickToOpen': false,
  'explorer.view.hiddenItems': dword(1),
  'explorer.view.iconsOnly': dword(1),
  'keyboard.caretBlinkRate': text('400'),
  'keyboard.numLockAtStart': text('2147483650'),
  'keyboard.repeatDelay': text('2'),
  'keyboard.repeatRate': text('20'),
  'mouse.acceleration': text('0'),
  'mouse.accelerationThreshold1': text('0'),
  'mouse.accelerationThreshold2': text('0'),
  'mouse.doubleClickTime': text('700'),
  'mouse.locatePointer': true,
  'mouse.pointerSpeed': text('15'),
  'mouse.primaryButton': text('1'),
  'multitasking.desktops.altTabFilter': dword(0),
  'notifications.enabled': dword(0),
  'notifications.onLockScreen': dword(0),
  'notifications.onLockScreenToast': dword(0),
  'personalization.background.color': text('0 99 177'),
  'personalization.background.fit': text('0'),
  'personalization.background.image': { path: `\${HOME}\\Pictures\\sea.jpg`, blob: 'b1', bytes: 9 },
  'personalization.background.tile': text('1'),
  'personalization.colors.accent': dword(0xff2311e8),
  'personalization.colors.appsUseLightTheme': dword(0),
  'region.format.clock24': text('1'),
  'region.format.localeId': text('00000407'),
  'region.format.localeName': text('de-DE'),
  'region.format.longTime': text('HH:mm:ss'),
  'region.format.shortTime': text('HH:mm'),
  'sound.scheme': text('.None'),
  'start.trackDocuments': dword(0),
  'time.automaticTimeZone': dword(3),
  'touchpad.cursorSpeed': dword(15),
  'touchpad.rightClickZone': dword(1),
  'touchpad.scrollDirection': dword(1),
  'touchpad.tapAndDrag': dword(0),
  'touchpad.tapToClick': dword(0),
  'touchpad.twoFingerScroll': dword(0),
};

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

test('a Windows PC comes to Linux with all 62 settings that have keys on both sides', () => {
  const items = translated(foreign(OLD_WINDOWS), ON_LINUX);
  const carried = items.filter(({ raw }) => raw !== undefined).map(({ itemId }) => itemId);
  const wanted = BOTH_SIDES.map(({ id }) => id);

  assert.equal(wanted.length, 62);
  assert.deepEqual(
    wanted.filter((id) => !carried.includes(id)),
    [],
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

/** Of the 62, what Windows cannot hold beside the others, and why. */
const NOT_ON_WINDOWS: Readonly<Record<string, string>> = {
  'accessibility.bounceKeysDelay': 'written only while bounce keys are on: the time alone would switch them on',
};

test('a Linux PC comes to Windows with all of the 62 but those that exclude each other', () => {
  const items = translated(meaning(meaningsOfOldWindows()), ON_WINDOWS);
  const lost = items.filter(({ raw }) => raw === undefined).map(({ itemId }) => itemId);

  assert.deepEqual(lost, Object.keys(NOT_ON_WINDOWS));
  assert.ok(62 - lost.length >= 50);
  assert.deepEqual(
    Object.fromEntries(items.flatMap(({ itemId, raw }) => (raw === undefined ? [] : [[itemId, raw]]))),
    OLD_WINDOWS,
  );
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

  assert.deepEqual(items, [
    { itemId: 'desktop.wallpaperFit', about: 'background', raw: "'wallpaper'", clamped: false },
    { itemId: 'taskbar.alignment', about: 'other', raw: undefined, clamped: false },
  ]);
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

test('what the device holds is kept where it means the same', () => {
  const linux = { ...ON_LINUX, here: new Map<string, Json>([['files.thumbnails', "'always'"]]) };
  const windows = { ...ON_WINDOWS, here: new Map<string, Json>([['region.format.shortTime', text("H.mm 'Uhr'")]]) };

  assert.equal(translated(foreign({ 'explorer.view.iconsOnly': dword(0) }), linux)[0]?.raw, "'always'");
  const times = translated(meaning({ 'time.clockFormat': '12h' }), windows);
  assert.deepEqual(times.find(({ itemId }) => itemId === 'region.format.shortTime')?.raw, text("h.mm 'Uhr' tt"));
});
