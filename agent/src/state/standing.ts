/** When the last backup was and when the next one comes by itself, from what is kept on this device. Pure. */

import { due } from '@carryover/model/schedule';
import type { AcknowledgedState, AttemptsState, EnrollmentState, ServiceState } from './state.ts';

export interface KnownHere {
  readonly enrollment: Pick<EnrollmentState, 'deviceId' | 'enrolledAt'>;
  readonly service: ServiceState | undefined;
  readonly acknowledged: AcknowledgedState | undefined;
  readonly attempts: AttemptsState | undefined;
  /** By this device's clock. */
  readonly now: Temporal.Instant;
}

/** When the last backup was, by the later of what this device and the service know. */
export function lastBackupOf({ acknowledged, service }: KnownHere): Temporal.Instant | undefined {
  const known = [acknowledged?.lastBackupAt, service?.checkIn.head?.lastBackupAt].flatMap((text) =>
    text === undefined ? [] : [Temporal.Instant.from(text)],
  );
  return known.toSorted(Temporal.Instant.compare).at(-1);
}

export function nextBackupOf(standing: KnownHere): Temporal.Instant | undefined {
  const { enrollment, service, attempts, now } = standing;
  if (service === undefined || !service.checkIn.policy.backupEnabled) return undefined;
  const lastFailureAt = attempts?.lastFailureAt;
  const facts = {
    deviceId: enrollment.deviceId,
    enrolledAt: Temporal.Instant.from(enrollment.enrolledAt),
    lastBackupAt: lastBackupOf(standing),
    failures: attempts?.failures ?? 0,
    lastFailureAt: lastFailureAt === undefined ? undefined : Temporal.Instant.from(lastFailureAt),
    intervalDays: service.checkIn.policy.backupIntervalDays,
  };
  return due(facts, serviceNow(service, now)).at;
}

export function serviceNow({ clockOffsetMs }: ServiceState, now: Temporal.Instant): Temporal.Instant {
  return now.add({ milliseconds: Math.round(clockOffsetMs) });
}
