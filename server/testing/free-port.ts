/**
 * A port for a server that must be told one before it starts, and perhaps again after it was killed.
 *
 * The system gives programs that ask for any port, and connections to elsewhere, one of a range (ip_local_port_range). A
 * port of that range that is free now may be somebody's a moment later; one below it is nobody's unless asked for by name.
 */

import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Below are services that a machine may have for itself. */
const LOWEST = 10_000;
const MAX_TRIES = 100;

/** Errors: Error when none is free. */
export async function freePort(): Promise<number> {
  const [given = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = await listened(given > LOWEST ? randomInt(LOWEST, given) : 0);
    if (port !== undefined) return port;
  }
  throw new Error('No port is free.');
}

/** Undefined when it is taken. */
function listened(port: number): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const probe = createServer();
  probe.once('error', () => resolve(undefined));
  probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
    const address = probe.address();
    probe.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
  });
  return promise;
}
