/** Why a policy is as it is on one device, what is written on the device itself, and what a change would do to all of them. */

import assert from 'node:assert/strict';
import { instanceOf } from '@carryover/model/policy-catalog';
import type { PolicySetting } from '@carryover/model/policy-merge';
import type { DevicePolicy, PolicyConflicts, PolicyPreview } from '@carryover/model/policy-preview';
import { type CheckIn, CLIENTS, type PolicyBody } from '@carryover/model/wire';
import { aPolicyOf, okay } from '../../testing/backups.ts';
import {
  type EnrolledDevice,
  jsonBody,
  SAMPLE_DEVICE,
  type TestService,
  testOnEveryService,
} from '../../testing/service.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const POLICIES = '/beta/deviceManagement/configurationPolicies';
const ALL_DEVICES = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };
const group = (kind: 'group' | 'exclusionGroup', groupId: string) => ({
  '@odata.type': `#microsoft.graph.${kind}AssignmentTarget`,
  groupId,
});

async function anAdministrator(service: TestService) {
  const organization = await service.setUp();
  const graph = await service.signIn(organization.administrator, GRAPH);
  const post = async <Answer>(path: string, body: object) =>
    okay<Answer>(await graph.fetch(path, jsonBody('POST', body)));
  return {
    ...organization,
    graph,
    post,
    async assigned(name: string, settings: readonly PolicySetting[], ...targets: object[]): Promise<string> {
      const { id } = await post<{ id: string }>(POLICIES, aPolicyOf(name, settings));
      await post(`${POLICIES}/${id}/assign`, { assignments: targets.map((target) => ({ target })) });
      return id;
    },
    async aGroup(displayName: string, ...ids: string[]): Promise<string> {
      const { id } = await post<{ id: string }>('/v1.0/groups', {
        displayName,
        mailNickname: displayName,
        mailEnabled: false,
        securityEnabled: true,
        'members@odata.bind': ids.map((one) => `${service.url}/v1.0/directoryObjects/${one}`),
      });
      return id;
    },
    preview: (change: object) => post<PolicyPreview>('/beta/carryover/policyPreview', change),
  };
}

const FACTS = { ...SAMPLE_DEVICE, machineHash: 'e'.repeat(64) };
const ON: PolicySetting = { policy: 'EnableWindowsBackup', value: true };
const OFF: PolicySetting = { policy: 'EnableWindowsBackup', value: false };

async function checkIn({ backup, enrollment }: EnrolledDevice, localPolicy?: object[]): Promise<CheckIn> {
  const body = { device: FACTS, manifestFormat: 1, ...(localPolicy === undefined ? {} : { localPolicy }) };
  return okay(await backup.fetch(`/device/v1/devices/${enrollment.deviceId}/check-ins`, jsonBody('POST', body)));
}

testOnEveryService('a device and an administrator are told who decided, and why not the others', async (service) => {
  const { alice, graph, assigned, aGroup } = await anAdministrator(service);
  const device = await service.enroll(alice, FACTS);
  const { deviceId } = device.enrollment;
  const pilots = await aGroup('Pilots', alice.userId);
  const everybody = await assigned('Everybody', [ON], ALL_DEVICES);
  const pilot = await assigned('Pilot', [OFF], ALL_DEVICES, group('exclusionGroup', pilots));

  const own = await okay<PolicyBody>(await device.backup.fetch(`/device/v1/devices/${deviceId}/policy`));
  const seen = await okay<DevicePolicy>(await graph.fetch(`/beta/carryover/devices/${deviceId}/policy`));

  assert.equal(own.policy.backupEnabled, true);
  assert.deepEqual(seen.explained, own.explained);
  assert.deepEqual(
    own.explained.explanations.find(({ member }) => member === 'backupEnabled'),
    {
      member: 'backupEnabled',
      value: true,
      decidedBy: {
        policy: 'EnableWindowsBackup',
        origin: { source: 'service', policy: 'Everybody', policyId: everybody },
      },
      others: [
        {
          origin: { source: 'service', policy: 'Pilot', policyId: pilot },
          policy: 'EnableWindowsBackup',
          value: false,
          because: 'excluded',
          groupId: pilots,
        },
      ],
    },
  );
  assert.deepEqual(
    [seen.deviceName, seen.person?.id, seen.groups],
    [SAMPLE_DEVICE.name, alice.userId, { [pilots]: 'Pilots' }],
  );
  const nobody = await graph.fetch(`/beta/carryover/devices/${deviceId}/policy?userId=${crypto.randomUUID()}`);
  assert.equal(nobody.status, 404);
});

