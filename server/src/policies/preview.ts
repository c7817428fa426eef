/**
 * What a change of a policy would do, worked out device by device before it is saved.
 *
 * Devices that the same documents reach are looked at once; the rest is counting. A device is judged for the person who
 * enrolled it.
 */

import type { AssignmentTarget } from '@carryover/model/assignment';
import { groupIdsOf } from '@carryover/model/assignment';
import type { Understood } from '@carryover/model/policy-catalog';
import { decidedMembers } from '@carryover/model/policy-explain';
import type { Conflict, DecisionMember } from '@carryover/model/policy-merge';
import type {
  PolicyDifference,
  PolicyPreview,
  PreviewConflict,
  PreviewDevice,
  ValueChange,
} from '@carryover/model/policy-preview';
import type { Store } from '../db/command.ts';
import { membersOf } from '../directory/membership.ts';
import { localPolicyFrom } from './local-policy.ts';
import { type AssignedDocument, type Documents, decisionsOf, documentsFrom, reachedBy } from './policies.ts';

export interface DocumentChange {
  /** Of the document that it takes the place of; undefined for a new one. */
  readonly id: string | undefined;
  /** Undefined: the document goes away. */
  readonly document:
    | (Understood & { readonly name: string; readonly targets: readonly AssignmentTarget[] })
    | undefined;
  readonly deviceId: string | undefined;
}

/** Stands for a document that has no id yet. */
const NEW = 'new';
const EXAMPLES = 5;
/** Devices looked at between two breaks for others. */
const AT_ONCE = 1000;

export async function previewPolicy(
  store: Store,
  tenantId: string,
  { before, change }: { readonly before: Documents; readonly change: DocumentChange },
): Promise<PolicyPreview> {
  const id = change.id ?? NEW;
  const after = documentsFrom(before.version, changed(before.documents, change, id), before.deviceCodeAllowed);
  const groups = await groupsByMember(store, tenantId, [...before.documents, ...after.documents]);
  const counted = new Counts();
  const conflicts = new Map<string, PreviewConflict>();
  let [devices, reached, onDevice] = [0, 0, null as PolicyPreview['onDevice']];
  for await (const row of devicesOf(store, tenantId)) {
    devices += 1;
    const own = new Set([...(groups.get(row.device_id) ?? []), ...(groups.get(row.enrolled_by) ?? [])]);
    const local = localPolicyFrom(row.local_policy);
    const [was, willBe] = [before, after].map((documents) => {
      const at = reachedBy(documents.documents, own).flatMap(({ reach }, place) => (reach.reached ? [place] : []));
      return { at, ...decisionsOf(documents, at, local) };
    });
    if (was === undefined || willBe === undefined) continue;
    if (willBe.at.some((place) => after.documents[place]?.document.id === id)) reached += 1;
    const device = { deviceId: row.device_id, deviceName: row.name, person: row.display_name };
    const changes = differences(was.decisions, willBe.decisions);
    counted.add(changes, device);
    for (const conflict of willBe.conflicts) noteConflict(conflicts, conflict, id);
    if (row.device_id === change.deviceId) onDevice = { deviceName: row.name, changes };
  }
  return {
    devices,
    reached,
    changed: counted.devices,
    changes: counted.all(),
    conflicts: [...conflicts.values()],
    unknown: change.document?.unknown ?? [],
    onDevice,
  };
}

function changed(documents: readonly AssignedDocument[], { document }: DocumentChange, id: string): AssignedDocument[] {
  const others = documents.filter((one) => one.document.id !== id);
  if (document === undefined) return others;
  const { name, settings, unknown, targets } = document;
  return [...others, { document: { source: 'service', id, name, settings }, unknown, targets }];
}

/** The groups that documents are assigned to, by the people and devices in them. */
async function groupsByMember(
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

async function* devicesOf(store: Store, tenantId: string) {
  let after = '';
  for (;;) {
    const rows = await store.read
      .selectFrom('devices')
      .leftJoin('users', (join) =>
        join.onRef('users.user_id', '=', 'devices.enrolled_by').onRef('users.tenant_id', '=', 'devices.tenant_id'),
      )
      .select([
        'devices.device_id',
        'devices.name',
        'devices.enrolled_by',
        'devices.local_policy',
        'users.display_name',
      ])
      .where('devices.tenant_id', '=', tenantId)
      .where('devices.state', '=', 'active')
      .where('devices.device_id', '>', after)
      .orderBy('devices.device_id')
      .limit(AT_ONCE)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < AT_ONCE) return;
    after = last.device_id;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

type Decisions = Parameters<typeof decidedMembers>[0];
const compared = new WeakMap<object, WeakMap<object, readonly ValueChange[]>>();

/** Worked out once for each pair: decisionsOf gives the same object for the same documents. */
function differences(before: Decisions, after: Decisions): readonly ValueChange[] {
  const known = compared.get(before) ?? new WeakMap<object, readonly ValueChange[]>();
  compared.set(before, known);
  const made = known.get(after) ?? differencesOf(before, after);
  known.set(after, made);
  return made;
}

function differencesOf(before: Decisions, after: Decisions): ValueChange[] {
  const [was, willBe] = [decidedMembers(before), decidedMembers(after)];
  return [...willBe].flatMap(([member, to]) => {
    const from = was.get(member);
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ member, from, to }];
  });
}

class Counts {
  devices = 0;
  readonly #found = new Map<string, ValueChange & { devices: number; examples: PreviewDevice[] }>();

  add(changes: readonly ValueChange[], device: PreviewDevice): void {
    if (changes.length > 0) this.devices += 1;
    for (const change of changes) {
      const key = JSON.stringify(change);
      const found = this.#found.get(key) ?? { ...change, devices: 0, examples: [] };
      found.devices += 1;
      if (found.examples.length < EXAMPLES) found.examples.push(device);
      this.#found.set(key, found);
    }
  }

  all(): PolicyDifference[] {
    return [...this.#found.values()].toSorted((a, b) => b.devices - a.devices);
  }
}

/** Counts a conflict that this document has a part in. */
function noteConflict(
  conflicts: Map<string, PreviewConflict>,
  { member, kept, overruled }: Conflict,
  id: string,
): void {
  const isOfDocument = [kept, ...overruled].some(({ origin }) => origin.policyId === id);
  if (!isOfDocument) return;
  const shown = {
    member: member as DecisionMember,
    kept: { origin: kept.origin, value: kept.value },
    overruled: overruled.map(({ origin, value }) => ({ origin, value })),
  };
  const key = JSON.stringify(shown);
  const before = conflicts.get(key)?.devices ?? 0;
  conflicts.set(key, { ...shown, devices: before + 1 });
}
