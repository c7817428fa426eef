/**
 * Every neutral setting of the catalog with a Linux side, by its own row: raw value and meaning, valid both ways.
 *
 * The codecs are taken from the compiled catalog, so that a wrong parameter there fails here.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fastCheck from 'fast-check';
import type { Json } from './canonical.ts';
import { linuxFromNeutral, neighbourKeysOf, neutralFromLinux } from './codecs.ts';
import type { Catalog, Setting } from './setting.ts';

const CATALOG = JSON.parse(readFileSync(join(import.meta.dirname, '../../catalog/catalog.json'), 'utf8')) as Catalog;
const CONTEXT = { applications: CATALOG.applications };

const ON_AND_OFF: readonly [raw: Json, neutral: Json][] = [
  ['true', true],
  ['false', false],
];
const INVERTED: readonly [raw: Json, neutral: Json][] = [
  ['false', true],
  ['true', false],
];

/** Raw values of places with several keys are written by the keys' last parts. */
const EXAMPLES: Readonly<Record<string, readonly [raw: Json, neutral: Json][]>> = {
  'appearance.colorScheme': [
    ["'prefer-dark'", 'dark'],
    ["'default'", 'default'],
    ["'prefer-light'", 'light'],
  ],
  'appearance.accentColor': [
    ["'blue'", '#3584e4'],
    ["'red'", '#e62d42'],
  ],
  'desktop.wallpaper': [
    [
      { uri: `file://\${HOME}/.local/share/backgrounds/sea.jpg`, blob: 'b1', mediaType: 'image/jpeg', bytes: 9 },
      { blob: 'b1', name: 'sea.jpg', mediaType: 'image/jpeg', bytes: 9 },
    ],
    [{ uri: '' }, null],
  ],
  'desktop.wallpaperDark': [[{ uri: '' }, null]],
  'desktop.wallpaperFit': [
    ["'zoom'", 'fill'],
    ["'wallpaper'", 'tile'],
  ],
  'desktop.backgroundColor': [
    ["'#0063b1'", '#0063b1'],
    ["'#023c88'", '#023c88'],
  ],
  'lockScreen.image': [
    [
      { uri: `file://\${HOME}/.local/share/backgrounds/lake.png`, blob: 'b2', mediaType: 'image/png' },
      { blob: 'b2', name: 'lake.png', mediaType: 'image/png' },
    ],
  ],
  'display.fontAntialiasing': [
    ["'rgba'", 'subpixel'],
    ["'grayscale'", 'grayscale'],
  ],
  'accessibility.textScale': [
    ['1.5', 150],
    ['1.25', 125],
  ],
  'accessibility.highContrast': ON_AND_OFF,
  'accessibility.animations': ON_AND_OFF,
  'accessibility.alwaysShowScrollbars': INVERTED,
  'accessibility.stickyKeys': ON_AND_OFF,
  'accessibility.stickyKeysTwoKeyOff': ON_AND_OFF,
  'accessibility.stickyKeysSound': ON_AND_OFF,
  'accessibility.slowKeys': ON_AND_OFF,
  'accessibility.slowKeysDelay': [
    ['1000', 1000],
    ['300', 300],
  ],
  'accessibility.slowKeysBeep': [
    [{ 'slowkeys-beep-accept': 'true', 'slowkeys-beep-press': 'true' }, true],
    [{ 'slowkeys-beep-accept': 'false', 'slowkeys-beep-press': 'false' }, false],
  ],
  'accessibility.bounceKeys': ON_AND_OFF,
  'accessibility.bounceKeysDelay': [
    ['500', 500],
    ['300', 300],
  ],
  'accessibility.toggleKeys': ON_AND_OFF,
  'accessibility.featureChangeSound': ON_AND_OFF,
  'accessibility.mouseKeys': ON_AND_OFF,
  'accessibility.mouseKeysMaxSpeed': [
    ['80', 80],
    ['10', 10],
  ],
  'accessibility.mouseKeysAccelTime': [
    ['3000', 3000],
    ['300', 300],
  ],
  'accessibility.visualBell': [
    [{ 'visual-bell': 'true', 'visual-bell-type': "'fullscreen-flash'" }, 'screen'],
    [{ 'visual-bell': 'true', 'visual-bell-type': "'frame-flash'" }, 'window'],
    [{ 'visual-bell': 'false' }, 'off'],
  ],
  'accessibility.cursorSize': [
    ['24', 24],
    ['48', 48],
  ],
  'accessibility.screenReaderAtSignIn': ON_AND_OFF,
  'accessibility.magnifierAtSignIn': ON_AND_OFF,
  'accessibility.onScreenKeyboardAtSignIn': ON_AND_OFF,
  'accessibility.magnifierZoom': [
    ['2.0', 2],
    ['3.5', 3.5],
  ],
  'accessibility.magnifierView': [
    [{ 'screen-position': "'full-screen'", 'lens-mode': 'false' }, 'fullScreen'],
    [{ 'screen-position': "'none'", 'lens-mode': 'true' }, 'lens'],
    [{ 'screen-position': "'top-half'", 'lens-mode': 'false' }, 'docked'],
  ],
  'accessibility.magnifierInvert': ON_AND_OFF,
  'accessibility.magnifierFollowFocus': [
    ["'proportional'", true],
    ["'none'", false],
  ],
  'accessibility.magnifierFollowCaret': [
    ["'centered'", true],
    ["'none'", false],
  ],
  'keyboard.repeatDelay': [
    ['uint32 500', 500],
    ['uint32 250', 250],
  ],
  'keyboard.repeatInterval': [
    ['uint32 33', 33],
    ['uint32 30', 30],
  ],
  'keyboard.numLock': ON_AND_OFF,
  'keyboard.caretBlink': [
    [{ 'cursor-blink': 'true', 'cursor-blink-time': '1200' }, 1200],
    [{ 'cursor-blink': 'false' }, 0],
  ],
  'keyboard.inputSources': [
    ["[('xkb', 'de'), ('xkb', 'us+intl')]", ['de', 'us+intl']],
    ["[('ibus', 'mozc-jp')]", ['ja ime']],
  ],
  'mouse.speed': [
    ['0.0', 0],
    ['0.5', 0.5],
  ],
  'mouse.acceleration': [
    ["'flat'", 'flat'],
    ["'default'", 'default'],
  ],
  'mouse.leftHanded': ON_AND_OFF,
  'mouse.doubleClickTime': [
    ['400', 400],
    ['500', 500],
  ],
  'mouse.locatePointer': ON_AND_OFF,
  'touchpad.naturalScroll': ON_AND_OFF,
  'touchpad.tapToClick': ON_AND_OFF,
  'touchpad.tapAndDrag': ON_AND_OFF,
  'touchpad.twoFingerScroll': ON_AND_OFF,
  'touchpad.secondaryClickZone': [
    ["'areas'", 'areas'],
    ["'fingers'", 'fingers'],
  ],
  'touchpad.speed': [
    ['0.0', 0],
    ['0.5', 0.5],
  ],
  'display.nightLight': ON_AND_OFF,
  'display.nightLightTemperature': [
    ['uint32 2700', 2700],
    ['uint32 4000', 4000],
  ],
  'display.nightLightSchedule': [
    [
      {
        'night-light-schedule-automatic': 'false',
        'night-light-schedule-from': '20.5',
        'night-light-schedule-to': '6.0',
      },
      { mode: 'fixed', start: 1230, end: 360 },
    ],
    [{ 'night-light-schedule-automatic': 'true' }, { mode: 'sunset' }],
  ],
  'power.displayOffDelay': [
    ['uint32 300', 300],
    ['uint32 0', 0],
  ],
  'power.sleepDelayAc': [
    [{ 'sleep-inactive-ac-timeout': '1200', 'sleep-inactive-ac-type': "'suspend'" }, 1200],
    [{ 'sleep-inactive-ac-type': "'nothing'" }, 0],
  ],
  'power.sleepDelayBattery': [
    [{ 'sleep-inactive-battery-timeout': '900', 'sleep-inactive-battery-type': "'suspend'" }, 900],
    [{ 'sleep-inactive-battery-type': "'nothing'" }, 0],
  ],
  'power.lockOnIdle': ON_AND_OFF,
  'power.lockIdleDelay': [
    ['uint32 0', 300],
    ['uint32 600', 900],
  ],
  'notifications.banners': ON_AND_OFF,
  'notifications.onLockScreen': ON_AND_OFF,
  'files.showHidden': [
    [
      {
        '/org/gtk/gtk4/settings/file-chooser/show-hidden': 'true',
        '/org/gtk/settings/file-chooser/show-hidden': 'true',
      },
      true,
    ],
    [
      {
        '/org/gtk/gtk4/settings/file-chooser/show-hidden': 'false',
        '/org/gtk/settings/file-chooser/show-hidden': 'false',
      },
      false,
    ],
  ],
  'files.thumbnails': [
    ["'local-only'", true],
    ["'never'", false],
  ],
  'files.singleClickOpens': [
    ["'single'", true],
    ["'double'", false],
  ],
  'time.clockFormat': [
    ["'24h'", '24h'],
    ["'12h'", '12h'],
  ],
  'region.format': [
    ["'de_DE.UTF-8'", 'de-DE'],
    ["'en_GB.UTF-8'", 'en-GB'],
    ["'sr_RS.UTF-8@latin'", 'sr-Latn-RS'],
  ],
  'time.automaticTimeZone': ON_AND_OFF,
  'calendar.weekNumbers': ON_AND_OFF,
  'sound.scheme': [
    [{ 'event-sounds': 'true', 'theme-name': "'freedesktop'" }, 'standard'],
    [{ 'event-sounds': 'false' }, 'none'],
    [{ 'event-sounds': 'true', 'theme-name': "'Borealis'" }, 'Borealis'],
  ],
  'multitasking.altTabCurrentDesktopOnly': [
    [
      {
        '/org/gnome/shell/app-switcher/current-workspace-only': 'true',
        '/org/gnome/shell/window-switcher/current-workspace-only': 'true',
      },
      true,
    ],
    [
      {
        '/org/gnome/shell/app-switcher/current-workspace-only': 'false',
        '/org/gnome/shell/window-switcher/current-workspace-only': 'false',
      },
      false,
    ],
  ],
  'privacy.rememberRecentFiles': ON_AND_OFF,
  'media.autoplay': INVERTED,
  'apps.pinned': [["['firefox.desktop', 'org.gnome.Terminal.desktop']", ['app:firefox', 'app:terminal']]],
};

