/** Roles: who gives them, what each may do on every route, and that an organization keeps an administrator. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENTS } from '@carryover/model/wire';
import { okay } from '../../testing/backups.ts';
import { jsonBody, type SignedIn, testOnEveryService, testOnService } from '../../testing/service.ts';
import { listAudit, verifyChain } from '../audit/audit.ts';
import { type RouteEntry, routeTable } from '../http/routes.ts';
import { ROLE_DEFINITIONS, ROLES } from './roles.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const NOBODY = '00000000-1111-4222-8333-444444444444';

const LETTERS = {
  G: ROLES.globalAdministrator,
  P: ROLES.privilegedRoleAdministrator,
  I: ROLES.intuneAdministrator,
  C: ROLES.cloudDeviceAdministrator,
  U: ROLES.userAdministrator,
  A: ROLES.authenticationAdministrator,
  H: ROLES.helpdeskAdministrator,
  S: ROLES.conditionalAccessAdministrator,
  B: ROLES.backupAdministrator,
  R: ROLES.globalReader,
} as const;
const ALL = 'GPICUAHSBR';

/**
 * Who may read and who may change what, written down apart from the routes: by area, each role by its letter above.
 * The first area whose pattern an address matches counts; "anyone" asks for no role.
 */
const EXPECTED: readonly (readonly [area: string, pattern: RegExp, read: string, change: string])[] = [
  ["contents of other people's backups", /^\/users\/[^/]+\/settings\/windows/, 'B', 'B'],
  ['oneself', /^\/me(\/|$)/, 'anyone', 'anyone'],
  ['the organization', /^\/organization/, 'anyone', ''],
  ['passwords', /^\/users\/:userId\/authentication\/methods/, ALL, 'GUAH'],
  ['one person', /^\/users\/:userId/, ALL, 'GUAH'],
  ['people', /^\/users|^\/carryover\/people/, ALL, 'GU'],
  ['groups', /^\/groups/, ALL, 'GUI'],
  ['roles', /^\/directoryRoles|^\/roleManagement/, ALL, 'GP'],
  ['how far things are', /^\/carryover\/(overview|firstRun)/, ALL, 'GI'],
  ['who may join devices', /^\/policies\/deviceRegistrationPolicy|^\/carryover\/joinSettings/, 'GICR', 'GIC'],
  ['ways of signing in', /^\/carryover\/signInSettings/, 'GSR', 'GS'],
  ['the audit log', /^\/deviceManagement\/auditEvents|^\/carryover\/auditChain|^\/auditLogs/, 'GIR', ''],
  ['devices', /^\/deviceManagement\/managedDevices|^\/devices/, 'GICR', 'GI'],
  // A POST that changes nothing.
  ['what a policy would change', /^\/carryover\/policyPreview/, '', 'GIR'],
  ['policies and enrollment', /^\/deviceManagement\/|^\/carryover\//, 'GIR', 'GI'],
];

type Entry = RouteEntry & { readonly access: Exclude<RouteEntry['access'], { public: true }> };

function isGraph(route: RouteEntry): route is Entry {
  return !('public' in route.access) && route.access.resource === 'graph';
}

/** Undefined where no role is asked for. Errors: an assertion that names an address of no area. */
function expectedAt(method: string, url: string): readonly string[] | undefined {
  const path = url.replace(/^\/(v1\.0|beta)/, '');
  const [, , read, change] = EXPECTED.find(([, pattern]) => pattern.test(path)) ?? [];
  assert.ok(
    read !== undefined && change !== undefined,
    `${method} ${url} is in no area: say in EXPECTED who may call it`,
  );
  const letters = method === 'GET' ? read : change;
  if (letters === 'anyone') return undefined;
  return [...letters].map((letter) => LETTERS[letter as keyof typeof LETTERS]);
}

/** A request that reaches the handler of a route and finds nothing there. */
function tryOut(signedIn: SignedIn, { method, url }: RouteEntry): Promise<Response> {
  const path = url
    .split('/')
    .map((segment) => (segment.startsWith(':') ? NOBODY : segment))
    .join('/');
  const empty = method === 'GET' || method === 'DELETE';
  return signedIn.fetch(path, empty ? { method } : jsonBody(method, {}));
}

async function innerOf(response: Response): Promise<string | undefined> {
  const text = await response.text();
  if (response.status !== 403) return undefined;
  return (JSON.parse(text) as { error: { innerError: { code?: string } } }).error.innerError.code;
}

test('the contents of other people’s backups are for the Microsoft 365 Backup Administrator alone', () => {
  for (const method of ['GET', 'DELETE'])
    for (const version of ['v1.0', 'beta'])
      assert.deepEqual(expectedAt(method, `/${version}/users/:userId/settings/windows`), [
        'Microsoft 365 Backup Administrator',
      ]);
});

test('every role has a letter and a template id of its own', () => {
  assert.deepEqual(Object.values(LETTERS).toSorted(), Object.values(ROLES).toSorted());
  assert.deepEqual(ROLE_DEFINITIONS.map(({ displayName }) => displayName).toSorted(), Object.values(ROLES).toSorted());
  assert.equal(new Set(ROLE_DEFINITIONS.map(({ templateId }) => templateId)).size, ROLE_DEFINITIONS.length);
});

testOnService('every role opens every route that it should, and no other', async (service, context) => {
  const { tenantId, alice } = await service.setUp();
  // HEAD goes with its GET, and its refusal has no words.
  const routes = routeTable(service.service.app)
    .filter(isGraph)
    .filter(({ method }) => method !== 'HEAD');
  const isRefused = async (signedIn: SignedIn, route: Entry) =>
    (await innerOf(await tryOut(signedIn, route))) === 'roleMissing';

  await context.test('each route names the roles that are written down', () => {
    const named = (roles: readonly string[] | undefined) => roles?.toSorted().join(', ') ?? 'anyone';
    const wrong = routes.flatMap(({ method, url, access }) => {
      const [says, should] = [named(access.roles), named(expectedAt(method, url))];
      return says === should ? [] : [`${method} ${url} says ${says}; written down is ${should}`];
    });
    assert.deepEqual(wrong, []);
    assert.ok(routes.length > 50, `only ${routes.length} routes`);
  });

  for (const role of Object.values(ROLES))
    await context.test(role, async () => {
      const holder = await service.addPerson(tenantId, `${crypto.randomUUID()}@contoso.example`, [role]);
      const signedIn = await service.signIn(holder, GRAPH);
      for (const route of routes) {
        const may = expectedAt(route.method, route.url)?.includes(role) ?? true;
        assert.equal(await isRefused(signedIn, route), !may, `${route.method} ${route.url}`);
      }
    });

  await context.test('nobody without a role', async () => {
    const signedIn = await service.signIn(alice, GRAPH);
    for (const route of routes)
      assert.equal(
        await isRefused(signedIn, route),
        expectedAt(route.method, route.url) !== undefined,
        `${route.method} ${route.url}`,
      );
  });
});

function idOf(role: string): string {
  return ROLE_DEFINITIONS.find(({ displayName }) => displayName === role)?.templateId ?? '';
}

function reference(id: string): RequestInit {
  return jsonBody('POST', { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` });
}

async function idsOf(response: Response): Promise<string[]> {
  return (await okay<{ value: { id: string }[] }>(response)).value.map(({ id }) => id);
}

async function codeOf(response: Response): Promise<readonly [number, string | undefined]> {
  const { error } = (await response.json()) as { error: { innerError: { code?: string } } };
  return [response.status, error.innerError.code];
}

testOnEveryService(
  'a role counts from the moment it is given until it is taken, and both are on record',
  async (service) => {
    const { administrator, alice, bob, tenantId } = await service.setUp();
    const admin = await service.signIn(administrator, GRAPH);
    const signedIn = await service.signIn(alice, GRAPH);
    const members = `/v1.0/directoryRoles/roleTemplateId=${idOf(ROLES.helpdeskAdministrator)}/members`;
    const reset = () =>
      signedIn.fetch(
        `/v1.0/users/${bob.userId}/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword`,
        jsonBody('POST', {}),
      );

    assert.equal((await reset()).status, 403);
    assert.equal((await admin.fetch(`${members}/$ref`, reference(alice.userId))).status, 204);
    assert.deepEqual(await codeOf(await admin.fetch(`${members}/$ref`, reference(alice.userId))), [400, 'roleHeld']);
    assert.equal((await reset()).status, 202);
    assert.deepEqual(await idsOf(await admin.fetch(members)), [alice.userId]);
    const memberOf = await okay<{ value: { id: string; displayName: string }[] }>(
      await signedIn.fetch('/v1.0/me/memberOf'),
    );
    assert.deepEqual(
      memberOf.value.map(({ id, displayName }) => [id, displayName]),
      [[idOf(ROLES.helpdeskAdministrator), ROLES.helpdeskAdministrator]],
    );
    assert.equal((await admin.fetch(`${members}/${alice.userId}/$ref`, { method: 'DELETE' })).status, 204);
    assert.equal((await reset()).status, 403);
    assert.equal((await admin.fetch(`${members}/${alice.userId}/$ref`, { method: 'DELETE' })).status, 404);

    const events = await listAudit(service.store, tenantId, { top: 3 });
    const seen = events.map(({ action, target, values_json }) => [
      action,
      JSON.parse(target).id,
      JSON.parse(values_json),
    ]);
    assert.deepEqual(
      [seen[0], seen[2]],
      [
        ['remove role from', alice.userId, { role: { old: ROLES.helpdeskAdministrator } }],
        ['add role to', alice.userId, { role: { new: ROLES.helpdeskAdministrator } }],
      ],
    );
    assert.equal((await verifyChain(service.store, tenantId)).brokenAt, undefined);
  },
);

testOnEveryService('a role is also an assignment of a definition, as newer scripts ask for it', async (service) => {
  const { administrator, alice } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  const assignments = '/v1.0/roleManagement/directory/roleAssignments';
  const roleDefinitionId = idOf(ROLES.backupAdministrator);
  const body = { principalId: alice.userId, roleDefinitionId, directoryScopeId: '/' };
  const filtered = (text: string) => admin.fetch(`${assignments}?$filter=${encodeURIComponent(text)}`);

  const made = await admin.fetch(assignments, jsonBody('POST', body));
  const { '@odata.context': _context, id, ...assignment } = await okay<Record<string, string>>(made);

  assert.equal(made.status, 201);
  assert.deepEqual(assignment, body);
  assert.deepEqual(await idsOf(await filtered(`principalId eq '${alice.userId}'`)), [id]);
  assert.deepEqual(await idsOf(await filtered(`roleDefinitionId eq '${roleDefinitionId}'`)), [id]);
  assert.deepEqual(
    await idsOf(
      await filtered(`principalId eq '${alice.userId}' and roleDefinitionId eq '${idOf(ROLES.globalReader)}'`),
    ),
    [],
  );
  assert.equal((await admin.fetch(`${assignments}/${id}`)).status, 200);
  const definitions = '/beta/roleManagement/directory/roleDefinitions';
  const named = `${definitions}?$filter=${encodeURIComponent(`displayName eq '${ROLES.backupAdministrator}'`)}`;
  assert.deepEqual(await idsOf(await admin.fetch(named)), [roleDefinitionId]);
  assert.equal((await admin.fetch(`${definitions}/${NOBODY}`)).status, 404);
  assert.equal((await admin.fetch(assignments, jsonBody('POST', { ...body, directoryScopeId: '/x' }))).status, 400);
  assert.equal((await admin.fetch(`${assignments}/${id}`, { method: 'DELETE' })).status, 204);
  assert.equal((await admin.fetch(`${assignments}/${id}`)).status, 404);
});

testOnEveryService('the last Global Administrator whose account is enabled stays', async (service) => {
  const { administrator, alice, bob, tenantId } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  const second = await service.addPerson(tenantId, 'second@contoso.example', [ROLES.globalAdministrator]);
  const privileged = await service.addPerson(tenantId, 'roles@contoso.example', [ROLES.privilegedRoleAdministrator]);
  const roles = await service.signIn(privileged, GRAPH);
  const members = `/v1.0/directoryRoles/${idOf(ROLES.globalAdministrator)}/members`;
  const take = (signedIn: SignedIn, userId: string) =>
    signedIn.fetch(`${members}/${userId}/$ref`, { method: 'DELETE' });
  const enable = (accountEnabled: boolean) =>
    admin.fetch(`/v1.0/users/${second.userId}`, jsonBody('PATCH', { accountEnabled }));

  assert.equal((await enable(false)).status, 204);
  assert.deepEqual(await codeOf(await take(roles, administrator.userId)), [409, 'lastGlobalAdministrator']);
  assert.equal((await enable(true)).status, 204);
  // Both at once: whoever comes second is the last one.
  const both = await Promise.all([take(roles, administrator.userId), take(roles, second.userId)]);
  assert.deepEqual(both.map(({ status }) => status).toSorted(), [204, 409]);
  assert.equal((await idsOf(await roles.fetch(members))).length, 1);
  assert.equal((await take(roles, alice.userId)).status, 404, 'who holds no role can always be asked about');
  assert.equal((await roles.fetch(`${members}/$ref`, reference(bob.userId))).status, 204);
});

testOnEveryService('two Global Administrators who disable each other at once do not both succeed', async (service) => {
  const { administrator, tenantId } = await service.setUp();
  const second = await service.addPerson(tenantId, 'second@contoso.example', [ROLES.globalAdministrator]);
  const [one, other] = [await service.signIn(administrator, GRAPH), await service.signIn(second, GRAPH)];
  const disable = (signedIn: SignedIn, userId: string) =>
    signedIn.fetch(`/v1.0/users/${userId}`, jsonBody('PATCH', { accountEnabled: false }));

  const both = await Promise.all([disable(one, second.userId), disable(other, administrator.userId)]);

  assert.equal(both.filter(({ status }) => status === 204).length, 1);
  const enabled = await service.store.read
    .selectFrom('users')
    .select('user_id')
    .where('tenant_id', '=', tenantId)
    .where('user_id', 'in', [administrator.userId, second.userId])
    .where('account_enabled', '=', 1)
    .execute();
  assert.equal(enabled.length, 1);
});

testOnService('roles of another organization and for what is no person are refused', async (service) => {
  const { administrator } = await service.setUp();
  const other = await service.setUp('Fabrikam');
  const admin = await service.signIn(administrator, GRAPH);
  const members = `/v1.0/directoryRoles/${idOf(ROLES.globalReader)}/members`;
  const { deviceId } = (await service.enroll(administrator)).enrollment;

  for (const id of [other.alice.userId, deviceId, NOBODY])
    assert.equal((await admin.fetch(`${members}/$ref`, reference(id))).status, 404);
  const foreign = `/v1.0/directoryRoles/${idOf(ROLES.globalAdministrator)}/members/${other.administrator.userId}/$ref`;
  assert.equal((await admin.fetch(foreign, { method: 'DELETE' })).status, 404);
  assert.deepEqual(await idsOf(await admin.fetch(members)), []);
});
