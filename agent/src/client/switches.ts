/**
 * What the person switches: kept here at once, told to the service with the next contact, which is now when there is one.
 *
 * Nothing is backed up before the service was told: what was switched off on a page without a connection must not be in
 * the next backup.
 */

import { KnownError } from '@carryover/model/errors';
import type { Preferences } from '@carryover/model/preferences';
import type { State } from '../state/state.ts';
import type { Client } from './client.ts';

/** Keeps what was switched until the service knows. Later switches go before earlier ones. */
export async function keepSwitches(state: State, switched: Preferences): Promise<void> {
  await state.write('switches', { ...(await state.read('switches')), ...switched });
}

/**
 * Tells the service what waits; asks nothing when nothing does.
 *
 * Returns why the service would not have it: it waits no more, and the service's word stands. Errors: whatever keeps it
 * from being told now.
 */
export async function tellSwitches(
  state: State,
  client: Pick<Client, 'getPreferences' | 'putPreferences'>,
): Promise<KnownError | undefined> {
  const waiting = await state.read('switches');
  if (waiting === undefined) return undefined;
  try {
    await keepPreferences(state, await client.putPreferences({ ...(await client.getPreferences()), ...waiting }));
    await forgetTold(state, waiting);
    return undefined;
  } catch (error) {
    if (!(error instanceof KnownError) || !REFUSED.includes(error.code)) throw error;
    await forgetTold(state, waiting);
    return error;
  }
}

/** Asking again would not change the answer. */
const REFUSED: readonly string[] = ['accessDenied', 'notAllowed', 'invalidRequest'];

/** What was switched meanwhile stays. */
async function forgetTold(state: State, told: Preferences): Promise<void> {
  const left = Object.entries((await state.read('switches')) ?? {}).filter(
    ([category, to]) => Object.entries(told).find(([one]) => one === category)?.[1] !== to,
  );
  if (left.length === 0) await state.remove('switches');
  else await state.write('switches', Object.fromEntries(left));
}

/** What is shown without asking the service follows at once. */
export async function keepPreferences(state: State, preferences: Preferences): Promise<void> {
  const service = await state.read('service');
  if (service !== undefined) await state.write('service', { ...service, checkIn: { ...service.checkIn, preferences } });
}
