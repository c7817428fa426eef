/** Against a registry and hand-over folders in memory, with the settings of the catalog. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@carryover/model/canonical';
import type { Catalog, RegistryPlace, Setting } from '@carryover/model/setting';
import compiled from '../../../catalog/catalog.json' with { type: 'json' };
import { memoryHandOver } from '../../testing/memory-hand-over.ts';
import { type MemoryRegistry, registryData, windowsRegistry } from '../../testing/memory-registry.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { aSetting } from '../../testing/sample-catalog.ts';
import { PERSON } from '../../testing/windows-tasks.ts';
import type { Outcome } from '../settings/mechanism.ts';
import type { TakenRequest } from '../system/hand-over.ts';
import { serveRequests } from './elevated.ts';
import { MAX_BYTES, MAX_ITEMS, type Request, requestName, requestText } from './request.ts';

const OTHER = 'S-1-5-21-1004336348-1177238915-682003330-1002';
const PROFILES = 'HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList';
const ZONE = 'SYSTEM\\CurrentControlSet\\Services\\tzautoupdate';
const VPN = 'SYSTEM\\CurrentControlSet\\Services\\RasMan\\Parameters\\Config\\VpnCostedNetworkSettings';
const NAME = requestName(PERSON, '1b4e28ba-2fa1-41d2-883f-0016d3cca427');
const NAME_OF_OTHER = requestName(OTHER, '1b4e28ba-2fa1-41d2-883f-0016d3cca428');

/** The settings of HKLM as the catalog has them, and some that it does not have like this. */
const REAL = compiled as unknown as Catalog;
const CATALOG: Catalog = {
  ...REAL,
  settings: [
    ...REAL.settings,
    ofPc('sample.runs', { flags: ['needsElevation', 'runsCode', 'defaultOff'] }),
    ofPc('sample.hidden', { flags: ['needsElevation', 'secret', 'defaultOff'] }),
    ofPc('sample.unmarked', { flags: [] }),
    ofPc('sample.anything', { allowed: undefined }),
    ofPc('sample.bit', { mask: { bit: 1, encoding: 'dword' } }),
    ofPc('sample.text', { type: 'REG_SZ', allowed: { pattern: '.*' } }),
  ],
};

function ofPc(
  id: string,
  over: Partial<Omit<RegistryPlace, 'allowed'>> & Pick<Partial<Setting>, 'flags'> & { allowed?: unknown },
): Setting {
  const { flags = ['needsElevation'], ...place } = over;
  const plain = {
    mechanism: 'registry',
    hive: 'HKLM',
    key: 'Software\\Sample',
    value: id,
    type: 'REG_DWORD',
    allowed: ['0', '1'],
  };
  return { ...aSetting({ id, flags }), linux: undefined, windows: [{ ...plain, ...place }] } as unknown as Setting;
}

function aPc() {
  const registry = windowsRegistry(26100);
  for (const person of [PERSON, OTHER]) registry.put(`${PROFILES}\\${person}`, 'State', registryData('REG_DWORD', 0));
  registry.put(`HKLM\\${ZONE}`, 'Start', registryData('REG_DWORD', 4));
  const system = memorySystem({ home: 'C:/Windows/system32/config/systemprofile', registry });
  const handOver = memoryHandOver({ person: PERSON, now: system.now });
  return { registry, system: { ...system, handOver }, handOver, advance: system.advance, notices: system.notices };
}
type Pc = ReturnType<typeof aPc>;

const dword = (data: number): Json => ({ type: 'REG_DWORD', data });

async function served(pc: Pc, request: Request, name = NAME): Promise<readonly Outcome[]> {
  await pc.handOver.put(name, requestText(request));
  await serveRequests(pc.system, CATALOG);
  const answer = await pc.handOver.answer(name);
  return answer === undefined ? [] : (JSON.parse(Buffer.from(answer).toString()).outcomes as Outcome[]);
}

const codes = (outcomes: readonly Outcome[]) =>
  Object.fromEntries(
    outcomes.map(({ itemId, status, reason }) => [itemId, reason?.facts?.['detail'] ?? reason?.code ?? status]),
  );

const valueAt = (registry: MemoryRegistry, key: string, name: string) =>
  registry.at(`HKLM\\${key}`, name) && Buffer.from(registry.at(`HKLM\\${key}`, name)?.bytes ?? []).readUInt32LE();

