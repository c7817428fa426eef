import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@carryover/model/canonical';
import { wordsOf } from '@carryover/model/reasons';
import type { Catalog, Setting } from '@carryover/model/setting';
import catalogAsCompiled from '../../../catalog/catalog.json' with { type: 'json' };
import { registryData, windowsRegistry } from '../../testing/memory-registry.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { type StandInWindows, standInPowerShell } from '../../testing/stand-in-powershell.ts';
import { shellLink } from '../pages/shell-link.ts';
import type { MechanismContext } from './mechanism.ts';
import { pins as mechanism } from './pins.ts';
import { shortcutTarget } from './shell-link-reader.ts';

const CATALOG = catalogAsCompiled as unknown as Catalog;
const FOLDER = 'AppData/Roaming/Microsoft/Internet Explorer/Quick Launch/User Pinned/TaskBar';
const LAYOUT_FILE =
  'AppData/Local/Packages/Microsoft.Windows.StartMenuExperienceHost_cw5n1h2txyewy/LocalState/start2.bin';

function aPc(pc: StandInWindows = {}, build = 26100) {
  const home = 'C:/Users/ada';
  const registry = windowsRegistry(build);
  const env = { SYSTEMROOT: 'C:\\Windows' };
  const system = memorySystem({ home, registry, env, run: (run, files) => standInPowerShell(run, files, pc) });
  const context: MechanismContext = {
    system,
    catalog: CATALOG,
    blobIdOf: () => assert.fail('a pin has no content'),
    blob: () => assert.fail('a pin has no content'),
    organization: 'Contoso',
  };
  const item = (itemId: string, raw: Json) => ({ itemId, setting: settingCalled(itemId), raw });
  return {
    registry,
    system,
    pc,
    onTaskbar: (name: string, content: Uint8Array | string) => system.put(`${home}/${FOLDER}/${name}`, content),
    layoutChanged: () => system.put(`${home}/${LAYOUT_FILE}`, 'opaque'),
    read: (id: string) => mechanism.read(context, [settingCalled(id)]),
    apply: async (itemId: string, raw: Json = {}) => (await mechanism.apply(context, [item(itemId, raw)]))[0],
    inspect: async (itemId: string, raw: Json = {}) =>
      (await mechanism.inspect(context, [item(itemId, raw)])).get(itemId),
    former: (itemId: string) => mechanism.former(context, [item(itemId, {})]),
  };
}

function settingCalled(id: string): Setting {
  const [wanted] = id.split('/');
  return CATALOG.settings.find((setting) => setting.id === wanted) ?? assert.fail(`no setting ${id}`);
}

const firefox = (target = 'C:\\Program Files\\Mozilla Firefox\\firefox.exe') =>
  Buffer.from(shellLink({ target, arguments: '', description: 'Firefox' }));

/** A shortcut with further blocks before its end: variables in its target, and the id of its app. */
function withBlocks(link: Buffer, variables: string, appId: string): Buffer {
  const environment = Buffer.alloc(788);
  environment.writeUInt32LE(788, 0);
  environment.writeUInt32LE(0xa0000001, 4);
  environment.write(variables, 268, 'utf16le');
  const head = Buffer.from('000000003153505355284c9f799f394ba8d0e1d42de1d5f3', 'hex');
  const storage = Buffer.concat([head, property(2, 'restart.exe'), property(5, appId), Buffer.alloc(4)]);
  storage.writeUInt32LE(storage.length, 0);
  const block = Buffer.concat([Buffer.from('00000000090000a0', 'hex'), storage, Buffer.alloc(4)]);
  block.writeUInt32LE(block.length, 0);
  return Buffer.concat([link.subarray(0, -4), environment, block, Buffer.alloc(4)]);
}

/** A text of a property store, by the number of its property. */
function property(number: number, words: string): Buffer {
  const text = Buffer.from(`${words}\0`, 'utf16le');
  const value = Buffer.alloc(17 + text.length);
  value.writeUInt32LE(value.length, 0);
  value.writeUInt32LE(number, 4);
  value.writeUInt16LE(0x1f, 9);
  value.writeUInt32LE(text.length / 2, 13);
  text.copy(value, 17);
  return value;
}

