/** When the last backup was, when the next one comes by itself and why it may wait, from what is kept here. Pure. */

import { DEFAULTS } from '@carryover/model/policy';
import type { Reason } from '@carryover/model/reasons';
import { type Due, due, lookAgainAt, type ScheduleFacts } from '@carryover/model/schedule';
import type { AcknowledgedState, AttemptsState, ChoiceState, EnrollmentState, ServiceState } from './state.ts';

export interface KnownHere {
  readonly enrollment: Pick<EnrollmentState, 'deviceId' | 'enrolledAt'>;
  readonly service: ServiceState | undefined;
  readonly acknowledged: AcknowledgedState | undefined;
  readonly attempts: AttemptsState | undefined;
  /** What the person chose on the restore page; it ends the hold of the first backup. */
  readonly choice?: ChoiceState | undefined;
  /** By this device's clock. */
  readonly now: Temporal.Instant;
}

/** When the last backup was, by the later of what this device and the service know. */
export function lastBackupOf({ acknowledged, service }: Pick<KnownHere, 'acknowledged' | 'service'>) {
  return latest([acknowledged?.lastBackupAt, service?.checkIn.head?.lastBackupAt]);
}

/** Undefined while this device may not back up. */
export function nextBackupOf(known: KnownHere): Temporal.Instant | undefined {
  const { atMs, held } = dueNow(known);
  return held === 'notAllowed' ? undefined : Temporal.Instant.fromEpochMilliseconds(atMs);
}

/** What the schedule says at this moment. `held`: what the network keeps a scheduled run from. */
export function dueNow(known: KnownHere, held?: ScheduleFacts['held']): Due {
  return due({ ...scheduleFactsOf(known), held }, nowMsOf(known));
}

/** Whether it is time to ask the service again what this device may do, while it may not or waits for the person. */
export function mayLook(known: KnownHere): boolean {
  const { enrollment, service, attempts } = known;
  const last = latest([service?.checkedInAt, (attempts?.failures ?? 0) > 0 ? attempts?.lastFailureAt : undefined]);
  const nowMs = nowMsOf(known);
  // A clock that was set back must not end the asking.
  if (last === undefined || last.epochMilliseconds > nowMs + SURE_OF_CLOCK_MS) return true;
  return nowMs >= lookAgainAt(enrollment.deviceId, last.epochMilliseconds);
}

const SURE_OF_CLOCK_MS = 300_000;

/** The reasons why a scheduled backup does not run now; empty when only its time has not come. */
export function waitsFor(known: KnownHere, { held, atMs }: Due): readonly Reason[] {
  if (known.service === undefined || held === undefined) return [];
  const { eligibility, policy } = known.service.checkIn;
  if (held === 'notAllowed') return eligibility.backup;
  const until = Temporal.Instant.fromEpochMilliseconds(atMs).toString().slice(0, 10);
  return [{ code: held, facts: { org: policy.organization, until } }];
}

/** Why nothing is captured: the service was not reached for longer than the organization allows; undefined otherwise. */
export function outOfContact(known: Pick<KnownHere, 'service' | 'acknowledged' | 'now'>): Reason | undefined {
  const { service, acknowledged, now } = known;
  if (service === undefined) return undefined;
  const { organization, staleAfterDays } = service.checkIn.policy;
  const contact = latest([service.checkedInAt, acknowledged?.lastBackupAt]);
  const end = contact?.add({ hours: staleAfterDays * 24 });
  if (end === undefined || Temporal.Instant.compare(serviceNow(service, now), end) <= 0) return undefined;
  return { code: 'noContact', facts: { org: organization, days: String(staleAfterDays) } };
}

export function serviceNow({ clockOffsetMs }: Pick<ServiceState, 'clockOffsetMs'>, now: Temporal.Instant) {
  return now.add({ milliseconds: Math.round(clockOffsetMs) });
}

function scheduleFactsOf({ enrollment, service, acknowledged, attempts, choice }: KnownHere): ScheduleFacts {
  const { policy, eligibility, slowDownSeconds, offerOpen } = service?.checkIn ?? {};
  const enrolledAtMs = msOf(enrollment.enrolledAt);
  const allowed = policy !== undefined && eligibility?.backup.length === 0;
  const { failures = 0, lastFailureAt, retryAfterSeconds, missed } = attempts ?? {};
  return {
    deviceId: enrollment.deviceId,
    enrolledAtMs,
    allowedSinceMs: allowed ? (maybeMsOf(service?.backupAllowedSince) ?? enrolledAtMs) : undefined,
    // What this device remembers goes first: a service that shows a newer one has it from somewhere else.
    lastBackupAtMs: maybeMsOf(acknowledged?.lastBackupAt ?? service?.checkIn.head?.lastBackupAt),
    failures,
    lastFailureAtMs: maybeMsOf(lastFailureAt),
    missed: missed && { noticedAtMs: msOf(missed.noticedAt), times: missed.times },
    slowDown:
      hint(lastFailureAt, failures > 0 ? retryAfterSeconds : undefined) ?? hint(service?.checkedInAt, slowDownSeconds),
    offerOpen: offerOpen === true && choice === undefined,
    intervalDays: policy?.backupIntervalDays ?? DEFAULTS.backupIntervalDays,
    spreadHours: policy?.spreadHours ?? DEFAULTS.spreadHours,
  };
}

function hint(at: string | undefined, seconds: number | undefined): ScheduleFacts['slowDown'] {
  return at === undefined || seconds === undefined ? undefined : { atMs: msOf(at), seconds };
}

/** By the service's clock, as far as it is known: this device's may be years off. */
function nowMsOf({ service, now }: Pick<KnownHere, 'service' | 'now'>): number {
  return (service === undefined ? now : serviceNow(service, now)).epochMilliseconds;
}

function latest(texts: readonly (string | undefined)[]): Temporal.Instant | undefined {
  return texts
    .flatMap((text) => (text === undefined ? [] : [Temporal.Instant.from(text)]))
    .toSorted(Temporal.Instant.compare)
    .at(-1);
}

function msOf(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds;
}

function maybeMsOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : msOf(text);
}
