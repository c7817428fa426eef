import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import type { Json } from '@carryover/model/canonical';
import { neutralFromLinux } from '@carryover/model/codecs';
import type { Catalog, Setting } from '@carryover/model/setting';
import { neutralFromWindows, windowsFromNeutral } from '@carryover/model/windows-codecs';
import catalogAsCompiled from '../../../catalog/catalog.json' with { type: 'json' };
import { registryData, windowsRegistry } from '../../testing/memory-registry.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { type StandInWindows, standInPowerShell } from '../../testing/stand-in-powershell.ts';
import { lockScreen as mechanism } from './lock-screen.ts';
import type { Former, MechanismContext } from './mechanism.ts';

const CATALOG = catalogAsCompiled as unknown as Catalog;
const ID = 'personalization.lockScreen.image';
const SETTING = settingCalled(ID);
const CURRENT = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion';

/** The beginning of a PNG, and something to tell it by. */
const png = (what: string) => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(what)]);

const blobIdOf = (content: Uint8Array) => createHmac('sha256', 'key').update(content).digest('hex');

function aPc(home: string, screen: StandInWindows = {}, blobs: readonly Uint8Array[] = []) {
  const registry = windowsRegistry(26100);
  const system = memorySystem({
    home,
    registry,
    env: { SYSTEMROOT: 'C:\\Windows' },
    run: (run, files) => standInPowerShell(run, files, screen),
  });
  const context: MechanismContext = {
    system,
    catalog: CATALOG,
    blobIdOf,
    blob: async (blobId) => blobs.find((content) => blobIdOf(content) === blobId) ?? assert.fail('no such blob'),
    organization: 'Contoso',
  };
  const item = (raw: Json) => ({ itemId: ID, setting: SETTING, raw });
  return {
    registry,
    system,
    screen,
    read: () => mechanism.read(context, [SETTING]),
    raw: async () => (await mechanism.read(context, [SETTING])).items[0]?.raw ?? null,
    inspect: async (raw: Json) => (await mechanism.inspect(context, [item(raw)])).get(ID),
    former: (raw: Json) => mechanism.former(context, [item(raw)]),
    apply: async (raw: Json) => (await mechanism.apply(context, [item(raw)]))[0],
    revert: async (former: readonly Former[]) => (await mechanism.revert(context, former))[0],
  };
}

function chosen(content: Uint8Array, path: string): StandInWindows {
  return { shown: { content, path } };
}

function settingCalled(id: string): Setting {
  return CATALOG.settings.find((setting) => setting.id === id) ?? assert.fail(`no setting ${id}`);
}

test('a chosen picture travels by content, is set through Windows, and stays when applied twice', async () => {
  const content = png('lofoten');
  const old = aPc('C:/Users/Ada Örn', chosen(content, 'C:\\Users\\Ada Örn\\Pictures\\Föhr 1.png'));
  old.system.put('C:/Users/Ada Örn/Pictures/Föhr 1.png', content);
  const fresh = aPc('D:/ada', chosen(png('img100'), 'C:\\Windows\\Web\\Screen\\img100.jpg'), [content]);

  const { items, failures } = await old.read();
  const raw = items[0]?.raw ?? null;
  const outcome = await fresh.apply(raw);

  assert.deepEqual(failures, []);
  assert.deepEqual(raw, {
    path: `\${HOME}\\Pictures\\Föhr 1.png`,
    blob: blobIdOf(content),
    mediaType: 'image/png',
    bytes: content.length,
  });
  assert.deepEqual(items[0]?.blobs, [{ blobId: blobIdOf(content), content }]);
  assert.deepEqual(outcome, { itemId: ID, status: 'applied' });
  assert.equal(fresh.screen.shown?.path, 'D:\\ada\\Pictures\\Föhr 1.png');
  assert.deepEqual(Buffer.from(fresh.system.files.get('D:/ada/Pictures/Föhr 1.png')?.content ?? []), content);
  assert.equal((await fresh.apply(raw))?.status, 'unchanged');
  assert.equal((await fresh.inspect(raw))?.same, true);
});

test('a picture that Windows made anew is known again by the one that was given', async () => {
  const content = png('lofoten');
  const raw = { path: `\${HOME}\\lofoten.png`, blob: blobIdOf(content), mediaType: 'image/png' };
  const pc = aPc(
    'C:/Users/ada',
    { madeOf: (given) => png(`small ${given.length}`), ...chosen(png('a'), 'C:\\a.png') },
    [content],
  );

  await pc.apply(raw);
  pc.screen.shown = {
    content: pc.screen.shown?.content ?? png(''),
    path: 'C:\\ProgramData\\SystemData\\LockScreen.jpg',
  };
  pc.system.advance(Temporal.Duration.from({ hours: 25 }));

  assert.deepEqual((await pc.read()).items[0]?.blobs[0]?.content, content);
  assert.equal((await pc.apply(raw))?.status, 'unchanged');
});

