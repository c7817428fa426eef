/**
 * The undo point of a restore: what every item it will change was before, on disk before the first change; and the way back.
 *
 * Undo brings back only what still is as the restore left it: what the person changed since stays, and is named.
 * Safe to repeat: an undo that is killed is called again, and finds what is back already.
 */

import { canonicalJson, type Json } from '@carryover/model/canonical';
import { settingOf } from '@carryover/model/catalog';
import type { PlanItem } from '@carryover/model/restore-plan';
import type { Former, ItemToApply, Mechanism } from '../settings/mechanism.ts';
import type { System } from '../system/system.ts';
import { afterOf, begunItems, fileOfRestore, type Journal } from './journal.ts';
import { byMechanism, type Places } from './plan.ts';

/** On disk: `raw` null stands for "not set"; contents lie beside by blob id. */
interface StoredFormer {
  readonly itemId: string;
  readonly raw: Json;
  readonly blobs: readonly string[];
}

export interface UndoResult {
  /** Items that are again what they were. */
  readonly back: readonly string[];
  /** Items that the person changed since and that stay. */
  readonly kept: readonly string[];
  readonly failed: readonly string[];
}

/** Writes the undo point of `items` unless it is there; how many values it holds. The list is written last: with it, all is there. */
export async function saveUndoPoint(
  { restore }: Journal,
  items: readonly PlanItem[],
  { context, mechanisms }: Places,
): Promise<number> {
  const { system } = context;
  const path = fileOfRestore(system, restore.number, 'undo.json');
  const saved = await readUndoPoint(system, restore.number);
  if (saved !== undefined) return saved.length;
  const groups = [...byMechanism(items, context.catalog, mechanisms)];
  const former = (await Promise.all(groups.map(([mechanism, members]) => mechanism.former(context, members)))).flat();
  const blobs = new Map(former.flatMap((one) => one.blobs.map(({ blobId, content }) => [blobId, content] as const)));
  for (const [blobId, content] of blobs)
    await system.writeFile(blobFile(system, restore.number, blobId), content, 0o600);
  const stored: StoredFormer[] = former.map(({ itemId, raw, blobs: own }) => ({
    itemId,
    raw: raw ?? null,
    blobs: own.map(({ blobId }) => blobId),
  }));
  await system.writeFile(path, JSON.stringify(stored), 0o600);
  return stored.length;
}

/** What undo would do, without doing it. */
export async function undoable(journal: Journal, places: Places): Promise<{ back: number; kept: readonly string[] }> {
  const decisions = await decide(journal, places);
  return {
    back: decisions.filter(({ what }) => what !== 'keep').length,
    kept: decisions.filter(({ what }) => what === 'keep').map(({ itemId }) => itemId),
  };
}

export async function undo(journal: Journal, places: Places): Promise<UndoResult> {
  const decisions = await decide(journal, places);
  const back = decisions.filter(({ what }) => what === 'isBack').map(({ itemId }) => itemId);
  const failed: string[] = [];
  const reverting = Map.groupBy(
    decisions.filter(({ what }) => what === 'revert'),
    ({ mechanism }) => mechanism,
  );
  for (const [mechanism, members] of reverting) {
    const outcomes = await mechanism.revert(
      places.context,
      members.map(({ former }) => former),
    );
    for (const { itemId, status } of outcomes)
      if (status === 'applied' || status === 'unchanged') back.push(itemId);
      else failed.push(itemId);
  }
  return { back, kept: decisions.filter(({ what }) => what === 'keep').map(({ itemId }) => itemId), failed };
}

interface Decision {
  readonly itemId: string;
  readonly mechanism: Mechanism;
  readonly former: Former;
  readonly what: 'revert' | 'isBack' | 'keep';
}

async function decide(journal: Journal, { context, mechanisms }: Places): Promise<Decision[]> {
  const { system, catalog } = context;
  const stored = (await readUndoPoint(system, journal.restore.number)) ?? [];
  const begun = begunItems(journal);
  const touched = new Map(stored.filter(({ itemId }) => begun.has(itemId)).map((one) => [one.itemId, one]));
  const planned = journal.restore.plan.items.filter(
    ({ id }) => touched.has(id) && settingOf(catalog, id) !== undefined,
  );
  const after = afterOf(journal);
  const decisions: Decision[] = [];
  for (const [mechanism, members] of byMechanism(planned, catalog, mechanisms)) {
    const now = new Map((await mechanism.former(context, members)).map(({ itemId, raw }) => [itemId, raw ?? null]));
    const unknown = members.filter(({ itemId }) => !after.has(itemId));
    const findings = unknown.length > 0 ? await mechanism.inspect(context, unknown) : new Map();
    for (const { itemId } of members) {
      const was = touched.get(itemId);
      if (was === undefined) continue;
      const former = await formerFrom(system, journal.restore.number, was);
      const current = now.get(itemId) ?? null;
      // Killed between changing and writing that down: then it is ours if it holds what was wanted.
      const isOurs = after.has(itemId) ? same(current, after.get(itemId) ?? null) : findings.get(itemId)?.same === true;
      const what = same(current, was.raw) ? 'isBack' : isOurs ? 'revert' : 'keep';
      decisions.push({ itemId, mechanism, former, what });
    }
  }
  return decisions;
}

/** What `items` hold now, for the journal: null where nothing is set. */
export async function valuesNow(
  items: readonly ItemToApply[],
  mechanism: Mechanism,
  { context }: Places,
): Promise<Record<string, Json>> {
  const former = await mechanism.former(context, items);
  return Object.fromEntries(former.map(({ itemId, raw }) => [itemId, raw ?? null]));
}

async function readUndoPoint(system: System, number: string): Promise<StoredFormer[] | undefined> {
  const bytes = await system.readFile(fileOfRestore(system, number, 'undo.json'));
  return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString());
}

async function formerFrom(system: System, number: string, { itemId, raw, blobs }: StoredFormer): Promise<Former> {
  const contents = await Promise.all(
    blobs.map(async (blobId) => {
      const content = await system.readFile(blobFile(system, number, blobId));
      if (content === undefined) throw new Error(`The undo point of restore ${number} lacks content ${blobId}.`);
      return { blobId, content };
    }),
  );
  return { itemId, raw: raw ?? undefined, blobs: contents };
}

function blobFile(system: System, number: string, blobId: string): string {
  return fileOfRestore(system, number, `${blobId}.blob`);
}

function same(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
