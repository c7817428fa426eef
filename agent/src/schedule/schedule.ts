/**
 * The schedule: what calls `carryover run-due` by itself, as a timer of the person's systemd manager or a line for
 * cron, and on Windows as a task of Task Scheduler.
 *
 * There is one or none: installing one kind removes the other.
 */

import { KnownError } from '@carryover/model/errors';
import type { System } from '../system/system.ts';
import { installCronLine, isCronLineInstalled, removeCronLine } from './cron.ts';
import { hasUserManager, installTimer, isTimerInstalled, removeTimer } from './systemd.ts';
import { installTask, isTaskInstalled, removeTask } from './task-scheduler.ts';

export type ScheduleKind = 'systemd' | 'cron' | 'taskScheduler';

/**
 * Installs the schedule for `launcher`, the absolute path of this program; safe to repeat. Returns which kind it is.
 *
 * Errors: missingPart when nothing here can run something by itself, notAllowed when what can refuses, invalidRequest
 * when the path is not absolute or has a line break.
 */
export async function installSchedule(system: System, launcher: string): Promise<ScheduleKind> {
  if (system.registry !== undefined) {
    await installTask(system, 'backup', launcher);
    return 'taskScheduler';
  }
  if (!launcher.startsWith('/') || /[\n\r\0]/.test(launcher))
    throw new KnownError('invalidRequest', 'The path of carryover must be absolute and on one line.');
  if (await hasUserManager(system)) {
    await installTimer(system, launcher);
    await removeCronLine(system);
    return 'systemd';
  }
  await installCronLine(system, launcher);
  await removeTimer(system);
  return 'cron';
}

/** Removes whichever there is; leaves nothing. Safe to repeat. */
export async function removeSchedule(system: System): Promise<void> {
  if (system.registry !== undefined) return removeTask(system, 'backup');
  await removeTimer(system);
  await removeCronLine(system);
}

/** Which kind is installed; undefined means nothing runs by itself. */
export async function scheduleState(system: System): Promise<ScheduleKind | undefined> {
  if (system.registry !== undefined) return (await isTaskInstalled(system, 'backup')) ? 'taskScheduler' : undefined;
  if (await isTimerInstalled(system)) return 'systemd';
  return (await isCronLineInstalled(system)) ? 'cron' : undefined;
}
