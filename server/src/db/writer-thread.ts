/**
 * The thread that writes SQLite: takes commands off its port and commits those that wait as one group.
 *
 * Each command runs in its own savepoint, so one that fails undoes only itself; nothing is answered before the group is
 * on disk. The commands are loaded from a table that the starter names; nothing but their names and arguments crosses.
 */

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { KnownError } from '@carryover/model/errors';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { AnyCommand, Step, StepResult, Work } from './command.ts';
import { isDiskFull, openSqlite, Statements } from './sqlite.ts';
import type { Answer, Request, WriterData } from './writer.ts';

/** Commands committed together at most: bounds how long the first of them waits. */
const GROUP = 256;

if (parentPort === null) throw new Error('This file runs as a thread of the service only.');
const port = parentPort;
const { file, commandsUrl, secureDelete } = workerData as WriterData;
const { COMMANDS } = (await import(commandsUrl)) as { COMMANDS: readonly AnyCommand[] };
const commands = new Map(COMMANDS.map((known) => [known.name, known]));
const db = openSqlite(file, { secureDelete });
const statements = new Statements(db);
const queue: Request[] = [];

/** Builds and compiles only; Statements runs what comes out. */
const builder = new Kysely<never>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

port.on('message', (message: readonly Request[] | 'close') => {
  let next: { message: readonly Request[] | 'close' } | undefined = { message };
  let closing = false;
  while (next !== undefined) {
    if (next.message === 'close') closing = true;
    else queue.push(...next.message);
    next = queue.length < GROUP ? receiveMessageOnPort(port) : undefined;
  }
  while (queue.length > 0) {
    const answers = commit(queue.splice(0, GROUP));
    // What was deleted must not live on in the log.
    if (secureDelete) makeRoom();
    port.postMessage(answers);
  }
  if (closing) {
    db.close();
    port.close();
  }
});
port.postMessage('ready');

/** Runs a group in one transaction. When the disk is full, each on its own: a smaller one may still fit. */
function commit(group: readonly Request[]): Answer[] {
  try {
    return inOneTransaction(group);
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    if (!isDiskFull(error)) return group.map(({ id }) => failed(id, error));
  }
  makeRoom();
  return group.map((request) => {
    try {
      return inOneTransaction([request])[0] ?? failed(request.id, new Error('A command gave no answer.'));
    } catch (error) {
      if (db.isTransaction) db.exec('rollback');
      return failed(request.id, error);
    }
  });
}

/** Errors: what the commit itself fails with, and a full disk at any step; then none of the group has happened. */
function inOneTransaction(group: readonly Request[]): Answer[] {
  db.exec('begin immediate');
  const answers = group.map((request) => inSavepoint(request));
  db.exec('commit');
  return answers;
}

function inSavepoint({ id, name, args }: Request): Answer {
  statements.run(SAVEPOINT);
  try {
    const found = commands.get(name);
    if (found === undefined) throw new Error(`The command ${name} is not in the table of commands.`);
    const result = finished(found.work(...(args as never)));
    statements.run(RELEASE);
    return { id, result };
  } catch (error) {
    // SQLite gives up the whole transaction on some errors; then there is no savepoint to go back to.
    if (isDiskFull(error) || !db.isTransaction) throw error;
    statements.run(UNDO);
    statements.run(RELEASE);
    return failed(id, error);
  }
}

const SAVEPOINT = { sql: 'savepoint command', parameters: [] };
const RELEASE = { sql: 'release command', parameters: [] };
const UNDO = { sql: 'rollback to command', parameters: [] };

function finished(work: Work<unknown>): unknown {
  let step = work.next();
  while (!step.done) step = work.next(resultsOf(step.value));
  return step.value;
}

/** One writer: every command is alone already, so a lock is nothing to do. */
function resultsOf({ queries }: Step): StepResult[] {
  return queries.map((query) => {
    const compilable = query(builder);
    return statements.run('compile' in compilable ? compilable.compile() : compilable);
  });
}

/** Copies the log back and shortens it, so that its space can be used again. */
function makeRoom(): void {
  try {
    db.exec('pragma wal_checkpoint(truncate)');
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}

function failed(id: number, error: unknown): Answer {
  if (isDiskFull(error))
    return {
      id,
      known: {
        code: 'storageFull',
        message: 'The disk of the service is full: nothing was stored. Tell your IT to make room, then try again.',
        details: {},
      },
    };
  if (error instanceof KnownError) {
    const { code, message, inner, details } = error;
    return { id, known: { code, message, details, ...(inner === undefined ? {} : { inner }) } };
  }
  // Plain, so that it can cross whatever it carries.
  const plain = new Error(error instanceof Error ? error.message : String(error));
  if (error instanceof Error && error.stack !== undefined) plain.stack = error.stack;
  return { id, error: plain };
}
