import assert from 'node:assert/strict';
import { KnownError } from '@carryover/model/errors';
import type { ReportBody } from '@carryover/model/wire';
import { testOnEveryDatabase } from '../../testing/databases.ts';
import { ALICE, BOB, DESK, EVE, LAPTOP } from '../../testing/people.ts';
import { tamper } from '../../testing/tampering.ts';
import { anUpload, aRequestId, aUnit } from '../../testing/uploads.ts';
import type { Store } from '../db/command.ts';
import type { Keys } from '../keys/keys.ts';
import { createProfile } from '../profiles/profiles.ts';
import { commitUpload } from '../snapshots/snapshots.ts';
import { checkSnapshot } from '../snapshots/validator.ts';
import { getRestore, listRestores, putReport, setUpAsNew, startRestore } from './restores.ts';
import { openChoice } from './sealing.ts';

const PROFILE = '44444444-0000-4000-8000-000000000001';
const SESSION = '55555555-0000-4000-8000-000000000001';
const OTHER_SESSION = '55555555-0000-4000-8000-000000000002';
const NOW = Temporal.Instant.from('2026-01-05T08:00:00Z');
const LATER = NOW.add({ minutes: 5 });
const CHOICE = { profileId: PROFILE, seq: 1, only: ['personalization'], skip: [] };

const isDamaged = (error: unknown) => error instanceof KnownError && error.code === 'dataDamaged';
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

  await startRestore({ store, keys }, ALICE, aStart);

  assert.deepEqual(await getRestore({ store, keys }, ALICE, SESSION), {
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
  await startRestore({ store, keys }, ALICE, aStart);
  const failed = {
    id: 'colors.theme',
    kind: 'setting',
    category: 'personalization',
    status: 'failed',
    reason: { code: 'didNotTake' },
  } as const;

  await putReport({ store, keys }, ALICE, aReport({ items: [failed], finished: false }));
  await putReport({ store, keys }, ALICE, aReport({ items: [failed] }));
  const before = await getRestore({ store, keys }, ALICE, SESSION);
  await putReport({ store, keys }, ALICE, { ...aReport(), now: LATER.add({ minutes: 1 }) });
  const after = await getRestore({ store, keys }, ALICE, SESSION);

  assert.deepEqual([before.outcome, before.items], ['failed', [failed]]);
  assert.deepEqual([after.outcome, after.items, after.finishedAt], ['succeeded', aReport().report.items, LATER]);
  assert.equal((await listRestores({ store, keys }, ALICE)).length, 1);
});

testOnEveryDatabase('an undone restore says so', async (store, keys) => {
  await aBackup(store, keys);
  await startRestore({ store, keys }, ALICE, aStart);

  await putReport({ store, keys }, ALICE, aReport({ undone: true }));

  assert.equal((await getRestore({ store, keys }, ALICE, SESSION)).outcome, 'undone');
});

testOnEveryDatabase('only a checked backup of the person can be chosen', async (store, keys) => {
  await aBackup(store, keys, false);

  await assert.rejects(startRestore({ store, keys }, ALICE, aStart), isNotFound);
  await checkSnapshot({ store, keys }, { ...ALICE, profileId: PROFILE, seq: 1 });
  await assert.rejects(startRestore({ store, keys }, ALICE, { ...aStart, choice: { ...CHOICE, seq: 2 } }), isNotFound);
  for (const other of [BOB, EVE]) await assert.rejects(startRestore({ store, keys }, other, aStart), isNotFound);
  await startRestore({ store, keys }, ALICE, aStart);
});

testOnEveryDatabase("nobody reports on or reads another's restore", async (store, keys) => {
  await aBackup(store, keys);
  await startRestore({ store, keys }, ALICE, aStart);

  for (const other of [BOB, EVE]) {
    await assert.rejects(putReport({ store, keys }, other, aReport()), isNotFound);
    await assert.rejects(getRestore({ store, keys }, other, SESSION), isNotFound);
  }
  await assert.rejects(putReport({ store, keys }, ALICE, { ...aReport(), deviceId: DESK }), isNotFound);
  assert.equal((await getRestore({ store, keys }, ALICE, SESSION)).outcome, 'running');
});

const aNewPc = { sessionId: OTHER_SESSION, deviceId: LAPTOP, now: LATER };

