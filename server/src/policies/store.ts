/**
 * The rows of policies: every change bumps the tenant's policy version and is written down in the audit log, in the
 * same command, so that a device can tell an older policy from a newer one and nobody changes one unseen.
 */

import { type AssignmentTarget, groupIdsOf } from '@carryover/model/assignment';
import type { Json } from '@carryover/model/canonical';
import { KnownError } from '@carryover/model/errors';
import { type AuditEntry, type Change, recordAudit } from '../audit/audit.ts';
import { command, firstOf, rowsOfEach, run, type Store, type Work } from '../db/command.ts';
import { growPolicyVersion } from '../db/policy-version.ts';
import { lastChangeOf } from './last-change.ts';

export type PolicyKind =
  | 'windowsRestore'
  | 'configurationPolicy'
  | 'deviceConfiguration'
  | 'deviceRegistrationPolicy'
  | 'signInSettings'
  | 'joinSettings'
  | 'autopilotProfile';

export const SIGN_IN_SETTINGS_ID = 'signInSettings';

export interface PolicyRow {
  readonly policy_id: string;
  readonly kind: string;
  readonly name: string;
  /** The Graph document, JSON. */
  readonly body: string;
  readonly version: number;
  readonly created_at: number;
  readonly modified_at: number;
}

export interface AssignmentRow {
  readonly assignment_id: string;
  readonly policy_id: string;
  /** The Graph target, JSON. */
  readonly target: string;
}

interface PolicyDocument {
  readonly id: string;
  readonly kind: PolicyKind;
  readonly name: string;
  readonly body: Json;
  /** The version that the change was made from, 0 for none; undefined: whatever there is. */
  readonly ifVersion?: number | undefined;
}

/**
 * Stores a policy document, new or in place of the one with this id.
 *
 * Errors: resourceModified when it is no longer the version that the change was made from.
 */
export const putPolicy = command('putPolicy', function* (change: Change, policy: PolicyDocument) {
  const body = JSON.stringify(policy.body);
  yield* growPolicyVersion(change.tenantId);
  const before = yield* findPolicyRow(change.tenantId, policy.id);
  yield* mustBeSeen(change, {
    id: policy.id,
    kind: policy.kind,
    ifVersion: policy.ifVersion,
    version: before?.version,
  });
  yield* run((db) =>
    db
      .insertInto('policies')
      .values({
        tenant_id: change.tenantId,
        policy_id: policy.id,
        kind: policy.kind,
        name: policy.name,
        body,
        version: 1,
        created_at: change.at,
        modified_at: change.at,
      })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'policy_id']).doUpdateSet((eb) => ({
          name: policy.name,
          body,
          version: eb('policies.version', '+', 1),
          modified_at: change.at,
        })),
      ),
  );
  yield* changed(change, before === undefined ? 'create' : 'update', policy.kind, policy.id, {
    body: { ...(before === undefined ? {} : { old: JSON.parse(before.body) as Json }), new: policy.body },
  });
});

/** Removes a policy and its assignments. Errors: itemNotFound; resourceModified as putPolicy. */
export const deletePolicy = command('deletePolicy', function* (change: Change, policyId: string, ifVersion?: number) {
  yield* growPolicyVersion(change.tenantId);
  const before = yield* findPolicyRow(change.tenantId, policyId);
  if (before === undefined) throw new KnownError('itemNotFound', 'There is no policy with this id.');
  yield* mustBeSeen(change, { id: policyId, kind: before.kind, ifVersion, version: before.version });
  yield* run((db) =>
    db.deleteFrom('assignments').where('tenant_id', '=', change.tenantId).where('policy_id', '=', policyId),
  );
  yield* run((db) =>
    db.deleteFrom('policies').where('tenant_id', '=', change.tenantId).where('policy_id', '=', policyId),
  );
  yield* changed(change, 'delete', before.kind, policyId, { body: { old: JSON.parse(before.body) as Json } });
});

export interface NewAssignment {
  readonly id: string;
  readonly target: AssignmentTarget;
}

/**
 * Replaces the assignments of a policy as a whole; its version grows, as for every other change of it.
 *
 * Errors: itemNotFound; resourceModified as putPolicy; invalidRequest (inner assignmentTarget) for a group that has gone
 * meanwhile: what it would have left out must not be reached.
 */
