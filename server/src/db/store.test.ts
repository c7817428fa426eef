import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { KnownError } from '@carryover/model/errors';
import { Kysely, sql } from 'kysely';
import { type FreshDatabase, testOnEveryFreshDatabase } from '../../testing/databases.ts';
import { runUntilKilled } from '../../testing/killed-process.ts';
import { addProof, addTwoThenRefuse } from '../../testing/sample-commands.ts';
import type { Store } from './command.ts';
import { MIGRATIONS, migrate } from './migrate.ts';
import { openPostgres, postgresDialect } from './postgres.ts';
import { openSqlite, sqliteDialect } from './sqlite.ts';
import { openStore } from './store.ts';

const commands = new URL('../../testing/sample-commands.ts', import.meta.url);

async function withStore(database: FreshDatabase, run: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore({ databaseUrl: database.databaseUrl, commands });
  try {
    await run(store);
  } finally {
    await store.close();
  }
}

const proofsOf = (store: Store) => store.read.selectFrom('proofs').selectAll().orderBy('jti').execute();

testOnEveryFreshDatabase('what a command wrote is read after it, also in a store opened later', async (database) => {
  await withStore(database, async (store) => {
    assert.equal(await store.write(addProof, 'key', 'a', 2 ** 52), 'a');
    assert.deepEqual({ ...(await proofsOf(store))[0] }, { jkt: 'key', jti: 'a', expires_at: 2 ** 52 });
  });

  await withStore(database, async (store) => assert.equal((await proofsOf(store)).length, 1));
});

testOnEveryFreshDatabase('a refused command undoes itself and no other that ran with it', async (database) => {
  await withStore(database, async (store) => {
    const [before, refused, after] = await Promise.allSettled([
      store.write(addProof, 'key', 'before', 1),
      store.write(addTwoThenRefuse, 'key'),
      store.write(addProof, 'key', 'later', 1),
    ]);

    assert.equal(before.status, 'fulfilled');
    assert.equal(after.status, 'fulfilled');
    assert.ok(refused.status === 'rejected' && refused.reason instanceof KnownError);
    const { code, inner, details, message } = refused.reason;
    assert.deepEqual(
      { code, inner, details, message },
      { code: 'conflict', inner: 'sample', details: { head: { seq: 3 } }, message: 'Refused.' },
    );
    assert.deepEqual(
      (await proofsOf(store)).map(({ jti }) => jti),
      ['before', 'later'],
    );
  });
});

testOnEveryFreshDatabase('a fault inside a command is no KnownError and undoes the command', async (database) => {
  await withStore(database, async (store) => {
    await store.write(addProof, 'key', 'a', 1);

    const again = store.write(addProof, 'key', 'a', 1);

    await assert.rejects(again, (error) => error instanceof Error && !(error instanceof KnownError));
    assert.equal(await store.write(addProof, 'key', 'b', 1), 'b');
  });
});

testOnEveryFreshDatabase('a command that is not in the table is refused by name on SQLite', async (database) => {
  await withStore(database, async (store) => {
    const unknown = { name: 'unknown', work: addProof.work };

    const written = store.write(unknown, 'key', 'a', 1);

    if (store.dialect === 'sqlite') await assert.rejects(written, /command unknown is not in the table/);
    else await written;
  });
});

testOnEveryFreshDatabase('texts are ordered byte by byte', async (database) => {
  await withStore(database, async (store) => {
    for (const jti of ['desk2', 'Desk-2', 'desk-1', 'DESK-0']) await store.write(addProof, 'key', jti, 1);

    assert.deepEqual(
      (await proofsOf(store)).map(({ jti }) => jti),
      ['DESK-0', 'Desk-2', 'desk-1', 'desk2'],
    );
  });
});

testOnEveryFreshDatabase('two processes that start at once migrate once and write side by side', async (database) => {
  const ended = await Promise.all([
    runUntilKilled('./write-until-killed.ts', [database.databaseUrl, 'first', '40']),
    runUntilKilled('./write-until-killed.ts', [database.databaseUrl, 'second', '40']),
  ]);

  const acknowledged = ended.flatMap(({ lines }) => lines.slice(1));
  assert.deepEqual(
    ended.map(({ exit }) => exit),
    [0, 0],
  );
  assert.equal(acknowledged.length, 80);
  await withStore(database, async (store) => {
    assert.deepEqual(
      (await proofsOf(store)).map(({ jti }) => jti),
      acknowledged.toSorted(),
    );
  });
});

testOnEveryFreshDatabase('nothing acknowledged is lost when the process is killed', async (database) => {
  const { lines } = await runUntilKilled('./write-until-killed.ts', [database.databaseUrl, 'killed'], 300);

  const names = lines.slice(1);
  await withStore(database, async (store) => {
    const stored = new Set((await proofsOf(store)).map(({ jti }) => jti));
    assert.ok(names.length >= 299, `${names.length} acknowledged`);
    assert.deepEqual(
      names.filter((name) => !stored.has(name)),
      [],
    );
    assert.equal(await store.write(addProof, 'after', 'after', 1), 'after');
  });
});