test('a picture that was set as a stream is taken from what Windows shows', async () => {
  const { items } = await aPc('C:/Users/ada', { shown: { content: png('stream') } }).read();

  assert.match(JSON.stringify(items[0]?.raw), /Pictures.{2}lock-screen"/);
  assert.deepEqual(Buffer.from(items[0]?.blobs[0]?.content ?? []), png('stream'));
});

test('Windows is asked again only when its sign changed, or after a day', async () => {
  const pc = aPc('C:/Users/ada', { shown: { content: png('one') } });
  const key = `HKLM\\${CURRENT}\\SystemProtectedUserData\\S-1-5-21-1\\AnyoneRead\\LockScreen`;
  pc.registry.put(key, '', registryData('REG_SZ', 'AZ'));
  const shown = async () =>
    Buffer.from((await pc.read()).items[0]?.blobs[0]?.content ?? [])
      .toString('latin1')
      .slice(8);

  assert.equal(await shown(), 'one');
  pc.screen.shown = { content: png('two') };
  assert.equal(await shown(), 'one');
  assert.equal(pc.system.runs.length, 1);
  pc.registry.put(key, '', registryData('REG_SZ', 'BAZ'));
  assert.equal(await shown(), 'two');
  pc.screen.shown = { content: png('three') };
  pc.system.advance(Temporal.Duration.from({ hours: 23 }));
  assert.equal(await shown(), 'two');
  pc.system.advance(Temporal.Duration.from({ hours: 1 }));
  assert.equal(await shown(), 'three');
  assert.equal(pc.system.runs.length, 3);
});

for (const [what, key, value] of [
  ['Windows spotlight', `HKCU\\${CURRENT}\\ContentDeliveryManager`, 'RotatingLockScreenEnabled'],
  ['a slide show', `HKCU\\${CURRENT}\\Lock Screen`, 'SlideshowEnabled'],
] as const)
  test(`pictures of ${what} are not captured, and nothing is asked`, async () => {
    const pc = aPc('C:/Users/ada', { shown: { content: png('of today') } });
    pc.registry.put(key, value, registryData('REG_DWORD', 1));

    assert.deepEqual(await pc.read(), { items: [], failures: [] });
    assert.deepEqual(pc.system.runs, []);
  });

for (const [policy, key, value, data] of [
  [
    'Force a specific default lock screen and logon image',
    'SOFTWARE\\Policies\\Microsoft\\Windows\\Personalization',
    'LockScreenImage',
    registryData('REG_SZ', 'C:\\brand.jpg'),
  ],
  [
    'Prevent changing lock screen and logon image',
    'SOFTWARE\\Policies\\Microsoft\\Windows\\Personalization',
    'NoChangingLockScreen',
    registryData('REG_DWORD', 1),
  ],
  [
    'Personalization/LockScreenImageUrl',
    `${CURRENT}\\PersonalizationCSP`,
    'LockScreenImagePath',
    registryData('REG_SZ', 'C:\\brand.jpg'),
  ],
] as const)
  test(`a picture under "${policy}" is locked: not captured, not changed`, async () => {
    const content = png('mine');
    const raw = { path: `\${HOME}\\a.png`, blob: blobIdOf(content) };
    const pc = aPc('C:/Users/ada', chosen(png('brand'), 'C:\\brand.jpg'), [content]);
    pc.registry.put(`HKLM\\${key}`, value, data);
    const reason = { code: 'lockedByPolicy', facts: { policy, org: 'Contoso' } };

    assert.deepEqual(await pc.read(), { items: [], failures: [{ itemId: ID, reason }] });
    assert.deepEqual((await pc.inspect(raw))?.obstacle, { status: 'lockedByPolicy', reason });
    assert.deepEqual(await pc.apply(raw), { itemId: ID, status: 'lockedByPolicy', reason });
    assert.deepEqual(await pc.former(raw), []);
    assert.deepEqual(pc.system.runs, []);
  });

test('undo shows the picture before, takes the one that was brought away, and says where Windows lets none back', async () => {
  const content = png('brought');
  const raw = { path: `\${HOME}\\brought.png`, blob: blobIdOf(content) };
  const pc = aPc('C:/Users/ada', chosen(png('before'), 'C:\\Users\\ada\\before.png'), [content]);
  pc.system.put('C:/Users/ada/before.png', png('before'));

  const former = await pc.former(raw);
  await pc.apply(raw);
  await pc.system.removeFile('C:/Users/ada/before.png');
  assert.equal((await pc.revert(former))?.status, 'applied');
  assert.equal((await pc.revert(former))?.status, 'unchanged');

  assert.deepEqual(Buffer.from(pc.screen.shown?.content ?? []), png('before'));
  assert.equal(await pc.system.facts('C:/Users/ada/Pictures/brought.png'), undefined);

  const turning = aPc('C:/Users/ada', chosen(png('of today'), 'C:\\today.jpg'), [content]);
  turning.registry.put(
    `HKCU\\${CURRENT}\\ContentDeliveryManager`,
    'RotatingLockScreenEnabled',
    registryData('REG_DWORD', 1),
  );
  const nothing = await turning.former(raw);
  await turning.apply(raw);
  assert.deepEqual(await turning.revert(nothing), {
    itemId: ID,
    status: 'skipped',
    reason: { code: 'lockScreenStays' },
  });
});

test('a Windows without such an API has no such setting, and one that keeps scripts off says so', async () => {
  const raw = { path: `\${HOME}\\a.png`, blob: blobIdOf(png('a')) };
  const without = aPc('C:/Users/ada', { hasClass: false });
  assert.deepEqual(await without.read(), { items: [], failures: [] });
  assert.equal((await without.apply(raw))?.status, 'notOnThisVersion');

  const keptOff = aPc('C:/Users/ada', { isKeptOff: true });
  const detail = 'Cannot invoke method. Method invocation is supported only on core types.';
  const reason = { code: 'lockScreenUnanswered', facts: { detail } };
  assert.deepEqual(await keptOff.read(), { items: [], failures: [{ itemId: ID, reason }] });
  assert.deepEqual(await keptOff.apply(raw), { itemId: ID, status: 'failed', reason });
});

test('a picture that Windows takes and does not show is told, and its file is named', async () => {
  const content = png('a');
  const pc = aPc('C:/Users/ada', { ignores: true, ...chosen(png('before'), 'C:\\before.png') }, [content]);

  assert.deepEqual(await pc.apply({ path: `\${HOME}\\a.png`, blob: blobIdOf(content) }), {
    itemId: ID,
    status: 'failed',
    reason: { code: 'didNotTake', facts: { found: 'C:\\before.png' } },
  });
});

for (const [why, raw, status, code] of [
  ['on another computer', { path: '\\\\server\\a.png', blob: blobIdOf(png('a')) }, 'skipped', 'remoteLocation'],
  [
    'of no kind that Windows shows',
    { path: 'C:\\a.svg', blob: 'b', mediaType: 'image/svg+xml' },
    'skipped',
    'badValue',
  ],
  ['that is none at all', { path: '' }, 'skipped', 'badValue'],
  ['that is no description', 'a.png', 'skipped', 'badValue'],
  ['whose content is none', { path: `\${HOME}\\a.png`, blob: blobIdOf(Buffer.from('text')) }, 'failed', 'badValue'],
] as const)
  test(`a picture ${why} is refused, and nothing is told to Windows`, async () => {
    const pc = aPc('C:/Users/ada', chosen(png('before'), 'C:\\before.png'), [Buffer.from('text')]);

    const outcome = await pc.apply(raw);

    assert.equal(outcome?.status, status);
    assert.equal(outcome?.reason?.code, code);
    assert.equal(pc.screen.shown?.path, 'C:\\before.png');
    assert.deepEqual(
      pc.system.runs.filter(({ options }) => options.readOnly !== true),
      [],
    );
  });

test('it means the same as the lock screen picture of Linux, both ways', () => {
  const linux = settingCalled('lockScreen.image');
  const content = { blob: 'b', mediaType: 'image/png', bytes: 5 };
  const windowsRaw = { ...content, path: `\${HOME}\\Pictures\\a.png` };
  const about = { applications: [], neighbours: {} };

  const meaning = neutralFromWindows(linux, new Map([[ID, windowsRaw]]));

  assert.deepEqual(meaning, { ...content, name: 'a.png' });
  assert.deepEqual(neutralFromLinux(linux, { ...content, uri: `file://\${HOME}/a.png` }, about), meaning);
  const written = windowsFromNeutral(linux, meaning ?? null, { places: new Map([[ID, { mechanism: 'lockScreen' }]]) });
  assert.deepEqual(written?.raws.get(ID), windowsRaw);
});