/** Read one way only: what is written back is the row above. */
const READ_ONLY: readonly [id: string, raw: Json, neutral: Json | undefined][] = [
  [
    'apps.pinned',
    "['org.mozilla.firefox.desktop', 'org.example.Own.desktop']",
    ['app:firefox', 'desktop:org.example.Own.desktop'],
  ],
  ['power.sleepDelayAc', { 'sleep-inactive-ac-timeout': '3600', 'sleep-inactive-ac-type': "'nothing'" }, 0],
  ['power.sleepDelayAc', { 'sleep-inactive-ac-timeout': '0', 'sleep-inactive-ac-type': "'suspend'" }, 0],
  ['touchpad.secondaryClickZone', "'default'", 'fingers'],
  ['files.thumbnails', "'always'", true],
  ['accessibility.magnifierFollowFocus', "'push'", true],
  ['accessibility.magnifierView', { 'screen-position': "'left-half'", 'lens-mode': 'false' }, 'docked'],
  ['accessibility.visualBell', { 'visual-bell': 'true' }, 'screen'],
  ['accessibility.slowKeysBeep', { 'slowkeys-beep-accept': 'false', 'slowkeys-beep-press': 'true' }, true],
  ['desktop.backgroundColor', "'rgb(0,99,177)'", '#0063b1'],
  ['desktop.backgroundColor', "'#00006363b1b1'", '#0063b1'],
  ['desktop.backgroundColor', "'#FFF'", '#ffffff'],
  ['desktop.backgroundColor', "'blanchedalmond'", undefined],
  ['desktop.wallpaperFit', "'something-new'", undefined],
  ['region.format', "''", undefined],
  ['region.format', "'C.UTF-8'", undefined],
  ['keyboard.caretBlink', {}, undefined],
  ['display.nightLightSchedule', {}, undefined],
  ['mouse.speed', "'fast'", undefined],
  ['mouse.speed', 'not a variant', undefined],
  ['accessibility.textScale', '1.2566', 126],
  ['appearance.colorScheme', "'constructor'", undefined],
];

