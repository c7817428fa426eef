import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memorySystem } from '../../testing/memory-system.ts';
import { temporaryHome } from '../../testing/temporary-home.ts';
import { packagesOf } from '../system/debian-packages.ts';
import { apt } from './apt.ts';

const STATUS = `Package: dpkg
Essential: yes
Status: install ok installed
Priority: required
Architecture: amd64
Description: a text that says
 Package: not-a-package
Version: 1.21

Package: gimp
Status: install ok installed
Priority: optional
Architecture: amd64
Version: 2.10.34-1

Package: libgimp2.0
Status: install ok installed
Priority: optional
Architecture: amd64
Version: 2.10.34-1

Package: fonts-noto
Status: install ok installed
Priority: optional
Architecture: all
Version: 2023

Package: gimp-data
Status: install ok installed
Priority: optional
Architecture: all
Version: 2.10.34-1

Package: steam-libs
Status: hold ok installed
Priority: optional
Architecture: i386
Version: 1

Package: removed
Status: deinstall ok config-files
Priority: optional
Architecture: amd64
Version: 1
`;

const STATES = `Package: libgimp2.0
Architecture: amd64
Auto-Installed: 1

Package: gimp-data
Architecture: amd64
Auto-Installed: 1

Package: gimp
Architecture: amd64
Auto-Installed: 0
`;

function aDebian() {
  const system = memorySystem();
  system.put('/var/lib/dpkg/status', STATUS);
  system.put('/var/lib/apt/extended_states', STATES);
  return system;
}

test('lists what someone installed by name and not every system has', async () => {
  const { items, failures } = await apt.list(aDebian());

  assert.deepEqual(items, [
    { itemId: 'apps.apt/gimp', raw: { name: 'gimp' } },
    { itemId: 'apps.apt/fonts-noto', raw: { name: 'fonts-noto' } },
    { itemId: 'apps.apt/steam-libs:i386', raw: { name: 'steam-libs:i386' } },
  ]);
  assert.deepEqual(failures, []);
});

test('on this very machine, what counts as installed by name is what apt says', async (t) => {
  await using device = await temporaryHome();
  const { stdout } = await device.run('apt-mark', ['showmanual']);

  const manual = (await packagesOf(device)).filter((found) => found.manual).map(({ name }) => name);

  assert.deepEqual(manual.toSorted(), stdout.trim().split('\n').toSorted());
  t.diagnostic(`${manual.length} packages`);
});

test('a package that is here is unchanged, another needs an administrator', async () => {
  const context = { system: aDebian(), allowedSources: [], snapshot: [] };
  const here = { itemId: 'apps.apt/gimp', raw: { name: 'gimp' } };
  const missing = { itemId: 'apps.apt/inkscape', raw: { name: 'inkscape' } };

  assert.deepEqual(await apt.apply(context, here), { itemId: 'apps.apt/gimp', status: 'unchanged' });
  assert.deepEqual(await apt.apply(context, missing), {
    itemId: 'apps.apt/inkscape',
    status: 'needsElevation',
    reason: { code: 'appNeedsAdministrator', facts: { app: 'inkscape', source: 'apt' } },
  });
});

test('a system without dpkg has no such packages', async () => {
  assert.deepEqual(await apt.list(memorySystem()), { items: [], failures: [] });
});
