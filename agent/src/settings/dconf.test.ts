import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { Json } from '@carryover/model/canonical';
import type { Catalog, LinuxPlace, Setting } from '@carryover/model/setting';
import { type Desktop, type DesktopOptions, desktop } from '../../testing/desktop.ts';
import { aCatalog, aSetting } from '../../testing/sample-catalog.ts';
import { watched } from '../../testing/watched-system.ts';
import { dryRun } from '../system/dry-run.ts';
import { realSystem } from '../system/real.ts';
import type { System } from '../system/system.ts';
import { dconf } from './dconf.ts';
import type { ItemToApply, MechanismContext } from './mechanism.ts';

const SCHEMAS = {
  'org.example.gschema.xml': `<schemalist>
    <enum id="org.example.Style"><value nick="light" value="0"/><value nick="dark" value="1"/></enum>
    <schema id="org.example.app" path="/org/example/app/">
      <key name="style" enum="org.example.Style"><default>'light'</default></key>
      <key name="size" type="u"><range min="1" max="64"/><default>10</default></key>
      <key name="factor" type="d"><default>1.0</default></key>
      <key name="from" type="d"><default>20.0</default></key>
      <key name="to" type="d"><default>6.0</default></key>
      <key name="folders" type="as"><default>[]</default></key>
      <key name="picture-uri" type="s"><default>''</default></key>
      <key name="lock-uri" type="s"><default>''</default></key>
    </schema>
    <schema id="org.example.item"><key name="name" type="s"><default>''</default></key></schema>
  </schemalist>`,
};

const dconfKeys = (keys: readonly string[], types: readonly string[]): LinuxPlace => ({
  mechanism: 'dconf',
  keys: keys.map((key) => `/org/example/${key}`),
  types,
});
const aKey = (id: string, key: string, type: string) => aSetting({ id, linux: [dconfKeys([key], [type])] });

const SETTINGS: readonly Setting[] = [
  aKey('style', 'app/style', 's'),
  aKey('size', 'app/size', 'i'),
  aKey('factor', 'app/factor', 'd'),
  aKey('folders', 'app/folders', 'as'),
  aKey('later', 'app/later', 'b'),
  aKey('password', 'app/password', 's'),
  aSetting({ id: 'hours', linux: [dconfKeys(['app/from', 'app/to'], ['d', 'd'])] }),
  aSetting({ id: 'both', linux: [dconfKeys(['elsewhere/size', 'app/size'], ['u', 'u'])] }),
  aSetting({ id: 'items', linux: [{ mechanism: 'dconfPattern', pattern: '/org/example/items/*/*' }] }),
  aSetting({ id: 'wallpaper', linux: [{ mechanism: 'dconfImage', key: '/org/example/app/picture-uri' }] }),
  aSetting({ id: 'lockScreen', linux: [{ mechanism: 'dconfImage', key: '/org/example/app/lock-uri' }] }),
];
const CATALOG: Catalog = { ...aCatalog(SETTINGS), deny: { dconf: ['/**/*password*'], files: [], registry: [] } };

const desktops: Desktop[] = [];
after(async () => {
  for (const each of desktops) await each.close();
});

async function aDesktop(options: DesktopOptions = {}): Promise<Desktop> {
  const made = await desktop({ schemas: SCHEMAS, ...options });
  desktops.push(made);
  return made;
}

const blobIdOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

function contextOf({ system }: Desktop, blobs: readonly Uint8Array[] = []): MechanismContext {
  const byId = new Map(blobs.map((content) => [blobIdOf(content), content]));
  const blob = async (id: string) => {
    const content = byId.get(id);
    if (content === undefined) throw new Error(`no blob ${id}`);
    return content;
  };
  return { system, catalog: CATALOG, blobIdOf, blob, organization: 'Contoso' };
}

function items(raws: Readonly<Record<string, Json>>): ItemToApply[] {
  return Object.entries(raws).map(([itemId, raw]) => {
    const setting = SETTINGS.find(({ id }) => id === itemId.split('/')[0]);
    assert.ok(setting);
    return { itemId, raw, setting };
  });
}

async function readAll(context: MechanismContext): Promise<Record<string, Json>> {
  const { items } = await dconf.read(context, SETTINGS);
  return Object.fromEntries(items.map(({ itemId, raw }) => [itemId, raw]));
}

