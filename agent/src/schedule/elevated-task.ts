/**
 * The administrator's task: changes for people of this PC the few settings that only an administrator may, when one of
 * their programs starts it.
 *
 * It runs as the system, so that the program it names must lie where only administrators can change it.
 *
 * Source: docs/decisions/2026-11-26-elevated-task.md.
 */

import type { System } from '../system/system.ts';
import { variable, windowsPath } from '../system/windows-names.ts';
import {
  isTaskThere,
  needsAdministrator,
  programOf,
  registerTask,
  schtasks,
  unregisterTask,
} from './task-scheduler.ts';
import { elevatedTask } from './task-xml.ts';

const NAME = '\\Carryover elevated';

/** What was registered, in the folder of the administrator who did. */
function fileIn({ stateFolder }: System): string {
  return `${stateFolder}/elevated-task.xml`;
}

/** Whether people cannot change the program that would run as the system. */
export function mayRunElevated(system: System, launcher: string): boolean {
  const plain = (path: string) => windowsPath(path).toLowerCase();
  const folder = variable(system, 'ProgramFiles');
  return (
    folder !== undefined && plain(launcher).startsWith(`${plain(folder)}\\`) && !/\\\.{1,2}(\\|$)/.test(plain(launcher))
  );
}

/** Safe to repeat. Errors: as for the other tasks; notAllowed (needsAdministrator). */
export async function installElevatedTask(system: System, launcher: string): Promise<void> {
  const program = await programOf(system, launcher);
  const refusal = await registerTask(system, NAME, fileIn(system), elevatedTask(program));
  if (refusal === undefined) return;
  await system.removeFile(fileIn(system));
  throw needsAdministrator(refusal);
}

/** Errors: notAllowed (needsAdministrator). */
export async function removeElevatedTask(system: System): Promise<void> {
  if (!(await unregisterTask(system, NAME)) && (await isTaskThere(system, NAME))) throw needsAdministrator('');
  await system.removeFile(fileIn(system));
}

/** False when Task Scheduler has no such task or does not let this person start it. */
export async function startElevatedTask(system: System): Promise<boolean> {
  return (await schtasks(system, ['/run', '/tn', NAME])).exit === 0;
}
