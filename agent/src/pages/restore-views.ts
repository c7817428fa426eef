/** What the service and the plan say, in the values that the restore page shows. Pure. */

import type {
  DecidedChoice,
  LocalFault,
  Offer,
  PlanView,
  PointInTime,
  RestoreResult,
  UndoneResult,
} from '@carryover/model/local-pages';
import type { OfferedProfile, SnapshotLine } from '@carryover/model/wire';
import type { Plan } from '../restore/plan.ts';
import type { Came } from '../restore/restore.ts';
import type { ChoiceState } from '../state/state.ts';

export function offerFrom(profile: OfferedProfile): Offer {
  const { id, deviceName, osName, platform, lastBackupAt, settingCount, appCount, recommended, samePc, note } = profile;
  return {
    profileId: id,
    deviceName,
    osName,
    platform,
    lastBackupAt,
    settingCount,
    appCount,
    recommended,
    ...(recommended ? { why: samePc === true ? 'samePc' : 'newest' } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

/** Newest first, as they come. One that is damaged or not yet checked cannot be restored and is left out. */
export function pointsFrom(snapshots: readonly SnapshotLine[]): PointInTime[] {
  return snapshots
    .filter(({ state }) => state === 'valid')
    .map(({ seq, takenAt, settingCount, appCount, thin }) => ({ seq, takenAt, settingCount, appCount, thin }));
}

export function planViewFrom({ profileId, seq, takenAt, items }: Plan): PlanView {
  return {
    profileId,
    seq,
    takenAt,
    items: items.map(({ id, kind, category, title, now, will, step, reason, flags }) => ({
      id,
      kind,
      category,
      title,
      now,
      will,
      step,
      offByDefault: flags.length > 0,
      ...(reason === undefined ? {} : { reason }),
    })),
  };
}

export function decidedFrom({ choice, decidedAt }: ChoiceState): DecidedChoice {
  return choice.kind === 'new'
    ? { kind: 'new', decidedAt }
    : { kind: 'profile', deviceName: choice.deviceName, decidedAt };
}

/** `now` decides whether it can still be taken back. */
export function resultFrom(came: Came, now: Temporal.Instant, undone?: UndoneResult): RestoreResult {
  const { plan, items, durationMs, finishedAt, undoUntil, reported } = came;
  const before = came.undone === undefined ? undefined : { ...came.undone, failed: [], appsStay: 0 };
  const takenBack = undone ?? before;
  const undoable = takenBack === undefined && Temporal.Instant.compare(now, undoUntil) < 0;
  return {
    deviceName: plan.deviceName,
    finishedAt: finishedAt.toString(),
    durationMs,
    items: items.map(({ id, kind, category, title, status, reason }) => ({
      id,
      kind,
      category,
      title,
      status,
      ...(reason === undefined ? {} : { reason }),
    })),
    ...(undoable ? { undoUntil: undoUntil.toString() } : {}),
    reported,
    ...(takenBack === undefined ? {} : { undone: takenBack }),
  };
}

/** Whether trying again later, without anybody doing anything, may help. */
export function isPassing({ code }: Pick<LocalFault, 'code'>): boolean {
  return code === 'serviceUnreachable' || code === 'tooManyRequests' || code === 'storageFull';
}
