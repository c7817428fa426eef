/**
 * A Windows PC in memory whose Task Scheduler keeps what schtasks is told, as far as the agent uses it: create, query and
 * delete, with the exit codes of Windows.
 */

import type { RunResult, System } from '../src/system/system.ts';
import { registryOf } from './memory-registry.ts';
import { type MemorySystem, memorySystem, type ProgramRun } from './memory-system.ts';

export const PERSON = 'S-1-5-21-1004336348-1177238915-682003330-1001';

export interface TaskScheduler {
  /** Path of a task to its XML, mark and encoding undone. */
  readonly tasks: Map<string, string>;
  /** Answers schtasks and whoami, where they lie on Windows; undefined for every other program. */
  run(run: ProgramRun, system: MemorySystem): RunResult | undefined;
}

export interface TaskSchedulerOptions {
  readonly administrator?: boolean;
  /** Whether Task Scheduler does what it is told. Default true. */
  readonly obeys?: boolean;
}

/** What Windows sets, as far as the agent asks for it. */
const WINDOWS_ENV = { SYSTEMROOT: 'C:\\Windows', APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' };

export function taskScheduler({ administrator = false, obeys = true }: TaskSchedulerOptions = {}): TaskScheduler {
  const tasks = new Map<string, string>();
  const refused: RunResult = { exit: 1, stdout: '', stderr: 'ERROR: Access is denied.\r\n' };
  const done: RunResult = { exit: 0, stdout: 'SUCCESS.\r\n', stderr: '' };

  function schtasks(args: readonly string[], system: MemorySystem): RunResult {
    const [verb, , name = ''] = args;
    if (verb === '/query') return tasks.has(name) ? { ...done, stdout: `${name}  Ready\r\n` } : refused;
    if (!obeys || (!name.includes('-S-1-') && !administrator)) return refused;
    if (verb === '/delete') return tasks.delete(name) ? done : refused;
    const file = (args[args.indexOf('/xml') + 1] ?? '').replaceAll('\\', '/');
    const bytes = Buffer.from(system.files.get(file)?.content ?? []);
    if (bytes.length < 2 || bytes.readUInt16LE() !== 0xfeff)
      return { ...refused, stderr: 'ERROR: The task XML is malformed.\r\n' };
    tasks.set(name, bytes.toString('utf16le', 2));
    return done;
  }

  return {
    tasks,
    run({ program, args }, system) {
      if (program === 'C:\\Windows\\System32\\schtasks.exe') return schtasks(args, system);
      if (program === 'C:\\Windows\\System32\\whoami.exe')
        return { exit: 0, stdout: `"auental\\ada","${PERSON}"\r\n`, stderr: '' };
      return undefined;
    },
  };
}

export interface WindowsPc extends Pick<TaskScheduler, 'tasks'> {
  readonly system: System & MemorySystem;
}

export interface WindowsPcOptions extends TaskSchedulerOptions {
  /** Paths of programs that are there. */
  readonly programs?: readonly string[];
}

export function windowsPc({ programs = [], ...options }: WindowsPcOptions = {}): WindowsPc {
  const { tasks, run } = taskScheduler(options);
  const system = memorySystem({ home: 'C:/Users/ada', env: WINDOWS_ENV, run });
  for (const program of programs) system.put(program, 'MZ', 0o755);
  return { system: Object.assign(system, { registry: registryOf({}) }), tasks };
}
