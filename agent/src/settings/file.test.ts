import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { FilePlace, Setting } from '@carryover/model/setting';
import { aCatalog, aSetting } from '../../testing/sample-catalog.ts';
import { temporaryHome } from '../../testing/temporary-home.ts';
import type { System } from '../system/system.ts';
import { file, MAX_SNAPSHOT_FILE_BYTES } from './file.ts';
import type { FoundItem, ItemToApply, MechanismContext } from './mechanism.ts';

const KEY = randomBytes(32);
const blobIdOf = (content: Uint8Array) => createHmac('sha256', KEY).update(content).digest('hex');

function aPlace(id: string, place: Partial<FilePlace> & { path: string }): Setting {
  return aSetting({ id, category: 'other', linux: [{ mechanism: 'file', maxBytes: 1024 * 1024, ...place }] });
}

const BOOKMARKS = aPlace('files.bookmarks', { path: '.config/gtk-3.0/bookmarks', template: true });
const TEMPLATES = aPlace('files.templates', { path: 'Templates/*' });
const FONTS = aPlace('fonts.files', { path: '.local/share/fonts/**' });
const STARTUP = aPlace('startup.apps', { path: '.config/autostart/*.desktop', template: true });
const SETTINGS = [BOOKMARKS, TEMPLATES, FONTS, STARTUP];

