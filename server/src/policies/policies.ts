/**
 * The door to policies: what applies to one device and person, why, and the documents that decide it.
 *
 * Nothing assigned means off. What several documents say is put together by the model (policy-merge.ts): the service's
 * own, as far as they are assigned to this device or person, and those that the device found on itself.
 */

import { type AssignmentTarget, reaches } from '@carryover/model/assignment';
import { type Decisions, type EffectivePolicy, effectivePolicy } from '@carryover/model/policy';
import { type Candidate, type Explained, explain } from '@carryover/model/policy-explain';
import { type Conflict, mergePolicies, type PolicyDocument } from '@carryover/model/policy-merge';
import type { Store } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { readFirst } from '../db/read.ts';
import { groupsOf } from '../directory/membership.ts';
import { type ReadDocument, type RestoreState, readDocument, restoreConfigurationId } from './documents.ts';
import { candidateOf } from './local-policy.ts';
import { DEVICE_REGISTRATION_ID, type Joining } from './registration.ts';
import { listAssignments, listPolicies, SIGN_IN_SETTINGS_ID } from './store.ts';

export interface PolicyDevice {
  readonly tenantId: string;
  /** "Show restore page" as it was when the device enrolled. */
  readonly restorePageAtEnrollment: boolean;
  /** Who is on which device; undefined: an imagined one that only what is assigned to everybody reaches. */
  readonly subject?: PolicySubject | undefined;
  /** What the device found on itself, see localPolicyFrom. */
  readonly localPolicy?: readonly PolicyDocument[] | undefined;
}

interface PolicySubject {
  readonly deviceId: string;
  readonly userId: string;
}

export interface PolicyTenant {
  readonly name: string;
  readonly policy_version: number;
}

/**
 * What remains for this device and person. `known`: the organization's row, where it was read along with others.
 */
export async function effectivePolicyFor(
  store: Store,
  device: PolicyDevice,
  known?: PolicyTenant,
): Promise<EffectivePolicy> {
  const { tenantId, restorePageAtEnrollment, localPolicy = [] } = device;
  const tenant = known ?? (await tenantOf(store, tenantId));
  const documents = await documentsOf(store, tenantId, tenant.policy_version);
  const reached = (await reachesFor(store, device, documents)).flatMap(({ reach }, at) => (reach.reached ? [at] : []));
  return effectivePolicy(decisionsOf(documents, reached, localPolicy).decisions, {
    version: tenant.policy_version,
    organization: tenant.name,
    restorePageAtEnrollment,
  });
}

export interface ExplainedPolicy {
  readonly policy: EffectivePolicy;
  readonly explained: Explained;
}

/** The same, with who decided what and why not the others. */
export async function explainPolicyFor(store: Store, device: PolicyDevice): Promise<ExplainedPolicy> {
  const { tenantId, localPolicy = [] } = device;
  const tenant = await tenantOf(store, tenantId);
  const documents = await documentsOf(store, tenantId, tenant.policy_version);
  const candidates: readonly Candidate[] = [
    ...(await reachesFor(store, device, documents)),
    ...localPolicy.map(candidateOf),
  ];
  return { policy: await effectivePolicyFor(store, device, tenant), explained: explain(candidates) };
}

/** Errors: Error when there is no such organization. */
export async function tenantOf(store: Store, tenantId: string): Promise<PolicyTenant> {
  const tenant = await readFirst(store, tenantRow({ tenantId }));
  if (tenant === undefined) throw new Error('A device of an organization that does not exist.');
  return tenant;
}

const tenantRow = prepared((db, at: { tenantId: string }) =>
  db.selectFrom('tenants').select(['name', 'policy_version']).where('tenant_id', '=', at.tenantId),
);

export interface AssignedDocument extends ReadDocument {
  readonly targets: readonly AssignmentTarget[];
}

