/** How a PC was provisioned, by what IT prepared: through the calls that an Intune script makes, on both databases. */

import assert from 'node:assert/strict';
import type { ManagedDevice } from '@carryover/model/admin';
import type { ProvisioningMode } from '@carryover/model/device';
import { CLIENTS, type Enrollment } from '@carryover/model/wire';
import { anAutopilotProfile } from '../../testing/autopilot.ts';
import { okay } from '../../testing/backups.ts';
import {
  jsonBody,
  type Person,
  SAMPLE_DEVICE,
  type SignedIn,
  type TestService,
  testOnEveryService,
} from '../../testing/service.ts';
import { listAudit } from '../audit/audit.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const PROFILES = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
const PCS = '/beta/deviceManagement/windowsAutopilotDeviceIdentities';
const ALL = { target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } };

interface Entity extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly '@odata.etag': string;
}

async function refusalOf(response: Response) {
  const { error } = (await response.json()) as { error: { innerError: { code?: string; details?: unknown } } };
  return { status: response.status, inner: error.innerError.code, details: error.innerError.details };
}

async function anAdministrator(service: TestService) {
  const organization = await service.setUp();
  const graph = await service.signIn(organization.administrator, GRAPH);
  return { ...organization, graph };
}

async function create(graph: SignedIn, what: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return (await okay<Entity>(await graph.fetch(PROFILES, jsonBody('POST', anAutopilotProfile(what))))).id;
}

async function register(graph: SignedIn, pc: Readonly<Record<string, unknown>>): Promise<string> {
  return (await okay<Entity>(await graph.fetch(PCS, jsonBody('POST', pc)))).id;
}

async function enroll(
  service: TestService,
  person: Person,
  what: { serialNumber?: string; enrollmentToken?: string; machineHash?: string } = {},
): Promise<Enrollment> {
  const { machineHash = crypto.randomUUID().replaceAll('-', '').repeat(2), ...told } = what;
  const signedIn = await service.signIn(person, { client: CLIENTS.agent, resource: 'enrollment' });
  const body = { device: { ...SAMPLE_DEVICE, machineHash }, ...told };
  return okay<Enrollment>(await signedIn.fetch('/device/v1/enrollments', jsonBody('POST', body)));
}

async function provisioningOf(graph: SignedIn, { deviceId }: Pick<Enrollment, 'deviceId'>) {
  const path = `/beta/deviceManagement/managedDevices/${deviceId}`;
  return (await okay<ManagedDevice>(await graph.fetch(path))).carryover.provisioning;
}

const MODES: readonly [what: Readonly<Record<string, unknown>>, mode: ProvisioningMode][] = [
  [{}, 'userDriven'],
  [{ outOfBoxExperienceSetting: { deviceUsageType: 'singleUser' } }, 'userDriven'],
  [{ outOfBoxExperienceSetting: { deviceUsageType: 'shared' } }, 'selfDeploying'],
  [{ outOfBoxExperienceSettings: { deviceUsageType: 'shared' } }, 'selfDeploying'],
  [{ preprovisioningAllowed: true }, 'preProvisioned'],
  [{ enableWhiteGlove: true }, 'preProvisioned'],
  [{ preprovisioningAllowed: true, outOfBoxExperienceSetting: { deviceUsageType: 'shared' } }, 'selfDeploying'],
];

testOnEveryService('a PC that IT registered is set up as its profile says', async (service) => {
  const { graph, alice } = await anAdministrator(service);
  for (const [at, [what, mode]] of MODES.entries()) {
    const profileId = await create(graph, { ...what, displayName: `Profile ${at}` });
    const pc = await register(graph, { serialNumber: `SN-${at}` });
    await okay(await graph.fetch(`${PROFILES}/${profileId}/assign`, jsonBody('POST', { deviceIds: [pc] })));

    const enrollment = await enroll(service, alice, { serialNumber: ` sn-${at} ` });

    assert.deepEqual(await provisioningOf(graph, enrollment), { mode, profileId, profileName: `Profile ${at}` });
    const registered = await okay<Entity>(await graph.fetch(`${PCS}/${pc}`));
    assert.deepEqual([registered['enrollmentState'], registered['managedDeviceId']], ['enrolled', enrollment.deviceId]);
  }
});