interface Device extends MechanismContext, AsyncDisposable {
  readonly blobs: Map<string, Uint8Array>;
  put(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  at(path: string): string;
}

async function aDevice(settings: readonly Setting[] = SETTINGS, deny: readonly string[] = []): Promise<Device> {
  const system = await temporaryHome();
  const blobs = new Map<string, Uint8Array>();
  const catalog = { ...aCatalog(settings), deny: { dconf: [], files: deny, registry: [] } };
  const at = (path: string) => join(system.home, path);
  return {
    system,
    catalog,
    blobIdOf,
    blobs,
    at,
    blob: async (id) => blobs.get(id) ?? Promise.reject(new Error('The service has no such blob.')),
    async put(path, content, mode = 0o644) {
      await mkdir(dirname(at(path)), { recursive: true });
      await writeFile(at(path), content);
      await chmod(at(path), mode);
    },
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  };
}

/** What a restore on `device` would be handed of a capture. */
function sent(items: readonly FoundItem[], device: Device): ItemToApply[] {
  for (const { blobs } of items) for (const { blobId, content } of blobs) device.blobs.set(blobId, content);
  return items.map(({ itemId, setting, raw }) => ({ itemId, setting, raw }));
}

async function everyFile(system: System): Promise<string[]> {
  const entries = await readdir(system.home, { recursive: true, withFileTypes: true });
  return entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
}

/** Everything in the home with what changes at every write. */
async function traces(system: System): Promise<(string | undefined)[][]> {
  return Promise.all((await everyFile(system)).map(async (path) => [path, (await system.facts(path))?.fingerprint]));
}

test('files come back on another device byte for byte, with their modes, whatever the umask', async () => {
  await using old = await aDevice();
  await using fresh = await aDevice();
  const picture = randomBytes(70_000);
  await old.put('Templates/letter.bin', picture, 0o640);
  await old.put('.local/share/fonts/a/b/c.ttf', picture, 0o755);
  await old.put('.local/share/fonts/d.ttf', '', 0o600);

  const { items, failures } = await file.read(old, SETTINGS);
  const wanted = sent(items, fresh);
  const umask = process.umask(0o077);
  const outcomes = await file.apply(fresh, wanted).finally(() => process.umask(umask));

  assert.deepEqual(failures, []);
  assert.deepEqual(outcomes, [
    { itemId: 'files.templates/Templates/letter.bin', status: 'applied' },
    { itemId: 'fonts.files/.local/share/fonts/a/b/c.ttf', status: 'applied' },
    { itemId: 'fonts.files/.local/share/fonts/d.ttf', status: 'applied' },
  ]);
  assert.deepEqual(await readFile(fresh.at('Templates/letter.bin')), picture);
  assert.equal((await stat(fresh.at('Templates/letter.bin'))).mode & 0o7777, 0o640);
  assert.equal((await stat(fresh.at('.local/share/fonts/a/b/c.ttf'))).mode & 0o7777, 0o755);
});

test('reading leaves the home as it was', async () => {
  await using device = await aDevice();
  await device.put('Templates/letter.txt', 'Dear');
  const before = await traces(device.system);

  await file.read(device, SETTINGS);

  assert.deepEqual(await traces(device.system), before);
});

test('what is not there is neither an item nor a failure', async () => {
  await using device = await aDevice();

  assert.deepEqual(await file.read(device, SETTINGS), { items: [], failures: [] });
});

test('applying twice changes nothing the second time', async () => {
  await using old = await aDevice();
  await using fresh = await aDevice();
  await old.put('.config/gtk-3.0/bookmarks', `file://${old.system.home}/Documents\n`);
  const wanted = sent((await file.read(old, SETTINGS)).items, fresh);

  const first = await file.apply(fresh, wanted);
  const after = await traces(fresh.system);
  const second = await file.apply(fresh, wanted);

  assert.deepEqual(first, [{ itemId: 'files.bookmarks', status: 'applied' }]);
  assert.deepEqual(second, [{ itemId: 'files.bookmarks', status: 'unchanged' }]);
  assert.deepEqual(await traces(fresh.system), after);
  assert.equal(
    await readFile(fresh.at('.config/gtk-3.0/bookmarks'), 'utf8'),
    `file://${fresh.system.home}/Documents\n`,
  );
});

test('two homes with the same bookmarks store the same content', async () => {
  await using one = await aDevice();
  await using other = await aDevice();
  for (const device of [one, other])
    await device.put('.config/gtk-3.0/bookmarks', `file://${device.system.home}/Documents\n`);

  const [a, b] = [await file.read(one, SETTINGS), await file.read(other, SETTINGS)];

  assert.deepEqual(a.items[0]?.raw, b.items[0]?.raw);
});

test('the plan sees a file that is missing, the same, of other content or of another mode', async () => {
  await using old = await aDevice();
  await using fresh = await aDevice();
  for (const name of ['missing', 'same', 'other', 'mode']) await old.put(`Templates/${name}`, name);
  const wanted = sent((await file.read(old, SETTINGS)).items, fresh);
  await fresh.put('Templates/same', 'same');
  await fresh.put('Templates/other', 'something else');
  await fresh.put('Templates/mode', 'mode', 0o600);

  const findings = await file.inspect(fresh, wanted);

  const seen = Object.fromEntries(
    [...findings].map(([id, { same, nowWords, obstacle }]) => [id.split('/').at(-1), [same, nowWords, obstacle]]),
  );
  assert.deepEqual(seen, {
    missing: [false, '', undefined],
    same: [true, '4 bytes', undefined],
    other: [false, '14 bytes', undefined],
    mode: [false, '4 bytes', undefined],
  });
});

test('links and special files are left out and said', async () => {
  await using device = await aDevice();
  await device.put('secret', 'key');
  await device.put('Templates/real', 'x');
  await symlink(device.at('secret'), device.at('Templates/link'));
  await device.system.run('mkfifo', [device.at('Templates/pipe')]);
  await mkdir(device.at('.local/share/fonts'), { recursive: true });
  await symlink('/usr/share/fonts', device.at('.local/share/fonts/system'));

  const { items, failures } = await file.read(device, SETTINGS);

  assert.deepEqual(
    items.map(({ itemId }) => itemId),
    ['files.templates/Templates/real'],
  );
  assert.deepEqual(
    failures.map(({ itemId, reason }) => [itemId, reason.code]),
    [
      ['files.templates/Templates/link', 'notAPlainFile'],
      ['files.templates/Templates/pipe', 'notAPlainFile'],
      ['fonts.files/.local/share/fonts/system', 'notAPlainFile'],
    ],
  );
});

test('a folder that is a link is neither read nor written through', async () => {
  await using old = await aDevice();
  await using fresh = await aDevice();
  await old.put('.config/gtk-3.0/bookmarks', 'file:///srv');
  await old.put('Templates/letter', 'Dear');
  const wanted = sent((await file.read(old, SETTINGS)).items, fresh);
  for (const [target, name] of [
    ['elsewhere', '.config'],
    ['templates', 'Templates'],
  ] as const) {
    await mkdir(fresh.at(target));
    await symlink(fresh.at(target), fresh.at(name));
  }

  const read = await file.read(fresh, SETTINGS);
  const outcomes = await file.apply(fresh, wanted);

  assert.deepEqual(read.items, []);
  assert.deepEqual(
    read.failures.map(({ reason }) => reason.code),
    ['notAPlainFile', 'notAPlainFile', 'notAPlainFile'],
  );
  assert.deepEqual(
    outcomes.map(({ status, reason }) => [status, reason?.code]),
    [
      ['skipped', 'notAPlainFile'],
      ['skipped', 'notAPlainFile'],
    ],
  );
  assert.deepEqual(await readdir(fresh.at('elsewhere')), []);
  assert.deepEqual(await readdir(fresh.at('templates')), []);
});

test('a link in the place of a file is not replaced and not followed', async () => {
  await using old = await aDevice();
  await using fresh = await aDevice();
  await old.put('Templates/letter', 'new');
  const wanted = sent((await file.read(old, SETTINGS)).items, fresh);
  await fresh.put('mine', 'mine');
  await mkdir(fresh.at('Templates'));
  await symlink(fresh.at('mine'), fresh.at('Templates/letter'));

  const [outcome] = await file.apply(fresh, wanted);

  assert.equal(outcome?.reason?.code, 'notAPlainFile');
  assert.equal(await readFile(fresh.at('mine'), 'utf8'), 'mine');
  assert.deepEqual(await file.former(fresh, wanted), []);
});

for (const itemId of [
  'files.templates/../.bashrc',
  'files.templates/Templates/../.bashrc',
  'files.templates/Templates/./x',
  'files.templates//etc/passwd',
  'files.templates/Templates//x',
  'files.templates/Templates/x\0y',
  'files.templates/Templates/deep/x',
  'files.templates/.profile',
  'files.templates',
  'files.templatesX/Templates/x',
]) {
  test(`a snapshot cannot write through the item ${JSON.stringify(itemId)}`, async () => {
    await using device = await aDevice();
    const content = Buffer.from('#!/bin/sh');
    device.blobs.set(blobIdOf(content), content);
    const raw = { blob: blobIdOf(content), bytes: content.length, mode: 0o755 };

    const [outcome] = await file.apply(device, [{ itemId, setting: TEMPLATES, raw }]);

    assert.equal(outcome?.status, 'skipped');
    assert.equal(outcome?.reason?.code, 'outsideHome');
    assert.deepEqual(await everyFile(device.system), []);
  });
}

test('no catalog opens a denied place, in either direction', async () => {
  const all = aPlace('everything', { path: '**' });
  await using device = await aDevice([all], ['.netrc', '.config/gh/**']);
  for (const path of ['.ssh/id_ed25519', '.netrc', '.config/gh/hosts.yml', '.local/state/carryover/tokens.json'])
    await device.put(path, 'secret');
  await device.put('notes.txt', 'fine');

  const { items } = await file.read(device, [all]);
  const outcomes = await file.apply(
    device,
    ['.ssh/authorized_keys', '.netrc', '.config/gh/x', '.local/state/carryover/tokens.json'].map((path) => ({
      itemId: `everything/${path}`,
      setting: all,
      raw: { blob: 'x', bytes: 1, mode: 0o600 },
    })),
  );

  assert.deepEqual(
    items.map(({ itemId }) => itemId),
    ['everything/notes.txt'],
  );
  assert.deepEqual(new Set(outcomes.map(({ reason }) => reason?.code)), new Set(['outsideHome']));
  assert.equal(await readFile(device.at('.netrc'), 'utf8'), 'secret');
});

test('setuid and its like do not travel', async () => {
  await using old = await aDevice();
  await using fresh = await aDevice();
  await old.put('Templates/tool', 'x', 0o6755);
  const [item] = sent((await file.read(old, SETTINGS)).items, fresh);
  assert.ok(item);
  const forged = { ...item, raw: { ...(item.raw as { blob: string; bytes: number }), mode: 0o7755 } };

  await file.apply(fresh, [forged]);

  assert.equal((item.raw as { mode: number }).mode, 0o755);
  assert.equal((await stat(fresh.at('Templates/tool'))).mode & 0o7777, 0o755);
});

test('a file larger than its place allows is left out, and said with its size', async () => {
  const small = aPlace('files.templates', { path: 'Templates/*', maxBytes: 10 });
  await using device = await aDevice([small]);
  await device.put('Templates/fits', '0123456789');
  await device.put('Templates/not', '0123456789A');

  const { items, failures } = await file.read(device, [small]);

  assert.deepEqual(
    items.map(({ itemId }) => itemId),
    ['files.templates/Templates/fits'],
  );
  assert.deepEqual(failures, [
    {
      itemId: 'files.templates/Templates/not',
      reason: { code: 'fileTooLarge', facts: { path: '~/Templates/not', bytes: '11', limit: '10' } },
    },
  ]);
});

test('a name that is not UTF-8 is said, not passed over', async () => {
  await using device = await aDevice();
  await mkdir(device.at('Templates'));
  await writeFile(Buffer.concat([Buffer.from(`${device.at('Templates')}/caf`), Buffer.from([0xe9])]), 'x');

  const { items, failures } = await file.read(device, SETTINGS);

  assert.deepEqual(items, []);
  assert.deepEqual(
    failures.map(({ reason }) => reason.code),
    ['fileUnreadable'],
  );
});

test('files of a snapshot stop at its limit, each one left out is said', async () => {
  const fonts = aPlace('fonts.files', { path: '.local/share/fonts/**', maxBytes: 16 * 1024 * 1024 });
  await using device = await aDevice([fonts]);
  for (const name of ['a', 'b', 'c', 'd']) {
    await device.put(`.local/share/fonts/${name}`, '');
    await truncate(device.at(`.local/share/fonts/${name}`), MAX_SNAPSHOT_FILE_BYTES / 3 - (name === 'a' ? 0 : 1));
  }

  const { items, failures } = await file.read(device, [fonts]);

  assert.deepEqual(
    items.map(({ itemId }) => itemId.slice(-1)),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(
    failures.map(({ itemId, reason }) => [itemId.slice(-1), reason.code]),
    [['d', 'noRoomLeft']],
  );
});

test('undo brings back what was there, and removes what was not', async () => {
  await using old = await aDevice();
  await using fresh = await aDevice();
  const before = Buffer.concat([randomBytes(100), Buffer.from(`${fresh.system.home} \${HOME}`)]);
  await old.put('Templates/replaced', 'new');
  await old.put('Templates/added', 'new');
  await fresh.put('Templates/replaced', before, 0o600);
  const wanted = sent((await file.read(old, SETTINGS)).items, fresh);

  const former = await file.former(fresh, wanted);
  await file.apply(fresh, wanted);
  const undone = await file.revert(fresh, former);
  const again = await file.revert(fresh, former);

  assert.deepEqual(
    undone.map(({ status }) => status),
    ['applied', 'applied'],
  );
  assert.deepEqual(
    again.map(({ status }) => status),
    ['unchanged', 'unchanged'],
  );
  assert.deepEqual(await readFile(fresh.at('Templates/replaced')), before);
  assert.equal((await stat(fresh.at('Templates/replaced'))).mode & 0o7777, 0o600);
  assert.deepEqual(await readdir(fresh.at('Templates')), ['replaced']);
});

test('a file with the home folder in it is brought back by undo exactly as it was', async () => {
  await using old = await aDevice();
  await using fresh = await aDevice();
  await old.put('.config/autostart/mail.desktop', 'Exec=mail');
  const before = `Exec=${fresh.system.home}/x \${HOME}/y`;
  await fresh.put('.config/autostart/mail.desktop', before);
  const wanted = sent((await file.read(old, SETTINGS)).items, fresh);

  const former = await file.former(fresh, wanted);
  await file.apply(fresh, wanted);
  await file.revert(fresh, former);

  assert.equal(await readFile(fresh.at('.config/autostart/mail.desktop'), 'utf8'), before);
});

test('a blob of other content than promised is not written', async () => {
  await using device = await aDevice();
  const promised = blobIdOf(Buffer.from('good'));
  device.blobs.set(promised, Buffer.from('evil'));
  const raw = { blob: promised, bytes: 4, mode: 0o644 };

  const [outcome] = await file.apply(device, [{ itemId: 'files.bookmarks', setting: BOOKMARKS, raw }]);

  assert.deepEqual(outcome, { itemId: 'files.bookmarks', status: 'failed', reason: { code: 'damaged' } });
  assert.deepEqual(await everyFile(device.system), []);
});

for (const raw of [null, 'x', [], {}, { blob: 1, bytes: 1, mode: 1 }, { blob: 'x', bytes: -1, mode: 1 }]) {
  test(`a stored value like ${JSON.stringify(raw)} is refused with a reason`, async () => {
    await using device = await aDevice();

    const [outcome] = await file.apply(device, [{ itemId: 'files.bookmarks', setting: BOOKMARKS, raw }]);

    assert.equal(outcome?.reason?.code, 'badValue');
  });
}

test('a blob that cannot be fetched fails its item and none of the others', async () => {
  await using old = await aDevice();
  await using fresh = await aDevice();
  await old.put('Templates/a', 'a');
  await old.put('Templates/b', 'b');
  const wanted = sent((await file.read(old, SETTINGS)).items, fresh);
  fresh.blobs.delete(blobIdOf(Buffer.from('a')));

  const outcomes = await file.apply(fresh, wanted);

  assert.deepEqual(
    outcomes.map(({ status, reason }) => [status, reason?.code]),
    [
      ['failed', 'applyFailed'],
      ['applied', undefined],
    ],
  );
});
