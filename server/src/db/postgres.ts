/**
 * PostgreSQL by pg: connections, how compiled queries run on them, and the dialect for Kysely.
 *
 * int8 comes back as a number (moments and counts stay below 2^53). Results are read as text: pg's binary mode turns
 * bytea into broken strings. Statements are named by their text, so that the server plans each once per connection.
 *
 * Source: server-figures, sections 1 and 3.
 */

import { createHash } from 'node:crypto';
import {
  type CompiledQuery,
  type DatabaseIntrospector,
  type Dialect,
  type Kysely,
  PostgresDialect,
  type SchemaMetadata,
  sql,
  type TableMetadata,
} from 'kysely';
import pg from 'pg';
import type { StepResult } from './command.ts';

const INT8 = 20;
/** Statements named per connection: each costs the server memory until the connection ends. */
const NAMED_STATEMENTS = 400;

/** At most `connections` at a time, each used by one command or read at once. */
export function openPostgres(url: string, connections: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    // Several queries of a command travel in one flight.
    pipeline: true,
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  });
  pool.on('connect', nameStatements);
  // A connection lost while idle is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => {});
  return pool;
}

const NAMES = new Map<string, string>();

function nameOf(sql: string): string | undefined {
  const known = NAMES.get(sql);
  if (known !== undefined || NAMES.size >= NAMED_STATEMENTS) return known;
  const name = createHash('sha1').update(sql).digest('hex');
  NAMES.set(sql, name);
  return name;
}

/** Gives a name to every statement with values that is sent over the connection. */
function nameStatements(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const named = (...args: unknown[]) => {
    const [text, values] = args;
    if (args.length !== 2 || typeof text !== 'string' || !Array.isArray(values)) return query(...args);
    const name = nameOf(text);
    return query(name === undefined ? { text, values } : { name, text, values });
  };
  client.query = named as typeof client.query;
}

export function postgresDialect(pool: pg.Pool): Dialect {
  return new OwnSchemaDialect({ pool });
}

/**
 * Looks at our own schema only. Kysely's introspector walks through every schema of the database, and fails when a
 * neighbour drops one of theirs meanwhile.
 */
class OwnSchemaDialect extends PostgresDialect {
  override createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return {
      async getSchemas(): Promise<SchemaMetadata[]> {
        const { rows } = await sql<SchemaMetadata>`select nspname as name from pg_catalog.pg_namespace`.execute(db);
        return rows;
      },
      async getTables(): Promise<TableMetadata[]> {
        const { rows } = await sql<{ name: string; schema: string }>`
          select relname as name, current_schema() as schema from pg_catalog.pg_class
          where relkind in ('r', 'p') and relnamespace = to_regnamespace(quote_ident(current_schema()))`.execute(db);
        // The migrator asks for names alone.
        return rows.map((table) => ({ ...table, isView: false, isForeign: false, columns: [] }));
      },
    };
  }
}

export async function executeOn(client: pg.PoolClient, { sql, parameters }: CompiledQuery): Promise<StepResult> {
  const { rows, rowCount } = await client.query(sql, [...parameters]);
  return { rows, changed: rowCount ?? 0 };
}

/** The SQLSTATE of an error, or undefined when it is not the server's. */
export function sqlStateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}
