/**
 * What is known of a device since its enrollment: its directory, how it was provisioned, whose clone it is, what it
 * tells of failed runs; the PCs that IT registered for Autopilot; and the keys of a device, to revoke them.
 *
 * Nothing of it stands in an index that a check-in would write anew: devices without a failure have none in theirs.
 * Never edited once released.
 */

import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Dialect } from '../migrate.ts';
import type { Schema } from '../schema.ts';

export const forEnrollment = (dialect: Dialect, what: 'data' | 'keys'): Migration => ({
  async up(db) {
    if (what === 'data') await toEnrollment(db as Kysely<Schema>, dialect);
  },
});

async function toEnrollment(db: Kysely<Schema>, dialect: Dialect): Promise<void> {
  const text = dialect === 'sqlite' ? sql`text` : sql`text collate "C"`;
  const integer = dialect === 'sqlite' ? sql`integer` : sql`bigint`;
  // One statement a column: SQLite adds no two at once.
  const add = async (table: string, column: string, type: typeof text, otherwise?: string | number) => {
    await db.schema
      .alterTable(table)
      .addColumn(column, type, (definition) =>
        otherwise === undefined ? definition : definition.notNull().defaultTo(otherwise),
      )
      .execute();
  };
  await add('devices', 'os_domain', text, '');
  await add('devices', 'os_entra', integer, 0);
  await add('devices', 'provisioning', text, 'manual');
  await add('devices', 'provisioning_profile_id', text);
  await add('devices', 'provisioning_profile_name', text);
  await add('devices', 'clone_of', text);
  await add('devices', 'no_profiles_at', integer);
  await add('devices', 'failed_at', integer);
  await add('devices', 'failed_runs', integer, 0);
  await add('devices', 'failure_code', text, '');
  await add('enrollment_tokens', 'provisioning_profile_id', text);
  await add('restore_sessions', 'since_sign_in_ms', integer);

  let identities = db.schema
    .createTable('autopilot_devices')
    .addColumn('tenant_id', text, (column) => column.notNull())
    .addColumn('identity_id', text, (column) => column.notNull())
    .addColumn('serial_number', text, (column) => column.notNull())
    .addColumn('machine_hash', text, (column) => column.notNull())
    .addColumn('group_tag', text, (column) => column.notNull())
    .addColumn('profile_id', text)
    .addColumn('device_id', text)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('autopilot_devices_key', ['tenant_id', 'identity_id']);
  if (dialect === 'sqlite') identities = identities.modifyEnd(sql`strict, without rowid`);
  await identities.execute();

  const index = async (name: string, on: string, columns: readonly string[], where?: string) => {
    let made = db.schema
      .createIndex(name)
      .on(on)
      .columns([...columns]);
    if (where !== undefined) made = made.where(sql.raw<SqlBool>(where));
    await made.execute();
  };
  await index('autopilot_devices_by_serial', 'autopilot_devices', ['tenant_id', 'serial_number']);
  await index('autopilot_devices_by_machine', 'autopilot_devices', ['tenant_id', 'machine_hash']);
  await index('devices_by_failure', 'devices', ['tenant_id', 'failed_at'], 'failed_at is not null');
  await index('devices_by_original', 'devices', ['tenant_id', 'clone_of'], 'clone_of is not null');
  // Written once, when a key is registered or revoked.
  await index('device_keys_by_device', 'device_keys', ['tenant_id', 'device_id']);
}
