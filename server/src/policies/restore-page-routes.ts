/**
 * Whom the restore page is aimed at: the assignments of the tenant's windowsRestoreDeviceEnrollmentConfiguration.
 *
 * Without assignments it is for everybody, as with Microsoft, which knows no other. PCs that are enrolled keep what was
 * decided when they were (restore-page.ts).
 *
 * Source: Graph beta, deviceEnrollmentConfiguration: assign, and enrollmentConfigurationAssignment; product.md B8.
 */

import { KnownError } from '@carryover/model/errors';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import { DEVICE_ADMINISTRATORS, ROLES } from '../directory/roles.ts';
import { type Access, callerOf } from '../http/caller.ts';
import { mustBeVersion, versionFrom } from '../http/etag.ts';
import { restoreConfigurationId } from './documents.ts';
import { restoreStateOf } from './policies.ts';
import type { RestoreConfigurationRoutes } from './restore-configuration-routes.ts';
import { assignPolicy, findPolicy, listAssignments, putPolicy } from './store.ts';
import { assignmentIdOf, assignmentsAnswer, targetsFrom } from './targets.ts';

const owned = { id: 'policy' } as const;
const READ: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementServiceConfig.Read.All', 'DeviceManagementServiceConfig.ReadWrite.All'],
  roles: [...DEVICE_ADMINISTRATORS, ROLES.globalReader],
  owned,
};
const WRITE: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementServiceConfig.ReadWrite.All', 'DeviceManagementConfiguration.ReadWrite.All'],
  roles: DEVICE_ADMINISTRATORS,
  owned,
};

const CONFIGURATION = '/beta/deviceManagement/deviceEnrollmentConfigurations/:id';
const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });
const MAX_ASSIGNMENTS = 200;
const Assign = Type.Object(
  {
    enrollmentConfigurationAssignments: Type.Array(
      Type.Object(
        {
          '@odata.type': Type.Optional(Type.String({ maxLength: 200 })),
          id: Type.Optional(Type.String({ maxLength: 300 })),
          source: Type.Optional(Type.String({ maxLength: 100 })),
          sourceId: Type.Optional(Type.String({ maxLength: 300 })),
          target: Type.Object({ '@odata.type': Type.String({ maxLength: 200 }) }),
        },
        { additionalProperties: false },
      ),
      { maxItems: MAX_ASSIGNMENTS },
    ),
  },
  { additionalProperties: false },
);

export const restorePageRoutes: FastifyPluginAsyncTypebox<RestoreConfigurationRoutes> = async (
  app,
  { store, pages, now },
) => {
  app.get(`${CONFIGURATION}/assignments`, { schema: { params: ById }, config: { access: READ } }, async (request) => {
    const { tenantId } = callerOf(request);
    const id = mustBeOwn(tenantId, request.params.id);
    const rows = await listAssignments(store, tenantId, id);
    return assignmentsAnswer(pages, request, {
      documentId: id,
      path: 'deviceManagement/deviceEnrollmentConfigurations',
      rows,
    });
  });

  /** Replaces the assignments as a whole, as Intune does; none at all is everybody. */
  app.post(
    `${CONFIGURATION}/assign`,
    { schema: { params: ById, body: Assign }, config: { access: WRITE } },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = mustBeOwn(caller.tenantId, request.params.id);
      const given = request.body.enrollmentConfigurationAssignments.map(({ target }, at) => ({
        value: target,
        property: `body.enrollmentConfigurationAssignments[${at}].target`,
      }));
      const targets = await targetsFrom(store, caller.tenantId, given);
      const ifVersion = await mustBeStored(caller.tenantId, id, request);
      const unique = new Map(targets.map((target) => [assignmentIdOf(id, target), target]));
      await store.write(
        assignPolicy,
        changeBy(caller, now()),
        id,
        [...unique].map(([assignment, target]) => ({ id: assignment, target })),
        ifVersion,
      );
      return await reply.code(204).send();
    },
  );

  /**
   * The built-in object is stored once somebody changes it; it must be there to be assigned. Gives the version that it must
   * still have then, where the caller asked for one.
   */
  async function mustBeStored(
    tenantId: string,
    id: string,
    request: Parameters<typeof callerOf>[0],
  ): Promise<number | undefined> {
    const row = await findPolicy(store, tenantId, 'windowsRestore', id);
    const ifVersion = versionFrom(request);
    mustBeVersion(ifVersion, Number(row?.version ?? 0));
    if (row !== undefined) return ifVersion;
    await store.write(putPolicy, changeBy(callerOf(request), now()), {
      id,
      kind: 'windowsRestore',
      name: 'Windows Backup and Restore',
      body: { state: await restoreStateOf(store, tenantId) },
      ifVersion,
    });
    return ifVersion === undefined ? undefined : 1;
  }
};

/** There is one, and a tenant cannot see another's. Errors: itemNotFound. */
function mustBeOwn(tenantId: string, id: string): string {
  if (id === restoreConfigurationId(tenantId)) return id;
  throw new KnownError('itemNotFound', 'There is no policy with this id.');
}
