/**
 * A service's storage that takes uploads until it is killed and says on stdout, one line each, what was acknowledged.
 *
 *   node upload-until-killed.ts DATABASE_URL KEYS_URL RECOVERY_COPY
 *
 * Shape of a line: "<profile id> <seq> <blob id>". The people are those of people.ts.
 */

import { randomBytes, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { deploymentKeyFrom } from '../src/keys/deployment-key.ts';
import { openKeys } from '../src/keys/hierarchy.ts';
import { createProfile } from '../src/profiles/profiles.ts';
import { commitUpload } from '../src/snapshots/snapshots.ts';
import { openServiceStore } from './databases.ts';
import { ALICE, DESK } from './people.ts';
import { anUpload, aRequestId, aUnit } from './uploads.ts';

const [databaseUrl = '', keysUrl = '', recoveryCopy = ''] = process.argv.slice(2);
const store = await openServiceStore({ databaseUrl });
const keys = await openKeys({ databaseUrl: keysUrl, deploymentKey: async () => deploymentKeyFrom(recoveryCopy) });
const digestKey = await keys.digestKey(ALICE);
const STDOUT = 1;

/** One device: each backup follows the one before. */
async function backUpOn(): Promise<never> {
  const profileId = randomUUID();
  await createProfile(store, ALICE, { profileId, deviceId: DESK, now: Temporal.Now.instant() });
  let previous: { seq: number; mac: string } | null = null;
  for (;;) {
    const unit = aUnit(digestKey, { values: { at: randomUUID() }, blobs: [new Uint8Array(randomBytes(300_000))] });
    const other = aUnit(digestKey, { payloadType: 'other', values: { at: randomUUID() } });
    const { seq, mac }: { seq: number; mac: string } = await commitUpload(
      { store, keys },
      {
        owner: ALICE,
        profileId,
        requestId: aRequestId(),
        parts: anUpload(digestKey, { units: [unit, other], previous }),
        keep: 1000,
        now: Temporal.Now.instant(),
      },
    );
    previous = { seq, mac };
    writeSync(STDOUT, `${profileId} ${seq} ${unit.blobs[0]?.blobId}\n`);
  }
}

const DEVICES = 4;
await Promise.all(Array.from({ length: DEVICES }, backUpOn));