function settingWith(id: string): Setting {
  const setting = CATALOG.settings.find((candidate) => candidate.id === id);
  assert.ok(setting, `no setting ${id}`);
  return setting;
}

function placeOf(setting: Setting) {
  const place = setting.linux?.[0];
  assert.ok(place, `${setting.id} has no place`);
  return place;
}

/** Short names of keys become the whole keys of the setting's place. */
function rawFor(setting: Setting, raw: Json): Json {
  const place = placeOf(setting);
  if (place.mechanism !== 'dconf' || place.keys.length === 1) return raw;
  const entries = Object.entries(raw as Readonly<Record<string, Json>>).map(([name, text]) => {
    const key = name.startsWith('/') ? name : place.keys.find((candidate) => candidate.endsWith(`/${name}`));
    assert.ok(key, `${setting.id} has no key ${name}`);
    return [key, text] as const;
  });
  return Object.fromEntries(entries);
}

function readFrom(id: string, raw: Json, neighbours: Readonly<Record<string, string>> = {}): Json | undefined {
  const setting = settingWith(id);
  return neutralFromLinux(setting, rawFor(setting, raw), { ...CONTEXT, neighbours });
}

function writeTo(id: string, value: Json, remembered?: Json) {
  const setting = settingWith(id);
  return linuxFromNeutral(setting, value, {
    place: placeOf(setting),
    ...(remembered !== undefined && { remembered: rawFor(setting, remembered) }),
    context: CONTEXT,
  });
}

