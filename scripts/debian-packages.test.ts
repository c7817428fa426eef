/** Which Debian packages are missing is told by name. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { ensurePackages, missingOf } from './debian-packages.ts';

test('a package that is installed is not missing, one that does not exist is', () => {
  assert.deepEqual(missingOf(['dpkg', 'carryover-no-such-package']), ['carryover-no-such-package']);
});

test('nothing is done when nothing is missing', async () => {
  await ensurePackages('test');
});

test('who may not install is told the packages and the command', () => {
  const source = `
    process.env.PATH = '/nonexistent';
    process.getuid = () => 1000;
    const { ensurePackages } = await import(${JSON.stringify(import.meta.resolve('./debian-packages.ts'))});
    await ensurePackages('demo').catch((error) => console.log(error.code, error.message));`;

  const done = spawnSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' });

  assert.match(done.stdout, /^missingPart .*dconf-cli/);
});
