/**
 * The tables, as Kysely types: one schema for SQLite and PostgreSQL (and, sharded by user_id, for Citus).
 *
 * Rules that cannot be changed later: rows of a person start their primary key with the globally unique user_id, carry
 * tenant_id, and every WHERE names both; ids are made by the application; no triggers, no now() in upserts, no unique
 * index without the first key column. Moments are milliseconds since the epoch by the service's clock, ids lower-case
 * UUIDs, digests lower-case hex, JSON is text that only the application reads.
 *
 * Source: architecture.md "Data"; server-figures (what Citus refuses).
 */

/** Milliseconds since the epoch. */
type Moment = number;
/** JSON as text. */
type JsonText = string;

export interface Schema {
  tenants: {
    tenant_id: string;
    name: string;
    cloud: string;
    region: string;
    /** Grows with every change of policy, switch or assignment; EffectivePolicy.version. */
    policy_version: number;
    created_at: Moment;
    /** When an administrator put the guide of the first run aside; null while it is shown. */
    first_run_skipped_at: Moment | null;
  };
  /** Which organization the people of a domain sign in to: that of the person who founded it. First come. */
  tenant_domains: { domain: string; tenant_id: string };
  users: {
    user_id: string;
    tenant_id: string;
    user_principal_name: string;
    display_name: string;
    /** For membership rules; null when it was never said. */
    department: string | null;
    account_enabled: number;
    /** PHC string of Argon2id; null when no password sign-in is possible. */
    password_hash: string | null;
    must_change_password: number;
    failed_sign_ins: number;
    locked_until: Moment | null;
    created_at: Moment;
    modified_at: Moment;
  };
  /** Look-up by name, in its own table so that it can be distributed by its own key. */
  user_names: {
    tenant_id: string;
    name: string;
    user_id: string;
    /** Account and display name, folded: what a search looks in. */
    search_text: string;
  };
  role_assignments: { tenant_id: string; user_id: string; role: string; created_at: Moment };
  devices: {
    tenant_id: string;
    device_id: string;
    name: string;
    platform: string;
    build: string;
    os_name: string;
    machine_hash: string;
    agent_version: string;
    join_type: string;
    enrolled_by: string;
    enrolled_at: Moment;
    /** "Show restore page" as it was at enrollment (1 or 0); never changed afterwards. */
    restore_page_at_enrollment: number;
    /** The same PC before it was reset; null when it was never seen. */
    former_device_id: string | null;
    /** active, quarantined, unenrolled (left by itself), revoked (by an administrator). */
    state: string;
    last_check_in_at: Moment;
    /** Policies on the device itself, see policies/local-policy.ts; empty when it tells of none. */
    local_policy: JsonText;
    /** EditionID of Windows; empty where none was told. */
    edition: string;
    /** Active Directory domain that the system says it is in, normalized; empty: none. */
    os_domain: string;
    /** The system says that it is joined to Entra ID (1 or 0). */
    os_entra: number;
    /** ProvisioningMode, with the Autopilot profile as it was called then; never changed after enrollment. */
    provisioning: string;
    provisioning_profile_id: string | null;
    provisioning_profile_name: string | null;
    /** The device whose key this PC showed; null for every device that was enrolled. */
    clone_of: string | null;
    /** When the device first asked what there is to restore and there was nothing; null when it never did. */
    no_profiles_at: Moment | null;
    /** When it last told of failed runs; null when its last check-in told of none. */
    failed_at: Moment | null;
    failed_runs: number;
    failure_code: string;
  };
  /** PCs that IT registered by what their maker wrote on them. */
  autopilot_devices: {
    tenant_id: string;
    identity_id: string;
    /** Folded to lower case; empty when only the machine hash is known. */
    serial_number: string;
    /** As DeviceFacts.machineHash; empty when only the serial number is known. */
    machine_hash: string;
    group_tag: string;
    /** The Autopilot profile that was given to this PC by itself; null: what is assigned to groups or to all. */
    profile_id: string | null;
    /** The device it was enrolled as last. */
    device_id: string | null;
    created_at: Moment;
  };
  /** A person's key on a device: the thumbprint (RFC 7638) that DPoP tokens are bound to. */
  device_keys: {
    user_id: string;
    jkt: string;
    tenant_id: string;
    device_id: string;
    profile_id: string;
    created_at: Moment;
    revoked_at: Moment | null;
  };
  enrollment_tokens: {
    tenant_id: string;
    token_id: string;
    token_hash: string;
    expires_at: Moment;
    uses_left: number;
    created_by: string;
    created_at: Moment;
    /** The Autopilot profile that devices with this token are set up by; null: none. */
    provisioning_profile_id: string | null;
  };
  /** device_id is ZERO_ID for all of the person's devices. */
  preferences: {
    user_id: string;
    device_id: string;
    toggle: string;
    tenant_id: string;
    state: string;
    modified_at: Moment;
  };
  profiles: {
    user_id: string;
    profile_id: string;
    tenant_id: string;
    device_id: string;
    /** 0 before the first snapshot. */
    head_seq: number;
    head_mac: string;
    /** Newest snapshot that is checked and not thin; 0 when there is none. */
    default_seq: number;
    last_backup_at: Moment | null;
    /** Idempotency key of the last accepted upload, and its receipt. */
    last_request_id: string | null;
    last_receipt: JsonText | null;
    /** What the newest snapshot holds, as one digest: an upload with the same changes nothing. Empty when it must be sent again. */
    head_digest: string;
    created_at: Moment;
    deleted_at: Moment | null;
  };
  /** unit_id is made from profile, payload type and content id (see snapshots/store.ts): the same content is stored once. */
  units: {
    user_id: string;
    unit_id: string;
    tenant_id: string;
    profile_id: string;
    payload_type: string;
    category: string;
    content_id: string;
    format: number;
    key_id: string;
    setting_count: number;
    plain_bytes: number;
    /** received until the validator has opened it, then valid or damaged. */
    state: string;
    sealed: Uint8Array;
    created_at: Moment;
  };
  blobs: {
    user_id: string;
    blob_key: string;
    tenant_id: string;
    profile_id: string;
    blob_id: string;
    bytes: number;
    key_id: string;
    created_at: Moment;
  };
  blob_chunks: { user_id: string; blob_key: string; chunk: number; tenant_id: string; sealed: Uint8Array };
  snapshots: {
    user_id: string;
    profile_id: string;
    seq: number;
    tenant_id: string;
    mac: string;
    previous_mac: string;
    manifest: Uint8Array;
    key_id: string;
    agent_version: string;
    catalog_version: string;
    taken_at: Moment;
    /** received until the validator has opened its units, then valid or invalid. */
    state: string;
    thin: number;
    setting_count: number;
    app_count: number;
  };
  snapshot_units: { user_id: string; profile_id: string; seq: number; unit_id: string; tenant_id: string };
  snapshot_blobs: { user_id: string; profile_id: string; seq: number; blob_key: string; tenant_id: string };
  /** What Graph reads. profile_id is ZERO_ID for roaming. */
  setting_heads: {
    user_id: string;
    profile_id: string;
    payload_type: string;
    collection: string;
    tenant_id: string;
    unit_id: string;
    setting_id: string;
    instance_id: string;
    created_at: Moment;
    modified_at: Moment;
    expires_at: Moment;
  };
  restore_sessions: {
    user_id: string;
    session_id: string;
    tenant_id: string;
    device_id: string;
    profile_id: string;
    seq: number;
    /** Of the restored snapshot: it seals the choice and the items. */
    key_id: string;
    /** Sealed, see restores/sealing.ts. */
    choice: Uint8Array;
    started_at: Moment;
    finished_at: Moment | null;
    undone_at: Moment | null;
    duration_ms: number | null;
    outcome: string;
    /** From the person's sign-in to the restored desktop, as measured by the device; null where it does not know. */
    since_sign_in_ms: number | null;
  };
  restore_items: {
    user_id: string;
    session_id: string;
    /** Keyed digest of the full id, which may name a file or an app and is in `sealed`. */
    item_id: string;
    tenant_id: string;
    kind: string;
    category: string;
    status: string;
    setting_id: string;
    reason_code: string | null;
    /** Full id and the reason's facts, see restores/sealing.ts; empty when the key was destroyed before. */
    sealed: Uint8Array;
  };
  policies: {
    tenant_id: string;
    policy_id: string;
    /** configurationPolicy, windowsRestore, and what later issues add; `body` is the Graph document. */
    kind: string;
    name: string;
    body: JsonText;
    version: number;
    created_at: Moment;
    modified_at: Moment;
  };
  assignments: { tenant_id: string; policy_id: string; assignment_id: string; target: JsonText; created_at: Moment };
  groups: {
    tenant_id: string;
    group_id: string;
    display_name: string;
    /** The Graph document, without what is a column. */
    body: JsonText;
    /** The rule of a dynamic group; null when its members are assigned. */
    membership_rule: string | null;
    /** The name, folded: what a search looks in. */
    search_text: string;
    version: number;
    created_at: Moment;
    modified_at: Moment;
  };
  /** member_id is a person's or a device's. Dynamic groups have no rows here. */
  group_members: { tenant_id: string; group_id: string; member_id: string };
  applications: { tenant_id: string; application_id: string; body: JsonText; created_at: Moment };
  consents: { tenant_id: string; user_id: string; client_id: string; scopes: string; created_at: Moment };
  audit_events: {
    tenant_id: string;
    seq: number;
    at: Moment;
    action: string;
    actor: JsonText;
    target: JsonText;
    result: string;
    values_json: JsonText;
    salt: string;
    commitment: string;
    previous: string;
  };
  feedback: { tenant_id: string; feedback_id: string; body: JsonText; created_at: Moment };
  /** What the OpenID provider keeps: sessions, grants, codes, refresh tokens; tenant first. */
  oidc_records: {
    tenant_id: string;
    model: string;
    record_id: string;
    payload: JsonText;
    grant_id: string | null;
    user_code: string | null;
    uid: string | null;
    expires_at: Moment | null;
    consumed_at: Moment | null;
  };
  /** DPoP proofs already seen, until they would be too old anyway. */
  proofs: { jkt: string; jti: string; expires_at: Moment };
  setup_codes: { code_hash: string; expires_at: Moment; used_at: Moment | null };
}

/** The key store: its own database (file or schema), backed up for a shorter time than the data it opens. */
export interface KeySchema {
  /**
   * kind: tenant, user, profile (data keys), digest (the person's digest key), signing (a tenant's token signing key),
   * check (tells whether a deployment key fits this store; owner ZERO_ID). Destroying empties `wrapped`. owner_id is the tenant, user or profile. `wrapped` is sealed by the key `wrapped_by` ("deployment" at the top).
   */
  keys: {
    owner_id: string;
    kind: string;
    /** 1, 2, ...: the newest seals, the older ones open. */
    generation: number;
    key_id: string;
    tenant_id: string;
    user_id: string;
    wrapped_by: string;
    wrapped: Uint8Array;
    created_at: Moment;
    destroyed_at: Moment | null;
  };
}

/** Stands for "all devices" in preferences and "no device" (roaming) in setting_heads. */
export const ZERO_ID = '00000000-0000-0000-0000-000000000000';

/** Whose rows: in every WHERE, and in the sealed additional data. */
export interface Owner {
  readonly tenantId: string;
  readonly userId: string;
}
