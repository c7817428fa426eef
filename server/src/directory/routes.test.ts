/** People through Graph: what administrators see and change, and what each role may not. */

import assert from 'node:assert/strict';
import { CLIENTS } from '@carryover/model/wire';
import { okay } from '../../testing/backups.ts';
import { jsonBody, type SignedIn, testOnEveryService, testOnService } from '../../testing/service.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;

interface User {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly accountEnabled: boolean;
}
interface List {
  readonly value: readonly User[];
  readonly '@odata.nextLink'?: string;
}

function filterBy(name: string): string {
  return `/v1.0/users?$filter=${encodeURIComponent(`userPrincipalName eq '${name}'`)}`;
}

async function refusalOf(response: Response): Promise<readonly [number, string, string | undefined]> {
  const { error } = (await response.json()) as { error: { code: string; innerError: { code?: string } } };
  return [response.status, error.code, error.innerError.code];
}

function patch(graph: SignedIn, id: string, changes: object): Promise<Response> {
  return graph.fetch(`/v1.0/users/${encodeURIComponent(id)}`, jsonBody('PATCH', changes));
}

testOnEveryService(
  'people are listed by name in pages and found by id or name, without regard to case',
  async (service) => {
    const { administrator, alice } = await service.setUp();
    await service.setUp('Fabrikam');
    const graph = await service.signIn(administrator, GRAPH);
    const prefer = { headers: { prefer: 'odata.maxpagesize=2' } };

    const first = await okay<List>(await graph.fetch('/beta/users?$select=id,userPrincipalName,mail', prefer));
    const second = await okay<List>(await graph.fetch(first['@odata.nextLink'] ?? '', prefer));

    const names = [...first.value, ...second.value].map(({ userPrincipalName }) => userPrincipalName);
    assert.deepEqual(names, ['admin@contoso.example', 'alice@contoso.example', 'bob@contoso.example']);
    assert.deepEqual(Object.keys(first.value[0] ?? {}), ['id', 'userPrincipalName']);
    assert.equal(second['@odata.nextLink'], undefined);
    const found = await okay<List>(await graph.fetch(filterBy('ALICE@contoso.example')));
    assert.deepEqual(
      found.value.map(({ id }) => id),
      [alice.userId],
    );
    assert.deepEqual((await okay<List>(await graph.fetch(filterBy('nobody@contoso.example')))).value, []);
    assert.deepEqual((await okay<List>(await graph.fetch(filterBy('alice@fabrikam.example')))).value, []);
    for (const name of [alice.userId, alice.userPrincipalName, 'Alice%40CONTOSO.example'])
      assert.equal((await okay<User>(await graph.fetch(`/v1.0/users/${name}?$select=id`))).id, alice.userId);
    assert.equal((await graph.fetch('/v1.0/users/nobody@contoso.example')).status, 404);
    assert.equal((await graph.fetch('/v1.0/users/alice@fabrikam.example')).status, 404);
  },
);

testOnEveryService(
  'a new person signs in, is renamed, and each step is in the audit log without a password',
  async (service) => {
    const { administrator, tenantId } = await service.setUp();
    const graph = await service.signIn(administrator, GRAPH);
    const password = 'four words of hers';
    const body = {
      accountEnabled: true,
      displayName: 'Dora',
      mailNickname: 'dora',
      userPrincipalName: 'dora@contoso.example',
      passwordProfile: { password, forceChangePasswordNextSignIn: false },
    };

    const made = await graph.fetch('/v1.0/users', jsonBody('POST', body));

    const { id, userPrincipalName } = (await made.json()) as User;
    assert.equal(made.status, 201);
    const dora = { tenantId, userId: id, userPrincipalName, password };
    await service.signIn(dora, GRAPH);
    assert.equal((await patch(graph, id, { displayName: 'Dora Nguyen' })).status, 204);
    assert.equal((await okay<User>(await graph.fetch(`/v1.0/users/${id}`))).displayName, 'Dora Nguyen');
    const again = await graph.fetch(
      '/v1.0/users',
      jsonBody('POST', { ...body, userPrincipalName: 'Dora@Contoso.Example' }),
    );
    assert.deepEqual(await refusalOf(again), [409, 'conflict', 'nameTaken']);
    const events = await (await graph.fetch('/beta/deviceManagement/auditEvents')).text();
    assert.match(
      events,
      /"activity":"update user".*"oldValue":"Dora","newValue":"Dora Nguyen".*"activity":"create user"/,
    );
    assert.ok(!events.includes(password));
    assert.ok(!service.log.some((line) => line.includes(password)));
  },
);

