/** Starts a program that lives beside this process, in a group of its own, and goes with it at the latest. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { KnownError } from '@carryover/model/errors';
import { SPAWN_AS_GROUP, signalGroup } from './process-group.ts';
import type { StartedProgram } from './system.ts';

/**
 * Between asking a program to end and killing its group, in milliseconds: a browser that is asked ends what it started and
 * clears away what it put into the folder of temporary files; one that is killed leaves it there.
 */
const GRACE_MS = 15_000;

/** `env` is the whole environment. Errors: missingPart when there is no such program. */
export async function startProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<StartedProgram> {
  const child = spawn(program, args, { env, ...SPAWN_AS_GROUP, stdio: 'ignore' });
  const killNow = () => signalGroup(child.pid, 'SIGKILL');
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', killNow);
      // What it started and left behind goes with it.
      killNow();
      resolve();
    });
  });
  process.once('exit', killNow);
  try {
    await once(child, 'spawn');
  } catch (error) {
    process.off('exit', killNow);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new KnownError('missingPart', `The program "${program}" is not installed. Install it and try again.`, {
      cause: error,
      details: { program },
    });
  }
  return {
    ended,
    async stop() {
      // The program alone: asked together with what it started, it could not end those in order.
      child.kill('SIGTERM');
      const patience = new AbortController();
      const impatient = wait(GRACE_MS, undefined, { signal: patience.signal }).then(killNow, () => undefined);
      await ended;
      patience.abort();
      await impatient;
    },
  };
}
