/** Administrators' commands against a real service, signed in through its pages. */

import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { CLIENTS } from '@carryover/model/wire';
import { anOperator } from '../../testing/operator.ts';
import { jsonBody, SAMPLE_DEVICE, testOnService } from '../../testing/service.ts';

testOnService(
  'an administrator signs in with the link of the set-up page and sees both switches off',
  async (service) => {
    const { administrator, tenantId } = await service.setUp();
    await using operator = await anOperator(administrator);

    const signedIn = await operator.run(['sign-in', `${service.url}/enroll/${tenantId}`]);
    const status = await operator.run(['status']);

    assert.equal(signedIn.exit, 0, signedIn.notes);
    assert.equal((await stat(operator.file)).mode & 0o777, 0o600);
    assert.equal(status.exit, 0, status.notes);
    assert.match(status.out, /^Contoso/);
    assert.match(status.out, /! Backup +off: no policy switches it on/);
    assert.match(status.out, /! Restore page +off: never switched on\n! Restore +off: no policy/);
    assert.match(status.out, /ok Audit log +unbroken/);
  },
);

testOnService('the switches go on, off and on again', async (service) => {
  const { administrator, tenantId } = await service.setUp();
  await using operator = await anOperator(administrator);
  await operator.run(['sign-in', `${service.url}/${tenantId}/v2.0`]);

  assert.deepEqual(await operator.ask('backup', 'on'), {
    backup: { on: true, offBy: [], onBy: ['Backup, everyone'] },
  });
  assert.deepEqual(await operator.ask('backup', 'off'), {
    backup: { on: false, offBy: ['Backup, everyone'], onBy: [] },
  });
  assert.deepEqual(await operator.ask('backup', 'on'), {
    backup: { on: true, offBy: [], onBy: ['Backup, everyone'] },
  });
  assert.deepEqual(await operator.ask('restore', 'on'), {
    restore: { page: 'enabled', anytime: { on: true, offBy: [], onBy: ['Restore, everyone'] } },
  });
  assert.deepEqual(await operator.ask('restore', 'off'), {
    restore: { page: 'disabled', anytime: { on: false, offBy: ['Restore, everyone'], onBy: [] } },
  });
  const status = await operator.run(['status']);
  assert.match(status.out, /ok Backup +on, by "Backup, everyone"/);
  assert.match(status.out, /! Restore page {3}off\n! Restore +off, by "Restore, everyone"/);
});

