/** A lost device, a clone, a PC that was reset or renamed, and more people than PCs. */

import assert from 'node:assert/strict';
import type { ManagedDevice } from '@carryover/model/admin';
import type { DeviceFacts } from '@carryover/model/device';
import { type CheckIn, CLIENTS, type Enrollment, type OfferedProfile } from '@carryover/model/wire';
import { backUp, okay, switchOn } from '../../testing/backups.ts';
import {
  type EnrolledDevice,
  jsonBody,
  SAMPLE_DEVICE,
  type SignedIn,
  type TestService,
  testOnEveryService,
} from '../../testing/service.ts';
import { listAudit } from '../audit/audit.ts';

const AGENT = { client: CLIENTS.agent, resource: 'enrollment' } as const;
const [MACHINE, OTHER_MACHINE, THIRD_MACHINE] = ['1'.repeat(64), '2'.repeat(64), '3'.repeat(64)];
const DEVICES = '/v1.0/deviceManagement/managedDevices';

async function anOrganization(service: TestService) {
  const organization = await service.setUp();
  const { graph } = await switchOn(service, organization);
  return { ...organization, graph };
}

async function refusalOf(response: Response) {
  const { error } = (await response.json()) as { error: { message: string; innerError: { code?: string } } };
  return { status: response.status, inner: error.innerError.code, message: error.message };
}

function checkIn({ backup, enrollment }: EnrolledDevice, facts: Partial<DeviceFacts>): Promise<Response> {
  const body = { device: { ...SAMPLE_DEVICE, ...facts }, manifestFormat: 1 };
  return backup.fetch(`/device/v1/devices/${enrollment.deviceId}/check-ins`, jsonBody('POST', body));
}

async function listed(graph: SignedIn): Promise<ManagedDevice[]> {
  return (await okay<{ value: ManagedDevice[] }>(await graph.fetch(DEVICES))).value;
}

async function offeredTo(device: EnrolledDevice): Promise<OfferedProfile[]> {
  const path = `/device/v1/devices/${device.enrollment.deviceId}/profiles`;
  return (await okay<{ value: OfferedProfile[] }>(await (await device.restore()).fetch(path))).value;
}

for (const [what, path, method] of [
  ['retired', '/retire', 'POST'],
  ['deleted', '', 'DELETE'],
] as const)
  testOnEveryService(
    `a lost device that is ${what} is refused, and its backup is offered on the next`,
    async (service) => {
      const { alice, graph, tenantId, administrator } = await anOrganization(service);
      const lost = await service.enroll(alice, { machineHash: MACHINE, name: 'lost' });
      const { deviceId, profileId } = lost.enrollment;
      await backUp(service, lost, [{}]);

      const done = await graph.fetch(`${DEVICES}/${deviceId}${path}`, { method });

      assert.equal(done.status, 204);
      const refused = await refusalOf(await checkIn(lost, { machineHash: MACHINE }));
      assert.deepEqual([refused.status, refused.inner], [403, 'deviceRevoked']);
      assert.match(refused.message, /took this PC out of use\. .*carryover unenroll/);
      await assert.rejects(
        service.refresh(lost.backup, tenantId, { client: CLIENTS.agent, resource: 'backup' }),
        /invalid_grant/,
      );
      assert.deepEqual(await listed(graph), []);
      assert.equal((await graph.fetch(`${DEVICES}/${deviceId}${path}`, { method })).status, 404);
      const next = await service.enroll(alice, { machineHash: OTHER_MACHINE, name: 'next' });
      assert.deepEqual(
        (await offeredTo(next)).map(({ id, deviceName }) => [id, deviceName]),
        [[profileId, 'lost']],
      );
      // The newest is the enrollment of the next one.
      const [, event] = await listAudit(service.store, tenantId, { top: 2 });
      assert.deepEqual(
        [event?.action, JSON.parse(event?.actor ?? '{}').userId, JSON.parse(event?.values_json ?? '{}').state],
        ['revoke device', administrator.userId, { old: 'active', new: 'revoked' }],
      );
    },
  );

