/**
 * Groups that are used: their rule, version and search text, and the department that membership rules ask for.
 *
 * All of it is written when an administrator changes something, never by a device. Never edited once released.
 */

import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Dialect } from '../migrate.ts';
import type { Schema } from '../schema.ts';

export const forGroups = (dialect: Dialect, what: 'data' | 'keys'): Migration => ({
  async up(db) {
    if (what === 'data') await toGroups(db as Kysely<Schema>, dialect);
  },
});

async function toGroups(db: Kysely<Schema>, dialect: Dialect): Promise<void> {
  const text = dialect === 'sqlite' ? sql`text` : sql`text collate "C"`;
  const integer = dialect === 'sqlite' ? sql`integer` : sql`bigint`;
  const groups = db.schema.alterTable('groups');
  await groups.addColumn('membership_rule', text).execute();
  await groups.addColumn('search_text', text, (column) => column.notNull().defaultTo('')).execute();
  await groups.addColumn('version', integer, (column) => column.notNull().defaultTo(1)).execute();
  await groups.addColumn('modified_at', integer, (column) => column.notNull().defaultTo(0)).execute();
  await db.schema.alterTable('users').addColumn('department', text).execute();
}
