/**
 * The picture of a lock screen comes to another Windows PC, and pins are named there, with the program that is delivered,
 * the service, and a stand-in for Windows PowerShell: Wine's runs no script.
 */

import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { shellLink } from '../agent/src/pages/shell-link.ts';
import type { ReportItem } from '../model/src/report.ts';
import { type PowerShellState, putPowerShell, standInPowerShellProgram } from './testing/stand-in-powershell.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';
import { aWindowsAgent, type DeliveredAgent, deliveredAgent, type WindowsAgent } from './testing/windows-agent.ts';

/** The beginning of a PNG, and something to tell it by. */
const png = (what: string) => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(what)]);

const LOCK_SCREEN = 'personalization.lockScreen.image';
const PINS = 'AppData/Roaming/Microsoft/Internet Explorer/Quick Launch/User Pinned/TaskBar';
const START = {
  layout: JSON.stringify({ pinnedList: [{ desktopAppId: 'Contoso.Ledger' }] }),
  apps: [{ name: 'Ledger', id: 'Contoso.Ledger' }],
};
const NOTHING_PINNED = { layout: '{"pinnedList":[]}', apps: START.apps };

let story: Story;
let delivered: DeliveredAgent;
let fresh: WindowsAgent;
let profile: string;
let freshShows: () => Promise<PowerShellState>;
const agents: WindowsAgent[] = [];

async function aPc(name: string): Promise<{ agent: WindowsAgent; home: string; person: string }> {
  const agent = await aWindowsAgent({ delivered, person: story.person, name });
  agents.push(agent);
  const person = (await agent.pc.must('cmd', ['/c', 'echo %USERPROFILE%'])).trim();
  return { agent, person, home: join(agent.pc.driveC, person.slice('C:\\'.length).replaceAll('\\', '/')) };
}

const shown = (path: string, content: Buffer) => ({ path, content: content.toString('base64') });

before(async () => {
  story = await aStory();
  delivered = await deliveredAgent();
  const program = await standInPowerShellProgram(story.folder);
  const old = await aPc('PC-OLD');
  await mkdir(join(old.home, 'Pictures'), { recursive: true });
  await writeFile(join(old.home, 'Pictures', 'Föhr 1.png'), png('island'));
  await mkdir(join(old.home, PINS), { recursive: true });
  const link = { target: 'C:\\Program Files\\Ledger\\ledger.exe', arguments: '', description: 'Ledger' };
  await writeFile(join(old.home, PINS, 'Ledger.lnk'), shellLink(link));
  const picture = shown(`${old.person}\\Pictures\\Föhr 1.png`, png('island'));
  await putPowerShell(old.agent.pc, program, { shown: picture, start: START });
  succeeded(await old.agent.agent('enroll', story.organization.link));
  succeeded(await old.agent.agent('backup'));

  const { agent } = await aPc('PC-NEW');
  fresh = agent;
  await mkdir(join(agent.pc.driveC, 'windows', 'Web', 'Screen'), { recursive: true });
  await writeFile(join(agent.pc.driveC, 'windows', 'Web', 'Screen', 'img100.jpg'), png('of windows'));
  const before = shown('C:\\windows\\Web\\Screen\\img100.jpg', png('of windows'));
  freshShows = await putPowerShell(agent.pc, program, { shown: before, start: NOTHING_PINNED });
  // The person remembers the password they took.
  const memory = `${story.person.userPrincipalName}.password`;
  await copyFile(join(old.agent.pc.driveC, memory), join(agent.pc.driveC, memory));
  succeeded(await agent.agent('enroll', story.organization.link));
  const { profiles } = jsonOf<{ profiles: { id: string }[] }>(await agent.agent('profiles', '--json'));
  profile = profiles[0]?.id ?? assert.fail('no profile');
});

after(async () => {
  for (const { pc } of agents) await pc.remove();
  await story?.remove();
  await delivered?.[Symbol.asyncDispose]();
});

async function restored(): Promise<(id: string) => readonly [string | undefined, string | undefined]> {
  const { items } = jsonOf<{ items: readonly ReportItem[] }>(await fresh.agent('restore', profile, '--yes', '--json'));
  return (id) => {
    const item = items.find((one) => one.id === id);
    return [item?.status, item?.reason?.code];
  };
}

test('the picture is on the lock screen of the other PC, pins are named, and a second restore changes nothing', async () => {
  const verdictOf = await restored();

  assert.deepEqual(verdictOf(LOCK_SCREEN), ['applied', undefined]);
  assert.deepEqual(verdictOf('taskbarPins/Ledger'), ['skipped', 'pinToTaskbarYourself']);
  assert.deepEqual(verdictOf('startPins/Ledger'), ['skipped', 'pinToStartYourself']);
  const { path, content } = (await freshShows()).shown;
  assert.match(path, /^C:\\users\\[^\\]+\\Pictures\\Föhr 1\.png$/i);
  assert.deepEqual(Buffer.from(content, 'base64'), png('island'));
  const file = join(fresh.pc.driveC, path.slice('C:\\'.length).replaceAll('\\', '/'));
  assert.deepEqual(await readFile(file), png('island'));
  assert.deepEqual((await restored())(LOCK_SCREEN), ['unchanged', undefined]);
});

test('undo shows the picture that Windows came with', async () => {
  succeeded(await fresh.agent('undo', '--yes'));

  assert.equal((await freshShows()).shown.path, 'C:\\windows\\Web\\Screen\\img100.jpg');
});
