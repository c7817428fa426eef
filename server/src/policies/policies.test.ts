/** The switches as administrators move them through Graph, and what remains for a device. */

import assert from 'node:assert/strict';
import { CLIENTS } from '@carryover/model/wire';
import { aPolicy, EVERYBODY, okay, switchOn } from '../../testing/backups.ts';
import { jsonBody, type SignedIn, type TestService, testOnEveryService } from '../../testing/service.ts';
import { restoreConfigurationId, WINDOWS_RESTORE_TYPE } from './documents.ts';
import { effectivePolicyFor } from './policies.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const POLICIES = '/beta/deviceManagement/configurationPolicies';
const CONFIGURATIONS = '/beta/deviceManagement/deviceEnrollmentConfigurations';

interface Entity {
  readonly id: string;
  readonly name: string;
  readonly isAssigned: boolean;
  readonly settingCount: number;
}

async function anAdministrator(service: TestService) {
  const organization = await service.setUp();
  const graph = await service.signIn(organization.administrator, GRAPH);
  const { tenantId } = organization;
  return {
    organization,
    graph,
    effective: () => effectivePolicyFor(service.store, { tenantId, restorePageAtEnrollment: false }),
  };
}

async function create(graph: SignedIn, name: string, on: boolean): Promise<string> {
  return (await okay<Entity>(await graph.fetch(POLICIES, jsonBody('POST', aPolicy(name, on))))).id;
}

async function assign(graph: SignedIn, id: string, body: object = EVERYBODY): Promise<void> {
  await okay(await graph.fetch(`${POLICIES}/${id}/assign`, jsonBody('POST', body)));
}

testOnEveryService(
  'both switches are off at first and follow the administrator, each change a new version',
  async (service) => {
    const { graph, organization, effective } = await anAdministrator(service);
    const before = await effective();
    assert.deepEqual([before.backupEnabled, before.restoreEnabled], [false, false]);

    const { policyId } = await switchOn(service, organization);

    const on = await effective();
    assert.deepEqual(
      [on.backupEnabled, on.restoreEnabled, on.origins['backupEnabled']?.policy],
      [true, true, 'Backup'],
    );
    assert.ok(on.version > before.version);
    await okay(
      await graph.fetch(`${POLICIES}/${policyId}`, jsonBody('PATCH', { settings: aPolicy('', false).settings })),
    );
    const off = await effective();
    assert.deepEqual([off.backupEnabled, off.restoreEnabled], [false, false]);
    assert.ok(off.version > on.version);
  },
);

testOnEveryService('a policy that is not assigned decides nothing', async (service) => {
  const { graph, effective } = await anAdministrator(service);

  const id = await create(graph, 'Not for anyone', true);

  assert.equal((await effective()).backupEnabled, false);
  await assign(graph, id);
  assert.equal((await effective()).backupEnabled, true);
  await assign(graph, id, { assignments: [] });
  assert.equal((await effective()).backupEnabled, false);
  assert.equal((await okay<Entity>(await graph.fetch(`${POLICIES}/${id}`))).isAssigned, false);
});

testOnEveryService('off wins over on, whichever came first, until it goes', async (service) => {
  const { graph, effective } = await anAdministrator(service);
  const [first, off, last] = [
    await create(graph, 'On', true),
    await create(graph, 'Off', false),
    await create(graph, 'On too', true),
  ];
  await assign(graph, first);
  await assign(graph, last);
  assert.equal((await effective()).backupEnabled, true);

  await assign(graph, off);

  const policy = await effective();
  assert.deepEqual([policy.backupEnabled, policy.origins['backupEnabled']?.policy], [false, 'Off']);
  assert.equal((await graph.fetch(`${POLICIES}/${off}`, { method: 'DELETE' })).status, 204);
  assert.equal((await effective()).backupEnabled, true);
  assert.equal((await graph.fetch(`${POLICIES}/${off}`)).status, 404);
  assert.equal((await graph.fetch(`${POLICIES}/${off}`, { method: 'DELETE' })).status, 404);
});

testOnEveryService('one organization decides nothing for another', async (service) => {
  const { organization, effective } = await anAdministrator(service);
  const fabrikam = await service.setUp('Fabrikam');

  await switchOn(service, fabrikam);

  assert.equal((await effective()).backupEnabled, false);
  await switchOn(service, organization);
  assert.equal((await effective()).backupEnabled, true);
});

testOnEveryService('a change keeps what it does not name', async (service) => {
  const { graph } = await anAdministrator(service);
  const body = { ...aPolicy('Before', true), description: 'Why we have it', roleScopeTagIds: ['7'] };
  const { id } = await okay<Entity>(await graph.fetch(POLICIES, jsonBody('POST', body)));

  const changed = await okay<Entity>(await graph.fetch(`${POLICIES}/${id}`, jsonBody('PATCH', { name: 'After' })));

  const { description, roleScopeTagIds, name, platforms, technologies, settingCount } = changed as Entity &
    Record<string, unknown>;
  assert.deepEqual(
    { description, roleScopeTagIds, name, platforms, technologies, settingCount },
    {
      description: 'Why we have it',
      roleScopeTagIds: ['7'],
      name: 'After',
      platforms: 'windows10,linux',
      technologies: 'mdm',
      settingCount: 1,
    },
  );
  const settings = await okay<{ value: unknown[] }>(await graph.fetch(`${POLICIES}/${id}/settings`));
  assert.deepEqual(
    settings.value,
    body.settings.map((setting) => ({ ...setting, id: '0' })),
  );
});

