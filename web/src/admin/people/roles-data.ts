/** Directory roles over Graph: who holds which, given and taken one at a time. */

import type { GraphUser, PersonName } from '@carryover/model/admin';
import type { Graph } from '../../shared/graph.ts';
import { listPeople } from './people-data.ts';

const ROLES = '/v1.0/directoryRoles';

export interface RoleName {
  readonly id: string;
  readonly displayName: string;
}

export interface HeldRole extends RoleName {
  readonly holders: readonly PersonName[];
}

/** Every role there is, in the service's order. Errors: as shared/graph.ts. */
export async function listHeldRoles(graph: Graph, signal: AbortSignal): Promise<readonly HeldRole[]> {
  const roles = await graph.all<RoleName>(ROLES, { signal });
  return Promise.all(
    roles.map(async ({ id, displayName }) => {
      const holders = await graph.all<PersonName>(`${ROLES}/${id}/members`, { signal });
      return { id, displayName, holders };
    }),
  );
}

/** Undefined when nobody has this user name. Errors: as shared/graph.ts. */
export async function findPerson(graph: Graph, userName: string, signal: AbortSignal): Promise<GraphUser | undefined> {
  const { value } = await listPeople(graph, userName, { signal });
  return value.find(({ userPrincipalName }) => userPrincipalName.toLowerCase() === userName.toLowerCase());
}

/** Errors: accessDenied (roleMissing), and as shared/graph.ts. */
export async function giveRole(graph: Graph, roleId: string, userId: string): Promise<void> {
  const body = { '@odata.id': `${window.location.origin}/v1.0/directoryObjects/${userId}` };
  await graph.send<undefined>('POST', `${ROLES}/${roleId}/members/$ref`, { body });
}

/** Errors: conflict (lastGlobalAdministrator), accessDenied (roleMissing), and as shared/graph.ts. */
export async function takeRole(graph: Graph, roleId: string, userId: string): Promise<void> {
  await graph.send<undefined>('DELETE', `${ROLES}/${roleId}/members/${userId}/$ref`);
}
