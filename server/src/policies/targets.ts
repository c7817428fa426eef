/** Targets of assignments as they come over the wire, each one known and each group there, and as they are told. */

import { type AssignmentTarget, assignmentTargetFrom, groupIdsOf } from '@carryover/model/assignment';
import type { Json } from '@carryover/model/canonical';
import { KnownError } from '@carryover/model/errors';
import type { FastifyRequest } from 'fastify';
import type { Store } from '../db/command.ts';
import { missingGroups } from '../directory/membership.ts';
import type { Pages } from '../http/page.ts';
import type { AssignmentRow } from './store.ts';

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

/** The answer to a question for the assignments of a document, all of them at once. `path`: of the document, for the context. */
export function assignmentsAnswer(
  pages: Pages,
  request: FastifyRequest,
  of: { readonly documentId: string; readonly path: string; readonly rows: readonly AssignmentRow[] },
): object {
  const { documentId, path, rows } = of;
  return pages.collection(
    request,
    { top: rows.length + 1, after: undefined },
    {
      items: rows,
      keyOf: ({ assignment_id }) => assignment_id,
      toValue: ({ assignment_id, target }) => ({
        id: assignment_id,
        source: 'direct',
        sourceId: documentId,
        target: JSON.parse(target) as Json,
      }),
      context: `${path}('${documentId}')/assignments`,
    },
  );
}