const START = {
  layout: JSON.stringify({
    pinnedList: [
      { packagedAppId: 'Microsoft.WindowsTerminal_8wekyb3d8bbwe!App' },
      { desktopAppId: 'MSEdge' },
      { desktopAppLink: '%ALLUSERSPROFILE%\\Microsoft\\Windows\\Start Menu\\Programs\\GIMP.lnk' },
      { secondaryTile: { tileId: 'a tile of a program' } },
    ],
  }),
  apps: [
    { name: 'Terminal', id: 'Microsoft.WindowsTerminal_8wekyb3d8bbwe!App' },
    { name: 'Microsoft Edge', id: 'MSEdge' },
  ],
};

test('pins of the taskbar are kept by name, with what their shortcuts start', async () => {
  const pc = aPc();
  pc.onTaskbar(
    'Firefox.lnk',
    withBlocks(firefox(), '%ProgramFiles%\\Mozilla Firefox\\firefox.exe', '308046B0AF4A39CB'),
  );
  pc.onTaskbar('My tool.LNK', firefox('C:\\Users\\Ada\\bin\\tool.exe'));
  pc.onTaskbar('Broken.lnk', 'no shortcut');
  pc.onTaskbar('desktop.ini', '[LocalizedFileNames]');

  const { items, failures } = await pc.read('taskbarPins');

  assert.deepEqual(failures, []);
  assert.deepEqual(
    items.map(({ itemId, raw, blobs }) => [itemId, raw, blobs]),
    [
      ['taskbarPins/Broken', {}, []],
      [
        'taskbarPins/Firefox',
        { appId: '308046B0AF4A39CB', target: '%ProgramFiles%\\Mozilla Firefox\\firefox.exe' },
        [],
      ],
      ['taskbarPins/My tool', { target: `\${HOME}\\bin\\tool.exe` }, []],
    ],
  );
});

test('a PC without pins has none', async () => {
  assert.deepEqual(await aPc().read('taskbarPins'), { items: [], failures: [] });
});

test('a shortcut that ends too soon gives what could be read of it, at every length', () => {
  const whole = withBlocks(firefox(), '%ProgramFiles%\\a.exe', 'App.Id');
  assert.deepEqual(shortcutTarget(whole), { target: '%ProgramFiles%\\a.exe', appId: 'App.Id' });
  for (let bytes = 0; bytes < whole.length; bytes += 1) {
    const found = shortcutTarget(whole.subarray(0, bytes));
    assert.ok(found === undefined ? bytes < 76 : bytes >= 76, String(bytes));
  }
});

test('pins of Start are kept by the names that Start shows', async () => {
  const { items, failures } = await aPc({ start: START }).read('startPins');

  assert.deepEqual(failures, []);
  assert.deepEqual(
    items.map(({ itemId, raw }) => [itemId, raw]),
    [
      ['startPins/GIMP', { target: '%ALLUSERSPROFILE%\\Microsoft\\Windows\\Start Menu\\Programs\\GIMP.lnk' }],
      ['startPins/Microsoft Edge', { appId: 'MSEdge' }],
      ['startPins/Terminal', { appId: 'Microsoft.WindowsTerminal_8wekyb3d8bbwe!App' }],
    ],
  );
});

test('Windows is asked again for the pins of Start only when their file changed, or after a day', async () => {
  const pc = aPc({ start: START });
  const count = async () => (await pc.read('startPins')).items.length;
  pc.layoutChanged();

  assert.equal(await count(), 3);
  pc.pc.start = { layout: '{"pinnedList":[]}', apps: [] };
  assert.equal(await count(), 3);
  pc.layoutChanged();
  assert.equal(await count(), 0);
  pc.pc.start = START;
  pc.system.advance(Temporal.Duration.from({ hours: 23 }));
  assert.equal(await count(), 0);
  pc.system.advance(Temporal.Duration.from({ hours: 1 }));
  assert.equal(await count(), 3);
  assert.equal(pc.system.runs.length, 3);
});

