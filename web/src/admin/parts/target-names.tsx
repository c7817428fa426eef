/** Whom something reaches, in words: everybody or the names of groups, and who is left out. */

import type { AssignmentTarget } from '@carryover/model/assignment';
import { useQueries } from '@tanstack/react-query';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { type GroupTarget, groupName, isLeftOut } from './groups.ts';

export interface TargetNamesProps {
  readonly graph: Graph;
  readonly targets: readonly AssignmentTarget[];
  /** What everybody is called here. */
  readonly everybodyIs: string;
}

export function TargetNames({ graph, targets, everybodyIs }: TargetNamesProps) {
  const say = useWords();
  const groups = targets.filter((target): target is GroupTarget => 'groupId' in target);
  const { included, leftOut } = useGroupNames(graph, groups);
  const everybody = groups.length < targets.length;
  if (!everybody && included.length === 0) return say('policyEditor.nobodyYet');
  const reached = everybody ? everybodyIs : included.join(', ');
  return leftOut.length === 0 ? reached : say('targets.without', { reached, groups: leftOut.join(', ') });
}

/** Names in the order of `groups`; an id until its name is known. */
export function useGroupNames(graph: Graph, groups: readonly GroupTarget[]) {
  const named = useQueries({
    queries: groups.map((target) => ({
      queryKey: ['group', target.groupId],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => groupName(graph, target.groupId, signal),
    })),
    combine: (found) => found.map(({ data }) => data?.displayName),
  });
  const all = groups.map((target, at) => ({ left: isLeftOut(target), name: named[at] ?? target.groupId }));
  return {
    included: all.filter(({ left }) => !left).map(({ name }) => name),
    leftOut: all.filter(({ left }) => left).map(({ name }) => name),
  };
}
