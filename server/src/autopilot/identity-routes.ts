/**
 * PCs that IT registers before anybody enrolls them, as Graph has them: windowsAutopilotDeviceIdentities.
 *
 * A PC is registered by its serial number, by its hardware, or by both. `hardwareIdentifier` is base64, as with Graph; what
 * it holds here is the 32 bytes of the PC's machine hash, because no other is made on every system.
 *
 * Source: Graph beta, windowsAutopilotDeviceIdentity; docs/decisions/2026-11-26-autopilot-profiles.md.
 */

import { randomUUID } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import { callerOf } from '../http/caller.ts';
import {
  addAutopilotDevice,
  foldedSerial,
  getIdentity,
  type IdentityRow,
  listIdentities,
  removeAutopilotDevice,
} from './identities.ts';
import { type AutopilotRoutes, READ_AUTOPILOT, WRITE_AUTOPILOT } from './routes.ts';

const PCS = '/beta/deviceManagement/windowsAutopilotDeviceIdentities';
const CONTEXT = 'deviceManagement/windowsAutopilotDeviceIdentities';
const owned = { id: 'autopilotDevice' } as const;
const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });

const NewPc = Type.Object(
  {
    '@odata.type': Type.Optional(Type.String({ maxLength: 200 })),
    serialNumber: Type.Optional(Type.String({ maxLength: 128 })),
    hardwareIdentifier: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9+/_-]{43}=?$' })),
    groupTag: Type.Optional(Type.String({ maxLength: 512 })),
  },
  { additionalProperties: false },
);

export const autopilotIdentityRoutes: FastifyPluginAsyncTypebox<AutopilotRoutes> = async (app, parts) => {
  const { store, pages, publicUrl, now } = parts;

  app.get(PCS, { config: { access: READ_AUTOPILOT, queryOptions: ['$skiptoken'] } }, async (request) => {
    const page = pages.pageFrom(request);
    const asked = { after: page.after, top: page.top + 1 };
    return pages.collection(request, page, {
      items: await listIdentities(store, callerOf(request).tenantId, asked),
      keyOf: ({ identity_id }) => identity_id,
      toValue: toIdentity,
      context: CONTEXT,
    });
  });

  app.post(PCS, { schema: { body: NewPc }, config: { access: WRITE_AUTOPILOT } }, async (request, reply) => {
    const caller = callerOf(request);
    const { serialNumber = '', hardwareIdentifier, groupTag = '' } = request.body;
    const pc = { serialNumber: foldedSerial(serialNumber), machineHash: hexFrom(hardwareIdentifier), groupTag };
    if (pc.serialNumber === '' && pc.machineHash === '')
      throw new KnownError('invalidRequest', 'Name the PC by serialNumber, by hardwareIdentifier, or by both.', {
        inner: 'serialNumber',
        details: { property: 'body.serialNumber' },
      });
    const identityId = randomUUID();
    await store.write(addAutopilotDevice, changeBy(caller, now()), { identityId, ...pc });
    return await reply.code(201).send(await entity(caller.tenantId, identityId));
  });

  app.get(
    `${PCS}/:id`,
    { schema: { params: ById }, config: { access: { ...READ_AUTOPILOT, owned } } },
    async (request) => entity(callerOf(request).tenantId, request.params.id),
  );

  /** A device that was enrolled stays as it is: how it was provisioned was decided then. */
  app.delete(
    `${PCS}/:id`,
    { schema: { params: ById }, config: { access: { ...WRITE_AUTOPILOT, owned } } },
    async (request, reply) => {
      await store.write(removeAutopilotDevice, changeBy(callerOf(request), now()), request.params.id);
      return await reply.code(204).send();
    },
  );

  async function entity(tenantId: string, id: string): Promise<object> {
    return {
      '@odata.context': `${publicUrl}/beta/$metadata#${CONTEXT}/$entity`,
      ...toIdentity(await getIdentity(store, tenantId, id)),
    };
  }
};

function toIdentity(row: IdentityRow): object {
  return {
    id: row.identity_id,
    serialNumber: row.serial_number,
    groupTag: row.group_tag,
    enrollmentState: row.device_id === null ? 'notContacted' : 'enrolled',
    managedDeviceId: row.device_id,
    carryover: { autopilotProfileId: row.profile_id },
  };
}

function hexFrom(base64: string | undefined): string {
  return base64 === undefined ? '' : Buffer.from(base64, 'base64').toString('hex');
}
