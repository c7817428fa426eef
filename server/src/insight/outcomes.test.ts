/** What came of the restore page on each device, and which backups fail: as administrators see it. */

import assert from 'node:assert/strict';
import type { ManagedDevice, Overview } from '@carryover/model/admin';
import type { DeviceFacts } from '@carryover/model/device';
import { SETUP_OUTCOMES } from '@carryover/model/outcome';
import { CLIENTS, type FailedRuns } from '@carryover/model/wire';
import { backUp, okay, switchOn } from '../../testing/backups.ts';
import {
  type EnrolledDevice,
  jsonBody,
  SAMPLE_DEVICE,
  type SignedIn,
  type TestService,
  testOnEveryService,
} from '../../testing/service.ts';
import { readCatalog } from '../catalog.ts';
import { overviewOf } from './overview.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;

async function restoreOf(graph: SignedIn, { enrollment }: Pick<EnrolledDevice, 'enrollment'>) {
  const path = `/v1.0/deviceManagement/managedDevices/${enrollment.deviceId}`;
  return (await okay<ManagedDevice>(await graph.fetch(path))).carryover.restore;
}

/** What Home counts right now: its own answer is kept for some seconds. */
async function countedNow({ store }: TestService, tenantId: string): Promise<Overview> {
  const { gates: builds } = await readCatalog();
  return overviewOf(store, tenantId, { builds, now: Temporal.Now.instant() });
}

async function restore(device: EnrolledDevice, report: Readonly<Record<string, unknown>>, seq = 1): Promise<void> {
  const { deviceId, profileId } = device.enrollment;
  const restoring = await device.restore();
  const choice = jsonBody('POST', { profileId, seq, only: [], skip: [] });
  const started = await restoring.fetch(`/device/v1/devices/${deviceId}/restore-sessions`, choice);
  const { sessionId } = await okay<{ sessionId: string }>(started);
  const whole = { items: [], durationMs: 1500, finished: true, undone: false, ...report };
  await okay(await restoring.fetch(`/device/v1/restore-sessions/${sessionId}/report`, jsonBody('PUT', whole)));
}

async function askForProfiles(device: EnrolledDevice): Promise<void> {
  const { deviceId } = device.enrollment;
  await okay(await (await device.restore()).fetch(`/device/v1/devices/${deviceId}/profiles`));
}

const FAILED = { items: [{ id: 'one', kind: 'setting', category: 'personalization', status: 'failed' }] };

testOnEveryService('each device says what came of its restore page, and Home counts them', async (service) => {
  const organization = await service.setUp();
  const { alice, bob, tenantId } = organization;
  const graph = await service.signIn(organization.administrator, GRAPH);
  const before = await service.enroll(alice, { name: 'enrolled before the page was switched on' });
  await switchOn(service, organization);
  const old = await service.enroll(alice, { name: 'too old', build: 'debian 11 gnome 38' });
  const alone = await service.enroll(bob, { name: 'nothing to restore' });
  await askForProfiles(alone);
  const [restored, broken, fresh, undone, open] = [
    await service.enroll(alice),
    await service.enroll(alice),
    await service.enroll(alice),
    await service.enroll(alice),
    await service.enroll(alice),
  ];
  for (const device of [restored, broken, undone]) await backUp(service, device, [{}]);
  await restore(restored, { sinceSignInMs: 61_000 });
  await restore(broken, FAILED);
  await restore(undone, { undone: true });
  const choice = `/device/v1/devices/${fresh.enrollment.deviceId}/setup-choice`;
  await okay(await fresh.backup.fetch(choice, jsonBody('PUT', { kind: 'new' })));
  await askForProfiles(open);

  const devices = [before, old, alone, restored, broken, fresh, undone, open];
  const shown = await Promise.all(devices.map((device) => restoreOf(graph, device)));

  assert.deepEqual(
    shown.map(({ setupOutcome }) => setupOutcome),
    [
      'noPolicyAssigned',
      'notApplicable',
      'noBackupProfiles',
      'succeeded',
      'failed',
      'setupAsNewPCSelected',
      null,
      null,
    ],
  );
  assert.deepEqual(
    [shown[3]?.newest?.sinceSignInMs, shown[4]?.newest?.sinceSignInMs, shown[5]?.newest],
    [61_000, null, null],
  );
  const { setupOutcomes, restoresLast30Days } = await countedNow(service, tenantId);
  assert.deepEqual(
    SETUP_OUTCOMES.map((outcome) => setupOutcomes[outcome]),
    [1, 1, 1, 1, 1, 1],
  );
  assert.deepEqual(restoresLast30Days, { running: 0, succeeded: 1, failed: 1, undone: 1 });
});

testOnEveryService('what came of a set-up follows what the person does last', async (service) => {
  const organization = await service.setUp();
  const { graph } = await switchOn(service, organization);
  const device = await service.enroll(organization.alice);
  await askForProfiles(device);
  const outcome = async () => (await restoreOf(graph, device)).setupOutcome;
  assert.equal(await outcome(), 'noBackupProfiles');

  await okay(
    await device.backup.fetch(
      `/device/v1/devices/${device.enrollment.deviceId}/setup-choice`,
      jsonBody('PUT', { kind: 'new' }),
    ),
  );
  assert.equal(await outcome(), 'setupAsNewPCSelected');
  const { seq } = await backUp(service, device, [{}]);
  await restore(device, {}, seq);
  assert.equal(await outcome(), 'succeeded');
});

const moment = Temporal.Now.instant();

