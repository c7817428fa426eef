import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from './temporary-folder.ts';

/** A folder as a browser makes one for its socket, with a file of somebody else's where `more` says so. */
async function socketFolder(parent: string, name: string, more?: string): Promise<string> {
  const folder = join(parent, name);
  await mkdir(folder);
  for (const file of ['SingletonSocket', 'SingletonCookie', ...(more === undefined ? [] : [more])])
    await writeFile(join(folder, file), '');
  return folder;
}

test('the folder of its socket, which a browser left elsewhere, goes with the profile', async (t) => {
  const scratch = await mkdtemp(join(tmpdir(), 'carryover-test-'));
  t.after(() => rm(scratch, { recursive: true }));
  const left = await socketFolder(scratch, 'org.chromium.Chromium.a1B2c3');

  {
    await using profile = await temporaryFolder(join(scratch, 'run'));
    await symlink(join(left, 'SingletonSocket'), join(profile.path, 'SingletonSocket'));
  }

  assert.equal(existsSync(left), false);
});

test('nothing is removed that a browser did not make', async (t) => {
  const scratch = await mkdtemp(join(tmpdir(), 'carryover-test-'));
  t.after(() => rm(scratch, { recursive: true }));
  const [other, shared] = [
    await socketFolder(scratch, 'documents'),
    await socketFolder(scratch, 'com.google.Chrome.a1B2c3', 'letter.txt'),
  ];

  for (const folder of [other, shared]) {
    await using profile = await temporaryFolder(join(scratch, 'run'));
    await symlink(join(folder, 'SingletonSocket'), join(profile.path, 'SingletonSocket'));
  }

  assert.ok(existsSync(join(other, 'SingletonSocket')));
  assert.ok(existsSync(join(shared, 'letter.txt')));
});
