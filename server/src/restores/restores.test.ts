import assert from 'node:assert/strict';
import { KnownError } from '@carryover/model/errors';
import type { ReportBody } from '@carryover/model/wire';
import { testOnEveryDatabase } from '../../testing/databases.ts';
import { ALICE, BOB, DESK, EVE, LAPTOP } from '../../testing/people.ts';
import { anUpload, aRequestId, aUnit } from '../../testing/uploads.ts';
import type { Store } from '../db/command.ts';
import type { Keys } from '../keys/keys.ts';
import { createProfile } from '../profiles/profiles.ts';
import { commitUpload } from '../snapshots/snapshots.ts';
import { checkSnapshot } from '../snapshots/validator.ts';
import { getRestore, listRestores, putReport, startRestore } from './restores.ts';

const PROFILE = '44444444-0000-4000-8000-000000000001';
const SESSION = '55555555-0000-4000-8000-000000000001';
const NOW = Temporal.Instant.from('2026-01-05T08:00:00Z');
const LATER = NOW.add({ minutes: 5 });
const CHOICE = { profileId: PROFILE, seq: 1, only: ['personalization'], skip: [] };

const isNotFound = (error: unknown) => error instanceof KnownError && error.code === 'itemNotFound';

async function aBackup(store: Store, keys: Keys, checked = true): Promise<void> {
  const digestKey = await keys.digestKey(ALICE);
  await createProfile(store, ALICE, { profileId: PROFILE, deviceId: DESK, now: NOW });
  const parts = anUpload(digestKey, { units: [aUnit(digestKey)] });
  await commitUpload({ store, keys }, { owner: ALICE, profileId: PROFILE, requestId: aRequestId(), parts, now: NOW });
  if (checked) await checkSnapshot({ store, keys }, { ...ALICE, profileId: PROFILE, seq: 1 });
}

const aStart = { sessionId: SESSION, deviceId: LAPTOP, choice: CHOICE, now: NOW };

function aReport(report: Partial<ReportBody> = {}) {
  const items: ReportBody['items'] = [
    { id: 'colors.theme', kind: 'setting', category: 'personalization', status: 'applied' },
  ];
  return {
    sessionId: SESSION,
    deviceId: LAPTOP,
    report: { items, durationMs: 1234.5, finished: true, undone: false, ...report },
    now: LATER,
  };
}

testOnEveryDatabase('a choice is on record before anything is applied', async (store, keys) => {
  await aBackup(store, keys);

  await startRestore(store, ALICE, aStart);

  assert.deepEqual(await getRestore(store, ALICE, SESSION), {
    sessionId: SESSION,
    deviceId: LAPTOP,
    profileId: PROFILE,
    seq: 1,
    startedAt: NOW,
    finishedAt: undefined,
    durationMs: undefined,
    outcome: 'running',
    items: [],
  });
});

testOnEveryDatabase('a report may come any number of times; the newest word on an item counts', async (store, keys) => {
  await aBackup(store, keys);
  await startRestore(store, ALICE, aStart);
  const failed = {
    id: 'colors.theme',
    kind: 'setting',
    category: 'personalization',
    status: 'failed',
    reason: { code: 'didNotTake' },
  } as const;

  await putReport(store, ALICE, aReport({ items: [failed], finished: false }));
  await putReport(store, ALICE, aReport({ items: [failed] }));
  const before = await getRestore(store, ALICE, SESSION);
  await putReport(store, ALICE, { ...aReport(), now: LATER.add({ minutes: 1 }) });
  const after = await getRestore(store, ALICE, SESSION);

  assert.deepEqual([before.outcome, before.items], ['failed', [failed]]);
  assert.deepEqual([after.outcome, after.items, after.finishedAt], ['succeeded', aReport().report.items, LATER]);
  assert.equal((await listRestores(store, ALICE)).length, 1);
});

testOnEveryDatabase('an undone restore says so', async (store, keys) => {
  await aBackup(store, keys);
  await startRestore(store, ALICE, aStart);

  await putReport(store, ALICE, aReport({ undone: true }));

  assert.equal((await getRestore(store, ALICE, SESSION)).outcome, 'undone');
});

testOnEveryDatabase('only a checked backup of the person can be chosen', async (store, keys) => {
  await aBackup(store, keys, false);

  await assert.rejects(startRestore(store, ALICE, aStart), isNotFound);
  await checkSnapshot({ store, keys }, { ...ALICE, profileId: PROFILE, seq: 1 });
  await assert.rejects(startRestore(store, ALICE, { ...aStart, choice: { ...CHOICE, seq: 2 } }), isNotFound);
  for (const other of [BOB, EVE]) await assert.rejects(startRestore(store, other, aStart), isNotFound);
  await startRestore(store, ALICE, aStart);
});

testOnEveryDatabase("nobody reports on or reads another's restore", async (store, keys) => {
  await aBackup(store, keys);
  await startRestore(store, ALICE, aStart);

  for (const other of [BOB, EVE]) {
    await assert.rejects(putReport(store, other, aReport()), isNotFound);
    await assert.rejects(getRestore(store, other, SESSION), isNotFound);
  }
  await assert.rejects(putReport(store, ALICE, { ...aReport(), deviceId: DESK }), isNotFound);
  assert.equal((await getRestore(store, ALICE, SESSION)).outcome, 'running');
});
