/** Runs a program to its end in an environment made for it, and keeps what it said. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Ran {
  /** Exit code; 128 when a signal ended it. */
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunProgramOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
}

/** Never throws for an exit code. Errors: the system's own when there is no such program. */
export async function runProgram(command: string, args: readonly string[], options: RunProgramOptions): Promise<Ran> {
  const { env, stdin = '', cwd } = options;
  const child = spawn(command, args, { env, stdio: 'pipe', ...(cwd === undefined ? {} : { cwd }) });
  const failed = once(child, 'error').then(([error]) => Promise.reject(error));
  const closed = once(child, 'close');
  // A program may end before it read all it was given.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.race([
    Promise.all([text(child.stdout), text(child.stderr), closed]),
    failed,
  ]);
  return { exit: code ?? 128, stdout, stderr };
}
