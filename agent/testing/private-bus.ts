/** A message bus for a test alone: programs that want a session or system bus find nobody else on it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface PrivateBus extends AsyncDisposable {
  readonly address: string;
}

/** Errors: Error when there is no dbus-daemon. */
export async function privateBus(): Promise<PrivateBus> {
  const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(daemon, 'exit');
  const [address] = await Promise.race([
    once(createInterface(daemon.stdout), 'line'),
    ended.then(() => Promise.reject(new Error('dbus-daemon ended at once.'))),
  ]);
  return {
    address: String(address),
    async [Symbol.asyncDispose]() {
      daemon.kill();
      await ended;
    },
  };
}
