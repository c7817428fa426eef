/** A message bus for a test alone: programs that want a session or system bus find nobody else on it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface PrivateBus extends AsyncDisposable {
  readonly address: string;
}

export interface BusOptions {
  /** Where it is found; a place of its own choice when undefined. */
  readonly socket?: string;
  /** Of the services it starts; the test's own when undefined. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Services on it end when it does. Errors: Error when there is no dbus-daemon. */
export async function privateBus({ socket, env = process.env }: BusOptions = {}): Promise<PrivateBus> {
  const place = socket === undefined ? [] : [`--address=unix:path=${socket}`];
  const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address', ...place], {
    env: { ...env },
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
