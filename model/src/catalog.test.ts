import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  areaTitleOf,
  categoryOfPayloadType,
  dconfKeysOf,
  familyItemId,
  fileOf,
  isDenied,
  isOffByDefault,
  registryValueOf,
  settingForDconfKey,
  settingForFile,
  settingOf,
  titleOf,
  windowsPlaceOf,
} from './catalog.ts';
import { registryPath } from './registry-path.ts';
import type { Catalog, RegistryFamilyPlace, Setting } from './setting.ts';

const CATALOG = JSON.parse(readFileSync(join(import.meta.dirname, '../../catalog/catalog.json'), 'utf8')) as Catalog;

/** The catalog with one more setting, to see what the rules do with it. */
function catalogWith(setting: Partial<Setting>): Catalog {
  const sample = CATALOG.settings[0];
  assert.ok(sample);
  return { ...CATALOG, settings: [...CATALOG.settings, { ...sample, ...setting }] };
}

test('a dconf key finds its setting', () => {
  const match = settingForDconfKey(CATALOG, '/org/gnome/desktop/peripherals/mouse/speed');

  assert.equal(match?.setting.id, 'mouse.speed');
  assert.equal(match?.itemId, 'mouse.speed');
});

test('a key below a pattern is an item of its own', () => {
  const close = settingForDconfKey(CATALOG, '/org/gnome/desktop/wm/keybindings/close');
  const enable = settingForDconfKey(CATALOG, '/org/gnome/desktop/notifications/application/org-gnome-console/enable');

  assert.equal(close?.itemId, 'shortcuts.windows/close');
  assert.equal(enable?.itemId, 'notifications.application/org-gnome-console/enable');
});

test('what a pattern leaves out belongs to the setting that names it', () => {
  const list = settingForDconfKey(CATALOG, '/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings');

  assert.equal(list?.setting.id, 'shortcuts.customList');
});

test('a key no setting names is not carried over', () => {
  assert.equal(settingForDconfKey(CATALOG, '/org/example/anything'), undefined);
});

test('a key with places by version is found at the place of the device', () => {
  const key = '/org/gnome/nautilus/preferences/mouse-back-button';

  assert.deepEqual(settingForDconfKey(CATALOG, key, 43)?.place, {
    mechanism: 'dconf',
    keys: [key],
    types: ['i'],
    toGnome: 47,
  });
  assert.deepEqual(settingForDconfKey(CATALOG, key, 48)?.place, {
    mechanism: 'dconf',
    keys: [key],
    types: ['u'],
    fromGnome: 48,
  });
});

test('a key newer than the device is not found', () => {
  assert.equal(settingForDconfKey(CATALOG, '/org/gnome/desktop/interface/accent-color', 43), undefined);
  assert.deepEqual(dconfKeysOf(CATALOG, 'appearance.accentColor', 43), []);
});

for (const key of [
  '/system/proxy/http/authentication-password',
  '/org/gnome/settings-daemon/plugins/color/night-light-last-coordinates',
  '/org/gnome/nautilus/window-state/initial-size',
  '/org/gnome/control-center/window-state',
  '/org/gnome/shell/command-history',
  '/org/gnome/shell/looking-glass-history',
  '/org/gnome/desktop/input-sources/mru-sources',
  '/org/gtk/settings/file-chooser/last-folder-uri',
])
  test(`${key} is never carried over, even when a setting names it`, () => {
    const catalog = catalogWith({ id: 'greedy.key', linux: [{ mechanism: 'dconf', keys: [key], types: ['s'] }] });

    assert.ok(isDenied(catalog, 'dconf', key));
    assert.equal(settingForDconfKey(catalog, key), undefined);
    assert.deepEqual(dconfKeysOf(catalog, 'greedy.key'), []);
  });

