/**
 * What administrators wrote on a device itself, as its last check-in told. In no index: it is read with the device.
 * Never edited once released.
 */

import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Dialect } from '../migrate.ts';
import type { Schema } from '../schema.ts';

export const forPolicies = (dialect: Dialect, what: 'data' | 'keys'): Migration => ({
  async up(db) {
    if (what === 'data') await toPolicies(db as Kysely<Schema>, dialect);
  },
});

async function toPolicies(db: Kysely<Schema>, dialect: Dialect): Promise<void> {
  const text = dialect === 'sqlite' ? sql`text` : sql`text collate "C"`;
  await db.schema
    .alterTable('devices')
    .addColumn('local_policy', text, (column) => column.notNull().defaultTo(''))
    .execute();
}
