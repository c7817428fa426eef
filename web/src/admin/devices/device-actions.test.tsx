import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagedDevice } from '@carryover/model/admin';
import { KnownError } from '@carryover/model/errors';
import { aDevice } from '../../../testing/managed-device.ts';
import { type MemoryGraph, memoryGraph } from '../../../testing/memory-graph.ts';
import { render } from '../../../testing/render.tsx';
import { DevicePane } from './device-pane.tsx';

const DEVICE = '/v1.0/deviceManagement/managedDevices/1';
const ROLES = 'GET /v1.0/me/memberOf';
const POLICY = {
  'GET /beta/carryover/devices/1/policy': { groups: {}, explained: { explanations: [], unknown: [], blockers: [] } },
};

const administrator = { [ROLES]: { value: [{ displayName: 'Intune Administrator' }] }, ...POLICY };
const pane = (graph: MemoryGraph, onClose = () => {}) => <DevicePane graph={graph} id="1" onClose={onClose} />;
const sent = (graph: MemoryGraph) => graph.asked.filter(({ method }) => method === 'POST').map(({ path }) => path);

function quarantined(): ManagedDevice {
  const device = aDevice('1', { state: 'failing' });
  return { ...device, carryover: { ...device.carryover, quarantined: true, clones: ['2'] } };
}

test('a lost device is retired only after it was said what stays, and its pane closes', async () => {
  let closed = 0;
  const graph = memoryGraph({
    ...administrator,
    [`GET ${DEVICE}`]: aDevice('1'),
    [`POST ${DEVICE}/retire`]: undefined,
  });
  await using page = await render(
    pane(graph, () => {
      closed += 1;
    }),
  );
  await graph.answered(page);
  assert.equal(page.findAll('button', 'Release').length, 0, 'nothing to release');

  await page.click(page.get('button', 'Retire'));
  assert.match(page.get('dialog').textContent, /backups of its people stay/);
  assert.deepEqual(sent(graph), []);
  await page.click(page.get('button', 'Retire this device'));
  await graph.answered(page);

  assert.deepEqual(sent(graph), [`${DEVICE}/retire`]);
  assert.equal(closed, 1);
});

test('a device that is set aside names its clones and works again once it is released', async () => {
  let isReleased = false;
  const graph = memoryGraph({
    ...administrator,
    [`GET ${DEVICE}`]: () => (isReleased ? aDevice('1') : quarantined()),
    'POST /beta/carryover/devices/1/release': () => {
      isReleased = true;
      return { id: '1' };
    },
  });
  await using page = await render(pane(graph));
  await graph.answered(page);
  assert.match(page.text(), /1 other device was seen with the same identity/);

  await page.click(page.get('button', 'Release'));
  await page.click(page.get('button', 'Release this PC'));
  await graph.answered(page);

  assert.equal(page.findAll('dialog').length, 0);
  assert.equal(page.findAll('button', 'Release').length, 0);
  assert.doesNotMatch(page.text(), /Set aside/);
});

test('a refusal stays in the dialog, and the pane stays open', async () => {
  let closed = 0;
  const graph = memoryGraph({
    ...administrator,
    [`GET ${DEVICE}`]: aDevice('1'),
    [`POST ${DEVICE}/retire`]: () => {
      throw new KnownError('itemNotFound', 'There is no device with this id.');
    },
  });
  await using page = await render(
    pane(graph, () => {
      closed += 1;
    }),
  );
  await graph.answered(page);

  await page.click(page.get('button', 'Retire'));
  await page.click(page.get('button', 'Retire this device'));
  await graph.answered(page);

  assert.match(page.get('dialog').textContent, /There is no device with this id\./);
  assert.equal(closed, 0);
});

test('without the role the buttons are off and the role is said beside them', async () => {
  const reader = { ...POLICY, [ROLES]: { value: [{ displayName: 'Global Reader' }] } };
  const graph = memoryGraph({ ...reader, [`GET ${DEVICE}`]: quarantined() });
  await using page = await render(pane(graph));
  await graph.answered(page);

  assert.equal(page.get('button', 'Retire').hasAttribute('disabled'), true);
  assert.equal(page.get('button', 'Release').hasAttribute('disabled'), true);
  assert.match(page.text(), /Needs the role: Intune Administrator or Global Administrator/);
});

test('a device says how long its newest restore took and what domain it is in', async () => {
  const device = aDevice('1');
  const newest = { outcome: 'succeeded', startedDateTime: '2026-11-01T08:00:00Z', sinceSignInMs: 192_000 } as const;
  const { carryover } = device;
  const known = {
    ...device,
    carryover: { ...carryover, osJoin: { domain: 'corp.example' }, restore: { ...carryover.restore, newest } },
  };
  const graph = memoryGraph({ ...administrator, [`GET ${DEVICE}`]: known });
  await using page = await render(pane(graph));
  await graph.answered(page);

  assert.match(page.text(), /From sign-in to the restored desktop3 min/);
  assert.match(page.text(), /corp\.example/);
});
