/**
 * What a desktop starts when the person signs in: `carryover first-desktop`, once a session, by an entry of the person's own.
 *
 * For every desktop, because which one the person uses is not ours to guess. GNOME waits a few seconds with it, so that
 * the desktop is there before a window is.
 *
 * Source: Desktop Application Autostart Specification 0.5; Desktop Entry Specification 1.5, "The Exec key";
 * docs/decisions/2026-11-25-first-desktop-by-autostart.md.
 */

import { KnownError } from '@carryover/model/errors';
import type { System } from '../system/system.ts';

const NAME = 'carryover-first-desktop.desktop';

/** Installs the entry for `launcher`, the absolute path of this program; safe to repeat. Errors: invalidRequest. */
export async function installAutostart(system: System, launcher: string): Promise<void> {
  if (!launcher.startsWith('/') || /[\n\r\0]/.test(launcher))
    throw new KnownError('invalidRequest', 'The path of carryover must be absolute and on one line.');
  // GLib looks for the program before it undoes the doubling that the specification asks for, and finds none.
  if (launcher.includes('%'))
    throw new KnownError('invalidRequest', `No desktop starts a program with % in its path. Move it: ${launcher}`);
  await system.writeFile(pathOf(system), autostartEntry(launcher), 0o644);
}

/** Leaves nothing behind. Safe to repeat. */
export async function removeAutostart(system: System): Promise<void> {
  await system.removeFile(pathOf(system));
}

export async function isAutostartInstalled(system: System): Promise<boolean> {
  return (await system.facts(pathOf(system))) !== undefined;
}

export function autostartEntry(launcher: string): string {
  return `[Desktop Entry]
Type=Application
Version=1.5
Name=Windows Backup
Name[de]=Windows-Sicherung
Comment=Bring settings and apps over after a new PC was set up
Comment[de]=Einstellungen und Apps nach dem Einrichten eines neuen PCs übernehmen
Exec=${quoted(launcher)} first-desktop
NoDisplay=true
Terminal=false
StartupNotify=false
X-GNOME-Autostart-Delay=5
`;
}

/**
 * A path as the Exec key reads it: quoted, with quote, backquote, dollar and backslash escaped, each backslash doubled once
 * more because the value is a string of the file.
 */
function quoted(path: string): string {
  const argument = path.replace(/["`$\\]/g, (sign) => `\\${sign}`).replaceAll('\\', '\\\\');
  return `"${argument}"`;
}

function pathOf({ env, home }: System): string {
  return `${env['XDG_CONFIG_HOME'] || `${home}/.config`}/autostart/${NAME}`;
}