/** All documents of an organization, and what was worked out from them before. */
export interface Documents {
  readonly version: number;
  readonly documents: readonly AssignedDocument[];
  readonly deviceCodeAllowed: boolean;
  /** Does any of them ask for groups. */
  readonly byGroup: boolean;
  readonly merged: Map<string, { readonly decisions: Decisions; readonly conflicts: readonly Conflict[] }>;
}

const MAX_REMEMBERED = 1000;
const remembered = new WeakMap<object, Map<string, Documents>>();

/**
 * Read again whenever the version has grown: whatever changes a document makes it grow in the same command. The version
 * was read first, so that a newer document is at worst kept under an older version.
 */
export async function documentsOf(store: Store, tenantId: string, version: number): Promise<Documents> {
  const known = remembered.get(store.read) ?? new Map<string, Documents>();
  remembered.set(store.read, known);
  const before = known.get(tenantId);
  if (before?.version === version) return before;
  const now = documentsFrom(version, await readDocuments(store, tenantId), await deviceCodeAllowedIn(store, tenantId));
  if (known.size >= MAX_REMEMBERED) known.delete(known.keys().next().value ?? '');
  known.set(tenantId, now);
  return now;
}

/** The same from documents at hand: those that are stored, or those of a change that is looked at before it is saved. */
export function documentsFrom(
  version: number,
  documents: readonly AssignedDocument[],
  deviceCodeAllowed: boolean,
): Documents {
  const byGroup = documents.some(({ targets }) => targets.some((target) => 'groupId' in target));
  return { version, documents, deviceCodeAllowed, byGroup, merged: new Map() };
}

/** Every document that can be assigned, with its targets, oldest first. */
async function readDocuments(store: Store, tenantId: string): Promise<AssignedDocument[]> {
  const [catalog, custom, assignments] = await Promise.all([
    listPolicies(store, tenantId, 'configurationPolicy'),
    listPolicies(store, tenantId, 'deviceConfiguration'),
    listAssignments(store, tenantId),
  ]);
  const targets = Map.groupBy(assignments, ({ policy_id }) => policy_id);
  return [...catalog, ...custom].map((row) => ({
    ...readDocument(row),
    targets: (targets.get(row.policy_id) ?? []).map(({ target }) => JSON.parse(target) as AssignmentTarget),
  }));
}

async function reachesFor(
  store: Store,
  { tenantId, subject }: PolicyDevice,
  { documents, byGroup, version }: Documents,
): Promise<Candidate[]> {
  // Most organizations assign to everybody: nobody's groups are asked for then.
  const groups =
    subject === undefined || !byGroup
      ? NO_GROUPS
      : await groupsOf(store, tenantId, { ...subject, policyVersion: version });
  return reachedBy(documents, groups);
}

const NO_GROUPS: ReadonlySet<string> = new Set();

/** Every document with whether it reaches whoever is in these groups. */
export function reachedBy(documents: readonly AssignedDocument[], groups: ReadonlySet<string>): Candidate[] {
  return documents.map(({ targets, ...read }) => ({ ...read, reach: reaches(targets, { groups }) }));
}

const MAX_MERGED = 500;

/** What the documents at these places decide, together with local ones. Worked out once for each choice of documents. */
export function decisionsOf(
  { documents, deviceCodeAllowed, merged }: Documents,
  reached: readonly number[],
  localPolicy: readonly PolicyDocument[],
): { readonly decisions: Decisions; readonly conflicts: readonly Conflict[] } {
  const key = localPolicy.length === 0 ? reached.join() : `${reached.join()} ${JSON.stringify(localPolicy)}`;
  const before = merged.get(key);
  if (before !== undefined) return before;
  const chosen = reached.flatMap((at) => documents[at]?.document ?? []);
  const { decisions, conflicts } = mergePolicies([...chosen, ...localPolicy]);
  const made = { decisions: { ...decisions, deviceCodeAllowed }, conflicts };
  if (merged.size >= MAX_MERGED) merged.clear();
  merged.set(key, made);
  return made;
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
