/**
 * Settings of the whole PC, which only an administrator may change, come to a new Windows PC: for a person without such
 * rights through the administrator's task, or not at all and with the reason; for an administrator at once.
 *
 * carryover.exe as it is delivered, a real service, two PCs. Wine refuses the person what access lists refuse, runs no
 * task by itself, and keeps no access lists of files.
 */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { JournalLine } from '../agent/src/restore/journal.ts';
import type { ReportItem } from '../model/src/report.ts';
import type { Ran } from './testing/run-program.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';
import { type TaskStarter, taskStarter } from './testing/task-starter.ts';
import { aWindowsAgent, type DeliveredAgent, deliveredAgent, type WindowsAgent } from './testing/windows-agent.ts';

const SERVICES = 'SYSTEM\\CurrentControlSet\\Services';
const ZONE = { key: `${SERVICES}\\tzautoupdate`, name: 'Start' };
const VPN = { key: `${SERVICES}\\RasMan\\Parameters\\Config\\VpnCostedNetworkSettings`, name: 'NoCostedNetwork' };
const NAMED = ['time.automaticTimeZone', 'network.vpn.blockOnMetered', 'mouse.pointerSpeed'];
const OF_THE_PC = NAMED.slice(0, 2);

let story: Story;
let delivered: DeliveredAgent;
let fresh: WindowsAgent;
let starter: TaskStarter;
const made: WindowsAgent[] = [];

before(async () => {
  story = await aStory();
  delivered = await deliveredAgent();
  const { person, organization } = story;
  const memory = join(story.folder, 'people', person.userPrincipalName);
  await mkdir(memory, { recursive: true });
  const enrolled = async (name: string) => {
    const agent = await aWindowsAgent({ delivered, person, memory, name });
    made.push(agent);
    succeeded(await agent.agent('enroll', organization.link));
    return agent;
  };
  const old = await enrolled('PC-OLD');
  await old.pc.regAdd(`HKLM\\${ZONE.key}`, ZONE.name, 'REG_DWORD', '3');
  await old.pc.regAdd(`HKLM\\${VPN.key}`, VPN.name, 'REG_DWORD', '1');
  await old.pc.regAdd('HKCU\\Control Panel\\Mouse', 'MouseSensitivity', 'REG_SZ', '14');
  succeeded(await old.agent('backup'));
  fresh = await enrolled('PC-NEW');
  await fresh.pc.regAdd(`HKLM\\${ZONE.key}`, ZONE.name, 'REG_DWORD', '4');
  // The key is there, the value is not.
  await fresh.pc.must('reg', ['add', `HKLM\\${VPN.key}`, '/f']);
  for (const { key } of [ZONE, VPN]) {
    const { exit, stderr } = await fresh.pc.node(join(import.meta.dirname, 'testing', 'close-to-people.ts'), [key]);
    assert.equal(exit, 0, stderr);
  }
});

after(async () => {
  for (const { pc } of made) await pc.remove();
  await story?.remove();
  await delivered?.[Symbol.asyncDispose]();
});

const WITHOUT_RIGHTS = join(import.meta.dirname, 'testing', 'without-rights.ts');

/** carryover.exe as the person, who is no administrator here. */
function asPerson(...args: readonly string[]): Promise<Ran> {
  const { pc, program, env } = fresh;
  return pc.node(WITHOUT_RIGHTS, [program, ...args], { env });
}

const restore = ['restore', 'PC-OLD', '--yes', '--json', ...NAMED.flatMap((name) => ['--only', name])];

interface Report {
  readonly items: readonly ReportItem[];
}

/** Of what was asked for by name: how each ended, and why. */
function endsOf(ran: Ran): Record<string, string> {
  const items = jsonOf<Report>(ran).items.filter(({ id }) => NAMED.includes(id));
  return Object.fromEntries(items.map(({ id, status, reason }) => [id, reason?.code ?? status]));
}

const onPc = async () => {
  const { pc } = fresh;
  const [zone, vpn, mouse] = [
    await pc.regQuery(`HKLM\\${ZONE.key}`, ZONE.name),
    await pc.regQuery(`HKLM\\${VPN.key}`, VPN.name),
    await pc.regQuery('HKCU\\Control Panel\\Mouse', 'MouseSensitivity'),
  ];
  return { zone: zone?.data, vpn: vpn?.data, mouse: mouse?.data };
};

const FORMER = { zone: '0x4', vpn: undefined, mouse: '10' };
const COME_OVER = { zone: '0x3', vpn: '0x1', mouse: '14' };
const all = (word: string) => Object.fromEntries(NAMED.map((name) => [name, word]));

