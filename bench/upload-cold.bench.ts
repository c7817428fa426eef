/**
 * Uploads by devices that have not been heard of for days: each checks in with a token and a proof that were never seen,
 * then uploads in the session it got. Both requests count as one upload; nginx takes the same bodies as files.
 *
 * Every run has a service just started, which remembers no token, key or session of these devices; other devices warm it
 * up. The proofs are made before the clock starts, as devices make them on processors of their own.
 */

import { startService } from '../e2e/testing/service-process.ts';
import type { CheckIn } from '../model/src/wire.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';
import {
  accessToken,
  checkInRequest,
  type Device,
  nextBackup,
  preparedUpload,
  type TokenSigner,
  uploadInSession,
} from './upload/device.ts';
import { type Request, runLoad } from './upload/load.ts';
import { IN_FLIGHT, say, withSides } from './upload/sides.ts';
import { allChecked } from './upload/stored.ts';

const DEVICES = 2048;
const WARM_UP_DEVICES = 512;
/** Until the service's code is compiled: the first thousand uploads of a process were seen to cost a third more. */
const WARM_UP_ROUNDS = 3;
/** nginx answers faster than the service; as many rounds keep it busy for as long, beyond what it merely buffers. */
const PEER_ROUNDS = 4;

export const benchmark: Benchmark = {
  name: 'upload-cold',
  against: 'nginx WebDAV PUT, no fsync',
  unit: 'uploads/s',
  promise: { atLeast: 0.5 },
  run: () =>
    withSides(DEVICES + WARM_UP_DEVICES, ({ folder, fleet: { devices, signer }, putsPerSecond }) => {
      const [measured, others] = [devices.slice(0, DEVICES), devices.slice(DEVICES)];
      return interleave({
        runs: 5,
        ours: () => uploadsPerSecond({ folder, measured, others, signer }),
        theirs: () => putsPerSecond(measured, PEER_ROUNDS),
      });
    }),
};

interface Run {
  readonly folder: string;
  readonly measured: readonly Device[];
  readonly others: readonly Device[];
  readonly signer: TokenSigner;
}

async function uploadsPerSecond({ folder, measured, others, signer }: Run): Promise<number> {
  const service = await startService({ folder });
  try {
    const port = Number(new URL(service.url).port);
    const chainsOf = (devices: readonly Device[]) =>
      devices.map((device) => checkInThenUpload(device, service.url, signer));
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1)
      await runLoad({ port, connections: IN_FLIGHT, chains: chainsOf(others) });
    const chains = chainsOf(measured);
    const result = await runLoad({ port, connections: IN_FLIGHT, chains });
    say('service', result);
    await allChecked(folder);
    return chains.length / result.seconds;
  } finally {
    await service.stop();
  }
}

function checkInThenUpload(device: Device, serviceUrl: string, signer: TokenSigner): Request[] {
  const checkIn = checkInRequest(device, serviceUrl, accessToken(device, serviceUrl, signer));
  const upload = preparedUpload(device, serviceUrl, nextBackup(device));
  return [
    () => [checkIn],
    (answer) => uploadInSession(upload, (JSON.parse(answer?.body.toString() ?? '') as CheckIn).session, 1),
  ];
}