test('what the catalog marks is changed, answered to its person alone, and not done again', async () => {
  const pc = aPc();
  const items = [
    { itemId: 'time.automaticTimeZone', raw: dword(3) },
    { itemId: 'network.vpn.blockOnMetered', raw: dword(1) },
  ];

  const outcomes = await served(pc, { action: 'apply', items });

  assert.deepEqual(codes(outcomes), { 'time.automaticTimeZone': 'applied', 'network.vpn.blockOnMetered': 'applied' });
  assert.equal(valueAt(pc.registry, ZONE, 'Start'), 3);
  assert.equal(valueAt(pc.registry, VPN, 'NoCostedNetwork'), 1);
  assert.equal(pc.handOver.answers.get(NAME)?.person, PERSON);
  assert.deepEqual(await serveRequests(pc.system, CATALOG), []);
  assert.deepEqual(codes(await served(pc, { action: 'apply', items })), {
    'time.automaticTimeZone': 'unchanged',
    'network.vpn.blockOnMetered': 'unchanged',
  });
  assert.deepEqual(pc.notices, []);
});

test('the way back leads to the former value, and to none with the keys that were made', async () => {
  const pc = aPc();
  const before = pc.registry.dump();
  const items = [
    { itemId: 'time.automaticTimeZone', raw: dword(3) },
    { itemId: 'network.vpn.blockWhileRoaming', raw: dword(1) },
  ];
  await served(pc, { action: 'apply', items });

  const outcomes = await served(pc, {
    action: 'revert',
    items: [
      { itemId: 'time.automaticTimeZone', raw: dword(4) },
      { itemId: 'network.vpn.blockWhileRoaming', raw: { missingKeys: 4 } },
    ],
  });

  assert.deepEqual(codes(outcomes), {
    'time.automaticTimeZone': 'applied',
    'network.vpn.blockWhileRoaming': 'applied',
  });
  assert.deepEqual(pc.registry.dump(), before);
});

const REFUSED: Readonly<Record<string, readonly [raw: Json, why: RegExp]>> = {
  'mouse.pointerSpeed': [dword(1), /no setting of the whole PC/],
  'network.cellular.failover': [dword(1), /it is deviceBound/],
  'time.timeZone': [{ type: 'REG_SZ', data: 'UTC' }, /not carried over/],
  'sample.runs': [dword(1), /it is runsCode/],
  'sample.hidden': [dword(1), /it is secret/],
  'sample.unmarked': [dword(1), /no setting of the whole PC/],
  'sample.anything': [dword(1), /not listed/],
  'sample.bit': [true, /not listed/],
  'sample.text': [{ type: 'REG_SZ', data: '\\\\evil\\share' }, /another computer/],
  'no.such': [dword(1), /outsideHome/],
  'HKLM\\Software\\Sample\\x': [dword(1), /outsideHome/],
  'time.automaticTimeZone/../x': [dword(3), /outsideHome/],
  'time.automaticTimeZone': [dword(2), /2 is not allowed/],
  'network.vpn.blockOnMetered': [{ type: 'REG_SZ', data: '1' }, /no REG_DWORD/],
  'network.vpn.blockWhileRoaming': [{ missingKeys: 1 }, /no value of the registry/],
};

test('everything else is refused, each for itself, and nothing is written', async () => {
  const pc = aPc();
  const before = pc.registry.dump();
  const items = Object.entries(REFUSED).map(([itemId, [raw]]) => ({ itemId, raw }));

  const outcomes = await served(pc, { action: 'apply', items });

  const found = codes(outcomes);
  for (const [itemId, [, why]] of Object.entries(REFUSED)) assert.match(found[itemId] ?? '', why, itemId);
  assert.deepEqual(pc.registry.dump(), before);
  assert.deepEqual(pc.registry.writes, []);
});

test('one that is refused does not cost the one beside it', async () => {
  const pc = aPc();
  const outcomes = await served(pc, {
    action: 'apply',
    items: [
      { itemId: 'sample.runs', raw: dword(1) },
      { itemId: 'time.automaticTimeZone', raw: dword(3) },
    ],
  });

  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['failed', 'applied'],
  );
});

test('the way back takes no value either that the catalog does not allow, and no more keys than there are', async () => {
  const pc = aPc();
  const before = pc.registry.dump();
  const zone = 'time.automaticTimeZone';
  const raws: readonly Json[] = [
    dword(2),
    { type: 'REG_BINARY', data: '00' },
    { missingKeys: 1_000_000_000 },
    { missingKeys: 1, made: { path: 'C:\\Windows\\x', blob: 'a' } },
    { at: 3 },
    true,
    'C:\\',
  ];

  for (const raw of raws) {
    const [outcome] = await served(pc, { action: 'revert', items: [{ itemId: zone, raw }] });
    assert.equal(outcome?.reason?.code, 'elevatedRefused', JSON.stringify(raw));
  }
  assert.deepEqual(pc.registry.dump(), before);
});

