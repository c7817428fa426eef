/**
 * What a person has set on a Windows PC is on their Linux device, and what that has is on another Windows PC: with the
 * program that is delivered, real dconf, and judged by `dconf dump` and reg.exe.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { OLD_WINDOWS } from '../agent/testing/old-windows.ts';
import type { ReportItem } from '../model/src/report.ts';
import type { Catalog, Setting } from '../model/src/setting.ts';
import { windowsPlaceIdsOf } from '../model/src/windows-codecs.ts';
import type { Device } from './testing/device.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';
import { aWindowsAgent, type DeliveredAgent, deliveredAgent, type WindowsAgent } from './testing/windows-agent.ts';
import { WINDOWS_11_24H2 } from './testing/windows-pc.ts';
import { placesAsRegistry } from './testing/windows-places.ts';

const CATALOG = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'catalog', 'catalog.json'), 'utf8')) as Catalog;

/** Wine keeps the regional format of the machine; the pictures would have to be there. */
const VALUES = Object.fromEntries(
  Object.entries(OLD_WINDOWS).filter(([id]) => !id.startsWith('region.') && !id.endsWith('.image')),
);

/** Of 63, each way. */
const AT_LEAST = 50;

let story: Story;
let delivered: DeliveredAgent;
let linux: Device;
const agents: WindowsAgent[] = [];

async function aPc(name: string, values: Parameters<typeof placesAsRegistry>[2]): Promise<WindowsAgent> {
  const { userPrincipalName } = story.person;
  const agent = await aWindowsAgent({ delivered, person: story.person, name });
  agents.push(agent);
  const memory = `${userPrincipalName}.password`;
  await copyFile(join(story.folder, 'people', userPrincipalName, memory), join(agent.pc.driveC, memory));
  await agent.pc.regImport(placesAsRegistry(CATALOG, WINDOWS_11_24H2.build, values));
  succeeded(await agent.agent('enroll', story.organization.link));
  return agent;
}

before(async () => {
  story = await aStory();
  delivered = await deliveredAgent();
  linux = await story.enrolled('linux-pc');
});

after(async () => {
  for (const { pc } of agents) await pc.remove();
  await story?.remove();
  await delivered?.[Symbol.asyncDispose]();
});

interface Restored {
  readonly items: readonly ReportItem[];
}

/** Settings with a place on both sides of which all came over that the restore had; every other item says why not. */
function cameOver({ items }: Restored, idsOf: (setting: Setting) => readonly string[]): string[] {
  for (const { id, status, reason } of items)
    assert.ok(status === 'applied' || status === 'unchanged' || reason !== undefined, id);
  const there = new Map(items.map(({ id, status }) => [id, status === 'applied' || status === 'unchanged']));
  const common = CATALOG.settings.filter(({ neutral }) => neutral?.windows !== undefined);
  const isOver = (ids: readonly string[]) =>
    ids.some((id) => there.has(id)) && ids.every((id) => there.get(id) ?? true);
  return common.filter((setting) => isOver(idsOf(setting))).map(({ id }) => id);
}

test('what a Windows PC had is on a Linux device', async (t) => {
  const old = await aPc('PC-OLD', VALUES);
  succeeded(await old.agent('backup'));

  const ran = await linux.agent('restore', 'PC-OLD', '--yes', '--json');

  const over = cameOver(jsonOf<Restored>(ran), ({ id }) => [id]);
  t.diagnostic(`${over.length} came over: ${over.join(' ')}`);
  assert.ok(over.length >= AT_LEAST, `${over.length}: ${over.join(' ')}\n${ran.stdout}`);
  const dump = (await linux.dconfDump()).split('\n');
  for (const line of [
    "color-scheme='prefer-dark'",
    'text-scaling-factor=1.5',
    'high-contrast=true',
    'stickykeys-enable=true',
    'left-handed=true',
    'double-click=700',
    'show-hidden=true',
    'enable-animations=false',
  ])
    assert.ok(dump.includes(line), `${line} in\n${dump.join('\n')}`);
});

test('what the Linux device has now is on another Windows PC', async (t) => {
  succeeded(await linux.agent('backup'));
  const fresh = await aPc('PC-NEW', {});

  const ran = await fresh.agent('restore', 'linux-pc', '--yes', '--json');

  const over = cameOver(jsonOf<Restored>(ran), windowsPlaceIdsOf);
  t.diagnostic(`${over.length} came over: ${over.join(' ')}`);
  assert.ok(over.length >= AT_LEAST, `${over.length}: ${over.join(' ')}\n${ran.stdout}`);
  for (const [key, name, data] of [
    ['Control Panel\\Mouse', 'SwapMouseButtons', '1'],
    ['Control Panel\\Mouse', 'MouseSensitivity', '15'],
    ['Control Panel\\Mouse', 'DoubleClickSpeed', '700'],
    ['Control Panel\\Keyboard', 'KeyboardDelay', '2'],
    ['Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize', 'AppsUseLightTheme', '0x0'],
    ['Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\Advanced', 'Hidden', '0x1'],
    ['Software\\Microsoft\\Accessibility', 'TextScaleFactor', '0x96'],
  ] as const)
    assert.equal((await fresh.pc.regQuery(`HKCU\\${key}`, name))?.data, data, name);
  const sticky = await fresh.pc.regQuery('HKCU\\Control Panel\\Accessibility\\StickyKeys', 'Flags');
  assert.equal(Number(sticky?.data) & 1, 1);
});
