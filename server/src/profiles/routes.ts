/** What a person may restore from on this device, best first (model/wire.ts). Nothing is offered that is switched off. */

import { SCOPES } from '@carryover/model/wire';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Store } from '../db/command.ts';
import { type Caller, callerOf } from '../http/caller.ts';
import type { Standing } from '../standing/standing.ts';
import { findProfileOfDevice, listOffered, noteNoProfiles } from './profiles.ts';

export interface ProfileRoutes {
  readonly store: Store;
  /** Refuses a device that may not restore on any occasion. */
  readonly restoringStandingOf: (caller: Caller) => Promise<Standing>;
  readonly now: () => Temporal.Instant;
}

export const profileRoutes: FastifyPluginAsyncTypebox<ProfileRoutes> = async (app, parts) => {
  const { store, restoringStandingOf, now } = parts;
  app.get(
    '/device/v1/devices/:deviceId/profiles',
    {
      schema: { params: Type.Object({ deviceId: Type.String() }) },
      config: { access: { resource: 'restore', scopes: [SCOPES.restore], owned: { deviceId: 'device' } } },
    },
    async (request) => {
      const caller = callerOf(request);
      const { deviceId, platform, formerDeviceId } = (await restoringStandingOf(caller)).device;
      const former =
        formerDeviceId === undefined ? undefined : await findProfileOfDevice(store, caller, formerDeviceId);
      const value = await listOffered(store, caller, { platform, formerProfileId: former?.profileId });
      if (value.length === 0) await noteNoProfiles(store, caller, deviceId, now());
      return { value };
    },
  );
};
