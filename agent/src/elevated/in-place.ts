/** The administrator's task with its hand-over folders, put in place and taken away by an administrator. */

import { installElevatedTask, mayRunElevated, removeElevatedTask } from '../schedule/elevated-task.ts';
import type { System } from '../system/system.ts';

/**
 * Safe to repeat. notSafe: people could change the program where it lies, so that none is put in place.
 * Errors: notAllowed (needsAdministrator); conflict when a folder of somebody else lies where ours belongs.
 */
export async function putElevatedInPlace(
  system: System,
  launcher: string,
): Promise<'inPlace' | 'notSafe' | 'notOnThisSystem'> {
  if (system.handOver === undefined) return 'notOnThisSystem';
  if (!mayRunElevated(system, launcher)) {
    await removeElevated(system);
    return 'notSafe';
  }
  await system.handOver.make();
  await installElevatedTask(system, launcher);
  return 'inPlace';
}

/** Leaves nothing behind. Safe to repeat. Errors: notAllowed (needsAdministrator). */
export async function removeElevated(system: System): Promise<void> {
  if (system.handOver === undefined) return;
  await removeElevatedTask(system);
  await system.handOver.remove();
}