test('every neutral setting has its row here', () => {
  const ids = CATALOG.settings.filter(({ neutral }) => neutral?.linux !== undefined).map(({ id }) => id);

  assert.deepEqual(Object.keys(EXAMPLES).toSorted(), ids.toSorted());
  assert.ok(ids.length >= 62, `only ${ids.length}`);
});

for (const [id, rows] of Object.entries(EXAMPLES))
  for (const [raw, neutral] of rows) {
    test(`${id}: ${JSON.stringify(raw)} means ${JSON.stringify(neutral)}`, () => {
      assert.deepEqual(readFrom(id, raw), neutral);
    });

    test(`${id}: ${JSON.stringify(neutral)} is written as ${JSON.stringify(raw)}`, () => {
      assert.deepEqual(writeTo(id, neutral), { raw: rawFor(settingWith(id), raw), clamped: false });
    });
  }

for (const [id, raw, neutral] of READ_ONLY)
  test(`${id}: ${JSON.stringify(raw)} is read as ${neutral === undefined ? 'nothing neutral' : JSON.stringify(neutral)}`, () => {
    assert.deepEqual(readFrom(id, raw), neutral);
  });

for (const [id, raw, neutral] of READ_ONLY.filter(([, , neutral]) => neutral !== undefined))
  test(`${id}: ${JSON.stringify(raw)} comes back as it was when its meaning did not change`, () => {
    assert.ok(neutral !== undefined);
    assert.deepEqual(writeTo(id, neutral, raw), { raw: rawFor(settingWith(id), raw), clamped: false });
  });

