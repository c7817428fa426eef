/**
 * Device actions of administrators over HTTP: retire and delete as Graph has them, and our own release of a quarantine.
 *
 * Both of Graph's take a device out of use: its keys are revoked, its people keep their backups. Deleting what is stored is
 * another matter, with its own addresses. A PC's name is its own, so there is no setDeviceName.
 *
 * Source: Graph, managedDevice: retire, delete.
 */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import { DEVICE_ADMINISTRATORS } from '../directory/roles.ts';
import { type Access, callerOf } from '../http/caller.ts';
import type { Sessions } from '../http/session.ts';
import { releaseDevice, revokeDevice } from './administration.ts';

export interface DeviceAdministrationRoutes {
  readonly store: Store;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly now: () => Temporal.Instant;
  /** Ends the sign-ins bound to a key. */
  readonly endKeySignIns: (tenantId: string, jkt: string) => Promise<unknown>;
}

const ById = Type.Object({ managedDeviceId: Type.String({ minLength: 1, maxLength: 64 }) });
const manages = (scopes: readonly string[]): Access => ({
  resource: 'graph',
  scopes,
  roles: DEVICE_ADMINISTRATORS,
  owned: { managedDeviceId: 'managedDevice' },
});
const RETIRE = manages([
  'DeviceManagementManagedDevices.PrivilegedOperations.All',
  'DeviceManagementManagedDevices.ReadWrite.All',
]);
const DELETE = manages(['DeviceManagementManagedDevices.ReadWrite.All']);

export const deviceAdministrationRoutes: FastifyPluginAsyncTypebox<DeviceAdministrationRoutes> = async (app, parts) => {
  const { store, sessions, now } = parts;

  async function revoke(request: FastifyRequest, deviceId: string): Promise<void> {
    const caller = callerOf(request);
    const keys = await store.write(revokeDevice, changeBy(caller, now()), deviceId);
    sessions.end(deviceId);
    await Promise.all(keys.map((jkt) => parts.endKeySignIns(caller.tenantId, jkt)));
  }

  for (const version of ['v1.0', 'beta']) {
    const device = `/${version}/deviceManagement/managedDevices/:managedDeviceId`;

    app.post(
      `${device}/retire`,
      {
        schema: { summary: 'Takes a lost device out of use; its people keep their backups.', params: ById },
        config: { access: RETIRE },
      },
      async (request, reply) => {
        await revoke(request, request.params.managedDeviceId);
        return await reply.code(204).send();
      },
    );

    app.delete(
      device,
      { schema: { summary: 'The same as retire.', params: ById }, config: { access: DELETE } },
      async (request, reply) => {
        await revoke(request, request.params.managedDeviceId);
        return await reply.code(204).send();
      },
    );
  }

  app.post(
    '/beta/carryover/devices/:managedDeviceId/release',
    {
      schema: { summary: 'Ends the quarantine of a device in favour of this PC.', params: ById },
      config: { access: RETIRE },
    },
    async (request) => {
      const { managedDeviceId } = request.params;
      const id = await store.write(releaseDevice, changeBy(callerOf(request), now()), managedDeviceId);
      return { id };
    },
  );
};
