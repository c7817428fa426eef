/**
 * The policies of devices that are not under the general one: those in groups that a policy is assigned to, and those on
 * which something is written. An organization that assigns to everybody has none, and pays nothing for asking.
 *
 * Kept for a few seconds for each organization: a list of devices asks for them page by page.
 */

import { type EffectivePolicy, effectivePolicy } from '@carryover/model/policy';
import type { Store } from '../db/command.ts';
import { documentsOf, tenantOf } from './policies.ts';
import { decidedFor, groupsByMember, subjectsOf } from './subjects.ts';

const KEPT_MS = 15_000;
const MAX_KEPT = 1000;

export type DevicePolicies = ReadonlyMap<string, EffectivePolicy>;

interface Kept {
  readonly version: number;
  readonly untilMs: number;
  readonly policies: Promise<DevicePolicies>;
}
const kept = new WeakMap<object, Map<string, Kept>>();

/** By device; a device that is not there is under the general policy. As old as 15 seconds. */
export async function devicePolicies(store: Store, tenantId: string, now: Temporal.Instant): Promise<DevicePolicies> {
  const { policy_version: version } = await tenantOf(store, tenantId);
  const known = kept.get(store.read) ?? new Map<string, Kept>();
  kept.set(store.read, known);
  const before = known.get(tenantId);
  if (before?.version === version && now.epochMilliseconds < before.untilMs) return before.policies;
  if (known.size >= MAX_KEPT) known.delete(known.keys().next().value ?? '');
  const policies = readPolicies(store, tenantId);
  known.set(tenantId, { version, untilMs: now.epochMilliseconds + KEPT_MS, policies });
  // A failure is nobody's answer but theirs who waited for it.
  policies.catch(() => known.delete(tenantId));
  return policies;
}

async function readPolicies(store: Store, tenantId: string): Promise<DevicePolicies> {
  const tenant = await tenantOf(store, tenantId);
  const documents = await documentsOf(store, tenantId, tenant.policy_version);
  if (!documents.byGroup && !(await anyLocalPolicy(store, tenantId))) return new Map();
  const facts = { version: tenant.policy_version, organization: tenant.name, restorePageAtEnrollment: false };
  const nobody = { device_id: '', enrolled_by: '', local_policy: '' };
  const groups = await groupsByMember(store, tenantId, documents.documents);
  const general = decidedFor(documents, groups, nobody).decisions;
  const made = new Map<object, EffectivePolicy>();
  const policies = new Map<string, EffectivePolicy>();
  for await (const subject of subjectsOf(store, tenantId)) {
    const { decisions } = decidedFor(documents, groups, subject);
    if (decisions === general) continue;
    const policy = made.get(decisions) ?? effectivePolicy(decisions, facts);
    made.set(decisions, policy);
    policies.set(subject.device_id, policy);
  }
  return policies;
}

async function anyLocalPolicy(store: Store, tenantId: string): Promise<boolean> {
  const row = await store.read
    .selectFrom('devices')
    .select('device_id')
    .where('tenant_id', '=', tenantId)
    .where('local_policy', '<>', '')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