test('a changed meaning replaces what was remembered', () => {
  assert.deepEqual(writeTo('files.thumbnails', false, "'always'"), { raw: "'never'", clamped: false });
});

test('the lock counts from when the screen goes off', () => {
  const other = '/org/gnome/desktop/session/idle-delay';

  assert.deepEqual(neighbourKeysOf(settingWith('power.lockIdleDelay')), [other]);
  assert.equal(readFrom('power.lockIdleDelay', 'uint32 60', { [other]: 'uint32 600' }), 660);
});

test('a value outside the range of the key is clamped and said', () => {
  assert.deepEqual(writeTo('accessibility.textScale', 400), { raw: '3.0', clamped: true });
  assert.deepEqual(writeTo('power.lockIdleDelay', 60), { raw: 'uint32 0', clamped: true });
  assert.deepEqual(writeTo('keyboard.repeatDelay', 9000), { raw: 'uint32 5000', clamped: true });
});

test('no time at all is said by another key on GNOME', () => {
  assert.equal(writeTo('accessibility.bounceKeysDelay', 0), undefined);
});

test('a colour without a name of its own becomes the nearest by hue', () => {
  assert.deepEqual(writeTo('appearance.accentColor', '#0078d4'), { raw: "'blue'", clamped: true });
  assert.deepEqual(writeTo('appearance.accentColor', '#e81123'), { raw: "'red'", clamped: true });
  assert.deepEqual(writeTo('appearance.accentColor', '#808080'), { raw: "'slate'", clamped: true });
  assert.deepEqual(writeTo('appearance.accentColor', '#ffb900'), { raw: "'yellow'", clamped: true });
});

test('a power type a person chose is kept when only the time changes', () => {
  const remembered = { 'sleep-inactive-ac-timeout': '1200', 'sleep-inactive-ac-type': "'hibernate'" };

  assert.deepEqual(writeTo('power.sleepDelayAc', 600, remembered)?.raw, {
    '/org/gnome/settings-daemon/plugins/power/sleep-inactive-ac-type': "'hibernate'",
    '/org/gnome/settings-daemon/plugins/power/sleep-inactive-ac-timeout': '600',
  });
});

test('applications keep the desktop file the device has, and unknown ones are left out', () => {
  assert.deepEqual(
    writeTo('apps.pinned', ['app:firefox', 'app:unknown', 'app:gimp'], "['org.mozilla.firefox.desktop']"),
    {
      raw: "['org.mozilla.firefox.desktop', 'gimp.desktop']",
      clamped: true,
    },
  );
});

test('a picture name from another platform cannot leave its folder', () => {
  for (const name of ['../../.ssh/key', '..', '', 'a/b'])
    assert.equal(writeTo('desktop.wallpaper', { blob: 'b', name }), undefined);
});

test('a neutral value of the wrong kind is not written', () => {
  for (const { id } of CATALOG.settings.filter(
    ({ neutral }) => neutral?.linux !== undefined && neutral.kind !== 'image',
  ))
    assert.equal(writeTo(id, { wrong: 'kind' }), undefined, id);
});

test('there and back gives the first raw value, whatever number it was', () => {
  fastCheck.assert(
    fastCheck.property(fastCheck.integer({ min: 100, max: 2000 }), (value) => {
      const raw = String(value);
      const neutral = readFrom('mouse.doubleClickTime', raw);
      assert.ok(neutral !== undefined);
      assert.deepEqual(writeTo('mouse.doubleClickTime', neutral, raw), { raw, clamped: false });
      assert.deepEqual(writeTo('mouse.doubleClickTime', neutral), { raw, clamped: false });
    }),
  );
});
