/**
 * Everyone who must not get in, against every route: made from the route table, so that a new route is tested by itself.
 *
 * For each route: no token, a token of another resource, a token without the scope, a person without the role, a person
 * of the same organization and one of another who name the victim's ids. Each is refused, is told nothing of the victim,
 * and changes no row. At last the rightful caller sends the same request and gets in, which proves that the refusals
 * were not for a wrong request. A route that takes a body needs an entry in BODIES (docs/how-to/add-an-endpoint.md).
 */

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { CLIENTS, RESOURCES, type Resource } from '@carryover/model/wire';
import { anAutopilotProfile } from '../../testing/autopilot.ts';
import { aCustomPolicy, anUploadRequest, aPolicy, backUp, EVERYBODY, okay, switchOn } from '../../testing/backups.ts';
import {
  type EnrolledDevice,
  jsonBody,
  type Organization,
  type Person,
  SAMPLE_DEVICE,
  type SignedIn,
  type TestService,
  testOnEveryService,
} from '../../testing/service.ts';
import { settingCategories, settingDefinitions } from '../policies/definitions.ts';
import { restoreConfigurationId, WINDOWS_RESTORE_TYPE } from '../policies/documents.ts';
import { GRAPH_SCOPES } from '../signin/clients.ts';
import type { Access, OwnedParameter } from './caller.ts';
import { type RouteEntry, routeTable } from './routes.ts';

type Guarded = Exclude<Access, { public: true }>;
interface Route extends RouteEntry {
  readonly access: Guarded;
}

