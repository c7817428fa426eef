/** Documents of Graph: what is understood in them and what is kept, whom they reach, two who edit one, what is refused. */

import assert from 'node:assert/strict';
import type { EffectivePolicy } from '@carryover/model/policy';
import { instanceOf } from '@carryover/model/policy-catalog';
import { CLIENTS } from '@carryover/model/wire';
import { aCustomPolicy, aPolicy, aPolicyOf, EVERYBODY, okay } from '../../testing/backups.ts';
import { jsonBody, type SignedIn, type TestService, testOnEveryService } from '../../testing/service.ts';
import { effectivePolicyFor } from './policies.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const POLICIES = '/beta/deviceManagement/configurationPolicies';
const CUSTOM = '/v1.0/deviceManagement/deviceConfigurations';
const TARGET = '#microsoft.graph.';

interface Entity {
  readonly '@odata.etag': string;
  readonly id: string;
  readonly lastModifiedDateTime: string;
  readonly carryover: { readonly unknownSettings: readonly string[] };
}

async function anAdministrator(service: TestService) {
  const organization = await service.setUp();
  const { tenantId, administrator } = organization;
  const graph = await service.signIn(administrator, GRAPH);
  const create = async (root: string, body: object) => okay<Entity>(await graph.fetch(root, jsonBody('POST', body)));
  const policyOn = (device: { deviceId: string; userId: string }): Promise<EffectivePolicy> =>
    effectivePolicyFor(service.store, { tenantId, restorePageAtEnrollment: false, subject: device });
  return { organization, graph, create, policyOn };
}

const somebody = () => ({ deviceId: crypto.randomUUID(), userId: crypto.randomUUID() });

testOnEveryService('a custom policy decides like one of the settings catalog', async (service) => {
  const { graph, create, policyOn } = await anAdministrator(service);
  const made = await create(CUSTOM, aCustomPolicy('Baseline'));
  assert.equal((await policyOn(somebody())).categories.accounts, 'on');

  await okay(await graph.fetch(`${CUSTOM}/${made.id}/assign`, jsonBody('POST', EVERYBODY)));

  const { categories, origins } = await policyOn(somebody());
  assert.equal(categories.accounts, 'locked');
  assert.deepEqual(origins['categories.accounts'], { source: 'service', policy: 'Baseline', policyId: made.id });
});

testOnEveryService('what is not known is kept as it came and named, never dropped', async (service) => {
  const { graph, create } = await anAdministrator(service);
  const camera = {
    '@odata.type': '#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance',
    settingDefinitionId: 'device_vendor_msft_policy_config_camera_allowcamera',
    choiceSettingValue: { value: 'device_vendor_msft_policy_config_camera_allowcamera_0', children: [] },
    settingInstanceTemplateReference: { settingInstanceTemplateId: 'x' },
  };
  const body = aPolicy('Both', true);
  const made = await create(POLICIES, { ...body, settings: [...body.settings, { settingInstance: camera }] });

  assert.deepEqual(made.carryover.unknownSettings, [camera.settingDefinitionId]);
  const { value } = await okay<{ value: { settingInstance: object }[] }>(
    await graph.fetch(`${POLICIES}/${made.id}/settings`),
  );
  assert.deepEqual(value[1]?.settingInstance, camera);
  const custom = await create(CUSTOM, aCustomPolicy('Custom'));
  assert.deepEqual(custom.carryover.unknownSettings, ['./Device/Vendor/MSFT/Policy/Config/Camera/AllowCamera']);
});

