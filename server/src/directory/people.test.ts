/** People as the admin center manages them: search, reset, a file of people. On both databases. */

import assert from 'node:assert/strict';
import type { GraphUser, ImportRefused, PeopleImported } from '@carryover/model/admin';
import { CLIENTS } from '@carryover/model/wire';
import { okay } from '../../testing/backups.ts';
import { jsonBody, type SignedIn, testOnEveryService, testOnService } from '../../testing/service.ts';
import { listAudit, verifyChain } from '../audit/audit.ts';
import { createPasswordChecks } from './directory.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const RESET = 'authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword';

async function namesOf(admin: SignedIn, query: string): Promise<string[]> {
  const { value } = await okay<{ value: GraphUser[] }>(await admin.fetch(`/v1.0/users?${query}`));
  return value.map(({ userPrincipalName }) => userPrincipalName);
}

function upload(admin: SignedIn, csv: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  return admin.fetch('/beta/carryover/people/import', {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: csv,
  });
}

testOnEveryService('people are found by parts of their names, also after they were renamed', async (service) => {
  const { administrator, alice, bob } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  const rename = (userId: string, displayName: string) =>
    admin.fetch(`/v1.0/users/${userId}`, jsonBody('PATCH', { displayName }));
  await okay(await rename(alice.userId, 'Ayşe YILDIRIM 50%'));
  await okay(await rename(bob.userId, 'Søren Öberg'));
  await okay(await admin.fetch(`/v1.0/users/${bob.userId}`, jsonBody('PATCH', { accountEnabled: false })));

  assert.deepEqual(await namesOf(admin, '$search=yildirim%20ay'), [alice.userPrincipalName]);
  assert.deepEqual(await namesOf(admin, '$search=%C3%B6BERG'), [bob.userPrincipalName]);
  assert.deepEqual(await namesOf(admin, '$search=%22alice%40%22'), [alice.userPrincipalName]);
  assert.deepEqual(await namesOf(admin, '$filter=accountEnabled%20eq%20false'), [bob.userPrincipalName]);
  assert.deepEqual(await namesOf(admin, '$search=contoso&$filter=accountEnabled%20eq%20true'), [
    administrator.userPrincipalName,
    alice.userPrincipalName,
  ]);
});

testOnEveryService('a reset gives a password once, which must be changed, and ends the sign-ins', async (service) => {
  const { administrator, alice, tenantId } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  const signedIn = await service.signIn(alice, GRAPH);

  const answer = await admin.fetch(`/v1.0/users/${alice.userPrincipalName}/${RESET}`, jsonBody('POST', {}));
  const { newPassword } = (await answer.json()) as { newPassword: string };
  const { attempt } = createPasswordChecks(service.store, Temporal.Now.instant);
  const before = await attempt(tenantId, alice.userPrincipalName, alice.password);
  const now = await attempt(tenantId, alice.userPrincipalName, newPassword);

  assert.deepEqual([answer.status, answer.headers.get('cache-control')], [202, 'no-store']);
  assert.equal(before.kind, 'wrong');
  assert.deepEqual(now, { kind: 'right', userId: alice.userId, mustChangePassword: true });
  await assert.rejects(
    service.refresh(signedIn, tenantId, { client: GRAPH.client, resource: 'graph' }),
    /invalid_grant/,
  );
  const [event] = await listAudit(service.store, tenantId, { top: 1 });
  assert.equal(event?.action, 'update user');
  assert.ok(!JSON.stringify(event).includes(newPassword));
});

testOnService('nobody resets the password of a greater one than themselves', async (service) => {
  const { administrator, tenantId } = await service.setUp();
  const desk = await service.addPerson(tenantId, 'desk@contoso.example', ['Authentication Administrator']);
  const helping = await service.signIn(desk, GRAPH);

  const answer = await helping.fetch(`/v1.0/users/${administrator.userId}/${RESET}`, jsonBody('POST', {}));

  assert.equal(answer.status, 403);
  assert.ok((await service.signIn(administrator, GRAPH)).accessToken);
});