test('without the task a person is refused what only an administrator may, and told what to do', async () => {
  assert.deepEqual(await onPc(), FORMER);

  const ran = await asPerson(...restore);

  assert.deepEqual(endsOf(ran), {
    ...Object.fromEntries(OF_THE_PC.map((name) => [name, 'needsElevation'])),
    'mouse.pointerSpeed': 'applied',
  });
  assert.deepEqual(await onPc(), { ...FORMER, mouse: '14' });
  succeeded(await asPerson('undo', '--yes'));
  assert.deepEqual(await onPc(), FORMER);
  const { stdout, stderr } = await asPerson('restore', 'PC-OLD', '--yes', ...NAMED.flatMap((name) => ['--only', name]));
  assert.match(`${stdout}${stderr}`.replaceAll(/\s+/g, ' '), /carryover schedule install --for-everyone/);
  succeeded(await asPerson('undo', '--yes'));
  assert.deepEqual(await onPc(), FORMER);
});

test('an administrator applies and takes back by themselves, without the task', async () => {
  const ran = await fresh.agent(...restore);

  assert.deepEqual(endsOf(ran), all('applied'));
  assert.deepEqual(await onPc(), COME_OVER);
  succeeded(await fresh.agent('undo', '--yes'));
  assert.deepEqual(await onPc(), FORMER);
});

test('an administrator puts the task in place, and doctor says so', async () => {
  const said = await fresh.agent('schedule', 'install', '--for-everyone', '--json');

  assert.deepEqual(jsonOf(said), { forEveryone: true, elevated: true });
  assert.ok(existsSync(join(fresh.pc.driveC, 'windows', 'system32', 'tasks', 'Carryover elevated')));
  const { stdout } = await asPerson('doctor', '--json');
  const { checks } = JSON.parse(stdout) as { checks: { check: string; words: string }[] };
  assert.match(checks.find(({ check }) => check === 'elevatedTask')?.words ?? '', /Carryover elevated/);
  const file = join(await stateFolder(), 'elevated-task.xml');
  starter = await taskStarter(fresh.pc, { name: '\\Carryover elevated', file });
});

test('with the task all of it comes over in one request, and goes back in one', async () => {
  const restored = await starter.during(asPerson(...restore));

  assert.deepEqual(
    restored.runs.map(({ exit }) => exit),
    [0],
  );
  assert.deepEqual(endsOf(restored.result), all('applied'));
  assert.deepEqual(await onPc(), COME_OVER);
  assert.deepEqual(await handedOver(), []);

  const undone = await starter.during(asPerson('undo', '--yes'));

  succeeded(undone.result);
  assert.equal(undone.runs.length, 1);
  assert.deepEqual(await onPc(), FORMER);
  assert.deepEqual(await handedOver(), []);
});

/** What lies in the folders of requests and answers. */
async function handedOver(): Promise<string[]> {
  const folder = join(fresh.pc.driveC, 'ProgramData', 'Carryover', 'elevated');
  return (await Promise.all(['requests', 'answers'].map((name) => readdir(join(folder, name))))).flat();
}

for (const [words, isServed] of [
  ['before the task ran', false],
  ['while the task runs', true],
] as const)
  test(`a restore that is killed ${words} is finished by the next run, and nothing is done twice`, async () => {
    const killed = asPerson(...restore);
    await starter.started(killed);
    await fresh.pc.must('taskkill', ['/f', '/im', 'carryover.exe']);
    await killed;
    if (isServed) assert.equal((await starter.run()).exit, 0);
    else await starter.lose();
    const { zone, vpn } = await onPc();
    assert.deepEqual([zone, vpn], isServed ? ['0x3', '0x1'] : ['0x4', undefined]);

    const finished = await starter.during(asPerson('restore', 'PC-OLD', '--yes', '--json'));

    assert.deepEqual(endsOf(finished.result), all('applied'));
    assert.deepEqual(await onPc(), COME_OVER);
    const applied = (await lastJournal()).flatMap((line) =>
      line.event === 'end' ? line.outcomes.filter(({ status }) => status === 'applied') : [],
    );
    assert.deepEqual(applied.map(({ itemId }) => itemId).toSorted(), NAMED.toSorted());
    succeeded((await starter.during(asPerson('undo', '--yes'))).result);
    assert.deepEqual(await onPc(), FORMER);
  });

/** On this machine; a person with an administrator's rights and without is one and the same here. */
async function stateFolder(): Promise<string> {
  const local = (await fresh.pc.must('cmd', ['/c', 'echo %LOCALAPPDATA%'])).trim();
  return join(fresh.pc.driveC, local.slice('C:\\'.length).replaceAll('\\', '/'), 'Carryover');
}

async function lastJournal(): Promise<readonly JournalLine[]> {
  const folder = join(await stateFolder(), 'restores');
  const last =
    (await readdir(folder))
      .filter((name) => name.endsWith('.journal.jsonl'))
      .toSorted()
      .at(-1) ?? '';
  const text = await readFile(join(folder, last), 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JournalLine]));
}

test('an administrator applies without the task also where it is there', async () => {
  const ran = await fresh.agent(...restore);

  assert.deepEqual(endsOf(ran), all('applied'));
  assert.equal(starter.isStarted(), false);
  succeeded(await fresh.agent('undo', '--yes'));
});
