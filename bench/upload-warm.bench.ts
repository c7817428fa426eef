/**
 * Uploads by devices that have a session: sealed and durable, against nginx that takes the same bodies as files.
 *
 * The service runs as an operator starts it; every upload is a new backup of its device, follows the one before and
 * pushes the oldest out. The devices have checked in before the clock starts.
 */

import { startService } from '../e2e/testing/service-process.ts';
import type { CheckIn, SessionGrant } from '../model/src/wire.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';
import { accessToken, checkInRequest, nextBackup, preparedUpload, uploadInSession } from './upload/device.ts';
import type { Fleet } from './upload/fleet.ts';
import { runLoad } from './upload/load.ts';
import { IN_FLIGHT, say, withSides } from './upload/sides.ts';
import { allChecked } from './upload/stored.ts';

const DEVICES = 256;
/** Uploads of each device in a run. */
const ROUNDS = 16;

export const benchmark: Benchmark = {
  name: 'upload-warm',
  against: 'nginx WebDAV PUT, no fsync',
  unit: 'uploads/s',
  promise: { atLeast: 1 },
  run: () =>
    withSides(DEVICES, async ({ folder, fleet, putsPerSecond }, onStop) => {
      const service = await startService({ folder });
      onStop(service.stop);
      return await interleave({
        runs: 5,
        async ours() {
          const rate = await uploadsPerSecond(fleet, service.url);
          await allChecked(folder);
          return rate;
        },
        theirs: () => putsPerSecond(fleet.devices, ROUNDS),
      });
    }),
};

async function uploadsPerSecond({ devices, signer }: Fleet, serviceUrl: string): Promise<number> {
  const port = Number(new URL(serviceUrl).port);
  const uploads = devices.map((device) =>
    Array.from({ length: ROUNDS }, () => preparedUpload(device, serviceUrl, nextBackup(device))),
  );
  const sessions: SessionGrant[] = [];
  await runLoad({
    port,
    connections: IN_FLIGHT,
    chains: devices.map((device) => {
      const checkIn = checkInRequest(device, serviceUrl, accessToken(device, serviceUrl, signer));
      return [() => [checkIn]];
    }),
    onAnswer: ({ body }, at) => {
      sessions[at] = (JSON.parse(body.toString()) as CheckIn).session;
    },
  });
  const chains = uploads.map((ofDevice, at) =>
    ofDevice.map((upload, round) => {
      const session = sessions[at];
      if (session === undefined) throw new Error('A device has no session.');
      const pieces = uploadInSession(upload, session, round + 1);
      return () => pieces;
    }),
  );
  const result = await runLoad({ port, connections: IN_FLIGHT, chains });
  say('service', result);
  return result.answered / result.seconds;
}
