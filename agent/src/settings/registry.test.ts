import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import type { Json } from '@carryover/model/canonical';
import { settingOf } from '@carryover/model/catalog';
import type { RegistryType } from '@carryover/model/registry-value';
import type { Catalog, Flag, Setting, WindowsPlace } from '@carryover/model/setting';
import { type MemoryRegistry, registryData, windowsRegistry } from '../../testing/memory-registry.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { aCatalog, aSetting } from '../../testing/sample-catalog.ts';
import type { RegistryNamedValue } from '../system/registry.ts';
import type { Former, ItemToApply, MechanismContext } from './mechanism.ts';
import { registry as mechanism } from './registry.ts';

const MOUSE = 'Control Panel\\Mouse';
const STICKY = 'Control Panel\\Accessibility\\StickyKeys';
const START = 'Software\\Microsoft\\Windows\\CurrentVersion\\Start';
const DESKTOP = 'Control Panel\\Desktop';

function onWindows(id: string, place: Partial<WindowsPlace>, flags: readonly Flag[] = []): Setting {
  const { linux: _, ...setting } = aSetting({ id, flags });
  const whole = { mechanism: 'registry', hive: 'HKCU', key: MOUSE, value: id, type: 'REG_SZ' } as const;
  return { ...setting, windows: [{ ...whole, ...place } as WindowsPlace] };
}

const stickyBit = (id: string, bit: number) =>
  onWindows(id, {
    key: STICKY,
    value: 'Flags',
    mask: { bit, encoding: 'decimalString' },
    apply: { spi: 'SPI_SETSTICKYKEYS' },
  });
const startFolder = (id: string, member: string) =>
  onWindows(id, {
    key: START,
    value: 'VisiblePlaces',
    type: 'REG_BINARY',
    listMember: { member, encoding: 'guid16' },
  });

const SETTINGS_GUID = '{52730886-51AA-4243-9F7B-2776584659D4}';
const EXPLORER_GUID = '{148A24BC-D60C-4289-A080-6ED9BBA24882}';
const SETTINGS_HEX = '86087352aa5143429f7b2776584659d4';
const EXPLORER_HEX = 'bc248a140cd68942a0806ed9bba24882';
const UNKNOWN_HEX = '000102030405060708090a0b0c0d0e0f';

const CATALOG: Catalog = aCatalog([
  onWindows('speed', {
    value: 'MouseSensitivity',
    allowed: { min: 1, max: 20 },
    apply: { spi: 'SPI_SETMOUSESPEED' },
  }),
  onWindows('swap', { value: 'SwapMouseButtons', allowed: ['0', '1'], apply: { broadcast: 'intl' } }),
  onWindows('colour', { key: 'Software\\New\\Deep', value: 'Colour', type: 'REG_DWORD', apply: { broadcast: 'intl' } }),
  onWindows('sound', { key: 'Sounds', value: 'File', type: 'REG_EXPAND_SZ' }),
  stickyBit('stickyOn', 0),
  stickyBit('stickyIcon', 5),
  onWindows('menus', { key: DESKTOP, value: 'Mask', type: 'REG_BINARY', mask: { bit: 33, encoding: 'bytes' } }),
  onWindows('dwordBit', { key: DESKTOP, value: 'Bits', type: 'REG_DWORD', mask: { bit: 31, encoding: 'dword' } }),
  startFolder('settingsFolder', SETTINGS_GUID),
  startFolder('explorerFolder', EXPLORER_GUID),
  onWindows('magnifier', {
    key: 'Access',
    value: 'Configuration',
    listMember: { member: 'magnifierpane', encoding: 'commaList' },
  }),
  onWindows('zone', { hive: 'HKLM', key: 'System\\Zone', value: 'Name' }, ['needsElevation']),
  onWindows('newer', { value: 'Newer', fromBuild: 22000 }),
  onWindows('moved', { key: 'Eleven', value: 'Same', fromBuild: 22000 }),
  onWindows('events', {
    mechanism: 'registryFamily',
    key: 'AppEvents\\*\\*\\.Current',
    values: [''],
    types: ['REG_SZ'],
    existingOnly: true,
  } as Partial<WindowsPlace>),
  onWindows('layouts', {
    mechanism: 'registryFamily',
    key: 'Layouts',
    values: '*',
    types: ['REG_SZ'],
    allowed: { pattern: '[0-9a-f]{8}' },
  } as Partial<WindowsPlace>),
]);

