import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registryOf } from '../../testing/memory-registry.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { type StandInPc, standInWinget } from '../../testing/stand-in-winget.ts';
import { listApps } from './apps.ts';
import { uninstall } from './uninstall.ts';

const BELOW = 'Microsoft\\Windows\\CurrentVersion\\Uninstall';
const MACHINE = `HKLM\\SOFTWARE\\${BELOW}`;
const OF_32_BITS = `HKLM\\SOFTWARE\\WOW6432Node\\${BELOW}`;
const PERSON = `HKCU\\Software\\${BELOW}`;

const KEYS = {
  [`${MACHINE}\\{8A0D-Messwagen}`]: { DisplayName: 'Messwagen 3', Publisher: 'Waage & Söhne' },
  [`${OF_32_BITS}\\Kasse`]: { DisplayName: 'Alte Kasse' },
  [`${PERSON}\\Notizen`]: { DisplayName: 'Notizen' },
};

const MESSWAGEN = {
  itemId: 'apps.uninstall/{8A0D-Messwagen}',
  raw: { key: '{8A0D-Messwagen}', name: 'Messwagen 3', publisher: 'Waage & Söhne' },
};
const KASSE = { itemId: 'apps.uninstall/Kasse', raw: { key: 'Kasse', name: 'Alte Kasse' } };
const NOTIZEN = { itemId: 'apps.uninstall/Notizen', raw: { key: 'Notizen', name: 'Notizen' } };

const aPc = (keys = {}) => memorySystem({ registry: registryOf(keys) });
const contextOf = (system: ReturnType<typeof aPc>) => ({ system, allowedSources: [], snapshot: [] });

test('lists the apps of the machine, of its 32-bit programs and of the person', async () => {
  assert.deepEqual(await uninstall.list(aPc(KEYS)), { items: [MESSWAGEN, KASSE, NOTIZEN], failures: [] });
  assert.deepEqual(await uninstall.list(aPc()), { items: [], failures: [] });
});

for (const [what, values] of [
  ['a part of Windows', { DisplayName: 'Runtime', SystemComponent: 1 }],
  ['an update', { DisplayName: 'KB1', ReleaseType: 'Security Update' }],
  ['a part of another program', { DisplayName: 'Fix', ParentKeyName: 'Office' }],
  ['a key without a name', { UninstallString: 'x.exe' }],
] as const)
  test(`${what} is not listed`, async () => {
    const { items } = await uninstall.list(aPc({ ...KEYS, [`${MACHINE}\\Other`]: values }));

    assert.deepEqual(items, [MESSWAGEN, KASSE, NOTIZEN]);
  });

test('an app that two places have is listed once', async () => {
  const { items } = await uninstall.list(aPc({ ...KEYS, [`${PERSON}\\Kasse`]: { DisplayName: 'Alte Kasse' } }));

  assert.deepEqual(items, [MESSWAGEN, KASSE, NOTIZEN]);
});

test('a list that is closed is a failure under its name', async () => {
  const registry = registryOf(KEYS);
  registry.close(MACHINE, 'reading');

  const { items, failures } = await uninstall.list(memorySystem({ registry }));

  assert.deepEqual(items, []);
  assert.deepEqual(failures, [
    { itemId: 'apps.uninstall', reason: { code: 'appListUnreadable', facts: { source: 'Windows' } } },
  ]);
});

test('an app that is here is unchanged, by its key or its name; another is told with its reason', async () => {
  const system = aPc({
    [`${MACHINE}\\Kasse_is1`]: { DisplayName: 'ALTE KASSE' },
    [`${PERSON}\\Notizen`]: { DisplayName: 'Notizen 2' },
  });

  const outcomes = await Promise.all(
    [MESSWAGEN, KASSE, NOTIZEN].map((item) => uninstall.apply(contextOf(system), item)),
  );

  assert.deepEqual(outcomes, [
    {
      itemId: MESSWAGEN.itemId,
      status: 'needsElevation',
      reason: { code: 'appHasNoSource', facts: { app: 'Messwagen 3' } },
    },
    { itemId: KASSE.itemId, status: 'unchanged' },
    { itemId: NOTIZEN.itemId, status: 'unchanged' },
  ]);
});

test('an app that winget knows is only its, every other installed app is listed all the same', async () => {
  const notes = { id: 'Contoso.Notizen', source: 'winget', name: 'Notizen' };
  const pc: StandInPc = { offered: [notes], installed: [notes.id], attempts: {} };
  const system = memorySystem({
    registry: registryOf(KEYS),
    run({ program, args }, memory) {
      if (program !== 'winget') return undefined;
      const { exit, stdout, file } = standInWinget(args, pc);
      if (file !== undefined) memory.put(file.path, file.content);
      return { exit, stdout, stderr: '' };
    },
  });

  const { items } = await listApps(system);

  assert.deepEqual(
    items.map(({ itemId }) => itemId),
    [KASSE.itemId, MESSWAGEN.itemId, 'apps.winget/Contoso.Notizen'].toSorted(),
  );
});
