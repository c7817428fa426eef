/** Runs a program of this folder and kills it (SIGKILL) once it has said enough. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Ended {
  /** Null when it was killed. */
  readonly exit: number | null;
  /** Whole lines it wrote to stdout; one cut off by the kill is left out. */
  readonly lines: readonly string[];
}

/** Without `killAfter` lines it runs to its own end. */
export async function runUntilKilled(
  program: string,
  args: readonly string[],
  killAfter = Number.POSITIVE_INFINITY,
): Promise<Ended> {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    if (text.split('\n').length > killAfter) child.kill('SIGKILL');
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, lines: text.split('\n').slice(0, -1) };
}
