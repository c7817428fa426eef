/**
 * How a person finds the settings page without a terminal: an entry among the applications, found by "Windows Backup"; on
 * Windows a shortcut in the Start menu.
 *
 * Source: Desktop Entry Specification 1.5; Known Folders (FOLDERID_Programs); docs/decisions/2026-11-25-settings-page-among-the-applications.md.
 */

import { KnownError } from '@carryover/model/errors';
import { execKeyOf } from '../system/exec-key.ts';
import type { System } from '../system/system.ts';
import { isDrivePath, variable, windowless, windowsPath } from '../system/windows-names.ts';
import { shellLink } from './shell-link.ts';

const NAME = 'carryover-settings.desktop';
/** The Start menu shows a shortcut by the name of its file, the same in every language. */
const NAME_ON_WINDOWS = 'Windows Backup (Carryover).lnk';

/** Safe to repeat. Errors: notAllowed when the applications' folder lies outside HOME; invalidRequest for the path. */
export async function installMenuEntry(system: System, launcher: string): Promise<void> {
  if (system.registry !== undefined) return installShortcut(system, launcher);
  await system.writeFile(pathOf(system), menuEntry(launcher), 0o644);
}

/** Leaves nothing; safe to repeat. */
export async function removeMenuEntry(system: System): Promise<void> {
  await system.removeFile(pathOf(system));
}

function pathOf(system: System): string {
  const { env, home, registry } = system;
  if (registry !== undefined) return `${programsFolder(system)}/${NAME_ON_WINDOWS}`;
  const data = env['XDG_DATA_HOME'];
  return `${data?.startsWith('/') ? data : `${home}/.local/share`}/applications/${NAME}`;
}

async function installShortcut(system: System, launcher: string): Promise<void> {
  if (!isDrivePath(launcher))
    throw new KnownError('invalidRequest', `The path of carryover must begin with a drive, as C:\\ does: ${launcher}`);
  const link = {
    target: windowsPath(await windowless(system, launcher)),
    arguments: 'settings',
    description: 'Back up settings and apps, and choose what is remembered',
  };
  await system.writeFile(pathOf(system), shellLink(link), 0o644);
}

/** Of the person's own Start menu, spelled as `home` is where it lies below it. */
function programsFolder(system: System): string {
  const { home } = system;
  const plain = (path: string) => path.replaceAll('\\', '/').toLowerCase();
  const roaming = (variable(system, 'APPDATA') || `${home}/AppData/Roaming`).replaceAll('\\', '/');
  const isBelow = plain(roaming).startsWith(`${plain(home)}/`);
  const folder = isBelow ? `${home}${roaming.slice(home.length)}` : roaming;
  return `${folder}/Microsoft/Windows/Start Menu/Programs`;
}

/** `launcher` is the absolute path of the program that is called with "settings". Errors: invalidRequest. */
export function menuEntry(launcher: string): string {
  return `[Desktop Entry]
Type=Application
Name=Windows backup
Name[de]=Windows-Sicherung
GenericName=Backup settings
GenericName[de]=Einstellungen der Sicherung
Comment=Back up settings and apps, and choose what is remembered
Comment[de]=Einstellungen und Apps sichern und wählen, was gemerkt wird
Keywords=Windows Backup;backup;restore;settings;accounts;carryover;
Keywords[de]=Windows Backup;Windows-Sicherung;Sicherung;Wiederherstellung;Einstellungen;Konten;carryover;
Exec=${execKeyOf(launcher)} settings
Icon=preferences-system
Terminal=false
Categories=Settings;
StartupNotify=true
StartupWMClass=carryover
`;
}
