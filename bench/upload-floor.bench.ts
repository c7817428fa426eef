/**
 * What an upload costs beyond its rows: judged, sealed and committed uploads against a bare node:sqlite loop that
 * commits the same rows in groups of as many.
 *
 * Both sides are in their steady state: every upload pushes an old snapshot out. The contents are 20 kB that do not
 * compress. Neither side has HTTP or sign-in in it.
 */

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from '../server/src/db/sqlite.ts';
import { openStore } from '../server/src/db/store.ts';
import { openKeys } from '../server/src/keys/hierarchy.ts';
import { createProfile } from '../server/src/profiles/profiles.ts';
import { commitUpload, type Upload } from '../server/src/snapshots/snapshots.ts';
import { aDeploymentKey } from '../server/testing/deployment-keys.ts';
import { ALICE, DESK } from '../server/testing/people.ts';
import { anUpload, aRequestId, aUnit } from '../server/testing/uploads.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';
import { ROWS } from './upload/bare-rows.ts';

const IN_FLIGHT = 64;
const DEVICES = 256;
/** Each device's backups: the first ones, not measured, fill what is kept. */
const WARM_ROUNDS = 2;
const ROUNDS = 6;
const KEEP = 2;
/** So many random letters are 20 kB of zstd. */
const LETTERS = 26_500;
const SEALED_BYTES = 20_000;

export const benchmark: Benchmark = {
  name: 'upload-floor',
  against: 'the same rows by a bare node:sqlite loop, 64 a commit',
  unit: 'uploads/s',
  run: () => interleave({ runs: 5, ours: () => inFolder(uploadsPerSecond), theirs: () => inFolder(rowsPerSecond) }),
};

async function inFolder(measure: (folder: string) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-bench-'));
  try {
    return await measure(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function uploadsPerSecond(folder: string): Promise<number> {
  const deploymentKey = aDeploymentKey();
  const keys = await openKeys({
    databaseUrl: `sqlite:${join(folder, 'keys.db')}`,
    deploymentKey: async () => deploymentKey,
  });
  const store = await openStore({
    databaseUrl: `sqlite:${join(folder, 'data.db')}`,
    commands: new URL('../server/src/commands.ts', import.meta.url),
  });
  const uploads = uploadsOf(await keys.digestKey(ALICE));
  const now = Temporal.Now.instant();
  for (const profileId of PROFILES) await createProfile(store, ALICE, { profileId, deviceId: DESK, now });
  const commitAll = (some: readonly Upload[]) => inFlight(some, (upload) => commitUpload({ store, keys }, upload));
  await commitAll(uploads.slice(0, WARM_ROUNDS * DEVICES));

  const seconds = await secondsOf(() => commitAll(uploads.slice(WARM_ROUNDS * DEVICES)));

  await store.close();
  await keys.close();
  return ((ROUNDS - WARM_ROUNDS) * DEVICES) / seconds;
}

const PROFILES = Array.from({ length: DEVICES }, (_, at) => `44444444-0000-4000-8000-${String(at).padStart(12, '0')}`);

/** All uploads, round by round; made beforehand, because making them is the device's work. */
function uploadsOf(digestKey: Uint8Array): Upload[] {
  const previous = new Map<string, { seq: number; mac: string }>();
  return Array.from({ length: ROUNDS }, (_, round) => round + 1).flatMap((seq) =>
    PROFILES.map((profileId) => {
      const unit = aUnit(digestKey, { values: { random: randomBytes(LETTERS).toString('base64').slice(0, LETTERS) } });
      const parts = anUpload(digestKey, { units: [unit], previous: previous.get(profileId) ?? null });
      previous.set(profileId, { seq, mac: parts.head.mac });
      const now = Temporal.Now.instant();
      return { owner: ALICE, profileId, requestId: aRequestId(), parts, keep: KEEP, now };
    }),
  );
}

async function inFlight<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const item of left) await work(item);
    }),
  );
}

async function rowsPerSecond(folder: string): Promise<number> {
  const file = join(folder, 'data.db');
  const store = await openStore({
    databaseUrl: `sqlite:${file}`,
    commands: new URL('../server/src/commands.ts', import.meta.url),
  });
  for (const profileId of PROFILES)
    await createProfile(store, ALICE, { profileId, deviceId: DESK, now: Temporal.Now.instant() });
  await store.close();
  const db = openSqlite(file);
  const insert = Object.fromEntries(Object.entries(ROWS).map(([name, sql]) => [name, db.prepare(sql)])) as {
    [Name in keyof typeof ROWS]: ReturnType<typeof db.prepare>;
  };
  const { tenantId, userId } = ALICE;
  const idOf = (profileId: string, seq: number) => `${profileId}${String(seq).padStart(4, '0')}`.slice(-32);
  const digest = 'd'.repeat(64);
  const receipt = JSON.stringify({ seq: 1, mac: digest, stored: true, lastBackupAt: 1 });
  const rows = Array.from({ length: ROUNDS }, (_, round) => round + 1).flatMap((seq) =>
    PROFILES.map((profileId) => ({ profileId, seq, sealed: randomBytes(SEALED_BYTES) })),
  );
  const commit = (group: typeof rows) => {
    db.exec('begin immediate');
    for (const { profileId, seq, sealed } of group) {
      const unitId = idOf(profileId, seq);
      const manifest = sealed.subarray(0, 900);
      insert.unit.run(
        userId,
        unitId,
        tenantId,
        profileId,
        'carryover.colors',
        'personalization',
        digest,
        DESK,
        'received',
        sealed,
      );
      insert.snapshot.run(userId, profileId, seq, tenantId, digest, digest, DESK, '0.1.0', '1', 'received', manifest);
      insert.line.run(userId, profileId, seq, unitId, tenantId);
      insert.head.run(userId, profileId, tenantId, unitId, `{${profileId}}$carryover.colors`, DESK);
      insert.profile.run(seq, digest, receipt, userId, profileId);
      if (seq <= KEEP) continue;
      insert.oldUnit.run(userId, idOf(profileId, seq - KEEP));
      insert.oldLine.run(userId, profileId, seq - KEEP);
      insert.oldSnapshot.run(userId, profileId, seq - KEEP);
    }
    db.exec('commit');
  };
  const commitAll = async (some: typeof rows) => {
    for (let at = 0; at < some.length; at += IN_FLIGHT) commit(some.slice(at, at + IN_FLIGHT));
  };
  await commitAll(rows.slice(0, WARM_ROUNDS * DEVICES));

  const seconds = await secondsOf(() => commitAll(rows.slice(WARM_ROUNDS * DEVICES)));

  db.close();
  return ((ROUNDS - WARM_ROUNDS) * DEVICES) / seconds;
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return (performance.now() - startedAtMs) / 1000;
}
