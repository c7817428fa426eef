/**
 * Carries a plan out: files, then pictures and settings in one go per mechanism, then apps one by one.
 *
 * Each step is in the journal before it begins and after it ended, so that a restore killed at any point goes on with
 * the next step: what was begun and is there already counts as applied and is not applied again. One item's failure
 * costs that item only.
 */

import type { PlanItem } from '@carryover/model/restore-plan';
import type { ItemToApply, Mechanism, Outcome } from '../settings/mechanism.ts';
import { type After, begunItems, type Journal, outcomesOf, record } from './journal.ts';
import { appsOf, byMechanism, findingsOf, type Places } from './plan.ts';
import { valuesNow } from './undo.ts';

/** Files in one step of the journal: two lines for many small files, and still little to look at again after a kill. */
const FILES_A_STEP = 20;

interface Step {
  readonly ids: readonly string[];
  readonly run: () => Promise<{ readonly outcomes: readonly Outcome[]; readonly after: After }>;
}

export interface Watching {
  /** Hears the items of each step when it ended. */
  onStep(outcomes: readonly Outcome[], next: readonly string[]): void;
  /** Whether an app whose source cannot be reached is worth another try, said when it is. */
  whenOffline?(): Promise<boolean>;
}

export async function apply(journal: Journal, places: Places, { onStep, whenOffline }: Watching): Promise<Journal> {
  const { system } = places.context;
  let current = await settleBegun(journal, places);
  const done = outcomesOf(current);
  const open = current.restore.plan.items.filter(({ id, step }) => step === 'change' && !done.has(id));
  const steps = stepsOf(open, places, whenOffline);
  onStep([...done.values()], steps[0]?.ids ?? []);
  for (const [index, { ids, run }] of steps.entries()) {
    current = await record(system, current, { event: 'begin', items: ids });
    const startMs = system.monotonicMs();
    const { outcomes, after } = await run();
    current = await record(system, current, { event: 'end', outcomes, after, ms: system.monotonicMs() - startMs });
    onStep(outcomes, steps[index + 1]?.ids ?? []);
  }
  return current;
}

/** What was begun when a restore was killed: applied when it is there, open again when it is not. */
async function settleBegun(journal: Journal, places: Places): Promise<Journal> {
  const done = outcomesOf(journal);
  const begun = begunItems(journal);
  const doubtful = journal.restore.plan.items.filter(({ id }) => begun.has(id) && !done.has(id));
  if (doubtful.length === 0) return journal;
  const findings = await findingsOf(doubtful, places);
  const there = doubtful.filter(({ id }) => findings.get(id)?.same === true);
  if (there.length === 0) return journal;
  const outcomes: Outcome[] = there.map(({ id }) => ({ itemId: id, status: 'applied' }));
  const groups = [...byMechanism(there, places.context.catalog, places.mechanisms)];
  const values = await Promise.all(groups.map(([mechanism, members]) => valuesNow(members, mechanism, places)));
  return record(places.context.system, journal, { event: 'end', outcomes, after: Object.assign({}, ...values), ms: 0 });
}

function stepsOf(items: readonly PlanItem[], places: Places, whenOffline: Watching['whenOffline']): Step[] {
  const { context, mechanisms, apps, appsContext } = places;
  const files = [...byMechanism(ofKind(items, 'file'), context.catalog, mechanisms)].flatMap(([mechanism, members]) =>
    inChunks(members, FILES_A_STEP).map((chunk) => mechanismStep(mechanism, chunk, places)),
  );
  const settings = [...byMechanism(ofKind(items, 'image', 'setting'), context.catalog, mechanisms)].map(
    ([mechanism, members]) => mechanismStep(mechanism, members, places),
  );
  const installs = appsOf(items).map(
    (app): Step => ({
      ids: [app.itemId],
      async run() {
        const attempt = () => guarded(app.itemId, () => apps.applyApp(appsContext, app));
        let outcome = await attempt();
        while (outcome.reason?.code === 'appSourceUnreachable' && (await whenOffline?.()) === true)
          outcome = await attempt();
        return { outcomes: [outcome], after: {} };
      },
    }),
  );
  return [...files, ...settings, ...installs];
}

function mechanismStep(mechanism: Mechanism, members: readonly ItemToApply[], places: Places): Step {
  const ids = members.map(({ itemId }) => itemId);
  const run = async () => {
    const outcomes = await outcomesFrom(() => mechanism.apply(places.context, members), ids);
    return { outcomes, after: await valuesNow(members, mechanism, places) };
  };
  return { ids, run };
}

/** A mechanism that fails as a whole (a program is missing) fails its items, not the restore. */
async function outcomesFrom(work: () => Promise<readonly Outcome[]>, ids: readonly string[]): Promise<Outcome[]> {
  const found = new Map<string, Outcome>();
  let detail = 'nothing was said about it';
  try {
    for (const outcome of await work()) found.set(outcome.itemId, outcome);
  } catch (error) {
    detail = messageOf(error);
  }
  return ids.map((itemId) => found.get(itemId) ?? failed(itemId, detail));
}

async function guarded(itemId: string, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    return failed(itemId, messageOf(error));
  }
}

function failed(itemId: string, detail: string): Outcome {
  return { itemId, status: 'failed', reason: { code: 'applyFailed', facts: { detail } } };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function ofKind(items: readonly PlanItem[], ...kinds: readonly PlanItem['kind'][]): PlanItem[] {
  return items.filter(({ kind }) => kinds.includes(kind));
}

function inChunks<Member>(members: readonly Member[], size: number): Member[][] {
  return Array.from({ length: Math.ceil(members.length / size) }, (_, index) =>
    members.slice(index * size, (index + 1) * size),
  );
}
