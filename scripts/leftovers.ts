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

/** Waits until no process of run `mark` lives, for a few seconds at most, and returns those that do. */
export async function processesLeft(mark: string, graceMs = GRACE_MS): Promise<Leftover[]> {
  const deadline = performance.now() + graceMs;
  let left = processesOf(mark);
  while (left.length > 0 && performance.now() < deadline) {
    await delay(50);
    left = processesOf(mark);
  }
  return left;
}

function processesOf(mark: string): Leftover[] {
  const self = statOf(process.pid);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid)
    .filter((pid) => {
      const stat = statOf(pid);
      if (stat === undefined || self === undefined || stat.state === 'Z') return false;
      if (stat.startedAtTicks < self.startedAtTicks) return false;
      const orphanOfOurs = stat.group === self.group && stat.parent === 1 && self.parent !== 1;
      return (
        stat.parent === process.pid || orphanOfOurs || read(pid, 'environ').split('\0').includes(`${RUN_MARK}=${mark}`)
      );
    })
    .map((pid) => ({ pid, command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }));
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