testOnEveryService('whatever a PC says of itself, one that IT did not register was set up by hand', async (service) => {
  const { graph, alice } = await anAdministrator(service);
  await okay(await graph.fetch(`${PROFILES}/${await create(graph)}/assignments`, jsonBody('POST', ALL)));
  const pc = await register(graph, { serialNumber: 'SN-1' });

  const unknown = await enroll(service, alice, { serialNumber: 'SN-2' });
  const silent = await enroll(service, alice);
  await okay(await graph.fetch(`${PCS}/${pc}`, { method: 'DELETE' }));
  const removed = await enroll(service, alice, { serialNumber: 'SN-1' });

  for (const device of [unknown, silent, removed])
    assert.deepEqual(await provisioningOf(graph, device), { mode: 'manual' });
});

testOnEveryService('a PC is known by its machine hash where its serial number cannot be read', async (service) => {
  const { graph, alice } = await anAdministrator(service);
  const machineHash = '7'.repeat(64);
  const pc = await register(graph, { hardwareIdentifier: Buffer.from(machineHash, 'hex').toString('base64') });
  const profileId = await create(graph);
  await okay(await graph.fetch(`${PROFILES}/${profileId}/assign`, jsonBody('POST', { deviceIds: [pc] })));

  const known = await enroll(service, alice, { machineHash });

  assert.equal((await provisioningOf(graph, known)).mode, 'userDriven');
});

testOnEveryService(
  'of assigned profiles the oldest counts, one of the PC’s own before it, the token’s before both',
  async (service) => {
    const { graph, alice } = await anAdministrator(service);
    const [oldest, newer, own, token] = [
      await create(graph, { displayName: 'Oldest' }),
      await create(graph, { displayName: 'Newer' }),
      await create(graph, { displayName: 'Own' }),
      await create(graph, { displayName: 'Token', outOfBoxExperienceSetting: { deviceUsageType: 'shared' } }),
    ];
    for (const id of [newer, oldest])
      await okay(await graph.fetch(`${PROFILES}/${id}/assignments`, jsonBody('POST', ALL)));
    const pc = await register(graph, { serialNumber: 'SN-1' });
    const name = async (enrollmentToken?: string) => {
      const told = enrollmentToken === undefined ? {} : { enrollmentToken };
      return (await provisioningOf(graph, await enroll(service, alice, { serialNumber: 'SN-1', ...told }))).profileName;
    };

    assert.equal(await name(), 'Oldest');
    await okay(await graph.fetch(`${PROFILES}/${own}/assign`, jsonBody('POST', { deviceIds: [pc] })));
    assert.equal(await name(), 'Own');
    const made = await graph.fetch('/beta/carryover/enrollmentTokens', jsonBody('POST', { autopilotProfileId: token }));
    assert.equal(await name((await okay<{ token: string }>(made)).token), 'Token');
    await okay(await graph.fetch(`${PROFILES}/${own}`, { method: 'DELETE' }));
    assert.equal(await name(), 'Oldest', 'a profile that was deleted decides nothing');
  },
);

