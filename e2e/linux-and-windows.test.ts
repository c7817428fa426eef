/**
 * What a person has set on a Windows PC is on their Linux device, what that has is on another Windows PC, and from there
 * back on another Linux device: with the program that is delivered, real dconf, and judged by `dconf dump`, reg.exe and the
 * bytes of the picture.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { OLD_WINDOWS } from '../agent/testing/old-windows.ts';
import type { ReportItem } from '../model/src/report.ts';
import type { Catalog, Setting } from '../model/src/setting.ts';
import { windowsPlaceIdsOf } from '../model/src/windows-codecs.ts';
import type { Device } from './testing/device.ts';
import { aPng } from './testing/png.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';
import { aWindowsAgent, type DeliveredAgent, deliveredAgent, type WindowsAgent } from './testing/windows-agent.ts';
import { WINDOWS_11_24H2 } from './testing/windows-pc.ts';
import { placesAsRegistry } from './testing/windows-places.ts';
import { onThisMachine, pathInProfile, windowsPathInProfile } from './testing/windows-story.ts';
import type { WindowsLanguage } from './testing/wine.ts';

const CATALOG = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'catalog', 'catalog.json'), 'utf8')) as Catalog;

/** Pictures are no values; the desktop's is put onto the PC as a file and a path. */
const VALUES = Object.fromEntries(
  Object.entries(OLD_WINDOWS).filter(([, raw]) => !(typeof raw === 'object' && raw !== null && 'path' in raw)),
);

const PICTURE = aPng({ hue: 90 });
const DESKTOP = 'HKCU\\Control Panel\\Desktop';
const FORMAT = 'HKCU\\Control Panel\\International';

const FEWEST_ON_BOTH_SIDES = 62;
/** Of them, each way. */
const AT_LEAST = 50;

let story: Story;
let delivered: DeliveredAgent;
let linux: Device;
const agents: WindowsAgent[] = [];

async function aPc(
  name: string,
  language: WindowsLanguage,
  values: Parameters<typeof placesAsRegistry>[2],
): Promise<WindowsAgent> {
  const { userPrincipalName } = story.person;
  const agent = await aWindowsAgent({ delivered, person: story.person, name });
  agents.push(agent);
  agent.pc.speak(language);
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

/** Of the settings with a place on both sides those that did not come over, with the reason; "" for one that was not there. */
function stayed(
  { items }: Restored,
  over: readonly string[],
  idsOf: (setting: Setting) => readonly string[],
): Readonly<Record<string, string>> {
  const common = CATALOG.settings.filter((setting) => windowsPlaceIdsOf(setting).length > 0);
  assert.ok(common.length >= FEWEST_ON_BOTH_SIDES, `only ${common.length} on both sides`);
  const codeOf = (setting: Setting) =>
    items.find(({ id, reason }) => idsOf(setting).includes(id) && reason !== undefined)?.reason?.code ?? '';
  return Object.fromEntries(
    common.filter(({ id }) => !over.includes(id)).map((setting) => [setting.id, codeOf(setting)]),
  );
}

function assertNamed(stayed: Readonly<Record<string, string>>, named: Readonly<Record<string, string>>): void {
  for (const [id, code] of Object.entries(stayed)) assert.equal(code, named[id], id);
}

const STAYS_ON_WINDOWS: Readonly<Record<string, string>> = {
  // Slow keys are on, and Windows has one switch for both.
  'accessibility.bounceKeysDelay': 'otherPlatform',
  // GNOME has one from 47 on.
  'appearance.accentColor': 'otherPlatform',
  // Of the whole PC on Windows; this one has none.
  'time.automaticTimeZone': '',
  // Windows gives it by a call that Wine has not.
  'lockScreen.image': '',
  // Banners go silent only when asked for by name.
  'notifications.banners': 'offByDefault',
};

const STAYS_ON_LINUX: Readonly<Record<string, string>> = {
  'accessibility.onScreenKeyboardAtSignIn': 'runsCode',
  'accessibility.screenReaderAtSignIn': 'runsCode',
  'accessibility.magnifierAtSignIn': 'runsCode',
  'keyboard.numLock': 'deviceBound',
  // What the Linux device itself did not take.
  'appearance.accentColor': '',
  'time.automaticTimeZone': '',
  'lockScreen.image': '',
  'notifications.banners': '',
};

test('what a Windows PC had is on a Linux device', async (t) => {
  const old = await aPc('PC-OLD', 'de_DE', VALUES);
  const picture = await pathInProfile(old.pc, 'Pictures/sea.png');
  await mkdir(dirname(picture), { recursive: true });
  await writeFile(picture, PICTURE);
  const shown = await windowsPathInProfile(old.pc, 'Pictures/sea.png');
  await old.pc.regAdd(DESKTOP, 'WallPaper', 'REG_SZ', shown);
  succeeded(await old.agent('backup'));

  const ran = await linux.agent('restore', 'PC-OLD', '--yes', '--json');

  const restored = jsonOf<Restored>(ran);
  const over = cameOver(restored, ({ id }) => [id]);
  t.diagnostic(`${over.length} came over: ${over.join(' ')}`);
  assert.ok(over.length >= AT_LEAST, `${over.length}: ${over.join(' ')}\n${ran.stdout}`);
  assertNamed(
    stayed(restored, over, ({ id }) => [id]),
    STAYS_ON_WINDOWS,
  );
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
    "region='de_DE.UTF-8'",
    "clock-format='24h'",
    'delay=uint32 750',
  ])
    assert.ok(dump.includes(line), `${line} in\n${dump.join('\n')}`);
  assert.deepEqual(await pictureOn(linux), PICTURE);
});