testOnEveryDatabase('a PC set up as new is on record once, however often it is said', async (store, keys) => {
  await setUpAsNew({ store, keys }, ALICE, aNewPc);
  await setUpAsNew({ store, keys }, ALICE, { ...aNewPc, sessionId: SESSION, now: LATER.add({ minutes: 1 }) });

  assert.deepEqual(await listRestores({ store, keys }, ALICE), [
    {
      sessionId: OTHER_SESSION,
      deviceId: LAPTOP,
      profileId: undefined,
      seq: undefined,
      startedAt: LATER,
      finishedAt: LATER,
      durationMs: undefined,
      outcome: 'setUpAsNew',
      items: [],
    },
  ]);
  for (const other of [BOB, EVE]) assert.deepEqual(await listRestores({ store, keys }, other), []);
});

testOnEveryDatabase('who chooses anew drops the choice before, on this device only', async (store, keys) => {
  const third = '55555555-0000-4000-8000-000000000003';
  const elsewhere = '55555555-0000-4000-8000-000000000004';
  await aBackup(store, keys);
  await startRestore({ store, keys }, ALICE, aStart);
  await startRestore({ store, keys }, ALICE, { ...aStart, sessionId: elsewhere, deviceId: DESK });

  await setUpAsNew({ store, keys }, ALICE, aNewPc);
  await startRestore({ store, keys }, ALICE, { ...aStart, sessionId: third, now: LATER.add({ minutes: 1 }) });

  const outcomes = (await listRestores({ store, keys }, ALICE)).map(({ sessionId, outcome }) => [sessionId, outcome]);
  assert.deepEqual(outcomes, [
    [third, 'running'],
    [OTHER_SESSION, 'setUpAsNew'],
    [SESSION, 'replaced'],
    [elsewhere, 'running'],
  ]);
});

testOnEveryDatabase(
  'a choice that was dropped and carried out all the same says what came of it',
  async (store, keys) => {
    await aBackup(store, keys);
    await startRestore({ store, keys }, ALICE, aStart);
    await setUpAsNew({ store, keys }, ALICE, aNewPc);

    await putReport({ store, keys }, ALICE, aReport());

    assert.equal((await getRestore({ store, keys }, ALICE, SESSION)).outcome, 'succeeded');
  },
);

const APP: ReportBody['items'][number] = {
  id: 'apps.flatpak/org.example.Diary',
  kind: 'app',
  category: 'apps',
  status: 'failed',
  reason: { code: 'appNotOffered', facts: { app: 'Secret Diary' } },
};
const FILE: ReportBody['items'][number] = {
  id: 'fonts.own/.config/fonts/letters-to-bob.ttf',
  kind: 'file',
  category: 'personalization',
  status: 'applied',
};
const NAMES = ['org.example.Diary', 'Secret Diary', 'letters-to-bob'];

/** A restore whose choice and report name an app and a file. */
async function aNamedRestore(store: Store, keys: Keys, sessionId = SESSION): Promise<void> {
  const choice = { ...CHOICE, only: ['personalization', APP.id], skip: [FILE.id] };
  await startRestore({ store, keys }, ALICE, { ...aStart, sessionId, choice });
  await putReport({ store, keys }, ALICE, { ...aReport({ items: [APP, FILE] }), sessionId });
}

const itemRows = (store: Store) => store.read.selectFrom('restore_items').selectAll().orderBy('setting_id').execute();
const sessionRows = (store: Store) => store.read.selectFrom('restore_sessions').selectAll().execute();

testOnEveryDatabase(
  'no name of a file or an app is readable in the rows, and what is counted is',
  async (store, keys) => {
    await aBackup(store, keys);
    await aNamedRestore(store, keys);

    const [items, sessions] = [await itemRows(store), await sessionRows(store)];

    const texts = [...items, ...sessions].flatMap((row) =>
      Object.values(row).map((value) =>
        Buffer.from(value instanceof Uint8Array ? value : String(value)).toString('latin1'),
      ),
    );
    assert.deepEqual(
      NAMES.filter((name) => texts.some((text) => text.includes(name))),
      [],
    );
    assert.deepEqual(
      items.map(({ setting_id, kind, category, status, reason_code }) => [
        setting_id,
        kind,
        category,
        status,
        reason_code,
      ]),
      [
        ['apps.flatpak', 'app', 'apps', 'failed', 'appNotOffered'],
        ['fonts.own', 'file', 'personalization', 'applied', null],
      ],
    );
    for (const { item_id } of items) assert.match(item_id, /^[0-9a-f]{32}$/);
    assert.deepEqual((await getRestore({ store, keys }, ALICE, SESSION)).items, [APP, FILE]);
  },
);