testOnEveryService('a group gets its policy by person or device, and an exclusion wins', async (service) => {
  const { organization, graph, create, policyOn } = await anAdministrator(service);
  const { alice, bob } = organization;
  const [laptop, tower] = [
    await service.enroll(alice, { name: 'laptop' }),
    await service.enroll(alice, { name: 'tower' }),
  ];
  const desk = await service.enroll(bob, { name: 'desk' });
  const group = async (displayName: string, more: object) =>
    (
      await create('/v1.0/groups', {
        displayName,
        mailNickname: displayName,
        mailEnabled: false,
        securityEnabled: true,
        ...more,
      })
    ).id;
  const bind = (...ids: string[]) => ({
    'members@odata.bind': ids.map((id) => `${service.url}/v1.0/directoryObjects/${id}`),
  });
  const pilot = await group('pilot', bind(alice.userId, desk.enrollment.deviceId));
  const towers = await group('towers', {
    groupTypes: ['DynamicMembership'],
    membershipRule: '(device.displayName -eq "tower")',
    membershipRuleProcessingState: 'On',
  });
  const { id } = await create(POLICIES, aPolicy('Pilot', true));

  await assign(graph, id, [
    { '@odata.type': `${TARGET}groupAssignmentTarget`, groupId: pilot },
    { '@odata.type': `${TARGET}exclusionGroupAssignmentTarget`, groupId: towers },
  ]);

  const enabled = async (userId: string, { enrollment }: typeof desk) =>
    (await policyOn({ userId, deviceId: enrollment.deviceId })).backupEnabled;
  assert.deepEqual(
    [
      await enabled(alice.userId, laptop),
      await enabled(alice.userId, tower),
      await enabled(bob.userId, desk),
      await enabled(bob.userId, laptop),
    ],
    [true, false, true, false],
  );
});

testOnEveryService('two who edit the same: the second is told, and loses nothing', async (service) => {
  const { graph, create } = await anAdministrator(service);
  for (const [root, body, name] of [
    [POLICIES, aPolicy('Mine', true), 'name'],
    [CUSTOM, aCustomPolicy('Mine'), 'displayName'],
  ] as const) {
    const made = await create(root, body);
    const stale = { 'if-match': made['@odata.etag'], 'content-type': 'application/json' };
    const send = (method: string, path: string, content: object) =>
      graph.fetch(path, { method, headers: stale, body: JSON.stringify(content) });
    await okay(await send('PATCH', `${root}/${made.id}`, { [name]: 'First' }));

    for (const late of [
      await send('PATCH', `${root}/${made.id}`, { [name]: 'Second' }),
      await send('PUT', `${root}/${made.id}`, { ...body, [name]: 'Second' }),
      await send('POST', `${root}/${made.id}/assign`, EVERYBODY),
      await graph.fetch(`${root}/${made.id}`, { method: 'DELETE', headers: { 'if-match': made['@odata.etag'] } }),
    ]) {
      const { code, innerError } = await refusalOf(late);
      assert.deepEqual([late.status, code], [412, 'resourceModified']);
      const { changedBy, changedAt } = innerError?.details ?? {};
      assert.equal(changedBy, (await okay<{ displayName: string }>(await graph.fetch('/v1.0/me'))).displayName);
      assert.equal(changedAt, (await okay<Entity>(await graph.fetch(`${root}/${made.id}`))).lastModifiedDateTime);
    }
    const now = await okay<Record<string, unknown>>(await graph.fetch(`${root}/${made.id}`));
    assert.deepEqual([now[name], now['isAssigned']], ['First', false]);
  }
});

testOnEveryService(
  'what is wrong is refused with the property and what it may be, and nothing changes',
  async (service) => {
    const { graph, create } = await anAdministrator(service);
    const { id } = await create(POLICIES, aPolicy('Backup', true));
    const interval = instanceOf({ policy: 'BackupIntervalDays', value: 8 });
    const wrong = { ...interval, simpleSettingValue: { value: 0 } };
    const post = (path: string, body: object) => graph.fetch(path, jsonBody('POST', body));

    const refusals = [
      await post(POLICIES, { ...aPolicy('Wrong', true), settings: [{ settingInstance: wrong }] }),
      await post(CUSTOM, {
        ...aCustomPolicy('Wrong'),
        omaSettings: [{ ...aCustomPolicy('').omaSettings[0], value: 'enabled' }],
      }),
      await post(`${POLICIES}/${id}/assign`, { assignments: [{ target: { '@odata.type': `${TARGET}other` } }] }),
      await post(`${POLICIES}/${id}/assign`, {
        assignments: [{ target: { '@odata.type': `${TARGET}groupAssignmentTarget`, groupId: crypto.randomUUID() } }],
      }),
      await post(CUSTOM, {
        ...aCustomPolicy('Wrong'),
        '@odata.type': '#microsoft.graph.windows10GeneralConfiguration',
      }),
    ];

    const told = await Promise.all(
      refusals.map(async (refusal) => [refusal.status, (await refusalOf(refusal)).message]),
    );
    assert.deepEqual(
      told.map(([status]) => status),
      [400, 400, 400, 400, 400],
    );
    const messages = told.map(([, message]) => String(message));
    assert.match(messages[0] ?? '', /settings\[0\]\.settingInstance\.simpleSettingValue\.value: .* from 1 to 60/);
    assert.match(messages[1] ?? '', /omaSettings\[0\]\.value: It is <enabled\/> or <disabled\/>/);
    assert.match(messages[2] ?? '', /assignments\[0\]\.target.*allDevicesAssignmentTarget/);
    assert.match(messages[3] ?? '', /There is no group/);
    assert.match(messages[4] ?? '', /odata\.type/);
    const names = await okay<{ value: { name: string; isAssigned: boolean }[] }>(await graph.fetch(POLICIES));
    assert.deepEqual(
      names.value.map(({ name, isAssigned }) => [name, isAssigned]),
      [['Backup', false]],
    );
  },
);

