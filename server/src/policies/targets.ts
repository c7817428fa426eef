/** Targets of assignments as they come over the wire: each one known, each group there. */

import { type AssignmentTarget, assignmentTargetFrom, groupIdsOf } from '@carryover/model/assignment';
import { KnownError } from '@carryover/model/errors';
import type { Store } from '../db/command.ts';
import { missingGroups } from '../directory/membership.ts';

export interface WireTarget {
  readonly value: unknown;
  /** Where it stood, for the message. */
  readonly property: string;
}

/** Errors: invalidRequest (inner assignmentTarget) for a target of no known kind, or a group that is not there. */
export async function targetsFrom(
  store: Store,
  tenantId: string,
  given: readonly WireTarget[],
): Promise<AssignmentTarget[]> {
  const targets = given.map(({ value, property }) => assignmentTargetFrom(value, property));
  const [missing] = await missingGroups(store, tenantId, groupIdsOf(targets));
  if (missing === undefined) return targets;
  const at = targets.findIndex((target) => 'groupId' in target && target.groupId === missing);
  throw new KnownError('invalidRequest', `There is no group with the id ${missing} in this organization.`, {
    inner: 'assignmentTarget',
    details: { property: `${given[at]?.property ?? 'target'}.groupId` },
  });
}

/** One assignment of a document to one target: the same target again is the same assignment. */
export function assignmentIdOf(documentId: string, target: AssignmentTarget): string {
  const kind = target['@odata.type'].replace('#microsoft.graph.', '').replace('AssignmentTarget', '');
  return 'groupId' in target ? `${documentId}_${target.groupId}_${kind}` : `${documentId}_${kind}`;
}