interface Pc {
  readonly registry: MemoryRegistry;
  readonly system: ReturnType<typeof memorySystem>;
  readonly context: MechanismContext;
}

function aPc({ build = 26100, home = 'C:/Users/ada' } = {}): Pc {
  const registry = windowsRegistry(build);
  const system = memorySystem({ home, registry });
  const context: MechanismContext = {
    system,
    catalog: { ...CATALOG, deny: { ...CATALOG.deny, registry: ['HKCU\\Layouts\\Denied'] } },
    blobIdOf: (content) => createHmac('sha256', 'key').update(content).digest('hex'),
    blob: async () => assert.fail('no blob is asked for'),
  };
  return { registry, system, context };
}

const put = (pc: Pc, key: string, name: string, type: RegistryType, data: string | number | string[]) =>
  pc.registry.put(`HKCU\\${key}`, name, registryData(type, data));

async function read(pc: Pc) {
  const { items, failures } = await mechanism.read(pc.context, CATALOG.settings);
  return { items: Object.fromEntries(items.map(({ itemId, raw }) => [itemId, raw])), failures };
}

function toApply(values: Readonly<Record<string, Json>>): ItemToApply[] {
  return Object.entries(values).map(([itemId, raw]) => {
    const setting = settingOf(CATALOG, itemId);
    assert.ok(setting, itemId);
    return { itemId, setting, raw };
  });
}

async function apply(pc: Pc, values: Readonly<Record<string, Json>>) {
  const outcomes = await mechanism.apply(pc.context, toApply(values));
  return Object.fromEntries(outcomes.map(({ itemId, status, reason }) => [itemId, reason?.code ?? status]));
}

async function inspect(pc: Pc, values: Readonly<Record<string, Json>>) {
  return mechanism.inspect(pc.context, toApply(values));
}

const text = (data: string): Json => ({ type: 'REG_SZ', data });

test('values, bits, members and families are read, and what is absent is not', async () => {
  const pc = aPc();
  put(pc, MOUSE.toUpperCase(), 'mousesensitivity', 'REG_SZ', '14');
  put(pc, STICKY, 'Flags', 'REG_SZ', '511');
  put(pc, START, 'VisiblePlaces', 'REG_BINARY', UNKNOWN_HEX + EXPLORER_HEX);
  put(pc, DESKTOP, 'Mask', 'REG_BINARY', '0000000002000000');
  put(pc, 'AppEvents\\Explorer\\Navigating\\.Current', '', 'REG_SZ', 'ding.wav');
  put(pc, 'AppEvents\\Explorer\\Navigating\\.Default', '', 'REG_SZ', 'other.wav');
  put(pc, 'Layouts', 'a\\b/c', 'REG_SZ', '00000407');
  put(pc, 'Layouts', 'Number', 'REG_DWORD', 1);
  put(pc, 'Layouts', 'Denied', 'REG_SZ', '00000407');

  const { items, failures } = await read(pc);

  assert.deepEqual(items, {
    speed: text('14'),
    stickyOn: true,
    stickyIcon: true,
    settingsFolder: false,
    explorerFolder: true,
    menus: true,
    'events/Explorer\\Navigating\\.Current\\': text('ding.wav'),
    'layouts/a\\b/c': text('00000407'),
  });
  assert.deepEqual(failures, []);
});

test('every key is read once, however many settings lie in it', async () => {
  const pc = aPc();
  put(pc, MOUSE, 'MouseSensitivity', 'REG_SZ', '14');

  await read(pc);

  assert.deepEqual(
    [...pc.registry.reads].filter(([, times]) => times !== 1),
    [],
  );
  assert.equal(pc.registry.reads.get(`HKCU\\${MOUSE}`), 1);
});

test('the profile folder travels as a word and becomes that of the other PC', async () => {
  const [old, fresh] = [aPc(), aPc({ home: 'D:/Profiles/Ada Byron' })];
  put(old, 'Sounds', 'File', 'REG_EXPAND_SZ', `c:\\users\\ADA\\x.wav,C:\\Users\\ada lovelace\\y.wav,\${HOME}`);

  const { items } = await read(old);
  assert.deepEqual(items['sound'], {
    type: 'REG_EXPAND_SZ',
    data: `\${HOME}\\x.wav,C:\\Users\\ada lovelace\\y.wav,$\${HOME}`,
  });
  assert.deepEqual(await apply(fresh, items), { sound: 'applied' });

  const file = `D:\\Profiles\\Ada Byron\\x.wav,C:\\Users\\ada lovelace\\y.wav,\${HOME}`;
  assert.deepEqual(fresh.registry.at('HKCU\\Sounds', 'File'), registryData('REG_EXPAND_SZ', file));
});

