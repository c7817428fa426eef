/**
 * The catalog's places on a real registry: every one is applied, read back, and taken back to the byte, while Windows is
 * told by its own calls; every type of value, also those that no place has; keys that an access list closes. Read from
 * outside by reg.exe.
 */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import type { Json } from '@carryover/model/canonical';
import { windowsPlaceOf } from '@carryover/model/catalog';
import { REGISTRY_TYPES, type RegistryType } from '@carryover/model/registry-value';
import type { Catalog, RegistryAllowed, RegistryPlace, Setting } from '@carryover/model/setting';
import catalogAsCompiled from '../../../catalog/catalog.json' with { type: 'json' };
import { bitBaseOf } from '../../testing/bit-bases.ts';
import { registryData } from '../../testing/memory-registry.ts';
import { letOnlyRead } from '../../testing/read-only-key.ts';
import { aCatalog, aSetting } from '../../testing/sample-catalog.ts';
import { realSystem } from '../system/real.ts';
import type { RegistryNamedValue } from '../system/registry.ts';
import { loadKoffi } from '../system/windows/koffi.ts';
import type { Former, ItemToApply, MechanismContext, Outcome } from './mechanism.ts';
import { registry as mechanism } from './registry.ts';
import { buildOf } from './registry-now.ts';

const CATALOG = catalogAsCompiled as unknown as Catalog;
const system = realSystem();
const context: MechanismContext = {
  system,
  catalog: CATALOG,
  blobIdOf: (content) => createHmac('sha256', 'key').update(content).digest('hex'),
  blob: async () => assert.fail('no picture is restored here'),
};

interface Wanted {
  readonly setting: Setting;
  readonly place: RegistryPlace;
  readonly raw: Json;
}

let wanted: readonly Wanted[];

before(async () => {
  const door = system.registry ?? assert.fail('this is no Windows');
  const build = await buildOf(door);
  const found: Wanted[] = [];
  for (const setting of CATALOG.settings) {
    const place = windowsPlaceOf(setting, build);
    if (place?.mechanism !== 'registry') continue;
    // Bits are changed in values that every Windows has and Wine has not.
    const base = bitBaseOf(place);
    if (base !== undefined)
      await door.set(place.hive, place.key, { name: place.value, ...registryData(place.type, base) });
    found.push({ setting, place, raw: rawFor(place) });
  }
  wanted = found;
});

test('every place of the catalog is applied, read back the same, and taken back to the byte', async () => {
  assert.ok(wanted.length >= 290, `only ${wanted.length} places`);
  const items = wanted.map(({ setting, raw }): ItemToApply => ({ itemId: setting.id, setting, raw }));
  const before = await everything();
  const former = JSON.parse(JSON.stringify(await mechanism.former(context, items))) as Former[];

  const outcomes = await mechanism.apply(context, items);

  assert.deepEqual(notDone(outcomes), []);
  const { items: found } = await mechanism.read(context, CATALOG.settings);
  const read = new Map(found.map(({ itemId, raw }) => [itemId, raw]));
  for (const { itemId, raw } of items) assert.deepEqual(read.get(itemId), raw, itemId);
  const again = await mechanism.apply(context, items);
  assert.deepEqual(
    again.filter(({ status }) => status !== 'unchanged'),
    [],
  );

  assert.deepEqual(notDone(await mechanism.revert(context, former)), []);
  assert.deepEqual(await everything(), before);
});

const MOUSE = 'Control Panel\\Mouse';

test('of a key that an access list makes read-only every item says so and stays, and all others are applied', async () => {
  const items = wanted.map(({ setting, raw }): ItemToApply => ({ itemId: setting.id, setting, raw }));
  const before = await everything();
  const former = await mechanism.former(context, items);
  const closed = new Set(wanted.filter(({ place }) => place.key === MOUSE).map(({ setting }) => setting.id));
  const mouse = await exported(MOUSE);
  const makeWritable = letOnlyRead(await loadKoffi(system.stateFolder), MOUSE);

  const outcomes = await mechanism.apply(context, items).finally(makeWritable);

  assert.ok(closed.size >= 8, `only ${closed.size} items`);
  for (const { itemId, status, reason } of outcomes) {
    if (!closed.has(itemId)) assert.ok(status === 'applied' || status === 'unchanged', itemId);
    else
      assert.deepEqual(
        [status, reason],
        ['failed', { code: 'registryKeyClosed', facts: { key: `HKCU\\${MOUSE}` } }],
        itemId,
      );
  }
  assert.equal(await exported(MOUSE), mouse);
  assert.deepEqual(notDone(await mechanism.revert(context, former)), []);
  assert.deepEqual(await everything(), before);
});

const OWN_KEY = 'Software\\Carryover Test';

const utf16 = (text: string) => Buffer.from(text, 'utf16le');

