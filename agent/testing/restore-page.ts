/**
 * The restore page's flow on a device of the restore story: settings in drawers, the service in memory, a person who
 * signs in when the page sends them.
 */

import type { Builds } from '@carryover/model/eligibility';
import { KnownError } from '@carryover/model/errors';
import type { RestoreFlowParts } from '../src/pages/restore-flow.ts';
import { type EnrollmentState, fileState, type State } from '../src/state/state.ts';
import type { MemoryService } from './memory-service.ts';
import { FACTS, NEW_PROFILE, restoreInput } from './restore-story.ts';
import type { WatchedSystem } from './watched-system.ts';

const ENROLLMENT: Omit<EnrollmentState, 'enrolledAt'> = {
  serviceUrl: 'https://backup.example.org',
  issuer: 'https://backup.example.org/t/v2.0',
  tokenEndpoint: 'https://backup.example.org/t/v2.0/token',
  tenantId: 'bfa8e3b5-4d0c-4c4f-9a37-3f0f4f2f5f01',
  organization: 'Auental County',
  deviceId: NEW_PROFILE,
  profileId: NEW_PROFILE,
  joinType: 'joined',
  userId: 'a36d1f0e-6f1b-4f7e-9b9a-93a8f1f0b2c3',
  userPrincipalName: 'lena.brandt@auental.example',
  displayName: 'Lena Brandt',
};

const ALL_WINDOWS = { families: [], laterFrom: 0 };
/** Debian from 12 on, and every Windows. */
const GATES: Builds = {
  linux: { distributions: [{ id: 'debian', name: 'Debian', version: '12' }], gnome: 43 },
  windows: {
    backup: ALL_WINDOWS,
    restore: ALL_WINDOWS,
    firstSignInRestore: ALL_WINDOWS,
    editionsWithoutSetupRestore: [],
  },
};

const TOKEN = { accessToken: 'a', expiresAt: 1_800_000_000, refreshToken: 'r' };

export interface PageParts extends RestoreFlowParts {
  readonly state: State;
  /** Sign-ins begun, by resource. */
  readonly asked: string[];
  /** What a sign-in ends with instead of a token. */
  refuseSignIn: KnownError | undefined;
  /** What to do when the network is waited for. Default: it is not waited for. */
  onPause: () => boolean;
}

export function pageParts(system: WatchedSystem, service: MemoryService): PageParts {
  const state = fileState(system, (sentence) => {
    throw new Error(sentence);
  });
  const client = async () => {
    if ((await state.read('enrollment')) === undefined) throw new KnownError('notEnrolled', 'Not connected.');
    return service.clientOf(NEW_PROFILE);
  };
  const checkIn = async () => (await client()).checkIn({ device: FACTS, manifestFormat: 1 });
  const parts: PageParts = {
    system,
    state,
    asked: [],
    refuseSignIn: undefined,
    onPause: () => false,
    device: async () => FACTS,
    builds: async () => GATES,
    readDeviceAnew: async () => undefined,
    client,
    checkIn,
    async reach() {
      if (service.offline) throw new KnownError('serviceUnreachable', 'The service cannot be reached.');
      return 'backup.example.org';
    },
    async input({ current, onStep, whenOffline }) {
      if (current) await checkIn();
      return restoreInput(system, service, {
        ...(onStep === undefined ? {} : { onStep }),
        ...(whenOffline === undefined ? {} : { whenOffline }),
      });
    },
    async beginSignIn(resource, redirectUri) {
      parts.asked.push(resource);
      const name = `state-${parts.asked.length}`;
      const url = new URL(`https://backup.example.org/authorize?state=${name}`);
      url.searchParams.set('redirect_uri', redirectUri);
      return {
        url,
        state: name,
        async finish() {
          if (parts.refuseSignIn !== undefined) throw parts.refuseSignIn;
          if (resource === 'enrollment') await enroll(state);
          else await state.write('tokens', { ...(await state.read('tokens')), [resource]: TOKEN });
        },
      };
    },
    pause: async () => parts.onPause(),
  };
  return parts;
}

/** Connected, and signed in for backups. */
export async function enroll(state: State): Promise<void> {
  await state.write('enrollment', { ...ENROLLMENT, enrolledAt: Temporal.Now.instant().toString() });
  await state.write('device-key', { privateJwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' } });
  await state.write('tokens', { enrollment: TOKEN, backup: TOKEN });
}

/** Connected, and signed in for restoring as well. */
export async function signedIn(state: State): Promise<void> {
  await enroll(state);
  await state.write('tokens', { enrollment: TOKEN, backup: TOKEN, restore: TOKEN });
}