testOnEveryService(
  'the key of a device that was retired enrolls nothing, and the PC comes back with another',
  async (service) => {
    const { alice, graph } = await anOrganization(service);
    const lost = await service.enroll(alice, { machineHash: MACHINE });
    await okay(await graph.fetch(`${DEVICES}/${lost.enrollment.deviceId}/retire`, { method: 'POST' }));

    const signedIn = await service.signIn(alice, { ...AGENT, key: lost.key });
    const body = jsonBody('POST', { device: { ...SAMPLE_DEVICE, machineHash: MACHINE } });
    const withTheKey = await refusalOf(await signedIn.fetch('/device/v1/enrollments', body));
    const withAnother = await service.enroll(alice, { machineHash: MACHINE });

    assert.deepEqual([withTheKey.status, withTheKey.inner], [403, 'deviceRevoked']);
    const [found] = await listed(graph);
    assert.deepEqual(
      [found?.id, found?.carryover.formerDeviceId],
      [withAnother.enrollment.deviceId, lost.enrollment.deviceId],
    );
  },
);

async function aClone(service: TestService) {
  const organization = await anOrganization(service);
  const device = await service.enroll(organization.alice, { machineHash: MACHINE, name: 'original' });
  assert.equal((await checkIn(device, { machineHash: OTHER_MACHINE, name: 'clone' })).status, 403);
  const release = (id: string) => organization.graph.fetch(`/beta/carryover/devices/${id}/release`, { method: 'POST' });
  const both = new Map((await listed(organization.graph)).map((one) => [one.deviceName, one]));
  const [original, clone] = [both.get('original'), both.get('clone')];
  assert.ok(original !== undefined && clone !== undefined);
  return { ...organization, device, release, original, clone };
}

testOnEveryService('a device and its clone are both shown, each naming the other', async (service) => {
  const { original, clone, device } = await aClone(service);

  assert.equal(original.id, device.enrollment.deviceId);
  assert.deepEqual(
    [original, clone].map(({ carryover }) => [carryover.quarantined, carryover.backup.state, carryover.clones]),
    [
      [true, 'failing', [clone.id]],
      [true, 'failing', [original.id]],
    ],
  );
});

testOnEveryService('released, the device works on its own PC and the clone is set aside again', async (service) => {
  const { original, device, release, graph, tenantId } = await aClone(service);

  assert.deepEqual(await okay(await release(original.id)), { id: original.id });

  assert.equal((await checkIn(device, { machineHash: MACHINE, name: 'original' })).status, 200);
  assert.deepEqual(
    (await listed(graph)).map(({ deviceName, carryover }) => [deviceName, carryover.clones]),
    [['original', []]],
  );
  const [event] = await listAudit(service.store, tenantId, { top: 1 });
  assert.deepEqual(
    [event?.action, JSON.parse(event?.values_json ?? '{}').state],
    ['release device', { old: 'quarantined', new: 'active' }],
  );
  const again = await refusalOf(await release(original.id));
  assert.deepEqual([again.status, again.inner], [409, 'notQuarantined']);
  assert.equal((await checkIn(device, { machineHash: OTHER_MACHINE, name: 'clone' })).status, 403);
  assert.equal((await listed(graph)).length, 2);
});

testOnEveryService('released in favour of the clone, the device goes on there with its profile', async (service) => {
  const { original, clone, device, release, graph } = await aClone(service);
  assert.equal((await checkIn(device, { machineHash: THIRD_MACHINE, name: 'third' })).status, 403);

  assert.deepEqual(await okay(await release(clone.id)), { id: original.id });

  const there = await okay<CheckIn>(await checkIn(device, { machineHash: OTHER_MACHINE, name: 'clone' }));
  assert.equal(there.profileId, device.enrollment.profileId);
  assert.deepEqual(
    (await listed(graph)).map(({ id, deviceName }) => [id, deviceName]),
    [[original.id, 'clone']],
  );
  assert.equal((await checkIn(device, { machineHash: MACHINE, name: 'original' })).status, 403);
});

