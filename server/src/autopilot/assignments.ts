/**
 * To which registered PCs an Autopilot profile is assigned: all of them, or those in groups, without the excluded.
 *
 * Of several profiles that reach a PC the oldest one counts, so that a new profile never changes what a PC gets.
 */

import { type AssignmentTarget, reaches } from '@carryover/model/assignment';
import type { Json } from '@carryover/model/canonical';
import { KnownError } from '@carryover/model/errors';
import { type Change, recordAudit } from '../audit/audit.ts';
import { command, rowsOfEach, run, type Store } from '../db/command.ts';
import { groupsOf } from '../directory/membership.ts';
import { listAssignments, listPolicies } from '../policies/store.ts';

export interface NewAssignment {
  readonly id: string;
  readonly target: AssignmentTarget;
}

/** Adds one; adding it again changes nothing. */
export const addAutopilotAssignment = command(
  'addAutopilotAssignment',
  function* (change: Change, profileId: string, { id, target }: NewAssignment) {
    const before = yield* assignmentsOf(change.tenantId, profileId);
    if (before.some(({ assignment_id }) => assignment_id === id)) return;
    yield* run((db) =>
      db.insertInto('assignments').values({
        tenant_id: change.tenantId,
        policy_id: profileId,
        assignment_id: id,
        target: JSON.stringify(target),
        created_at: change.at,
      }),
    );
    const old = before.map((row) => JSON.parse(row.target) as Json);
    yield* recordAudit({
      ...change,
      action: 'assign autopilotProfile',
      target: { type: 'autopilotProfile', id: profileId },
      result: 'success',
      values: { assignments: { old, new: [...old, target as unknown as Json] } },
    });
  },
);

/** Errors: itemNotFound. */
export const removeAutopilotAssignment = command(
  'removeAutopilotAssignment',
  function* (change: Change, profileId: string, id: string) {
    const before = yield* assignmentsOf(change.tenantId, profileId);
    const left = before.filter(({ assignment_id }) => assignment_id !== id);
    if (left.length === before.length)
      throw new KnownError('itemNotFound', 'The profile has no assignment with this id.');
    yield* run((db) =>
      db
        .deleteFrom('assignments')
        .where('tenant_id', '=', change.tenantId)
        .where('policy_id', '=', profileId)
        .where('assignment_id', '=', id),
    );
    yield* recordAudit({
      ...change,
      action: 'assign autopilotProfile',
      target: { type: 'autopilotProfile', id: profileId },
      result: 'success',
      values: { assignments: { old: before.map(targetOf), new: left.map(targetOf) } },
    });
  },
);

function* assignmentsOf(tenantId: string, policyId: string) {
  const [rows] = yield* rowsOfEach([
    (db) =>
      db
        .selectFrom('assignments')
        .select(['assignment_id', 'target'])
        .where('tenant_id', '=', tenantId)
        .where('policy_id', '=', policyId)
        .orderBy('assignment_id'),
  ]);
  return rows;
}

function targetOf({ target }: { readonly target: string }): Json {
  return JSON.parse(target) as Json;
}

/** The oldest profile that reaches this registered PC and whoever enrolls it. `deviceId`: the registered PC. */
export async function assignedProfileOf(
  store: Store,
  pc: { readonly tenantId: string; readonly userId: string; readonly deviceId: string },
): Promise<string | undefined> {
  const [profiles, assignments] = await Promise.all([
    listPolicies(store, pc.tenantId, 'autopilotProfile'),
    listAssignments(store, pc.tenantId),
  ]);
  const subject = { ...pc, groups: await groupsOf(store, pc.tenantId, pc) };
  const found = profiles.find(({ policy_id }) => {
    const targets = assignments
      .filter((assignment) => assignment.policy_id === policy_id)
      .map(({ target }) => JSON.parse(target) as AssignmentTarget);
    return reaches(targets, subject).reached;
  });
  return found?.policy_id;
}
