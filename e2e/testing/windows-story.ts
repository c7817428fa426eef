/**
 * What stories of two Windows PCs begin with: the service, an organization, a person, an old PC on which everything was
 * changed and which was backed up, and a new one that holds what Windows itself puts there.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Reason } from '../../model/src/reasons.ts';
import type { ReportItem } from '../../model/src/report.ts';
import type { Category } from '../../model/src/setting.ts';
import { basesOn, changedOn, NAME_OF_FORMAT } from './changed-settings.ts';
import { aPng } from './png.ts';
import { dataText, type PlacedValue, type RegistryTable, registryText, tableOf } from './registry-text.ts';
import type { Ran } from './run-program.ts';
import { aStory, jsonOf, type Story, succeeded } from './story.ts';
import { aWindowsAgent, type DeliveredAgent, deliveredAgent, type WindowsAgent } from './windows-agent.ts';
import { WINDOWS_11_23H2, WINDOWS_11_24H2, type WindowsVersion } from './windows-pc.ts';

const HIVE = 'HKEY_CURRENT_USER';

export interface WindowsStory {
  readonly story: Story;
  /** Windows 11 23H2, everything changed, backed up. */
  readonly old: WindowsAgent;
  /** Windows 11 24H2. */
  readonly fresh: WindowsAgent;
  /** The old one's registry as it was backed up. */
  readonly backedUp: RegistryTable;
  /** What the old one said of its backup. */
  readonly backup: BackedUp;
  /** Another PC of the person, connected. */
  enrolled(name: string, windows: WindowsVersion): Promise<WindowsAgent>;
  remove(): Promise<void>;
}

interface BackedUp {
  readonly settings: number;
  readonly apps: number;
  readonly failures: readonly { readonly itemId: string }[];
}

export const OLD = 'PC-OLD';

