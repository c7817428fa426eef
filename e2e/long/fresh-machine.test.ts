/**
 * A fresh clone on a machine that has only git, curl and some Node with npm: two starts at once set it up, and after that
 * the network is no longer needed. Once as whoever runs this, and as an ordinary user too when that is root.
 *
 * Uses the npm registry that this machine is configured for.
 */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';

const ROOT = dirname(dirname(import.meta.dirname));

/** Debian's "nobody": a user who owns nothing. */
const NOBODY = 65534;

interface Clone {
  readonly folder: string;
  /** Runs the clone's launcher as its user, with nothing in the environment but what a login gives. */
  start(
    args: readonly string[],
    more?: Readonly<Record<string, string>>,
  ): Promise<{ exit: number; stdout: string; stderr: string }>;
}

async function aClone(t: TestContext, user: 'me' | 'nobody'): Promise<Clone> {
  const top = await mkdtemp(join(tmpdir(), 'carryover-fresh-'));
  t.after(() => rm(top, { recursive: true, force: true }));
  const [folder, home] = [join(top, 'carryover'), join(top, 'home')];
  // As git would hand it over: tracked files and those about to be.
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  for (const file of listed.toString().split('\0').filter(Boolean)) {
    const exists = await access(join(ROOT, file)).then(
      () => true,
      () => false,
    );
    if (exists) await cp(join(ROOT, file), join(folder, file), { preserveTimestamps: true });
  }
  await mkdir(home);
  await copyNpmConfiguration(home);
  if (user === 'nobody') execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, top]);
  const as =
    user === 'nobody' ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'] : ['env'];
  return {
    folder,
    async start(args, more = {}) {
      const [command = '', ...before] = [...as, join(folder, 'carryover'), ...args];
      const child = spawn(command, before, { cwd: '/', env: { ...loginEnvironment(home), ...more }, stdio: 'pipe' });
      child.stdin.end();
      const [stdout, stderr, [exit]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ]);
      return { exit, stdout, stderr };
    },
  };
}

/** PATH holds the system's Node, not the one that runs this test. Which registry and which CA are the machine's affair. */
function loginEnvironment(home: string): Record<string, string> {
  const passedOn = Object.entries(process.env).filter(([name]) =>
    /^(npm_config_registry|CARRYOVER_TEST_RUN|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|(https?|no)_proxy)$/i.test(name),
  );
  const settings = Object.fromEntries(passedOn.map(([name, value]) => [name, value ?? '']));
  return { ...settings, HOME: home, TMPDIR: home, PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' };
}

async function copyNpmConfiguration(home: string): Promise<void> {
  const own = await readFile(join(homedir(), '.npmrc'), 'utf8').catch(() => '');
  await writeFile(join(home, '.npmrc'), own, { mode: 0o600 });
}

const users = process.getuid?.() === 0 ? (['me', 'nobody'] as const) : (['me'] as const);

for (const user of users) {
  test(`a fresh clone sets itself up once, for two starts at once, and then needs no network (as ${user})`, async (t) => {
    const clone = await aClone(t, user);

    const both = await Promise.all([clone.start(['--version']), clone.start(['--help'])]);

    assert.deepEqual(
      both.map(({ exit }) => exit),
      [0, 0],
      both.map(({ stderr }) => stderr).join('\n'),
    );
    const installs = both.filter(({ stderr }) => stderr.includes('installing packages'));
    assert.equal(installs.length, 1, both.map(({ stderr }) => stderr).join('\n'));
    const [version, help] = both;
    assert.match(version?.stdout ?? '', /\d+\.\d+\.\d+/);
    assert.match(help?.stdout ?? '', /restore/);
    const node = (await readFile(join(clone.folder, '.node', 'chosen'), 'utf8')).trim();
    const major = Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }));
    assert.ok(major >= 26, `Node ${major}`);

    const lockFile = join(clone.folder, 'package-lock.json');
    assert.doesNotMatch(await readFile(lockFile, 'utf8'), /"resolved": "https?:/);

    const now = Date.now() / 1000;
    await utimes(lockFile, now, now);
    const offline = await clone.start(['--version'], {
      npm_config_registry: 'http://127.0.0.1:9',
      https_proxy: 'http://127.0.0.1:9',
    });
    assert.deepEqual([offline.exit, offline.stderr], [0, '']);
    assert.equal(offline.stdout, version?.stdout);
  });
}

test('without a registry the launcher says so and a later start finishes', async (t) => {
  const clone = await aClone(t, 'me');

  const failed = await clone.start(['--version'], {
    npm_config_registry: 'http://127.0.0.1:9',
    npm_config_fetch_retries: '0',
  });
  const later = await clone.start(['--version']);

  assert.equal(failed.exit, 16);
  assert.match(failed.stderr, /carryover: .*could not be (brought|installed).*Check the network/);
  assert.equal(later.exit, 0, later.stderr);
});
