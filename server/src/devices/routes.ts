/** Devices over HTTP: enrolling, checking in, leaving (model/wire.ts), and the tokens IT gives out for enrolling. */

import type { DeviceFacts } from '@carryover/model/device';
import { type CheckIn, type Enrollment, SCOPES } from '@carryover/model/wire';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { DEVICE_ADMINISTRATORS } from '../directory/roles.ts';
import { type Access, type Caller, callerOf } from '../http/caller.ts';
import { LocalPolicy } from '../policies/local-policy.ts';
import { getPolicy } from '../policies/store.ts';
import { checkIn, createEnrollmentToken, type DeviceParts, enroll, unenroll } from './devices.ts';

export interface DeviceRoutes extends DeviceParts {
  readonly now: () => Temporal.Instant;
  /** Ends the sign-ins bound to a key. */
  readonly endKeySignIns: (tenantId: string, jkt: string) => Promise<unknown>;
}

const ENROLL: Access = { resource: 'enrollment', scopes: [SCOPES.enrollment] };
const OWN_DEVICE: Access = { resource: 'backup', scopes: [SCOPES.backup], owned: { deviceId: 'device' } };
const GIVE_TOKENS: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementServiceConfig.ReadWrite.All', 'DeviceManagementConfiguration.ReadWrite.All'],
  roles: DEVICE_ADMINISTRATORS,
};

const Facts = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 256 }),
  platform: Type.Enum(['linux', 'windows'] satisfies DeviceFacts['platform'][]),
  build: Type.String({ minLength: 1, maxLength: 256 }),
  osName: Type.String({ minLength: 1, maxLength: 256 }),
  machineHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  agentVersion: Type.String({ pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+[-+.0-9A-Za-z]*$', maxLength: 64 }),
  edition: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9]{1,64}$' })),
  osJoin: Type.Optional(
    Type.Object({ domain: Type.Optional(Type.String({ maxLength: 255 })), entra: Type.Optional(Type.Boolean()) }),
  ),
});
const FailedRuns = Type.Object({
  count: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  // A newer agent's code is kept as it came; it is shown, never acted on.
  code: Type.String({ pattern: '^[A-Za-z0-9]{1,64}$' }),
});
const ById = Type.Object({ deviceId: Type.String({ maxLength: 64 }) });

export const deviceRoutes: FastifyPluginAsyncTypebox<DeviceRoutes> = async (app, parts) => {
  const { now } = parts;

  app.post(
    '/device/v1/enrollments',
    {
      schema: {
        body: Type.Object({
          device: Facts,
          enrollmentToken: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
          serialNumber: Type.Optional(Type.String({ maxLength: 256 })),
        }),
      },
      config: { access: ENROLL },
    },
    async (request, reply): Promise<Enrollment> => {
      const enrollment = await enroll(parts, callerOf(request), request.body, now());
      reply.code(201);
      return enrollment;
    },
  );

  app.post(
    '/device/v1/devices/:deviceId/check-ins',
    {
      schema: {
        params: ById,
        body: Type.Object({
          device: Facts,
          manifestFormat: Type.Literal(1),
          failedRuns: Type.Optional(FailedRuns),
          localPolicy: Type.Optional(LocalPolicy),
        }),
      },
      config: { access: OWN_DEVICE },
    },
    async (request): Promise<CheckIn> => checkIn(parts, enrolled(callerOf(request)), request.body, now()),
  );

  app.delete(
    '/device/v1/devices/:deviceId',
    { schema: { params: ById }, config: { access: OWN_DEVICE } },
    async (request, reply) => {
      const caller = enrolled(callerOf(request));
      await unenroll(parts, caller, now());
      if (caller.jkt !== undefined) await parts.endKeySignIns(caller.tenantId, caller.jkt);
      return reply.code(204).send();
    },
  );

  app.post(
    '/beta/carryover/enrollmentTokens',
    {
      schema: {
        body: Type.Object(
          {
            expiresInHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 24 * 365, description: 'Default 72.' })),
            uses: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, description: 'Default 1.' })),
            autopilotProfileId: Type.Optional(
              Type.String({ maxLength: 64, description: 'PCs that enroll with the token are set up by this profile.' }),
            ),
          },
          { additionalProperties: false },
        ),
      },
      config: { access: GIVE_TOKENS },
    },
    async (request, reply) => {
      const { expiresInHours = 72, uses = 1, autopilotProfileId: provisioningProfileId } = request.body;
      const caller = callerOf(request);
      // Errors: itemNotFound for a profile that is not this organization's.
      if (provisioningProfileId !== undefined)
        await getPolicy(parts.store, caller.tenantId, 'autopilotProfile', provisioningProfileId);
      const draft = { expiresInHours, uses, provisioningProfileId };
      const made = await createEnrollmentToken(parts.store, caller, draft, now());
      reply.code(201);
      return {
        id: made.id,
        token: made.token,
        expirationDateTime: made.expiresAt.toString(),
        uses: made.uses,
        ...(provisioningProfileId === undefined ? {} : { autopilotProfileId: provisioningProfileId }),
      };
    },
  );
};

/** authenticate.ts lets nobody through to these routes without a device. */
function enrolled(caller: Caller): Caller & { deviceId: string; profileId: string } {
  const { deviceId, profileId } = caller;
  if (deviceId === undefined || profileId === undefined) throw new Error('The caller of a device route has no device.');
  return { ...caller, deviceId, profileId };
}
