/** Groups through Graph: who makes them, who is in them, and what a check-in is told. On both databases. */

import assert from 'node:assert/strict';
import { CLIENTS } from '@carryover/model/wire';
import { anAutopilotProfile } from '../../testing/autopilot.ts';
import { aPolicy, okay } from '../../testing/backups.ts';
import {
  changeIn,
  jsonBody,
  type SignedIn,
  type TestService,
  testOnEveryService,
  testOnService,
} from '../../testing/service.ts';
import { listAudit, verifyChain } from '../audit/audit.ts';
import { restoreConfigurationId } from '../policies/documents.ts';
import { effectivePolicyFor } from '../policies/policies.ts';
import { addGroup, MAX_RULES } from './group-store.ts';
import { groupsOf } from './membership.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const NOBODY = '00000000-1111-4222-8333-444444444444';

interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly membershipRule: string | null;
  readonly '@odata.etag': string;
}
interface List<Item> {
  readonly value: readonly Item[];
  readonly '@odata.nextLink'?: string;
}
interface Member {
  readonly '@odata.type': string;
  readonly id: string;
}

function aGroup(properties: object = {}): RequestInit {
  return jsonBody('POST', {
    displayName: 'Pilot',
    mailNickname: 'pilot',
    mailEnabled: false,
    securityEnabled: true,
    ...properties,
  });
}

function aDynamicGroup(membershipRule: string): RequestInit {
  return aGroup({ groupTypes: ['DynamicMembership'], membershipRule, membershipRuleProcessingState: 'On' });
}

