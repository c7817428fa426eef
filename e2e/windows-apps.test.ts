/**
 * The apps of a Windows PC come back on another one, each by itself and each named in the report, with the program that is
 * delivered, the service, and a stand-in for winget: no machine for tests has the Store and real installers.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { StandInApp } from '../agent/testing/stand-in-winget.ts';
import type { ReportItem } from '../model/src/report.ts';
import { putWinget, standInWingetProgram, type WingetOnPc } from './testing/stand-in-winget.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';
import { aWindowsAgent, type DeliveredAgent, deliveredAgent, type WindowsAgent } from './testing/windows-agent.ts';

const RESTART_TO_FINISH = 0x8a150109;
const ANOTHER_AT_WORK = 0x8a150102;

const EDITOR: StandInApp = { id: 'Contoso.Editor', source: 'winget', name: 'Contoso Editor' };
const TODO: StandInApp = { id: '9NBLGGH5R558', source: 'msstore', name: 'Microsoft To Do' };
const SLOW: StandInApp = { id: 'Contoso.Slow', source: 'winget', name: 'Contoso Slow', takesMs: 3000 };
const DRIVER: StandInApp = { id: 'Contoso.Scanner', source: 'winget', name: 'Scanner', answers: [RESTART_TO_FINISH] };
const BUSY: StandInApp = {
  id: 'Contoso.Busy',
  source: 'winget',
  name: 'Contoso Busy',
  answers: [ANOTHER_AT_WORK, ANOTHER_AT_WORK],
};
const GONE: StandInApp = { id: 'Contoso.Gone', source: 'winget', name: 'Contoso Gone' };
/** The one that the new PC has already. */
const HERE: StandInApp = { id: 'Contoso.Here', source: 'winget', name: 'Contoso Here' };

const APPS = [EDITOR, TODO, SLOW, DRIVER, BUSY, GONE, HERE];

const UNINSTALL = 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall';

const idOf = ({ id, source }: StandInApp) => `apps.${source}/${id}`;

let story: Story;
let delivered: DeliveredAgent;
let winget: WingetOnPc;
let fresh: WindowsAgent;
let profile: string;
const agents: WindowsAgent[] = [];

async function aPc(name: string): Promise<WindowsAgent> {
  // On the second PC the person remembers the password they took on the first.
  const agent = await aWindowsAgent({ delivered, person: story.person, name, memory: story.folder });
  agents.push(agent);
  return agent;
}

before(async () => {
  story = await aStory();
  delivered = await deliveredAgent();
  const program = await standInWingetProgram(story.folder);
  const old = await aPc('PC-OLD');
  fresh = await aPc('PC-NEW');
  await putWinget(old.pc, { program, offered: APPS, installed: APPS });
  // What the list of packages no longer has is unknown there.
  const offered = APPS.map((app) => (app === GONE ? { ...app, unknown: true } : app));
  winget = await putWinget(fresh.pc, { program, offered, installed: [HERE] });
  await old.pc.regAdd(`${UNINSTALL}\\Ledger_is1`, 'DisplayName', 'REG_SZ', 'Ledger 4');
  await old.pc.regAdd(`${UNINSTALL}\\Editor_is1`, 'DisplayName', 'REG_SZ', EDITOR.name);
  await old.pc.regAdd(`${UNINSTALL}\\Runtime`, 'DisplayName', 'REG_SZ', 'A runtime');
  await old.pc.regAdd(`${UNINSTALL}\\Runtime`, 'SystemComponent', 'REG_DWORD', '1');

  succeeded(await old.agent('enroll', story.organization.link));
  succeeded(await old.agent('backup'));
  succeeded(await fresh.agent('enroll', story.organization.link));
  const { profiles } = jsonOf<{ profiles: { id: string }[] }>(await fresh.agent('profiles', '--json'));
  profile = profiles[0]?.id ?? assert.fail('no profile');
});

after(async () => {
  for (const { pc } of agents) await pc.remove();
  await story?.remove();
  await delivered?.[Symbol.asyncDispose]();
});

interface Restored {
  readonly items: readonly ReportItem[];
}

const appsOf = ({ items }: Restored) => new Map(items.filter(({ kind }) => kind === 'app').map((one) => [one.id, one]));

const verdictOf = (item: ReportItem | undefined) => [item?.status, item?.reason?.code];

test('every app comes back by itself, and the report names each that did not, with its reason', async () => {
  const apps = appsOf(jsonOf<Restored>(await fresh.agent('restore', profile, '--yes', '--json')));

  for (const app of [EDITOR, TODO, SLOW, BUSY])
    assert.deepEqual(verdictOf(apps.get(idOf(app))), ['applied', undefined], app.name);
  assert.deepEqual(verdictOf(apps.get(idOf(DRIVER))), ['applied', 'appRestartToFinish']);
  assert.deepEqual(verdictOf(apps.get(idOf(GONE))), ['failed', 'appNotOffered']);
  assert.deepEqual(verdictOf(apps.get(idOf(HERE))), ['unchanged', undefined]);
  const { installed, attempts } = await winget.state();
  assert.deepEqual(installed.toSorted(), APPS.flatMap(({ id }) => (id === GONE.id ? [] : [id])).toSorted());
  assert.deepEqual(attempts, {
    [EDITOR.id]: 1,
    [TODO.id]: 1,
    [SLOW.id]: 1,
    [DRIVER.id]: 1,
    [BUSY.id]: 3,
  });
  // What no source knows is told, what winget or Windows stands for is not told twice.
  const programs = [...apps.keys()].filter((id) => id.startsWith('apps.uninstall/'));
  assert.ok(programs.includes('apps.uninstall/Ledger_is1'));
  assert.ok(!programs.includes('apps.uninstall/Editor_is1') && !programs.includes('apps.uninstall/Runtime'));
  assert.deepEqual(verdictOf(apps.get('apps.uninstall/Ledger_is1')), ['needsElevation', 'appHasNoSource']);
  assert.equal(apps.get('apps.uninstall/Ledger_is1')?.title, 'Ledger 4');
});

test('a second restore installs nothing twice', async () => {
  const { attempts } = await winget.state();

  const apps = appsOf(jsonOf<Restored>(await fresh.agent('restore', profile, '--yes', '--json')));

  for (const app of [EDITOR, TODO, SLOW, DRIVER, BUSY, HERE])
    assert.equal(apps.get(idOf(app))?.status, 'unchanged', app.name);
  assert.deepEqual((await winget.state()).attempts, attempts);
});