async function statuses(
  context: MechanismContext,
  raws: Readonly<Record<string, Json>>,
): Promise<Record<string, string>> {
  const outcomes = await dconf.apply(context, items(raws));
  return Object.fromEntries(
    outcomes.map(({ itemId, status, reason }) => [itemId, reason === undefined ? status : `${status} ${reason.code}`]),
  );
}

function put(home: string, path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), content);
}

/** Every file and folder with what tells a change. */
function snapshotOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !['.local', '.local/state'].includes(path) && !path.startsWith('.local/state/carryover'))
    .map((path) => {
      const { size, mtimeNs, ino } = statSync(join(folder, path), { bigint: true });
      return `${path} ${ino} ${size} ${mtimeNs}`;
    })
    .toSorted();
}

const PNG = (name: string) => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from(name)]);

const A_FEW = `[org/example/app]
style='dark'
size=uint32 12
factor=0.35
from=21.5
folders=['/mnt/x', 'HOME/a']
password='secret'
unknown=1

[org/example/items/one]
name='One'
`;

test('what the person set is read, templated, by item; what is denied or in no catalog is not', async () => {
  const device = await aDesktop();
  await device.load(A_FEW.replace('HOME', device.home));

  assert.deepEqual(await readAll(contextOf(device)), {
    style: "'dark'",
    size: 'uint32 12',
    factor: '0.34999999999999998',
    hours: { '/org/example/app/from': '21.5' },
    folders: `['/mnt/x', '\${HOME}/a']`,
    'items/one/name': "'One'",
  });
});

test('only settings that are asked for are read', async () => {
  const device = await aDesktop();
  await device.load(A_FEW);

  const { items } = await dconf.read(
    contextOf(device),
    SETTINGS.filter(({ id }) => id === 'style'),
  );

  assert.deepEqual(
    items.map(({ itemId }) => itemId),
    ['style'],
  );
});

test("an administrator's value is not the person's, and the person's own is read behind a lock", async () => {
  const administrator = { values: "[org/example/app]\nstyle='dark'\nfactor=2.0\n", locks: ['/org/example/app/style'] };
  const device = await aDesktop({ administrator });
  assert.deepEqual(await readAll(contextOf(device)), {});

  const before = await aDesktop();
  await before.load("[org/example/app]\nstyle='light'\n");
  put(device.home, '.config/dconf/user', readFileSync(join(before.home, '.config/dconf/user')));

  assert.deepEqual(await readAll(contextOf(device)), { style: "'light'" });
});

for (const where of ['in a session', 'without a session'] as const) {
  const options = where === 'in a session' ? {} : { bus: false, env: { XDG_RUNTIME_DIR: undefined } };

  test(`reading and inspecting write nothing outside the state folder, ${where}`, async () => {
    const device = await aDesktop(options);
    await device.load(A_FEW);
    const context = contextOf(device);
    await readAll(context);
    const before = snapshotOf(device.home);

    await readAll(context);
    await dconf.inspect(context, items({ style: "'light'", wallpaper: { uri: '' } }));
    await dconf.former(context, items({ style: "'light'", wallpaper: { uri: '' } }));

    assert.deepEqual(snapshotOf(device.home), before);
  });

  test(`reading a home without any settings gives nothing and makes nothing, ${where}`, async () => {
    const device = await aDesktop(options);

    assert.deepEqual(await readAll(contextOf(device)), {});

    assert.deepEqual(
      readdirSync(device.home),
      ['.local'].filter((name) => existsSync(join(device.home, name))),
    );
  });

  test(`values are applied once, and applying again changes nothing, ${where}`, async () => {
    const device = await aDesktop(options);
    const context = contextOf(device);
    const raws = { style: "'dark'", size: '12', factor: '0.35', folders: `['\${HOME}/a']`, 'items/one/name': "'One'" };

    const first = await statuses(context, raws);
    const second = await statuses(context, raws);

    assert.deepEqual(first, Object.fromEntries(Object.keys(raws).map((id) => [id, 'applied'])));
    assert.deepEqual(second, Object.fromEntries(Object.keys(raws).map((id) => [id, 'unchanged'])));
    assert.match(await device.dump(), new RegExp(`folders=\\['${device.home}/a'\\]`));
    assert.match(await device.dump(), /size=uint32 12/);
    assert.equal(existsSync(join(device.home, '.cache')), false);
  });
}

