/**
 * Commands: the only way to write. Each is a named generator that yields queries and gets their results.
 *
 * The same command runs in the SQLite writer thread (synchronously, in its own savepoint of a group commit) and on
 * PostgreSQL (in its own transaction, retried on 40001 and 40P01). So a command is deterministic: ids, salts and the
 * clock are arguments, and it touches one person's (or one tenant's) rows only.
 *
 *   export const renameDevice = command('renameDevice', function* (tenantId: string, deviceId: string, name: string) {
 *     const { changed } = yield* run((db) => db.updateTable('devices').set({ name })...);
 *     return changed === 1;
 *   });
 *   const renamed = await store.write(renameDevice, tenantId, deviceId, 'DESK-1');
 *
 * Arguments and results cross a thread: plain data and Uint8Array only; moments are milliseconds. Byte arrays are handed
 * over: who gave one to a command does not use it again.
 * A KnownError thrown inside undoes the command and reaches the caller as the same KnownError.
 */

import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import type { Owner, Schema } from './schema.ts';

export type Builder<Tables = Schema> = Pick<
  Kysely<Tables>,
  'selectFrom' | 'insertInto' | 'updateTable' | 'deleteFrom' | 'with'
>;

export interface StepResult {
  readonly rows: readonly unknown[];
  readonly changed: number;
}

export type Query<Row = unknown, Tables = Schema> = (db: Builder<Tables>) => Compilable<Row> | CompiledQuery<Row>;

/** Queries that do not depend on each other's results: PostgreSQL gets them in one flight. */
export interface Step {
  // The tables are checked where a query is written; whoever executes steps only compiles them.
  readonly queries: readonly Query<unknown, never>[];
  /** A person whose other commands wait from here on. The SQLite writer passes over it: there every command is alone. */
  readonly lock?: Owner;
}

export type Work<Result> = Generator<Step, Result, readonly StepResult[]>;

export interface Command<Args extends readonly unknown[], Result> {
  readonly name: string;
  readonly work: (...args: Args) => Work<Result>;
}

/** Any command, as the tables of commands list them. */
export type AnyCommand = Command<never, unknown>;

/**
 * Names a command. Every one is listed in server/src/commands.ts, the table that the writer thread loads and that a
 * test compares with the stores.
 */
export function command<Args extends readonly unknown[], Result>(
  name: string,
  work: (...args: Args) => Work<Result>,
): Command<Args, Result> {
  return { name, work };
}

/** The steps a command is made of, for one set of tables. */
export interface Steps<Tables> {
  /** Runs a write and says how many rows it changed. */
  run(query: Query<unknown, Tables>): Generator<Step, { readonly changed: number }, readonly StepResult[]>;
  /** Runs writes that do not depend on each other; how many rows each changed. */
  runAll(queries: readonly Query<unknown, Tables>[]): Generator<Step, readonly number[], readonly StepResult[]>;
  /** The first row or undefined. */
  firstOf<Row>(query: Query<Row, Tables>): Generator<Step, Row | undefined, readonly StepResult[]>;
  /** The rows of several queries that do not depend on each other, query by query. */
  rowsOfEach<Rows extends readonly unknown[]>(
    queries: {
      readonly [At in keyof Rows]: Query<Rows[At], Tables>;
    },
  ): Generator<Step, { readonly [At in keyof Rows]: readonly Rows[At][] }, readonly StepResult[]>;
}

export function stepsOn<Tables>(): Steps<Tables> {
  const step = (queries: readonly Query<unknown, Tables>[]): Step => ({
    queries: queries as readonly unknown[] as Step['queries'],
  });
  return {
    *run(query) {
      const [result] = yield step([query]);
      return { changed: result?.changed ?? 0 };
    },
    *runAll(queries) {
      if (queries.length === 0) return [];
      const results = yield step(queries);
      return results.map(({ changed }) => changed);
    },
    *firstOf<Row>(query: Query<Row, Tables>) {
      const [result] = yield step([query]);
      return result?.rows[0] as Row | undefined;
    },
    *rowsOfEach<Rows extends readonly unknown[]>(queries: { readonly [At in keyof Rows]: Query<Rows[At], Tables> }) {
      const results = queries.length === 0 ? [] : yield step(queries as readonly Query<unknown, Tables>[]);
      return results.map(({ rows }) => rows) as unknown as { readonly [At in keyof Rows]: readonly Rows[At][] };
    },
  };
}

export const { run, runAll, firstOf, rowsOfEach } = stepsOn<Schema>();

/**
 * Holds back other commands of the same person until this one is done: the first step of a command that reads before it
 * writes. Errors: itemNotFound when there is no such person.
 */
export function* lockOwner(owner: Owner): Generator<Step, void, readonly StepResult[]> {
  yield { queries: [], lock: owner };
}

/** The same, and the first look-ups right behind it, in one flight: they see what the lock waited for. */
export function* rowsOfEachLocked<Rows extends readonly unknown[]>(
  owner: Owner,
  queries: { readonly [At in keyof Rows]: Query<Rows[At]> },
): Generator<Step, { readonly [At in keyof Rows]: readonly Rows[At][] }, readonly StepResult[]> {
  const results = yield { queries: queries as readonly unknown[] as Step['queries'], lock: owner };
  return results.map(({ rows }) => rows) as unknown as { readonly [At in keyof Rows]: readonly Rows[At][] };
}

/** A database as the contexts see it: read anywhere, write by command. */
export interface Store<Tables = Schema> {
  readonly dialect: 'sqlite' | 'postgres';
  readonly read: Kysely<Tables>;
  /** Runs a compiled query at once, past Kysely's queue for connections. SQLite only, where a read never waits. */
  readonly readNow?: (query: CompiledQuery) => readonly unknown[];
  /** Resolves when the command is durable. Errors: KnownError as thrown by the command; storageFull when the disk is full. */
  write<Args extends readonly unknown[], Result>(command: Command<Args, Result>, ...args: Args): Promise<Result>;
  close(): Promise<void>;
}
