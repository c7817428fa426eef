/**
 * Autopilot profiles as Graph has them, under /beta/deviceManagement/windowsAutopilotDeploymentProfiles.
 *
 * What a profile says counts for PCs that enroll from now on. `assign` gives it to single PCs, `assignments` to all that
 * are registered or to groups.
 *
 * Source: Graph beta, azureADWindowsAutopilotDeploymentProfile and windowsAutopilotDeploymentProfileAssignment;
 * graph-api.md, section 6.
 */

import { randomUUID } from 'node:crypto';
import type { Json } from '@carryover/model/canonical';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import { DEVICE_ADMINISTRATORS, ROLES } from '../directory/roles.ts';
import { type Access, callerOf } from '../http/caller.ts';
import { versionFrom } from '../http/etag.ts';
import type { Pages } from '../http/page.ts';
import {
  type AssignmentRow,
  deletePolicy,
  getPolicy,
  listAssignments,
  listPolicies,
  putPolicy,
} from '../policies/store.ts';
import { assignmentIdOf, targetsFrom } from '../policies/targets.ts';
import { addAutopilotAssignment, removeAutopilotAssignment } from './assignments.ts';
import {
  type AutopilotProfile,
  AutopilotProfileBody,
  AutopilotProfilePatch,
  bodyOf,
  profileFrom,
  toAutopilotProfile,
} from './documents.ts';
import { giveAutopilotProfile } from './identities.ts';

export interface AutopilotRoutes {
  readonly store: Store;
  readonly pages: Pages;
  readonly publicUrl: string;
  readonly now: () => Temporal.Instant;
}

export const READ_AUTOPILOT: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementServiceConfig.Read.All', 'DeviceManagementServiceConfig.ReadWrite.All'],
  roles: [...DEVICE_ADMINISTRATORS, ROLES.globalReader],
};
export const WRITE_AUTOPILOT: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementServiceConfig.ReadWrite.All', 'DeviceManagementConfiguration.ReadWrite.All'],
  roles: DEVICE_ADMINISTRATORS,
};
const read = { ...READ_AUTOPILOT, owned: { id: 'autopilotProfile' } } as const;
const write = { ...WRITE_AUTOPILOT, owned: { id: 'autopilotProfile' } } as const;

const PROFILES = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
const CONTEXT = 'deviceManagement/windowsAutopilotDeploymentProfiles';
const Id = Type.String({ minLength: 1, maxLength: 100 });
const ById = Type.Object({ id: Id });
const MAX_PCS_AT_ONCE = 1000;

const Assign = Type.Object(
  { deviceIds: Type.Array(Id, { maxItems: MAX_PCS_AT_ONCE, description: 'Ids of registered PCs.' }) },
  { additionalProperties: false },
);
const Assignment = Type.Object(
  {
    '@odata.type': Type.Optional(Type.String({ maxLength: 200 })),
    id: Type.Optional(Type.String({ maxLength: 200 })),
    source: Type.Optional(Type.Literal('direct')),
    sourceId: Type.Optional(Type.String({ maxLength: 200 })),
    target: Type.Object({ '@odata.type': Type.String({ maxLength: 200 }) }),
  },
  { additionalProperties: false },
);