for (const path of [
  '.ssh/id_ed25519',
  '.gnupg/private-keys-v1.d/a.key',
  '.local/share/keyrings/login.keyring',
  '.config/goa-1.0/accounts.conf',
  '.mozilla/firefox/a.default/logins.json',
  '.config/google-chrome-beta/Default/Cookies',
  '.local/state/carryover/journal.json',
  '.bash_history',
  '.bashrc',
  '/etc/passwd',
  '../ada/.face',
  '.config/../.ssh/id_rsa',
  './.face',
  '.config//x',
  `a${'/a'.repeat(3000)}`,
  '',
])
  test(`the file "${path.slice(0, 40)}" is never carried over, even when a setting takes every file`, () => {
    const catalog = catalogWith({ id: 'greedy.file', linux: [{ mechanism: 'file', path: '**', maxBytes: 1 }] });

    assert.ok(isDenied(catalog, 'files', path));
    assert.equal(settingForFile(catalog, path), undefined);
    assert.equal(fileOf(catalog, `greedy.file/${path}`), undefined);
  });

test('a file finds its setting', () => {
  assert.equal(settingForFile(CATALOG, '.config/gtk-3.0/bookmarks')?.itemId, 'files.favoriteFolders');
  assert.equal(
    settingForFile(CATALOG, '.local/share/fonts/Own/regular.ttf')?.itemId,
    'fonts.files/.local/share/fonts/Own/regular.ttf',
  );
  assert.equal(settingForFile(CATALOG, '.config/autostart/notes.txt'), undefined);
});

test('an item gives back the place it came from', () => {
  assert.deepEqual(dconfKeysOf(CATALOG, 'mouse.speed'), ['/org/gnome/desktop/peripherals/mouse/speed']);
  assert.deepEqual(dconfKeysOf(CATALOG, 'shortcuts.windows/close'), ['/org/gnome/desktop/wm/keybindings/close']);
  assert.equal(fileOf(CATALOG, 'files.favoriteFolders')?.path, '.config/gtk-3.0/bookmarks');
  assert.equal(
    fileOf(CATALOG, 'startup.autostart/.config/autostart/notes.desktop')?.path,
    '.config/autostart/notes.desktop',
  );
});

test('an item id from a backup cannot reach a place outside its setting', () => {
  assert.deepEqual(dconfKeysOf(CATALOG, 'shortcuts.windows/../../peripherals/mouse/speed'), []);
  assert.deepEqual(dconfKeysOf(CATALOG, 'shortcuts.media/custom-keybindings/custom0/command'), []);
  assert.deepEqual(dconfKeysOf(CATALOG, 'mouse.speed/more'), []);
  assert.equal(fileOf(CATALOG, 'startup.autostart/.config/mimeapps.list'), undefined);
  assert.equal(fileOf(CATALOG, 'files.favoriteFolders/.face'), undefined);
});

test('an item finds its setting by a former id', () => {
  const catalog = catalogWith({ id: 'mouse.newName', formerIds: ['mouse.oldName'] });

  assert.equal(settingOf(catalog, 'mouse.oldName')?.id, 'mouse.newName');
});

test('an item has a title in both languages', () => {
  assert.equal(titleOf(CATALOG, 'mouse.speed'), 'Pointer speed');
  assert.equal(titleOf(CATALOG, 'mouse.speed', 'de'), 'Zeigergeschwindigkeit');
  assert.equal(titleOf(CATALOG, 'shortcuts.tiling/toggle-tiled-left'), 'Shortcuts for tiling: toggle-tiled-left');
  assert.equal(titleOf(CATALOG, 'unknown.setting'), 'unknown.setting');
  assert.equal(areaTitleOf(CATALOG, 'mouse', 'de'), 'Maus');
});

test('a payload type belongs to one category', () => {
  assert.equal(categoryOfPayloadType(CATALOG, 'carryover.background'), 'personalization');
  assert.equal(categoryOfPayloadType(CATALOG, 'carryover.apps'), 'apps');
  assert.equal(categoryOfPayloadType(CATALOG, 'carryover.unknown'), undefined);
});