/** What every route that takes a body is sent; `victim` is whose ids it names. */
const BODIES: Readonly<Record<string, (victim: Victim) => RequestInit>> = {
  'POST /device/v1/enrollments': ({ facts }) => jsonBody('POST', { device: facts }),
  'POST /device/v1/devices/:deviceId/check-ins': ({ facts }) => jsonBody('POST', { device: facts, manifestFormat: 1 }),
  'POST /device/v1/devices/:deviceId/snapshots': ({ device }) =>
    anUploadRequest(device, [{ values: { theme: SECRET }, blobs: [PICTURE] }]),
  'PUT /device/v1/devices/:deviceId/preferences': () => jsonBody('PUT', { preferences: { apps: 'off' } }),
  'POST /device/v1/devices/:deviceId/restore-sessions': ({ ids, seq }) =>
    jsonBody('POST', { profileId: ids.profile, seq, only: [], skip: [] }),
  'PUT /device/v1/devices/:deviceId/setup-choice': () => jsonBody('PUT', { kind: 'new' }),
  'PUT /device/v1/restore-sessions/:sessionId/report': () =>
    jsonBody('PUT', { items: [], durationMs: 1, finished: true, undone: false }),
  ...bothVersions('POST', 'users', () =>
    jsonBody('POST', {
      accountEnabled: true,
      displayName: 'New',
      userPrincipalName: `${crypto.randomUUID()}@new.example`,
      passwordProfile: { password: 'long enough to be one' },
    }),
  ),
  ...bothVersions(
    'POST',
    'users/:userId/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword',
    () => jsonBody('POST', {}),
  ),
  'POST /beta/carryover/people/import': () => ({
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: `displayName,userPrincipalName\nNew,${crypto.randomUUID()}@new.example\n`,
  }),
  ...bothVersions('POST', 'groups', () =>
    jsonBody('POST', { displayName: 'Another', mailNickname: 'another', mailEnabled: false, securityEnabled: true }),
  ),
  ...bothVersions('PATCH', 'groups/:groupId', () => jsonBody('PATCH', { displayName: `${SECRET} changed` })),
  'POST /v1.0/groups/:groupId/members/$ref': ({ organization }) => reference(organization.bob.userId),
  'POST /beta/groups/:groupId/members/$ref': ({ ids }) => reference(ids.device),
  'POST /v1.0/directoryRoles/:roleId/members/$ref': ({ organization }) => reference(organization.bob.userId),
  'POST /beta/directoryRoles/:roleId/members/$ref': ({ organization }) => reference(organization.administrator.userId),
  'POST /v1.0/roleManagement/directory/roleAssignments': ({ organization }) => assignment(organization.bob.userId),
  'POST /beta/roleManagement/directory/roleAssignments': ({ organization }) =>
    assignment(organization.administrator.userId),
  ...bothVersions('PATCH', 'users/:userId', () => jsonBody('PATCH', { displayName: `${SECRET} changed` })),
  'PATCH /beta/deviceManagement/deviceEnrollmentConfigurations/:id': () =>
    jsonBody('PATCH', { '@odata.type': WINDOWS_RESTORE_TYPE, state: 'enabled' }),
  'POST /beta/deviceManagement/configurationPolicies': () => jsonBody('POST', aPolicy('Another', true)),
  'PATCH /beta/deviceManagement/configurationPolicies/:id': () => jsonBody('PATCH', { name: `${SECRET} changed` }),
  'PUT /beta/deviceManagement/configurationPolicies/:id': () => jsonBody('PUT', aPolicy(`${SECRET} anew`, true)),
  'POST /beta/deviceManagement/configurationPolicies/:id/assign': () => jsonBody('POST', EVERYBODY),
  ...bothVersions('POST', 'deviceManagement/deviceConfigurations', () => jsonBody('POST', aCustomPolicy('Another'))),
  ...bothVersions('PATCH', 'deviceManagement/deviceConfigurations/:id', () =>
    jsonBody('PATCH', { displayName: `${SECRET} changed` }),
  ),
  ...bothVersions('PUT', 'deviceManagement/deviceConfigurations/:id', () =>
    jsonBody('PUT', aCustomPolicy(`${SECRET} anew`)),
  ),
  ...bothVersions('POST', 'deviceManagement/deviceConfigurations/:id/assign', () => jsonBody('POST', EVERYBODY)),
  'POST /beta/deviceManagement/deviceEnrollmentConfigurations/:id/assign': () =>
    jsonBody('POST', { enrollmentConfigurationAssignments: EVERYBODY.assignments }),
  'POST /beta/deviceManagement/windowsAutopilotDeploymentProfiles': () => jsonBody('POST', anAutopilotProfile()),
  'PATCH /beta/deviceManagement/windowsAutopilotDeploymentProfiles/:id': () =>
    jsonBody('PATCH', { displayName: `${SECRET} changed` }),
  'POST /beta/deviceManagement/windowsAutopilotDeploymentProfiles/:id/assign': ({ ids }) =>
    jsonBody('POST', { deviceIds: [ids.autopilotDevice] }),
  'POST /beta/deviceManagement/windowsAutopilotDeploymentProfiles/:id/assignments': () =>
    jsonBody('POST', { target: { '@odata.type': '#microsoft.graph.allLicensedUsersAssignmentTarget' } }),
  'POST /beta/deviceManagement/windowsAutopilotDeviceIdentities': () =>
    jsonBody('POST', { serialNumber: crypto.randomUUID() }),
  ...bothVersions('POST', 'deviceManagement/managedDevices/:managedDeviceId/retire', () => ({})),
  'POST /beta/carryover/devices/:managedDeviceId/release': () => ({}),
  'PATCH /beta/carryover/joinSettings': () => jsonBody('PATCH', { activeDirectoryDomains: ['corp.contoso.example'] }),
  'POST /beta/carryover/policyPreview': ({ ids }) =>
    jsonBody('POST', { ...aPolicy('Looked at', true), platforms: undefined, id: ids.policy, targets: [] }),
  'POST /beta/carryover/enrollmentTokens': () => jsonBody('POST', { uses: 1 }),
  'PUT /beta/policies/deviceRegistrationPolicy': () =>
    jsonBody('PUT', {
      azureADJoin: { allowedToJoin: { '@odata.type': '#microsoft.graph.noDeviceRegistrationMembership' } },
    }),
  'PATCH /beta/carryover/firstRun': () => jsonBody('PATCH', { skipped: true }),
  'PATCH /beta/carryover/signInSettings': () => jsonBody('PATCH', { deviceCodeAllowed: true }),
};

function reference(id: string): RequestInit {
  return jsonBody('POST', { '@odata.id': `https://graph.example/v1.0/directoryObjects/${id}` });
}

