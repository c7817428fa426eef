/**
 * A cold upload as the benchmarks of it have it: a device that was not heard of for days checks in with a token and a
 * proof that were never seen, then uploads in the session it got. Both requests count as one upload.
 *
 * The proofs are made before the clock starts, as devices make them on processors of their own.
 */

import type { CheckIn } from '../../model/src/wire.ts';
import {
  accessToken,
  checkInRequest,
  type Device,
  nextBackup,
  preparedUpload,
  type TokenSigner,
  uploadInSession,
} from './device.ts';
import { type Request, runLoad } from './load.ts';
import { IN_FLIGHT, say } from './sides.ts';

/** Devices that are measured, and others that warm the service up, so that none of the former was ever seen. */
export const DEVICES = 2048;
export const WARM_UP_DEVICES = 512;
/** Until the service's code is compiled: the first thousand uploads of a process were seen to cost a third more. */
const WARM_UP_ROUNDS = 3;

export interface ColdLoad {
  /** Whose service it is, for whoever watches. */
  readonly side: string;
  /** Of a service just started, which remembers no token, key or session of these devices. */
  readonly url: string;
  readonly measured: readonly Device[];
  readonly others: readonly Device[];
  readonly signer: TokenSigner;
}

/** One cold upload of each device; how many a second were answered. The devices count them as backups of theirs. */
export async function coldUploadsPerSecond({ side, url, measured, others, signer }: ColdLoad): Promise<number> {
  const port = Number(new URL(url).port);
  const chainsOf = (devices: readonly Device[]) => devices.map((device) => checkInThenUpload(device, url, signer));
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1)
    await runLoad({ port, connections: IN_FLIGHT, chains: chainsOf(others) });
  const chains = chainsOf(measured);
  const result = await runLoad({ port, connections: IN_FLIGHT, chains });
  say(side, result);
  return chains.length / result.seconds;
}

function checkInThenUpload(device: Device, serviceUrl: string, signer: TokenSigner): Request[] {
  const checkIn = checkInRequest(device, serviceUrl, accessToken(device, serviceUrl, signer));
  const upload = preparedUpload(device, serviceUrl, nextBackup(device));
  return [
    () => [checkIn],
    (answer) => uploadInSession(upload, (JSON.parse(answer?.body.toString() ?? '') as CheckIn).session, 1),
  ];
}