testOnEveryService(
  'a profile reaches the registered PCs and people in its groups, less the excluded',
  async (service) => {
    const { graph, alice, bob } = await anAdministrator(service);
    const aGroup = async (member: string) => {
      const body = { displayName: `Group of ${member}`, mailEnabled: false, mailNickname: 'g', securityEnabled: true };
      const { id } = await okay<Entity>(await graph.fetch('/v1.0/groups', jsonBody('POST', body)));
      const reference = { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${member}` };
      await okay(await graph.fetch(`/v1.0/groups/${id}/members/$ref`, jsonBody('POST', reference)));
      return id;
    };
    const [alices, bobs] = [await aGroup(alice.userId), await aGroup(bob.userId)];
    const profileId = await create(graph);
    const target = (type: string, groupId: string) =>
      jsonBody('POST', { target: { '@odata.type': `#microsoft.graph.${type}`, groupId } });
    await okay(await graph.fetch(`${PROFILES}/${profileId}/assignments`, target('groupAssignmentTarget', alices)));
    await register(graph, { serialNumber: 'SN-1' });
    const modeFor = async (person: Person) =>
      (await provisioningOf(graph, await enroll(service, person, { serialNumber: 'SN-1' }))).mode;

    assert.deepEqual([await modeFor(alice), await modeFor(bob)], ['userDriven', 'manual']);
    await okay(await graph.fetch(`${PROFILES}/${profileId}/assignments`, jsonBody('POST', ALL)));
    assert.equal(await modeFor(bob), 'userDriven');
    const excluded = await okay<Entity>(
      await graph.fetch(`${PROFILES}/${profileId}/assignments`, target('exclusionGroupAssignmentTarget', bobs)),
    );
    assert.deepEqual([await modeFor(alice), await modeFor(bob)], ['userDriven', 'manual']);
    await okay(await graph.fetch(`${PROFILES}/${profileId}/assignments/${excluded.id}`, { method: 'DELETE' }));
    assert.equal(await modeFor(bob), 'userDriven');
  },
);

testOnEveryService('what a profile is changed to later does not reach a PC that is enrolled', async (service) => {
  const { graph, alice } = await anAdministrator(service);
  const pc = await register(graph, { serialNumber: 'SN-1' });
  const profileId = await create(graph, { displayName: 'As it was' });
  await okay(await graph.fetch(`${PROFILES}/${profileId}/assign`, jsonBody('POST', { deviceIds: [pc] })));
  const enrollment = await enroll(service, alice, { serialNumber: 'SN-1' });

  const change = { displayName: 'As it is', outOfBoxExperienceSetting: { deviceUsageType: 'shared' } };
  await okay(await graph.fetch(`${PROFILES}/${profileId}`, jsonBody('PATCH', change)));
  const changed = await provisioningOf(graph, enrollment);
  await okay(await graph.fetch(`${PROFILES}/${profileId}`, { method: 'DELETE' }));
  const deleted = await provisioningOf(graph, enrollment);

  const frozen = { mode: 'userDriven', profileId, profileName: 'As it was' };
  assert.deepEqual([changed, deleted], [frozen, frozen]);
});

testOnEveryService('a profile keeps what a change does not name, and is shown in both spellings', async (service) => {
  const { graph } = await anAdministrator(service);
  const id = await create(graph, {
    description: 'Why',
    language: 'de-DE',
    outOfBoxExperienceSettings: { hideEULA: true, userType: 'standard' },
  });

  const changed = await okay<Entity>(
    await graph.fetch(`${PROFILES}/${id}`, jsonBody('PATCH', { enableWhiteGlove: true, description: null })),
  );

  const { displayName, description, locale, language, preprovisioningAllowed, enableWhiteGlove } = changed;
  assert.deepEqual(
    { displayName, description, locale, language, preprovisioningAllowed, enableWhiteGlove },
    {
      displayName: 'Office PCs',
      description: '',
      locale: 'de-DE',
      language: 'de-DE',
      preprovisioningAllowed: true,
      enableWhiteGlove: true,
    },
  );
  assert.deepEqual(changed['outOfBoxExperienceSetting'], {
    deviceUsageType: 'singleUser',
    userType: 'standard',
    privacySettingsHidden: false,
    eulaHidden: true,
    keyboardSelectionPageSkipped: false,
    escapeLinkHidden: false,
  });
  assert.equal((changed['outOfBoxExperienceSettings'] as { hideEULA: boolean }).hideEULA, true);
  const { value } = await okay<{ value: Entity[] }>(await graph.fetch(PROFILES));
  assert.deepEqual(
    value.map((one) => [one.id, one['@odata.etag']]),
    [[id, changed['@odata.etag']]],
  );
});

testOnEveryService('of two who change a profile the second is told to look again', async (service) => {
  const { graph } = await anAdministrator(service);
  const { id, '@odata.etag': seen } = await okay<Entity>(
    await graph.fetch(PROFILES, jsonBody('POST', anAutopilotProfile())),
  );
  const rename = (displayName: string) => {
    const init = jsonBody('PATCH', { displayName });
    return graph.fetch(`${PROFILES}/${id}`, { ...init, headers: { ...(init.headers as object), 'if-match': seen } });
  };

  const [first, second] = [await rename('First'), await rename('Second')];

  assert.deepEqual([first.status, second.status], [200, 412]);
});

testOnEveryService('of two who register the same PC at once one is told that it is there', async (service) => {
  const { graph } = await anAdministrator(service);
  const post = () => graph.fetch(PCS, jsonBody('POST', { serialNumber: 'SN-1' }));

  const answers = await Promise.all([post(), post(), post()]);

  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409]);
});

