import { setTimeout as delay } from 'node:timers/promises';

const MAX_START_MS = 10_000;

/** Waits for a server on this machine that was started just now. Errors: Error when none answers at the port. */
export async function answering(port: number): Promise<void> {
  const deadline = performance.now() + MAX_START_MS;
  while (performance.now() < deadline) {
    if (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)) return;
    await delay(20);
  }
  throw new Error(`Nothing answers at port ${port}.`);
}