function reference(id: string): RequestInit {
  return jsonBody('POST', { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` });
}

async function make(admin: SignedIn, body: RequestInit): Promise<Group> {
  return okay<Group>(await admin.fetch('/v1.0/groups', body));
}

async function memberIds(admin: SignedIn, groupId: string, pageSize = 200): Promise<string[]> {
  const ids: string[] = [];
  let next: string | undefined = `/v1.0/groups/${groupId}/members`;
  while (next !== undefined) {
    const prefer = { headers: { prefer: `odata.maxpagesize=${pageSize}` } };
    const page: List<Member> = await okay<List<Member>>(await admin.fetch(next, prefer));
    ids.push(...page.value.map(({ id }) => id));
    next = page['@odata.nextLink'];
  }
  return ids;
}

async function refusalOf(response: Response): Promise<readonly [number, string | undefined, string]> {
  const { error } = (await response.json()) as { error: { message: string; innerError: { code?: string } } };
  return [response.status, error.innerError.code, error.message];
}

async function policyVersion({ store }: TestService, tenantId: string): Promise<number> {
  const row = await store.read
    .selectFrom('tenants')
    .select('policy_version')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow();
  return Number(row.policy_version);
}

testOnEveryService('a group is made, found, renamed and removed, each on record with old and new', async (service) => {
  const { administrator, tenantId } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);

  const made = await admin.fetch('/beta/groups', aGroup({ description: 'The first ones' }));
  const { id, ...group } = await okay<Group & Record<string, unknown>>(made);
  const path = `/v1.0/groups/${id}`;
  const renamed = await admin.fetch(path, jsonBody('PATCH', { displayName: 'Pilot Ünits', description: null }));
  const read = await okay<Group & Record<string, unknown>>(await admin.fetch(path));
  const listed = async (query: string) =>
    (await okay<List<Group>>(await admin.fetch(`/v1.0/groups?${query}`))).value.map((one) => one.id);

  assert.deepEqual([made.status, renamed.status], [201, 204]);
  const { '@odata.context': _context, '@odata.etag': _etag, createdDateTime: _created, ...facts } = group;
  assert.deepEqual(facts, {
    displayName: 'Pilot',
    description: 'The first ones',
    mailNickname: 'pilot',
    mailEnabled: false,
    securityEnabled: true,
    groupTypes: [],
    membershipRule: null,
    membershipRuleProcessingState: null,
  });
  assert.deepEqual([read.displayName, read['description'], read['mailNickname']], ['Pilot Ünits', null, 'pilot']);
  assert.deepEqual(await listed('$search=%C3%BCNITS%20pil'), [id]);
  assert.deepEqual(await listed('$search=%22displayName:pil%22'), [id], "as Graph's own clients ask");
  assert.deepEqual(await listed(`$filter=${encodeURIComponent("displayName eq 'Pilot Ünits'")}`), [id]);
  assert.deepEqual(await listed(`$filter=${encodeURIComponent("displayName eq 'Pilot'")}`), []);
  assert.equal((await admin.fetch(path, { method: 'DELETE' })).status, 204);
  assert.equal((await admin.fetch(path)).status, 404);
  const events = await listAudit(service.store, tenantId, { top: 3 });
  assert.deepEqual(
    events.map(({ action, values_json }) => [action, JSON.parse(values_json)]),
    [
      ['delete group', { displayName: { old: 'Pilot Ünits' }, membershipRule: { old: null } }],
      [
        'update group',
        {
          displayName: { old: 'Pilot', new: 'Pilot Ünits' },
          description: { old: 'The first ones', new: null },
        },
      ],
      [
        'create group',
        {
          displayName: { new: 'Pilot' },
          description: { new: 'The first ones' },
          mailNickname: { new: 'pilot' },
          membershipRule: { new: null },
        },
      ],
    ],
  );
  assert.equal((await verifyChain(service.store, tenantId)).brokenAt, undefined);
});

testOnEveryService('of two administrators who edit a group, the second is told', async (service) => {
  const { administrator } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  const group = await make(admin, aGroup());
  const edit = (method: string, tag: string, body?: object) =>
    admin.fetch(`/v1.0/groups/${group.id}`, {
      ...(body === undefined ? { method } : jsonBody(method, body)),
      headers: { 'if-match': tag, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    });

  const first = await edit('PATCH', group['@odata.etag'], { displayName: 'By the first' });
  const second = await edit('PATCH', group['@odata.etag'], { displayName: 'By the second' });
  const removal = await edit('DELETE', group['@odata.etag']);

  assert.deepEqual([first.status, second.status, removal.status], [204, 412, 412]);
  const now = await okay<Group>(await admin.fetch(`/v1.0/groups/${group.id}`));
  assert.equal(now.displayName, 'By the first');
  assert.equal((await edit('DELETE', now['@odata.etag'])).status, 204);
});

testOnEveryService('people and devices of the organization are put into a group and taken out', async (service) => {
  const { administrator, alice, bob } = await service.setUp();
  const other = await service.setUp('Fabrikam');
  const admin = await service.signIn(administrator, GRAPH);
  const { deviceId } = (await service.enroll(alice)).enrollment;
  const group = await make(admin, aGroup({ 'members@odata.bind': [`https://x/v1.0/users/${bob.userId}`] }));
  const path = `/v1.0/groups/${group.id}/members`;
  const add = (id: string) => admin.fetch(`${path}/$ref`, reference(id));

  assert.equal((await add(alice.userId)).status, 204);
  assert.equal((await add(deviceId)).status, 204);
  assert.deepEqual((await refusalOf(await add(deviceId))).slice(0, 2), [400, 'alreadyMember']);
  assert.equal((await add(other.alice.userId)).status, 404);
  assert.equal((await add(NOBODY)).status, 404);
  const everyone = [alice.userId, bob.userId, deviceId].toSorted();
  assert.deepEqual(await memberIds(admin, group.id), everyone);
  assert.deepEqual(await memberIds(admin, group.id, 1), everyone, 'page by page');
  const { value } = await okay<List<Member>>(await admin.fetch(path));
  assert.deepEqual(
    value.find(({ id }) => id === deviceId),
    { '@odata.type': '#microsoft.graph.device', id: deviceId, displayName: 'desk-1', operatingSystem: 'Linux' },
  );
  assert.equal((await admin.fetch(`${path}/${bob.userId}/$ref`, { method: 'DELETE' })).status, 204);
  assert.equal((await admin.fetch(`${path}/${bob.userId}/$ref`, { method: 'DELETE' })).status, 404);
  assert.deepEqual(await memberIds(admin, group.id), [alice.userId, deviceId].toSorted());
});

testOnEveryService(
  'the members of a dynamic group follow its rule, and what people and devices are',
  async (service) => {
    const { administrator, alice, bob, tenantId } = await service.setUp();
    const admin = await service.signIn(administrator, GRAPH);
    const desk = (await service.enroll(alice, { name: 'AUE-1' })).enrollment.deviceId;
    const laptop = (await service.enroll(bob, { name: 'MUC-1' })).enrollment.deviceId;
    const move = async (userId: string, department: string | null) =>
      assert.equal((await admin.fetch(`/v1.0/users/${userId}`, jsonBody('PATCH', { department }))).status, 204);
    await move(alice.userId, 'Finance');
    const finance = await make(admin, aDynamicGroup('user.department -eq "Finance"'));
    const named = await make(admin, aDynamicGroup('device.displayName -startsWith "AUE-"'));
    const both = await make(
      admin,
      aDynamicGroup('(user.department -eq "Finance") and not (device.displayName -startsWith "AUE-")'),
    );
    const of = async (userId: string, deviceId: string) =>
      [...(await groupsOf(service.store, tenantId, { userId, deviceId }))].toSorted();

    assert.deepEqual(await memberIds(admin, finance.id), [alice.userId]);
    assert.deepEqual(await memberIds(admin, named.id), [desk]);
    assert.deepEqual(await memberIds(admin, both.id), []);
    assert.deepEqual(await of(alice.userId, desk), [finance.id, named.id].toSorted());
    assert.deepEqual(await of(alice.userId, laptop), [finance.id, both.id].toSorted());
    assert.deepEqual(await of(bob.userId, laptop), []);

    await move(bob.userId, 'finance');
    await move(alice.userId, null);
    assert.deepEqual(await memberIds(admin, finance.id), [bob.userId]);
    assert.deepEqual(await memberIds(admin, both.id), [laptop]);
    assert.deepEqual(await of(bob.userId, laptop), [finance.id, both.id].toSorted());
    assert.deepEqual(await of(alice.userId, desk), [named.id]);

    await okay(
      await admin.fetch(
        `/v1.0/groups/${named.id}`,
        jsonBody('PATCH', { membershipRule: 'device.deviceTrustType -eq "AzureAD"' }),
      ),
    );
    assert.deepEqual(await memberIds(admin, named.id, 1), [desk, laptop].toSorted());
    assert.deepEqual(await of(alice.userId, desk), [named.id], 'a changed rule counts at once');
  },
);

testOnEveryService('a check-in is told the groups of the person and of the device, and no others', async (service) => {
  const { administrator, alice, bob, tenantId } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  const other = await service.setUp('Fabrikam');
  const mallory = await service.signIn(other.administrator, GRAPH);
  await make(mallory, aDynamicGroup('user.accountEnabled -eq true'));
  const { deviceId } = (await service.enroll(alice)).enrollment;
  const [person, device, others] = [
    await make(admin, aGroup()),
    await make(admin, aGroup()),
    await make(admin, aGroup()),
  ];
  const put = async (group: Group, id: string) =>
    assert.equal((await admin.fetch(`/v1.0/groups/${group.id}/members/$ref`, reference(id))).status, 204);

  await put(person, alice.userId);
  await put(device, deviceId);
  await put(others, bob.userId);

  const { store } = service;
  const asked = { userId: alice.userId, deviceId };
  assert.deepEqual(await groupsOf(store, tenantId, asked), new Set([person.id, device.id]));
  const policyVersionNow = await policyVersion(service, tenantId);
  assert.deepEqual(
    await groupsOf(store, tenantId, { ...asked, policyVersion: policyVersionNow }),
    new Set([person.id, device.id]),
  );
});

testOnEveryService(
  'every change of a group, of who is in it or of what a rule asks for grows the policy version',
  async (service) => {
    const { administrator, alice, tenantId } = await service.setUp();
    const admin = await service.signIn(administrator, GRAPH);
    const { id } = await make(admin, aGroup());
    const member = `/v1.0/groups/${id}/members`;
    const changes: [string, RequestInit][] = [
      ['/v1.0/groups', aDynamicGroup('user.accountEnabled -eq true')],
      [`/v1.0/groups/${id}`, jsonBody('PATCH', { displayName: 'Other' })],
      [`${member}/$ref`, reference(alice.userId)],
      [`${member}/${alice.userId}/$ref`, { method: 'DELETE' }],
      [`/v1.0/groups/${id}`, { method: 'DELETE' }],
      [`/v1.0/users/${alice.userId}`, jsonBody('PATCH', { department: 'Finance' })],
    ];

    for (const [path, request] of changes) {
      const before = await policyVersion(service, tenantId);
      assert.ok((await admin.fetch(path, request)).ok, path);
      assert.equal(await policyVersion(service, tenantId), before + 1, path);
    }
    const refusedFirst = await policyVersion(service, tenantId);
    assert.equal((await admin.fetch(`${member}/$ref`, reference(alice.userId))).status, 404);
    assert.equal(await policyVersion(service, tenantId), refusedFirst, 'what is refused changes nothing');
  },
);

testOnEveryService(
  'a group that a policy names stays, because without it the policy may reach more',
  async (service) => {
    const { administrator } = await service.setUp();
    const admin = await service.signIn(administrator, GRAPH);
    const { id } = await make(admin, aGroup());
    const policy = await okay<{ id: string }>(
      await admin.fetch(
        '/beta/deviceManagement/configurationPolicies',
        jsonBody('POST', aPolicy('All but pilots', true)),
      ),
    );
    const target = { '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget', groupId: id };
    const assign = (targets: object[]) =>
      admin.fetch(
        `/beta/deviceManagement/configurationPolicies/${policy.id}/assign`,
        jsonBody('POST', { assignments: targets.map((one) => ({ target: one })) }),
      );
    const remove = () => admin.fetch(`/v1.0/groups/${id}`, { method: 'DELETE' });

    await okay(await assign([target]));
    const refused = await refusalOf(await remove());
    await okay(await assign([]));

    assert.deepEqual(refused.slice(0, 2), [409, 'groupAssigned']);
    assert.match(refused[2], /All but pilots/);
    assert.equal((await remove()).status, 204);
  },
);

testOnEveryService(
  'a group that an Autopilot profile or the restore page names stays, and is told which',
  async (service) => {
    const { administrator, tenantId } = await service.setUp();
    const admin = await service.signIn(administrator, GRAPH);
    const management = '/beta/deviceManagement';
    const [forProfile, forPage] = [await make(admin, aGroup()), await make(admin, aGroup())];
    const target = (groupId: string) => ({
      target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId },
    });
    const profiles = `${management}/windowsAutopilotDeploymentProfiles`;
    const profile = await okay<Group>(await admin.fetch(profiles, jsonBody('POST', anAutopilotProfile())));
    const page = `${management}/deviceEnrollmentConfigurations/${restoreConfigurationId(tenantId)}`;
    const pageTargets = { enrollmentConfigurationAssignments: [target(forPage.id)] };

    await okay(await admin.fetch(`${profiles}/${profile.id}/assignments`, jsonBody('POST', target(forProfile.id))));
    await okay(await admin.fetch(`${page}/assign`, jsonBody('POST', pageTargets)));
    const [byProfile, byPage] = await Promise.all(
      [forProfile, forPage].map(async ({ id }) =>
        refusalOf(await admin.fetch(`/v1.0/groups/${id}`, { method: 'DELETE' })),
      ),
    );

    assert.deepEqual(byProfile?.slice(0, 2), [409, 'groupAssigned']);
    assert.ok(byProfile?.[2].includes(profile.displayName), byProfile?.[2]);
    assert.deepEqual(byPage?.slice(0, 2), [409, 'groupAssigned']);
    assert.match(byPage?.[2] ?? '', /Windows Backup and Restore/);
  },
);

