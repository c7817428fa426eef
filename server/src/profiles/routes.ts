/** What a person may restore from on this device, best first (model/wire.ts). Nothing is offered that is switched off. */

import { SCOPES } from '@carryover/model/wire';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Store } from '../db/command.ts';
import { type Caller, callerOf } from '../http/caller.ts';
import type { Standing } from '../standing/standing.ts';
import { findProfileOfDevice, listOffered } from './profiles.ts';

export interface ProfileRoutes {
  readonly store: Store;
  /** Refuses a device that may not restore on any occasion. */
  readonly restoringStandingOf: (caller: Caller) => Promise<Standing>;
}

export const profileRoutes: FastifyPluginAsyncTypebox<ProfileRoutes> = async (app, { store, restoringStandingOf }) => {
  app.get(
    '/device/v1/devices/:deviceId/profiles',
    {
      schema: { params: Type.Object({ deviceId: Type.String() }) },
      config: { access: { resource: 'restore', scopes: [SCOPES.restore], owned: { deviceId: 'device' } } },
    },
    async (request) => {
      const caller = callerOf(request);
      const { platform, formerDeviceId } = (await restoringStandingOf(caller)).device;
      const former =
        formerDeviceId === undefined ? undefined : await findProfileOfDevice(store, caller, formerDeviceId);
      return { value: await listOffered(store, caller, { platform, formerProfileId: former?.profileId }) };
    },
  );
};
