/**
 * Uploads by devices that have not been heard of for days (bench/upload/cold.ts); nginx takes the same bodies as files.
 *
 * Every run has a service just started.
 */

import { startService } from '../e2e/testing/service-process.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';
import { type ColdLoad, coldUploadsPerSecond, DEVICES, WARM_UP_DEVICES } from './upload/cold.ts';
import { withSides } from './upload/sides.ts';
import { allChecked } from './upload/stored.ts';

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
        ours: () => uploadsPerSecond(folder, { measured, others, signer }),
        theirs: () => putsPerSecond(measured, PEER_ROUNDS),
      });
    }),
};

/** By the service itself, which has checked them all when this resolves. */
export async function uploadsPerSecond(
  folder: string,
  load: Pick<ColdLoad, 'measured' | 'others' | 'signer'>,
): Promise<number> {
  const service = await startService({ folder });
  try {
    const perSecond = await coldUploadsPerSecond({ side: 'service', url: service.url, ...load });
    await allChecked(folder);
    return perSecond;
  } finally {
    await service.stop();
  }
}
