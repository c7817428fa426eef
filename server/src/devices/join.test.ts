/** How a PC joined: decided by the service from what the organization says, never by what the PC says alone. */

import assert from 'node:assert/strict';
import type { ManagedDevice } from '@carryover/model/admin';
import type { DeviceFacts } from '@carryover/model/device';
import { CLIENTS, type Enrollment } from '@carryover/model/wire';
import { okay } from '../../testing/backups.ts';
import { jsonBody, type Person, SAMPLE_DEVICE, type TestService, testOnEveryService } from '../../testing/service.ts';
import { listAudit } from '../audit/audit.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const AGENT = { client: CLIENTS.agent, resource: 'enrollment' } as const;
const SETTINGS = '/beta/carryover/joinSettings';
const REGISTRATION = '/beta/policies/deviceRegistrationPolicy';
const NOBODY = { azureADJoin: { allowedToJoin: { '@odata.type': '#microsoft.graph.noDeviceRegistrationMembership' } } };
const OWN = 'corp.contoso.example';

interface Settings {
  readonly activeDirectoryDomains: readonly string[];
  readonly '@odata.etag': string;
}

async function anOrganization(service: TestService) {
  const organization = await service.setUp();
  const graph = await service.signIn(organization.administrator, GRAPH);
  const domains = (...activeDirectoryDomains: string[]) =>
    graph.fetch(SETTINGS, jsonBody('PATCH', { activeDirectoryDomains }));
  return { ...organization, graph, domains };
}

async function enroll(service: TestService, person: Person, facts: Partial<DeviceFacts>, enrollmentToken?: string) {
  const signedIn = await service.signIn(person, AGENT);
  const machineHash = crypto.randomUUID().replaceAll('-', '').repeat(2);
  const token = enrollmentToken === undefined ? {} : { enrollmentToken };
  const body = { device: { ...SAMPLE_DEVICE, machineHash, ...facts }, ...token };
  return okay<Enrollment>(await signedIn.fetch('/device/v1/enrollments', jsonBody('POST', body)));
}

const JOINS: readonly [what: string, osJoin: DeviceFacts['osJoin'], allowed: boolean, graph: string][] = [
  ['in no domain', undefined, true, 'azureADJoined'],
  ['in the organization’s domain', { domain: 'CORP.Contoso.Example.' }, true, 'hybridAzureADJoined'],
  ['in another domain', { domain: 'corp.fabrikam.example' }, true, 'azureADJoined'],
  ['joined to Entra ID besides', { entra: true }, true, 'azureADJoined'],
  ['in the organization’s domain, of a person who may not join', { domain: OWN }, false, 'azureADRegistered'],
];

testOnEveryService('each kind of PC is joined, hybrid or registered, and Graph calls it so', async (service) => {
  const { graph, alice, domains } = await anOrganization(service);
  await okay(await domains(OWN, 'eu.contoso.example'));
  for (const [what, osJoin, allowed, name] of JOINS) {
    if (!allowed) await okay(await graph.fetch(REGISTRATION, jsonBody('PUT', NOBODY)));

    const { deviceId } = await enroll(service, alice, osJoin === undefined ? {} : { osJoin });

    const path = `/v1.0/deviceManagement/managedDevices/${deviceId}`;
    const { joinType, carryover } = await okay<ManagedDevice>(await graph.fetch(path));
    assert.equal(joinType, name, what);
    const domain = osJoin?.domain === undefined ? {} : { domain: osJoin.domain.toLowerCase().replace(/\.$/, '') };
    assert.deepEqual(carryover.osJoin, { ...domain, ...(osJoin?.entra === true ? { entra: true } : {}) }, what);
  }
});

testOnEveryService('a domain that is named later does not reach PCs that are enrolled', async (service) => {
  const { alice, domains } = await anOrganization(service);
  const osJoin = { domain: OWN };
  const early = await service.enroll(alice, { osJoin });

  await okay(await domains(OWN));

  const late = await enroll(service, alice, { osJoin });
  const device = { ...SAMPLE_DEVICE, osJoin, machineHash: await hashOf(service, early.enrollment.deviceId) };
  const path = `/device/v1/devices/${early.enrollment.deviceId}/check-ins`;
  await okay(await early.backup.fetch(path, jsonBody('POST', { device, manifestFormat: 1 })));
  const stored = await service.store.read
    .selectFrom('devices')
    .select(['join_type', 'os_domain'])
    .where('device_id', '=', early.enrollment.deviceId)
    .executeTakeFirstOrThrow();
  assert.deepEqual([early.enrollment.joinType, late.joinType], ['joined', 'hybrid']);
  assert.deepEqual([stored.join_type, stored.os_domain], ['joined', OWN]);
});

testOnEveryService('a token makes a PC of the organization’s domain hybrid, at once or later', async (service) => {
  const { graph, alice, domains } = await anOrganization(service);
  await okay(await domains(OWN));
  await okay(await graph.fetch(REGISTRATION, jsonBody('PUT', NOBODY)));
  const made = await graph.fetch('/beta/carryover/enrollmentTokens', jsonBody('POST', { uses: 2 }));
  const { token: enrollmentToken } = await okay<{ token: string }>(made);
  const osJoin = { domain: OWN };
  const registered = await service.enroll(alice, { osJoin });

  const atOnce = await enroll(service, alice, { osJoin }, enrollmentToken);
  const again = await service.signIn(alice, { ...AGENT, key: registered.key });
  const device = { ...SAMPLE_DEVICE, osJoin, machineHash: await hashOf(service, registered.enrollment.deviceId) };
  const later = await okay<Enrollment>(
    await again.fetch('/device/v1/enrollments', jsonBody('POST', { device, enrollmentToken })),
  );

  assert.deepEqual(
    [registered.enrollment.joinType, atOnce.joinType, later.joinType],
    ['registered', 'hybrid', 'hybrid'],
  );
});

testOnEveryService('the domains are one document, written alike, guarded and audited', async (service) => {
  const { graph, tenantId, domains } = await anOrganization(service);
  const before = await okay<Settings>(await graph.fetch(SETTINGS));

  const first = await okay<Settings>(await domains('EU.contoso.example.', OWN, 'eu.contoso.example'));
  const init = jsonBody('PATCH', { activeDirectoryDomains: [] });
  const stale = { ...init, headers: { ...(init.headers as object), 'if-match': before['@odata.etag'] } };
  const second = await graph.fetch(SETTINGS, stale);
  const nonsense = await domains('not a domain');

  assert.deepEqual(before.activeDirectoryDomains, []);
  assert.deepEqual(first.activeDirectoryDomains, [OWN, 'eu.contoso.example']);
  assert.deepEqual([second.status, nonsense.status], [412, 400]);
  assert.match(await nonsense.text(), /body\.activeDirectoryDomains/);
  const [event] = await listAudit(service.store, tenantId, { top: 1 });
  assert.deepEqual(
    [event?.action, JSON.parse(event?.values_json ?? '{}').body.new],
    ['create joinSettings', { activeDirectoryDomains: [OWN, 'eu.contoso.example'] }],
  );
});

async function hashOf({ store }: TestService, deviceId: string): Promise<string> {
  const row = await store.read
    .selectFrom('devices')
    .select('machine_hash')
    .where('device_id', '=', deviceId)
    .executeTakeFirstOrThrow();
  return row.machine_hash;
}