testOnEveryService(
  'of restores of one moment the list, Home and its numbers take the same for the newest',
  async (service) => {
    const organization = await service.setUp();
    const { graph } = await switchOn(service, organization);
    const devices = await Promise.all([1, 2, 3, 4].map(() => service.enroll(organization.alice)));
    for (const device of devices) {
      const { seq } = await backUp(service, device, [{}]);
      for (const report of [{}, FAILED, {}, FAILED]) await restore(device, report, seq);
    }

    const listed = await Promise.all(devices.map((device) => restoreOf(graph, device)));
    const { setupOutcomes, newestRestores } = await countedNow(service, organization.tenantId);

    const { succeeded, failed } = Object.groupBy(listed, ({ setupOutcome }) => setupOutcome ?? 'succeeded');
    assert.deepEqual([setupOutcomes.succeeded, setupOutcomes.failed], [succeeded?.length ?? 0, failed?.length ?? 0]);
    const sessions = await service.store.read
      .selectFrom('restore_sessions')
      .select(['device_id as deviceId', 'outcome'])
      .orderBy('session_id', 'desc')
      .limit(5)
      .execute();
    assert.deepEqual(
      newestRestores.map(({ deviceId, outcome }) => ({ deviceId, outcome })),
      sessions.map(({ deviceId, outcome }) => ({ deviceId, outcome })),
    );
  },
  { now: () => moment },
);

testOnEveryService('a PC that IT had set itself up is not one for the restore page', async (service) => {
  const organization = await service.setUp();
  const { graph } = await switchOn(service, organization);
  const profiles = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
  const shared = { '@odata.type': '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile', displayName: 'Kiosk' };
  const made = await graph.fetch(
    profiles,
    jsonBody('POST', { ...shared, outOfBoxExperienceSetting: { deviceUsageType: 'shared' } }),
  );
  const { id: autopilotProfileId } = await okay<{ id: string }>(made);
  const given = await graph.fetch('/beta/carryover/enrollmentTokens', jsonBody('POST', { autopilotProfileId }));
  const { token: enrollmentToken } = await okay<{ token: string }>(given);

  const agent = await service.signIn(organization.alice, { client: CLIENTS.agent, resource: 'enrollment' });
  const body = { device: { ...SAMPLE_DEVICE, machineHash: '9'.repeat(64) }, enrollmentToken };
  const enrollment = await okay<EnrolledDevice['enrollment']>(
    await agent.fetch('/device/v1/enrollments', jsonBody('POST', body)),
  );

  assert.equal((await restoreOf(graph, { enrollment })).setupOutcome, 'notApplicable');
  const path = `/v1.0/deviceManagement/managedDevices/${enrollment.deviceId}`;
  const { backup } = (await okay<ManagedDevice>(await graph.fetch(path))).carryover;
  assert.deepEqual([backup.state, backup.reasons.map(({ code }) => code)], ['notEligible', ['selfDeploying']]);
  const { coverage } = await countedNow(service, organization.tenantId);
  assert.deepEqual([coverage.notEligible, coverage.never], [1, 0]);
});

testOnEveryService(
  'a device whose backups fail is shown and counted as failing until one succeeds',
  async (service) => {
    const organization = await service.setUp();
    const { graph } = await switchOn(service, organization);
    const device = await service.enroll(organization.alice);
    await service.enroll(organization.bob);
    const machineHash = await hashOf(service, device.enrollment.deviceId);
    const checkIn = async (facts: Partial<DeviceFacts>, failedRuns?: FailedRuns) => {
      const told = failedRuns === undefined ? {} : { failedRuns };
      const body = { device: { ...SAMPLE_DEVICE, machineHash, ...facts }, manifestFormat: 1, ...told };
      const path = `/device/v1/devices/${device.enrollment.deviceId}/check-ins`;
      await okay(await device.backup.fetch(path, jsonBody('POST', body)));
    };
    const backupOf = async () => {
      const path = `/v1.0/deviceManagement/managedDevices/${device.enrollment.deviceId}`;
      return (await okay<ManagedDevice>(await graph.fetch(path))).carryover.backup;
    };
    const failing = async () => {
      const filter = encodeURIComponent("carryover/backup/state eq 'failing'");
      const path = `/v1.0/deviceManagement/managedDevices?$filter=${filter}`;
      const { value } = await okay<{ value: ManagedDevice[] }>(await graph.fetch(path));
      const { coverage } = await countedNow(service, organization.tenantId);
      return [value.map(({ id }) => id), coverage.failing, coverage.never, coverage.backedUp];
    };
    assert.equal((await backupOf()).failed, null);
    assert.deepEqual(await failing(), [[], 0, 2, 0]);

    await checkIn({}, { count: 3, code: 'storageFull' });
    const told = await backupOf();
    assert.deepEqual([told.state, told.failed?.runs, told.failed?.code], ['failing', 3, 'storageFull']);
    assert.deepEqual(await failing(), [[device.enrollment.deviceId], 1, 1, 0]);

    await backUp(service, device, [{}]);
    assert.equal((await backupOf()).state, 'backedUp', 'the backup came after what the device told');
    assert.deepEqual(await failing(), [[], 0, 1, 1]);

    await checkIn({}, { count: 1, code: 'missingPart' });
    assert.deepEqual(await failing(), [[device.enrollment.deviceId], 1, 1, 0]);
    await checkIn({});
    assert.deepEqual([(await backupOf()).state, (await backupOf()).failed], ['backedUp', null]);
    assert.deepEqual(await failing(), [[], 0, 1, 1]);
  },
);

async function hashOf({ store }: TestService, deviceId: string): Promise<string> {
  const row = await store.read
    .selectFrom('devices')
    .select('machine_hash')
    .where('device_id', '=', deviceId)
    .executeTakeFirstOrThrow();
  return row.machine_hash;
}
