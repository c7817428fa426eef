/**
 * What starts the agent on Windows: two tasks of the person's own in Task Scheduler, one that backs up and one that asks
 * after a new PC was set up; the latter also for everyone, by an administrator.
 *
 * Each is registered from a file in the state folder, which stays as the record of what was. Names hold the person's
 * security identifier, because Task Scheduler's folder is everybody's, and lie in its root, where everybody may make one.
 *
 * Source: schtasks (Windows commands); docs/decisions/2026-11-26-tasks-of-windows.md.
 */

import { KnownError } from '@carryover/model/errors';
import type { System } from '../system/system.ts';
import { isDrivePath, systemProgram, windowless, windowsPath } from '../system/windows-names.ts';
import { backupTask, firstDesktopTask, type TaskOptions, taskFile } from './task-xml.ts';

export type PersonTask = 'backup' | 'firstDesktop';

const TASKS: Readonly<Record<PersonTask, { readonly name: string; readonly file: string; readonly xml: Xml }>> = {
  backup: { name: 'Carryover backup', file: 'backup-task.xml', xml: backupTask },
  firstDesktop: { name: 'Carryover first desktop', file: 'first-desktop-task.xml', xml: firstDesktopTask },
};
const FOR_EVERYONE = `\\${TASKS.firstDesktop.name}`;

type Xml = (options: TaskOptions) => string;

/**
 * Safe to repeat. Where the first desktop's task is there for everyone, the person needs none: the page would open twice.
 * Errors: invalidRequest for a path that Task Scheduler would not start, notAllowed when it refuses, missingPart.
 */
export async function installTask(system: System, which: PersonTask, launcher: string): Promise<void> {
  const program = await programOf(system, launcher);
  if (which === 'firstDesktop' && (await isTaskThere(system, FOR_EVERYONE))) return;
  const person = await securityId(system);
  const xml = TASKS[which].xml({ program, person });
  const refusal = await registerTask(system, nameOf(which, person), fileOf(system, which), xml);
  if (refusal === undefined) return;
  await system.removeFile(fileOf(system, which));
  throw new KnownError('notAllowed', `Task Scheduler refused the task "${TASKS[which].name}". ${refusal}`);
}

/** Leaves nothing behind. Safe to repeat. Errors: notAllowed when Task Scheduler keeps a task that was made from here. */
export async function removeTask(system: System, which: PersonTask): Promise<void> {
  const name = nameOf(which, await securityId(system));
  const removed = await unregisterTask(system, name);
  if (!removed && (await isTaskInstalled(system, which)) && (await isTaskThere(system, name)))
    throw new KnownError('notAllowed', `Task Scheduler keeps the task "${name.slice(1)}". Remove it there.`);
  await system.removeFile(fileOf(system, which));
}

/** Whether it was registered from here. */
export async function isTaskInstalled(system: System, which: PersonTask): Promise<boolean> {
  return (await system.facts(fileOf(system, which))) !== undefined;
}

/** The first desktop's task for whoever signs in. Errors: as installTask; notAllowed (needsAdministrator). */
export async function installTaskForEveryone(system: System, launcher: string): Promise<void> {
  const program = await programOf(system, launcher);
  const file = `${system.stateFolder}/first-desktop-for-everyone.xml`;
  const refusal = await registerTask(system, FOR_EVERYONE, file, firstDesktopTask({ program, person: 'everyone' }));
  await system.removeFile(file);
  if (refusal !== undefined) throw needsAdministrator(refusal);
}

/** Leaves the tasks that people have of their own. Errors: notAllowed (needsAdministrator). */
export async function removeTaskForEveryone(system: System): Promise<void> {
  if (!(await unregisterTask(system, FOR_EVERYONE)) && (await isTaskThere(system, FOR_EVERYONE)))
    throw needsAdministrator('');
}

export function needsAdministrator(said: string): KnownError {
  const sentence = `Only an administrator may change what starts for everyone. Run this as administrator. ${said}`;
  return new KnownError('notAllowed', sentence.trim(), { inner: 'needsAdministrator' });
}

export async function programOf(system: System, launcher: string): Promise<string> {
  if (!isDrivePath(launcher))
    throw new KnownError('invalidRequest', `The path of carryover must begin with a drive, as C:\\ does: ${launcher}`);
  if (launcher.includes('%'))
    throw new KnownError('invalidRequest', `Task Scheduler starts no program with % in its path. Move it: ${launcher}`);
  return windowsPath(await windowless(system, launcher));
}

function nameOf(which: PersonTask, person: string): string {
  return `\\${TASKS[which].name}-${person}`;
}

function fileOf({ stateFolder }: System, which: PersonTask): string {
  return `${stateFolder}/${TASKS[which].file}`;
}

/** Undefined when it is registered, else what Windows says. */
export async function registerTask(
  system: System,
  name: string,
  file: string,
  xml: string,
): Promise<string | undefined> {
  await system.writeFile(file, taskFile(xml), 0o600);
  const { exit, stdout, stderr } = await schtasks(system, ['/create', '/tn', name, '/xml', windowsPath(file), '/f']);
  return exit === 0 ? undefined : (stderr.trim() || stdout.trim()).replace(/\s+/g, ' ');
}

/** False when there was none, or it stays. */
export async function unregisterTask(system: System, name: string): Promise<boolean> {
  return (await schtasks(system, ['/delete', '/tn', name, '/f'])).exit === 0;
}

export async function isTaskThere(system: System, name: string): Promise<boolean> {
  const { exit, stdout } = await schtasks(system, ['/query', '/tn', name], { readOnly: true });
  return exit === 0 && stdout.trim() !== '';
}

export function schtasks(system: System, args: readonly string[], options: { readonly readOnly?: boolean } = {}) {
  return system.run(systemProgram(system, 'schtasks.exe'), args, options);
}

/** Of the person who runs this. Errors: missingPart where Windows does not tell it. */
export async function securityId(system: System): Promise<string> {
  const whoami = systemProgram(system, 'whoami.exe');
  const { stdout } = await system.run(whoami, ['/user', '/fo', 'csv', '/nh'], { readOnly: true });
  const [id] = /\bS-1-\d+(?:-\d+)+\b/.exec(stdout) ?? [];
  if (id === undefined) throw new KnownError('missingPart', 'Windows does not say who is signed in (whoami /user).');
  return id;
}