test('each item that cannot be applied says why, and the others are applied', async () => {
  const administrator = {
    values: "[org/example/app]\nstyle='light'\n",
    locks: ['/org/example/app/style', '/org/example/items/'],
  };
  const device = await aDesktop({ administrator });
  const context = contextOf(device);
  const raws: Record<string, Json> = {
    style: "'dark'",
    size: '65',
    factor: "'wide'",
    folders: 'not a value',
    later: 'true',
    password: "'secret'",
    hours: { '/org/example/app/from': '1.0', '/org/example/app/other': '2.0' },
    'items/one/name': "'a folder in the list of locks locks nothing'",
    'items/one/colour': "'red'",
    'items/../app/size': '5',
    'items/one\n[org/example/app]\nsize=5/name': "'x'",
  };

  const found = await statuses(context, raws);

  assert.deepEqual(found, {
    style: 'lockedByPolicy lockedByPolicy',
    size: 'failed badValue',
    factor: 'failed badValue',
    folders: 'failed badValue',
    later: 'notOnThisVersion notOnThisVersion',
    password: 'skipped outsideHome',
    hours: 'failed badValue',
    'items/one/name': 'applied',
    'items/one/colour': 'notOnThisVersion notOnThisVersion',
    'items/../app/size': 'skipped outsideHome',
    'items/one\n[org/example/app]\nsize=5/name': 'skipped outsideHome',
  });
  const findings = await dconf.inspect(context, items(raws));
  assert.deepEqual(findings.get('style')?.obstacle?.reason.facts, {
    policy: 'dconf /org/example/app/style',
    org: 'Contoso',
  });
  assert.equal(findings.get('items/one/name')?.same, true);
  assert.deepEqual(await readAll(context), { 'items/one/name': raws['items/one/name'] });
});

test('strings that name another computer are left out', async () => {
  const device = await aDesktop();
  const context = contextOf(device);
  const raws = {
    folders: "['/home/x', 'smb://server/share']",
    'items/a/name': "'\\\\\\\\server\\\\share'",
    'items/b/name': "'file://server/share/x'",
    'items/c/name': "'file:///home/x'",
    'items/d/name': "'https://www.example.org'",
  };

  assert.deepEqual(await statuses(context, raws), {
    folders: 'skipped remoteLocation',
    'items/a/name': 'skipped remoteLocation',
    'items/b/name': 'skipped remoteLocation',
    'items/c/name': 'applied',
    'items/d/name': 'applied',
  });
});

test('inspecting tells what is there now, what would stay, and compares doubles as numbers', async () => {
  const device = await aDesktop();
  await device.load(A_FEW);

  const findings = await dconf.inspect(
    contextOf(device),
    items({ style: "'light'", factor: '0.350', hours: { '/org/example/app/to': '7.0' }, 'items/two/name': "'Two'" }),
  );

  assert.deepEqual(findings.get('style'), { now: "'dark'", nowWords: 'dark', same: false });
  assert.deepEqual(findings.get('factor'), { now: '0.34999999999999998', nowWords: '0.35', same: true });
  assert.equal(findings.get('hours')?.same, false);
  assert.deepEqual(findings.get('items/two/name'), { now: undefined, nowWords: '', same: false });
});

test('the keys of one setting come over together: what the other PC had not set is unset', async () => {
  const device = await aDesktop();
  await device.load(A_FEW);
  const context = contextOf(device);

  assert.deepEqual(await statuses(context, { hours: { '/org/example/app/to': '7.0' } }), { hours: 'applied' });

  assert.deepEqual((await readAll(context))['hours'], { '/org/example/app/to': '7.0' });
});

test('undo brings back what was there, unsets what was not, and can be repeated', async () => {
  const device = await aDesktop();
  await device.load(A_FEW.replace('HOME', device.home));
  const context = contextOf(device);
  const before = await readAll(context);
  const wanted = items({
    style: "'light'",
    size: '13',
    hours: { '/org/example/app/to': '7.0' },
    'items/two/name': "'Two'",
    folders: '@as []',
  });
  const former = await dconf.former(context, wanted);
  await dconf.apply(context, wanted);

  const first = await dconf.revert(context, former);
  const second = await dconf.revert(context, former);

  assert.deepEqual(await readAll(context), before);
  assert.deepEqual(new Set(first.map(({ status }) => status)), new Set(['applied']));
  assert.deepEqual(new Set(second.map(({ status }) => status)), new Set(['unchanged']));
});