test('what could not be brought back is not replaced', async () => {
  const pc = aPc();
  pc.registry.put(`HKLM\\${ZONE}`, 'Start', registryData('REG_DWORD', 2));

  const outcomes = await served(pc, { action: 'apply', items: [{ itemId: 'time.automaticTimeZone', raw: dword(3) }] });

  assert.match(codes(outcomes)['time.automaticTimeZone'] ?? '', /could not be brought back/);
  assert.equal(valueAt(pc.registry, ZONE, 'Start'), 2);
});

const GOOD = requestText({ action: 'apply', items: [{ itemId: 'time.automaticTimeZone', raw: dword(3) }] });
const many = Array.from({ length: MAX_ITEMS + 1 }, (_, index) => ({ itemId: `item.${index}`, raw: dword(1) }));
const twice = { itemId: 'time.automaticTimeZone', raw: dword(3) };

const DROPPED: Readonly<
  Record<
    string,
    { readonly name?: string; readonly over?: Partial<TakenRequest>; readonly text?: string; readonly why: RegExp }
  >
> = {
  'a request of somebody else in the name of this person': { over: { owner: OTHER }, why: /belongs to/ },
  'a request in the name of somebody else': { name: NAME_OF_OTHER, why: /belongs to/ },
  'a request of a service': {
    name: requestName('S-1-5-19', '1b4e28ba-2fa1-41d2-883f-0016d3cca427'),
    over: { owner: 'S-1-5-19' },
    why: /no profile|its name/,
  },
  'a request of somebody without a profile here': {
    name: requestName('S-1-5-21-9-9-9-1001', '1b4e28ba-2fa1-41d2-883f-0016d3cca427'),
    over: { owner: 'S-1-5-21-9-9-9-1001' },
    why: /no profile/,
  },
  'a link': { over: { kind: 'link', content: undefined }, why: /link/ },
  'a file that has a second name': { over: { names: 2 }, why: /link/ },
  'what is no file': { over: { kind: 'other', content: undefined }, why: /link/ },
  'a request that is too large': { text: GOOD + ' '.repeat(MAX_BYTES), why: /too large/ },
  'a request that is older than its patience': {
    over: { changedAt: Temporal.Instant.from('2026-03-01T08:57:59Z') },
    why: /too old/,
  },
  'a request from the future': { over: { changedAt: Temporal.Instant.from('2026-03-01T09:02:01Z') }, why: /too old/ },
  'a name that is none': { name: 'request.json', why: /name/ },
  'what is no JSON': { text: '{', why: /understood/ },
  'a list': { text: '[]', why: /understood/ },
  'another format': { text: GOOD.replace('"format":1', '"format":2'), why: /understood/ },
  'another action': { text: GOOD.replace('apply', 'run'), why: /understood/ },
  'more settings than there are': { text: requestText({ action: 'apply', items: many }), why: /understood/ },
  'a setting twice': { text: requestText({ action: 'apply', items: [twice, twice] }), why: /understood/ },
  'a path beside a setting': { text: GOOD.replace('"itemId"', '"key":"Software","itemId"'), why: /understood/ },
};

for (const [words, { name = NAME, over = {}, text = GOOD, why }] of Object.entries(DROPPED))
  test(`${words} is dropped without an answer`, async () => {
    const pc = aPc();
    const plain = {
      kind: 'file',
      owner: PERSON,
      names: 1,
      changedAt: pc.system.now(),
      content: Buffer.from(text),
    } as const;
    pc.handOver.requests.set(name, { ...plain, ...over });

    const [one] = await serveRequests(pc.system, CATALOG);

    assert.match(one?.dropped ?? '', why);
    assert.deepEqual([...pc.handOver.answers], []);
    assert.deepEqual([...pc.handOver.requests], []);
    assert.deepEqual(pc.registry.writes, []);
  });

test('one that is dropped does not cost the next', async () => {
  const pc = aPc();
  await pc.handOver.put('A', 'x');

  assert.equal((await served(pc, { action: 'apply', items: [twice] }))[0]?.status, 'applied');
});

test('without the folders, and on another system, there is nothing to serve', async () => {
  const pc = aPc();
  await pc.handOver.remove();

  await assert.rejects(serveRequests(pc.system, CATALOG), refusedWith('missingPart'));
  await assert.rejects(serveRequests(memorySystem(), CATALOG), refusedWith('missingPart'));
});
