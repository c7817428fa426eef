/** A person's switches on one device, over HTTP (model/wire.ts). */

import type { Preferences } from '@carryover/model/preferences';
import { CATEGORIES } from '@carryover/model/setting';
import { type PreferencesBody, SCOPES } from '@carryover/model/wire';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Store } from '../db/command.ts';
import { type Access, type Caller, callerOf } from '../http/caller.ts';
import { preferencesOf, type Standing } from '../standing/standing.ts';
import { putPreferences } from './preferences.ts';

export interface PreferenceRoutes {
  readonly store: Store;
  readonly standingOf: (caller: Caller) => Promise<Standing>;
  readonly now: () => Temporal.Instant;
}

const OWN_DEVICE: Access = { resource: 'backup', scopes: [SCOPES.backup], owned: { deviceId: 'device' } };
const ById = Type.Object({ deviceId: Type.String({ maxLength: 64 }) });
const Switches = Type.Object(
  Object.fromEntries(CATEGORIES.map((category) => [category, Type.Optional(Type.Enum(['on', 'off']))])),
  { additionalProperties: false },
);

export const preferenceRoutes: FastifyPluginAsyncTypebox<PreferenceRoutes> = async (
  app,
  { store, standingOf, now },
) => {
  const path = '/device/v1/devices/:deviceId/preferences';

  app.get(
    path,
    { schema: { params: ById }, config: { access: OWN_DEVICE } },
    async (request): Promise<PreferencesBody> => {
      return { preferences: await preferencesOf(store, callerOf(request), request.params.deviceId) };
    },
  );

  app.put(
    path,
    { schema: { params: ById, body: Type.Object({ preferences: Switches }) }, config: { access: OWN_DEVICE } },
    async (request): Promise<PreferencesBody> => {
      const caller = callerOf(request);
      const { deviceId } = request.params;
      const { policy } = await standingOf(caller);
      const preferences = request.body.preferences as Preferences;
      await putPreferences(store, caller, { deviceId, preferences, policy, now: now() });
      return { preferences: await preferencesOf(store, caller, deviceId) };
    },
  );
};
