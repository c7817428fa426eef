/**
 * The first tables, of the data and of the keys.
 *
 * Primary keys start with the key that rows would be distributed by (the person, else the tenant); no unique index
 * without it, no foreign keys, no triggers: the same tables can be sharded. Small rows live in their primary key on
 * SQLite (WITHOUT ROWID); rows with large sealed bytes do not, because the key is searched by reading its neighbours.
 *
 * Never edited once released. Source: architecture.md "Data"; server-figures, section 4.
 */

import { type CreateTableBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Dialect } from '../migrate.ts';

type Kind = 'text' | 'integer' | 'bytes';
type Columns = Readonly<Record<string, Kind | `${Kind}?`>>;

interface Table {
  readonly columns: Columns;
  readonly key: readonly string[];
  /** Column of sealed bytes: large, and already as small as it gets. */
  readonly sealed?: string;
  readonly indexes?: readonly Index[];
}

interface Index {
  readonly on: readonly string[];
  readonly where?: string;
}

const DATA: Readonly<Record<string, Table>> = {
  tenants: {
    columns: {
      tenant_id: 'text',
      name: 'text',
      cloud: 'text',
      region: 'text',
      policy_version: 'integer',
      created_at: 'integer',
    },
    key: ['tenant_id'],
  },
  users: {
    columns: {
      user_id: 'text',
      tenant_id: 'text',
      user_principal_name: 'text',
      display_name: 'text',
      account_enabled: 'integer',
      password_hash: 'text?',
      must_change_password: 'integer',
      failed_sign_ins: 'integer',
      locked_until: 'integer?',
      created_at: 'integer',
      modified_at: 'integer',
    },
    key: ['user_id'],
    indexes: [{ on: ['tenant_id', 'user_id'] }],
  },
  user_names: { columns: { tenant_id: 'text', name: 'text', user_id: 'text' }, key: ['tenant_id', 'name'] },
  role_assignments: {
    columns: { tenant_id: 'text', user_id: 'text', role: 'text', created_at: 'integer' },
    key: ['tenant_id', 'user_id', 'role'],
  },
  devices: {
    columns: {
      tenant_id: 'text',
      device_id: 'text',
      name: 'text',
      platform: 'text',
      build: 'text',
      os_name: 'text',
      machine_hash: 'text',
      agent_version: 'text',
      join_type: 'text',
      enrolled_by: 'text',
      enrolled_at: 'integer',
      restore_page_at_enrollment: 'integer',
      former_device_id: 'text?',
      state: 'text',
      last_check_in_at: 'integer',
    },
    key: ['tenant_id', 'device_id'],
    indexes: [{ on: ['tenant_id', 'machine_hash'] }],
  },
  device_keys: {
    columns: {
      user_id: 'text',
      jkt: 'text',
      tenant_id: 'text',
      device_id: 'text',
      profile_id: 'text',
      created_at: 'integer',
      revoked_at: 'integer?',
    },
    key: ['user_id', 'jkt'],
  },
  enrollment_tokens: {
    columns: {
      tenant_id: 'text',
      token_id: 'text',
      token_hash: 'text',
      expires_at: 'integer',
      uses_left: 'integer',
      created_by: 'text',
      created_at: 'integer',
    },
    key: ['tenant_id', 'token_id'],
  },
  preferences: {
    columns: {
      user_id: 'text',
      device_id: 'text',
      toggle: 'text',
      tenant_id: 'text',
      state: 'text',
      modified_at: 'integer',
    },
    key: ['user_id', 'device_id', 'toggle'],
  },
  profiles: {
    columns: {
      user_id: 'text',
      profile_id: 'text',
      tenant_id: 'text',
      device_id: 'text',
      head_seq: 'integer',
      head_mac: 'text',
      default_seq: 'integer',
      last_backup_at: 'integer?',
      last_request_id: 'text?',
      last_receipt: 'text?',
      head_digest: 'text',
      created_at: 'integer',
      deleted_at: 'integer?',
    },
    key: ['user_id', 'profile_id'],
    // What is to be destroyed once its grace is over.
    indexes: [{ on: ['deleted_at'], where: 'deleted_at is not null' }],
  },
  units: {
    columns: {
      user_id: 'text',
      unit_id: 'text',
      tenant_id: 'text',
      profile_id: 'text',
      payload_type: 'text',
      category: 'text',
      content_id: 'text',
      format: 'integer',
      key_id: 'text',
      setting_count: 'integer',
      plain_bytes: 'integer',
      state: 'text',
      created_at: 'integer',
      sealed: 'bytes',
    },
    key: ['user_id', 'unit_id'],
    sealed: 'sealed',
  },
  blobs: {
    columns: {
      user_id: 'text',
      blob_key: 'text',
      tenant_id: 'text',
      profile_id: 'text',
      blob_id: 'text',
      bytes: 'integer',
      key_id: 'text',
      created_at: 'integer',
    },
    key: ['user_id', 'blob_key'],
  },
  blob_chunks: {
    columns: { user_id: 'text', blob_key: 'text', chunk: 'integer', tenant_id: 'text', sealed: 'bytes' },
    key: ['user_id', 'blob_key', 'chunk'],
    sealed: 'sealed',
  },
  snapshots: {
    columns: {
      user_id: 'text',
      profile_id: 'text',
      seq: 'integer',
      tenant_id: 'text',
      mac: 'text',
      previous_mac: 'text',
      key_id: 'text',
      agent_version: 'text',
      catalog_version: 'text',
      taken_at: 'integer',
      state: 'text',
      thin: 'integer',
      setting_count: 'integer',
      app_count: 'integer',
      manifest: 'bytes',
    },
    key: ['user_id', 'profile_id', 'seq'],
    sealed: 'manifest',
    // What the validator still has to open when the service starts.
    indexes: [{ on: ['state'], where: "state = 'received'" }],
  },
  snapshot_units: {
    columns: { user_id: 'text', profile_id: 'text', seq: 'integer', unit_id: 'text', tenant_id: 'text' },
    key: ['user_id', 'profile_id', 'seq', 'unit_id'],
  },
  snapshot_blobs: {
    columns: { user_id: 'text', profile_id: 'text', seq: 'integer', blob_key: 'text', tenant_id: 'text' },
    key: ['user_id', 'profile_id', 'seq', 'blob_key'],
  },
  setting_heads: {
    columns: {
      user_id: 'text',
      profile_id: 'text',
      payload_type: 'text',
      collection: 'text',
      tenant_id: 'text',
      unit_id: 'text',
      setting_id: 'text',
      instance_id: 'text',
      created_at: 'integer',
      modified_at: 'integer',
      expires_at: 'integer',
    },
    key: ['user_id', 'profile_id', 'payload_type', 'collection'],
  },
  restore_sessions: {
    columns: {
      user_id: 'text',
      session_id: 'text',
      tenant_id: 'text',
      device_id: 'text',
      profile_id: 'text',
      seq: 'integer',
      key_id: 'text',
      choice: 'bytes',
      started_at: 'integer',
      finished_at: 'integer?',
      undone_at: 'integer?',
      duration_ms: 'integer?',
      outcome: 'text',
    },
    key: ['user_id', 'session_id'],
  },
  restore_items: {
    columns: {
      user_id: 'text',
      session_id: 'text',
      item_id: 'text',
      tenant_id: 'text',
      kind: 'text',
      category: 'text',
      status: 'text',
      setting_id: 'text',
      reason_code: 'text?',
      sealed: 'bytes',
    },
    key: ['user_id', 'session_id', 'item_id'],
  },
  policies: {
    columns: {
      tenant_id: 'text',
      policy_id: 'text',
      kind: 'text',
      name: 'text',
      body: 'text',
      version: 'integer',
      created_at: 'integer',
      modified_at: 'integer',
    },
    key: ['tenant_id', 'policy_id'],
  },
  assignments: {
    columns: { tenant_id: 'text', policy_id: 'text', assignment_id: 'text', target: 'text', created_at: 'integer' },
    key: ['tenant_id', 'policy_id', 'assignment_id'],
  },
  groups: {
    columns: { tenant_id: 'text', group_id: 'text', display_name: 'text', body: 'text', created_at: 'integer' },
    key: ['tenant_id', 'group_id'],
  },
  group_members: {
    columns: { tenant_id: 'text', group_id: 'text', member_id: 'text' },
    key: ['tenant_id', 'group_id', 'member_id'],
    indexes: [{ on: ['tenant_id', 'member_id'] }],
  },
  applications: {
    columns: { tenant_id: 'text', application_id: 'text', body: 'text', created_at: 'integer' },
    key: ['tenant_id', 'application_id'],
  },
  consents: {
    columns: { tenant_id: 'text', user_id: 'text', client_id: 'text', scopes: 'text', created_at: 'integer' },
    key: ['tenant_id', 'user_id', 'client_id'],
  },
  audit_events: {
    columns: {
      tenant_id: 'text',
      seq: 'integer',
      at: 'integer',
      action: 'text',
      actor: 'text',
      target: 'text',
      result: 'text',
      values_json: 'text',
      salt: 'text',
      commitment: 'text',
      previous: 'text',
    },
    key: ['tenant_id', 'seq'],
  },
  feedback: {
    columns: { tenant_id: 'text', feedback_id: 'text', body: 'text', created_at: 'integer' },
    key: ['tenant_id', 'feedback_id'],
  },
  oidc_records: {
    columns: {
      tenant_id: 'text',
      model: 'text',
      record_id: 'text',
      payload: 'text',
      grant_id: 'text?',
      user_code: 'text?',
      uid: 'text?',
      expires_at: 'integer?',
      consumed_at: 'integer?',
    },
    key: ['tenant_id', 'model', 'record_id'],
    indexes: [
      { on: ['tenant_id', 'grant_id'], where: 'grant_id is not null' },
      { on: ['tenant_id', 'user_code'], where: 'user_code is not null' },
      { on: ['tenant_id', 'uid'], where: 'uid is not null' },
      { on: ['expires_at'] },
    ],
  },
  proofs: {
    columns: { jkt: 'text', jti: 'text', expires_at: 'integer' },
    key: ['jkt', 'jti'],
    indexes: [{ on: ['expires_at'] }],
  },
  setup_codes: { columns: { code_hash: 'text', expires_at: 'integer', used_at: 'integer?' }, key: ['code_hash'] },
};