testOnEveryService('what is wrong with a group is named, and nothing is stored', async (service) => {
  const { administrator, alice, tenantId } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  const dynamic = await make(admin, aDynamicGroup('user.department -eq "Finance"'));
  const assigned = await make(admin, aGroup());
  const version = await policyVersion(service, tenantId);
  const rule = 'user.department -eq "Finance"';
  const at = (group: Group, rest = '') => `/v1.0/groups/${group.id}${rest}`;
  const table: [string, RequestInit, RegExp][] = [
    ['/v1.0/groups', aGroup({ mailEnabled: true }), /mailEnabled/],
    ['/v1.0/groups', aGroup({ groupTypes: ['Unified'] }), /groupTypes/],
    ['/v1.0/groups', aGroup({ groupTypes: ['DynamicMembership'] }), /needs a membershipRule/],
    ['/v1.0/groups', aGroup({ membershipRule: rule }), /needs groupTypes/],
    ['/v1.0/groups', aGroup({ owners: [] }), /owners/],
    ['/v1.0/groups', aGroup({ displayName: ' ' }), /displayName/],
    ['/v1.0/groups', aGroup({ 'members@odata.bind': ['alice'] }), /members@odata.bind must end with/],
    ['/v1.0/groups', aDynamicGroup('user.departement -eq "x"'), /membershipRule, character 1: .*user\.department/],
    ['/v1.0/groups', aDynamicGroup('user.department -match ".*"'), /character 17: .*-startsWith/],
    [at(dynamic), jsonBody('PATCH', { membershipRule: 'user.department' }), /character 16/],
    [at(dynamic), jsonBody('PATCH', { membershipRule: null }), /Make another group/],
    [at(dynamic), jsonBody('PATCH', { membershipRuleProcessingState: 'Paused' }), /membershipRuleProcessingState/],
    [at(assigned), jsonBody('PATCH', { membershipRule: rule }), /Make another group/],
    [at(assigned), jsonBody('PATCH', {}), /body/],
    [at(dynamic, '/members/$ref'), reference(alice.userId), /follow its membershipRule/],
    [at(dynamic, `/members/${alice.userId}/$ref`), { method: 'DELETE' }, /follow its membershipRule/],
    [at(assigned, '/members/$ref'), jsonBody('POST', { '@odata.id': alice.userId }), /@odata.id must end with/],
  ];

  for (const [path, request, message] of table) {
    const [status, , said] = await refusalOf(await admin.fetch(path, request));
    assert.equal(status, 400, `${path} ${String(request.body)}`);
    assert.match(said, message);
  }
  assert.equal(await policyVersion(service, tenantId), version);
});