test('Windows 10 is not asked for pins of Start, a Windows without the cmdlet has none, and one that keeps off says so', async () => {
  const ten = aPc({ start: START }, 19045);
  assert.deepEqual(await ten.read('startPins'), { items: [], failures: [] });
  assert.deepEqual(ten.system.runs, []);
  assert.equal((await ten.apply('startPins/Terminal'))?.status, 'notOnThisVersion');

  assert.deepEqual(await aPc({ hasClass: false }).read('startPins'), { items: [], failures: [] });

  const { failures } = await aPc({ isKeptOff: true }).read('startPins');
  assert.deepEqual(
    failures.map(({ itemId, reason }) => [itemId, reason.code]),
    [['startPins', 'pinsUnanswered']],
  );
});

test('a pin that is here is done, by its name or by its app, also the second time', async () => {
  const pc = aPc({ start: START });
  pc.onTaskbar('Firefox.lnk', withBlocks(firefox(), 'firefox.exe', '308046B0AF4A39CB'));

  for (const _ of [1, 2])
    for (const [itemId, raw] of [
      ['taskbarPins/firefox', {}],
      ['taskbarPins/Mozilla Firefox', { appId: '308046b0af4a39cb' }],
      ['startPins/Terminal', {}],
    ] as const) {
      assert.equal((await pc.apply(itemId, raw))?.status, 'unchanged', itemId);
      assert.equal((await pc.inspect(itemId, raw))?.same, true, itemId);
    }
  assert.deepEqual(await pc.former('startPins/Terminal'), []);
});

for (const [itemId, code, en, de] of [
  [
    'taskbarPins/GIMP',
    'pinToTaskbarYourself',
    'Pin it yourself: open GIMP, right-click its icon in the taskbar and choose "Pin to taskbar".',
    'Heften Sie es selbst an: GIMP öffnen, Rechtsklick auf das Symbol in der Taskleiste, „An Taskleiste anheften“.',
  ],
  [
    'startPins/GIMP',
    'pinToStartYourself',
    'Pin it yourself: find GIMP in Start under "All apps", right-click it and choose "Pin to Start".',
    'Heften Sie es selbst an: GIMP in „Start“ unter „Alle Apps“ suchen, Rechtsklick, „An „Start“ anheften“.',
  ],
] as const)
  test(`${itemId} that is not here is named with what the person can do, and nothing is changed`, async () => {
    const pc = aPc({ start: { layout: '{"pinnedList":[]}', apps: [] } });
    const reason = { code, facts: { app: 'GIMP' } };

    assert.deepEqual(await pc.apply(itemId), { itemId, status: 'skipped', reason });
    assert.deepEqual((await pc.inspect(itemId))?.obstacle, { status: 'skipped', reason });
    assert.equal(wordsOf(reason).remedy, en);
    assert.equal(wordsOf(reason, 'de').remedy, de);
    assert.deepEqual(
      pc.system.runs.filter(({ options }) => options.readOnly !== true),
      [],
    );
  });

for (const [value, policy, itemId] of [
  ['NoPinningToTaskbar', 'Do not allow pinning programs to the Taskbar', 'taskbarPins/GIMP'],
  ['TaskbarNoPinnedList', 'Remove pinned programs from the Taskbar', 'taskbarPins/GIMP'],
  ['LockedStartLayout', 'Start Layout', 'taskbarPins/GIMP'],
  ['LockedStartLayout', 'Start Layout', 'startPins/GIMP'],
] as const)
  test(`${itemId} under ${value} is locked`, async () => {
    const pc = aPc({ start: { layout: '{"pinnedList":[]}', apps: [] } });
    pc.registry.put('HKCU\\Software\\Policies\\Microsoft\\Windows\\Explorer', value, registryData('REG_DWORD', 1));
    const reason = { code: 'lockedByPolicy', facts: { policy, org: 'Contoso' } };

    assert.deepEqual(await pc.apply(itemId), { itemId, status: 'lockedByPolicy', reason });
  });
