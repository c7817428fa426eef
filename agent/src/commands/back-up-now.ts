/** A backup that a person asked for, on the command line or on the settings page: alone, remembered, with what waits. */

import { type BackupReport, backup } from '../capture/capture.ts';
import { tellSwitches } from '../client/switches.ts';
import { resendReports } from '../restore/report.ts';
import type { Agent } from './agent.ts';
import { type CaptureOptions, captureParts, rememberBackup } from './capture-parts.ts';

/** With the time of the backup before, if there was one. */
export type BackedUp = BackupReport & { readonly previousBackupAt: string | undefined };

/** Waits for another run to end. Errors: as backup. */
export async function backUpNow(agent: Agent, options: CaptureOptions): Promise<BackedUp> {
  return agent.state.exclusively(async () => {
    const previousBackupAt = (await agent.state.read('acknowledged'))?.lastBackupAt;
    const input = await captureParts(agent, options);
    await tellSwitches(agent.state, input.client);
    const made = await backup(input);
    await rememberBackup(agent, made);
    await resendReports(agent.system, input.client);
    return { ...made, previousBackupAt };
  });
}