export async function aWindowsStory(): Promise<WindowsStory> {
  const agents: WindowsAgent[] = [];
  let story: Story | undefined;
  let delivered: DeliveredAgent | undefined;

  async function remove(): Promise<void> {
    for (const { pc } of agents) await pc.remove();
    await story?.remove();
    await delivered?.[Symbol.asyncDispose]();
  }

  try {
    const begun = await aStory();
    story = begun;
    const made = await deliveredAgent();
    delivered = made;
    const { person, organization } = begun;
    const memory = join(begun.folder, 'people', person.userPrincipalName);
    await mkdir(memory, { recursive: true });
    const enrolled = async (name: string, windows: WindowsVersion) => {
      const agent = await aWindowsAgent({ delivered: made, person, memory, name, windows });
      agents.push(agent);
      await agent.pc.regImport(registryText(basesOn(windows.build)));
      succeeded(await agent.agent('enroll', organization.link));
      return agent;
    };
    const fresh = await enrolled('PC-NEW', WINDOWS_11_24H2);
    await fresh.pc.regImport(registryText(OWNED_BY_FRESH));
    const old = await enrolled(OLD, WINDOWS_11_23H2);
    await changeAll(old, WINDOWS_11_23H2, await registryOf(fresh), [NAME_OF_FORMAT]);
    const backup = await backedUpBy(old);
    return { story: begun, old, fresh, backedUp: await registryOf(old), backup, enrolled, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Backs a PC up. Errors: AssertionError when that failed. */
export async function backedUpBy(on: WindowsAgent): Promise<BackedUp> {
  const ran = await on.agent('backup', '--json');
  succeeded(ran);
  return jsonOf<BackedUp>(ran);
}

/** Changes every setting but `except` to what `fresh` does not have, some of each family, the desktop's picture, and files. */
export async function changeAll(
  { pc }: WindowsAgent,
  { build }: WindowsVersion,
  fresh: RegistryTable,
  except: readonly string[] = [],
): Promise<void> {
  const shown = { ...WALLPAPER, data: dataText('REG_SZ', await windowsPathInProfile(pc, PICTURE)) };
  await pc.regImport(registryText([...changedOn(build, fresh, except), ...COMING_MEMBERS, ...STAYING_MEMBERS, shown]));
  for (const [path, content] of Object.entries({ ...FILES, [PICTURE]: aPng({ hue: 200 }) })) {
    const file = await pathInProfile(pc, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

const DICTIONARY = Buffer.from('\uFEFFKüchenwaage\r\n', 'utf16le');
const SPELLING = 'AppData/Roaming/Microsoft/Spelling';

/** Files of families, below the profile. */
export const FILES: Readonly<Record<string, Buffer>> = {
  [`${SPELLING}/neutral/default.dic`]: DICTIONARY,
  [`${SPELLING}/de-DE/default.exc`]: DICTIONARY,
  [`${SPELLING}/de-DE/default.acl`]: Buffer.from('\uFEFFKüchenwage|Küchenwaage\r\n', 'utf16le'),
  // Only the head of a pointer's file; nothing here draws it.
  'AppData/Local/Microsoft/Windows/Cursors/arrow_eoa.cur': Buffer.from('000002000100', 'hex'),
};

/** Below the profile, with slashes. */
const PICTURE = 'Holidays/lofoten.png';

export const WALLPAPER = { key: `${HIVE}\\Control Panel\\Desktop`, name: 'WallPaper' };

/** A file of the person's profile, as this machine names it. */
export async function pathInProfile(pc: WindowsAgent['pc'], path: string): Promise<string> {
  return onThisMachine(pc, await windowsPathInProfile(pc, path));
}

/** A file of drive C:, as this machine names it. */
export function onThisMachine(pc: WindowsAgent['pc'], path: string): string {
  return join(pc.driveC, path.slice('C:\\'.length).replaceAll('\\', '/'));
}

/** The same, as the PC names it. */
export async function windowsPathInProfile(pc: WindowsAgent['pc'], path: string): Promise<string> {
  const profile = (await pc.must('cmd', ['/c', 'echo %USERPROFILE%'])).trim();
  return `${profile}\\${path.replaceAll('/', '\\')}`;
}

const EVENTS = `${HIVE}\\AppEvents\\Schemes\\Apps`;
const STARTUP = `${HIVE}\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\StartupApproved\\Run`;
const NOTIFICATIONS = `${HIVE}\\Software\\Microsoft\\Windows\\CurrentVersion\\Notifications\\Settings`;

/** Members of families that the new PC can take; the first keyboard layout is the one that Wine itself keeps. */
export const COMING_MEMBERS: readonly PlacedValue[] = [
  sz('Control Panel\\Cursors', 'Arrow', 'C:\\windows\\cursors\\aero_arrow_l.cur'),
  sz('Control Panel\\Cursors\\Schemes', 'Größer', 'C:\\windows\\cursors\\aero_arrow_l.cur,,'),
  { key: `${HIVE}\\Control Panel\\International\\User Profile\\de-DE`, name: '0407:00000407', data: dword(1) },
  sz('Keyboard Layout\\Preload', '2', '00000407'),
  sz('Keyboard Layout\\Substitutes', '00000407', '00010407'),
  { key: `${NOTIFICATIONS}\\Contoso.Mail`, name: 'Enabled', data: dword(0) },
  {
    key: `${EVENTS}\\.Default\\MailBeep\\.Current`,
    name: '',
    data: dataText('REG_SZ', 'C:\\Windows\\media\\chord.wav'),
  },
];

/** Of apps and events that the new PC does not have, off by default, or able to start programs. */
export const STAYING_MEMBERS: readonly PlacedValue[] = [
  { key: `${NOTIFICATIONS}\\Contoso.OnlyOld`, name: 'Enabled', data: dword(0) },
  { key: `${EVENTS}\\Contoso\\Rings\\.Current`, name: '', data: dataText('REG_SZ', 'C:\\Windows\\media\\ring.wav') },
  sz('Control Panel\\Colors', 'Window', '1 2 3'),
  sz('Software\\Microsoft\\Windows\\CurrentVersion\\Run', 'Contoso', 'C:\\Contoso\\contoso.exe'),
  { key: STARTUP, name: 'Contoso', data: dataText('REG_BINARY', '030000000a0b0c0d0e0f0102') },
];

/** Their items, and why each stays. */
export const STAYING_ITEMS: Readonly<Record<string, string>> = {
  'perAppNotifications/Contoso.OnlyOld\\Enabled': 'ownerNotHere',
  'soundEvents/Contoso\\Rings\\.Current\\': 'ownerNotHere',
  'contrastColors/Window': 'offByDefault',
  'autostart/Contoso': 'runsCode',
  'autostartSwitches/Run\\Contoso': 'runsCode',
};

/** What the new PC's apps and events have of their own. */
const OWNED_BY_FRESH: readonly PlacedValue[] = [
  { key: `${NOTIFICATIONS}\\Contoso.Mail`, name: 'Enabled', data: dword(1) },
  { key: `${EVENTS}\\.Default\\MailBeep\\.Current`, name: '', data: dataText('REG_SZ', '') },
  { key: STARTUP, name: 'Fabrikam', data: dataText('REG_BINARY', '020000000000000000000000') },
];

function sz(key: string, name: string, content: string): PlacedValue {
  return { key: `${HIVE}\\${key}`, name, data: dataText('REG_SZ', content) };
}

function dword(number: number): string {
  return dataText('REG_DWORD', String(number));
}

/** The person's whole registry, as reg.exe exports it, without Wine's own notes of what it was told by call. */
export async function exportOf({ pc }: WindowsAgent): Promise<string> {
  const text = await pc.regExport('HKCU');
  return text.replaceAll(/^\[[^\]]*\\Temporary System Parameters[\s\S]*?\r\n\r\n/gm, '');
}

export async function registryOf(agent: WindowsAgent): Promise<RegistryTable> {
  return tableOf(await exportOf(agent));
}

export interface Restored {
  readonly counts: Readonly<Record<string, number>>;
  readonly items: readonly ReportItem[];
  readonly withheld: readonly Category[];
  readonly withheldBecause: readonly Reason[];
}

/** Restores what `from` backed up and gives the report. Errors: AssertionError when something failed. */
export async function restored(on: WindowsAgent, from: string = OLD, ...more: readonly string[]): Promise<Restored> {
  const ran: Ran = await on.agent('restore', from, '--yes', '--json', ...more);
  succeeded(ran);
  return jsonOf<Restored>(ran);
}