testOnEveryService('a reset or a disabled account ends all sign-ins at once', async (service) => {
  const { administrator, alice, bob, tenantId } = await service.setUp();
  const graph = await service.signIn(administrator, GRAPH);
  const [ofAlice, ofBob] = [await service.signIn(alice, GRAPH), await service.signIn(bob, GRAPH)];

  const reset = await patch(graph, alice.userPrincipalName, {
    passwordProfile: { password: 'chosen by an administrator' },
  });
  const disabled = await patch(graph, bob.userId, { accountEnabled: false });

  assert.deepEqual([reset.status, disabled.status], [204, 204]);
  await assert.rejects(service.refresh(ofAlice, tenantId, GRAPH), /invalid_grant/);
  await assert.rejects(service.signIn(alice, GRAPH), /No code/);
  assert.equal((await ofBob.fetch('/v1.0/me')).status, 401);
  await assert.rejects(service.signIn(bob, GRAPH), /No code/);
  assert.equal((await patch(graph, bob.userId, { accountEnabled: true })).status, 204);
  assert.equal((await okay<User>(await (await service.signIn(bob, GRAPH)).fetch('/v1.0/me'))).accountEnabled, true);
});

testOnEveryService('each role does what is its own and no more', async (service) => {
  const { administrator, alice, tenantId } = await service.setUp();
  const signIn = async (name: string, role: Parameters<typeof service.addPerson>[2]) =>
    service.signIn(await service.addPerson(tenantId, `${name}@contoso.example`, role), GRAPH);
  const helpdesk = await signIn('helpdesk', ['Authentication Administrator']);
  const people = await signIn('people', ['User Administrator']);
  const reader = await signIn('reader', ['Global Reader']);
  const global = await service.signIn(administrator, GRAPH);
  const password = { passwordProfile: { password: 'chosen by an administrator' } };
  const missing = [403, 'accessDenied', 'roleMissing'];

  assert.equal((await patch(helpdesk, alice.userId, password)).status, 204);
  assert.deepEqual(await refusalOf(await patch(helpdesk, alice.userId, { displayName: 'Other' })), missing);
  assert.deepEqual(
    await refusalOf(await patch(helpdesk, alice.userId, { ...password, accountEnabled: false })),
    missing,
  );
  assert.equal((await patch(people, alice.userId, { displayName: 'Other' })).status, 204);
  for (const lesser of [helpdesk, people])
    assert.deepEqual(await refusalOf(await patch(lesser, administrator.userId, password)), missing);
  assert.equal((await reader.fetch('/v1.0/users')).status, 200);
  assert.deepEqual(await refusalOf(await patch(reader, alice.userId, password)), missing);
  assert.deepEqual(await refusalOf(await patch(global, administrator.userId, { accountEnabled: false })), [
    403,
    'accessDenied',
    'ownAccount',
  ]);
  assert.equal((await patch(global, 'helpdesk@contoso.example', { accountEnabled: false })).status, 204);
});

testOnService('what cannot be is refused by name', async (service) => {
  const { administrator, alice } = await service.setUp();
  const graph = await service.signIn(administrator, GRAPH);
  const invalid = async (response: Response, inner: string) =>
    assert.deepEqual(await refusalOf(response), [400, 'invalidRequest', inner]);

  await invalid(await patch(graph, alice.userId, {}), 'validation');
  await invalid(await patch(graph, alice.userId, { userPrincipalName: 'other@contoso.example' }), 'validation');
  await invalid(await patch(graph, alice.userId, { displayName: '   ' }), 'displayName');
  await invalid(await patch(graph, alice.userId, { passwordProfile: { password: 'short' } }), 'passwordLength');
  await invalid(await graph.fetch(`/v1.0/users?$filter=${encodeURIComponent("mail eq 'x'")}`), 'filter');
  await invalid(await graph.fetch('/v1.0/users?$skiptoken=made-up'), 'skiptoken');
  assert.equal((await graph.fetch(`/v1.0/users/${alice.userId}`, { method: 'DELETE' })).status, 405);
});