testOnEveryService(
  'the restore configuration is one built-in object, listed, filtered and switched',
  async (service) => {
    const { graph, organization, effective } = await anAdministrator(service);
    const id = restoreConfigurationId(organization.tenantId);
    type List = { value: (Entity & { state: string })[] };
    const filtered = (type: string) =>
      graph.fetch(`${CONFIGURATIONS}?$filter=${encodeURIComponent(`deviceEnrollmentConfigurationType eq '${type}'`)}`);

    const listed = await okay<List>(await filtered('windowsRestore'));

    assert.deepEqual(
      listed.value.map((one) => [one.id, one.state]),
      [[id, 'notConfigured']],
    );
    assert.deepEqual((await okay<List>(await filtered('limit'))).value, []);
    const patch = (state: string, type = WINDOWS_RESTORE_TYPE) =>
      graph.fetch(`${CONFIGURATIONS}/${id}`, jsonBody('PATCH', { '@odata.type': type, state }));
    assert.equal((await okay<{ state: string }>(await patch('enabled'))).state, 'enabled');
    assert.equal((await effective()).restoreEnabled, false, 'a page during setup is not a restore at any other time');
    assert.equal((await okay<{ state: string }>(await patch('disabled'))).state, 'disabled');
    assert.equal((await patch('on')).status, 400);
    assert.equal((await patch('enabled', '#microsoft.graph.other')).status, 400);
    assert.equal((await graph.fetch(`${CONFIGURATIONS}/${id}`, { method: 'DELETE' })).status, 405);
    assert.equal((await graph.fetch(CONFIGURATIONS, jsonBody('POST', {}))).status, 405);
    assert.equal((await graph.fetch(`${CONFIGURATIONS}/${organization.tenantId}`)).status, 404);
  },
);

testOnEveryService('a device keeps the restore page as it was when it enrolled', async (service) => {
  const { organization } = await anAdministrator(service);
  const { alice } = organization;
  const early = await service.enroll(alice, { name: 'early' });

  await switchOn(service, organization);

  const late = await service.enroll(alice, { name: 'late' });
  const checkIn = async ({ enrollment, backup }: typeof early) =>
    okay<{ policy: { restorePageAtEnrollment: boolean; restoreEnabled: boolean } }>(
      await backup.fetch(
        `/device/v1/devices/${enrollment.deviceId}/check-ins`,
        jsonBody('POST', { device: await factsOf(service, enrollment.deviceId), manifestFormat: 1 }),
      ),
    );
  const [first, second] = [await checkIn(early), await checkIn(late)];
  assert.deepEqual([first.policy.restorePageAtEnrollment, first.policy.restoreEnabled], [false, true]);
  assert.deepEqual([second.policy.restorePageAtEnrollment, second.policy.restoreEnabled], [true, true]);
});

/** What the device said of itself when it enrolled. */
async function factsOf({ store }: TestService, deviceId: string) {
  const row = await store.read
    .selectFrom('devices')
    .select(['name', 'platform', 'build', 'os_name', 'machine_hash', 'agent_version'])
    .where('device_id', '=', deviceId)
    .executeTakeFirstOrThrow();
  const { os_name: osName, machine_hash: machineHash, agent_version: agentVersion, ...rest } = row;
  return { ...rest, osName, machineHash, agentVersion };
}

testOnEveryService('policies come in pages, oldest first, and changes are in the audit log', async (service) => {
  const { graph, organization } = await anAdministrator(service);
  for (const name of ['A', 'B', 'C']) await create(graph, name, true);
  type List = { value: Entity[]; '@odata.nextLink'?: string };
  const prefer = { headers: { prefer: 'odata.maxpagesize=2' } };

  const first = await okay<List>(await graph.fetch(POLICIES, prefer));
  const second = await okay<List>(await graph.fetch(first['@odata.nextLink'] ?? '', prefer));

  assert.deepEqual(
    [first, second].map(({ value }) => value.map(({ name }) => name)),
    [['A', 'B'], ['C']],
  );
  assert.equal(second['@odata.nextLink'], undefined);
  type Events = { value: { activity: string; actor: { userId: string }; resources: { resourceId: string }[] }[] };
  const events = await okay<Events>(await graph.fetch('/v1.0/deviceManagement/auditEvents'));
  const ofPolicies = events.value.filter(({ activity }) => activity.endsWith('configurationPolicy'));
  assert.deepEqual(
    ofPolicies.map(({ activity, actor, resources }) => [activity, actor.userId, resources[0]?.resourceId]),
    [...first.value, ...second.value]
      .toReversed()
      .map(({ id }) => ['create configurationPolicy', organization.administrator.userId, id]),
  );
  assert.deepEqual(await okay(await graph.fetch('/beta/carryover/auditChain')), { entries: events.value.length });
});