const [HELPDESK, READER] = ['729827e3-9c14-49f7-bb1b-9608f156bbb8', 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'];

function assignment(principalId: string): RequestInit {
  return jsonBody('POST', { principalId, roleDefinitionId: READER, directoryScopeId: '/' });
}

type Ids = Partial<Victim['ids']>;

/** What is removed under both versions, or along with something else, is made anew for its rightful remover. */
const FRESH: readonly {
  readonly route: RegExp;
  readonly make: (service: TestService, victim: Victim) => Promise<Ids>;
}[] = [
  {
    route: /^DELETE .*\/deviceConfigurations\//,
    make: async (_service, { administrator }) => {
      const path = '/v1.0/deviceManagement/deviceConfigurations';
      const made = await administrator.fetch(path, jsonBody('POST', aCustomPolicy(SECRET)));
      return { customPolicy: (await okay<{ id: string }>(made)).id };
    },
  },
  { route: /^DELETE .*\/groups\//, make: (_service, victim) => aGroup(victim.administrator, victim.ids.user) },
  {
    route: /^DELETE .*\/(directoryRoles|roleAssignments)\//,
    make: (service, { organization }) => aRoleHolder(service, organization.tenantId),
  },
];

async function aGroup(administrator: SignedIn, memberId: string): Promise<{ group: string; groupMember: string }> {
  const group = await okay<{ id: string }>(
    await administrator.fetch(
      '/v1.0/groups',
      jsonBody('POST', {
        displayName: `group ${SECRET}`,
        mailNickname: 'group',
        mailEnabled: false,
        securityEnabled: true,
        'members@odata.bind': [`https://graph.example/v1.0/users/${memberId}`],
      }),
    ),
  );
  return { group: group.id, groupMember: memberId };
}

async function aRoleHolder(
  service: TestService,
  tenantId: string,
): Promise<{ roleHolder: string; roleAssignment: string }> {
  const name = `${SECRET}-${crypto.randomUUID()}@contoso.example`;
  const { userId } = await service.addPerson(tenantId, name, ['Helpdesk Administrator']);
  return { roleHolder: userId, roleAssignment: `${HELPDESK}_${userId}` };
}

/** Open to everyone, on purpose; a new one is a decision, so it is written down here. */
const PUBLIC_ROUTES = [
  '/:tid/v2.0/*',
  '/:tid/v2.0/device',
  '/:tid/v2.0/devicecode',
  '/:tid/v2.0/interaction/:uid',
  '/:tid/v2.0/interaction/:uid/cancel',
  '/:tid/v2.0/interaction/:uid/consent',
  '/:tid/v2.0/interaction/:uid/login',
  '/:tid/v2.0/interaction/:uid/password',
  '/admin',
  '/admin/*',
  '/admin/organization',
  '/admin/setup',
  '/assets/*',
  '/enroll/:tid',
  '/healthz',
  '/metrics',
  '/openapi.json',
  '/page-files/:name',
  '/readyz',
];

/** Stands in everything of the victim's that could be told. */
const SECRET = 'only-for-alice-5d1c';
const PICTURE = new TextEncoder().encode(`a picture ${SECRET}`);

interface Victim {
  readonly organization: Organization;
  readonly device: EnrolledDevice;
  readonly facts: typeof SAMPLE_DEVICE;
  readonly ids: Readonly<Record<OwnedParameter, string>>;
  readonly seq: number;
  /** Parameters that name something inside an owned one. */
  readonly further: Readonly<Record<string, string>>;
  /** Devices for the routes that take one out of use, by `keyOf`. */
  readonly spare: Readonly<Record<string, string>>;
  /** The person's own tokens; Graph's with every scope. */
  readonly tokens: Readonly<Record<Resource, SignedIn>>;
  readonly administrator: SignedIn;
}

testOnEveryService('nobody gets in who must not', async (service, context) => {
  const victim = await aVictim(service);
  const bob = await attackerOf(service, victim.organization.bob);
  const fabrikam = await service.setUp('Fabrikam');
  const mallory = await attackerOf(service, fabrikam.administrator);
  const weak = await tokensWithoutScopes(service, victim.organization);
  const table = routeTable(service.service.app);
  const routes = table.filter((route): route is Route => !('public' in route.access));
  const send = (route: Route, token: SignedIn | undefined, path = pathOf(route, victim)) =>
    request(service, { route, token, path, body: bodyOf(route, victim) });

  // What is refused changes nothing, so the rows stay as they are until the rightful callers come.
  const rows = await rowsOf(service, victim.organization.tenantId);

  /** Refused with one of `statuses`, nothing told, nothing changed. */
  const refuses = async (
    { route, token, path }: { route: Route; token: SignedIn | undefined; path?: string },
    statuses: readonly number[],
  ) => {
    const response = await send(route, token, path);
    const text = await response.text();
    assert.ok(statuses.includes(response.status), `${response.status}: ${text}`);
    assert.ok(!text.includes(SECRET) && !response.headers.has('content-disposition'), text);
    assert.deepEqual(await rowsOf(service, victim.organization.tenantId), rows);
  };

  await context.test('the routes open to everyone are the ones that were decided to be', () => {
    const open = table.filter(({ access, url }) => 'public' in access && !url.startsWith('/openapi'));
    assert.deepEqual([...new Set(open.map(({ url }) => url)), '/openapi.json'].toSorted(), PUBLIC_ROUTES);
  });

  await context.test('every scope that a route names can be granted', () => {
    const named = routes.filter(({ access }) => access.resource === 'graph').flatMap(({ access }) => access.scopes);
    const grantable: readonly string[] = GRAPH_SCOPES;
    assert.deepEqual(
      [...new Set(named)].filter((scope) => !grantable.includes(scope)),
      [],
    );
  });

  await context.test('every parameter that names something is of a known kind, every body has a sample', () => {
    for (const route of routes) {
      pathOf(route, victim);
      if (['POST', 'PUT', 'PATCH'].includes(route.method) && !route.url.includes('*'))
        assert.ok(keyOf(route) in BODIES, `${keyOf(route)} has no sample in BODIES`);
    }
    const known = new Set(routes.map(keyOf));
    assert.deepEqual(
      Object.keys(BODIES).filter((key) => !known.has(key)),
      [],
    );
  });

  for (const route of routes)
    await context.test(`${keyOf(route)} lets nobody in`, async (one) => {
      const { resource, roles, owned } = route.access;
      const check = (name: string, run: () => Promise<void>) => one.test(name, run);
      await check('no token', () => refuses({ route, token: undefined }, [401]));
      for (const other of Object.keys(RESOURCES) as Resource[])
        if (other !== resource)
          await check(`a token for ${other}`, () => refuses({ route, token: victim.tokens[other] }, [401, 403]));
      await check('a token without the scope', async () => {
        const token = weak[resource].find(({ scopes }) => !scopes.some((scope) => route.access.scopes.includes(scope)));
        assert.ok(token, `no token without ${route.access.scopes.join(' or ')}`);
        await refuses({ route, token: token.token }, resource === 'graph' ? [403] : [401, 403]);
      });
      if (roles !== undefined)
        await check('a person without the role', () => refuses({ route, token: victim.tokens.graph }, [403]));
      if (owned === undefined) return;
      await check('a colleague with the ids of the victim', () =>
        refuses({ route, token: bob.tokens[resource] }, [403, 404]),
      );
      await check('an administrator of another organization with the ids of the victim', () =>
        refuses({ route, token: mallory.tokens[resource] }, [403, 404]),
      );
      if (Object.values(owned).includes('device') && namesIdsInBody(route))
        for (const attacker of [bob, mallory])
          await check(`the ids of the victim in the body, from ${attacker.person.userPrincipalName}`, () => {
            const path = pathOf(route, { ...victim, ids: { ...victim.ids, device: attacker.deviceId } });
            return refuses({ route, token: attacker.tokens[resource], path }, [403, 404]);
          });
    });

  // What removes comes after what reads, the device last.
  const weightOf = ({ method, url }: Route) => {
    if (method !== 'DELETE') return 0;
    if (url.endsWith(':deviceId')) return 3;
    return url.endsWith(':assignmentId') ? 1 : 2;
  };
  for (const route of routes.toSorted((a, b) => weightOf(a) - weightOf(b)))
    await letsIn(context, route, async () => {
      const rightful = route.access.roles === undefined ? victim.tokens[route.access.resource] : victim.administrator;
      const fresh = await FRESH.find((one) => one.route.test(keyOf(route)))?.make(service, victim);
      const response = await send(route, rightful, pathOf(route, { ...victim, ids: { ...victim.ids, ...fresh } }));
      const text = await response.text();
      assert.ok(response.ok, `${response.status}: ${text}`);
    });
});

function letsIn(context: TestContext, route: Route, run: () => Promise<void>): Promise<void> {
  return context.test(`${keyOf(route)} lets the right person in`, run);
}

async function aVictim(service: TestService): Promise<Victim> {
  const organization = await service.setUp();
  const { alice } = organization;
  const { graph: administrator, policyId } = await switchOn(service, organization);
  await okay(
    await administrator.fetch(
      `/beta/deviceManagement/configurationPolicies/${policyId}`,
      jsonBody('PATCH', { name: SECRET }),
    ),
  );
  const custom = await okay<{ id: string }>(
    await administrator.fetch('/v1.0/deviceManagement/deviceConfigurations', jsonBody('POST', aCustomPolicy(SECRET))),
  );
  await okay(await administrator.fetch(`/v1.0/users/${alice.userId}`, jsonBody('PATCH', { displayName: SECRET })));
  const facts = { ...SAMPLE_DEVICE, name: SECRET, machineHash: 'c'.repeat(64) };
  const device = await service.enroll(alice, facts);
  const { deviceId, profileId } = device.enrollment;
  const { seq } = await backUp(service, device, [{ values: { theme: SECRET }, blobs: [PICTURE] }]);
  const restore = await device.restore();
  const session = await okay<{ sessionId: string }>(
    await restore.fetch(
      `/device/v1/devices/${deviceId}/restore-sessions`,
      jsonBody('POST', { profileId, seq, only: [], skip: [] }),
    ),
  );
  const token = await okay<{ id: string }>(
    await administrator.fetch('/beta/carryover/enrollmentTokens', jsonBody('POST', { uses: 3 })),
  );
  const autopilot = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
  const profile = await okay<{ id: string }>(
    await administrator.fetch(autopilot, jsonBody('POST', anAutopilotProfile({ displayName: SECRET }))),
  );
  const assignment = await okay<{ id: string }>(
    await administrator.fetch(`${autopilot}/${profile.id}/assignments`, jsonBody('POST', EVERYBODY.assignments[0])),
  );
  const pc = await okay<{ id: string }>(
    await administrator.fetch(
      '/beta/deviceManagement/windowsAutopilotDeviceIdentities',
      jsonBody('POST', { serialNumber: SECRET }),
    ),
  );
  const graph = await service.signIn(alice, GRAPH);
  const settings = await okay<{ value: { id: string; payloadType: string; instances: { id: string }[] }[] }>(
    await graph.fetch('/v1.0/me/settings/windows'),
  );
  const setting = settings.value.find(({ payloadType }) => payloadType === 'carryover.colors');
  const blob = await service.store.read.selectFrom('blobs').select('blob_id').executeTakeFirstOrThrow();
  return {
    organization,
    device,
    facts,
    seq,
    ids: {
      device: deviceId,
      profile: profileId,
      restoreSession: session.sessionId,
      user: alice.userId,
      policy: policyId,
      customPolicy: custom.id,
      setting: setting?.id ?? '',
      enrollmentToken: token.id,
      managedDevice: deviceId,
      autopilotProfile: profile.id,
      autopilotAssignment: assignment.id,
      autopilotDevice: pc.id,
      ...(await aGroup(administrator, alice.userId)),
      ...(await aRoleHolder(service, organization.tenantId)),
    },
    spare: await spareDevices(service, alice),
    further: {
      definitionId: settingDefinitions()[0]?.id ?? '',
      categoryId: settingCategories()[0]?.id ?? '',
      roleId: HELPDESK,
      seq: String(seq),
      blobId: blob.blob_id,
      instanceId: setting?.instances[0]?.id ?? '',
    },
    tokens: { enrollment: await enrollmentToken(service, alice, device), backup: device.backup, restore, graph },
    administrator,
  };
}

/** One device for each route that takes one out of use, and one that is set aside. */
async function spareDevices(service: TestService, person: Person): Promise<Record<string, string>> {
  const spare: Record<string, string> = {};
  for (const version of ['v1.0', 'beta'])
    for (const [method, action] of [
      ['POST', '/retire'],
      ['DELETE', ''],
    ]) {
      const { enrollment } = await service.enroll(person, { name: SECRET });
      spare[`${method} /${version}/deviceManagement/managedDevices/:managedDeviceId${action}`] = enrollment.deviceId;
    }
  const { backup, enrollment } = await service.enroll(person, { name: SECRET });
  const clone = { device: { ...SAMPLE_DEVICE, machineHash: 'd'.repeat(64) }, manifestFormat: 1 };
  await backup.fetch(`/device/v1/devices/${enrollment.deviceId}/check-ins`, jsonBody('POST', clone));
  return { ...spare, 'POST /beta/carryover/devices/:managedDeviceId/release': enrollment.deviceId };
}

interface Attacker {
  readonly person: Person;
  readonly deviceId: string;
  readonly tokens: Readonly<Record<Resource, SignedIn>>;
}

/** Has a device of their own, and a good token for everything of their own. */
async function attackerOf(service: TestService, person: Person): Promise<Attacker> {
  const device = await service.enroll(person);
  return {
    person,
    deviceId: device.enrollment.deviceId,
    tokens: {
      enrollment: await enrollmentToken(service, person, device),
      backup: device.backup,
      restore: await device.restore(),
      graph: await service.signIn(person, GRAPH),
    },
  };
}

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;

function enrollmentToken(service: TestService, person: Person, { key }: EnrolledDevice): Promise<SignedIn> {
  return service.signIn(person, { client: CLIENTS.agent, resource: 'enrollment', key });
}

interface WeakToken {
  readonly scopes: readonly string[];
  readonly token: SignedIn;
}

/** Good tokens that lack something: for Graph of the administrator, so that only the scope is missing. */
async function tokensWithoutScopes(
  service: TestService,
  { administrator, alice }: Organization,
): Promise<Record<Resource, readonly WeakToken[]>> {
  const signIn = async (person: Person, client: string, resource: Resource, scopes: readonly string[]) => ({
    scopes,
    token: await service.signIn(person, { client, resource, scopes }),
  });
  const graph = (scope: string) => signIn(administrator, CLIENTS.graphCommandLine, 'graph', [scope]);
  return {
    graph: [await graph('User.Read'), await graph('DeviceManagementManagedDevices.Read.All')],
    enrollment: [await signIn(alice, CLIENTS.agent, 'enrollment', [])],
    backup: [await signIn(alice, CLIENTS.agent, 'backup', [])],
    restore: [await signIn(alice, CLIENTS.restoreExperience, 'restore', [])],
  };
}

function keyOf({ method, url }: Route): string {
  return `${method} ${url}`;
}

function bodyOf(route: Route, victim: Victim): RequestInit {
  return BODIES[keyOf(route)]?.(victim) ?? {};
}

/** The restore session names a profile; all other bodies are the caller's own words. */
function namesIdsInBody(route: Route): boolean {
  return keyOf(route) === 'POST /device/v1/devices/:deviceId/restore-sessions';
}

/** The address with the victim's ids in it. Errors: an assertion that names a parameter of no known kind. */
function pathOf(route: Route, { ids, further, organization, spare }: Victim): string {
  const { url, access, method } = route;
  return url
    .split('/')
    .map((segment) => {
      if (!segment.startsWith(':')) return segment;
      const name = segment.slice(1);
      const kind = access.owned?.[name];
      const isRestoreConfiguration = url.includes('deviceEnrollmentConfigurations');
      const id = isRestoreConfiguration
        ? restoreConfigurationId(organization.tenantId)
        : kind === undefined
          ? further[name]
          : (spare[keyOf(route)] ?? ids[kind]);
      assert.ok(id, `${method} ${url}: "${name}" is not in config.access.owned`);
      return encodeURIComponent(id);
    })
    .join('/');
}

function request(
  service: TestService,
  { route, token, path, body }: { route: Route; token: SignedIn | undefined; path: string; body: RequestInit },
): Promise<Response> {
  const init = { ...body, method: route.method };
  return token === undefined ? fetch(new URL(path, service.url), init) : token.fetch(path, init);
}

/** Every row of an organization, but for what a sign-in leaves behind. */
async function rowsOf({ store }: TestService, tenantId: string): Promise<Record<string, readonly string[]>> {
  const tables = TABLES.map(async (table): Promise<[string, string[]]> => {
    const found = await store.read.selectFrom(table).selectAll().where('tenant_id', '=', tenantId).execute();
    return [table, found.map((row) => JSON.stringify(row)).toSorted()];
  });
  return Object.fromEntries(await Promise.all(tables));
}

const TABLES = [
  'tenants',
  'tenant_domains',
  'users',
  'user_names',
  'role_assignments',
  'devices',
  'device_keys',
  'enrollment_tokens',
  'preferences',
  'profiles',
  'units',
  'blobs',
  'blob_chunks',
  'snapshots',
  'snapshot_units',
  'snapshot_blobs',
  'setting_heads',
  'restore_sessions',
  'restore_items',
  'policies',
  'assignments',
  'groups',
  'group_members',
  'applications',
  'consents',
  'audit_events',
  'feedback',
  'autopilot_devices',
] as const;

function bothVersions(method: string, path: string, body: () => RequestInit): Record<string, () => RequestInit> {
  return { [`${method} /v1.0/${path}`]: body, [`${method} /beta/${path}`]: body };
}
