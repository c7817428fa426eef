/** What programs are told of a backup; `backup` and `run-due` say the same. Loads no more than it needs. */

import { wordsOf } from '@carryover/model/reasons';
import type { BackupReport } from '../capture/capture.ts';
import type { Agent } from './agent.ts';

/** When the schedule backs up again; undefined before the policy is known. */
export async function nextBackup({ state }: Agent, report: BackupReport): Promise<Temporal.Instant | undefined> {
  const days = (await state.read('service'))?.checkIn.policy.backupIntervalDays;
  return days === undefined ? undefined : Temporal.Instant.from(report.lastBackupAt).add({ hours: days * 24 });
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