test('undo gives back even what no schema would allow', async () => {
  const device = await aDesktop();
  await device.load("[org/example/app]\nsize='wrong type'\n");
  const context = contextOf(device);
  const wanted = items({ size: '13' });
  const former = await dconf.former(context, wanted);
  await dconf.apply(context, wanted);

  await dconf.revert(context, former);

  assert.match(await device.dump(), /size='wrong type'/);
});

test('the bus of a running session is used also when nobody names it, and no second one is started', async () => {
  const device = await aDesktop();
  const words: string[] = [];
  const system: System = {
    ...device.system,
    env: { ...device.system.env, DBUS_SESSION_BUS_ADDRESS: undefined },
    run(program, args, options) {
      words.push(program, ...args);
      return device.system.run(program, args, {
        ...options,
        env: { DBUS_SESSION_BUS_ADDRESS: undefined, ...options?.env },
      });
    },
  };

  assert.deepEqual(await statuses({ ...contextOf(device), system }, { style: "'dark'" }), { style: 'applied' });

  assert.equal(words.includes('load'), true);
  assert.equal(words.includes('dbus-run-session'), false);
});

test('a change is one run, looking is none, and there is none when there is nothing to change', async () => {
  const device = await aDesktop();
  await device.load(A_FEW);
  const system = watched(device.system);
  const context = { ...contextOf(device), system };
  const runs = () => system.changes.filter((change) => change.startsWith('run')).length;

  assert.deepEqual(await statuses(context, { style: "'light'" }), { style: 'applied' });
  assert.deepEqual([system.runs.length, runs()], [1, 1]);
  assert.deepEqual(await statuses(context, { style: "'light'" }), { style: 'unchanged' });
  assert.deepEqual([system.runs.length, runs()], [1, 1]);
});

test('a database that is not an ordinary file of its own is read by dconf itself', async () => {
  const device = await aDesktop();
  await device.load(A_FEW);
  const file = join(device.home, '.config/dconf/user');
  const elsewhere = join(device.home, 'elsewhere');
  renameSync(file, elsewhere);
  symlinkSync(elsewhere, file);
  const system = watched(device.system);
  const context = { ...contextOf(device), system };

  assert.equal((await readAll(context))['style'], "'dark'");

  assert.deepEqual(system.runs, ['dconf dump /']);
});

test('a dry run decides by what is there and writes nothing', async () => {
  const device = await aDesktop();
  await device.load(A_FEW);
  const before = await device.dump();
  const told: string[] = [];
  const context = { ...contextOf(device), system: dryRun(device.system, (change) => told.push(change)) };

  await statuses(context, { style: "'dark'" });
  assert.deepEqual(told, []);
  await statuses(context, { style: "'light'" });

  assert.match(told.join(), / dconf load -f \/$/);
  assert.equal(await device.dump(), before);
});

test('without dconf, applying says which part is missing', async () => {
  const device = await aDesktop();
  const only = join(device.home, 'bin');
  mkdirSync(only);
  symlinkSync('/bin/sh', join(only, 'sh'));
  const context = { ...contextOf(device), system: realSystem({ ...device.env, PATH: only }) };

  for (const load of ['', A_FEW]) {
    await device.load(load);
    const [outcome] = await dconf.apply(context, items({ style: "'light'" }));
    assert.match(outcome?.reason?.facts?.['detail'] ?? '', /"dconf" is not installed/);
  }
});