testOnEveryFreshDatabase('what a neighbour in the same database has is not taken for our own', async (database) => {
  const neighbour = database.databaseUrl.replace(/search_path%3D\w+|data\.db$/, (place) =>
    place === 'data.db' ? 'neighbour.db' : `${place}_neighbour`,
  );
  await createSchemaOf(neighbour);

  await withStore({ ...database, databaseUrl: neighbour }, async (store) => {
    await store.write(addProof, 'theirs', 'theirs', 1);
  });

  await withStore(database, async (store) => assert.deepEqual(await proofsOf(store), []));
  await dropSchemaOf(neighbour);
});

testOnEveryFreshDatabase('a failed migration leaves the database as it was', async (database) => {
  const db = new Kysely<never>({ dialect: dialectOf(database) });
  const failing = {
    ...MIGRATIONS,
    '2999-01-01-fails': () => ({
      async up(db: Kysely<unknown>) {
        await sql`create table half_done (a integer)`.execute(db);
        await sql`insert into no_such_table values (1)`.execute(db);
      },
    }),
  };
  try {
    await assert.rejects(migrate({ db, dialect: database.dialect, tables: 'data' }, failing), /no_such_table/);

    await assert.rejects(sql`select * from half_done`.execute(db), /half_done/);
    await assert.rejects(sql`select * from profiles`.execute(db), /profiles/);
    await migrate({ db, dialect: database.dialect, tables: 'data' });
    assert.deepEqual((await sql`select * from profiles`.execute(db)).rows, []);
  } finally {
    await db.destroy();
  }
});

test('a full disk is said, costs nothing that was acknowledged, and is over when there is room', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-full-'));
  try {
    const { stdout, stderr } = await onSmallDisk(folder);
    const found = JSON.parse(stdout || '{}');

    assert.deepEqual(
      { ...found, acknowledged: found.acknowledged > 0 },
      { acknowledged: true, code: 'storageFull', kept: found.acknowledged, afterwards: 'again', integrity: 'ok' },
      stderr,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** In a mount namespace of its own, on a disk of 8 MB in memory; where that is not allowed, on as many pages. */
async function onSmallDisk(folder: string): Promise<{ stdout: string; stderr: string }> {
  const run = promisify(execFile);
  const program = fileURLToPath(new URL('../../testing/fill-disk.ts', import.meta.url));
  const small = [
    '--mount',
    '--map-root-user',
    'sh',
    '-c',
    'mount -t tmpfs -o size=8m tmpfs "$1" && exec "$2" "$3" "$1"',
  ];
  const mayMount = await run('unshare', [...small, 'sh', folder, '/bin/true', '']).then(
    () => true,
    () => false,
  );
  return mayMount
    ? run('unshare', [...small, 'sh', folder, process.execPath, program])
    : run(process.execPath, [program, folder, '--pages']);
}

function dialectOf({ dialect, databaseUrl }: FreshDatabase) {
  return dialect === 'sqlite'
    ? sqliteDialect(openSqlite(databaseUrl.slice('sqlite:'.length)))
    : postgresDialect(openPostgres(databaseUrl, 2));
}

testOnEveryFreshDatabase('commits are durable by setting, not by luck', async (database) => {
  await withStore(database, async (store) => {
    if (store.dialect === 'postgres') {
      const { rows } = await sql<{ synchronous_commit: string }>`show synchronous_commit`.execute(store.read);
      assert.equal(rows[0]?.synchronous_commit, 'on');
      return;
    }
    const file = database.databaseUrl.slice('sqlite:'.length);
    const written = openSqlite(file);
    assert.equal(written.prepare('pragma synchronous').get()?.['synchronous'], 2);
    assert.equal(written.prepare('pragma journal_mode').get()?.['journal_mode'], 'wal');
    written.close();
  });
});

/** The schema named in the search_path of a PostgreSQL address; SQLite files need none. */
function schemaOf(url: string): string | undefined {
  return /search_path%3D(\w+)/.exec(url)?.[1];
}

async function createSchemaOf(url: string): Promise<void> {
  await onSchemaOf(url, (schema) => `create schema ${schema}`);
}

async function dropSchemaOf(url: string): Promise<void> {
  await onSchemaOf(url, (schema) => `drop schema ${schema} cascade`);
}

async function onSchemaOf(url: string, statement: (schema: string) => string): Promise<void> {
  const schema = schemaOf(url);
  if (schema === undefined) return;
  const pool = openPostgres(url, 1);
  try {
    await pool.query(statement(schema));
  } finally {
    await pool.end();
  }
}