test('a value that is no number where a bit is expected is a failure of that setting alone', async () => {
  const pc = aPc();
  put(pc, STICKY, 'Flags', 'REG_SZ', 'many');
  put(pc, MOUSE, 'MouseSensitivity', 'REG_SZ', '14');

  const { items, failures } = await read(pc);

  assert.deepEqual(Object.keys(items), ['speed']);
  assert.deepEqual(
    failures.map(({ itemId, reason }) => [itemId, reason.code]),
    [
      ['stickyOn', 'badValue'],
      ['stickyIcon', 'badValue'],
    ],
  );
});

test('a key that is closed to reading is a failure of its settings', async () => {
  const pc = aPc();
  put(pc, MOUSE, 'MouseSensitivity', 'REG_SZ', '14');
  pc.registry.close(`HKCU\\${STICKY}`, 'reading');

  const { items, failures } = await read(pc);

  assert.deepEqual(Object.keys(items), ['speed']);
  assert.deepEqual(
    failures.map(({ itemId, reason }) => [itemId, reason.code]),
    [
      ['stickyOn', 'registryKeyClosed'],
      ['stickyIcon', 'registryKeyClosed'],
    ],
  );
});

const WANTED: Readonly<Record<string, Json>> = {
  speed: text('14'),
  colour: { type: 'REG_DWORD', data: 4294967295 },
  stickyOn: true,
  stickyIcon: false,
  menus: true,
  dwordBit: true,
  settingsFolder: true,
  explorerFolder: false,
  magnifier: true,
};

function aPcWithDefaults(): Pc {
  const pc = aPc();
  put(pc, MOUSE, 'MouseSensitivity', 'REG_SZ', '10');
  put(pc, STICKY, 'Flags', 'REG_SZ', '510');
  put(pc, DESKTOP, 'Mask', 'REG_BINARY', '9e1e078010000000');
  put(pc, DESKTOP, 'Bits', 'REG_DWORD', 7);
  put(pc, START, 'VisiblePlaces', 'REG_BINARY', EXPLORER_HEX + UNKNOWN_HEX);
  put(pc, 'Access', 'Configuration', 'REG_SZ', 'narrator,Own.Thing');
  return pc;
}

test('items are applied, each part of a shared value in one write, and Windows is told once', async () => {
  const pc = aPcWithDefaults();

  const outcomes = await apply(pc, { ...WANTED, swap: text('1') });

  assert.deepEqual(new Set(Object.values(outcomes)), new Set(['applied']));
  const { registry } = pc;
  assert.deepEqual(registry.at(`HKCU\\${STICKY}`, 'Flags'), registryData('REG_SZ', '479'));
  assert.deepEqual(registry.at(`HKCU\\${DESKTOP}`, 'Mask'), registryData('REG_BINARY', '9e1e078012000000'));
  assert.deepEqual(registry.at(`HKCU\\${DESKTOP}`, 'Bits'), registryData('REG_DWORD', 0x80000007));
  const folders = registryData('REG_BINARY', UNKNOWN_HEX + SETTINGS_HEX);
  assert.deepEqual(registry.at(`HKCU\\${START}`, 'VisiblePlaces'), folders);
  const programs = registryData('REG_SZ', 'narrator,Own.Thing,magnifierpane');
  assert.deepEqual(registry.at('HKCU\\Access', 'Configuration'), programs);
  assert.equal(new Set(registry.writes).size, registry.writes.length);
  assert.deepEqual(pc.system.notices, [
    {
      spi: [
        { action: 'SPI_SETMOUSESPEED', value: '14' },
        { action: 'SPI_SETSTICKYKEYS', value: 0 },
      ],
      broadcast: ['intl'],
    },
  ]);
});

test('a call that Windows knows from a build on is made from that build on', async () => {
  const taps = onWindows('taps', {
    value: 'TapsEnabled',
    type: 'REG_DWORD',
    apply: { spi: 'SPI_SETTOUCHPADPARAMETERS', spiFrom: 26100 },
  });
  for (const [build, told] of [
    [26100, ['SPI_SETTOUCHPADPARAMETERS']],
    [26099, []],
  ] as const) {
    const pc = aPc({ build });
    const context = { ...pc.context, catalog: aCatalog([taps]) };

    await mechanism.apply(context, [{ itemId: 'taps', setting: taps, raw: { type: 'REG_DWORD', data: 1 } }]);

    assert.deepEqual(
      pc.system.notices.flatMap(({ spi }) => spi.map(({ action }) => action)),
      told,
    );
  }
});

