/** From a file on the device to the service and back: what an administrator writes there holds from the next run. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyDocument, PolicySetting } from '@carryover/model/policy-merge';
import type { CheckInRequest } from '@carryover/model/wire';
import { refusedWith } from '../../testing/refused-with.ts';
import { type StandIn, standInService } from '../../testing/stand-in-service.ts';
import { type TestAgent, testAgent } from '../../testing/test-agent.ts';
import { run as backup } from '../commands/backup.ts';
import { run as enroll } from '../commands/enroll.ts';
import { run as runDue } from '../commands/run-due.ts';
import { run as status } from '../commands/status.ts';

const FILE = '/etc/carryover/policy.d/10-backup.json';

async function enrolled(service: StandIn): Promise<TestAgent> {
  const agent = testAgent({ now: Temporal.Now.instant() });
  await enroll([`${service.link}#token=from-it`], agent);
  return agent;
}

function fromService(...settings: PolicySetting[]): StandIn['documents'] {
  const document: PolicyDocument = { source: 'service', name: 'All staff', id: 'p1', settings };
  return [{ document, reach: { reached: true, kind: 'everybody' }, unknown: [] }];
}

/** What the check-ins said of the device, in their order. */
function told(service: StandIn): (CheckInRequest['localPolicy'] | 'nothing')[] {
  return service.seen
    .filter(({ path }) => path.endsWith('/check-ins'))
    .map(({ body }) => (JSON.parse(body.toString()) as CheckInRequest).localPolicy ?? 'nothing');
}

async function policyOf(agent: TestAgent) {
  return (await agent.state.read('service'))?.checkIn.policy;
}

test('a file goes along with the check-in, and what it says decides together with the service', async () => {
  await using service = await standInService();
  service.documents = fromService(
    { policy: 'EnableWindowsBackup', value: true },
    { policy: 'BackupIntervalDays', value: 8 },
  );
  const agent = await enrolled(service);
  agent.system.put(FILE, '{ "name": "Town hall", "DisableCredentialsSettingSync": "locked", "BackupIntervalDays": 4 }');

  await status([], agent);

  assert.deepEqual(told(service)[0], [
    {
      source: 'policyFile',
      name: 'Town hall',
      settings: [
        { policy: 'DisableCredentialsSettingSync', value: 'locked' },
        { policy: 'BackupIntervalDays', value: 4 },
      ],
    },
  ]);
  const policy = await policyOf(agent);
  assert.equal(policy?.backupEnabled, true);
  assert.equal(policy?.categories.accounts, 'locked');
  assert.equal(policy?.backupIntervalDays, 8, 'the stricter one holds');
  assert.deepEqual(policy?.origins['categories.accounts'], { source: 'policyFile', policy: 'Town hall' });
});

test('backup written on the device alone is on, and off again once the file is gone', async () => {
  await using service = await standInService();
  service.decisions = {};
  const agent = await enrolled(service);
  await assert.rejects(backup([], agent), refusedWith('notAllowed'));

  agent.system.put(FILE, '{ "EnableWindowsBackup": true }');
  await status([], agent);
  const withFile = await policyOf(agent);
  agent.system.files.delete(FILE);
  await status([], agent);

  assert.equal(withFile?.backupEnabled, true);
  assert.equal((await policyOf(agent))?.backupEnabled, false);
  assert.equal(told(service).at(-1), 'nothing');
});

test('Disabled in a file holds at the next backup, although the service was asked before and said yes', async () => {
  await using service = await standInService();
  service.documents = fromService({ policy: 'EnableWindowsBackup', value: true });
  const agent = await enrolled(service);
  assert.equal((await policyOf(agent))?.backupEnabled, true);

  agent.system.put(FILE, '{ "EnableWindowsBackup": false }');

  await assert.rejects(backup([], agent), refusedWith('notAllowed'));
  assert.deepEqual(
    service.seen.filter(({ path }) => path.endsWith('/snapshots')),
    [],
  );
});

test('a run that is not due asks once after a change on the device, and not again', async () => {
  await using service = await standInService();
  const agent = await enrolled(service);
  await agent.state.write('attempts', { failures: 1, lastFailureAt: Temporal.Now.instant().toString() });
  await runDue(['--json'], agent);
  const before = told(service).length;

  agent.system.put(FILE, '{ "EnableWindowsBackup": true, "BackupIntervalDays": 2 }');
  await runDue(['--json'], agent);
  await runDue(['--json'], agent);

  assert.ok(agent.out.objects.every((said) => (said as { due: boolean }).due === false));
  assert.equal(told(service).length, before + 1);
  assert.equal((await policyOf(agent))?.backupIntervalDays, 2);
});

test('without the service a run that is not due is as quiet as ever, and the change is told later', async () => {
  await using service = await standInService();
  const agent = await enrolled(service);
  await agent.state.write('attempts', { failures: 1, lastFailureAt: Temporal.Now.instant().toString() });
  agent.system.put(FILE, '{ "EnableWindowsBackup": true, "BackupIntervalDays": 2 }');
  service.intercept = () => ({ status: 503, body: {} });
  await runDue([], agent);
  assert.equal((await policyOf(agent))?.backupIntervalDays, 8);

  service.intercept = () => undefined;
  await runDue([], agent);

  assert.equal((await policyOf(agent))?.backupIntervalDays, 2);
});