test('when dconf cannot write, every item says so', async () => {
  const device = await aDesktop({ bus: false });
  const system = { ...device.system, env: { ...device.system.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' } };

  assert.deepEqual(await statuses({ ...contextOf(device), system }, { style: "'dark'" }), {
    style: 'failed applyFailed',
  });
});

test('a picture travels by content and lands among the backgrounds, once', async () => {
  const [from, to] = [await aDesktop(), await aDesktop()];
  const picture = PNG('lofoten');
  put(from.home, 'Pictures/My Lofoten.png', picture);
  await from.load(`[org/example/app]\npicture-uri='file://${from.home}/Pictures/My%20Lofoten.png'\n`);

  const { items: found, failures } = await dconf.read(contextOf(from), SETTINGS);
  const [wallpaper] = found;
  assert.deepEqual(failures, []);
  assert.deepEqual(wallpaper?.raw, {
    uri: `file://\${HOME}/Pictures/My%20Lofoten.png`,
    blob: blobIdOf(picture),
    mediaType: 'image/png',
    bytes: picture.length,
  });
  const context = contextOf(to, [picture]);
  const raws = { wallpaper: wallpaper?.raw ?? '', lockScreen: wallpaper?.raw ?? '' };
  const first = await statuses(context, raws);
  const second = await statuses(context, raws);

  assert.deepEqual(first, { wallpaper: 'applied', lockScreen: 'applied' });
  assert.deepEqual(second, { wallpaper: 'unchanged', lockScreen: 'unchanged' });
  const folder = join(to.home, '.local/share/backgrounds');
  assert.deepEqual(readdirSync(folder), ['My Lofoten.png']);
  assert.deepEqual(readFileSync(join(folder, 'My Lofoten.png')), picture);
  assert.match(await to.dump(), new RegExp(`picture-uri='file://${folder}/My%20Lofoten.png'`));
});

test('a picture does not replace another one of its name', async () => {
  const device = await aDesktop();
  const picture = PNG('new');
  put(device.home, '.local/share/backgrounds/sea.png', PNG('mine'));
  const raw = { uri: `file://\${HOME}/Pictures/sea.png`, blob: blobIdOf(picture) };

  assert.deepEqual(await statuses(contextOf(device, [picture]), { wallpaper: raw }), { wallpaper: 'applied' });

  assert.deepEqual(readFileSync(join(device.home, '.local/share/backgrounds/sea.png')), PNG('mine'));
  assert.equal(readdirSync(join(device.home, '.local/share/backgrounds')).length, 2);
});

test('a picture of the system stays where it is when the device has the same, a slide show as its first picture', async () => {
  const device = await aDesktop();
  const share = join(dirname(device.home), 'share/backgrounds');
  mkdirSync(share, { recursive: true });
  const picture = PNG('system');
  writeFileSync(join(share, 'default.png'), picture);
  writeFileSync(
    join(share, 'show.xml'),
    `<?xml version="1.0"?>\n<background><static><file>${share}/default.png</file></static></background>`,
  );
  const raw = (uri: string, blob = picture) => ({ uri, blob: blobIdOf(blob) });
  await device.load(`[org/example/app]\npicture-uri='file://${share}/show.xml'\n`);

  const { items: found } = await dconf.read(contextOf(device), SETTINGS);
  const [shown] = found;
  assert.deepEqual(
    shown?.blobs.map(({ blobId }) => blobId),
    [blobIdOf(picture)],
  );
  assert.deepEqual(shown?.raw, {
    uri: `file://${share}/show.xml`,
    blob: blobIdOf(picture),
    mediaType: 'image/png',
    bytes: picture.length,
  });

  const other = PNG('other system');
  const context = contextOf(device, [picture, other]);
  assert.deepEqual(await statuses(context, { lockScreen: raw(`file://${share}/default.png`) }), {
    lockScreen: 'applied',
  });
  assert.match(await device.dump(), new RegExp(`lock-uri='file://${share}/default.png'`));
  assert.equal(existsSync(join(device.home, '.local/share/backgrounds')), false);

  assert.deepEqual(
    await statuses(context, { lockScreen: { ...raw(`file://${share}/show.xml`, other), mediaType: 'image/png' } }),
    {
      lockScreen: 'applied',
    },
  );
  assert.deepEqual(readdirSync(join(device.home, '.local/share/backgrounds')), ['show.png']);
});

test("a picture that the system names by a link is read, one that a link takes out of the person's folders is not", async () => {
  const device = await aDesktop();
  const folder = dirname(device.home);
  const share = join(folder, 'share/backgrounds');
  mkdirSync(share, { recursive: true });
  writeFileSync(join(share, 'real.png'), PNG('real'));
  symlinkSync(join(share, 'real.png'), join(share, 'default'));
  writeFileSync(join(folder, 'outside.png'), PNG('outside'));
  symlinkSync(join(folder, 'outside.png'), join(device.home, 'link.png'));
  await device.load(
    `[org/example/app]\npicture-uri='file://${share}/default'\nlock-uri='file://${device.home}/link.png'\n`,
  );

  const { items: found, failures } = await dconf.read(contextOf(device), SETTINGS);

  assert.deepEqual(
    found.map(({ itemId, blobs }) => [itemId, blobs[0]?.blobId]),
    [['wallpaper', blobIdOf(PNG('real'))]],
  );
  assert.deepEqual(
    failures.map(({ itemId, reason }) => [itemId, reason.code]),
    [['lockScreen', 'outsideHome']],
  );
});

test('a picture is inspected by its name and content', async () => {
  const device = await aDesktop();
  const picture = PNG('same');
  put(device.home, 'Pictures/My sea.png', picture);
  await device.load(`[org/example/app]\npicture-uri='file://${device.home}/Pictures/My%20sea.png'\n`);
  const elsewhere = { uri: 'file:///home/other/sea.png', blob: blobIdOf(picture) };

  const findings = await dconf.inspect(contextOf(device), items({ wallpaper: elsewhere, lockScreen: elsewhere }));

  assert.deepEqual(findings.get('wallpaper'), {
    now: { uri: `file://\${HOME}/Pictures/My%20sea.png` },
    nowWords: 'My sea.png',
    same: true,
  });
  assert.deepEqual(findings.get('lockScreen'), { now: undefined, nowWords: '', same: false });
});

test('pictures elsewhere, of another kind or damaged are refused, each with its reason', async () => {
  const device = await aDesktop();
  const context = contextOf(device, [Buffer.from('no picture')]);
  put(device.home, 'notes.png', 'no picture');
  await device.load(
    `[org/example/app]\npicture-uri='smb://server/a.png'\nlock-uri='file://${device.home}/notes.png'\n`,
  );

  const { failures } = await dconf.read(context, SETTINGS);
  assert.deepEqual(failures.map(({ itemId, reason }) => `${itemId} ${reason.code}`).toSorted(), [
    'lockScreen badValue',
    'wallpaper remoteLocation',
  ]);

  const blob = blobIdOf(Buffer.from('no picture'));
  for (const [raw, expected] of [
    [{ uri: 'https://example.org/a.png', blob }, 'skipped remoteLocation'],
    [{ uri: 'file://server/a.png', blob }, 'skipped remoteLocation'],
    [{ uri: '\\\\server\\a.png', blob }, 'skipped remoteLocation'],
    [{ uri: 'file:///tmp/a.png', blob, bytes: 99_000_000 }, 'skipped fileTooLarge'],
    [{ uri: 'file:///tmp/a.png', blob }, 'failed badValue'],
    [{ uri: 'file:///etc/passwd' }, 'failed outsideHome'],
    [{ uri: `file://\${HOME}/missing.png` }, 'failed fileUnreadable'],
    [{ uri: 'file:///tmp/a.png', blob: 'ff' }, 'failed applyFailed'],
    ['file:///tmp/a.png', 'failed badValue'],
  ] as const)
    assert.deepEqual(await statuses(context, { wallpaper: raw }), { wallpaper: expected }, JSON.stringify(raw));
  assert.equal(existsSync(join(device.home, '.local/share/backgrounds')), false);
});

test('undo of a picture brings the former one back and takes the new file away', async () => {
  const device = await aDesktop();
  put(device.home, 'old.png', PNG('old'));
  await device.load(`[org/example/app]\npicture-uri='file://${device.home}/old.png'\n`);
  const picture = PNG('new');
  const context = contextOf(device, [picture]);
  const before = await device.dump();
  const raw = { uri: `file://\${HOME}/Pictures/new.png`, blob: blobIdOf(picture) };
  const wanted = items({ wallpaper: raw, lockScreen: raw });
  const former = await dconf.former(context, wanted);
  await dconf.apply(context, wanted);
  assert.notEqual(await device.dump(), before);

  await dconf.revert(context, former);

  assert.equal(await device.dump(), before);
  assert.deepEqual(readdirSync(join(device.home, '.local/share/backgrounds')), []);
});

test('of a setting that lies in several places, the places that this desktop has are set', async () => {
  const device = await aDesktop();
  const context = contextOf(device);

  const known = await statuses(context, { both: { '/org/example/app/size': 'uint32 9' } });
  const mixed = await statuses(context, {
    both: { '/org/example/app/size': 'uint32 8', '/org/example/elsewhere/size': 'uint32 8' },
  });
  const unknown = await statuses(context, { both: { '/org/example/elsewhere/size': 'uint32 7' } });

  assert.deepEqual([known, mixed], [{ both: 'applied' }, { both: 'applied' }]);
  assert.deepEqual(unknown, { both: 'notOnThisVersion notOnThisVersion' });
  assert.deepEqual(await readAll(context), { size: 'uint32 8' });
});