test('applying twice is applying once', async () => {
  const pc = aPcWithDefaults();
  await apply(pc, WANTED);
  const writes = pc.registry.writes.length;

  const outcomes = await apply(pc, WANTED);

  assert.deepEqual(new Set(Object.values(outcomes)), new Set(['unchanged']));
  assert.equal(pc.registry.writes.length, writes);
  assert.equal(pc.system.notices.length, 1);
  const findings = await inspect(pc, WANTED);
  assert.ok([...findings.values()].every(({ same }) => same));
});

for (const [why, itemId, raw, code] of [
  ['a wrong type', 'speed', { type: 'REG_DWORD', data: 14 }, 'badValue'],
  ['a number that is out of range', 'speed', text('21'), 'badValue'],
  ['a text where a number is expected', 'speed', text('14; calc'), 'badValue'],
  ['a text that is none of the allowed ones', 'swap', text('2'), 'badValue'],
  ['a text that only begins as allowed', 'layouts/1', text('00000407x'), 'badValue'],
  ['what is no value of the registry', 'speed', 'fast', 'badValue'],
  ['a number for a bit', 'stickyOn', 1, 'badValue'],
  ['a bit of a value that is absent', 'stickyOn', true, 'badValue'],
  ['a path on another computer', 'sound', { type: 'REG_EXPAND_SZ', data: 'x,\\\\server\\y.wav' }, 'remoteLocation'],
  ['a place for a newer Windows', 'moved', text('1'), 'notOnThisVersion'],
  ['a member that its family does not name', 'events/Explorer\\Navigating\\.Default\\', text('x'), 'outsideHome'],
  ['a member that climbs', 'events/..\\..\\.Current', text('x'), 'outsideHome'],
  ['a member that the deny list holds', 'layouts/Denied', text('00000407'), 'outsideHome'],
  ['a rest behind a whole value', 'speed/more', text('14'), 'outsideHome'],
  ['a member whose key is not there', 'events/Explorer\\Beep\\.Current\\', text('x'), 'ownerNotHere'],
] as const)
  test(`${why} is refused, and nothing is written`, async () => {
    const pc = aPc({ build: 19045 });

    const outcomes = await apply(pc, { [itemId]: raw, colour: { type: 'REG_DWORD', data: 1 } });

    assert.deepEqual(outcomes, { [itemId]: code, colour: 'applied' });
    assert.deepEqual(pc.registry.writes, ['set HKCU\\Software\\New\\Deep\\Colour']);
    assert.equal((await inspect(pc, { [itemId]: raw })).get(itemId)?.obstacle?.reason.code, code);
  });

test('a key that an access list closes fails its own items only, said before and after', async () => {
  const pc = aPcWithDefaults();
  pc.registry.close(`HKCU\\${STICKY}`);

  const findings = await inspect(pc, WANTED);
  const outcomes = await apply(pc, WANTED);

  assert.equal(findings.get('stickyOn')?.obstacle?.reason.code, 'registryKeyClosed');
  assert.equal(outcomes['stickyOn'], 'registryKeyClosed');
  assert.equal(outcomes['stickyIcon'], 'registryKeyClosed');
  assert.equal(outcomes['speed'], 'applied');
});

test('a key that is closed between plan and write fails its own items only', async () => {
  const pc = aPcWithDefaults();
  const { set } = pc.registry;
  Object.assign(pc.registry, {
    async set(...[hive, key, value]: Parameters<typeof set>) {
      if (key === MOUSE) pc.registry.close(`HKCU\\${MOUSE}`);
      return set(hive, key, value);
    },
  });

  const outcomes = await apply(pc, WANTED);

  assert.equal(outcomes['speed'], 'registryKeyClosed');
  assert.equal(outcomes['stickyOn'], 'applied');
});

test('what counts for everyone waits for an administrator', async () => {
  const [person, administrator] = [aPc(), aPc()];
  person.registry.close('HKLM');

  assert.deepEqual(await apply(person, { zone: text('CET') }), { zone: 'needsElevation' });
  assert.equal((await inspect(person, { zone: text('CET') })).get('zone')?.obstacle?.status, 'needsElevation');
  assert.deepEqual(await apply(administrator, { zone: text('CET') }), { zone: 'applied' });
});

