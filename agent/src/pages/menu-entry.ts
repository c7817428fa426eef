/**
 * How a person finds the settings page without a terminal: an entry among the applications, found by "Windows Backup".
 *
 * Source: Desktop Entry Specification 1.5; docs/decisions/2026-11-25-settings-page-among-the-applications.md.
 */

import { execKeyOf } from '../system/exec-key.ts';
import type { System } from '../system/system.ts';

const NAME = 'carryover-settings.desktop';

/** Safe to repeat. Errors: notAllowed when the applications' folder lies outside HOME; invalidRequest for the path. */
export async function installMenuEntry(system: System, launcher: string): Promise<void> {
  await system.writeFile(pathOf(system), menuEntry(launcher), 0o644);
}

/** Leaves nothing; safe to repeat. */
export async function removeMenuEntry(system: System): Promise<void> {
  await system.removeFile(pathOf(system));
}

function pathOf({ env, home }: System): string {
  const data = env['XDG_DATA_HOME'];
  return `${data?.startsWith('/') ? data : `${home}/.local/share`}/applications/${NAME}`;
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