testOnEveryService('what stands on a device decides what the service leaves open, and never more', async (service) => {
  const { alice, assigned } = await anAdministrator(service);
  const device = await service.enroll(alice, FACTS);
  const file = (...settings: object[]) => [{ source: 'policyFile', name: '/etc/carryover/policy.d/1.json', settings }];

  const opened = await checkIn(device, file(ON, { policy: 'EnableTimeTravel', value: 'yes' }));
  assert.deepEqual(
    [opened.policy.backupEnabled, opened.policy.origins['backupEnabled'], opened.eligibility.backup],
    [true, { source: 'policyFile', policy: '/etc/carryover/policy.d/1.json' }, []],
  );
  const body = await okay<PolicyBody>(
    await device.backup.fetch(`/device/v1/devices/${device.enrollment.deviceId}/policy`),
  );
  assert.deepEqual(
    body.explained.unknown.map(({ name }) => name),
    ['EnableTimeTravel'],
  );

  const closed = await checkIn(device);
  assert.deepEqual(
    [closed.policy.backupEnabled, closed.eligibility.backup.map(({ code }) => code)],
    [false, ['notSwitchedOn']],
  );

  await assigned('Nobody', [OFF], ALL_DEVICES);
  const refused = await checkIn(device, file(ON));
  assert.deepEqual([refused.policy.backupEnabled, refused.policy.origins['backupEnabled']?.policy], [false, 'Nobody']);
});

testOnEveryService(
  'a device cannot speak for the service, and a wrong value of its own does no harm',
  async (service) => {
    const { alice } = await anAdministrator(service);
    const device = await service.enroll(alice, FACTS);
    const path = `/device/v1/devices/${device.enrollment.deviceId}/check-ins`;
    const send = async (localPolicy: object[]) =>
      (await device.backup.fetch(path, jsonBody('POST', { device: FACTS, manifestFormat: 1, localPolicy }))).status;

    assert.equal(await send([{ source: 'service', name: 'Mine', settings: [ON] }]), 400);
    const many = Array.from({ length: 100 }, (_, at) => ({
      source: 'policyFile',
      name: 'n'.repeat(490) + at,
      settings: Array.from({ length: 5 }, () => ({ policy: 'p'.repeat(190), value: 'v'.repeat(400) })),
    }));
    assert.equal(await send(many), 400);
    const wrong = { policy: 'BackupIntervalDays', value: 0 };
    const { policy } = await checkIn(device, [{ source: 'dconf', name: 'locks', settings: [wrong, ON] }]);
    assert.deepEqual([policy.backupIntervalDays, policy.backupEnabled], [8, true]);
  },
);

testOnEveryService('a blocking policy of another product is named with who set it', async (service) => {
  const { alice, assigned } = await anAdministrator(service);
  const device = await service.enroll(alice, FACTS);
  await assigned('Backup', [ON], ALL_DEVICES);
  await assigned('Baseline 2024', [{ policy: 'PublishUserActivities', value: false }], ALL_DEVICES);

  const { eligibility } = await checkIn(device);

  assert.deepEqual(eligibility.backup, [
    { code: 'blockedByPolicy', facts: { policy: 'PublishUserActivities', source: 'Baseline 2024' } },
  ]);
});

