/** `status --explain` and `doctor`: who decided, who did not and why, and what is wrong with policies written on this PC. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candidate } from '@carryover/model/policy-explain';
import type { PolicySetting } from '@carryover/model/policy-merge';
import { type StandIn, standInService } from '../../testing/stand-in-service.ts';
import { type TestAgent, type TestAgentOptions, testAgent } from '../../testing/test-agent.ts';
import { run as doctor } from './doctor.ts';
import { run as enroll } from './enroll.ts';
import { run as status } from './status.ts';

const FOLDER = '/etc/carryover/policy.d';
const EVERYBODY: Candidate['reach'] = { reached: true, kind: 'everybody' };

function fromService(name: string, reach: Candidate['reach'], ...settings: PolicySetting[]): Candidate {
  return { document: { source: 'service', name, id: name.toLowerCase(), settings }, reach, unknown: [] };
}

const STAFF = fromService(
  'All staff',
  EVERYBODY,
  { policy: 'EnableWindowsBackup', value: true },
  { policy: 'DisableCredentialsSettingSync', value: 'off' },
);
const PILOT = fromService('Pilot', { reached: false, kind: 'notAssigned' }, { policy: 'BackupIntervalDays', value: 1 });

async function enrolled(service: StandIn, options: TestAgentOptions = {}): Promise<TestAgent> {
  const agent = testAgent({ now: Temporal.Now.instant(), ...options });
  await enroll([`${service.link}#token=from-it`], agent);
  agent.out.lines.length = 0;
  return agent;
}

/** The lines as one, so that sentences can be looked for however they are wrapped. */
function said({ out }: TestAgent): string {
  return out.lines.join('\n').replace(/\s+/g, ' ');
}

test('it says for every decision what holds, who took it, and why not the others', async () => {
  await using service = await standInService();
  service.documents = [STAFF, PILOT];
  const agent = await enrolled(service);
  agent.system.put(`${FOLDER}/10.json`, '{ "name": "Town hall", "DisableCredentialsSettingSync": "locked" }');

  await status(['--explain'], agent);

  const text = said(agent);
  assert.match(text, /Backup On EnableWindowsBackup in "All staff" \(service\) Roaming Off \(default\)/);
  assert.match(
    text,
    /passwords Off, locked DisableCredentialsSettingSync in "Town hall" \(policy file\) not Off, people may turn it on: DisableCredentialsSettingSync in "All staff" \(service\), another one is stricter/,
  );
  assert.match(
    text,
    /every 8 days \(default\) not every day: BackupIntervalDays in "Pilot" \(service\), not assigned to this PC or person/,
  );
  assert.doesNotMatch(text, /On this PC|Not known/);
  assert.ok(agent.out.lines.every((line) => line.length <= 80));
});

test('it says the same in German', async () => {
  await using service = await standInService();
  service.documents = [STAFF];
  const agent = await enrolled(service, { language: 'de' });
  agent.system.put(`${FOLDER}/10.json`, '{ "name": "Rathaus", "EnableWindowsBackup": false, "EnableCDP": false }');

  await status(['--explain'], agent);

  const text = said(agent);
  assert.match(
    text,
    /Sicherung Aus EnableWindowsBackup in „Rathaus“ \(Richtliniendatei\) nicht Ein: EnableWindowsBackup in „All staff“ \(Dienst\), eine andere ist strenger/,
  );
  assert.match(text, /Verhindert die Sicherung EnableCDP in „Rathaus“ \(Richtliniendatei\)/);
});

test('as JSON it is what the service explains, with what is written on this PC', async () => {
  await using service = await standInService();
  service.documents = [STAFF];
  const agent = await enrolled(service);
  agent.system.put(`${FOLDER}/10.json`, '{ "name": "Town hall", "EnableWindowsBackup": true, "Newer": 1 }');

  await status(['--explain', '--json'], agent);

  const [{ explained, localPolicy }] = agent.out.objects as [
    { explained: { explanations: { member: string }[]; unknown: unknown }; localPolicy: unknown },
  ];
  assert.deepEqual(
    explained.explanations.find(({ member }) => member === 'backupEnabled'),
    {
      member: 'backupEnabled',
      value: true,
      decidedBy: {
        policy: 'EnableWindowsBackup',
        origin: { source: 'service', policy: 'All staff', policyId: 'all staff' },
      },
      others: [
        {
          origin: { source: 'policyFile', policy: 'Town hall' },
          policy: 'EnableWindowsBackup',
          value: true,
          because: 'same',
        },
      ],
    },
  );
  assert.deepEqual(explained.unknown, [{ name: 'Newer', origin: { source: 'policyFile', policy: 'Town hall' } }]);
  assert.deepEqual(localPolicy, {
    documents: [{ source: 'policyFile', name: 'Town hall' }],
    problems: [{ code: 'policyUnknown', facts: { place: `${FOLDER}/10.json`, policy: 'Newer' } }],
  });
});

test('without the service it says what was read last and who decided, and that it is not up to date', async () => {
  let agent: TestAgent;
  {
    await using service = await standInService();
    service.documents = [STAFF];
    agent = await enrolled(service);
  }

  await status(['--explain'], agent);

  const text = said(agent);
  assert.match(text, /Backup On "All staff" \(service\) Roaming Off \(default\)/);
  assert.match(text, /Not up to date 127\.0\.0\.1:\d+ could not be reached/);
});

test('a service that is older than this question is no reason to say nothing', async () => {
  await using service = await standInService();
  service.documents = [STAFF];
  const agent = await enrolled(service);
  service.intercept = ({ path }) =>
    path.endsWith('/policy') ? { status: 404, body: { error: { code: 'itemNotFound', message: 'No.' } } } : undefined;

  await status(['--explain'], agent);

  assert.match(said(agent), /Backup On "All staff" \(service\)/);
});

test('status and doctor say what is wrong with a file, and what to do', async () => {
  await using service = await standInService();
  const agent = await enrolled(service);
  agent.system.put(`${FOLDER}/10.json`, '{ "EnableWindowsBackup": "yes" }');
  agent.system.put(`${FOLDER}/20.json`, '{ "EnableWindowsBackup": true }', 0o666);

  await status([], agent);
  await doctor([], agent);

  const text = said(agent);
  const wrong = `${FOLDER}/10.json: EnableWindowsBackup cannot be "yes". It counts as not configured. Allowed: true, false`;
  const untrusted = `${FOLDER}/20.json is ignored: others than root can change it. Give it to root alone: chown root:root ${FOLDER}/20.json; chmod go-w ${FOLDER}/20.json`;
  assert.ok(text.includes(`! On this PC ${wrong} ! On this PC ${untrusted}`), text);
  assert.ok(text.includes(`! On this PC ${wrong} ${untrusted} ok Eligibility`), text);
});

test('doctor names what is written here, and where it contradicts the service', async () => {
  await using service = await standInService();
  service.documents = [STAFF];
  const agent = await enrolled(service);
  const file = `${FOLDER}/10.json`;

  agent.system.put(file, '{ "name": "Town hall", "EnableWindowsBackup": true }');
  await doctor([], agent);
  const agreed = said(agent);
  agent.system.put(file, '{ "name": "Town hall", "EnableWindowsBackup": false }');
  await doctor([], agent);

  assert.match(agreed, /ok On this PC "Town hall" \(policy file\)/);
  assert.match(
    said(agent),
    /! On this PC Backup: Off, "Town hall" \(policy file\), holds; it contradicts On, "All staff" \(service\)\./,
  );
});
