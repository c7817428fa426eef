/**
 * A process that never outlives the one that started it, not even when that one is killed with SIGKILL.
 *
 * A small shell stands between: it starts the program, waits until its own standard input ends (which the kernel does
 * when we die), then stops the program, waits for it and removes its folder. The two form a session of their own, so
 * a Ctrl-C at the terminal reaches us first and we stop them in order.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { Readable } from 'node:stream';

const GUARD = `
signal=$1; remove=$2; shift 2
exec 4<&0 # a background job's own standard input would be /dev/null
"$@" </dev/null 3>&- 4<&- &
pid=$!
echo $pid >&3; exec 3>&-
( while read -r line; do :; done; kill -"$signal" $pid 2>/dev/null ) <&4 &
watch=$!
wait $pid; code=$?
kill $watch 2>/dev/null
[ -z "$remove" ] || rm -rf "$remove"
exit $code
`;

export interface GuardedProcess {
  /** Of the program itself, not of its guard. */
  readonly pid: number;
  /** Resolves with the exit code once the program ended and its folder is gone. */
  readonly ended: Promise<number>;
  /** Stops the program and waits until it is gone. Safe to call twice. */
  stop(): Promise<void>;
}

export interface GuardOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Ask the program to end with this signal. */
  readonly signal: 'INT' | 'TERM' | 'KILL';
  /** A folder of the program alone, removed once it ended. */
  readonly remove?: string;
  /** The program's output and errors go here. */
  readonly logFile: string;
}

/** Starts `command`; the returned process does not keep this one alive. Errors: Error when it cannot be started at all. */
export async function startGuarded(command: readonly string[], options: GuardOptions): Promise<GuardedProcess> {
  const log = openSync(options.logFile, 'a');
  const guard = spawn('sh', ['-c', GUARD, 'guard', options.signal, options.remove ?? '', ...command], {
    detached: true,
    env: options.env ?? process.env,
    stdio: ['pipe', log, log, 'pipe'],
  });
  closeSync(log);
  const ended = once(guard, 'exit').then(([code]: (number | null)[]) => code ?? 1);
  const pid = await pidFrom(guard);
  guard.unref();
  for (const stream of guard.stdio) if (stream !== null && stream !== undefined && 'unref' in stream) unref(stream);
  return {
    pid,
    ended,
    async stop() {
      guard.ref();
      guard.stdin?.end();
      await ended;
    },
  };
}

/** The guard writes the program's process id on its fourth descriptor. */
async function pidFrom(guard: ChildProcess): Promise<number> {
  const pipe = guard.stdio[3];
  if (!(pipe instanceof Readable)) throw new Error('The guard has no pipe to report on');
  let text = '';
  for await (const chunk of pipe) text += String(chunk);
  const pid = Number.parseInt(text, 10);
  if (Number.isNaN(pid)) throw new Error(`Could not be started: ${guard.spawnargs.slice(6).join(' ')}`);
  return pid;
}

/** Sockets and pipes have unref at run time; the types of a child's streams do not say so. */
function unref(stream: object): void {
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
}