test('what runs code, reaches the network, is secret or bound to the device is off by default', () => {
  for (const flag of ['runsCode', 'networkReach', 'secret', 'deviceBound', 'defaultOff'] as const)
    assert.ok(isOffByDefault({ flags: [flag] }), flag);
  assert.equal(isOffByDefault({ flags: ['needsElevation'] }), false);
  assert.equal(isOffByDefault({ flags: [] }), false);
});

test('a whole dump is matched with the look-up tables made once', () => {
  const keys = CATALOG.settings
    .flatMap(({ linux }) => linux ?? [])
    .flatMap((place) => (place.mechanism === 'dconf' ? place.keys : []));

  const matched = keys.filter((key) => settingForDconfKey(CATALOG, key) !== undefined);

  assert.deepEqual(matched, keys);
  assert.ok(keys.length >= 120, `only ${keys.length} keys`);
});

const WINDOWS_10 = 19045;
const WINDOWS_11 = 26100;

function familyOf(id: string): RegistryFamilyPlace {
  const place = settingOf(CATALOG, id)?.windows?.[0];
  assert.equal(place?.mechanism, 'registryFamily');
  return place as RegistryFamilyPlace;
}

test('an item finds its value of the registry at the place of the build', () => {
  const at = (build: number) => registryValueOf(CATALOG, 'typing.autocorrect', build)?.key;

  assert.equal(at(WINDOWS_11), 'Software\\Microsoft\\input\\Settings');
  assert.equal(at(WINDOWS_10), 'Software\\Microsoft\\TabletTip\\1.7');
  assert.equal(registryValueOf(CATALOG, 'taskbar.alignment', WINDOWS_10), undefined);
  assert.equal(registryValueOf(CATALOG, 'mouse.speed', WINDOWS_11), undefined);
});

test('a setting with a place on both platforms is one setting', () => {
  const setting = settingOf(CATALOG, 'mouse.doubleClickTime');

  assert.equal(windowsPlaceOf(setting ?? {}, WINDOWS_11)?.mechanism, 'registry');
  assert.deepEqual(dconfKeysOf(CATALOG, 'mouse.doubleClickTime'), [
    '/org/gnome/desktop/peripherals/mouse/double-click',
  ]);
});

for (const [id, member, itemId] of [
  [
    'soundEvents',
    { key: 'AppEvents\\Schemes\\Apps\\Explorer\\Navigating\\.Current', value: '' },
    'soundEvents/Explorer\\Navigating\\.Current\\',
  ],
  ['cursors', { key: 'Control Panel\\Cursors', value: 'Arrow' }, 'cursors/Arrow'],
  ['cursors', { key: 'Control Panel\\Cursors', value: '' }, 'cursors/'],
  [
    'inputMethods',
    { key: 'Control Panel\\International\\User Profile\\de-DE', value: '0407:00000407' },
    'inputMethods/de-DE\\0407:00000407',
  ],
  [
    'autostart',
    { key: 'Software\\Microsoft\\Windows\\CurrentVersion\\Run', value: 'C:\\Tools\\a/b' },
    'autostart/C:\\Tools\\a/b',
  ],
] as const)
  test(`the value ${JSON.stringify(member.value)} of the family ${id} is an item, and the item that value`, () => {
    const place = familyOf(id);

    assert.equal(familyItemId(CATALOG, { id, place }, member), itemId);
    const found = registryValueOf(CATALOG, itemId, WINDOWS_11);
    assert.deepEqual({ key: found?.key, value: found?.value }, member);
  });

test('a family takes only its own keys and values', () => {
  const inCursors = (value: string) =>
    familyItemId(CATALOG, { id: 'cursors', place: familyOf('cursors') }, { key: 'Control Panel\\Cursors', value });

  assert.equal(inCursors('CursorBaseSize'), undefined);
  assert.equal(inCursors('arrow'), 'cursors/arrow');
  for (const itemId of [
    'cursors/CursorBaseSize',
    'cursors/..\\Mouse\\MouseSpeed',
    'cursors',
    'soundEvents/Explorer\\Navigating\\.Default\\',
    'soundEvents/Explorer\\Navigating\\.Current\\more\\',
    'soundEvents/\\Navigating\\.Current\\',
    'soundEvents/Explorer',
    'inputMethods/de-DE',
    'mouse.pointerSpeed/more',
  ])
    assert.equal(registryValueOf(CATALOG, itemId, WINDOWS_11), undefined, itemId);
});