const OMA_VALUES = {
  String: ['<enabled/>', 1],
  Boolean: [true, 'true'],
  Integer: [4, 4.5],
  FloatingPoint: [4.5, '4.5'],
  DateTime: ['2026-11-26T08:00:00Z', 'tomorrow'],
  Base64: ['AAEC', 'A'],
  StringXml: ['PGVuYWJsZWQvPg==', '<enabled/>'],
} as const;

testOnEveryService(
  'a custom policy takes every kind of omaSetting, each with a value of its type only',
  async (service) => {
    const { graph, create } = await anAdministrator(service);
    const setting = (type: string, value: unknown) => ({
      '@odata.type': `#microsoft.graph.omaSetting${type}`,
      omaUri: `./Device/Vendor/Other/${type}`,
      value,
    });
    const kinds = Object.entries(OMA_VALUES);
    const given = kinds.map(([type, [right]]) => setting(type, right));

    const made = await create(CUSTOM, { ...aCustomPolicy('All'), omaSettings: given });
    const kept = await okay<{ omaSettings: unknown }>(await graph.fetch(`${CUSTOM}/${made.id}`));
    const places: unknown[] = [];
    for (const [at, [type, [, wrong]]] of kinds.entries()) {
      const omaSettings = given.with(at, setting(type, wrong));
      const refused = await graph.fetch(`${CUSTOM}/${made.id}`, jsonBody('PATCH', { omaSettings }));
      places.push((await refusalOf(refused)).innerError?.details?.['property']);
    }

    assert.deepEqual(kept.omaSettings, given);
    assert.deepEqual(
      places,
      kinds.map((_, at) => `omaSettings[${at}].value`),
    );
  },
);

testOnEveryService('a changed assignment stands in the audit log with what was before', async (service) => {
  const { graph, create } = await anAdministrator(service);
  const { id } = await create(POLICIES, aPolicyOf('Backup', [{ policy: 'EnableWindowsBackup', value: true }]));
  await assign(
    graph,
    id,
    EVERYBODY.assignments.map(({ target }) => target),
  );
  await assign(graph, id, []);

  type Events = {
    value: {
      activity: string;
      resources: { modifiedProperties: { displayName: string; oldValue: string; newValue: string }[] }[];
    }[];
  };
  await create(POLICIES, aPolicy('Another', true));
  const filter = encodeURIComponent(`resourceType eq 'configurationPolicy' and resourceId eq '${id}'`);
  const { value } = await okay<Events>(await graph.fetch(`/v1.0/deviceManagement/auditEvents?$filter=${filter}`));
  assert.deepEqual(
    value.map(({ activity }) => activity.split(' ')[0]),
    ['assign', 'assign', 'create'],
  );
  assert.equal((await graph.fetch("/v1.0/deviceManagement/auditEvents?$filter=resourceId eq 'x'")).status, 400);
  const [last] = value;
  const [property] = last?.resources[0]?.modifiedProperties ?? [];
  assert.deepEqual(
    [property?.displayName, JSON.parse(property?.oldValue ?? ''), JSON.parse(property?.newValue ?? '')],
    ['assignments', [{ '@odata.type': `${TARGET}allDevicesAssignmentTarget` }], []],
  );
});

async function assign(graph: SignedIn, id: string, targets: readonly object[]): Promise<void> {
  const assignments = targets.map((target) => ({ target }));
  await okay(await graph.fetch(`${POLICIES}/${id}/assign`, jsonBody('POST', { assignments })));
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly innerError?: { readonly details?: Readonly<Record<string, unknown>> };
}

async function refusalOf(response: Response): Promise<Refusal> {
  return ((await response.json()) as { error: Refusal }).error;
}
