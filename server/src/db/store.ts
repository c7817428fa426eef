/**
 * Opens a database by its URL: "sqlite:FILE" or "postgres://…", migrated and ready.
 *
 * SQLite: one thread writes, this thread only reads. PostgreSQL: the same commands, each in its own transaction.
 */

import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { KnownError } from '@carryover/model/errors';
import { Kysely } from 'kysely';
import type pg from 'pg';
import type { Command, Store } from './command.ts';
import { migrate, type Tables } from './migrate.ts';
import { executeOn, openPostgres, postgresDialect, sqlStateOf } from './postgres.ts';
import type { KeySchema, Owner, Schema } from './schema.ts';
import { openSqlite, Statements, sqliteDialect } from './sqlite.ts';
import { Writer } from './writer.ts';

export interface StoreOptions {
  /** "sqlite:FILE" (relative to the current folder) or "postgres://user:password@host/name". */
  readonly databaseUrl: string;
  /** A module that exports COMMANDS: server/src/commands.ts, or a test's own. */
  readonly commands: URL;
}

/** Errors: what keeps the database from being opened or migrated. */
export function openStore(options: StoreOptions): Promise<Store> {
  return open<Schema>(options, 'data');
}

/** The key store: its own database, or its own table in PostgreSQL. */
export function openKeyStore(options: StoreOptions): Promise<Store<KeySchema>> {
  return open<KeySchema>(options, 'keys');
}

function open<Schema>({ databaseUrl, commands }: StoreOptions, tables: Tables): Promise<Store<Schema>> {
  if (databaseUrl.startsWith('sqlite:'))
    return openOnSqlite(resolve(databaseUrl.slice('sqlite:'.length)), commands, tables);
  return openOnPostgres(databaseUrl, tables);
}

async function openOnSqlite<Schema>(file: string, commands: URL, tables: Tables): Promise<Store<Schema>> {
  const migrated = new Kysely<never>({ dialect: sqliteDialect(openSqlite(file)) });
  try {
    await migrate({ db: migrated, dialect: 'sqlite', tables });
  } finally {
    await migrated.destroy();
  }
  const writer = await Writer.start({ file, commandsUrl: commands.href, secureDelete: tables === 'keys' });
  const reader = openSqlite(file, { readOnly: true });
  const statements = new Statements(reader);
  const read = new Kysely<Schema>({ dialect: sqliteDialect(reader) });
  return {
    dialect: 'sqlite',
    read,
    readNow: (query) => statements.run(query).rows,
    write: (command, ...args) => writer.write(command, args),
    // The writer is the last to close the file: it copies the log back.
    close: async () => {
      await read.destroy();
      await writer.close();
    },
  };
}

/** Connections of one process: commands and reads share them. */
const CONNECTIONS = 10;

async function openOnPostgres<Schema>(url: string, tables: Tables): Promise<Store<Schema>> {
  const pool = openPostgres(url, CONNECTIONS);
  const read = new Kysely<Schema>({ dialect: postgresDialect(pool) });
  try {
    await migrate({ db: read as unknown as Kysely<never>, dialect: 'postgres', tables });
  } catch (error) {
    await read.destroy();
    throw error;
  }
  return {
    dialect: 'postgres',
    read,
    write: (command, ...args) => retried(() => inTransaction(pool, read as unknown as Kysely<never>, command, args)),
    close: () => read.destroy(),
  };
}

/** Serialization failure and deadlock: the transaction was undone and may run again. */
const MAY_RUN_AGAIN = ['40001', '40P01'];
const DISK_FULL = '53100';
const ATTEMPTS = 8;

async function retried<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      const state = sqlStateOf(error) ?? '';
      if (state === DISK_FULL)
        throw new KnownError(
          'storageFull',
          'The disk of the service is full: nothing was stored. Tell your IT to make room, then try again.',
          {
            cause: error,
          },
        );
      if (!MAY_RUN_AGAIN.includes(state) || count === ATTEMPTS) throw error;
      // Spread, so that two which met do not meet again. Milliseconds.
      await wait(Math.random() * 5 * 2 ** count);
    }
  }
}

async function inTransaction<Args extends readonly unknown[], Result>(
  pool: pg.Pool,
  db: Kysely<never>,
  command: Command<Args, Result>,
  args: Args,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    // Travels with the first queries; if it fails, so do they.
    const begun = client.query('begin');
    begun.catch(() => {});
    const work = command.work(...args);
    let step = work.next();
    while (!step.done) {
      const { queries, lock } = step.value;
      const locked = lock && lockedOwner(client, lock);
      const results = await Promise.all(
        queries.map((query) => {
          const compilable = query(db);
          return executeOn(client, 'compile' in compilable ? compilable.compile() : compilable);
        }),
      );
      await locked;
      step = work.next(results);
    }
    await begun;
    await client.query('commit');
    return step.value;
  } catch (error) {
    // A connection that cannot even undo is thrown away, and with it the transaction.
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

const LOCK_OWNER = 'select user_id from users where user_id = $1 and tenant_id = $2 for update';

/** Errors: itemNotFound when there is no such person. */
function lockedOwner(client: pg.PoolClient, { userId, tenantId }: Owner): Promise<void> {
  const locked = client.query(LOCK_OWNER, [userId, tenantId]).then(({ rowCount }) => {
    if (rowCount === 0) throw new KnownError('itemNotFound', 'There is no such person in this organization.');
  });
  // Waited for after the queries behind it; when one of them fails, nobody looks at this.
  locked.catch(() => {});
  return locked;
}