for (const [hive, key, value] of [
  ['HKCU', 'Software\\Policies\\Microsoft\\Windows\\Explorer', 'NoPinningToTaskbar'],
  ['HKCU', 'SOFTWARE\\MICROSOFT\\WINDOWS\\CURRENTVERSION\\POLICIES\\EXPLORER', 'NoRun'],
  ['HKLM', 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run', 'Tool'],
  ['HKCU', 'Software\\Microsoft\\Windows\\CurrentVersion\\RunOnce', ''],
  ['HKLM', 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon', 'Shell'],
  ['HKLM', 'SAM\\SAM', ''],
  ['HKLM', 'SECURITY\\Policy\\Secrets', 'x'],
  ['HKLM', 'SYSTEM\\CurrentControlSet\\Services\\WinDefend', 'Start'],
  ['HKLM', 'SYSTEM\\CurrentControlSet\\Services\\tzautoupdate', 'ImagePath'],
  ['HKCU', 'Software\\Microsoft\\Windows\\CurrentVersion\\CloudExperienceHost', 'x'],
  ['HKCU', 'Software\\Classes\\CLSID\\{031E4825-7B94-4dc3-B131-E946B44C8DD5}\\InprocServer32', ''],
  ['HKCU', 'Control Panel\\Desktop', 'SCRNSAVE.EXE'],
  ['HKCU', 'Environment', 'Path'],
  ['HKCU', 'Software\\Example', 'ProxyPassword'],
] as const)
  test(`${hive}\\${key}\\${value} is never carried over, even when a setting names it`, () => {
    const type = 'REG_SZ';
    const catalog = catalogWith({ id: 'greedy.value', windows: [{ mechanism: 'registry', hive, key, value, type }] });
    const family = { mechanism: 'registryFamily', hive, key, values: '*', types: [type] } as const;

    assert.ok(isDenied(catalog, 'registry', registryPath({ hive, key, value })));
    assert.equal(registryValueOf(catalog, 'greedy.value', WINDOWS_11), undefined);
    assert.equal(familyItemId(catalog, { id: 'greedy.family', place: family }, { key, value }), undefined);
  });

test('a value that the deny list takes out again is carried over', () => {
  for (const id of ['time.automaticTimeZone', 'network.vpn.blockOnMetered', 'explorer.navigation.libraries'])
    assert.ok(registryValueOf(CATALOG, id, WINDOWS_11), id);
});

test('every setting of Windows has its value on some build, and none is denied', () => {
  const settings = CATALOG.settings.filter(({ windows }) => windows?.some(({ mechanism }) => mechanism === 'registry'));

  const lost = settings.filter(
    ({ id }) => ![WINDOWS_10, 22000, WINDOWS_11].some((build) => registryValueOf(CATALOG, id, build)),
  );

  assert.deepEqual(lost, []);
  assert.ok(settings.length >= 290, `only ${settings.length} settings`);
});

test('a file of Windows is found among those of Windows only', () => {
  const path = 'AppData/Roaming/Microsoft/Spelling/de-DE/default.dic';

  assert.equal(settingForFile(CATALOG, path, 'windows')?.itemId, `customDictionaries/${path}`);
  assert.equal(fileOf(CATALOG, `customDictionaries/${path}`, 'windows')?.path, path);
  assert.equal(settingForFile(CATALOG, path), undefined);
  assert.equal(fileOf(CATALOG, `customDictionaries/${path}`), undefined);
  assert.equal(settingForFile(CATALOG, '.config/gtk-3.0/bookmarks', 'windows'), undefined);
});
