/**
 * The recorded choice: on this device first, then at the service; nothing is applied here.
 *
 * A choice the service cannot be told stands on this device and is told with the next start. One it refuses is as if it
 * had not been made.
 */

import { randomUUID } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import type { Client } from '../client/client.ts';
import { remember } from '../history/history.ts';
import type { ChoiceState, State } from '../state/state.ts';
import type { System } from '../system/system.ts';

export interface ChoiceParts {
  readonly system: System;
  readonly state: State;
  /** Never asks anybody to sign in. */
  client(): Promise<Client>;
}

/** Errors: what the service refuses with (accessDenied, itemNotFound); then the choice made before stands again. */
export async function recordChoice(parts: ChoiceParts, choice: ChoiceState['choice']): Promise<ChoiceState> {
  const { system, state } = parts;
  const former = await state.read('choice');
  const decidedAt = system.now().toString({ smallestUnit: 'second' });
  const made: ChoiceState = { id: randomUUID(), choice, decidedAt, told: false };
  await state.write('choice', made);
  try {
    const told = await tellChoice(parts, made);
    if (choice.kind === 'new') await remember(system, { what: 'setUpAsNew', at: decidedAt });
    return told;
  } catch (error) {
    await (former === undefined ? state.remove('choice') : state.write('choice', former));
    throw error;
  }
}

/** The choice as it is after the service was asked to take it down. Errors: as recordChoice. */
export async function tellChoice(parts: ChoiceParts, made: ChoiceState): Promise<ChoiceState> {
  const { choice } = made;
  try {
    const client = await parts.client();
    if (choice.kind === 'new') {
      await client.setUpAsNew();
      return await keep(parts.state, { ...made, told: true });
    }
    const { profileId, only, skip } = choice;
    const seq = choice.seq ?? (await client.listProfiles()).find(({ id }) => id === profileId)?.defaultSeq;
    if (seq === undefined)
      throw new KnownError('itemNotFound', 'This backup is no longer there. Choose another one.', {
        inner: 'noSuchProfile',
      });
    const occasion = choice.occasion ?? 'demand';
    const { sessionId } = await client.startRestore({ profileId, seq, only, skip, occasion });
    // The point in time that the service took down is the one that comes over.
    return await keep(parts.state, { ...made, choice: { ...choice, seq }, told: true, sessionId });
  } catch (error) {
    if (error instanceof KnownError && LATER.has(error.code)) return made;
    throw error;
  }
}

/** Nobody is there to be told, or nobody has signed in yet: not a no. */
const LATER: ReadonlySet<string> = new Set([
  'serviceUnreachable',
  'unauthenticated',
  'notEnrolled',
  'tooManyRequests',
  'storageFull',
]);

/** Says that nothing is left to do about a choice, unless another one was made meanwhile. */
export async function endChoice(
  { system, state }: Pick<ChoiceParts, 'system' | 'state'>,
  id: string,
  what: 'restored' | 'refused',
): Promise<void> {
  const choice = await state.read('choice');
  if (choice?.id !== id || choice.ended !== undefined) return;
  const at = system.now().toString({ smallestUnit: 'second' });
  await state.write('choice', { ...choice, told: true, ended: { what, at, seen: false } });
}

/** The person has seen what came of it. */
export async function markSeen(state: State): Promise<void> {
  const choice = await state.read('choice');
  if (choice?.ended === undefined || choice.ended.seen) return;
  await state.write('choice', { ...choice, ended: { ...choice.ended, seen: true } });
}

async function keep(state: State, choice: ChoiceState): Promise<ChoiceState> {
  await state.write('choice', choice);
  return choice;
}