testOnService('who has signed in is told their roles', async (service) => {
  const { administrator, alice } = await service.setUp();
  const rolesOf = async (signedIn: SignedIn) =>
    (await okay<{ value: { displayName: string }[] }>(await signedIn.fetch('/v1.0/me/memberOf'))).value.map(
      ({ displayName }) => displayName,
    );

  assert.deepEqual(await rolesOf(await service.signIn(administrator, GRAPH)), ['Global Administrator']);
  assert.deepEqual(await rolesOf(await service.signIn(alice, GRAPH)), []);
});

testOnEveryService(
  'people of a file can sign in once and then choose a password; each is on record',
  async (service) => {
    const { administrator, tenantId } = await service.setUp();
    const admin = await service.signIn(administrator, GRAPH);

    const answer = await upload(
      admin,
      'displayName;userPrincipalName\nLena Brandt;lena@auental.example\nÖ;oe@a.example',
    );
    const { value } = (await answer.json()) as PeopleImported;
    const { attempt } = createPasswordChecks(service.store, Temporal.Now.instant);
    const [lena] = value;
    const right = await attempt(tenantId, 'LENA@auental.example', lena?.temporaryPassword ?? '');
    const wrong = await attempt(tenantId, 'LENA@auental.example', value[1]?.temporaryPassword ?? '');

    assert.deepEqual([answer.status, answer.headers.get('cache-control')], [201, 'no-store']);
    assert.deepEqual(
      value.map(({ line, userPrincipalName }) => [line, userPrincipalName]),
      [
        [2, 'lena@auental.example'],
        [3, 'oe@a.example'],
      ],
    );
    assert.deepEqual(right, { kind: 'right', userId: lena?.id, mustChangePassword: true });
    assert.equal(wrong.kind, 'wrong');
    const events = await listAudit(service.store, tenantId, { top: 2 });
    assert.deepEqual(
      events.map(({ action, target }) => [action, JSON.parse(target).id]),
      [
        ['create user', value[1]?.id],
        ['create user', value[0]?.id],
      ],
    );
    assert.equal((await verifyChain(service.store, tenantId)).brokenAt, undefined);
    assert.ok(!JSON.stringify(service.log).includes(lena?.temporaryPassword ?? ''));
  },
);

testOnEveryService('a file with faults adds nobody and names every line', async (service) => {
  const { administrator, alice } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);

  const csv = `displayName,userPrincipalName\nNew,new@b.example\nA,${alice.userPrincipalName.toUpperCase()}\nB,b`;
  const answer = await upload(admin, csv);
  const { error } = (await answer.json()) as { error: { innerError: { code: string; details: ImportRefused } } };

  assert.deepEqual([answer.status, error.innerError.code], [400, 'csv']);
  assert.deepEqual(
    error.innerError.details.faults.map(({ line, code }) => [line, code]),
    [
      [3, 'nameTaken'],
      [4, 'userPrincipalName'],
    ],
  );
  assert.deepEqual(await namesOf(admin, '$search=new'), []);
});

testOnService('a file as Windows wrote it before UTF-8 is read with its umlauts', async (service) => {
  const { administrator } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);

  const csv = Buffer.from('displayName;userPrincipalName\nJörg Müller;joerg@b.example\n', 'latin1');
  const { value } = await okay<PeopleImported>(await upload(admin, new Uint8Array(csv)));

  assert.equal(value[0]?.displayName, 'Jörg Müller');
});

testOnEveryService('ten thousand people come in one request, and others are served meanwhile', async (service) => {
  const { administrator, tenantId } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  const rows = Array.from({ length: 10_000 }, (_, index) => `Person ${index},p${index}@big.example`);

  let under = true;
  const importing = upload(admin, ['displayName,userPrincipalName', ...rows].join('\n')).finally(() => {
    under = false;
  });
  let served = 0;
  while (under) {
    assert.equal((await fetch(`${service.url}/healthz`)).status, 200);
    served += 1;
  }
  const { value } = await okay<PeopleImported>(await importing);

  assert.ok(served > 10, `${served} answers meanwhile`);
  assert.equal(new Set(value.map(({ temporaryPassword }) => temporaryPassword)).size, 10_000);
  assert.deepEqual(await namesOf(admin, '$search=p9999%40'), ['p9999@big.example']);
  assert.deepEqual(await verifyChain(service.store, tenantId), { entries: 10_003 });
});
