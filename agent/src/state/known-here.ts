/** What the schedule is judged by, read from the state in one go. */

import type { KnownHere } from './standing.ts';
import type { EnrollmentState, State } from './state.ts';

export async function knownHere(
  state: Pick<State, 'read'>,
  enrollment: Pick<EnrollmentState, 'deviceId' | 'enrolledAt'>,
  now: Temporal.Instant,
): Promise<KnownHere> {
  const [service, acknowledged, attempts, choice] = await Promise.all([
    state.read('service'),
    state.read('acknowledged'),
    state.read('attempts'),
    state.read('choice'),
  ]);
  return { enrollment, service, acknowledged, attempts, choice, now };
}
