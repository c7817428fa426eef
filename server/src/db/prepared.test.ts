import assert from 'node:assert/strict';
import { testOnEveryFreshDatabase } from '../../testing/databases.ts';
import { addProof } from '../../testing/sample-commands.ts';
import { prepared } from './prepared.ts';
import { readRows } from './read.ts';
import { openStore } from './store.ts';

const findProof = prepared((db, at: { jkt: string; jti: string }) =>
  db.selectFrom('proofs').select('expires_at').where('jkt', '=', at.jkt).where('jti', '=', at.jti),
);

testOnEveryFreshDatabase('a prepared query is filled in anew each time', async ({ databaseUrl }) => {
  const store = await openStore({
    databaseUrl,
    commands: new URL('../../testing/sample-commands.ts', import.meta.url),
  });
  await Promise.all([store.write(addProof, 'key', 'a', 1), store.write(addProof, 'key', 'b', 2)]);

  const found = await Promise.all(['a', 'b', 'c'].map((jti) => readRows(store, findProof({ jkt: 'key', jti }))));

  assert.deepEqual(
    found.map((rows) => rows.map((row) => row.expires_at)),
    [[1], [2], []],
  );
  await store.close();
});

testOnEveryFreshDatabase('a value that is missing is a fault, not a null', async ({ databaseUrl }) => {
  const store = await openStore({
    databaseUrl,
    commands: new URL('../../testing/sample-commands.ts', import.meta.url),
  });

  const asked = readRows(store, findProof({ jkt: 'key' } as { jkt: string; jti: string }));

  await assert.rejects(asked, /lacks its value "jti"/);
  await store.close();
});