test('a value that somebody removed between plan and apply is written all the same', async () => {
  const pc = aPcWithDefaults();
  await inspect(pc, WANTED);
  pc.registry.drop(`HKCU\\${MOUSE}`, 'MouseSensitivity');
  pc.registry.drop(`HKCU\\${STICKY}`, 'Flags');

  const outcomes = await apply(pc, WANTED);

  assert.equal(outcomes['speed'], 'applied');
  assert.equal(outcomes['stickyOn'], 'badValue');
});

test('what Windows writes over when it is told is written once more, and said when it does not stay', async () => {
  const pc = aPcWithDefaults();
  let times = 1;
  const notify = async () => {
    if (times > 0) put(pc, MOUSE, 'MouseSensitivity', 'REG_SZ', '10');
    times -= 1;
  };
  const context = { ...pc.context, system: { ...pc.system, notify } };
  const speed = toApply({ speed: text('14') });

  assert.equal((await mechanism.apply(context, speed))[0]?.status, 'applied');

  const { set } = pc.registry;
  const stubborn = { ...pc.registry, set: (...[hive, key]: Parameters<typeof set>) => set(hive, key, TEN) };
  const deaf = { ...pc.context, system: { ...pc.system, registry: stubborn } };
  const [outcome] = await mechanism.apply(
    deaf,
    speed.map((item) => ({ ...item, raw: text('15') })),
  );
  assert.deepEqual(outcome?.reason, { code: 'didNotTake', facts: { found: '10' } });
});

const TEN: RegistryNamedValue = { name: 'MouseSensitivity', ...registryData('REG_SZ', '10') };

test('undo brings every byte back, positions in lists and keys that were not there as well', async () => {
  const pc = aPcWithDefaults();
  const before = pc.registry.dump();
  const items = toApply({ ...WANTED, 'layouts/new': text('00000407') });
  const former = await mechanism.former(pc.context, items);
  await mechanism.apply(pc.context, items);
  assert.notDeepEqual(pc.registry.dump(), before);

  const stored = JSON.parse(JSON.stringify(former)) as Former[];
  const outcomes = await mechanism.revert(pc.context, stored);

  assert.deepEqual(new Set(outcomes.map(({ status }) => status)), new Set(['applied']));
  assert.deepEqual(pc.registry.dump(), before);
  const again = await mechanism.revert(pc.context, stored);
  assert.deepEqual(new Set(again.map(({ status }) => status)), new Set(['unchanged']));
});

test('a key that was not there is gone again, also when Windows makes it anew as it is told', async () => {
  const pc = aPc();
  put(pc, 'Sounds', 'Other', 'REG_SZ', 'stays');
  const before = pc.registry.dump();
  const items = toApply({ speed: text('14') });
  const former = await mechanism.former(pc.context, items);
  await mechanism.apply(pc.context, items);
  let times = 1;
  const notify = async () => {
    if (times > 0) put(pc, MOUSE, 'MouseSensitivity', 'REG_SZ', '10');
    times -= 1;
  };

  await mechanism.revert({ ...pc.context, system: { ...pc.system, notify } }, former);

  assert.deepEqual(pc.registry.dump(), before);
});

test('a list that was absent is absent again, and a profile folder stays as it was spelled', async () => {
  const pc = aPc();
  put(pc, 'Sounds', 'File', 'REG_EXPAND_SZ', `c:\\USERS\\ada\\x.wav \${HOME}`);
  const before = pc.registry.dump();
  const sound: Json = { type: 'REG_EXPAND_SZ', data: 'y.wav' };
  const items = toApply({ settingsFolder: true, explorerFolder: true, sound });
  const former = await mechanism.former(pc.context, items);

  await mechanism.apply(pc.context, items);
  await mechanism.revert(pc.context, former);

  assert.deepEqual(pc.registry.dump(), before);
});

test('a key that somebody uses meanwhile stays when its value is taken back', async () => {
  const pc = aPc();
  const items = toApply({ colour: { type: 'REG_DWORD', data: 1 } });
  const former = await mechanism.former(pc.context, items);
  await mechanism.apply(pc.context, items);
  put(pc, 'Software\\New', 'Other', 'REG_DWORD', 1);

  await mechanism.revert(pc.context, former);

  assert.deepEqual(pc.registry.dump()['HKCU\\Software\\New'], { Other: '4:01000000' });
  assert.equal(pc.registry.dump()['HKCU\\Software\\New\\Deep'], undefined);
});