testOnEveryService('what cannot be is refused by name, and nothing is stored', async (service) => {
  const { graph } = await anAdministrator(service);
  const post = async (path: string, body: object) => refusalOf(await graph.fetch(path, jsonBody('POST', body)));
  const id = await create(graph);
  await register(graph, { serialNumber: 'SN-1' });
  const group = { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: crypto.randomUUID() };

  const hybrid = '#microsoft.graph.activeDirectoryWindowsAutopilotDeploymentProfile';
  const twice = await post(PROFILES, anAutopilotProfile({ preprovisioningAllowed: true, enableWhiteGlove: false }));
  const refused = [
    await post(PROFILES, anAutopilotProfile({ '@odata.type': hybrid })),
    await post(PROFILES, anAutopilotProfile({ outOfBoxExperienceSetting: { deviceUsageType: 'many' } })),
    await post(`${PROFILES}/${id}/assignments`, { target: group }),
    await post(PCS, { groupTag: 'no name' }),
    await post(PCS, { serialNumber: '  ' }),
  ];
  const again = await post(PCS, { serialNumber: 'sn-1' });
  const nobody = await post(`${PROFILES}/${id}/assign`, { deviceIds: [crypto.randomUUID()] });
  const token = await post('/beta/carryover/enrollmentTokens', { autopilotProfileId: crypto.randomUUID() });

  assert.deepEqual(twice.details, { property: 'body.preprovisioningAllowed' });
  assert.deepEqual(
    refused.map(({ status }) => status),
    [400, 400, 400, 400, 400],
  );
  assert.deepEqual(refused[2]?.details, { property: 'body.target.groupId' });
  assert.deepEqual([again.status, again.inner], [409, 'alreadyRegistered']);
  assert.deepEqual([nobody.status, token.status], [404, 404]);
  assert.equal((await okay<{ value: Entity[] }>(await graph.fetch(PROFILES))).value.length, 1);
  assert.equal((await okay<{ value: Entity[] }>(await graph.fetch(PCS))).value.length, 1);
});

testOnEveryService(
  'every change of profiles and registered PCs is in the audit log with old and new',
  async (service) => {
    const { graph, tenantId } = await anAdministrator(service);
    const id = await create(graph);
    const pc = await register(graph, { serialNumber: 'SN-1' });
    await okay(await graph.fetch(`${PROFILES}/${id}`, jsonBody('PATCH', { displayName: 'Renamed' })));
    const assigned = await okay<Entity>(await graph.fetch(`${PROFILES}/${id}/assignments`, jsonBody('POST', ALL)));
    await okay(await graph.fetch(`${PROFILES}/${id}/assignments/${assigned.id}`, { method: 'DELETE' }));
    await okay(await graph.fetch(`${PROFILES}/${id}/assign`, jsonBody('POST', { deviceIds: [pc] })));
    await okay(await graph.fetch(`${PCS}/${pc}`, { method: 'DELETE' }));

    const events = (await listAudit(service.store, tenantId, { top: 7 })).reverse();

    assert.deepEqual(
      events.map(({ action }) => action),
      [
        'create autopilotProfile',
        'create autopilotDevice',
        'update autopilotProfile',
        'assign autopilotProfile',
        'assign autopilotProfile',
        'assign autopilotProfile',
        'delete autopilotDevice',
      ],
    );
    const values = events.map(({ values_json }) => JSON.parse(values_json));
    assert.deepEqual(
      [values[2].body.old.displayName, values[2].body.new.displayName, values[3].assignments, values[4].assignments],
      ['Office PCs', 'Renamed', { old: [], new: [ALL.target] }, { old: [ALL.target], new: [] }],
    );
  },
);
