/**
 * Which roles do what in the admin center, so that a button that would be refused is off and says who can.
 *
 * The service decides; this only spares people a refusal. Source: Microsoft Entra built-in roles, as the service has them.
 */

import { useQuery } from '@tanstack/react-query';
import type { Graph } from '../../shared/graph.ts';

const GLOBAL = 'Global Administrator';

export const NEEDED = {
  devices: ['Intune Administrator', GLOBAL],
  joining: ['Intune Administrator', 'Cloud Device Administrator', GLOBAL],
  groups: ['User Administrator', 'Intune Administrator', GLOBAL],
  people: ['User Administrator', GLOBAL],
  passwords: ['Authentication Administrator', 'Helpdesk Administrator', 'User Administrator', GLOBAL],
  roles: ['Privileged Role Administrator', GLOBAL],
} as const satisfies Record<string, readonly string[]>;

export type Task = keyof typeof NEEDED;

/** May whoever is signed in do this? Yes while it is not known: the service refuses what it must. */
export function useMay(graph: Graph): (task: Task) => boolean {
  const { data: roles } = useQuery({
    queryKey: ['ownRoles'],
    queryFn: ({ signal }) => graph.all<{ displayName: string }>('/v1.0/me/memberOf', { signal }),
    staleTime: 60_000,
  });
  return (task) =>
    mayWith(
      roles?.map(({ displayName }) => displayName),
      task,
    );
}

function mayWith(roles: readonly string[] | undefined, task: Task): boolean {
  return roles === undefined || NEEDED[task].some((role) => roles.includes(role));
}
