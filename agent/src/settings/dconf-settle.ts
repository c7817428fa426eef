/**
 * Makes wishes come true in one load, reads back, and says of each whether it did.
 */

import type { Wish } from './dconf-decision.ts';
import { loadValues, ownValues, resetKey } from './dconf-session.ts';
import { isFulfilled } from './dconf-wish.ts';
import type { DconfValues } from './keyfile.ts';
import type { MechanismContext, Outcome } from './mechanism.ts';

/** Errors: none; what went wrong is in the outcomes. */
export async function settle(context: MechanismContext, wishes: readonly Wish[]): Promise<Outcome[]> {
  if (wishes.length === 0) return [];
  const { system, organization } = context;
  try {
    const writes = wishes.flatMap(({ writes }) => [...writes]);
    const { failure, ignored } =
      writes.length === 0
        ? { failure: undefined, ignored: new Set<string>() }
        : await loadValues(system, new Map(writes));
    if (failure !== undefined) return wishes.map(({ itemId }) => failed(itemId, failure));
    // A load cannot unset; these are rare, so that one run each does not matter.
    for (const key of wishes.flatMap(({ resets }) => resets)) await resetKey(system, key);
    const values = await ownValues(system);
    return await Promise.all(wishes.map((wish) => outcomeOf(wish, values, { ignored, organization })));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return wishes.map(({ itemId }) => failed(itemId, detail));
  }
}

async function outcomeOf(
  wish: Wish,
  values: DconfValues,
  { ignored, organization }: { readonly ignored: ReadonlySet<string>; readonly organization: string | undefined },
): Promise<Outcome> {
  const { itemId, writes, resets } = wish;
  if (await isFulfilled(values, wish)) return { itemId, status: 'applied' };
  const keys = [...writes.keys(), ...resets];
  const locked = keys.find((key) => ignored.has(key));
  if (locked !== undefined) {
    const facts = { policy: `dconf ${locked}`, ...(organization === undefined ? {} : { org: organization }) };
    return { itemId, status: 'lockedByPolicy', reason: { code: 'lockedByPolicy', facts } };
  }
  const { shownValue } = await import('./dconf-raw.ts');
  const found = keys.map((key) => shownValue(values, key)).join('; ');
  return { itemId, status: 'failed', reason: { code: 'didNotTake', facts: { found } } };
}

function failed(itemId: string, detail: string): Outcome {
  return { itemId, status: 'failed', reason: { code: 'applyFailed', facts: { detail } } };
}