/** What the desktop of a Linux device shows. */
async function pictureOn(device: Device): Promise<Buffer> {
  const uri = await device.must('dconf', ['read', '/org/gnome/desktop/background/picture-uri']);
  return readFile(fileURLToPath(uri.trim().slice(1, -1)));
}

test('what the Linux device has now is on another Windows PC', async (t) => {
  succeeded(await linux.agent('backup'));
  const fresh = await aPc('PC-NEW', 'en_US', {});

  const ran = await fresh.agent('restore', 'linux-pc', '--yes', '--json');

  // Or Wine writes the format of the language that the PC spoke so far.
  fresh.pc.speak('de_DE');
  const restored = jsonOf<Restored>(ran);
  const over = cameOver(restored, windowsPlaceIdsOf);
  t.diagnostic(`${over.length} came over: ${over.join(' ')}`);
  assert.ok(over.length >= AT_LEAST, `${over.length}: ${over.join(' ')}\n${ran.stdout}`);
  assertNamed(stayed(restored, over, windowsPlaceIdsOf), STAYS_ON_LINUX);
  for (const [key, name, data] of [
    [FORMAT, 'LocaleName', 'de-DE'],
    [FORMAT, 'Locale', '00000407'],
    // Of English hours only the letter changed. Wine would have written 'HH:mm', had the name not been this already.
    [FORMAT, 'sShortTime', 'H:mm'],
    ['HKCU\\Control Panel\\Mouse', 'SwapMouseButtons', '1'],
    ['HKCU\\Control Panel\\Mouse', 'MouseSensitivity', '15'],
    ['HKCU\\Control Panel\\Mouse', 'DoubleClickSpeed', '700'],
    ['HKCU\\Control Panel\\Keyboard', 'KeyboardDelay', '2'],
    ['HKCU\\Control Panel\\Keyboard', 'KeyboardSpeed', '20'],
    ['HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize', 'AppsUseLightTheme', '0x0'],
    ['HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\Advanced', 'Hidden', '0x1'],
    ['HKCU\\Software\\Microsoft\\Accessibility', 'TextScaleFactor', '0x96'],
  ] as const)
    assert.equal((await fresh.pc.regQuery(key, name))?.data, data, name);
  for (const feature of ['StickyKeys', 'HighContrast']) {
    const flags = await fresh.pc.regQuery(`HKCU\\Control Panel\\Accessibility\\${feature}`, 'Flags');
    assert.equal(Number(flags?.data) & 1, 1, feature);
  }
  const shown = await fresh.pc.regQuery(DESKTOP, 'WallPaper');
  assert.deepEqual(await readFile(onThisMachine(fresh.pc, shown?.data ?? '')), PICTURE);
});

/** See STAYS_ON_LINUX. */
const LINES_THAT_STAY = /^\[org\/gnome\/desktop\/a11y\/applications\]\n(?:.+\n)+\n|^numlock-state=.*\n/gm;

test('and from there on another Linux device, as the first has it', async () => {
  const [, fresh] = agents;
  assert.ok(fresh);
  succeeded(await fresh.agent('backup'));
  const second = await story.enrolled('linux-new');

  const ran = await second.agent('restore', 'PC-NEW', '--yes', '--json');

  succeeded(ran);
  const dumped = async (device: Device) => (await device.dconfDump()).replaceAll(device.home, '/home');
  assert.equal(await dumped(second), (await dumped(linux)).replaceAll(LINES_THAT_STAY, ''));
  assert.deepEqual(await pictureOn(second), PICTURE);
});
