/**
 * What a restore that is offered at the beginning, on the restore page or at the first desktop, may be taken for.
 *
 * At setup while the PC was connected lately; at the first sign-in until it has backed up: whoever has been backed up here
 * has long arrived.
 */

import { isAtSetup, type RestoreOccasion } from '@carryover/model/restore-occasion';
import { serviceNow } from '../state/standing.ts';
import type { State } from '../state/state.ts';
import type { System } from '../system/system.ts';

/** Best first; empty when this is the beginning of nothing any more. */
export async function occasionsAtFirst(
  state: Pick<State, 'read'>,
  { now }: Pick<System, 'now'>,
): Promise<readonly RestoreOccasion[]> {
  const enrollment = await state.read('enrollment');
  if (enrollment === undefined) return ['setup', 'firstSignIn'];
  const service = await state.read('service');
  const at = service === undefined ? now() : serviceNow(service, now());
  const setup = isAtSetup({ enrolledAt: Temporal.Instant.from(enrollment.enrolledAt) }, at);
  const first = (await state.read('acknowledged')) === undefined;
  return [...(setup ? (['setup'] as const) : []), ...(first ? (['firstSignIn'] as const) : [])];
}
