/** What programs are told of a backup; `backup` and `run-due` say the same. Loads no more than it needs. */

import { wordsOf } from '@carryover/model/reasons';
import type { BackupReport } from '../capture/capture.ts';
import { knownHere } from '../state/known-here.ts';
import { nextBackupOf } from '../state/standing.ts';
import type { Agent } from './agent.ts';

/** When the schedule backs up again; undefined when it does not. */
export async function nextBackup({ state, system }: Agent): Promise<Temporal.Instant | undefined> {
  const enrollment = await state.read('enrollment');
  return enrollment && nextBackupOf(await knownHere(state, enrollment, system.now()));
}

/** What programs get; `failures` carry the sentence and the remedy beside the code. */
export function jsonOf(report: BackupReport, nextBy: Temporal.Instant | undefined, seconds: number) {
  const { failures, settingCount, appCount, captureMs, uploadMs, ...rest } = report;
  return {
    ...rest,
    settings: settingCount,
    apps: appCount,
    nextBackupAt: nextBy?.toString() ?? null,
    failures: failures.map(({ itemId, reason }) => ({ itemId, code: reason.code, ...wordsOf(reason) })),
    seconds: { total: seconds, capture: captureMs / 1000, upload: uploadMs / 1000 },
  };
}
