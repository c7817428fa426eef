/**
 * `carryover run-due`: what the schedule calls. Backs up if it is time, and is gone again quickly if it is not.
 *
 * While the organization keeps backup off, the timer stays and does nothing but ask, every few hours, whether that still
 * holds. Why a backup waits is said each time. A run that fails is written down, so that the next waits (schedule.ts);
 * the service being away never moves the schedule itself. Nobody is asked anything. What is not needed to see that it is
 * not time is not loaded.
 */

import { KnownError } from '@carryover/model/errors';
import type { Due } from '@carryover/model/schedule';
import { localPolicy } from '../policy/policy.ts';
import { dueHere } from '../state/due-here.ts';
import { knownHere } from '../state/known-here.ts';
import { dueNow, type KnownHere, mayLook, serviceNow, waitsFor } from '../state/standing.ts';
import type { EnrollmentState } from '../state/state.ts';
import type { Agent } from './agent.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('run-due', args);
  const json = values.json ?? false;
  const enrollment = await agent.state.read('enrollment');
  if (enrollment === undefined) throw (await import('./real-agent.ts')).notEnrolled();
  await tellLocalPolicy(agent);
  try {
    const { known, said } = await decided(agent, enrollment);
    if (!said.due) return await sayWhy(agent, known, said, json);
    await agent.state.exclusively(() => backUp(agent, enrollment, json), { wait: false });
  } catch (error) {
    // Another run is at it, which is all that was asked.
    if (!(error instanceof KnownError) || error.code !== 'conflict' || error.inner !== 'anotherRun') throw error;
    if (json) agent.out.json({ due: true, busy: true });
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

interface Decided {
  readonly known: KnownHere;
  readonly said: Due;
}

/** What the schedule says, after the service was asked if only it can end the wait, and the network if that is left. */
async function decided(agent: Agent, enrollment: EnrollmentState): Promise<Decided> {
  const { state, system } = agent;
  const knownNow = () => knownHere(state, enrollment, system.now());
  let known = await knownNow();
  let said = dueNow(known);
  if ((said.held === 'notAllowed' || said.held === 'offerOpen') && mayLook(known)) {
    await state.exclusively(() => look(agent), { wait: false });
    known = await knownNow();
    said = dueNow(known);
  }
  if (said.missed !== undefined) {
    const { noticedAtMs, times } = said.missed;
    const noticedAt = Temporal.Instant.fromEpochMilliseconds(noticedAtMs).toString();
    await state.write('attempts', { failures: 0, ...known.attempts, missed: { noticedAt, times } });
  }
  return { known, said: said.due ? await dueHere(system, known) : said };
}

/** Asks the service what this device may do now. */
async function look(agent: Agent): Promise<void> {
  try {
    const client = await agent.client({ maySignIn: false });
    await client.checkIn({ device: await agent.device(), manifestFormat: 1 });
    await agent.state.remove('attempts');
  } catch (error) {
    if (error instanceof KnownError) await rememberFailure(agent, error);
    throw error;
  }
}

/** Quiet when only the time has not come. */
async function sayWhy({ out }: Agent, known: KnownHere, said: Due, json: boolean): Promise<void> {
  const reasons = waitsFor(known, said);
  const at = Temporal.Instant.fromEpochMilliseconds(said.atMs).toString();
  const when = said.held === 'notAllowed' ? {} : { at };
  if (reasons.length === 0) return json ? out.json({ due: false, ...when }) : undefined;
  const { wordsOf } = await import('@carryover/model/reasons');
  const words = reasons.map((reason) => ({ code: reason.code, ...wordsOf(reason, out.language) }));
  if (json) return out.json({ due: false, ...when, reasons: words });
  for (const { reason, remedy } of words) out.note(`${reason} ${remedy}`);
}

async function backUp(agent: Agent, enrollment: EnrollmentState, json: boolean): Promise<void> {
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
    agent.out.json({ due: true, ...jsonOf(report, await nextBackup(agent), seconds) });
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    const known = await knownHere(agent.state, enrollment, agent.system.now());
    const said = dueNow(known);
    // Switched off since we asked last: that is not a failure, and the schedule now knows.
    if (error.code === 'notAllowed' && said.held === 'notAllowed') return await sayWhy(agent, known, said, json);
    await rememberFailure(agent, error);
    throw error;
  }
}

/** A device that never restored has no folder of restores, and need not load what reads it. */
async function hasPendingReports({ system }: Agent): Promise<boolean> {
  return (await system.facts(`${system.stateFolder}/restores`)) !== undefined;
}

async function rememberFailure({ state, system }: Agent, { code, message, details }: KnownError): Promise<void> {
  const failures = ((await state.read('attempts'))?.failures ?? 0) + 1;
  const at = serviceNow((await state.read('service')) ?? { clockOffsetMs: 0 }, system.now()).toString();
  const seconds = details['retryAfterSeconds'];
  await state.write('attempts', {
    failures,
    lastFailureAt: at,
    lastError: { code, message },
    ...(typeof seconds === 'number' ? { retryAfterSeconds: seconds } : {}),
  });
  const { remember } = await import('../history/history.ts');
  await remember(system, { what: 'backupFailed', at, code, message });
}
