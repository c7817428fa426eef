/** A person's restore mechanism and the administrator's task, both on one PC in memory. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@carryover/model/canonical';
import { settingOf } from '@carryover/model/catalog';
import type { Catalog } from '@carryover/model/setting';
import compiled from '../../../catalog/catalog.json' with { type: 'json' };
import { memoryHandOver } from '../../testing/memory-hand-over.ts';
import { registryData, windowsRegistry } from '../../testing/memory-registry.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { PERSON } from '../../testing/windows-tasks.ts';
import type { Former, ItemToApply, MechanismContext } from '../settings/mechanism.ts';
import { registry as mechanism } from '../settings/registry.ts';
import type { System } from '../system/system.ts';
import { elevatedDoor } from './ask.ts';
import { serveRequests } from './elevated.ts';

const CATALOG = compiled as unknown as Catalog;
const ZONE = 'SYSTEM\\CurrentControlSet\\Services\\tzautoupdate';
const PROFILE = `HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\${PERSON}`;
const WINDOWS = 'C:\\Windows\\System32';

interface PcOptions {
  /** Whether an administrator made the folders. Default true. */
  readonly there?: boolean;
  /** What starting the task comes to. Default: it serves what waits. */
  readonly task?: 'serves' | 'missing' | 'silent';
  /** What handing a request over ends with. Default: it lies there. */
  readonly put?: () => Promise<never>;
}

/** The person's registry refuses HKLM; the task's does not. */
function aPc({ there = true, task = 'serves', put }: PcOptions = {}) {
  const registry = windowsRegistry(26100);
  registry.put(`HKLM\\${ZONE}`, 'Start', registryData('REG_DWORD', 4));
  registry.put('HKCU\\Control Panel\\Mouse', 'MouseSensitivity', registryData('REG_SZ', '10'));
  registry.put(PROFILE, 'State', registryData('REG_DWORD', 0));
  const started: string[] = [];
  const handedOver: number[] = [];
  const person = memorySystem({
    home: 'C:/Users/ada',
    registry: { ...registry, mayWrite: async (hive) => hive === 'HKCU' },
    env: { SYSTEMROOT: 'C:\\Windows' },
    async run({ program, args }) {
      if (program === `${WINDOWS}\\whoami.exe`) return { exit: 0, stdout: `"ada","${PERSON}"\r\n`, stderr: '' };
      if (program !== `${WINDOWS}\\schtasks.exe`) return undefined;
      started.push(args.join(' '));
      handedOver.push(handOver.requests.size);
      if (task === 'missing') return { exit: 1, stdout: '', stderr: 'ERROR: The system cannot find the file.\r\n' };
      if (task === 'serves') await serveRequests(system, CATALOG);
      return { exit: 0, stdout: 'SUCCESS.\r\n', stderr: '' };
    },
  });
  const handOver = {
    ...memoryHandOver({ person: PERSON, now: person.now, there }),
    ...(put === undefined ? {} : { put }),
  };
  const system: System = { ...memorySystem({ home: 'C:/System', registry }), handOver };
  let clockMs = 0;
  // Each look at the clock finds half a minute gone.
  const monotonicMs = () => {
    clockMs += 30_000;
    return clockMs;
  };
  const own: System = { ...person, handOver, monotonicMs };
  const elevated = elevatedDoor(own) ?? assert.fail('this is no Windows');
  const context: MechanismContext = {
    system: own,
    catalog: CATALOG,
    elevated,
    blobIdOf: () => 'none',
    blob: () => assert.fail('there are no pictures'),
  };
  return { registry, handOver, person, context, started, handedOver };
}

function toApply(raws: Readonly<Record<string, Json>>): ItemToApply[] {
  return Object.entries(raws).map(([itemId, raw]) => ({
    itemId,
    raw,
    setting: settingOf(CATALOG, itemId) ?? assert.fail(itemId),
  }));
}

const dword = (data: number): Json => ({ type: 'REG_DWORD', data });
const ITEMS = toApply({
  'time.automaticTimeZone': dword(3),
  'network.vpn.blockOnMetered': dword(1),
  'mouse.pointerSpeed': { type: 'REG_SZ', data: '14' },
});
const statuses = (outcomes: readonly { readonly itemId: string; readonly status: string }[]) =>
  outcomes.map(({ status }) => status);

