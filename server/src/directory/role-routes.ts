/**
 * Who holds which directory role, in both of Graph's forms and in v1.0 and beta alike: `directoryRoles` with members, and
 * `roleManagement/directory` with definitions and assignments.
 *
 * Roles are built in: they are not made, changed or deleted. A role's id is Microsoft's template id for it, so that
 * scripts find a role by either. Only people hold roles, and for the whole organization.
 *
 * Source: Graph v1.0, directoryRole, unifiedRoleDefinition and unifiedRoleAssignment.
 */

import { KnownError } from '@carryover/model/errors';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import { type Access, callerOf } from '../http/caller.ts';
import { filterFrom } from '../http/filter.ts';
import type { Pages } from '../http/page.ts';
import { Reference, referenced } from './references.ts';
import { giveRole, listRoleHolders, type RoleHolder, takeRole } from './role-store.ts';
import { ALL_ADMINISTRATORS, ROLE_ADMINISTRATORS, ROLE_DEFINITIONS, type RoleDefinition } from './roles.ts';

export interface RoleRoutes {
  readonly store: Store;
  readonly pages: Pages;
  readonly publicUrl: string;
  readonly now: () => Temporal.Instant;
}

const WRITE_SCOPES = ['RoleManagement.ReadWrite.Directory'];
const READ: Access = {
  resource: 'graph',
  scopes: ['RoleManagement.Read.Directory', 'Directory.Read.All', ...WRITE_SCOPES],
  roles: ALL_ADMINISTRATORS,
};
const WRITE: Access = { resource: 'graph', scopes: WRITE_SCOPES, roles: ROLE_ADMINISTRATORS };

const holderOwned = { userId: 'roleHolder' } as const;
const assignmentOwned = { assignmentId: 'roleAssignment' } as const;

const ByRole = Type.Object({ roleId: Type.String({ minLength: 1, maxLength: 100 }) });
const ByRoleMember = Type.Object({ ...ByRole.properties, userId: Type.String({ minLength: 1, maxLength: 64 }) });
const ByAssignment = Type.Object({ assignmentId: Type.String({ minLength: 1, maxLength: 100 }) });
const filterOf = (description: string) =>
  Type.Object({
    $filter: Type.Optional(Type.String({ maxLength: 1000, description })),
    $skiptoken: Type.Optional(Type.String()),
  });
const NewAssignment = Type.Object(
  {
    '@odata.type': Type.Optional(Type.Literal('#microsoft.graph.unifiedRoleAssignment')),
    principalId: Type.String({ minLength: 1, maxLength: 64 }),
    roleDefinitionId: Type.String({ minLength: 1, maxLength: 64 }),
    directoryScopeId: Type.Literal('/', { description: 'The whole organization.' }),
  },
  { additionalProperties: false },
);

