/**
 * Apps pinned to Start of Windows 11, as Windows exports its layout, with the names that Start shows.
 *
 * Asking takes a second or two, so that the answer is noted until the file changes in which Windows keeps the layout, a
 * day at most. What is in that file is not documented; that it changed is all that is taken from it.
 *
 * Source: Microsoft's pages of Export-StartLayout and Get-StartApps, "Customize the Start layout" (the JSON of the layout).
 */

import { noteIn } from '../system/note.ts';
import type { System } from '../system/system.ts';
import { linesOfPowerShell } from '../system/windows/powershell.ts';
import type { Pin } from './pins.ts';

const EXPORT_START_LAYOUT = `$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
if (-not (Get-Command Export-StartLayout -ErrorAction SilentlyContinue)) { 'absent'; exit }
Export-StartLayout -Path $env:CARRYOVER_LAYOUT
$apps = @(Get-StartApps | ForEach-Object { @{ name = [string]$_.Name; id = [string]$_.AppID } })
[System.IO.File]::WriteAllText($env:CARRYOVER_APPS, (ConvertTo-Json -Compress -InputObject $apps))
'done'
`;

const DAY_MS = 24 * 60 * 60 * 1000;
const HOST = 'Microsoft.Windows.StartMenuExperienceHost_cw5n1h2txyewy';

interface Note {
  readonly sign: string;
  /** Milliseconds of the wall clock. */
  readonly askedMs: number;
  readonly pins: readonly Pin[];
}

/** Errors: missingPart or Error when Windows PowerShell is not there, kept from it, or says something else. */
export async function startPins(system: System): Promise<readonly Pin[]> {
  const layout = `${system.home}/AppData/Local/Packages/${HOST}/LocalState/start2.bin`;
  const sign = (await system.facts(layout).catch(() => undefined))?.fingerprint ?? 'absent';
  const noted = await noteIn<Note>(system, noteFile(system));
  const now = system.now().epochMilliseconds;
  if (noted?.sign === sign && now - noted.askedMs < DAY_MS) return noted.pins;
  const pins = await asked(system);
  const note: Note = { sign, askedMs: now, pins };
  await system.writeFile(noteFile(system), JSON.stringify(note), 0o600);
  return pins;
}

async function asked(system: System): Promise<readonly Pin[]> {
  await using folder = await system.temporaryFolder();
  const files = { layout: `${folder.path}/layout.json`, apps: `${folder.path}/apps.json` };
  const env = {
    CARRYOVER_LAYOUT: files.layout.replaceAll('/', '\\'),
    CARRYOVER_APPS: files.apps.replaceAll('/', '\\'),
  };
  const lines = await linesOfPowerShell(system, EXPORT_START_LAYOUT, { env, readOnly: true });
  if (!lines.includes('done')) return [];
  const layout = await jsonIn(system, files.layout);
  const apps = await jsonIn(system, files.apps);
  const names = new Map(listOf(apps).flatMap(({ id, name }) => (isText(id) && isText(name) ? [[id, name]] : [])));
  return listOf((layout as { readonly pinnedList?: unknown } | undefined)?.pinnedList).flatMap((pin) =>
    pinFrom(pin, names),
  );
}

function pinFrom(pin: Entry, names: ReadonlyMap<string, string>): Pin[] {
  const { packagedAppId, desktopAppId, desktopAppLink } = pin;
  const appId = isText(packagedAppId) ? packagedAppId : desktopAppId;
  if (isText(appId)) return [{ name: names.get(appId) ?? appId, appId }];
  if (!isText(desktopAppLink)) return [];
  const file = desktopAppLink.slice(desktopAppLink.lastIndexOf('\\') + 1);
  return [{ name: file.replace(/\.lnk$/i, ''), target: desktopAppLink }];
}

type Entry = Readonly<Record<string, unknown>>;

function listOf(value: unknown): readonly Entry[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** By its byte order mark UTF-16, else UTF-8. Errors: SyntaxError for what is no JSON, as the layout of Windows 10. */
async function jsonIn(system: System, path: string): Promise<unknown> {
  const content = await system.readFile(path);
  if (content === undefined) return undefined;
  const isWide = content[0] === 0xff && content[1] === 0xfe;
  return JSON.parse(new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(content));
}

function noteFile({ stateFolder }: System): string {
  return `${stateFolder}/start-pins.json`;
}