testOnEveryService('a preview counts what would change, for whom, and changes nothing', async (service) => {
  const { alice, bob, assigned, aGroup, preview } = await anAdministrator(service);
  const [laptop, desk] = [
    await service.enroll(alice, { ...FACTS, name: 'laptop' }),
    await service.enroll(bob, { name: 'desk', machineHash: 'd'.repeat(64) }),
  ];
  const pilots = await aGroup('Pilots', alice.userId);
  const id = await assigned('Backup', [ON], ALL_DEVICES);
  const settings = [ON, { policy: 'BackupIntervalDays', value: 4 }].map((setting) => ({
    settingInstance: instanceOf(setting as PolicySetting),
  }));

  const narrower = await preview({
    id,
    name: 'Backup',
    settings,
    targets: [group('group', pilots)],
    deviceId: desk.enrollment.deviceId,
  });

  assert.deepEqual(
    { ...narrower, changes: narrower.changes.map(({ member, from, to, devices }) => [member, from, to, devices]) },
    {
      devices: 2,
      reached: 1,
      changed: 2,
      changes: narrower.changes.map(({ member, from, to, devices }) => [member, from, to, devices]),
      conflicts: [],
      unknown: [],
      onDevice: { deviceName: 'desk', changes: [{ member: 'backupEnabled', from: true, to: false }] },
    },
  );
  assert.deepEqual(
    narrower.changes
      .map(({ member, from, to, examples }) => [member, from, to, examples.map(({ deviceName }) => deviceName)])
      .toSorted(),
    [
      ['backupEnabled', true, false, ['desk']],
      ['backupIntervalDays', 8, 4, ['laptop']],
    ],
  );
  assert.equal((await checkIn(laptop)).policy.backupIntervalDays, 8);

  const conflicting = await preview({
    name: 'Off',
    settings: [{ settingInstance: instanceOf(OFF) }],
    targets: [ALL_DEVICES],
  });
  assert.deepEqual(
    conflicting.conflicts.map(({ member, kept, overruled, devices }) => [
      member,
      kept.origin.policy,
      overruled.map(({ origin }) => origin.policy),
      devices,
    ]),
    [['backupEnabled', 'Off', ['Backup'], 2]],
  );
  const gone = await preview({ id, name: 'Backup', targets: [], removed: true });
  assert.deepEqual([gone.reached, gone.changed, gone.changes[0]?.to], [0, 2, false]);
  const nothing = await preview({ name: 'Empty', settings: [], targets: [ALL_DEVICES] });
  assert.deepEqual([nothing.reached, nothing.changed], [2, 0]);
});

testOnEveryService(
  'policies that disagree on a device are told, with what each says; apart they are not',
  async (service) => {
    const { alice, bob, graph, assigned, aGroup } = await anAdministrator(service);
    await service.enroll(alice, FACTS);
    await service.enroll(bob, { ...FACTS, machineHash: 'f'.repeat(64) });
    const alices = await aGroup('Alices', alice.userId);
    const bobs = await aGroup('Bobs', bob.userId);
    const interval = (value: number): PolicySetting => ({ policy: 'BackupIntervalDays', value });
    const conflicts = async () =>
      (await okay<PolicyConflicts>(await graph.fetch('/beta/carryover/policyConflicts'))).conflicts;
    await assigned('Unassigned', [interval(9)]);
    await assigned('Apart', [interval(2)], group('group', bobs));
    const on = await assigned('On', [ON], ALL_DEVICES);
    assert.deepEqual(await conflicts(), []);

    const off = await assigned('Off', [OFF], group('group', alices));

    assert.deepEqual(await conflicts(), [
      {
        member: 'backupEnabled',
        kept: { origin: { source: 'service', policy: 'Off', policyId: off }, value: false },
        overruled: [{ origin: { source: 'service', policy: 'On', policyId: on }, value: true }],
        devices: 1,
      },
    ]);
  },
);