testOnService('a person is added with a password shown once, signs in and must choose another', async (service) => {
  const { administrator, tenantId } = await service.setUp();
  await using operator = await anOperator(administrator);
  await operator.run(['sign-in', `${service.url}/enroll/${tenantId}`]);

  const added = await operator.ask<{ password: string; id: string }>('person', 'add', 'carol@contoso.example', 'Carol');
  const again = await operator.run(['person', 'add', 'CAROL@contoso.example', 'Carol']);

  assert.match(added.password, /^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
  assert.equal(again.exit, 7, again.notes);
  await using carol = await anOperator({ userPrincipalName: 'carol@contoso.example', password: added.password });
  const graph = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
  const person = { tenantId, userId: added.id, userPrincipalName: 'carol@contoso.example', password: added.password };
  await assert.rejects(service.signIn(person, graph), /password/i);
  assert.equal(await readFile(carol.file, 'utf8').catch(() => 'nothing'), 'nothing');
});

testOnService('a password from standard input may be kept, and a reset ends what was signed in', async (service) => {
  const { administrator, tenantId, alice } = await service.setUp();
  await using operator = await anOperator(administrator);
  await operator.run(['sign-in', `${service.url}/enroll/${tenantId}`]);
  const graph = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
  const before = await service.signIn(alice, graph);

  const args = ['person', 'reset', alice.userPrincipalName, '--password-stdin', '--keep-password'];
  const reset = await operator.run(args, 'a new password of hers\n');

  assert.equal(reset.exit, 0, reset.notes);
  assert.doesNotMatch(reset.out, /a new password of hers/);
  await assert.rejects(service.refresh(before, tenantId, graph), /invalid_grant/);
  await service.signIn({ ...alice, password: 'a new password of hers' }, graph);
});

testOnService('an enrollment link is made, listed, used by a PC and taken back', async (service) => {
  const { administrator, tenantId, alice } = await service.setUp();
  await using operator = await anOperator(administrator);
  await operator.run(['sign-in', `${service.url}/enroll/${tenantId}#pin=${'ab'.repeat(32)}`]);

  const made = await operator.ask<{ id: string; link: string }>('token', 'create', '--uses', '2', '--days', '1');

  const link = new URL(made.link);
  assert.equal(`${link.origin}${link.pathname}`, `${service.url}/enroll/${tenantId}`);
  const facts = new URLSearchParams(link.hash.slice(1));
  assert.equal(facts.get('pin'), 'ab'.repeat(32));
  const enroll = async () => {
    const signedIn = await service.signIn(alice, { client: CLIENTS.agent, resource: 'enrollment' });
    const body = { device: SAMPLE_DEVICE, enrollmentToken: facts.get('token') };
    return (await signedIn.fetch('/device/v1/enrollments', jsonBody('POST', body))).status;
  };
  const listed = async () =>
    (await operator.ask<{ value: { id: string; uses: number }[] }>('token', 'list')).value.map(({ id, uses }) => [
      id,
      uses,
    ]);
  assert.deepEqual(await listed(), [[made.id, 2]]);
  assert.equal(await enroll(), 201);
  assert.deepEqual(await listed(), [[made.id, 1]]);

  assert.deepEqual(await operator.ask('token', 'remove', made.id), { id: made.id });

  assert.deepEqual(await listed(), []);
  assert.equal(await enroll(), 403);
  assert.equal((await operator.run(['token', 'remove', made.id])).exit, 5);
});

testOnService('a person without a role is refused in words and with a code', async (service) => {
  const { alice, tenantId } = await service.setUp();
  await using operator = await anOperator(alice);
  await operator.run(['sign-in', `${service.url}/enroll/${tenantId}`]);

  const words = await operator.run(['backup', 'on']);
  const json = await operator.run(['backup', 'on', '--json']);

  assert.equal(words.exit, 4);
  assert.match(words.notes, /^x .*Administrator/);
  assert.equal(
    (JSON.parse(json.out) as { error: { innerError: { code: string } } }).error.innerError.code,
    'roleMissing',
  );
});

testOnService('an old access token is renewed without asking', async (service) => {
  const { administrator, tenantId } = await service.setUp();
  await using operator = await anOperator(administrator);
  await operator.run(['sign-in', `${service.url}/enroll/${tenantId}`]);
  const kept = JSON.parse(await readFile(operator.file, 'utf8')) as { accessToken: string; refreshToken: string };
  await writeFile(operator.file, JSON.stringify({ ...kept, accessToken: 'old', expiresAt: 0 }));

  const status = await operator.run(['status']);

  assert.equal(status.exit, 0, status.notes);
  const renewed = JSON.parse(await readFile(operator.file, 'utf8')) as { refreshToken: string };
  assert.notEqual(renewed.refreshToken, kept.refreshToken);
});

test('what cannot be understood names the right way, and nothing is asked of a service', async () => {
  await using operator = await anOperator({ userPrincipalName: 'nobody', password: '' });

  assert.match((await operator.run(['backpu', 'on'])).notes, /There is no command "admin backpu on"/);
  assert.match((await operator.run(['backup'])).notes, /on\|off is missing\. Usage: carryover admin backup on\|off/);
  assert.match((await operator.run(['backup', 'maybe'])).notes, /neither "on" nor "off"/);
  assert.match((await operator.run(['token', 'create', '--uses', 'many'])).notes, /not a whole number/);
  assert.match((await operator.run(['status'])).notes, /not signed in/);
  assert.equal((await operator.run(['status'])).exit, 3);
  assert.match((await operator.run(['sign-in', 'https://example.org/'])).notes, /not the link of an organization/);
  assert.match(
    (await operator.run(['sign-in', `http://example.org/enroll/${crypto.randomUUID()}`])).notes,
    /Plain http/,
  );
  assert.equal(
    (await operator.run(['set-up', 'https://backup.example.org/'])).out.split('\n')[0],
    'https://backup.example.org/admin/setup',
  );
});

testOnService(
  'who may join and whether a code may be used is switched, shown, and refused in words',
  async (service) => {
    const { administrator, tenantId, alice } = await service.setUp();
    await using operator = await anOperator(administrator);
    await operator.run(['sign-in', `${service.url}/enroll/${tenantId}`]);

    assert.match((await operator.run(['status'])).out, /Joining +everybody[\s\S]*Device code +not allowed/);
    assert.deepEqual(await operator.ask('joining', 'none'), { joining: 'none' });
    assert.equal((await service.enroll(alice)).enrollment.joinType, 'registered');
    assert.deepEqual(await operator.ask('device-code', 'on'), { deviceCodeAllowed: true });
    assert.match(
      (await operator.run(['status'])).out,
      /Joining +only with[\s\S]*Device code +allowed, for backups only/,
    );
    assert.deepEqual(await operator.ask('joining', 'all'), { joining: 'all' });
    assert.equal((await service.enroll(alice)).enrollment.joinType, 'joined');
    assert.deepEqual(await operator.ask('device-code', 'off'), { deviceCodeAllowed: false });
    assert.match((await operator.run(['joining', 'some'])).notes, /neither "all" nor "none"/);
  },
);
