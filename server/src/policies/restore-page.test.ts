/** Whom the restore page is aimed at, decided when a PC enrolls and kept from then on. */

import assert from 'node:assert/strict';
import type { ManagedDevice } from '@carryover/model/admin';
import { CLIENTS } from '@carryover/model/wire';
import { okay } from '../../testing/backups.ts';
import { jsonBody, type Person, type TestService, testOnEveryService } from '../../testing/service.ts';
import { listAudit } from '../audit/audit.ts';
import { restoreConfigurationId, WINDOWS_RESTORE_TYPE } from './documents.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const ALL = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };
const include = (groupId: string) => ({ '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId });
const exclude = (groupId: string) => ({ '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget', groupId });

async function anOrganization(service: TestService) {
  const organization = await service.setUp();
  const graph = await service.signIn(organization.administrator, GRAPH);
  const path = `/beta/deviceManagement/deviceEnrollmentConfigurations/${restoreConfigurationId(organization.tenantId)}`;
  return {
    ...organization,
    graph,
    path,
    turn: async (state: string) =>
      okay(await graph.fetch(path, jsonBody('PATCH', { '@odata.type': WINDOWS_RESTORE_TYPE, state }))),
    assign: (...targets: object[]) =>
      graph.fetch(
        `${path}/assign`,
        jsonBody('POST', { enrollmentConfigurationAssignments: targets.map((target) => ({ target })) }),
      ),
    aGroup: async (draft: object) => {
      const body = { displayName: 'G', mailEnabled: false, mailNickname: 'g', securityEnabled: true, ...draft };
      return (await okay<{ id: string }>(await graph.fetch('/v1.0/groups', jsonBody('POST', body)))).id;
    },
    put: async (groupId: string, { userId }: Person) => {
      const reference = { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${userId}` };
      await okay(await graph.fetch(`/v1.0/groups/${groupId}/members/$ref`, jsonBody('POST', reference)));
    },
    shown: async (person: Person, name = 'desk-1') =>
      (await service.enroll(person, { name })).enrollment.checkIn.policy.restorePageAtEnrollment,
  };
}

testOnEveryService('switched on and assigned to nobody in particular, it is for everybody', async (service) => {
  const { turn, assign, shown, alice } = await anOrganization(service);

  assert.equal(await shown(alice), false);
  await turn('enabled');
  assert.equal(await shown(alice), true);
  await okay(await assign(ALL));
  assert.equal(await shown(alice), true);
  await okay(await assign());
  assert.equal(await shown(alice), true);
  await turn('disabled');
  assert.equal(await shown(alice), false);
});

testOnEveryService('aimed at groups, it is for the people in them, and an exclusion wins', async (service) => {
  const { turn, assign, shown, alice, bob, aGroup, put } = await anOrganization(service);
  const [pilot, left] = [await aGroup({}), await aGroup({})];
  await put(pilot, alice);
  await turn('enabled');

  await okay(await assign(include(pilot)));
  assert.deepEqual([await shown(alice), await shown(bob)], [true, false]);
  await okay(await assign(ALL, exclude(pilot)));
  assert.deepEqual([await shown(alice), await shown(bob)], [false, true]);
  await put(left, alice);
  await okay(await assign(include(pilot), exclude(left)));
  assert.deepEqual([await shown(alice), await shown(bob)], [false, false]);
  await okay(await assign(include(pilot)));
  await turn('disabled');
  assert.equal(await shown(alice), false, 'a group switches nothing on');
});

testOnEveryService('a rule about PCs reaches one that enrolls right now', async (service) => {
  const { turn, assign, shown, alice, aGroup } = await anOrganization(service);
  const membershipRule = '(device.displayName -startsWith "LAB-")';
  const labs = await aGroup({ groupTypes: ['DynamicMembership'], membershipRule, membershipRuleProcessingState: 'On' });
  await turn('enabled');

  await okay(await assign(include(labs)));

  assert.deepEqual([await shown(alice, 'LAB-7'), await shown(alice, 'DESK-7')], [true, false]);
});

testOnEveryService('PCs that are enrolled keep what was decided for them', async (service) => {
  const { turn, assign, alice, aGroup, put, graph } = await anOrganization(service);
  const pilot = await aGroup({});
  await turn('enabled');
  await okay(await assign(include(pilot)));
  const without = await service.enroll(alice);
  await put(pilot, alice);
  const withIt = await service.enroll(alice);

  await okay(await assign(exclude(pilot)));
  await turn('disabled');

  const kept = await Promise.all(
    [without, withIt].map(async ({ enrollment }) => {
      const path = `/beta/deviceManagement/managedDevices/${enrollment.deviceId}`;
      return (await okay<ManagedDevice>(await graph.fetch(path))).carryover.restorePageAtEnrollment;
    }),
  );
  assert.deepEqual(kept, [false, true]);
});

testOnEveryService('assignments are replaced as a whole, read back, guarded and audited', async (service) => {
  const { assign, aGroup, graph, path, tenantId } = await anOrganization(service);
  const pilot = await aGroup({});
  const { '@odata.etag': never } = await okay<{ '@odata.etag': string }>(await graph.fetch(path));

  await okay(await assign(include(pilot), include(pilot), ALL));

  type List = { value: { id: string; target: object }[] };
  const listed = await okay<List>(await graph.fetch(`${path}/assignments`));
  assert.deepEqual(
    new Set(listed.value.map(({ target }) => JSON.stringify(target))),
    new Set([ALL, include(pilot)].map((target) => JSON.stringify(target))),
  );
  const [event] = await listAudit(service.store, tenantId, { top: 1 });
  assert.equal(event?.action, 'assign windowsRestore');
  assert.equal((await okay<{ state: string }>(await graph.fetch(path))).state, 'notConfigured', 'and switches nothing');
  const init = jsonBody('POST', { enrollmentConfigurationAssignments: [] });
  const stale = { ...init, headers: { ...(init.headers as object), 'if-match': never } };
  assert.equal((await graph.fetch(`${path}/assign`, stale)).status, 412);
  const unknown = await assign(include(crypto.randomUUID()));
  assert.equal(unknown.status, 400);
  assert.match(await unknown.text(), /enrollmentConfigurationAssignments\[0\]\.target\.groupId/);
  const filter = { ...ALL, deviceAndAppManagementAssignmentFilterId: crypto.randomUUID() };
  assert.equal((await assign(filter)).status, 400);
  assert.equal((await okay<List>(await graph.fetch(`${path}/assignments`))).value.length, 2);
});
