/** People and devices that tests share: two persons of one organization and one of another. */

import { Kysely } from 'kysely';
import { openPostgres, postgresDialect } from '../src/db/postgres.ts';
import type { Owner, Schema } from '../src/db/schema.ts';
import { openSqlite, sqliteDialect } from '../src/db/sqlite.ts';

const CONTOSO = '11111111-0000-4000-8000-000000000001';
const FABRIKAM = '11111111-0000-4000-8000-000000000002';

export const ALICE: Owner = { tenantId: CONTOSO, userId: '22222222-0000-4000-8000-00000000000a' };
export const BOB: Owner = { tenantId: CONTOSO, userId: '22222222-0000-4000-8000-00000000000b' };
/** Of the other organization. */
export const EVE: Owner = { tenantId: FABRIKAM, userId: '22222222-0000-4000-8000-00000000000e' };

export const DESK = '33333333-0000-4000-8000-000000000001';
export const LAPTOP = '33333333-0000-4000-8000-000000000002';

/** Straight into the tables of a migrated database. */
export async function addSamplePeople(database: {
  readonly dialect: 'sqlite' | 'postgres';
  readonly databaseUrl: string;
}): Promise<void> {
  const { dialect, databaseUrl } = database;
  const db = new Kysely<Schema>({
    dialect:
      dialect === 'sqlite'
        ? sqliteDialect(openSqlite(databaseUrl.slice('sqlite:'.length)))
        : postgresDialect(openPostgres(databaseUrl, 1)),
  });
  try {
    await db.insertInto('users').values([ALICE, BOB, EVE].map(userRow)).execute();
    await db.insertInto('devices').values([DESK, LAPTOP].map(deviceRow)).execute();
  } finally {
    await db.destroy();
  }
}

function userRow({ tenantId, userId }: Owner): Schema['users'] {
  return {
    user_id: userId,
    tenant_id: tenantId,
    user_principal_name: `${userId}@example.com`,
    display_name: userId,
    department: null,
    account_enabled: 1,
    password_hash: null,
    must_change_password: 0,
    failed_sign_ins: 0,
    locked_until: null,
    created_at: 1,
    modified_at: 1,
  };
}

function deviceRow(deviceId: string, at: number): Schema['devices'] {
  return {
    tenant_id: CONTOSO,
    device_id: deviceId,
    name: `DEVICE-${at + 1}`,
    platform: 'linux',
    build: '12 gnome 43.9',
    os_name: 'Debian 12',
    machine_hash: deviceId,
    agent_version: '0.1.0',
    join_type: 'joined',
    enrolled_by: ALICE.userId,
    enrolled_at: 1,
    restore_page_at_enrollment: 1,
    former_device_id: null,
    state: 'active',
    last_check_in_at: 1,
    edition: '',
    os_domain: '',
    os_entra: 0,
    provisioning: 'manual',
    provisioning_profile_id: null,
    provisioning_profile_name: null,
    clone_of: null,
    no_profiles_at: null,
    failed_at: null,
    failed_runs: 0,
    failure_code: '',
    local_policy: '',
  };
}
