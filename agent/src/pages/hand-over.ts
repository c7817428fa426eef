/**
 * The hand-over: four checks in order, each with what it found, until the person's backups are there to choose from.
 *
 * Each waits for the one before. A check that failed can be tried again and begins there; one that needs the person
 * ("asks") waits for the sign-in.
 */

import { KnownError } from '@carryover/model/errors';
import { HANDOVER_CHECKS, type HandoverCheck } from '@carryover/model/local-pages';
import type { RestoreOccasion } from '@carryover/model/restore-occasion';
import type { OfferedProfile } from '@carryover/model/wire';
import type { Client } from '../client/client.ts';
import type { DeviceResource } from '../client/tokens.ts';
import { mustBeAllowed, type RestoreInput } from '../restore/restore.ts';
import type { State } from '../state/state.ts';
import type { System } from '../system/system.ts';
import { faultFrom } from './fault.ts';

type CheckId = HandoverCheck['id'];

export interface HandOverParts {
  readonly system: System;
  readonly state: State;
  /** Whether the service answers, and what its host is called. Errors: serviceUnreachable. */
  reach(): Promise<string>;
  /** Asks the service what holds now. Errors: unauthenticated, notAllowed and whatever else it answers. */
  checkIn(): Promise<Pick<RestoreInput['checkIn'], 'eligibility'>>;
  /** Never asks anybody to sign in. */
  client(): Promise<Client>;
  /** What the restore may be taken for, best first. */
  occasions(): Promise<readonly RestoreOccasion[]>;
}

export interface HandOver {
  checks(): readonly HandoverCheck[];
  /**
   * Goes on from the first check that has not passed. The person's profiles, best first; undefined when it waits for the
   * person. Errors: what stopped it; the check says the same.
   */
  look(): Promise<readonly OfferedProfile[] | undefined>;
  /** What the person must sign in for next; undefined when nothing is missing. */
  missing(): Promise<DeviceResource | undefined>;
  /** What the restore is taken for; undefined until the check of the device has passed. */
  occasion(): RestoreOccasion | undefined;
  /** The person is back from signing in, and what came with them is being looked at. */
  signingIn(): void;
  signedIn(resource: DeviceResource): void;
  /** Something else found out that this check does not hold (any more). */
  fail(id: CheckId, error: unknown): void;
}

export function handOver(parts: HandOverParts): HandOver {
  const { system, state } = parts;
  let checks: readonly HandoverCheck[] = HANDOVER_CHECKS.map((id) => ({ id, state: 'waiting' }));
  /** Resources whose sign-in the service does not take any more, whatever the state folder holds. */
  const ended = new Set<DeviceResource>();
  let occasion: RestoreOccasion | undefined;

  function set(id: CheckId, found: Omit<HandoverCheck, 'id'>): void {
    const at = HANDOVER_CHECKS.indexOf(id);
    checks = checks.map((check, index) => {
      if (index === at) return { id, ...found };
      return index > at ? { id: check.id, state: 'waiting' } : check;
    });
  }

  async function missing(): Promise<DeviceResource | undefined> {
    if ((await state.read('enrollment')) === undefined || (await state.read('device-key')) === undefined)
      return 'enrollment';
    if (ended.has('backup')) return 'backup';
    return ended.has('restore') || (await state.read('tokens'))?.restore === undefined ? 'restore' : undefined;
  }

  /** What each check finds; undefined when the person is asked. */
  const looks: Readonly<Record<Exclude<CheckId, 'backups'>, () => Promise<string | undefined>>> = {
    service: () => parts.reach(),
    async account() {
      if ((await missing()) !== undefined) return undefined;
      return (await state.read('enrollment'))?.userPrincipalName;
    },
    async device() {
      occasion = mustBeAllowed(await parts.checkIn(), await parts.occasions());
      return (await state.read('enrollment'))?.organization ?? '';
    },
  };

  function fail(id: CheckId, error: unknown): void {
    const isSignIn = error instanceof KnownError && error.code === 'unauthenticated';
    if (isSignIn && id !== 'account') {
      const { resource = id === 'backups' ? 'restore' : 'backup' } = error.details;
      ended.add(resource === 'restore' ? 'restore' : 'backup');
      // Whoever asks for a sign-in has answered.
      set('service', { state: 'passed' });
      set('account', { state: 'asks' });
    } else set(id, { state: 'failed', fault: faultFrom(error, system.now()) });
  }

  async function look(): Promise<readonly OfferedProfile[] | undefined> {
    for (const { id, state: known } of checks) {
      if (known === 'passed' && id !== 'backups') continue;
      set(id, { state: 'running' });
      try {
        if (id === 'backups') {
          const profiles = await (await parts.client()).listProfiles();
          set(id, { state: 'passed', fact: String(profiles.length) });
          return profiles;
        }
        const fact = await looks[id]();
        set(id, fact === undefined ? { state: 'asks' } : { state: 'passed', fact });
        if (fact === undefined) return undefined;
      } catch (error) {
        fail(id, error);
        if (checks.some(({ state: now }) => now === 'asks')) return undefined;
        throw error;
      }
    }
    return undefined;
  }

  return {
    checks: () => checks,
    look,
    missing,
    occasion: () => occasion,
    fail,
    signingIn: () => set('account', { state: 'running' }),
    signedIn(resource) {
      ended.delete(resource);
      if (resource === 'enrollment') ended.delete('backup');
      set('account', { state: 'waiting' });
    },
  };
}
