/**
 * One run of the agent at a time, per person and device.
 *
 * The lock is a file made in one step; it names the process that holds it by its number, when it started and in which
 * boot, so that a lock whose holder died (power cut, kill -9) is known as stale and a reused process number is not
 * taken for the holder. Two runs that find the same stale lock cannot both remove it: removing has a lock of its own,
 * named after the stale holder, and whoever gets it looks again.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { KnownError } from '@carryover/model/errors';
import type { System } from '../system/system.ts';

/** How often a waiting run looks again, in milliseconds. */
const LOOK_AGAIN_MS = 100;

interface Holder {
  readonly token: string;
  readonly pid: number;
  /** Boot id and start time of the process as the system counts it, on Windows the time alone; "" where it does not tell. */
  readonly started: string;
}

/**
 * Runs `work` while holding the lock at `path`.
 *
 * Errors: conflict, inner "anotherRun", when another run holds it and `wait` is false; whatever `work` throws.
 */
export async function withLock<Result>(
  system: System,
  path: string,
  options: { readonly wait: boolean },
  work: () => Promise<Result>,
): Promise<Result> {
  const self: Holder = { token: randomUUID(), pid: process.pid, started: await startOf(system, process.pid) };
  while (!(await system.createFile(path, JSON.stringify(self), 0o600))) {
    if (await removedStale(system, path)) continue;
    if (!options.wait) {
      throw new KnownError('conflict', 'Another run of carryover is at work on this PC. Try again when it has ended.', {
        inner: 'anotherRun',
      });
    }
    await wait(LOOK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    await system.removeFile(path);
  }
}

/** True when the lock at `path` is gone or its holder no longer lives and it was removed. */
async function removedStale(system: System, path: string): Promise<boolean> {
  const text = await textAt(system, path);
  if (text === undefined) return true;
  if (await lives(system, holderFrom(text))) return false;
  const name = holderFrom(text)?.token ?? 'unreadable';
  await withLock(system, `${path}.${name}`, { wait: true }, async () => {
    if ((await textAt(system, path)) === text) await system.removeFile(path);
  });
  return true;
}

/** A lock file that names nobody was cut short by a power failure: nobody holds it. */
async function lives(system: System, holder: Holder | undefined): Promise<boolean> {
  if (holder === undefined) return false;
  const started = await startOf(system, holder.pid);
  if (started !== '') return started === holder.started;
  if (holder.started !== '') return false;
  try {
    return process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * On Windows the time of day: no boot is needed beside it. A process that is closed to us is another account's, so that
 * it never holds our lock. Source: proc(5): the 22nd field of /proc/PID/stat, counted after the name in parentheses,
 * which may hold spaces.
 */
async function startOf(system: System, pid: number): Promise<string> {
  if (system.processes !== undefined) return (await system.processes.startOf(pid)) ?? '';
  const stat = await textAt(system, `/proc/${pid}/stat`);
  const boot = await textAt(system, '/proc/sys/kernel/random/boot_id');
  const start = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return start === undefined || boot === undefined ? '' : `${boot.trim()} ${start}`;
}

function holderFrom(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    if (typeof value?.token !== 'string' || !/^[\w-]+$/.test(value.token)) return undefined;
    if (!Number.isSafeInteger(value.pid) || typeof value.started !== 'string') return undefined;
    return value as Holder;
  } catch {
    return undefined;
  }
}

async function textAt(system: System, path: string): Promise<string | undefined> {
  const bytes = await system.readFile(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