test('where the task is, nothing stands in the way, and all goes through it in one request and back in one', async () => {
  const { context, registry, handOver, started, handedOver, person } = aPc();
  const before = registry.dump();

  const findings = await mechanism.inspect(context, ITEMS);
  const former = JSON.parse(JSON.stringify(await mechanism.former(context, ITEMS))) as Former[];
  const applied = await mechanism.apply(context, ITEMS);
  const again = await mechanism.apply(context, ITEMS);
  const back = await mechanism.revert(context, former);

  assert.deepEqual(
    [...findings.values()].map(({ obstacle }) => obstacle),
    [undefined, undefined, undefined],
  );
  assert.deepEqual(statuses(applied), ['applied', 'applied', 'applied']);
  assert.deepEqual(statuses(again), ['unchanged', 'unchanged', 'unchanged']);
  assert.deepEqual(statuses(back), ['applied', 'applied', 'applied']);
  assert.deepEqual(registry.dump(), before);
  assert.deepEqual(started, Array(2).fill('/run /tn \\Carryover elevated'));
  assert.deepEqual(handedOver, [1, 1]);
  assert.deepEqual([handOver.requests.size, handOver.answers.size], [0, 0]);
  assert.equal(person.text(`${person.stateFolder}/elevated-request`), undefined);
});

test('where no administrator has put it in place, the reason is said before and nothing is asked', async () => {
  const { context, started } = aPc({ there: false });

  const findings = await mechanism.inspect(context, ITEMS);
  const applied = await mechanism.apply(context, ITEMS);

  assert.deepEqual(
    [...findings.values()].map(({ obstacle }) => obstacle?.status),
    ['needsElevation', 'needsElevation', undefined],
  );
  assert.deepEqual(statuses(applied), ['needsElevation', 'needsElevation', 'applied']);
  assert.deepEqual(started, []);
});

test('what the task would refuse is not asked of it', async () => {
  const { context, started } = aPc();
  const items = toApply({ 'network.cellular.failover': dword(1) });

  assert.equal(
    (await mechanism.inspect(context, items)).get('network.cellular.failover')?.obstacle?.status,
    'needsElevation',
  );
  assert.deepEqual(statuses(await mechanism.apply(context, items)), ['needsElevation']);
  assert.deepEqual(started, []);
});

test('a task that is gone leaves no request behind', async () => {
  const { context, handOver, started } = aPc({ task: 'missing' });

  const outcomes = await mechanism.apply(context, ITEMS);

  assert.deepEqual(statuses(outcomes), ['needsElevation', 'needsElevation', 'applied']);
  assert.equal(started.length, 1);
  assert.equal(handOver.requests.size, 0);
});

test('a task that does not answer is said, and its request taken back', async () => {
  const { context, handOver, person } = aPc({ task: 'silent' });

  const outcomes = await mechanism.apply(context, ITEMS);

  assert.deepEqual(
    outcomes.map(({ status, reason }) => reason?.code ?? status),
    ['elevatedSilent', 'elevatedSilent', 'applied'],
  );
  assert.equal(handOver.requests.size, 0);
  assert.equal(person.text(`${person.stateFolder}/elevated-request`), undefined);
});

test('a request that cannot be handed over costs its own settings alone', async () => {
  const { context, started } = aPc({ put: () => Promise.reject(new Error('the disk is full')) });

  const outcomes = await mechanism.apply(context, ITEMS);

  assert.deepEqual(statuses(outcomes), ['failed', 'failed', 'applied']);
  assert.deepEqual(outcomes[0]?.reason, { code: 'applyFailed', facts: { detail: 'the disk is full' } });
  assert.deepEqual(started, []);
});

test('a request that was killed with its restore is not carried out with the next one', async () => {
  const { context, handOver, person, handedOver } = aPc();
  const left = `${PERSON}.00000000-0000-4000-8000-000000000000`;
  await handOver.put(left, '{}');
  await person.writeFile(`${person.stateFolder}/elevated-request`, left, 0o600);

  await mechanism.apply(context, ITEMS);

  assert.deepEqual(handedOver, [1]);
});
