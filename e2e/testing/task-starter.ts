/**
 * A stand-in for `schtasks /run` on a Windows PC of a test, which Wine's schtasks does not know: it notes that a task was
 * started, and the test then runs what the XML names that was registered, as the administrator that a test's programs are.
 *
 * It is node.exe under that name: called with "/run", Node looks for a script of that name.
 */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childOf, xmlTree } from '../../agent/testing/xml-tree.ts';
import { WINDOWS } from '../../scripts/windows-set-up.ts';
import type { Ran } from './run-program.ts';
import type { WindowsPc } from './windows-pc.ts';

const NOTE = 'started-task.json';

const SCRIPT = `
const fs = require('node:fs'), note = 'C:\\\\${NOTE}';
fs.writeFileSync(note + '.new', JSON.stringify(process.argv.slice(2)));
fs.renameSync(note + '.new', note);`;

export interface TaskStarter {
  /** Whether a task was started that did not run yet. */
  isStarted(): boolean;
  /** Runs tasks as they are started, until `work` is done; what each of them said. */
  during<Result>(work: Promise<Result>): Promise<{ readonly result: Result; readonly runs: readonly Ran[] }>;
  /** Waits until one is started. Errors: Error when `work` is done before that. */
  started(work: Promise<unknown>): Promise<void>;
  /** Runs the one that was started, as its XML says. */
  run(): Promise<Ran>;
  /** The start is lost, as where the power fails. */
  lose(): Promise<void>;
}

interface RegisteredTask {
  readonly name: string;
  /** On this machine, the file it was registered from: Wine keeps no actions. */
  readonly file: string;
}

/** Windows' own schtasks is gone from then on. */
export async function taskStarter(pc: WindowsPc, task: RegisteredTask): Promise<TaskStarter> {
  const system = join(pc.driveC, 'windows', 'system32');
  const note = join(pc.driveC, NOTE);
  await rm(join(system, 'schtasks.exe'));
  await copyFile(WINDOWS.node, join(system, 'schtasks.exe'));
  await writeFile(join(pc.driveC, 'run.js'), SCRIPT);
  // Wine has a schtasks of its own, whatever lies there.
  await pc.regAdd('HKCU\\Software\\Wine\\DllOverrides', 'schtasks.exe', 'REG_SZ', 'native');

  const isStarted = () => existsSync(note);

  async function run(): Promise<Ran> {
    assert.deepEqual(JSON.parse(await readFile(note, 'utf8')), ['/tn', task.name]);
    await rm(note);
    const exec = childOf(xmlTree((await readFile(task.file)).toString('utf16le', 2)), 'Actions', 'Exec');
    return pc.run(childOf(exec, 'Command').text, [childOf(exec, 'Arguments').text]);
  }

  return {
    isStarted,
    run,
    lose: () => rm(note),
    async during(work) {
      const runs: Ran[] = [];
      let isOver = false;
      const over = work.finally(() => {
        isOver = true;
      });
      while (!isOver) {
        if (isStarted()) runs.push(await run());
        else await Promise.race([over, delay(10)]);
      }
      return { result: await over, runs };
    },
    async started(work) {
      let isOver = false;
      const over = work.finally(() => {
        isOver = true;
      });
      while (!isStarted()) {
        if (isOver) throw new Error('It was done without starting a task');
        await Promise.race([over, delay(10)]);
      }
    },
  };
}
