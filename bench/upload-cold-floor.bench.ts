/**
 * What a cold upload costs beyond the steps that no design could leave out: the service against a bare program that takes
 * the same requests (bench/upload/bare-service.ts).
 *
 * Beside `upload-cold` it says about how much could be reached there: divided by this ratio, that one is the ratio of the
 * bare program to nginx.
 */

import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../server/testing/free-port.ts';
import { startGuarded } from '../server/testing/guarded-process.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';
import { answering } from './upload/answering.ts';
import { coldUploadsPerSecond, DEVICES, WARM_UP_DEVICES } from './upload/cold.ts';
import type { Device, TokenSigner } from './upload/device.ts';
import { withSides } from './upload/sides.ts';
import { uploadsPerSecond } from './upload-cold.bench.ts';

const PROGRAM = join(import.meta.dirname, 'upload', 'bare-service.ts');

export const benchmark: Benchmark = {
  name: 'upload-cold-floor',
  against: 'the same requests, signatures, seal and rows, bare',
  unit: 'uploads/s',
  run: () =>
    withSides(DEVICES + WARM_UP_DEVICES, ({ folder, fleet: { devices, signer } }) => {
      const sides = (some: readonly Device[]) => ({
        measured: some.slice(0, DEVICES),
        others: some.slice(DEVICES),
        signer,
      });
      return interleave({
        runs: 5,
        ours: () => uploadsPerSecond(folder, sides(devices)),
        // Copies: the service must not miss these uploads.
        theirs: () => bareUploadsPerSecond(folder, sides(devices.map((device) => ({ ...device })))),
      });
    }),
};

/** On a copy of the service's database, so that rows and indexes are as many. */
async function bareUploadsPerSecond(
  folder: string,
  load: { measured: readonly Device[]; others: readonly Device[]; signer: TokenSigner },
): Promise<number> {
  const copy = join(folder, 'bare');
  await mkdir(copy);
  await copyFile(join(folder, 'data', 'carryover.db'), join(copy, 'carryover.db'));
  const port = await freePort();
  const publicKey = load.signer.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const bare = await startGuarded([process.execPath, PROGRAM, join(copy, 'carryover.db'), String(port), publicKey], {
    signal: 'TERM',
    logFile: join(copy, 'log'),
  });
  try {
    await answering(port);
    return await coldUploadsPerSecond({ side: 'bare', url: `http://127.0.0.1:${port}`, ...load });
  } finally {
    await bare.stop();
    await rm(copy, { recursive: true });
  }
}