const KEYS: Readonly<Record<string, Table>> = {
  keys: {
    columns: {
      owner_id: 'text',
      kind: 'text',
      generation: 'integer',
      key_id: 'text',
      tenant_id: 'text',
      user_id: 'text',
      wrapped_by: 'text',
      wrapped: 'bytes',
      created_at: 'integer',
      destroyed_at: 'integer?',
    },
    key: ['owner_id', 'kind', 'generation'],
    indexes: [{ on: ['user_id'] }],
  },
};

export const first = (dialect: Dialect, what: 'data' | 'keys'): Migration => ({
  async up(db) {
    for (const [name, table] of Object.entries(what === 'data' ? DATA : KEYS)) await create(db, dialect, name, table);
  },
});

/** How each kind of column is called. Text is compared byte by byte on both, so that both page in the same order. */
const TYPES = {
  sqlite: { text: sql`text`, integer: sql`integer`, bytes: sql`blob` },
  postgres: { text: sql`text collate "C"`, integer: sql`bigint`, bytes: sql`bytea` },
} as const;

async function create(db: Kysely<unknown>, dialect: Dialect, name: string, table: Table): Promise<void> {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name);
  for (const [column, kind] of Object.entries(table.columns)) {
    const nullable = kind.endsWith('?');
    const type = TYPES[dialect][kind.replace('?', '') as Kind];
    builder = builder.addColumn(column, type, (definition) => (nullable ? definition : definition.notNull()));
  }
  builder = builder.addPrimaryKeyConstraint(`${name}_key`, [...table.key]);
  if (dialect === 'sqlite')
    builder = builder.modifyEnd(table.sealed === undefined ? sql`strict, without rowid` : sql`strict`);
  await builder.execute();
  // Compressing what is sealed costs time and gains nothing.
  if (dialect === 'postgres' && table.sealed !== undefined)
    await sql`alter table ${sql.table(name)} alter column ${sql.ref(table.sealed)} set storage external`.execute(db);
  for (const { on, where } of table.indexes ?? []) {
    let index = db.schema
      .createIndex(`${name}_by_${on.at(-1)}`)
      .on(name)
      .columns([...on]);
    if (where !== undefined) index = index.where(sql.raw<SqlBool>(where));
    await index.execute();
  }
}
