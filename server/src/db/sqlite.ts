/**
 * SQLite by node:sqlite: how a connection is set up, how compiled queries run on it, and the dialect for Kysely.
 *
 * Durable: write-ahead log with synchronous=FULL, so a commit is on disk before it is answered. Checkpoints run only on
 * the connection that writes (readers are opened read-only), so no request on the main thread ever pays for one.
 *
 * Source: server-figures, sections 1 and 3.
 */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery as Compiled,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
} from 'kysely';
import type { StepResult } from './command.ts';

/** Pages of 4 kB in the log before the writer copies them back: 16 MB, a stall of some 20 ms instead of 200. */
const CHECKPOINT_PAGES = 4000;
/** Pages the writer keeps, in KiB: with SQLite's own 2 MB it reads the same inner pages again for every upload. */
const CACHE_KIB = 32 * 1024;
/** Another process may hold the file for one group commit or a checkpoint; far longer means it hangs. */
const BUSY_MS = 10_000;
/** Statements kept compiled. Hot ones are few; lists of varying length make more. */
const KEPT_STATEMENTS = 500;

/** Opens a file, making its folder when it is to be written. `secureDelete` overwrites what is deleted (keys). */
export function openSqlite(
  file: string,
  options: { readonly readOnly?: boolean; readonly secureDelete?: boolean } = {},
): DatabaseSync {
  const { readOnly = false, secureDelete = false } = options;
  if (!readOnly) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(file, { readOnly, timeout: BUSY_MS });
  if (readOnly) return db;
  db.exec('pragma journal_mode = wal');
  db.exec('pragma synchronous = full');
  db.exec(`pragma cache_size = -${CACHE_KIB}`);
  db.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  // What a savepoint needs for going back: in a file it would be a third of all that is written, for nothing that lasts.
  db.exec('pragma temp_store = memory');
  if (secureDelete) db.exec('pragma secure_delete = on');
  return db;
}

/** Runs compiled queries on one connection and keeps their statements. */
export class Statements {
  readonly #db: DatabaseSync;
  readonly #kept = new Map<string, { readonly statement: StatementSync; readonly reader: boolean }>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  run({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): StepResult {
    const { statement, reader } = this.prepare(sql);
    const values = parameters as SQLInputValue[];
    if (reader) {
      const rows = statement.all(...values);
      return { rows, changed: rows.length };
    }
    return { rows: [], changed: Number(statement.run(...values).changes) };
  }

  prepare(sql: string): { readonly statement: StatementSync; readonly reader: boolean } {
    const known = this.#kept.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    const made = { statement, reader: statement.columns().length > 0 };
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= KEPT_STATEMENTS && !oldest.done) this.#kept.delete(oldest.value);
    this.#kept.set(sql, made);
    return made;
  }
}

/** Kysely's SQLite dialect on a connection of node:sqlite, with migrations that roll back whole. */
export function sqliteDialect(db: DatabaseSync): Dialect {
  const statements = new Statements(db);
  const database = {
    close: () => db.close(),
    prepare: (sql: string) => {
      const { statement, reader } = statements.prepare(sql);
      return {
        reader,
        all: (values: readonly unknown[]) => statement.all(...(values as SQLInputValue[])),
        run: (values: readonly unknown[]) => statement.run(...(values as SQLInputValue[])),
        iterate: (values: readonly unknown[]) => statement.iterate(...(values as SQLInputValue[])),
      };
    },
  };
  const dialect = new SqliteDialect({ database });
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new ImmediateDriver({ database }),
    createIntrospector: (kysely) => dialect.createIntrospector(kysely),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

/** Kysely says that SQLite cannot roll back DDL; it can, and a failed migration must leave nothing behind. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Takes the write lock at once: two processes that migrate the same file wait for each other. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(Compiled.raw('begin immediate'));
  }
}

/** Whether an error of node:sqlite means that the disk is full. The second code: the shared index cannot grow. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  const SQLITE_FULL = 13;
  const SQLITE_IOERR_SHMSIZE = 4874;
  return code === SQLITE_FULL || code === SQLITE_IOERR_SHMSIZE;
}
