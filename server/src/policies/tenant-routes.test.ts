/** Who may join PCs, and how people may sign in: an organization's own choices, as administrators make them. */

import assert from 'node:assert/strict';
import { CLIENTS, type Enrollment } from '@carryover/model/wire';
import { anUploadRequest, okay, switchOn } from '../../testing/backups.ts';
import { jsonBody, SAMPLE_DEVICE, type TestService, testOnEveryService } from '../../testing/service.ts';
import { listAudit } from '../audit/audit.ts';
import { ROLES } from '../directory/roles.ts';
import { effectivePolicyFor } from './policies.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const REGISTRATION = '/beta/policies/deviceRegistrationPolicy';
const SIGN_IN = '/beta/carryover/signInSettings';
const NOBODY = '#microsoft.graph.noDeviceRegistrationMembership';

const joinedBy = (type: string) => ({ azureADJoin: { allowedToJoin: { '@odata.type': type } } });

interface Registration {
  readonly azureADJoin: { readonly allowedToJoin: { readonly '@odata.type': string } };
}

async function nobodyJoins(service: TestService) {
  const organization = await service.setUp();
  const { graph } = await switchOn(service, organization);
  await okay(await graph.fetch(REGISTRATION, jsonBody('PUT', joinedBy(NOBODY))));
  return { ...organization, graph };
}

async function refusalOf(response: Response) {
  const { error } = (await response.json()) as {
    error: { code: string; innerError: { code: string; details: { reasons?: { code: string }[]; property?: string } } };
  };
  const { code, details } = error.innerError;
  return { status: response.status, inner: code, reasons: details?.reasons?.map((reason) => reason.code), details };
}

testOnEveryService('everybody may join at first, and what Graph shows can be sent back as it is', async (service) => {
  const { administrator, alice } = await service.setUp();
  const graph = await service.signIn(administrator, GRAPH);

  const shown = await okay<Registration>(await graph.fetch(REGISTRATION));
  assert.equal(shown.azureADJoin.allowedToJoin['@odata.type'], '#microsoft.graph.allDeviceRegistrationMembership');
  await okay(await graph.fetch(REGISTRATION, jsonBody('PUT', shown)));

  assert.equal((await service.enroll(alice)).enrollment.joinType, 'joined');
});

testOnEveryService(
  'a PC of a person who may not join is registered: it neither backs up nor restores',
  async (service) => {
    const { alice } = await nobodyJoins(service);

    const device = await service.enroll(alice);

    const { joinType, deviceId, checkIn } = device.enrollment;
    assert.equal(joinType, 'registered');
    const { backup, restoreAtSetup, restoreAtFirstSignIn, restoreOnDemand } = checkIn.eligibility;
    for (const reasons of [backup, restoreAtSetup, restoreAtFirstSignIn, restoreOnDemand])
      assert.deepEqual(reasons, [{ code: 'notJoined', facts: { org: 'Contoso' } }]);
    const path = `/device/v1/devices/${deviceId}`;
    const upload = await refusalOf(await device.backup.fetch(`${path}/snapshots`, anUploadRequest(device, [{}])));
    const offer = await refusalOf(await (await device.restore()).fetch(`${path}/profiles`));
    for (const { status, inner, reasons } of [upload, offer])
      assert.deepEqual([status, inner, reasons], [403, 'policy', ['notJoined']]);
  },
);

testOnEveryService('an enrollment token joins a PC whoever signs in, at once or later', async (service) => {
  const { alice, graph } = await nobodyJoins(service);
  const made = await graph.fetch('/beta/carryover/enrollmentTokens', jsonBody('POST', { uses: 2 }));
  const { token: enrollmentToken } = await okay<{ token: string }>(made);
  const enroll = async (key?: Awaited<ReturnType<typeof service.enroll>>['key']) => {
    const agent = { client: CLIENTS.agent, resource: 'enrollment' } as const;
    const signedIn = await service.signIn(alice, key === undefined ? agent : { ...agent, key });
    const body = { device: { ...SAMPLE_DEVICE, machineHash: '5'.repeat(64) }, enrollmentToken };
    return okay<Enrollment>(await signedIn.fetch('/device/v1/enrollments', jsonBody('POST', body)));
  };
  const registered = await service.enroll(alice, { machineHash: '5'.repeat(64) });

  const [atOnce, later] = [await enroll(), await enroll(registered.key)];

  assert.deepEqual([atOnce.joinType, later.joinType], ['joined', 'joined']);
  assert.equal(later.deviceId, registered.enrollment.deviceId);
  assert.deepEqual(later.checkIn.eligibility.backup, []);
  await enroll(registered.key).then(({ joinType }) => assert.equal(joinType, 'joined', 'and spends no use again'));
});

testOnEveryService('what cannot be chosen is refused by name, and nothing changes', async (service) => {
  const { administrator } = await service.setUp();
  const graph = await service.signIn(administrator, GRAPH);
  const before = await okay(await graph.fetch(REGISTRATION));
  const put = async (body: object) => refusalOf(await graph.fetch(REGISTRATION, jsonBody('PUT', body)));

  const some = await put(joinedBy('#microsoft.graph.enumeratedDeviceRegistrationMembership'));
  const quota = await put({ ...joinedBy(NOBODY), userDeviceQuota: 5 });

  assert.deepEqual([some.status, some.details.property], [400, 'body.azureADJoin.allowedToJoin']);
  assert.deepEqual([quota.status, quota.details.property], [400, 'body.userDeviceQuota']);
  assert.deepEqual(await okay(await graph.fetch(REGISTRATION)), before);
});

testOnEveryService('a Cloud Device Administrator decides who joins, and not how people sign in', async (service) => {
  const { tenantId } = await service.setUp();
  const person = await service.addPerson(tenantId, 'devices@contoso.example', [ROLES.cloudDeviceAdministrator]);
  const graph = await service.signIn(person, GRAPH);

  assert.equal((await graph.fetch(REGISTRATION, jsonBody('PUT', joinedBy(NOBODY)))).status, 200);
  assert.equal((await graph.fetch(SIGN_IN, jsonBody('PATCH', { deviceCodeAllowed: true }))).status, 403);
});

testOnEveryService(
  'a code on another device is off at first; each change is a new policy version, audited',
  async (service) => {
    const { administrator, tenantId } = await service.setUp();
    const graph = await service.signIn(administrator, GRAPH);
    const effective = () => effectivePolicyFor(service.store, { tenantId, restorePageAtEnrollment: false });
    const before = await effective();
    assert.equal(before.deviceCodeAllowed, false);
    assert.equal((await okay<{ deviceCodeAllowed: boolean }>(await graph.fetch(SIGN_IN))).deviceCodeAllowed, false);

    await okay(await graph.fetch(SIGN_IN, jsonBody('PATCH', { deviceCodeAllowed: true })));
    const on = await effective();
    await okay(await graph.fetch(SIGN_IN, jsonBody('PATCH', { deviceCodeAllowed: false })));
    const off = await effective();

    assert.deepEqual([on.deviceCodeAllowed, off.deviceCodeAllowed], [true, false]);
    assert.deepEqual([on.version, off.version], [before.version + 1, before.version + 2]);
    const events = await listAudit(service.store, tenantId, { top: 2 });
    assert.deepEqual(
      events.map(({ action, values_json }) => [action, JSON.parse(values_json).body.new]),
      [
        ['update signInSettings', { deviceCodeAllowed: false }],
        ['create signInSettings', { deviceCodeAllowed: true }],
      ],
    );
  },
);
