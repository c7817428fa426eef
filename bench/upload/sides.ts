/**
 * What both upload benchmarks stand on: a fleet in a scratch folder, nginx beside it, and one way to load either.
 */

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULTS } from '../../model/src/policy.ts';
import { bodyOf, type Device, nextBackup, putRequest } from './device.ts';
import { aFleet, type Fleet } from './fleet.ts';
import { type LoadResult, runLoad } from './load.ts';
import { type Nginx, startNginx } from './nginx.ts';
import { mustBeStored } from './stored.ts';

/** Requests under way at any moment. */
export const IN_FLIGHT = 64;

export interface Sides {
  /** Data, key and log of the service, with the fleet in it. */
  readonly folder: string;
  readonly fleet: Fleet;
  /** Uploads of as many new bodies a second by nginx: `rounds` for each device. */
  putsPerSecond(devices: readonly Device[], rounds: number): Promise<number>;
}

/** Measures with both sides, then looks whether all that was acknowledged is stored. Errors: Error when it is not. */
export async function withSides<Result>(
  devices: number,
  measure: (sides: Sides, onStop: (stop: () => Promise<void>) => void) => Promise<Result>,
): Promise<Result> {
  const scratch = await mkdtemp(join(tmpdir(), 'carryover-bench-'));
  const [folder, peer] = [join(scratch, 'service'), join(scratch, 'nginx')];
  await Promise.all([mkdir(folder), mkdir(peer)]);
  const running: (() => Promise<void>)[] = [];
  try {
    const fleet = await aFleet(folder, devices);
    const nginx = await startNginx(peer, {
      deviceIds: fleet.devices.map(({ deviceId }) => deviceId),
      each: DEFAULTS.keptSnapshots,
      body: new Uint8Array(randomBytes(20_000)),
    });
    running.push(nginx.stop);
    const putsPerSecond = (some: readonly Device[], rounds: number) => puts(nginx, some, rounds);
    const result = await measure({ folder, fleet, putsPerSecond }, (stop) => running.push(stop));
    for (const stop of running.splice(0)) await stop();
    mustBeStored(folder, fleet.devices);
    return result;
  } finally {
    for (const stop of running) await stop();
    await rm(scratch, { recursive: true });
  }
}

/** Bodies as they would go to the service; the devices do not count them as backups of theirs. */
async function puts(nginx: Nginx, devices: readonly Device[], rounds: number): Promise<number> {
  const url = `http://127.0.0.1:${nginx.port}`;
  const chains = devices.map((device) => {
    const copy = { ...device };
    return Array.from({ length: rounds }, () => {
      const pieces = putRequest(nginx.nextPath(device.deviceId), url, bodyOf(nextBackup(copy)));
      return () => pieces;
    });
  });
  const result = await runLoad({ port: nginx.port, connections: IN_FLIGHT, chains });
  say('nginx', result);
  return result.answered / result.seconds;
}

/** For whoever watches: the tail of the latencies is not in the ratio. */
export function say(side: string, { answered, seconds, medianMs, p99Ms }: LoadResult): void {
  const rate = (answered / seconds).toFixed(0);
  console.error(`  ${side}: ${rate} requests/s, median ${medianMs.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`);
}
