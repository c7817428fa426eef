/** Groups as a page that assigns something finds, names and aims at them. Source: Graph, group; model/assignment.ts. */

import type { AssignmentTarget } from '@carryover/model/assignment';
import type { Graph } from '../../shared/graph.ts';

export interface GroupName {
  readonly id: string;
  readonly displayName: string;
}

/** At most 20 groups by a part of their name; all of the first ones without one. */
export async function findGroups(graph: Graph, search: string, signal: AbortSignal): Promise<readonly GroupName[]> {
  const words = search.replaceAll('"', ' ').trim();
  const query = words === '' ? {} : { $search: `"displayName:${words}"` };
  const { value } = await graph.page<GroupName>('/v1.0/groups', { query, signal });
  return value.slice(0, 20);
}

export async function groupName(graph: Graph, id: string, signal: AbortSignal): Promise<GroupName> {
  return await graph.get<GroupName>(`/v1.0/groups/${id}`, { signal });
}

/** Whether anybody or anything is in it now. */
export async function hasMembers(graph: Graph, id: string, signal: AbortSignal): Promise<boolean> {
  return (await graph.page(`/v1.0/groups/${id}/members`, { signal })).value.length > 0;
}

export type GroupTarget = Extract<AssignmentTarget, { readonly groupId: string }>;

export function groupTarget(groupId: string, left: boolean): GroupTarget {
  return { '@odata.type': `#microsoft.graph.${left ? 'exclusionGroup' : 'group'}AssignmentTarget`, groupId };
}

export function isLeftOut(target: GroupTarget): boolean {
  return target['@odata.type'] === '#microsoft.graph.exclusionGroupAssignmentTarget';
}
