/**
 * The door to policies: what applies to one device, and the documents that decide it.
 *
 * Nothing assigned means off. Two documents that disagree are resolved to the stricter one.
 */

import { type EffectivePolicy, effectivePolicy } from '@carryover/model/policy';
import type { Store } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { readFirst } from '../db/read.ts';
import {
  backupDecision,
  type ConfigurationPolicyBody,
  type RestoreState,
  restoreConfigurationId,
} from './documents.ts';
import { DEVICE_REGISTRATION_ID, type Joining } from './registration.ts';
import { listAssignments, listPolicies, SIGN_IN_SETTINGS_ID } from './store.ts';

export interface PolicyDevice {
  readonly tenantId: string;
  /** "Show restore page" as it was when the device enrolled. */
  readonly restorePageAtEnrollment: boolean;
}

export interface PolicyTenant {
  readonly name: string;
  readonly policy_version: number;
}

/**
 * What remains for this device after every assigned document is put together. `known`: the organization's row, where it
 * was read along with others.
 */
export async function effectivePolicyFor(
  store: Store,
  device: PolicyDevice,
  known?: PolicyTenant,
): Promise<EffectivePolicy> {
  const { tenantId, restorePageAtEnrollment } = device;
  const tenant = known ?? (await readFirst(store, tenantRow({ tenantId })));
  if (tenant === undefined) throw new Error('A device of an organization that does not exist.');
  const { backup, restore, deviceCodeAllowed } = await decided(store, tenantId, tenant.policy_version);
  return effectivePolicy(
    {
      backupEnabled: backup?.enabled,
      restoreEnabled: restore === 'enabled',
      deviceCodeAllowed,
      origins: {
        ...(backup === undefined ? {} : { backupEnabled: { source: 'service', policy: backup.policyName } }),
        restoreEnabled: { source: 'service', policy: 'Windows Backup and Restore' },
      },
    },
    { version: tenant.policy_version, organization: tenant.name, restorePageAtEnrollment },
  );
}

const tenantRow = prepared((db, at: { tenantId: string }) =>
  db.selectFrom('tenants').select(['name', 'policy_version']).where('tenant_id', '=', at.tenantId),
);

interface Decided {
  readonly version: number;
  readonly backup: { readonly enabled: boolean; readonly policyName: string } | undefined;
  readonly restore: RestoreState;
  readonly deviceCodeAllowed: boolean;
}

const MAX_REMEMBERED = 1000;
const remembered = new WeakMap<object, Map<string, Decided>>();

/**
 * What the documents decide, read again whenever the version has grown: whatever changes a document makes it grow in the
 * same command. The version was read first, so that a newer document is at worst kept under an older version.
 */
async function decided(store: Store, tenantId: string, version: number): Promise<Decided> {
  const known = remembered.get(store.read) ?? new Map<string, Decided>();
  remembered.set(store.read, known);
  const before = known.get(tenantId);
  if (before?.version === version) return before;
  const now = {
    version,
    backup: await backupDecisionOf(store, tenantId),
    restore: await restoreStateOf(store, tenantId),
    deviceCodeAllowed: await deviceCodeAllowedIn(store, tenantId),
  };
  if (known.size >= MAX_REMEMBERED) known.delete(known.keys().next().value ?? '');
  known.set(tenantId, now);
  return now;
}

/** The tenant's "Show restore page" as it is now. */
export async function restoreStateOf(store: Store, tenantId: string): Promise<RestoreState> {
  const body = await bodyOf<{ state: RestoreState }>(store, tenantId, restoreConfigurationId(tenantId));
  return body?.state ?? 'notConfigured';
}

/** Who may join PCs by signing in; everybody unless the organization said otherwise. */
export async function joiningOf(store: Store, tenantId: string): Promise<Joining> {
  return (await bodyOf<{ joining: Joining }>(store, tenantId, DEVICE_REGISTRATION_ID))?.joining ?? 'all';
}

/** May people sign in with a code on another device, for backups. Off unless the organization said otherwise. */
export async function deviceCodeAllowedIn(store: Store, tenantId: string): Promise<boolean> {
  const body = await bodyOf<{ deviceCodeAllowed: boolean }>(store, tenantId, SIGN_IN_SETTINGS_ID);
  return body?.deviceCodeAllowed ?? false;
}

async function bodyOf<Body>(store: Store, tenantId: string, policyId: string): Promise<Body | undefined> {
  const row = await store.read
    .selectFrom('policies')
    .select('body')
    .where('tenant_id', '=', tenantId)
    .where('policy_id', '=', policyId)
    .executeTakeFirst();
  return row && (JSON.parse(row.body) as Body);
}

/** "Enable Windows Backup" from every assigned policy; off wins over on; undefined when none is assigned. */
async function backupDecisionOf(
  store: Store,
  tenantId: string,
): Promise<{ enabled: boolean; policyName: string } | undefined> {
  const assigned = new Set((await listAssignments(store, tenantId)).map(({ policy_id }) => policy_id));
  const decisions = (await listPolicies(store, tenantId, 'configurationPolicy'))
    .filter(({ policy_id }) => assigned.has(policy_id))
    .map(({ name, body }) => ({
      policyName: name,
      enabled: backupDecision(JSON.parse(body) as ConfigurationPolicyBody),
    }));
  return decisions.find(({ enabled }) => !enabled) ?? decisions[0];
}
