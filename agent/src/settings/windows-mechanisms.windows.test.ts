/**
 * What Windows tells only by Windows PowerShell, where there is none that runs scripts: Wine's powershell.exe is started as
 * it would be, and answers nothing.
 */

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Catalog } from '@carryover/model/setting';
import catalogAsCompiled from '../../../catalog/catalog.json' with { type: 'json' };
import { shellLink } from '../pages/shell-link.ts';
import { realSystem } from '../system/real.ts';
import type { RunOptions } from '../system/system.ts';
import { lockScreen } from './lock-screen.ts';
import type { MechanismContext } from './mechanism.ts';
import { pins } from './pins.ts';

const CATALOG = catalogAsCompiled as unknown as Catalog;

function watched() {
  const real = realSystem();
  const runs: string[] = [];
  const system = {
    ...real,
    async run(program: string, args: readonly string[], options?: RunOptions) {
      runs.push(program);
      return real.run(program, args, options);
    },
  };
  const context: MechanismContext = {
    system,
    catalog: CATALOG,
    blobIdOf: (content) => createHmac('sha256', 'key').update(content).digest('hex'),
    blob: () => assert.fail('nothing is fetched'),
  };
  return { system, runs, context };
}

test('a lock screen that cannot be asked for is no setting of this Windows, and is not asked for again', async () => {
  const { context, runs } = watched();

  for (const _ of [1, 2])
    assert.deepEqual(await lockScreen.read(context, CATALOG.settings), { items: [], failures: [] });

  assert.equal(runs.length, 1);
  assert.match(runs[0] ?? '', /\\System32\\WindowsPowerShell\\v1\.0\\powershell\.exe$/);
  const setting = CATALOG.settings.find(({ id }) => id === 'personalization.lockScreen.image');
  assert.ok(setting);
  const item = { itemId: setting.id, setting, raw: { path: `\${HOME}\\a.png`, blob: 'b' } };
  assert.equal((await lockScreen.apply(context, [item]))[0]?.status, 'notOnThisVersion');
});

test('pins of the taskbar are read from their folder, and Start without an answer has none', async () => {
  const { system, context, runs } = watched();
  const folder = `${system.home}/AppData/Roaming/Microsoft/Internet Explorer/Quick Launch/User Pinned/TaskBar`;
  await mkdir(folder, { recursive: true });
  const target = `${system.home.replaceAll('/', '\\')}\\bin\\Föhr.exe`;
  await writeFile(`${folder}/Föhr.lnk`, shellLink({ target, arguments: '', description: 'Föhr' }));

  for (const _ of [1, 2]) {
    const { items, failures } = await pins.read(context, CATALOG.settings);
    assert.deepEqual(failures, []);
    assert.deepEqual(
      items.map(({ itemId }) => itemId),
      ['taskbarPins/Föhr'],
    );
  }
  assert.ok(runs.length <= 1, 'Start is asked for once, and on Windows 10 never');
});
