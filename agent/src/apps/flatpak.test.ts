/** Against the real Flatpak, with a repository made here, homes of their own and a bus that stands in for the system's. */

import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { flatpakRepository } from '../../testing/flatpak-repository.ts';
import { type PrivateBus, privateBus } from '../../testing/private-bus.ts';
import { type TemporaryHome, temporaryHome } from '../../testing/temporary-home.ts';
import type { AppItem, AppsContext } from './app-source.ts';
import { applyApp, appsWatched, appWords, inspectApps } from './apps.ts';
import { flatpak } from './flatpak.ts';
import { textIn } from './listed-apps.ts';

const scratch = await mkdtemp(join(tmpdir(), 'carryover-flatpak-'));
let corp: string;
let bus: PrivateBus;
before(async () => {
  bus = await privateBus();
  corp = await flatpakRepository(join(scratch, 'corp'), [
    { name: 'Notes' },
    { name: 'Notes', branch: 'beta' },
    { name: 'Calc' },
  ]);
});
after(async () => {
  await bus[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

function aDevice(): Promise<TemporaryHome> {
  return temporaryHome({ DBUS_SESSION_BUS_ADDRESS: bus.address });
}

async function run(system: TemporaryHome, ...args: string[]): Promise<void> {
  const { exit, stderr } = await system.run('flatpak', args, { env: { DBUS_SYSTEM_BUS_ADDRESS: bus.address } });
  assert.equal(exit, 0, stderr);
}

/** A device whose person has `apps` ("Notes", "Notes//beta") from the corp repository. */
async function aDeviceWith(apps: readonly string[]): Promise<TemporaryHome> {
  const system = await aDevice();
  await run(system, 'remote-add', '--user', '--no-gpg-verify', '--title=Corp apps', 'corp', corp);
  for (const app of apps)
    await run(
      system,
      'install',
      '--user',
      '--noninteractive',
      'corp',
      `org.example.${app.includes('//') ? app : `${app}//stable`}`,
    );
  return system;
}

function restoring(system: TemporaryHome, snapshot: readonly AppItem[], allowedSources = [corp]): AppsContext {
  return { system, allowedSources, snapshot };
}

async function itemsOf(system: TemporaryHome): Promise<readonly AppItem[]> {
  const { items, failures } = await flatpak.list(system);
  assert.deepEqual(failures, []);
  return items.toSorted((a, b) => (a.itemId < b.itemId ? -1 : 1));
}

/** What a capture compares to see whether the list may have changed. */
async function appsFingerprint(system: TemporaryHome): Promise<string> {
  const paths = await appsWatched(system);
  const facts = await Promise.all(paths.map(async (path) => (await system.facts(path))?.fingerprint ?? 'none'));
  return paths.map((path, index) => `${path} ${facts[index]}`).join('\n');
}

const arch = process.arch === 'x64' ? 'x86_64' : process.arch === 'arm64' ? 'aarch64' : process.arch;

test('lists apps with their remote, without starting Flatpak and without a trace in the home', async () => {
  await using device = await aDeviceWith(['Notes', 'Notes//beta']);
  await using empty = await temporaryHome({ PATH: '/nowhere' });
  const fingerprint = await appsFingerprint(device);

  const items = await itemsOf(device);

  assert.deepEqual(items, [
    {
      itemId: 'apps.flatpak/org.example.Notes',
      raw: {
        name: 'Notes (example)',
        ref: `org.example.Notes/${arch}/beta`,
        remote: 'corp',
        installation: 'user',
        remoteUrl: corp,
      },
    },
    {
      itemId: 'apps.flatpak/org.example.Notes/stable',
      raw: {
        name: 'Notes (example)',
        ref: `org.example.Notes/${arch}/stable`,
        remote: 'corp',
        installation: 'user',
        remoteUrl: corp,
      },
    },
    { itemId: 'apps.flatpakRemote/corp', raw: { name: 'corp', title: 'Corp apps', url: corp, verified: false } },
  ]);
  assert.equal(await appsFingerprint(device), fingerprint);
  assert.deepEqual(await itemsOf(empty), []);
  assert.deepEqual(await readdir(empty.home), []);
});

test('what is listed is what Flatpak itself lists', async () => {
  await using device = await aDeviceWith(['Notes', 'Calc']);

  const { stdout } = await device.run('flatpak', ['list', '--user', '--app', '--columns=ref,origin,installation']);
  const items = await itemsOf(device);

  const listed = items.flatMap(({ itemId, raw }) => {
    const { ref, remote, installation } = raw as { ref: string; remote: string; installation: string };
    return itemId.startsWith('apps.flatpak/') ? [`${ref}\t${remote}\t${installation}`] : [];
  });
  assert.deepEqual(listed.toSorted(), stdout.trim().split('\n').toSorted());
});

test('apps come over to a device without the remote, and nothing happens the second time', async () => {
  await using old = await aDeviceWith(['Notes', 'Calc']);
  await using fresh = await aDevice();
  const snapshot = await itemsOf(old);
  const context = restoring(fresh, snapshot);
  const apps = snapshot.filter(({ itemId }) => itemId.startsWith('apps.flatpak/'));

  const planned = await inspectApps(context, apps);
  const first = [];
  for (const app of apps) first.push(await applyApp(context, app));
  const fingerprint = await appsFingerprint(fresh);
  const again = [];
  for (const app of snapshot) again.push(await applyApp(context, app));

  assert.deepEqual(
    [...planned.values()].map(({ same, obstacle }) => [same, obstacle]),
    [
      [false, undefined],
      [false, undefined],
    ],
  );
  assert.deepEqual(
    first,
    apps.map(({ itemId }) => ({ itemId, status: 'applied' })),
  );
  assert.deepEqual(
    again,
    snapshot.map(({ itemId }) => ({ itemId, status: 'unchanged' })),
  );
  assert.deepEqual(await itemsOf(fresh), snapshot);
  assert.equal(await appsFingerprint(fresh), fingerprint);
});

test('an app that was there for everybody is installed for the person, from the remote that is there for everybody', async () => {
  await using device = await aDevice();
  const everybody = join(device.root, 'flatpak/repo');
  await mkdir(everybody, { recursive: true });
  await device.run('ostree', ['init', '--mode=bare-user-only', `--repo=${everybody}`]);
  await appendFile(join(everybody, 'config'), `[remote "company"]\nurl=${corp}\ngpg-verify=false\n`);
  const ref = `org.example.Calc/${arch}/stable`;
  const raw = { name: 'Calc', ref, remote: 'company', remoteUrl: `${corp}/`, installation: 'system' };

  const outcome = await applyApp(restoring(device, [], []), { itemId: 'apps.flatpak/org.example.Calc', raw });

  assert.deepEqual(outcome, { itemId: 'apps.flatpak/org.example.Calc', status: 'applied' });
  const [app] = (await itemsOf(device)).filter(({ itemId }) => itemId.startsWith('apps.flatpak/'));
  assert.equal(textIn(app?.raw, 'installation'), 'user');
});

test('a remote that is neither here nor on the list is not added', async () => {
  await using old = await aDeviceWith(['Notes']);
  await using fresh = await aDevice();
  const snapshot = await itemsOf(old);
  const context = restoring(fresh, snapshot, ['https://dl.example.org/repo/']);

  for (const item of snapshot) {
    const reason = { code: 'appSourceNotAllowed', facts: { source: corp } };
    assert.deepEqual((await inspectApps(context, [item])).get(item.itemId)?.obstacle, { status: 'skipped', reason });
    assert.deepEqual(await applyApp(context, item), { itemId: item.itemId, status: 'skipped', reason });
  }
  assert.deepEqual(await readdir(fresh.home), []);
});

test('a remote of the same name but another address is left alone', async () => {
  await using old = await aDeviceWith(['Notes']);
  await using fresh = await aDevice();
  const other = join(scratch, 'other');
  await mkdir(other);
  await fresh.run('flatpak', ['remote-add', '--user', '--no-gpg-verify', 'corp', `file://${other}`]);
  const snapshot = await itemsOf(old);

  const outcomes = await Promise.all(snapshot.map((item) => applyApp(restoring(fresh, snapshot), item)));

  assert.deepEqual(new Set(outcomes.map(({ reason }) => reason?.code)), new Set(['differsHere']));
  const config = await readFile(join(fresh.home, '.local/share/flatpak/repo/config'), 'utf8');
  assert.match(config, new RegExp(`url=file://${other}`));
});

test('an app that is gone and a source that is down cost only themselves, and are told apart', async () => {
  const address = await flatpakRepository(join(scratch, 'moving'), [{ name: 'Notes' }, { name: 'Calc' }]);
  await using old = await aDevice();
  await run(old, 'remote-add', '--user', '--no-gpg-verify', 'moving', address);
  await run(old, 'install', '--user', '--noninteractive', 'moving', 'org.example.Calc//stable');
  await using fresh = await aDevice();
  const snapshot = await itemsOf(old);
  const calc = snapshot.find(({ itemId }) => itemId === 'apps.flatpak/org.example.Calc');
  assert.ok(calc);
  const gone = {
    itemId: 'apps.flatpak/org.example.Gone',
    raw: { ...(calc.raw as object), name: 'Gone', ref: `org.example.Gone/${arch}/stable` },
  };
  const context = restoring(fresh, snapshot, [address]);

  const goneOutcome = await applyApp(context, gone);
  await rename(join(scratch, 'moving/repo'), join(scratch, 'moving/away'));
  const downOutcome = await applyApp(context, calc);
  await rename(join(scratch, 'moving/away'), join(scratch, 'moving/repo'));
  const laterOutcome = await applyApp(context, calc);

  assert.deepEqual(
    [goneOutcome, downOutcome, laterOutcome].map(({ status, reason }) => [status, reason]),
    [
      ['failed', { code: 'appNotOffered', facts: { app: 'Gone', source: 'moving' } }],
      ['failed', { code: 'appSourceUnreachable', facts: { source: address } }],
      ['applied', undefined],
    ],
  );
});

test('an app that runs on something from another remote brings that remote, if it may be added', async () => {
  const address = await flatpakRepository(join(scratch, 'apps-only'), [{ name: 'Draw' }], { withRuntime: false });
  await using old = await aDeviceWith([]);
  await run(old, 'remote-add', '--user', '--no-gpg-verify', 'apps-only', address);
  await run(old, 'install', '--user', '--noninteractive', 'apps-only', 'org.example.Draw//stable');
  await using allowing = await aDevice();
  await using refusing = await aDevice();
  const snapshot = await itemsOf(old);
  const draw = snapshot.find(({ itemId }) => itemId === 'apps.flatpak/org.example.Draw');
  assert.ok(draw);

  const refused = await applyApp(restoring(refusing, snapshot, [address]), draw);
  const outcome = await applyApp(restoring(allowing, snapshot, [address, corp]), draw);

  assert.deepEqual([refused.status, refused.reason?.code], ['failed', 'appFailed']);
  assert.match(refused.reason?.facts?.['detail'] ?? '', /org\.example\.Platform/);
  assert.deepEqual(outcome, { itemId: draw.itemId, status: 'applied' });
  assert.deepEqual(await itemsOf(allowing), snapshot);
});

test('a signed remote comes over with its key', async () => {
  const gnupgHome = join(scratch, 'gnupg');
  await mkdir(gnupgHome, { mode: 0o700 });
  await using old = await aDevice();
  const gpg = (...args: string[]) => old.run('gpg', ['--homedir', gnupgHome, '--batch', '--quiet', ...args]);
  try {
    await gpg('--passphrase', '', '--quick-gen-key', 'apps@example.org', 'ed25519', 'sign');
    await gpg('--output', join(scratch, 'key.gpg'), '--export');
    const address = await flatpakRepository(join(scratch, 'signed'), [{ name: 'Notes' }], {
      signing: { key: 'apps@example.org', gnupgHome },
    });
    await run(old, 'remote-add', '--user', `--gpg-import=${join(scratch, 'key.gpg')}`, 'signed', address);
    await run(old, 'install', '--user', '--noninteractive', 'signed', 'org.example.Notes//stable');
    await using fresh = await aDevice();
    const snapshot = await itemsOf(old);

    const outcomes = [];
    for (const item of snapshot) outcomes.push(await applyApp(restoring(fresh, snapshot, [address]), item));

    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['applied', 'unchanged'],
    );
    assert.deepEqual(await itemsOf(fresh), snapshot);
    assert.ok(JSON.stringify(snapshot[1]).includes('"verified":true'));
  } finally {
    await old.run('gpgconf', ['--homedir', gnupgHome, '--kill', 'all']);
  }
});

for (const raw of [
  null,
  { ref: '--version/x/stable', remote: 'corp' },
  { ref: 'org.example.Notes/x/--system', remote: 'corp' },
  { ref: '../../etc/x/stable', remote: 'corp' },
  { name: 'x' },
]) {
  test(`a stored app like ${JSON.stringify(raw)} is refused and reaches no command line`, async () => {
    await using device = await temporaryHome({ PATH: '/nowhere' });

    const outcome = await applyApp(restoring(device, []), { itemId: 'apps.flatpak/x', raw });

    assert.deepEqual([outcome.status, outcome.reason?.code], ['failed', 'badValue']);
  });
}

for (const url of ['http://apps.example.org/repo', 'ssh://apps.example.org/repo', '--help', 'oci+http://x.example']) {
  test(`an unsigned remote at ${url} is not added even when it is on the list`, async () => {
    await using device = await temporaryHome({ PATH: '/nowhere' });
    const remote = { itemId: 'apps.flatpakRemote/x', raw: { name: 'x', url, verified: false } };

    const outcome = await applyApp(restoring(device, [remote], [url]), remote);

    assert.deepEqual([outcome.status, outcome.reason?.code], ['skipped', 'appSourceNotAllowed']);
  });
}

test('a password in the address of a remote does not travel', async () => {
  await using device = await aDevice();
  const repo = join(device.home, '.local/share/flatpak/repo');
  await mkdir(repo, { recursive: true });
  await writeFile(join(repo, 'config'), '[remote "own"]\nurl=https://ada:geheim@apps.example.org/repo\n');

  const [remote] = await itemsOf(device);

  assert.equal(textIn(remote?.raw, 'url'), 'https://apps.example.org/repo');
  assert.doesNotMatch(JSON.stringify(remote), /geheim/);
});

test('permissions come over where there are none; those that give something are marked', async () => {
  await using old = await aDevice();
  await using fresh = await aDevice();
  await run(old, 'override', '--user', '--nofilesystem=home', '--unshare=network', 'org.example.Calc');
  await run(old, 'override', '--user', `--filesystem=${old.home}/Pictures`, 'org.example.Notes');
  const snapshot = await itemsOf(old);

  const first = [];
  for (const item of snapshot) first.push(await applyApp(restoring(fresh, snapshot), item));
  const again = [];
  for (const item of snapshot) again.push(await applyApp(restoring(fresh, snapshot), item));

  assert.deepEqual(
    snapshot.map((item) => [item.itemId, appWords(item).flags]),
    [
      ['apps.flatpakOverride/org.example.Calc', []],
      ['apps.flatpakOverride/org.example.Notes', ['runsCode']],
    ],
  );
  assert.deepEqual(
    first.map(({ status }) => status),
    ['applied', 'applied'],
  );
  assert.deepEqual(
    again.map(({ status }) => status),
    ['unchanged', 'unchanged'],
  );
  assert.deepEqual(await itemsOf(fresh), snapshot);
  const { stdout } = await fresh.run('flatpak', ['override', '--user', '--show', 'org.example.Notes']);
  assert.match(stdout, new RegExp(`filesystems=${fresh.home}/Pictures;`));
});

test('permissions that this device has set itself are left alone', async () => {
  await using device = await aDevice();
  await run(device, 'override', '--user', '--unshare=network', 'org.example.Calc');
  const item = { itemId: 'apps.flatpakOverride/org.example.Calc', raw: { text: '[Context]\nshared=network;\n' } };
  const fingerprint = await appsFingerprint(device);

  const outcome = await applyApp(restoring(device, []), item);

  assert.deepEqual([outcome.status, outcome.reason?.code], ['skipped', 'differsHere']);
  assert.equal(await appsFingerprint(device), fingerprint);
});

test('an override cannot be written outside its folder', async () => {
  await using device = await aDevice();
  const item = { itemId: 'apps.flatpakOverride/../../../.profile', raw: { text: 'x' } };

  const outcome = await applyApp(restoring(device, []), item);

  assert.equal(outcome.reason?.code, 'badValue');
  assert.deepEqual(await readdir(device.home), []);
});

test('the fingerprint changes when an app comes or goes, a remote or a permission changes', async () => {
  await using device = await aDevice();
  const seen = new Set([await appsFingerprint(device)]);
  for (const args of [
    ['remote-add', '--user', '--no-gpg-verify', 'corp', corp],
    ['install', '--user', '--noninteractive', 'corp', 'org.example.Calc//stable'],
    ['override', '--user', '--unshare=network', 'org.example.Calc'],
    ['uninstall', '--user', '--noninteractive', 'org.example.Calc'],
  ]) {
    await run(device, ...args);
    seen.add(await appsFingerprint(device));
  }

  assert.equal(seen.size, 5);
});
