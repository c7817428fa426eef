/**
 * The edition of Windows that a device tells: some have a set-up without the restore page.
 *
 * Stands in no index; a check-in writes it only when it changed. Never edited once released.
 */

import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Dialect } from '../migrate.ts';
import type { Schema } from '../schema.ts';

export const forWindowsEditions = (dialect: Dialect, what: 'data' | 'keys'): Migration => ({
  async up(db) {
    if (what === 'data') await addEdition(db as Kysely<Schema>, dialect);
  },
});

async function addEdition(db: Kysely<Schema>, dialect: Dialect): Promise<void> {
  const text = dialect === 'sqlite' ? sql`text` : sql`text collate "C"`;
  await db.schema
    .alterTable('devices')
    .addColumn('edition', text, (column) => column.notNull().defaultTo(''))
    .execute();
}
