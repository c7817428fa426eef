import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedWith } from '../../testing/refused-with.ts';
import { type StandIn, standInService } from '../../testing/stand-in-service.ts';
import { type TestAgent, type TestAgentOptions, testAgent } from '../../testing/test-agent.ts';
import { run as doctor } from './doctor.ts';
import { run as enroll } from './enroll.ts';
import { run as remember } from './remember.ts';
import { run as status } from './status.ts';

async function enrolled(service: StandIn, options: TestAgentOptions = {}): Promise<TestAgent> {
  const agent = testAgent({ now: Temporal.Now.instant(), ...options });
  await enroll([`${service.link}#token=from-it`], agent);
  agent.out.lines.length = 0;
  agent.out.notes.length = 0;
  return agent;
}

test('status says what is backed up, what comes next and who decided', async () => {
  await using service = await standInService();
  service.decisions = {
    ...service.decisions,
    origins: { backupEnabled: { source: 'service', policy: 'Backup, all staff' } },
  };
  const agent = await enrolled(service);

  await status([], agent);

  const text = agent.out.lines.join('\n');
  assert.match(text, /^EXA-LT-0417 {3}Debian GNU\/Linux 12 .*\nExample Organization\nAda/);
  assert.match(text, /! +Backed up +never, next by (today|tomorrow)/);
  assert.match(text, /ok Can back up\n *ok Can restore/);
  assert.match(text, /Remembered +Accessibility, Accounts, [\s\S]*Apps/);
  assert.match(text, /Policy +"Backup, all staff", read today \d\d:\d\d/);
  assert.ok(agent.out.lines.every((line) => line.length <= 80));
});

test('status says every reason with its remedy when backup is not possible', async () => {
  await using service = await standInService();
  service.decisions = { backupEnabled: false };
  const agent = await enrolled(service, { language: 'de' });

  await status([], agent);

  assert.match(
    agent.out.lines.join('\n'),
    /x +Kann nicht sichern\n {2}1 +Example Organization hat Sicherung [^.]*\.\n +Abhilfe {2}Bitten Sie die IT/,
  );
});

test('status without the service shows what it said last, and says so', async () => {
  let agent: TestAgent;
  {
    await using service = await standInService();
    agent = await enrolled(service);
  }

  await status([], agent);
  await status(['--json'], agent);

  assert.match(
    agent.out.lines.join('\n'),
    /Can back up[\s\S]*! +Not up to date +127\.0\.0\.1:\d+ could not be reached/,
  );
  const [shown] = agent.out.objects as [{ service: unknown; backup: { allowed: boolean } }];
  assert.equal(shown.backup.allowed, true);
  assert.equal((shown.service as { error: { code: string } }).error.code, 'serviceUnreachable');
});

test('a category is switched at the service and stays switched', async () => {
  await using service = await standInService();
  const agent = await enrolled(service);

  await remember(['apps', 'off'], agent);
  await remember(['--json'], agent);

  assert.match(agent.out.lines.join('\n'), /x +apps +Apps: off\. You left/);
  const [{ categories }] = agent.out.objects as [{ categories: { category: string; on: boolean }[] }];
  assert.equal(categories.find(({ category }) => category === 'apps')?.on, false);
  assert.equal((await agent.state.read('service'))?.checkIn.preferences.apps, 'off');
});

test('what the organization switched off cannot be switched on, and the reason is said', async () => {
  await using service = await standInService();
  service.decisions = { backupEnabled: false };
  const agent = await enrolled(service);

  await assert.rejects(
    remember(['apps', 'on'], agent),
    refusedWith('notAllowed', 'notSwitchedOn', /Example Organization has not turned on backup.*Ask IT/),
  );
});

test('doctor finds nothing wrong where nothing is wrong but the missing schedule', async () => {
  await using service = await standInService();
  const agent = await enrolled(service);

  await doctor([], agent);

  const signs = agent.out.lines.map((line) => line.split(' ')[0]);
  assert.deepEqual(signs, ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', '!', 'ok'], agent.out.lines.join('\n'));
  assert.match(agent.out.lines.join('\n'), /Schedule +not installed\. Install it: carryover schedule install/);
});

test('doctor says by how much the clock is off, and the backup goes on', async () => {
  await using service = await standInService();
  const agent = await enrolled(service, { now: Temporal.Now.instant().subtract({ hours: 24 * 3653 }) });

  await doctor([], agent);

  assert.match(agent.out.lines.join('\n'), /! +Clock +The clock of this PC is off by (9|10) years\.[\s\S]*go on/);
});

test('doctor without the service goes on with the other checks and ends with the first error', async () => {
  let agent: TestAgent;
  {
    await using service = await standInService();
    agent = await enrolled(service);
  }
  const lastError = { code: 'storageFull', message: 'The disk of the service is full.' };
  await agent.state.write('attempts', { failures: 2, lastFailureAt: '2026-01-01T00:00:00Z', lastError });

  await assert.rejects(doctor(['--json'], agent), refusedWith('serviceUnreachable'));

  const [{ checks }] = agent.out.objects as [{ checks: { check: string; outcome: string; words: string }[] }];
  assert.deepEqual(
    checks.map(({ check, outcome }) => `${check} ${outcome}`),
    [
      'network failed',
      'certificate fine',
      'clock failed',
      'signIn failed',
      'policy fine',
      'localPolicy fine',
      'eligibility fine',
      'schedule warning',
      'lastError warning',
    ],
  );
  assert.match(checks.at(-1)?.words ?? '', /The disk of the service is full\. \(storageFull\)/);
});