/** What no place of the catalog holds, as well as what they do. */
const ODD_VALUES: readonly RegistryNamedValue[] = [
  { name: '', type: REGISTRY_TYPES.REG_SZ, bytes: utf16('the default\0') },
  { name: 'text', type: REGISTRY_TYPES.REG_SZ, bytes: utf16('Größe 😀\0') },
  { name: 'half a pair', type: REGISTRY_TYPES.REG_SZ, bytes: utf16('\ud83d!\0') },
  { name: 'without an end', type: REGISTRY_TYPES.REG_SZ, bytes: utf16('open') },
  { name: 'path', type: REGISTRY_TYPES.REG_EXPAND_SZ, bytes: utf16('%SystemRoot%\\media\0') },
  { name: 'a\\b', type: REGISTRY_TYPES.REG_DWORD, bytes: Buffer.from('ffffffff', 'hex') },
  { name: 'Größe 😀', type: REGISTRY_TYPES.REG_QWORD, bytes: Buffer.alloc(8, 255) },
  { name: '100 kB', type: REGISTRY_TYPES.REG_BINARY, bytes: Buffer.alloc(100_000, 'carryover') },
  { name: 'no bytes', type: REGISTRY_TYPES.REG_BINARY, bytes: Buffer.alloc(0) },
  { name: 'nothing', type: REGISTRY_TYPES.REG_NONE, bytes: Buffer.alloc(0) },
  { name: 'texts', type: REGISTRY_TYPES.REG_MULTI_SZ, bytes: utf16('a\0😀\0\0') },
  { name: 'no texts', type: REGISTRY_TYPES.REG_MULTI_SZ, bytes: utf16('\0') },
];

test('values of every type, however odd, are read, travel as JSON and are the same again to the byte', async () => {
  const door = system.registry ?? assert.fail('this is no Windows');
  const types = Object.keys(REGISTRY_TYPES) as RegistryType[];
  const place = { mechanism: 'registryFamily', hive: 'HKCU', key: OWN_KEY, values: '*', types } as const;
  const odd: Setting = { ...aSetting({ id: 'odd' }), windows: [place] };
  const own: MechanismContext = { ...context, catalog: aCatalog([odd]) };
  for (const value of ODD_VALUES) await door.set('HKCU', OWN_KEY, value);
  const before = await exported(OWN_KEY);

  const { items, failures } = await mechanism.read(own, [odd]);
  await promisify(execFile)('reg', ['delete', `HKCU\\${OWN_KEY}`, '/f']);
  const travelled = JSON.parse(JSON.stringify(items.map(({ itemId, raw }) => ({ itemId, raw })))) as Omit<
    ItemToApply,
    'setting'
  >[];
  const outcomes = await mechanism.apply(
    own,
    travelled.map((item) => ({ ...item, setting: odd })),
  );

  assert.deepEqual(failures, []);
  assert.equal(items.length, ODD_VALUES.length);
  assert.deepEqual(
    outcomes.filter(({ status }) => status !== 'applied'),
    [],
  );
  assert.deepEqual((await exported(OWN_KEY)).split('\r\n').toSorted(), before.split('\r\n').toSorted());
  await promisify(execFile)('reg', ['delete', `HKCU\\${OWN_KEY}`, '/f']);
});

/** A key of the person's registry, as reg.exe exports it. */
async function exported(key: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'exported-')), 'key.reg');
  await promisify(execFile)('reg', ['export', `HKCU\\${key}`, file, '/y']);
  return readFile(file, 'utf16le');
}

function notDone(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter(({ status }) => status !== 'applied' && status !== 'unchanged');
}

/** A value that the place takes; on for bits and members. */
function rawFor({ type, mask, listMember, allowed }: RegistryPlace): Json {
  if (mask !== undefined || listMember !== undefined) return true;
  return { type, data: dataFor(type, textFor(allowed)) };
}

function dataFor(type: RegistryType, text: string | undefined): Json {
  if (type === 'REG_DWORD') return Number(text ?? 1);
  if (type === 'REG_QWORD') return text ?? '1';
  if (type === 'REG_MULTI_SZ') return [text ?? 'de-DE'];
  return text ?? (type === 'REG_BINARY' ? '01000000' : '1');
}

/** Undefined where anything goes. */
function textFor(allowed: RegistryAllowed | undefined): string | undefined {
  if (allowed === undefined) return undefined;
  if (!('pattern' in allowed)) return 'min' in allowed ? String(allowed.max) : allowed.at(-1);
  const { pattern } = allowed;
  return CANDIDATES.find((text) => new RegExp(`^(?:${pattern})$`, 'su').test(text)) ?? assert.fail(pattern);
}

const CANDIDATES = ['1', 'DE', 'de-DE', '530', '00000407', '1 2 3', 'ab'.repeat(32)];

/** The person's whole registry and the machine's settings, line by line as reg.exe exports them. */
async function everything(): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'exported-'));
  const lines: string[] = [];
  for (const [index, key] of ['HKCU', 'HKLM\\System\\CurrentControlSet', 'HKLM\\Software\\Microsoft'].entries()) {
    const file = join(folder, `${index}.reg`);
    await promisify(execFile)('reg', ['export', key, file, '/y']);
    // Wine's own notes of what it was told by call.
    const text = (await readFile(file, 'utf16le')).replaceAll(/^\[[^\]]*\\Temporary System Parameters.*\r\n\r\n/gm, '');
    lines.push(...text.split('\r\n'));
  }
  return lines;
}
