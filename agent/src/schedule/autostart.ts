/**
 * What a desktop starts when the person signs in: `carryover first-desktop`, once a session, by an entry of the person's own
 * or by one for everyone on the machine. Both have one name, so that the person's own counts and it is started once.
 *
 * For every desktop, because which one the person uses is not ours to guess. GNOME waits a few seconds with it, so that
 * the desktop is there before a window is.
 *
 * On Windows it is a task that starts when somebody signs in (task-scheduler.ts).
 *
 * Source: Desktop Application Autostart Specification 0.5; Desktop Entry Specification 1.4, "The Exec key";
 * docs/decisions/2026-11-25-first-desktop-by-autostart.md.
 */

import { execKeyOf } from '../system/exec-key.ts';
import type { System } from '../system/system.ts';
import {
  installTask,
  installTaskForEveryone,
  isTaskInstalled,
  removeTask,
  removeTaskForEveryone,
} from './task-scheduler.ts';

const NAME = 'carryover-first-desktop.desktop';

/** Installs the entry for `launcher`, the absolute path of this program; safe to repeat. Errors: invalidRequest. */
export async function installAutostart(system: System, launcher: string): Promise<void> {
  if (system.registry !== undefined) return installTask(system, 'firstDesktop', launcher);
  await system.writeFile(pathOf(system), autostartEntry(launcher), 0o644);
}

/** Leaves nothing behind. Safe to repeat. */
export async function removeAutostart(system: System): Promise<void> {
  if (system.registry !== undefined) return removeTask(system, 'firstDesktop');
  await system.removeFile(pathOf(system));
}

export async function isAutostartInstalled(system: System): Promise<boolean> {
  if (system.registry !== undefined) return isTaskInstalled(system, 'firstDesktop');
  return (await system.facts(pathOf(system))) !== undefined;
}

/** The same for every person on this machine. Errors: invalidRequest; notAllowed (needsAdministrator). */
export async function installForEveryone(system: System, launcher: string): Promise<void> {
  if (system.registry !== undefined) return installTaskForEveryone(system, launcher);
  await system.writeForEveryone(placeForEveryone(system), autostartEntry(launcher));
}

/** Leaves the entries that people have of their own. Errors: notAllowed (needsAdministrator). */
export async function removeForEveryone(system: System): Promise<void> {
  if (system.registry !== undefined) return removeTaskForEveryone(system);
  await system.removeForEveryone(placeForEveryone(system));
}

/** Errors: invalidRequest. */
export function autostartEntry(launcher: string): string {
  return `[Desktop Entry]
Type=Application
Version=1.4
Name=Windows Backup
Name[de]=Windows-Sicherung
Comment=Bring settings and apps over after a new PC was set up
Comment[de]=Einstellungen und Apps nach dem Einrichten eines neuen PCs übernehmen
Exec=${execKeyOf(launcher)} first-desktop
NoDisplay=true
Terminal=false
StartupNotify=false
X-GNOME-Autostart-Delay=5
`;
}

function placeForEveryone({ systemFolder }: System): string {
  return `${systemFolder}/xdg/autostart/${NAME}`;
}

function pathOf({ env, home }: System): string {
  return `${env['XDG_CONFIG_HOME'] || `${home}/.config`}/autostart/${NAME}`;
}
