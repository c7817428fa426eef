import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import type { Json } from '@carryover/model/canonical';
import type { Setting } from '@carryover/model/setting';
import { registryData, windowsRegistry } from '../../testing/memory-registry.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { aCatalog, aSetting } from '../../testing/sample-catalog.ts';
import type { Former, MechanismContext } from './mechanism.ts';
import { registry as mechanism } from './registry.ts';

const KEY = 'Control Panel\\Desktop';

const WALLPAPER: Setting = {
  ...aSetting({ id: 'picture' }),
  windows: [
    { mechanism: 'registryImage', hive: 'HKCU', key: KEY, value: 'WallPaper', apply: { spi: 'SPI_SETDESKWALLPAPER' } },
  ],
};
const CATALOG = aCatalog([WALLPAPER]);

/** The beginning of a PNG, and something to tell it by. */
const png = (what: string) => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(what)]);

const blobIdOf = (content: Uint8Array) => createHmac('sha256', 'key').update(content).digest('hex');

function aPc(home: string, blobs: readonly Uint8Array[] = []) {
  const registry = windowsRegistry(26100);
  const system = memorySystem({ home, registry, env: { SYSTEMROOT: 'C:\\Windows' } });
  const context: MechanismContext = {
    system,
    catalog: CATALOG,
    blobIdOf,
    blob: async (blobId) => blobs.find((content) => blobIdOf(content) === blobId) ?? assert.fail('no such blob'),
  };
  return {
    registry,
    system,
    context,
    shows: (path: string) => registry.put(`HKCU\\${KEY}`, 'WallPaper', registryData('REG_SZ', path)),
    shown: () =>
      Buffer.from(registry.at(`HKCU\\${KEY}`, 'WallPaper')?.bytes ?? [])
        .toString('utf16le')
        .slice(0, -1),
    read: () => mechanism.read(context, [WALLPAPER]),
    apply: async (raw: Json) => (await mechanism.apply(context, [{ itemId: 'picture', setting: WALLPAPER, raw }]))[0],
    inspect: async (raw: Json) =>
      (await mechanism.inspect(context, [{ itemId: 'picture', setting: WALLPAPER, raw }])).get('picture'),
  };
}

test('a picture travels by content and comes to Pictures of the other PC', async () => {
  const content = png('lofoten');
  const [old, fresh] = [aPc('C:/Users/ada'), aPc('D:/Ada', [content])];
  old.system.put('C:/Users/ada/Desktop/lofoten.png', content);
  old.shows('c:\\users\\ADA\\Desktop\\lofoten.png');
  old.system.put('c:/users/ADA/Desktop/lofoten.png', content);

  const { items, failures } = await old.read();
  const [item] = items;
  assert.deepEqual(failures, []);
  assert.deepEqual(item?.raw, {
    path: `\${HOME}\\Desktop\\lofoten.png`,
    blob: blobIdOf(content),
    mediaType: 'image/png',
    bytes: content.length,
  });
  assert.deepEqual(item?.blobs, [{ blobId: blobIdOf(content), content }]);
  const outcome = await fresh.apply(item?.raw ?? null);

  assert.equal(outcome?.status, 'applied');
  assert.equal(fresh.shown(), 'D:\\Ada\\Pictures\\lofoten.png');
  assert.deepEqual(Buffer.from(fresh.system.files.get('D:/Ada/Pictures/lofoten.png')?.content ?? []), content);
  assert.equal(fresh.system.notices.at(-1)?.spi[0]?.action, 'SPI_SETDESKWALLPAPER');
  assert.equal((await fresh.apply(item?.raw ?? null))?.status, 'unchanged');
  assert.equal((await fresh.inspect(item?.raw ?? null))?.same, true);
});

test("a picture of Windows' own stays where it is on the other PC", async () => {
  const pc = aPc('C:/Users/ada');
  const content = png('windows');
  pc.system.put('C:/Windows/Web/Wallpaper/img0.jpg', content);

  const outcome = await pc.apply({ path: 'C:\\Windows\\Web\\Wallpaper\\img0.jpg', blob: blobIdOf(content) });

  assert.equal(outcome?.status, 'applied');
  assert.equal(pc.shown(), 'C:\\Windows\\Web\\Wallpaper\\img0.jpg');
  assert.deepEqual([...pc.system.files.keys()], ['C:/Windows/Web/Wallpaper/img0.jpg']);
});

test('another picture of the same name is not written over', async () => {
  const content = png('new');
  const pc = aPc('C:/Users/ada', [content]);
  pc.system.put('C:/Users/ada/Pictures/a.png', png('old'));

  await pc.apply({ path: `\${HOME}\\a.png`, blob: blobIdOf(content) });

  assert.equal(pc.shown(), `C:\\Users\\ada\\Pictures\\a-${blobIdOf(content).slice(0, 12)}.png`);
  assert.deepEqual(Buffer.from(pc.system.files.get('C:/Users/ada/Pictures/a.png')?.content ?? []), png('old'));
});

test('a picture that is gone is taken from the copy that Windows shows, and no picture is none', async () => {
  const pc = aPc('C:/Users/ada');
  pc.shows('C:\\Users\\ada\\gone.png');
  assert.equal((await pc.read()).failures[0]?.reason.code, 'fileUnreadable');

  pc.system.put('C:/Users/ada/AppData/Roaming/Microsoft/Windows/Themes/TranscodedWallpaper', png('copy'));
  assert.equal((await pc.read()).items[0]?.blobs[0]?.blobId, blobIdOf(png('copy')));

  pc.shows('');
  assert.deepEqual((await pc.read()).items[0]?.raw, { path: '' });
});

for (const [why, raw, code] of [
  ['on another computer', { path: '\\\\server\\share\\a.png', blob: blobIdOf(png('a')) }, 'remoteLocation'],
  ['by a web address', { path: 'https://example.org/a.png', blob: blobIdOf(png('a')) }, 'remoteLocation'],
  ['that is no picture', { path: `\${HOME}\\a.png`, blob: blobIdOf(Buffer.from('text')) }, 'badValue'],
  ['outside of where pictures lie, without content', { path: 'C:\\Windows\\win.ini' }, 'fileUnreadable'],
  ['that is none at all', 'a.png', 'badValue'],
] as const)
  test(`a picture ${why} is refused, and the old one stays`, async () => {
    const pc = aPc('C:/Users/ada', [png('a'), Buffer.from('text')]);
    pc.shows('C:\\Users\\ada\\old.png');

    const outcome = await pc.apply(raw);

    assert.equal(outcome?.reason?.code, code);
    assert.equal(pc.shown(), 'C:\\Users\\ada\\old.png');
    assert.equal(pc.system.files.size, 0);
  });

test('undo shows the old picture again and takes away the one that came', async () => {
  const content = png('new');
  const pc = aPc('C:/Users/ada', [content]);
  for (const before of ['C:\\Users\\ada\\old.png', undefined]) {
    if (before === undefined) pc.registry.drop(`HKCU\\${KEY}`, 'WallPaper');
    else pc.shows(before);
    const dump = pc.registry.dump();
    const raw = { path: `\${HOME}\\a.png`, blob: blobIdOf(content) };
    const wanted = { itemId: 'picture', setting: WALLPAPER, raw };
    const former = JSON.parse(JSON.stringify(await mechanism.former(pc.context, [wanted]))) as Former[];
    await mechanism.apply(pc.context, [wanted]);
    assert.equal(pc.system.files.size, 1);

    await mechanism.revert(pc.context, former);

    assert.deepEqual(pc.registry.dump(), dump);
    assert.equal(pc.system.files.size, 0);
  }
});
