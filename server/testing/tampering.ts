/** What somebody with write access to the database could do to it. */

import { Kysely } from 'kysely';
import { openPostgres, postgresDialect } from '../src/db/postgres.ts';
import type { Owner, Schema } from '../src/db/schema.ts';
import { openSqlite, sqliteDialect } from '../src/db/sqlite.ts';
import type { FreshDatabase } from './databases.ts';

/** Makes every stored snapshot and content somebody else's. */
export async function moveRowsTo(database: FreshDatabase, { tenantId, userId }: Owner): Promise<void> {
  const { dialect, databaseUrl } = database;
  const db = new Kysely<Schema>({
    dialect:
      dialect === 'sqlite'
        ? sqliteDialect(openSqlite(databaseUrl.slice('sqlite:'.length)))
        : postgresDialect(openPostgres(databaseUrl, 1)),
  });
  try {
    for (const table of ['snapshots', 'units', 'snapshot_units'] as const)
      await db.updateTable(table).set({ user_id: userId, tenant_id: tenantId }).execute();
  } finally {
    await db.destroy();
  }
}
