/**
 * Groups as the pages read, make and change them.
 *
 * Members of a group by rule are asked, never kept: what is shown is who is in it now. A change of a group overwrites
 * nothing it did not see (ETag); who is in it is added and removed one at a time.
 *
 * Source: server/directory/group-routes.ts; Graph v1.0, group.
 */

import { KnownError } from '@carryover/model/errors';
import { type GroupRule, groupRuleFrom } from '@carryover/model/group-rule';
import type { QueryClient } from '@tanstack/react-query';
import type { Graph, GraphPage } from '../../shared/graph.ts';

const GROUPS = '/v1.0/groups';

export interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly description: string | null;
  /** Null: its members are assigned. */
  readonly membershipRule: string | null;
  readonly '@odata.etag'?: string;
}

export interface Member {
  readonly '@odata.type': '#microsoft.graph.user' | '#microsoft.graph.device';
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName?: string;
  readonly operatingSystem?: string;
}

/** As it is typed. */
export interface GroupDraft {
  readonly name: string;
  readonly description: string;
  /** Undefined: its members are assigned. */
  readonly rule: string | undefined;
}

/** In characters, of name and description. Source: Graph, group. */
export const GROUP_LENGTHS = { name: 256, description: 1024 };

interface Asked {
  readonly nextLink?: string | undefined;
  readonly signal: AbortSignal;
}

const groupPath = (id: string) => `${GROUPS}/${encodeURIComponent(id)}`;

/** Each page by name; the service keeps the order of ids between pages. Errors, of every function: as shared/graph.ts. */
export async function listGroups(
  graph: Graph,
  search: string | undefined,
  { nextLink, signal }: Asked,
): Promise<GraphPage<Group>> {
  const query = { $search: search };
  return byName(await graph.page<Group>(nextLink ?? GROUPS, nextLink === undefined ? { query, signal } : { signal }));
}

/** Errors: itemNotFound. */
export function openGroup(graph: Graph, id: string, signal: AbortSignal): Promise<Group> {
  return graph.get<Group>(groupPath(id), { signal });
}

export async function listMembers(graph: Graph, groupId: string, asked: Asked): Promise<GraphPage<Member>> {
  const { nextLink, signal } = asked;
  return byName(await graph.page<Member>(nextLink ?? `${groupPath(groupId)}/members`, { signal }));
}

function byName<Item extends { readonly displayName: string }>(page: GraphPage<Item>): GraphPage<Item> {
  return { ...page, value: page.value.toSorted((a, b) => a.displayName.localeCompare(b.displayName)) };
}

/** Gives the id. Errors: invalidRequest (see ruleFaultOf), quotaLimitReached (inner groupRules). */
export async function createGroup(graph: Graph, draft: GroupDraft): Promise<string> {
  const { name, rule } = draft;
  const byRule = {
    groupTypes: ['DynamicMembership'],
    membershipRule: rule,
    membershipRuleProcessingState: 'On',
  };
  const { id } = await graph.send<Group>('POST', GROUPS, {
    body: {
      displayName: name.trim(),
      description: descriptionOf(draft),
      mailNickname: nicknameOf(name),
      mailEnabled: false,
      securityEnabled: true,
      ...(rule === undefined ? {} : byRule),
    },
  });
  return id;
}

/** Errors: resourceModified when somebody changed it since it was read, invalidRequest (see ruleFaultOf). */
export async function changeGroup(graph: Graph, group: Group, draft: GroupDraft): Promise<void> {
  await graph.send('PATCH', groupPath(group.id), {
    body: {
      displayName: draft.name.trim(),
      description: descriptionOf(draft),
      ...(draft.rule === undefined ? {} : { membershipRule: draft.rule }),
    },
    ...seen(group),
  });
}

/** Errors: resourceModified, conflict (inner groupAssigned; the message names what aims at it). */
export async function deleteGroup(graph: Graph, group: Group): Promise<void> {
  await graph.send('DELETE', groupPath(group.id), seen(group));
}

function seen({ '@odata.etag': etag }: Group): { readonly ifMatch?: string } {
  return etag === undefined ? {} : { ifMatch: etag };
}

/** A person or a device, by its id; who is in already stays in. Errors: itemNotFound. */
export async function addMember(graph: Graph, groupId: string, memberId: string): Promise<void> {
  const body = { '@odata.id': `${window.location.origin}/v1.0/directoryObjects/${memberId}` };
  try {
    await graph.send('POST', `${groupPath(groupId)}/members/$ref`, { body });
  } catch (error) {
    if (!(error instanceof KnownError) || error.inner !== 'alreadyMember') throw error;
  }
}

/** Errors: itemNotFound. */
export async function removeMember(graph: Graph, groupId: string, memberId: string): Promise<void> {
  await graph.send('DELETE', `${groupPath(groupId)}/members/${encodeURIComponent(memberId)}/$ref`);
}

export function draftOf({ displayName, description, membershipRule }: Group): GroupDraft {
  return { name: displayName, description: description ?? '', rule: membershipRule ?? undefined };
}

function descriptionOf({ description }: GroupDraft): string | null {
  return description.trim() === '' ? null : description.trim();
}

/** Graph demands one; there is no mail here. */
function nicknameOf(name: string): string {
  const letters = name.normalize('NFKD').replace(/[^A-Za-z0-9]/g, '');
  return letters === '' ? 'group' : letters.slice(0, 64);
}

export interface RuleFault {
  /** The service's own sentence. */
  readonly message: string;
  /** Of the character that is wrong, from 1. */
  readonly position: number | undefined;
}

/** What is wrong with a rule; undefined when something else was refused. */
export function ruleFaultOf(error: Error | null): RuleFault | undefined {
  if (!(error instanceof KnownError) || error.inner !== 'membershipRule') return undefined;
  const { position } = error.details;
  return { message: error.message, position: typeof position === 'number' ? position : undefined };
}

/** Whom a rule asks about; undefined when the service understands more than this page. */
export function aboutOf(rule: string): GroupRule['about'] | undefined {
  try {
    return groupRuleFrom(rule).about;
  } catch {
    return undefined;
  }
}

/** What pages know of groups is asked again, also what the policy editor knows. */
export async function forgetGroups(queries: QueryClient): Promise<void> {
  const known = ['groupList', 'groupMembers', 'groupSize', 'groups', 'group'];
  await Promise.all(known.map((name) => queries.invalidateQueries({ queryKey: [name] })));
}