testOnEveryService('a policy assigned by a rule reaches whom it holds for, from the next check-in', async (service) => {
  const { administrator, alice, tenantId } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  const { deviceId } = (await service.enroll(alice)).enrollment;
  const finance = await make(admin, aDynamicGroup('user.department -eq "Finance"'));
  const pilot = await make(admin, aGroup());
  const policies = '/beta/deviceManagement/configurationPolicies';
  const { id } = await okay<{ id: string }>(await admin.fetch(policies, jsonBody('POST', aPolicy('Backup', true))));
  const target = (kind: string, group: Group) => ({
    target: { '@odata.type': `#microsoft.graph.${kind}`, groupId: group.id },
  });
  const assignments = [target('groupAssignmentTarget', finance), target('exclusionGroupAssignmentTarget', pilot)];
  await okay(await admin.fetch(`${policies}/${id}/assign`, jsonBody('POST', { assignments })));
  const reached = async () => {
    const subject = { deviceId, userId: alice.userId };
    const asked = { tenantId, restorePageAtEnrollment: false, subject };
    return (await effectivePolicyFor(service.store, asked)).backupEnabled;
  };

  assert.equal(await reached(), false);
  await okay(await admin.fetch(`/v1.0/users/${alice.userId}`, jsonBody('PATCH', { department: 'Finance' })));
  assert.equal(await reached(), true);
  await okay(await admin.fetch(`/v1.0/groups/${pilot.id}/members/$ref`, reference(deviceId)));
  assert.equal(await reached(), false);
});

testOnService('an organization has at most 500 rules, and every one of them is asked', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const { deviceId } = (await service.enroll(alice)).enrollment;
  const add = (membershipRule: string) =>
    service.store.write(
      addGroup,
      changeIn(tenantId),
      crypto.randomUUID(),
      { displayName: 'By rule', mailNickname: 'rule', description: null, membershipRule },
      [],
    );

  for (let count = 0; count < MAX_RULES; count += 1) await add(`not (user.displayName -eq "nobody ${count}")`);

  await assert.rejects(add('user.accountEnabled -eq true'), { code: 'quotaLimitReached', inner: 'groupRules' });
  const groups = await groupsOf(service.store, tenantId, { userId: alice.userId, deviceId });
  assert.equal(groups.size, MAX_RULES);
});
