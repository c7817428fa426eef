/** What somebody with write access to the database could do to it. */

import { Kysely } from 'kysely';
import { openPostgres, postgresDialect } from '../src/db/postgres.ts';
import type { Owner, Schema } from '../src/db/schema.ts';
import { openSqlite, sqliteDialect } from '../src/db/sqlite.ts';
import type { FreshDatabase } from './databases.ts';

/** Makes every stored snapshot and content somebody else's. */
export function moveRowsTo(database: FreshDatabase, { tenantId, userId }: Owner): Promise<void> {
  return tamper(database, async (db) => {
    for (const table of ['snapshots', 'units', 'snapshot_units'] as const)
      await db.updateTable(table).set({ user_id: userId, tenant_id: tenantId }).execute();
  });
}

/** Changes rows past the service. */
export async function tamper(
  { dialect, databaseUrl }: Pick<FreshDatabase, 'dialect' | 'databaseUrl'>,
  change: (db: Kysely<Schema>) => Promise<void>,
): Promise<void> {
  const db = new Kysely<Schema>({
    dialect:
      dialect === 'sqlite'
        ? sqliteDialect(openSqlite(databaseUrl.slice('sqlite:'.length)))
        : postgresDialect(openPostgres(databaseUrl, 1)),
  });
  try {
    await change(db);
  } finally {
    await db.destroy();
  }
}
