/**
 * Runs one program to its end: no shell, its own process group, a time limit and an output limit.
 *
 * When the limit is passed or this process exits, the whole group goes, so that nothing a program started is left.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { KnownError } from '@carryover/model/errors';
import type { RunOptions, RunResult } from './system.ts';

const DEFAULT_TIMEOUT_MS = 120_000;

/** Between asking a group to end and killing it, in milliseconds. */
const GRACE_MS = 2_000;

/** Largest output of one stream, in bytes: more is a program run wild, not a list of settings. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * `options.env` is the whole environment here.
 * Errors: missingPart when there is no such program; Error when it is killed for its time or output, or by a signal.
 */
export function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  // Without input the program finds its input closed, at the price of nothing.
  const input = options.stdin === undefined ? 'ignore' : 'pipe';
  const child = spawn(program, args, { env: options.env, detached: true, stdio: [input, 'pipe', 'pipe'] });
  const killNow = () => signal(child, 'SIGKILL');
  let stopped: Error | undefined;
  let killer: NodeJS.Timeout | undefined;
  const stop = (why: string) => {
    if (stopped !== undefined) return;
    stopped = new Error(`${program} ${why} and was stopped.`);
    signal(child, 'SIGTERM');
    killer = setTimeout(killNow, GRACE_MS);
  };
  const timer = setTimeout(() => stop('took too long'), options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const stdout = collected(child.stdout, () => stop('printed too much'));
  const stderr = collected(child.stderr, () => stop('printed too much'));
  const settle = (result: () => void) => {
    clearTimeout(timer);
    clearTimeout(killer);
    process.off('exit', killNow);
    result();
  };
  process.once('exit', killNow);
  child.once('error', (error) => settle(() => reject(notStarted(program, error))));
  child.once('close', (exit, by) => {
    // A descendant may have survived the polite request.
    if (stopped !== undefined) killNow();
    settle(() => {
      if (stopped !== undefined) reject(stopped);
      else if (exit === null) reject(new Error(`${program} was ended by ${by}.`));
      else resolve({ exit, stdout: stdout(), stderr: stderr() });
    });
  });
  // A program that ends without reading its input is judged by its exit code.
  child.stdin?.once('error', () => undefined);
  child.stdin?.end(options.stdin);
  return promise;
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // Gone already.
  }
}

function collected(stream: NodeJS.ReadableStream | null, tooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_OUTPUT_BYTES) tooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function notStarted(program: string, cause: NodeJS.ErrnoException): Error {
  if (cause.code !== 'ENOENT') return cause;
  return new KnownError('missingPart', `The program "${program}" is not installed. Install it and try again.`, {
    cause,
    details: { program },
  });
}
