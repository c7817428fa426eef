/**
 * What the admin center asks for: domains of organizations, a text to search people by, whether the guide was skipped,
 * and the indexes that keep its lists and counts from reading whole tables.
 *
 * Which of these are written on a hot path is said at each. Never edited once released.
 */

import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Dialect } from '../migrate.ts';
import type { Schema } from '../schema.ts';

interface Index {
  readonly name: string;
  readonly on: string;
  readonly columns: readonly string[];
  readonly where?: string;
}

const INDEXES: readonly Index[] = [
  // The list of devices by name with all that decides how one stands, so that a search stays in the index. A check-in
  // writes these columns only when one of them changed.
  {
    name: 'devices_by_name',
    on: 'devices',
    columns: ['tenant_id', 'name', 'device_id', 'state', 'platform', 'build', 'os_name', 'join_type', 'enrolled_by'],
  },
  // Counts by kind, in the order they are grouped by. The same columns.
  {
    name: 'devices_by_kind',
    on: 'devices',
    columns: ['tenant_id', 'state', 'platform', 'build', 'os_name', 'join_type', 'device_id'],
  },
  // The first device of an organization. Never changes.
  { name: 'devices_by_enrolled_at', on: 'devices', columns: ['tenant_id', 'enrolled_at'] },
  // The first people of an organization. Never changes.
  { name: 'users_by_created_at', on: 'users', columns: ['tenant_id', 'created_at'] },
  // Last backup by device: answers lists and counts without the table. One more entry written with each backup.
  {
    name: 'profiles_by_device',
    on: 'profiles',
    // SQLite looks at deleted_at although the condition says it all.
    columns: ['tenant_id', 'device_id', 'last_backup_at', 'user_id', 'deleted_at'],
    where: 'deleted_at is null',
  },
  { name: 'restore_sessions_by_started_at', on: 'restore_sessions', columns: ['tenant_id', 'started_at', 'outcome'] },
  { name: 'restore_sessions_by_device', on: 'restore_sessions', columns: ['tenant_id', 'device_id', 'started_at'] },
];

export const forAdmin = (dialect: Dialect, what: 'data' | 'keys'): Migration => ({
  async up(db) {
    if (what === 'data') await toAdmin(db as Kysely<Schema>, dialect);
  },
});

async function toAdmin(db: Kysely<Schema>, dialect: Dialect): Promise<void> {
  const text = dialect === 'sqlite' ? sql`text` : sql`text collate "C"`;
  const integer = dialect === 'sqlite' ? sql`integer` : sql`bigint`;
  let domains = db.schema
    .createTable('tenant_domains')
    .addColumn('domain', text, (column) => column.notNull())
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('tenant_domains_key', ['domain']);
  if (dialect === 'sqlite') domains = domains.modifyEnd(sql`strict, without rowid`);
  await domains.execute();
  await db.schema.alterTable('tenants').addColumn('first_run_skipped_at', integer).execute();
  await db.schema
    .alterTable('user_names')
    .addColumn('search_text', text, (column) => column.notNull().defaultTo(''))
    .execute();
  for (const { name, on, columns, where } of INDEXES) {
    let index = db.schema
      .createIndex(name)
      .on(on)
      .columns([...columns]);
    if (where !== undefined) index = index.where(sql.raw<SqlBool>(where));
    await index.execute();
  }
  await fillDomains(db);
  // Letters beyond ASCII in names given before stay as they were written: such a name is found by its account name.
  await db
    .updateTable('user_names')
    .set({
      search_text: sql<string>`name || ' ' || coalesce((select lower(display_name) from users where users.user_id = user_names.user_id), '')`,
    })
    .execute();
}

/** The domain of the first administrator, for organizations founded before; the older one keeps a domain of two. */
async function fillDomains(db: Kysely<Schema>): Promise<void> {
  const tenants = await db
    .selectFrom('tenants')
    .select('tenant_id')
    .orderBy('created_at')
    .orderBy('tenant_id')
    .execute();
  for (const { tenant_id } of tenants) {
    const first = await db
      .selectFrom('users')
      .select('user_principal_name')
      .where('tenant_id', '=', tenant_id)
      .orderBy('created_at')
      .orderBy('user_id')
      .executeTakeFirst();
    const domain = first?.user_principal_name.split('@')[1]?.normalize('NFKC').toLowerCase();
    if (domain === undefined) continue;
    await db
      .insertInto('tenant_domains')
      .values({ domain, tenant_id })
      .onConflict((conflict) => conflict.column('domain').doNothing())
      .execute();
  }
}