testOnEveryDatabase('the choice is on record as it was made', async (store, keys) => {
  await aBackup(store, keys);
  await aNamedRestore(store, keys);
  const [session] = await sessionRows(store);
  assert.ok(session);
  const key = await keys.openingKey(ALICE, PROFILE, session.key_id);

  const choice = openChoice(session.choice, key, { owner: ALICE, profileId: PROFILE, sessionId: SESSION });

  assert.deepEqual(choice, { only: ['personalization', APP.id], skip: [FILE.id] });
  const elsewhere = { owner: ALICE, profileId: PROFILE, sessionId: OTHER_SESSION };
  assert.throws(() => openChoice(session.choice, key, elsewhere), isDamaged);
});

testOnEveryDatabase('a report that is repeated stays one row an item', async (store, keys) => {
  await aBackup(store, keys);
  await aNamedRestore(store, keys);
  const before = await itemRows(store);

  await putReport({ store, keys }, ALICE, aReport({ items: [APP, FILE] }));

  const ids = (rows: typeof before) => rows.map(({ item_id }) => item_id);
  assert.deepEqual(ids(await itemRows(store)), ids(before));
});

testOnEveryDatabase(
  "an item moved to another session or over another item's row does not open",
  async (store, keys, database) => {
    await aBackup(store, keys);
    await aNamedRestore(store, keys);
    await startRestore({ store, keys }, ALICE, { ...aStart, sessionId: OTHER_SESSION });
    const [app, file] = await itemRows(store);
    assert.ok(app && file);

    await tamper(database, async (db) => {
      await db
        .insertInto('restore_items')
        .values({ ...app, session_id: OTHER_SESSION })
        .execute();
      await db
        .updateTable('restore_items')
        .set({ sealed: app.sealed })
        .where('session_id', '=', SESSION)
        .where('item_id', '=', file.item_id)
        .execute();
    });

    await assert.rejects(getRestore({ store, keys }, ALICE, OTHER_SESSION), isDamaged);
    await assert.rejects(getRestore({ store, keys }, ALICE, SESSION), isDamaged);
  },
);

testOnEveryDatabase('a restore moved to another person tells them no name', async (store, keys, database) => {
  await aBackup(store, keys);
  await aNamedRestore(store, keys);
  const own = await aBackupOfBob(store, keys);

  await tamper(database, async (db) => {
    for (const table of ['restore_sessions', 'restore_items'] as const)
      await db.updateTable(table).set({ user_id: BOB.userId }).execute();
  });
  const withAlicesKey = await getRestore({ store, keys }, BOB, SESSION);
  await tamper(database, async (db) => {
    await db.updateTable('restore_sessions').set({ profile_id: own.profileId, key_id: own.keyId }).execute();
  });

  assert.deepEqual(
    NAMES.filter((name) => JSON.stringify(withAlicesKey).includes(name)),
    [],
  );
  await assert.rejects(getRestore({ store, keys }, BOB, SESSION), isDamaged);
});

testOnEveryDatabase(
  'once the keys of the profile are destroyed, items are erased and still counted',
  async (store, keys) => {
    await aBackup(store, keys);
    await aNamedRestore(store, keys);
    await keys.destroyProfile(ALICE, PROFILE, LATER);

    const before = await getRestore({ store, keys }, ALICE, SESSION);
    await putReport({ store, keys }, ALICE, aReport({ items: [APP, { ...FILE, status: 'unchanged' }] }));
    const after = await getRestore({ store, keys }, ALICE, SESSION);

    assert.equal(before.outcome, 'failed');
    assert.deepEqual(
      after.items.map(({ id, status, reason }) => [id.replace(/[0-9a-f]{32}$/, ''), status, reason]),
      [
        ['apps.flatpak/erased/', 'failed', { code: 'appNotOffered' }],
        ['fonts.own/erased/', 'unchanged', undefined],
      ],
    );
    assert.deepEqual(
      after.items.map(({ id }) => id),
      before.items.map(({ id }) => id),
    );
  },
);

/** A profile of Bob's own, so that he has a key. */
async function aBackupOfBob(store: Store, keys: Keys): Promise<{ profileId: string; keyId: string }> {
  const profileId = '44444444-0000-4000-8000-000000000002';
  await createProfile(store, BOB, { profileId, deviceId: LAPTOP, now: NOW });
  const { keyId } = await keys.profileKey(BOB, profileId);
  return { profileId, keyId };
}
