import assert from 'node:assert/strict';
import { CLIENTS } from '@carryover/model/wire';
import { changeIn, jsonBody, type TestService, testOnEveryService, testOnService } from '../../testing/service.ts';
import { addPerson } from './administration.ts';
import { createPasswordChecks } from './directory.ts';
import { MAX_FAILURES } from './store.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const MONDAY = Temporal.Instant.from('2026-11-23T08:00:00Z');

/** Password checks with a clock that tests move. */
function checksOf(service: TestService) {
  let now = MONDAY;
  const checks = createPasswordChecks(service.store, () => now);
  return {
    attempt: checks.attempt,
    move: (by: Temporal.DurationLike) => {
      now = now.add(by);
    },
  };
}

testOnEveryService('an account is locked after failures in a row, for longer with each one after', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const { attempt, move } = checksOf(service);
  const guess = () => attempt(tenantId, alice.userPrincipalName, 'a wrong guess');
  const right = () => attempt(tenantId, alice.userPrincipalName, alice.password);

  for (let count = 0; count < MAX_FAILURES; count += 1) assert.equal((await guess()).kind, 'wrong');
  const locked = await right();
  move({ seconds: 61 });
  const wrongAgain = await guess();
  move({ seconds: 61 });
  const stillLocked = await right();
  move({ seconds: 60 });
  const open = await right();
  const afterwards = await guess();

  assert.deepEqual(locked, { kind: 'locked', until: MONDAY.add({ seconds: 60 }) });
  assert.equal(wrongAgain.kind, 'wrong');
  assert.equal(stillLocked.kind, 'locked');
  assert.equal(open.kind, 'right');
  assert.equal(afterwards.kind, 'wrong', 'a right password starts the count anew');
});

testOnEveryService('many guesses at the same moment count as many', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const { attempt } = checksOf(service);

  const guesses = Array.from({ length: MAX_FAILURES + 5 }, () => attempt(tenantId, alice.userPrincipalName, 'a guess'));
  const kinds = (await Promise.all(guesses)).map(({ kind }) => kind);

  assert.equal(kinds.filter((kind) => kind === 'locked').length, 5);
});

testOnService('a name that does not exist locks like one that does', async (service) => {
  const { tenantId } = await service.setUp();
  const { attempt } = checksOf(service);
  const guess = () => attempt(tenantId, 'nobody@contoso.example', 'a wrong guess');

  for (let count = 0; count < MAX_FAILURES; count += 1) assert.equal((await guess()).kind, 'wrong');

  assert.deepEqual(await guess(), { kind: 'locked', until: MONDAY.add({ seconds: 60 }) });
});

testOnService('a locked account says until when on the page', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const { attempt } = createPasswordChecks(service.store, Temporal.Now.instant);
  for (let count = 0; count < MAX_FAILURES; count += 1) await attempt(tenantId, alice.userPrincipalName, 'wrong');

  await assert.rejects(service.signIn(alice, GRAPH), /Too many attempts. Try again after <time [^>]*>\d\d:\d\d UTC/);
});

testOnEveryService('names are one person’s only, without regard to case', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const draft = { displayName: 'Another Alice', password: 'a-long-password-1' };
  const create = (userPrincipalName: string) =>
    addPerson(service.store, changeIn(tenantId), { ...draft, userPrincipalName });

  await assert.rejects(create(alice.userPrincipalName.toUpperCase()), { code: 'conflict', inner: 'nameTaken' });
  await assert.rejects(create('no name'), { code: 'invalidRequest', inner: 'userPrincipalName' });
  const other = await service.setUp('Fabrikam');
  const elsewhere = { ...draft, userPrincipalName: alice.userPrincipalName };
  assert.ok((await addPerson(service.store, changeIn(other.tenantId), elsewhere)).userId);
});

testOnService('a password that is too short or the name itself is refused', async (service) => {
  const { tenantId } = await service.setUp();
  const create = (password: string) =>
    addPerson(service.store, changeIn(tenantId), {
      userPrincipalName: 'long-enough-name@contoso.example',
      displayName: 'X',
      password,
    });

  await assert.rejects(create('eleven-char'), { code: 'invalidRequest', inner: 'passwordLength' });
  await assert.rejects(create('x'.repeat(257)), { code: 'invalidRequest', inner: 'passwordLength' });
  await assert.rejects(create('Long-Enough-Name'), { code: 'invalidRequest', inner: 'passwordIsName' });
});

testOnService('the same password typed with other Unicode forms is the same', async (service) => {
  const { tenantId } = await service.setUp();
  const draft = { userPrincipalName: 'zoe@contoso.example', displayName: 'Zoë', password: 'Zo\u00eb und der Wal' };
  await addPerson(service.store, changeIn(tenantId), draft);

  const { kind } = await checksOf(service).attempt(tenantId, draft.userPrincipalName, 'Zoe\u0308 und der Wal');

  assert.equal(kind, 'right');
});

testOnEveryService('an administrator makes a person, who must choose a password of their own', async (service) => {
  const { administrator, tenantId } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  const body = {
    accountEnabled: true,
    displayName: 'Carla',
    userPrincipalName: 'carla@contoso.example',
    passwordProfile: { password: 'given-by-the-admin' },
  };

  const made = await admin.fetch('/v1.0/users', jsonBody('POST', body));
  const again = await admin.fetch('/v1.0/users', jsonBody('POST', body));

  assert.equal(made.status, 201);
  const { id } = (await made.json()) as { id: string };
  assert.equal(again.status, 409);
  const read = (await (await admin.fetch(`/v1.0/users/${id}`)).json()) as Record<string, unknown>;
  assert.deepEqual([read['displayName'], read['accountEnabled']], ['Carla', true]);
  assert.ok(!JSON.stringify(read).includes('argon2'));
  const carla = { tenantId, userId: id, userPrincipalName: body.userPrincipalName, password: 'given-by-the-admin' };
  await assert.rejects(service.signIn(carla, GRAPH), /Choose a new password/);
});

testOnService('a lesser administrator cannot take the account of a greater one', async (service) => {
  const { administrator, alice, tenantId } = await service.setUp();
  const helpDesk = await service.addPerson(tenantId, 'desk@contoso.example', ['User Administrator']);
  const desk = await service.signIn(helpDesk, GRAPH);
  const reset = jsonBody('PATCH', { passwordProfile: { password: 'taken-over-by-desk' } });

  const greater = await desk.fetch(`/v1.0/users/${administrator.userId}`, reset);
  const person = await desk.fetch(`/v1.0/users/${alice.userId}`, reset);

  assert.equal(greater.status, 403);
  assert.equal(person.status, 204);
  assert.ok((await service.signIn(administrator, GRAPH)).accessToken);
});

testOnEveryService('people of another organization cannot be read or changed', async (service) => {
  const { administrator } = await service.setUp();
  const other = await service.setUp('Fabrikam');
  const admin = await service.signIn(administrator, GRAPH);

  const read = await admin.fetch(`/v1.0/users/${other.alice.userId}`);
  const changed = await admin.fetch(`/v1.0/users/${other.alice.userId}`, jsonBody('PATCH', { accountEnabled: false }));

  assert.deepEqual([read.status, changed.status], [404, 404]);
  assert.ok((await service.signIn(other.alice, GRAPH)).accessToken);
});
