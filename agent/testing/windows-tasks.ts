/**
 * A Windows PC in memory whose Task Scheduler keeps what schtasks is told, as far as the agent uses it: create, query and
 * delete, with the exit codes of Windows.
 */

import type { RunResult, System } from '../src/system/system.ts';
import { type MemorySystem, memorySystem, type ProgramRun } from './memory-system.ts';
import { smallRegistry } from './small-registry.ts';

export const PERSON = 'S-1-5-21-1004336348-1177238915-682003330-1001';

export interface WindowsPc {
  readonly system: System & MemorySystem;
  /** Path of a task to its XML, mark and encoding undone. */
  readonly tasks: Map<string, string>;
}

export interface WindowsPcOptions {
  /** Paths of programs that are there. */
  readonly programs?: readonly string[];
  readonly administrator?: boolean;
  /** Whether Task Scheduler does what it is told. Default true. */
  readonly obeys?: boolean;
  readonly person?: string;
}

export function windowsPc(options: WindowsPcOptions = {}): WindowsPc {
  const { administrator = false, obeys = true, person = PERSON } = options;
  const tasks = new Map<string, string>();
  const refused: RunResult = { exit: 1, stdout: '', stderr: 'ERROR: Access is denied.\r\n' };
  const done: RunResult = { exit: 0, stdout: 'SUCCESS.\r\n', stderr: '' };

  function schtasks({ args }: ProgramRun, system: MemorySystem): RunResult {
    const [verb, , name = ''] = args;
    if (verb === '/query') return tasks.has(name) ? { ...done, stdout: `${name}  Ready\r\n` } : refused;
    if (!obeys || (!name.includes('-S-1-') && !administrator)) return refused;
    if (verb === '/delete') return tasks.delete(name) ? done : refused;
    const file = (args[args.indexOf('/xml') + 1] ?? '').replaceAll('\\', '/');
    const bytes = Buffer.from(system.files.get(file)?.content ?? []);
    if (bytes.readUInt16LE() !== 0xfeff) return { ...refused, stderr: 'ERROR: The task XML is malformed.\r\n' };
    tasks.set(name, bytes.toString('utf16le', 2));
    return done;
  }

  const system = memorySystem({
    home: 'C:/Users/ada',
    env: { SYSTEMROOT: 'C:\\Windows', APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' },
    run(run, machine) {
      if (run.program === 'C:\\Windows\\System32\\schtasks.exe') return schtasks(run, machine);
      if (run.program === 'C:\\Windows\\System32\\whoami.exe')
        return { exit: 0, stdout: `"auental\\ada","${person}"\r\n`, stderr: '' };
      return undefined;
    },
  });
  for (const program of options.programs ?? []) system.put(program, 'MZ', 0o755);
  return { system: Object.assign(system, { registry: smallRegistry({}) }), tasks };
}