export const roleRoutes: FastifyPluginAsyncTypebox<RoleRoutes> = async (app, { store, pages, publicUrl, now }) => {
  const change = (request: FastifyRequest) => changeBy(callerOf(request), now());

  for (const version of ['v1.0', 'beta']) {
    const roles = `/${version}/directoryRoles`;
    const definitions = `/${version}/roleManagement/directory/roleDefinitions`;
    const assignments = `/${version}/roleManagement/directory/roleAssignments`;
    const entity = (context: string, value: object) => ({
      '@odata.context': `${publicUrl}/${version}/$metadata#${context}/$entity`,
      ...value,
    });

    app.get(
      roles,
      {
        schema: { querystring: filterOf("displayName eq '…', roleTemplateId eq '…', or both by \"and\".") },
        config: { access: READ },
      },
      async (request) => {
        const asked = filterFrom(request.query.$filter, ['displayName', 'roleTemplateId']);
        return listed(request, {
          items: ROLE_DEFINITIONS.filter(
            ({ displayName, templateId }) =>
              (asked.displayName ?? displayName) === displayName && (asked.roleTemplateId ?? templateId) === templateId,
          ),
          keyOf: ({ templateId }) => templateId,
          toValue: toDirectoryRole,
          context: 'directoryRoles',
        });
      },
    );

    app.get(`${roles}/:roleId`, { schema: { params: ByRole }, config: { access: READ } }, async (request) =>
      entity('directoryRoles', toDirectoryRole(roleNamed(request.params.roleId))),
    );

    app.get(
      `${roles}/:roleId/members`,
      {
        schema: { params: ByRole },
        config: { access: READ, queryOptions: ['$skiptoken'] },
      },
      async (request) => {
        const { displayName: role } = roleNamed(request.params.roleId);
        return listed(request, {
          items: await listRoleHolders(store, callerOf(request).tenantId, { role }),
          keyOf: ({ userId }) => userId,
          toValue: ({ userId, displayName, userPrincipalName }) => ({
            '@odata.type': '#microsoft.graph.user',
            id: userId,
            displayName,
            userPrincipalName,
          }),
          context: 'directoryObjects',
        });
      },
    );

    app.post(
      `${roles}/:roleId/members/$ref`,
      { schema: { params: ByRole, body: Reference }, config: { access: WRITE } },
      async (request, reply) => {
        const { displayName: role } = roleNamed(request.params.roleId);
        await store.write(giveRole, change(request), referenced(request.body['@odata.id'], '@odata.id'), role);
        return await reply.code(204).send();
      },
    );

    app.delete(
      `${roles}/:roleId/members/:userId/$ref`,
      {
        schema: { params: ByRoleMember },
        config: { access: { ...WRITE, owned: holderOwned } },
      },
      async (request, reply) => {
        const { roleId, userId } = request.params;
        await store.write(takeRole, change(request), userId, roleNamed(roleId).displayName);
        return await reply.code(204).send();
      },
    );

    app.get(
      definitions,
      {
        schema: { querystring: filterOf("displayName eq '…', templateId eq '…', or both by \"and\".") },
        config: { access: READ },
      },
      async (request) => {
        const asked = filterFrom(request.query.$filter, ['displayName', 'templateId']);
        return listed(request, {
          items: ROLE_DEFINITIONS.filter(
            ({ displayName, templateId }) =>
              (asked.displayName ?? displayName) === displayName && (asked.templateId ?? templateId) === templateId,
          ),
          keyOf: ({ templateId }) => templateId,
          toValue: toRoleDefinition,
          context: 'roleManagement/directory/roleDefinitions',
        });
      },
    );

    app.get(`${definitions}/:roleId`, { schema: { params: ByRole }, config: { access: READ } }, async (request) =>
      entity('roleManagement/directory/roleDefinitions', toRoleDefinition(roleNamed(request.params.roleId))),
    );

    app.get(
      assignments,
      {
        schema: { querystring: filterOf("principalId eq '…', roleDefinitionId eq '…', or both by \"and\".") },
        config: { access: READ },
      },
      async (request) => {
        const asked = filterFrom(request.query.$filter, ['principalId', 'roleDefinitionId']);
        const role = asked.roleDefinitionId === undefined ? undefined : roleNamed(asked.roleDefinitionId).displayName;
        return listed(request, {
          items: await listRoleHolders(store, callerOf(request).tenantId, { role, userId: asked.principalId }),
          keyOf: assignmentIdOf,
          toValue: toRoleAssignment,
          context: 'roleManagement/directory/roleAssignments',
        });
      },
    );

    app.post(assignments, { schema: { body: NewAssignment }, config: { access: WRITE } }, async (request, reply) => {
      const { principalId, roleDefinitionId } = request.body;
      const { displayName: role } = roleNamed(roleDefinitionId);
      const userId = principalId.toLowerCase();
      await store.write(giveRole, change(request), userId, role);
      const holder = await getHolder(callerOf(request).tenantId, { role, userId });
      return await reply.code(201).send(entity('roleManagement/directory/roleAssignments', toRoleAssignment(holder)));
    });

    app.get(
      `${assignments}/:assignmentId`,
      { schema: { params: ByAssignment }, config: { access: { ...READ, owned: assignmentOwned } } },
      async (request) => {
        const holder = await getHolder(callerOf(request).tenantId, assignmentFrom(request.params.assignmentId));
        return entity('roleManagement/directory/roleAssignments', toRoleAssignment(holder));
      },
    );

    app.delete(
      `${assignments}/:assignmentId`,
      { schema: { params: ByAssignment }, config: { access: { ...WRITE, owned: assignmentOwned } } },
      async (request, reply) => {
        const { userId, role } = assignmentFrom(request.params.assignmentId);
        await store.write(takeRole, change(request), userId, role);
        return await reply.code(204).send();
      },
    );
  }

  /** A page of a list that is short enough to be read whole. */
  function listed<Item>(
    request: FastifyRequest,
    shown: { items: readonly Item[]; keyOf: (item: Item) => string; toValue: (item: Item) => object; context: string },
  ): object {
    const page = pages.pageFrom(request);
    const start = page.after === undefined ? 0 : shown.items.findIndex((item) => shown.keyOf(item) === page.after) + 1;
    return pages.collection(request, page, { ...shown, items: shown.items.slice(start) });
  }

  /** Errors: itemNotFound. */
  async function getHolder(tenantId: string, asked: { role: string; userId: string }): Promise<RoleHolder> {
    const [holder] = await listRoleHolders(store, tenantId, asked);
    if (holder === undefined) throw new KnownError('itemNotFound', 'There is no such role assignment.');
    return holder;
  }
};

/** By its id, or as `roleTemplateId=…`. Errors: itemNotFound that names the roles there are. */
function roleNamed(id: string): RoleDefinition {
  const templateId = id.replace(/^roleTemplateId=/, '').toLowerCase();
  const role = ROLE_DEFINITIONS.find((one) => one.templateId === templateId);
  if (role === undefined)
    throw new KnownError('itemNotFound', 'There is no role with this id. The list of roles has the ids.', {
      inner: 'role',
      details: { allowed: ROLE_DEFINITIONS.map((one) => one.templateId) },
    });
  return role;
}

function assignmentIdOf({ role, userId }: Pick<RoleHolder, 'role' | 'userId'>): string {
  return `${templateIdOf(role)}_${userId}`;
}

/** Errors: itemNotFound. */
function assignmentFrom(id: string): { userId: string; role: RoleDefinition['displayName'] } {
  const [roleId = '', userId = ''] = id.split('_');
  return { userId: userId.toLowerCase(), role: roleNamed(roleId).displayName };
}

/** Empty for a role that is not among ours any more. */
function templateIdOf(role: string): string {
  return ROLE_DEFINITIONS.find(({ displayName }) => displayName === role)?.templateId ?? '';
}

/** Source: Graph v1.0, directoryRole. */
function toDirectoryRole({ templateId, displayName, description }: RoleDefinition): object {
  return { id: templateId, displayName, description, roleTemplateId: templateId };
}

/** Source: Graph v1.0, unifiedRoleDefinition. */
function toRoleDefinition({ templateId, displayName, description }: RoleDefinition): object {
  return { id: templateId, displayName, description, isBuiltIn: true, isEnabled: true, templateId };
}

/** Source: Graph v1.0, unifiedRoleAssignment. */
function toRoleAssignment(holder: RoleHolder): object {
  return {
    id: assignmentIdOf(holder),
    principalId: holder.userId,
    roleDefinitionId: templateIdOf(holder.role),
    directoryScopeId: '/',
  };
}
