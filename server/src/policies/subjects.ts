/**
 * All devices of an organization with what decides which documents reach each: for counts and previews, which ask about
 * everybody at once. A device is judged for the person who enrolled it.
 */

import { groupIdsOf } from '@carryover/model/assignment';
import type { Store } from '../db/command.ts';
import { membersOf } from '../directory/membership.ts';
import { localPolicyFrom } from './local-policy.ts';
import { type AssignedDocument, type Documents, decisionsOf, reachedBy } from './policies.ts';

/** Devices looked at between two breaks for others. */
const AT_ONCE = 1000;

/** The groups that documents are assigned to, by the people and devices in them. */
export async function groupsByMember(
  store: Store,
  tenantId: string,
  documents: readonly AssignedDocument[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const groups = new Map<string, Set<string>>();
  for (const groupId of groupIdsOf(documents.flatMap(({ targets }) => targets))) {
    let after: string | undefined;
    for (;;) {
      const members = await membersOf(store, { tenantId, groupId }, { top: AT_ONCE, after });
      for (const { id } of members) groups.set(id, (groups.get(id) ?? new Set<string>()).add(groupId));
      after = members.at(-1)?.id;
      if (members.length < AT_ONCE) break;
    }
  }
  return groups;
}

type Subject = Awaited<ReturnType<typeof readSubjects>>[number];

/** Devices that have not left, by id, in parts. */
export async function* subjectsOf(store: Store, tenantId: string): AsyncGenerator<Subject> {
  let after = '';
  for (;;) {
    const rows = await readSubjects(store, tenantId, after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < AT_ONCE) return;
    after = last.device_id;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function readSubjects(store: Store, tenantId: string, after: string) {
  return await store.read
    .selectFrom('devices')
    .leftJoin('users', (join) =>
      join.onRef('users.user_id', '=', 'devices.enrolled_by').onRef('users.tenant_id', '=', 'devices.tenant_id'),
    )
    .select(['devices.device_id', 'devices.name', 'devices.enrolled_by', 'devices.local_policy', 'users.display_name'])
    .where('devices.tenant_id', '=', tenantId)
    .where('devices.state', 'in', ['active', 'quarantined'])
    .where('devices.device_id', '>', after)
    .orderBy('devices.device_id')
    .limit(AT_ONCE)
    .execute();
}

/** What documents decide for a device, with the places of those that reach it. The same documents give the same object. */
export function decidedFor(
  documents: Documents,
  groups: ReadonlyMap<string, ReadonlySet<string>>,
  subject: Pick<Subject, 'device_id' | 'enrolled_by' | 'local_policy'>,
) {
  const own = new Set([...(groups.get(subject.device_id) ?? []), ...(groups.get(subject.enrolled_by) ?? [])]);
  const at = reachedBy(documents.documents, own).flatMap(({ reach }, place) => (reach.reached ? [place] : []));
  return { at, ...decisionsOf(documents, at, localPolicyFrom(subject.local_policy)) };
}