export const assignPolicy = command(
  'assignPolicy',
  function* (change: Change, policyId: string, assignments: readonly NewAssignment[], ifVersion?: number) {
    const { tenantId } = change;
    yield* growPolicyVersion(tenantId);
    const policy = yield* findPolicyRow(tenantId, policyId);
    if (policy === undefined) throw new KnownError('itemNotFound', 'There is no policy with this id.');
    yield* mustBeSeen(change, { id: policyId, kind: policy.kind, ifVersion, version: policy.version });
    const wanted = [...groupIdsOf(assignments.map(({ target }) => target))];
    const [before, groups] = yield* rowsOfEach([
      (db) =>
        db
          .selectFrom('assignments')
          .select('target')
          .where('tenant_id', '=', tenantId)
          .where('policy_id', '=', policyId)
          .orderBy('assignment_id'),
      (db) =>
        db
          .selectFrom('groups')
          .select('group_id')
          .where('tenant_id', '=', tenantId)
          .where('group_id', 'in', wanted.length === 0 ? [''] : wanted),
    ]);
    if (groups.length < wanted.length)
      throw new KnownError('invalidRequest', 'A group of this assignment has gone meanwhile. Look again.', {
        inner: 'assignmentTarget',
      });
    yield* run((db) =>
      db.deleteFrom('assignments').where('tenant_id', '=', tenantId).where('policy_id', '=', policyId),
    );
    for (const { id, target } of assignments)
      yield* run((db) =>
        db.insertInto('assignments').values({
          tenant_id: tenantId,
          policy_id: policyId,
          assignment_id: id,
          target: JSON.stringify(target),
          created_at: change.at,
        }),
      );
    yield* run((db) =>
      db
        .updateTable('policies')
        .set((eb) => ({ version: eb('version', '+', 1), modified_at: change.at }))
        .where('tenant_id', '=', tenantId)
        .where('policy_id', '=', policyId),
    );
    yield* changed(change, 'assign', policy.kind, policyId, {
      assignments: {
        old: before.map(({ target }) => JSON.parse(target) as Json),
        new: assignments.map(({ target }) => target) as readonly Json[],
      },
    });
  },
);

interface Seen {
  readonly id: string;
  readonly kind: string;
  readonly ifVersion: number | undefined;
  /** Undefined when there is none. */
  readonly version: number | undefined;
}

/**
 * Errors: resourceModified when it is no longer the version that a change was made from, with who changed it and when in
 * details.changedBy and details.changedAt, so that two people can speak to each other.
 */
function* mustBeSeen({ tenantId }: Change, { id, kind, ifVersion, version }: Seen): Work<void> {
  if (ifVersion === undefined || ifVersion === Number(version ?? 0)) return;
  const details = { ...(yield* lastChangeOf(tenantId, { type: kind, id })) };
  throw new KnownError('resourceModified', 'Somebody changed this meanwhile. Read it again, then change it.', {
    details,
  });
}

function* findPolicyRow(tenantId: string, policyId: string): Work<PolicyRow | undefined> {
  return yield* firstOf((db) =>
    db.selectFrom('policies').selectAll().where('tenant_id', '=', tenantId).where('policy_id', '=', policyId),
  );
}

function* changed(change: Change, verb: string, kind: string, id: string, values: AuditEntry['values']): Work<void> {
  yield* recordAudit({ ...change, action: `${verb} ${kind}`, target: { type: kind, id }, result: 'success', values });
}

/** Policies of one kind, oldest first. */
export async function listPolicies(store: Store, tenantId: string, kind: PolicyKind): Promise<PolicyRow[]> {
  return await store.read
    .selectFrom('policies')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', kind)
    .orderBy('created_at')
    .orderBy('policy_id')
    .execute();
}

/** Errors: itemNotFound. */
export async function getPolicy(
  store: Store,
  tenantId: string,
  kind: PolicyKind,
  policyId: string,
): Promise<PolicyRow> {
  const row = await findPolicy(store, tenantId, kind, policyId);
  if (row === undefined) throw new KnownError('itemNotFound', 'There is no policy with this id.');
  return row;
}

/** Assignments of one policy, or of all when none is named. */
export async function listAssignments(store: Store, tenantId: string, policyId?: string): Promise<AssignmentRow[]> {
  let query = store.read
    .selectFrom('assignments')
    .select(['assignment_id', 'policy_id', 'target'])
    .where('tenant_id', '=', tenantId);
  if (policyId !== undefined) query = query.where('policy_id', '=', policyId);
  return await query.orderBy('policy_id').orderBy('assignment_id').execute();
}

/** Undefined when there is none of this kind with this id. */
export async function findPolicy(
  store: Store,
  tenantId: string,
  kind: PolicyKind,
  policyId: string,
): Promise<PolicyRow | undefined> {
  return await store.read
    .selectFrom('policies')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', kind)
    .where('policy_id', '=', policyId)
    .executeTakeFirst();
}
