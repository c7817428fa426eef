/**
 * Whether a device may restore now: on the occasion it names, or on any when it names none.
 *
 * Setup has an end (model/restore-occasion.ts): a device whose page was on at enrollment does not restore by it for ever.
 * Its restores are looked at only where that decides.
 */

import {
  isAtSetup,
  occasionAmong,
  RESTORE_OCCASIONS,
  type RestoreOccasion,
  reasonsAt,
  type SetupSoFar,
} from '@carryover/model/restore-occasion';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import { refusal, type Standing, type StandingParts, standingOf } from './standing.ts';

export interface Asked {
  readonly deviceId: string;
  /** Undefined where nothing says what the restore is taken for. */
  readonly occasion?: RestoreOccasion | undefined;
  readonly now: Temporal.Instant;
}

/** How a device that restores stands. Errors: accessDenied, inner "policy", with the reasons; itemNotFound. */
export async function restoringStandingOf(parts: StandingParts, owner: Owner, asked: Asked): Promise<Standing> {
  const { deviceId, occasion, now } = asked;
  const standing = await standingOf(parts, owner, deviceId);
  const { eligibility, policy, device } = standing;
  const wanted = occasion === undefined ? RESTORE_OCCASIONS : [occasion];
  const later = wanted.filter((one) => one !== 'setup');
  if (occasionAmong(later, eligibility) !== undefined) return standing;
  // Of several, the one that people come back to says why not.
  if (occasionAmong(wanted, eligibility) === undefined)
    throw refusal(policy, reasonsAt(occasion ?? 'demand', eligibility));
  const newest = await newestRestoreOf(parts.store, owner, deviceId);
  if (isAtSetup({ enrolledAt: device.enrolledAt, newest }, now)) return standing;
  throw refusal(policy, occasion === 'setup' ? [{ code: 'setupOver' }] : reasonsAt('demand', eligibility));
}

/** Of this person on this device; undefined while nothing was begun that is still to come over. */
async function newestRestoreOf(
  store: Store,
  { tenantId, userId }: Owner,
  deviceId: string,
): Promise<SetupSoFar['newest']> {
  const row = await store.read
    .selectFrom('restore_sessions')
    .select(['started_at', 'outcome'])
    .where('user_id', '=', userId)
    .where('tenant_id', '=', tenantId)
    .where('device_id', '=', deviceId)
    .orderBy('started_at', 'desc')
    .orderBy('session_id')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined || !(row.outcome in ENDED)) return undefined;
  const startedAt = Temporal.Instant.fromEpochMilliseconds(Number(row.started_at));
  return { startedAt, ended: ENDED[row.outcome] === true };
}

/** Others (failed, set up as new) leave setup open for another try, for as long as it lasts. */
const ENDED: Readonly<Record<string, boolean>> = { running: false, succeeded: true, undone: true };
