/**
 * Brings a database to the newest tables: one set of migrations for both engines, for the data and for the keys.
 *
 * All or nothing: a migration that fails leaves the database as it was. Two processes that start at once migrate once.
 */

import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { first } from './migrations/2026-11-25-first.ts';
import { forAdmin } from './migrations/2026-11-25-for-admin.ts';
import { forEnrollment } from './migrations/2026-11-26-for-enrollment.ts';
import { forGroups } from './migrations/2026-11-26-for-groups.ts';
import { forPolicies } from './migrations/2026-11-26-for-policies.ts';
import { forWindowsEditions } from './migrations/2026-11-26-for-windows-editions.ts';
import { withSetupOutcomes } from './migrations/2026-11-26-with-setup-outcomes.ts';

export type Dialect = 'sqlite' | 'postgres';
export type Tables = 'data' | 'keys';

type Migrations = Readonly<Record<string, (dialect: Dialect, tables: Tables) => Migration>>;

/** By name, ascending: the order they run in. */
export const MIGRATIONS: Migrations = {
  '2026-11-25-first': first,
  '2026-11-25-for-admin': forAdmin,
  '2026-11-26-for-enrollment': forEnrollment,
  '2026-11-26-for-groups': forGroups,
  '2026-11-26-for-policies': forPolicies,
  '2026-11-26-for-windows-editions': forWindowsEditions,
  '2026-11-26-with-setup-outcomes': withSetupOutcomes,
};

export interface Target {
  readonly db: Kysely<never>;
  readonly dialect: Dialect;
  readonly tables: Tables;
}

/** Errors: the first migration's own error, after everything was rolled back. */
export async function migrate({ db, dialect, tables }: Target, migrations: Migrations = MIGRATIONS): Promise<void> {
  const made = Object.fromEntries(
    Object.entries(migrations).map(([name, migration]) => [name, migration(dialect, tables)]),
  );
  // Data and keys may live in one PostgreSQL schema: each keeps its own record of what has run.
  // On PostgreSQL the migrator looks for its tables in every schema unless it is told which one is ours.
  const schema = dialect === 'postgres' ? await currentSchema(db) : undefined;
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => made },
    migrationTableName: `carryover_${tables}_migrations`,
    migrationLockTableName: `carryover_${tables}_migrations_lock`,
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function currentSchema(db: Kysely<never>): Promise<string> {
  const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(db);
  const schema = rows[0]?.schema;
  if (schema === null || schema === undefined)
    throw new Error('No schema of the search_path exists on this PostgreSQL. Create it, or name another one.');
  return schema;
}
