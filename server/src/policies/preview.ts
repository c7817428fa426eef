/**
 * What a change of a policy would do, worked out device by device before it is saved, and on what saved ones disagree.
 *
 * Devices that the same documents reach are looked at once; the rest is counting. A device is judged for the person who
 * enrolled it.
 */

import type { AssignmentTarget } from '@carryover/model/assignment';
import type { Understood } from '@carryover/model/policy-catalog';
import { decidedMembers } from '@carryover/model/policy-explain';
import type { Conflict } from '@carryover/model/policy-merge';
import type {
  PolicyDifference,
  PolicyPreview,
  PreviewConflict,
  PreviewDevice,
  ValueChange,
} from '@carryover/model/policy-preview';
import type { Store } from '../db/command.ts';
import { type AssignedDocument, type Documents, documentsFrom } from './policies.ts';
import { decidedFor, groupsByMember, subjectsOf } from './subjects.ts';

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
  for await (const row of subjectsOf(store, tenantId)) {
    devices += 1;
    const [was, willBe] = [decidedFor(before, groups, row), decidedFor(after, groups, row)];
    if (willBe.at.some((place) => after.documents[place]?.document.id === id)) reached += 1;
    const device = { deviceId: row.device_id, deviceName: row.name, person: row.display_name };
    const changes = differences(was.decisions, willBe.decisions);
    counted.add(changes, device);
    for (const conflict of willBe.conflicts) if (isOf(conflict, id)) noteConflict(conflicts, conflict);
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

/** What the documents of an organization answer differently on the devices that they reach. */
export async function policyConflicts(
  store: Store,
  tenantId: string,
  documents: Documents,
): Promise<PreviewConflict[]> {
  const groups = await groupsByMember(store, tenantId, documents.documents);
  const conflicts = new Map<string, PreviewConflict>();
  for await (const row of subjectsOf(store, tenantId))
    for (const conflict of decidedFor(documents, groups, row).conflicts) noteConflict(conflicts, conflict);
  return [...conflicts.values()].toSorted((a, b) => b.devices - a.devices);
}

function changed(documents: readonly AssignedDocument[], { document }: DocumentChange, id: string): AssignedDocument[] {
  const others = documents.filter((one) => one.document.id !== id);
  if (document === undefined) return others;
  const { name, settings, unknown, targets } = document;
  return [...others, { document: { source: 'service', id, name, settings }, unknown, targets }];
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

/** Has this document a part in it. */
function isOf({ kept, overruled }: Conflict, id: string): boolean {
  return [kept, ...overruled].some(({ origin }) => origin.policyId === id);
}

function noteConflict(conflicts: Map<string, PreviewConflict>, { member, kept, overruled }: Conflict): void {
  const shown = {
    member,
    kept: { origin: kept.origin, value: kept.value },
    overruled: overruled.map(({ origin, value }) => ({ origin, value })),
  };
  const key = JSON.stringify(shown);
  const before = conflicts.get(key)?.devices ?? 0;
  conflicts.set(key, { ...shown, devices: before + 1 });
}
