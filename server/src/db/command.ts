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
 * Arguments and results cross a thread: plain data and Uint8Array only; moments are milliseconds.
 * A KnownError thrown inside undoes the command and reaches the caller as the same KnownError.
 */

import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export type Builder = Pick<Kysely<Schema>, 'selectFrom' | 'insertInto' | 'updateTable' | 'deleteFrom' | 'with'>;

export interface StepResult {
  readonly rows: readonly unknown[];
  readonly changed: number;
}

export interface Step {
  readonly query: (db: Builder) => Compilable | CompiledQuery;
}

export type Work<Result> = Generator<Step, Result, StepResult>;

export interface Command<Args extends readonly unknown[], Result> {
  readonly name: string;
  readonly work: (...args: Args) => Work<Result>;
}

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

/** Runs a write and says how many rows it changed. */
export function* run(query: Step['query']): Generator<Step, { readonly changed: number }, StepResult> {
  const { changed } = yield { query };
  return { changed };
}

/** Runs a query that returns rows (a select, or a write with RETURNING). */
export function* rowsOf<Row>(
  query: (db: Builder) => Compilable<Row> | CompiledQuery<Row>,
): Generator<Step, readonly Row[], StepResult> {
  const { rows } = yield { query };
  return rows as readonly Row[];
}

/** The first row or undefined. */
export function* firstOf<Row>(
  query: (db: Builder) => Compilable<Row> | CompiledQuery<Row>,
): Generator<Step, Row | undefined, StepResult> {
  const { rows } = yield { query };
  return rows[0] as Row | undefined;
}

/** A database as the contexts see it: read anywhere, write by command. */
export interface Store {
  readonly dialect: 'sqlite' | 'postgres';
  readonly read: Kysely<Schema>;
  /** Resolves when the command is durable. Errors: KnownError as thrown by the command; storageFull when the disk is full. */
  write<Args extends readonly unknown[], Result>(command: Command<Args, Result>, ...args: Args): Promise<Result>;
  close(): Promise<void>;
}
