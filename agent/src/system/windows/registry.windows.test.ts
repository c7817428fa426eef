/** The registry of Windows by its own functions, read back by reg.exe. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, test } from 'node:test';
import { promisify } from 'node:util';
import { KnownError } from '@carryover/model/errors';
import { REGISTRY_TYPES } from '@carryover/model/registry-value';
import { letOnlyRead } from '../../../testing/read-only-key.ts';
import type { Registry, RegistryNamedValue } from '../registry.ts';
import { advapiFrom } from './advapi.ts';
import { type Koffi, loadKoffi } from './koffi.ts';
import { windowsRegistry } from './registry.ts';

const KEY = 'Software\\Carryover Test';

let koffi: Koffi;
let registry: Registry;

before(async () => {
  koffi = await loadKoffi(`${process.env['LOCALAPPDATA']}/Carryover`);
  registry = windowsRegistry(advapiFrom(koffi));
});

afterEach(() => reg('delete', `HKCU\\${KEY}`, '/f').catch(() => undefined));

const reg = (...args: string[]) => promisify(execFile)('reg', args);

const text = (value: string) => Buffer.from(value, 'utf16le');

/** As reg.exe exports it: "name"=data, lines that go on put together. */
async function exported(key: string): Promise<ReadonlyMap<string, string>> {
  const file = join(await mkdtemp(join(tmpdir(), 'exported-')), 'key.reg');
  await reg('export', `HKCU\\${key}`, file, '/y');
  const whole = (await readFile(file, 'utf16le')).replaceAll(/\\\r\n\s*/g, '');
  const values = [...whole.matchAll(/^(@|"(?:[^"\\]|\\.)*")=(.*)\r$/gm)];
  return new Map(values.map(([, name = '', data = '']) => [name, data]));
}

const VALUES: readonly (RegistryNamedValue & { readonly line: string })[] = [
  { name: '', type: REGISTRY_TYPES.REG_SZ, bytes: text('Standard\0'), line: '"Standard"' },
  { name: 'text', type: REGISTRY_TYPES.REG_SZ, bytes: text('Größe 😀\0'), line: '"Größe 😀"' },
  { name: 'empty', type: REGISTRY_TYPES.REG_SZ, bytes: text('\0'), line: '""' },
  { name: 'path', type: REGISTRY_TYPES.REG_EXPAND_SZ, bytes: text('%A%\0'), line: 'hex(2):25,00,41,00,25,00,00,00' },
  { name: 'a\\b', type: REGISTRY_TYPES.REG_DWORD, bytes: Buffer.from('ffffffff', 'hex'), line: 'dword:ffffffff' },
  { name: 'long', type: REGISTRY_TYPES.REG_QWORD, bytes: Buffer.alloc(8, 255), line: 'hex(b):ff,ff,ff,ff,ff,ff,ff,ff' },
  { name: 'bytes', type: REGISTRY_TYPES.REG_BINARY, bytes: Buffer.from('00ff', 'hex'), line: 'hex:00,ff' },
  { name: 'no bytes', type: REGISTRY_TYPES.REG_BINARY, bytes: Buffer.alloc(0), line: 'hex:' },
  { name: 'nothing', type: REGISTRY_TYPES.REG_NONE, bytes: Buffer.alloc(0), line: 'hex(0):' },
  { name: 'texts', type: REGISTRY_TYPES.REG_MULTI_SZ, bytes: text('a\0\0'), line: 'hex(7):61,00,00,00,00,00' },
  { name: 'half', type: REGISTRY_TYPES.REG_BINARY, bytes: text('\ud83d'), line: 'hex:3d,d8' },
  { name: 'own type', type: 4711, bytes: Buffer.from('01', 'hex'), line: 'hex(1267):01' },
];

test('a value of every type is kept byte by byte, and reg.exe finds the same', async () => {
  for (const { line: _, ...value } of VALUES) await registry.set('HKCU', KEY, value);

  const found = await registry.values('HKCU', KEY);

  const plain = (values: readonly RegistryNamedValue[]) =>
    values.map(({ name, type, bytes }) => [name, type, Buffer.from(bytes).toString('hex')]).toSorted();
  assert.deepEqual(plain(found ?? []), plain(VALUES));
  const outside = await exported(KEY);
  for (const { name, line } of VALUES) {
    const key = name === '' ? '@' : JSON.stringify(name);
    assert.equal(outside.get(key), line, key);
  }
});

test('half a surrogate pair comes back in a text and in a name', async () => {
  const value = { name: 'x\udc00', type: REGISTRY_TYPES.REG_SZ, bytes: text('\ud83d!\0') };

  await registry.set('HKCU', KEY, value);

  const [found] = (await registry.values('HKCU', KEY)) ?? [];
  assert.equal(found?.name, value.name);
  assert.deepEqual(Buffer.from(found?.bytes ?? []), value.bytes);
});

test('a value of 100 kB is read, and one that shares its key with it', async () => {
  const large = { name: 'large', type: REGISTRY_TYPES.REG_BINARY, bytes: Buffer.alloc(100_000, 7) };
  await registry.set('HKCU', KEY, { name: 'a', type: REGISTRY_TYPES.REG_SZ, bytes: text('a\0') });
  await registry.set('HKCU', KEY, large);

  const found = await registry.values('HKCU', KEY);

  assert.deepEqual(found?.map(({ name, bytes }) => [name, bytes.length]).toSorted(), [
    ['a', 4],
    ['large', 100_000],
  ]);
  assert.ok(large.bytes.equals(found?.find(({ name }) => name === 'large')?.bytes ?? Buffer.alloc(0)));
});

test('keys are listed, and a key that is not there is none', async () => {
  await registry.set('HKCU', `${KEY}\\Zwei\\c`, { name: '', type: 1, bytes: text('\0') });
  await registry.set('HKCU', `${KEY}\\a/b`, { name: '', type: 1, bytes: text('\0') });

  assert.deepEqual((await registry.keys('HKCU', KEY))?.toSorted(), ['Zwei', 'a/b']);
  assert.deepEqual(await registry.values('HKCU', KEY.toUpperCase()), []);
  assert.equal(await registry.keys('HKCU', `${KEY}\\none`), undefined);
  assert.equal(await registry.values('HKCU', `${KEY}\\none`), undefined);
});

test('a value is removed whatever its capitals, and one that is not there is fine', async () => {
  await registry.set('HKCU', KEY, { name: 'Value', type: 1, bytes: text('\0') });

  await registry.remove('HKCU', KEY, 'vALUE');
  await registry.remove('HKCU', KEY, 'Value');
  await registry.remove('HKCU', `${KEY}\\none`, 'Value');

  assert.deepEqual(await registry.values('HKCU', KEY), []);
});

test('only a key without values and keys is removed', async () => {
  await registry.set('HKCU', `${KEY}\\full\\below`, { name: 'v', type: 1, bytes: text('\0') });
  await registry.removeEmptyKey('HKCU', `${KEY}\\full`);
  await registry.removeEmptyKey('HKCU', `${KEY}\\full\\below`);
  assert.notEqual(await registry.values('HKCU', `${KEY}\\full\\below`), undefined);

  await registry.remove('HKCU', `${KEY}\\full\\below`, 'v');
  for (const name of ['full\\below', 'full', 'none']) await registry.removeEmptyKey('HKCU', `${KEY}\\${name}`);

  assert.deepEqual(await registry.keys('HKCU', KEY), []);
});

test('a key with an access list that lets nobody write is said to be closed, and stays as it is', async () => {
  await registry.set('HKCU', KEY, { name: 'v', type: 1, bytes: text('a\0') });
  const makeReadable = letOnlyRead(koffi, KEY);
  try {
    assert.equal(await registry.mayWrite('HKCU', KEY), false);
    await assert.rejects(registry.set('HKCU', KEY, { name: 'v', type: 1, bytes: text('b\0') }), isClosed);
    await assert.rejects(registry.remove('HKCU', KEY, 'v'), isClosed);
    assert.deepEqual(
      (await registry.values('HKCU', KEY))?.map(({ bytes }) => Buffer.from(bytes)),
      [text('a\0')],
    );
  } finally {
    makeReadable();
  }
  assert.equal(await registry.mayWrite('HKCU', KEY), true);
  assert.equal(await registry.mayWrite('HKCU', `${KEY}\\new\\deep`), true);
});

function isClosed(error: unknown): boolean {
  return error instanceof KnownError && error.code === 'notAllowed' && error.inner === 'accessDenied';
}