testOnEveryService('a clone of a device that was retired cannot be released', async (service) => {
  const { original, clone, release, graph } = await aClone(service);
  await okay(await graph.fetch(`${DEVICES}/${original.id}/retire`, { method: 'POST' }));

  const refused = await refusalOf(await release(clone.id));

  assert.deepEqual([refused.status, refused.inner], [409, 'notQuarantined']);
});

testOnEveryService('a PC that is renamed is the same device under its new name', async (service) => {
  const { alice, graph } = await anOrganization(service);
  const device = await service.enroll(alice, { machineHash: MACHINE, name: 'before' });
  await backUp(service, device, [{}]);

  await okay(await checkIn(device, { machineHash: MACHINE, name: 'after' }));

  assert.deepEqual(
    (await listed(graph)).map(({ id, deviceName }) => [id, deviceName]),
    [[device.enrollment.deviceId, 'after']],
  );
  assert.deepEqual(
    (await offeredTo(device)).map(({ deviceName }) => deviceName),
    ['after'],
  );
});

testOnEveryService('a PC that was reset is offered its own former backup first', async (service) => {
  const { alice, graph } = await anOrganization(service);
  const before = await service.enroll(alice, { machineHash: MACHINE, name: 'desk' });
  await backUp(service, before, [{}]);
  const newer = await service.enroll(alice, { machineHash: OTHER_MACHINE, name: 'laptop' });
  await backUp(service, newer, [{}]);

  const after = await service.enroll(alice, { machineHash: MACHINE, name: 'desk' });

  assert.deepEqual(
    (await offeredTo(after)).map(({ id, samePc = false }) => [id, samePc]),
    [
      [before.enrollment.profileId, true],
      [newer.enrollment.profileId, false],
    ],
  );
  const shown = await okay<ManagedDevice>(await graph.fetch(`${DEVICES}/${after.enrollment.deviceId}`));
  assert.equal(shown.carryover.formerDeviceId, before.enrollment.deviceId);
});

testOnEveryService('two people on one PC have a device and a profile each', async (service) => {
  const { alice, bob, graph } = await anOrganization(service);
  const alices = await service.enroll(alice, { machineHash: MACHINE });
  const bobs = await service.enroll(bob, { machineHash: MACHINE });
  await backUp(service, alices, [{}]);

  await okay(await graph.fetch(`${DEVICES}/${alices.enrollment.deviceId}/retire`, { method: 'POST' }));

  assert.equal((await checkIn(alices, { machineHash: MACHINE })).status, 403);
  assert.equal((await checkIn(bobs, { machineHash: MACHINE })).status, 200);
  assert.deepEqual(await offeredTo(bobs), []);
});

testOnEveryService(
  'one person with two accounts and one key has two devices, and nothing is shared',
  async (service) => {
    const { alice, tenantId } = await anOrganization(service);
    const second = await service.addPerson(tenantId, 'alice-admin@contoso.example');
    const daily = await service.enroll(alice, { machineHash: MACHINE });
    await backUp(service, daily, [{}]);

    const signedIn = await service.signIn(second, { ...AGENT, key: daily.key });
    const body = jsonBody('POST', { device: { ...SAMPLE_DEVICE, machineHash: MACHINE } });
    const admins = await okay<Enrollment>(await signedIn.fetch('/device/v1/enrollments', body));

    assert.notEqual(admins.deviceId, daily.enrollment.deviceId);
    assert.notEqual(admins.profileId, daily.enrollment.profileId);
    assert.equal(admins.checkIn.head, null);
    assert.notEqual(admins.checkIn.digestKey, daily.enrollment.checkIn.digestKey);
    const restoring = await service.signIn(second, {
      client: CLIENTS.restoreExperience,
      resource: 'restore',
      key: daily.key,
    });
    const path = (deviceId: string) => `/device/v1/devices/${deviceId}/profiles`;
    assert.deepEqual(await okay(await restoring.fetch(path(admins.deviceId))), { value: [] });
    assert.equal((await restoring.fetch(path(daily.enrollment.deviceId))).status, 404);
  },
);
