/** Taking a restore back, with its line in the history; the command and the pages do the same. */

import { remember } from '../history/history.ts';
import { type RestoreInput, takeBack, type UndoPreview } from './restore.ts';

export type TakenBack = Awaited<ReturnType<typeof takeBack>>;

export async function takeBackAndRemember(input: RestoreInput, journal: UndoPreview['journal']): Promise<TakenBack> {
  const result = await takeBack(input, journal);
  const at = input.system.now().toString({ smallestUnit: 'second' });
  await remember(input.system, { what: 'undo', at, back: result.back, kept: result.kept.length });
  return result;
}