export const autopilotRoutes: FastifyPluginAsyncTypebox<AutopilotRoutes> = async (app, parts) => {
  const { store, pages, publicUrl, now } = parts;
  const change = (request: FastifyRequest) => changeBy(callerOf(request), now());
  const profileRow = (request: FastifyRequest, id: string) =>
    getPolicy(store, callerOf(request).tenantId, 'autopilotProfile', id);

  app.get(PROFILES, { config: { access: READ_AUTOPILOT, queryOptions: ['$skiptoken'] } }, async (request) => {
    const page = pages.pageFrom(request);
    const rows = await listPolicies(store, callerOf(request).tenantId, 'autopilotProfile');
    const start = page.after === undefined ? 0 : rows.findIndex(({ policy_id }) => policy_id === page.after) + 1;
    return pages.collection(request, page, {
      items: rows.slice(start, start + page.top + 1),
      keyOf: ({ policy_id }) => policy_id,
      toValue: toAutopilotProfile,
      context: CONTEXT,
    });
  });

  app.post(
    PROFILES,
    { schema: { body: AutopilotProfileBody }, config: { access: WRITE_AUTOPILOT } },
    async (request, reply) => {
      const id = randomUUID();
      await put(request, id, profileFrom(request.body), 0);
      return await reply.code(201).send(await entity(request, id));
    },
  );

  app.get(`${PROFILES}/:id`, { schema: { params: ById }, config: { access: read } }, async (request) =>
    entity(request, request.params.id),
  );

  /** Changes what is named and keeps the rest. */
  app.patch(
    `${PROFILES}/:id`,
    { schema: { params: ById, body: AutopilotProfilePatch }, config: { access: write } },
    async (request) => {
      const row = await profileRow(request, request.params.id);
      // What is not named keeps what was read here, so it must still be so when this is stored.
      const ifVersion = versionFrom(request) ?? Number(row.version);
      await put(request, row.policy_id, profileFrom(request.body, bodyOf(row)), ifVersion);
      return entity(request, row.policy_id);
    },
  );

  app.delete(`${PROFILES}/:id`, { schema: { params: ById }, config: { access: write } }, async (request, reply) => {
    const row = await profileRow(request, request.params.id);
    await store.write(deletePolicy, change(request), row.policy_id, versionFrom(request));
    return await reply.code(204).send();
  });

  /** Gives the profile to single registered PCs, whatever is assigned to their groups. */
  app.post(
    `${PROFILES}/:id/assign`,
    { schema: { params: ById, body: Assign }, config: { access: write } },
    async (request, reply) => {
      const row = await profileRow(request, request.params.id);
      await store.write(giveAutopilotProfile, change(request), row.policy_id, [...new Set(request.body.deviceIds)]);
      return await reply.code(204).send();
    },
  );

  app.get(`${PROFILES}/:id/assignments`, { schema: { params: ById }, config: { access: read } }, async (request) => {
    const { policy_id } = await profileRow(request, request.params.id);
    const rows = await listAssignments(store, callerOf(request).tenantId, policy_id);
    return pages.collection(
      request,
      { top: rows.length + 1, after: undefined },
      {
        items: rows,
        keyOf: ({ assignment_id }) => assignment_id,
        toValue: toAssignment,
        context: `${CONTEXT}('${policy_id}')/assignments`,
      },
    );
  });

  app.post(
    `${PROFILES}/:id/assignments`,
    { schema: { params: ById, body: Assignment }, config: { access: write } },
    async (request, reply) => {
      const { policy_id } = await profileRow(request, request.params.id);
      const given = { value: request.body.target, property: 'body.target' };
      const [target] = await targetsFrom(store, callerOf(request).tenantId, [given]);
      if (target === undefined) throw new Error('A target was given and none was read.');
      const id = assignmentIdOf(policy_id, target);
      await store.write(addAutopilotAssignment, change(request), policy_id, { id, target });
      const made = { assignment_id: id, policy_id, target: JSON.stringify(target) };
      return await reply.code(201).send({
        '@odata.context': `${publicUrl}/beta/$metadata#${CONTEXT}('${policy_id}')/assignments/$entity`,
        ...toAssignment(made),
      });
    },
  );

  app.delete(
    `${PROFILES}/:id/assignments/:assignmentId`,
    {
      schema: { params: Type.Object({ id: Id, assignmentId: Type.String({ minLength: 1, maxLength: 300 }) }) },
      config: {
        access: { ...WRITE_AUTOPILOT, owned: { id: 'autopilotProfile', assignmentId: 'autopilotAssignment' } },
      },
    },
    async (request, reply) => {
      const row = await profileRow(request, request.params.id);
      await store.write(removeAutopilotAssignment, change(request), row.policy_id, request.params.assignmentId);
      return await reply.code(204).send();
    },
  );

  async function put(request: FastifyRequest, id: string, profile: AutopilotProfile, ifVersion: number): Promise<void> {
    await store.write(putPolicy, change(request), {
      id,
      kind: 'autopilotProfile',
      name: profile.displayName,
      body: profile as unknown as Json,
      ifVersion,
    });
  }

  async function entity(request: FastifyRequest, id: string): Promise<object> {
    return {
      '@odata.context': `${publicUrl}/beta/$metadata#${CONTEXT}/$entity`,
      ...toAutopilotProfile(await profileRow(request, id)),
    };
  }
};

function toAssignment({ assignment_id, policy_id, target }: AssignmentRow): object {
  return { id: assignment_id, source: 'direct', sourceId: policy_id, target: JSON.parse(target) as Json };
}
