/**
 * What a backup is given, made from the agent: each costly part is loaded only when the flow asks for it.
 */

import type { BackupInput, BackupReport } from '../capture/capture.ts';
import { remember } from '../history/history.ts';
import { fingerprintOfPart } from '../installed.ts';
import { localPolicy } from '../policy/policy.ts';
import { AGENT_VERSION } from '../version.ts';
import type { Agent, AgentClientOptions } from './agent.ts';

export interface CaptureOptions extends AgentClientOptions {
  readonly onStep?: NonNullable<BackupInput['onStep']>;
  readonly signal?: AbortSignal;
}

export async function captureParts(agent: Agent, { onStep, signal, ...options }: CaptureOptions): Promise<BackupInput> {
  const { system, state } = agent;
  const client = await agent.client(options);
  return {
    system,
    state,
    client,
    agentVersion: AGENT_VERSION,
    catalogFingerprint: await catalogFingerprint(agent),
    checkIn: async () => client.checkIn({ device: await agent.device(), manifestFormat: 1 }),
    localMark: () => localPolicy(system, agent.config.policyPlaces).mark(),
    device: () => agent.device(),
    readers: async () => {
      const [catalog, { appsWatched, listApps }, { mechanismsOf }] = await Promise.all([
        agent.catalog(),
        import('../apps/apps.ts'),
        import('../settings/settings.ts'),
      ]);
      return { catalog, mechanisms: await mechanismsOf(system), apps: { read: listApps, watched: appsWatched } };
    },
    ...(onStep === undefined ? {} : { onStep }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** The line of the history; a backup that is acknowledged and not in it is no harm. */
export async function rememberBackup({ system }: Agent, report: BackupReport): Promise<void> {
  const { seq, unchanged, settingCount, appCount, sentUnits, failures, alarm } = report;
  await remember(system, {
    what: 'backup',
    at: report.lastBackupAt,
    seq,
    unchanged,
    settings: settingCount,
    apps: appCount,
    sent: sentUnits,
    leftOut: failures.length,
    ...(alarm === undefined ? {} : { alarm: { acknowledgedSeq: alarm.acknowledgedSeq, shownSeq: alarm.shownSeq } }),
  });
}

/** The compiled catalog as a file: another version of it is another file. Inside the program the agent's version tells. */
async function catalogFingerprint({ system, config }: Agent): Promise<string> {
  return (await fingerprintOfPart(system, config.catalogFile)) ?? AGENT_VERSION;
}
