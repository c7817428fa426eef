/**
 * Runs one program to its end: no shell, its own process group, a time limit and an output limit.
 *
 * When the limit is passed or this process exits, the whole group goes, so that nothing a program started is left.
 */

import { spawn, spawnSync } from 'node:child_process';
import { KnownError } from '@carryover/model/errors';
import { SPAWN_AS_GROUP, signalGroup } from './process-group.ts';
import type { RunOptions, RunResult } from './system.ts';

const DEFAULT_TIMEOUT_MS = 120_000;

/** Nothing else happens in this process meanwhile, so that it must not be long. */
const DEFAULT_BRIEF_TIMEOUT_MS = 10_000;

const TOO_LONG = 'took too long';
const TOO_MUCH = 'printed too much';

/** Between asking a group to end and killing it, in milliseconds. */
const GRACE_MS = 2_000;

/** Largest output of one stream, in bytes: more is a program run wild, not a list of settings. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * `options.env` is the whole environment here.
 * Errors: missingPart when there is no such program; Error when it is killed for its time or output, or by a signal.
 */
export async function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return options.brief === true ? runBriefly(program, args, options) : runBeside(program, args, options);
}

/** Streams and events for a program of three milliseconds would take longer than the program. */
function runBriefly(program: string, args: readonly string[], options: RunOptions): RunResult {
  const { error, status, signal, stdout, stderr } = spawnSync(program, args, {
    env: options.env,
    encoding: 'utf8',
    input: options.stdin,
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? DEFAULT_BRIEF_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    windowsHide: true,
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ETIMEDOUT') throw stoppedError(program, TOO_LONG);
  if (code === 'ENOBUFS') throw stoppedError(program, TOO_MUCH);
  // A program that ends without reading its input is judged by its exit code.
  if (error !== undefined && code !== 'EPIPE') throw notStarted(program, error);
  if (status === null) throw endedBy(program, signal);
  return { exit: status, stdout, stderr };
}

function runBeside(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  // Without input the program finds its input closed, at the price of nothing.
  const input = options.stdin === undefined ? 'ignore' : 'pipe';
  const child = spawn(program, args, { env: options.env, ...SPAWN_AS_GROUP, stdio: [input, 'pipe', 'pipe'] });
  const killNow = () => signalGroup(child.pid, 'SIGKILL');
  let stopped: Error | undefined;
  let killer: NodeJS.Timeout | undefined;
  const stop = (why: string) => {
    if (stopped !== undefined) return;
    stopped = stoppedError(program, why);
    signalGroup(child.pid, 'SIGTERM');
    killer = setTimeout(killNow, GRACE_MS);
  };
  const timer = setTimeout(() => stop(TOO_LONG), options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const stdout = collected(child.stdout, () => stop(TOO_MUCH));
  const stderr = collected(child.stderr, () => stop(TOO_MUCH));
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
      else if (exit === null) reject(endedBy(program, by));
      else resolve({ exit, stdout: stdout(), stderr: stderr() });
    });
  });
  // A program that ends without reading its input is judged by its exit code.
  child.stdin?.once('error', () => undefined);
  child.stdin?.end(options.stdin);
  return promise;
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

function stoppedError(program: string, why: string): Error {
  return new Error(`${program} ${why} and was stopped.`);
}

function endedBy(program: string, signal: NodeJS.Signals | null): Error {
  return new Error(`${program} was ended by ${signal}.`);
}

function notStarted(program: string, cause: NodeJS.ErrnoException): Error {
  if (cause.code !== 'ENOENT') return cause;
  return new KnownError('missingPart', `The program "${program}" is not installed. Install it and try again.`, {
    cause,
    details: { program },
  });
}
