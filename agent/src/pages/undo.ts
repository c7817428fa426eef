/** Taking the last restore back from a page: what that would do, and doing it. Both pages go this way. */

import type { UndoneResult, UndoView } from '@carryover/model/local-pages';
import { type RestoreInput, type UndoPreview, undoableRestore, undoPreview } from '../restore/restore.ts';
import { takeBackAndRemember } from '../restore/take-back.ts';

/** Errors: itemNotFound, inner "nothingToUndo". */
export async function undoViewOf(input: RestoreInput): Promise<UndoView> {
  const { journal, back, kept, apps } = await undoPreview(input);
  const { plan, startedAt } = journal.restore;
  const { until } = (await undoableRestore(input.system)) ?? {};
  return {
    from: plan.deviceName,
    restoredAt: startedAt,
    until: until?.toString({ smallestUnit: 'second' }) ?? startedAt,
    back,
    kept,
    appsStay: apps,
  };
}

export interface TakenBackHere {
  readonly journal: UndoPreview['journal'];
  readonly undone: UndoneResult;
}

/** Errors: as undoViewOf. */
export async function takeLastBack(input: RestoreInput): Promise<TakenBackHere> {
  const { journal, apps } = await undoPreview(input);
  const { back, kept, failed } = await takeBackAndRemember(input, journal);
  return { journal, undone: { back, kept, failed, appsStay: apps } };
}
