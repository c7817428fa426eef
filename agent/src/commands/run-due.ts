/**
 * `carryover run-due`: what the schedule calls. Backs up if it is time, and is gone again quickly if it is not.
 *
 * A run that fails is written down, so that the next waits longer each time (schedule.ts); the service being away
 * never moves the schedule itself. Nobody is asked anything. What is not needed to see that it is not time is not loaded.
 */

import { KnownError } from '@carryover/model/errors';
import { due } from '@carryover/model/schedule';
import { localPolicy } from '../policy/policy.ts';
import type { EnrollmentState, State } from '../state/state.ts';
import type { Agent } from './agent.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('run-due', args);
  const enrollment = await agent.state.read('enrollment');
  if (enrollment === undefined) throw (await import('./real-agent.ts')).notEnrolled();
  await tellLocalPolicy(agent);
  const { due: isDue, at } = await dueOf(agent, enrollment);
  if (!isDue) {
    if (values.json) agent.out.json({ due: false, at: at.toString() });
    return;
  }
  try {
    await agent.state.exclusively(() => backUp(agent, values.json ?? false), { wait: false });
  } catch (error) {
    // Another run is at it, which is all that was asked.
    if (!(error instanceof KnownError) || error.code !== 'conflict' || error.inner !== 'anotherRun') throw error;
    if (values.json) agent.out.json({ due: true, busy: true });
  }
}

/**
 * What was written on this device since the service was last asked may move the next backup: it is told now, not with that
 * backup. Without the service the next run tells it.
 */
async function tellLocalPolicy(agent: Agent): Promise<void> {
  const { system, state, config } = agent;
  const service = await state.read('service');
  const mark = await localPolicy(system, config.policyPlaces).mark();
  if (service === undefined || (service.localMark ?? '') === mark) return;
  try {
    const client = await agent.client({ maySignIn: false });
    await client.checkIn({ device: await agent.device(), manifestFormat: 1 });
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
  }
}

async function backUp(agent: Agent, json: boolean): Promise<void> {
  const { backup } = await import('../capture/capture.ts');
  const { captureParts, rememberBackup } = await import('./capture-parts.ts');
  const { tellSwitches } = await import('../client/switches.ts');
  const startMs = agent.system.monotonicMs();
  try {
    const input = await captureParts(agent, { maySignIn: false });
    await tellSwitches(agent.state, input.client);
    const report = await backup(input);
    await rememberBackup(agent, report);
    if (await hasPendingReports(agent)) {
      const { resendReports } = await import('../restore/report.ts');
      await resendReports(agent.system, input.client);
    }
    if (!json) return;
    const { jsonOf, nextBackup } = await import('./backup-result.ts');
    const seconds = (agent.system.monotonicMs() - startMs) / 1000;
    agent.out.json({ due: true, ...jsonOf(report, await nextBackup(agent, report), seconds) });
  } catch (error) {
    if (error instanceof KnownError) await rememberFailure(agent, error);
    throw error;
  }
}

/** A device that never restored has no folder of restores, and need not load what reads it. */
async function hasPendingReports({ system }: Agent): Promise<boolean> {
  return (await system.facts(`${system.stateFolder}/restores`)) !== undefined;
}

async function dueOf({ system, state }: Agent, { deviceId, enrolledAt }: EnrollmentState) {
  const [service, acknowledged, attempts] = await Promise.all([
    state.read('service'),
    state.read('acknowledged'),
    state.read('attempts'),
  ]);
  const lastBackupAt = acknowledged?.lastBackupAt ?? service?.checkIn.head?.lastBackupAt;
  const facts = {
    deviceId,
    enrolledAt: Temporal.Instant.from(enrolledAt),
    lastBackupAt: instantFrom(lastBackupAt),
    failures: attempts?.failures ?? 0,
    lastFailureAt: instantFrom(attempts?.lastFailureAt),
    intervalDays: service?.checkIn.policy.backupIntervalDays ?? 8,
  };
  return due(facts, await serviceNow({ system, state }));
}

/** By the service's clock, as far as it is known: this device's may be years off. */
async function serviceNow({ system, state }: Pick<Agent, 'system'> & { readonly state: State }) {
  const offsetMs = (await state.read('service'))?.clockOffsetMs ?? 0;
  return system.now().add({ milliseconds: Math.round(offsetMs) });
}

async function rememberFailure(agent: Agent, error: KnownError): Promise<void> {
  const { state, system } = agent;
  const failures = ((await state.read('attempts'))?.failures ?? 0) + 1;
  const now = await serviceNow(agent);
  const lastError = { code: error.code, message: error.message };
  await state.write('attempts', { failures, lastFailureAt: now.toString(), lastError });
  const { remember } = await import('../history/history.ts');
  await remember(system, { what: 'backupFailed', at: now.toString(), code: error.code, message: error.message });
}

function instantFrom(text: string | undefined): Temporal.Instant | undefined {
  return text === undefined ? undefined : Temporal.Instant.from(text);
}
