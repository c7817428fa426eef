/**
 * What a test run left behind: processes that still live and files in its temporary folder.
 *
 * A run marks its environment, so every process it starts, however deep, carries the mark; a process that was given a
 * clean environment is still known as ours when it is our child, or when it is in our process group and its parent died.
 * Nothing older than the run is ever named, nor what a shell runs beside us ("./carryover test | tee log").
 */

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface Leftover {
  readonly pid: number;
  readonly command: string;
}

/** A process that was told to end may take this long; whoever lives longer was forgotten. */
const GRACE_MS = 5000;

/** The variable that marks the processes of a run. */
export const RUN_MARK = 'CARRYOVER_TEST_RUN';

/** Waits until no process of the run `mark` lives, for a few seconds at most, and returns those that do. */
export async function processesLeft(mark: string, graceMs = GRACE_MS): Promise<Leftover[]> {
  return stillThere((pid) => carries(pid, RUN_MARK, mark) || isForgottenChild(pid), graceMs);
}

/** The same for any variable that marks a group of processes, without a look at children or process groups. */
export async function markedProcessesLeft(variable: string, value: string, graceMs = GRACE_MS): Promise<Leftover[]> {
  return stillThere((pid) => carries(pid, variable, value), graceMs);
}

/** Ends processes that were forgotten, and waits until the kernel is done with them. */
export async function endLeftovers(left: readonly Leftover[]): Promise<void> {
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
  const pids = new Set(left.map(({ pid }) => pid));
  await stillThere((pid) => pids.has(pid), GRACE_MS);
}

async function stillThere(belongs: (pid: number) => boolean, graceMs: number): Promise<Leftover[]> {
  const deadline = performance.now() + graceMs;
  let left = processesThat(belongs);
  while (left.length > 0 && performance.now() < deadline) {
    await delay(20);
    left = processesThat(belongs);
  }
  return left;
}

function processesThat(belongs: (pid: number) => boolean): Leftover[] {
  const startedAtTicks = statOf(process.pid)?.startedAtTicks ?? 0;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = statOf(pid);
      const isAlive = stat !== undefined && stat.state !== 'Z';
      return pid !== process.pid && isAlive && stat.startedAtTicks >= startedAtTicks && belongs(pid);
    })
    .map((pid) => ({ pid, command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }));
}

function carries(pid: number, variable: string, value: string): boolean {
  return read(pid, 'environ').split('\0').includes(`${variable}=${value}`);
}

/** Our child, or one of our process group whose parent died (unless PID 1 is our own parent, as in some containers). */
function isForgottenChild(pid: number): boolean {
  const [self, stat] = [statOf(process.pid), statOf(pid)];
  if (self === undefined || stat === undefined) return false;
  return stat.parent === process.pid || (stat.parent === 1 && self.parent !== 1 && stat.group === self.group);
}

interface Stat {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  /** Clock ticks since boot. */
  readonly startedAtTicks: number;
}

/** Source: proc_pid_stat(5); the name in brackets may hold spaces, so fields are counted from its end. */
function statOf(pid: number): Stat | undefined {
  const text = read(pid, 'stat');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  if (text === '' || state === undefined) return undefined;
  return { state, parent: Number(parent), group: Number(group), startedAtTicks: Number(fields[19]) };
}

/** Empty when the process is gone or another user's. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
