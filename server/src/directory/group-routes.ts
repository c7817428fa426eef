/**
 * Groups over HTTP, as Graph has them, in v1.0 and beta alike: assigned groups of people and devices, and dynamic groups
 * whose members follow a rule.
 *
 * There is no mail here: a group is a security group. What of Graph's membership rules is understood says
 * model/group-rule.ts. Members are looked up by their own ids, so a device's id here is the one that policies know it by.
 *
 * Source: Graph v1.0, group resource; group-post-members, group-delete-members.
 */

import { randomUUID } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import { groupRuleFrom, MAX_RULE_LENGTH } from '@carryover/model/group-rule';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import { type Access, callerOf } from '../http/caller.ts';
import { etagOf, versionFrom } from '../http/etag.ts';
import { filterFrom } from '../http/filter.ts';
import type { Pages } from '../http/page.ts';
import { searchFrom } from '../http/search.ts';
import {
  addGroup,
  addGroupMember,
  bodyOf,
  changeGroup,
  deleteGroup,
  type GroupRow,
  getGroup,
  listGroups,
  removeGroupMember,
} from './group-store.ts';
import { type Member, membersOf } from './membership.ts';
import { Reference, referenced } from './references.ts';
import { ALL_ADMINISTRATORS, GROUP_ADMINISTRATORS } from './roles.ts';

export interface GroupRoutes {
  readonly store: Store;
  readonly pages: Pages;
  readonly publicUrl: string;
  readonly now: () => Temporal.Instant;
}

const WRITE_SCOPES = ['Group.ReadWrite.All'];
const READ: Access = {
  resource: 'graph',
  scopes: ['Group.Read.All', 'GroupMember.Read.All', 'Directory.Read.All', ...WRITE_SCOPES],
  roles: ALL_ADMINISTRATORS,
};
const WRITE: Access = { resource: 'graph', scopes: WRITE_SCOPES, roles: GROUP_ADMINISTRATORS };
const WRITE_MEMBERS: Access = {
  resource: 'graph',
  scopes: ['GroupMember.ReadWrite.All', ...WRITE_SCOPES],
  roles: GROUP_ADMINISTRATORS,
};
const owned = { groupId: 'group' } as const;

const Id = Type.String({ minLength: 1, maxLength: 64 });
const ById = Type.Object({ groupId: Id });
const ByMember = Type.Object({ groupId: Id, memberId: Id });
const List = Type.Object({
  $filter: Type.Optional(Type.String({ maxLength: 1000, description: "displayName eq '…'." })),
  $search: Type.Optional(Type.String({ maxLength: 200, description: 'Parts of the name, all of them.' })),
  $skiptoken: Type.Optional(Type.String()),
});

const properties = {
  displayName: Type.String({ minLength: 1, maxLength: 256 }),
  description: Type.Optional(Type.Union([Type.String({ maxLength: 1024 }), Type.Null()])),
  membershipRule: Type.Optional(
    Type.Union([
      Type.String({ maxLength: MAX_RULE_LENGTH, description: '(user.department -eq "Finance")' }),
      Type.Null(),
    ]),
  ),
  membershipRuleProcessingState: Type.Optional(Type.Union([Type.Literal('On'), Type.Null()])),
};
const MailNickname = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Kept, not used: there is no mail here.',
});
const NewGroup = Type.Object(
  {
    ...properties,
    mailNickname: MailNickname,
    mailEnabled: Type.Literal(false),
    securityEnabled: Type.Literal(true),
    groupTypes: Type.Optional(Type.Array(Type.Literal('DynamicMembership'), { maxItems: 1 })),
    'members@odata.bind': Type.Optional(Type.Array(Type.String({ maxLength: 1000 }), { maxItems: 20 })),
  },
  { additionalProperties: false },
);
const Changes = Type.Object(
  {
    ...properties,
    displayName: Type.Optional(properties.displayName),
    mailNickname: Type.Optional(MailNickname),
    mailEnabled: Type.Optional(Type.Literal(false)),
    securityEnabled: Type.Optional(Type.Literal(true)),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const groupRoutes: FastifyPluginAsyncTypebox<GroupRoutes> = async (app, { store, pages, publicUrl, now }) => {
  const change = (request: FastifyRequest) => changeBy(callerOf(request), now());

  for (const version of ['v1.0', 'beta']) {
    const groups = `/${version}/groups`;
    const entity = (row: GroupRow) => ({
      '@odata.context': `${publicUrl}/${version}/$metadata#groups/$entity`,
      ...toGraphGroup(row),
    });

    app.get(groups, { schema: { querystring: List }, config: { access: READ } }, async (request) => {
      const page = pages.pageFrom(request);
      const { displayName } = filterFrom(request.query.$filter, ['displayName']);
      return pages.collection(request, page, {
        items: await listGroups(store, callerOf(request).tenantId, {
          top: page.top + 1,
          after: page.after,
          displayName,
          search: searchFrom(request.query.$search),
        }),
        keyOf: ({ group_id }) => group_id,
        toValue: toGraphGroup,
        context: 'groups',
      });
    });

    app.post(groups, { schema: { body: NewGroup }, config: { access: WRITE } }, async (request, reply) => {
      const { tenantId } = callerOf(request);
      const { displayName, mailNickname, description = null } = request.body;
      const membershipRule = ruleFrom(request.body);
      const members = new Set(
        (request.body['members@odata.bind'] ?? []).map((id) => referenced(id, 'members@odata.bind')),
      );
      if (membershipRule !== null && members.size > 0)
        throw refused('members@odata.bind does not belong to a dynamic group: its members follow membershipRule.');
      const groupId = randomUUID();
      const group = { displayName: nameFrom(displayName), mailNickname, description, membershipRule };
      await store.write(addGroup, change(request), groupId, group, [...members]);
      return await reply.code(201).send(entity(await getGroup(store, tenantId, groupId)));
    });

    app.get(
      `${groups}/:groupId`,
      { schema: { params: ById }, config: { access: { ...READ, owned } } },
      async (request) => entity(await getGroup(store, callerOf(request).tenantId, request.params.groupId)),
    );

    /** Changes what is named and keeps the rest. */
    app.patch(
      `${groups}/:groupId`,
      { schema: { params: ById, body: Changes }, config: { access: { ...WRITE, owned } } },
      async (request, reply) => {
        const { displayName, description, mailNickname, membershipRule } = request.body;
        const changes = {
          displayName: displayName === undefined ? undefined : nameFrom(displayName),
          description,
          mailNickname,
          membershipRule,
        };
        await store.write(changeGroup, change(request), request.params.groupId, changes, versionFrom(request));
        return await reply.code(204).send();
      },
    );

    app.delete(
      `${groups}/:groupId`,
      { schema: { params: ById }, config: { access: { ...WRITE, owned } } },
      async (request, reply) => {
        await store.write(deleteGroup, change(request), request.params.groupId, versionFrom(request));
        return await reply.code(204).send();
      },
    );

    app.get(
      `${groups}/:groupId/members`,
      { schema: { params: ById }, config: { access: { ...READ, owned }, queryOptions: ['$skiptoken'] } },
      async (request) => {
        const { tenantId } = callerOf(request);
        const { groupId } = request.params;
        const page = pages.pageFrom(request);
        return pages.collection(request, page, {
          items: await membersOf(store, { tenantId, groupId }, { top: page.top + 1, after: page.after }),
          keyOf: ({ id }) => id,
          toValue: toDirectoryObject,
          context: 'directoryObjects',
        });
      },
    );

    app.post(
      `${groups}/:groupId/members/$ref`,
      { schema: { params: ById, body: Reference }, config: { access: { ...WRITE_MEMBERS, owned } } },
      async (request, reply) => {
        const memberId = referenced(request.body['@odata.id'], '@odata.id');
        await store.write(addGroupMember, change(request), request.params.groupId, memberId);
        return await reply.code(204).send();
      },
    );

    app.delete(
      `${groups}/:groupId/members/:memberId/$ref`,
      {
        schema: { params: ByMember },
        config: { access: { ...WRITE_MEMBERS, owned: { ...owned, memberId: 'groupMember' } } },
      },
      async (request, reply) => {
        const { groupId, memberId } = request.params;
        await store.write(removeGroupMember, change(request), groupId, memberId);
        return await reply.code(204).send();
      },
    );
  }
};

/** Null for an assigned group. Errors: invalidRequest. */
function ruleFrom(body: {
  readonly groupTypes?: readonly string[];
  readonly membershipRule?: string | null;
  readonly membershipRuleProcessingState?: string | null;
}): string | null {
  const { groupTypes = [], membershipRule = null } = body;
  if (groupTypes.length === 0 && membershipRule === null) return null;
  if (groupTypes.length === 0) throw refused('membershipRule needs groupTypes ["DynamicMembership"].');
  if (membershipRule === null) throw refused('groupTypes ["DynamicMembership"] needs a membershipRule.');
  groupRuleFrom(membershipRule);
  return membershipRule;
}

function nameFrom(text: string): string {
  const name = text.trim();
  if (name === '') throw refused('displayName has 1 to 256 characters.');
  return name;
}

function refused(message: string): KnownError {
  return new KnownError('invalidRequest', message, { inner: 'group' });
}

/** Source: Graph v1.0, group. */
function toGraphGroup(row: GroupRow): object {
  const { description, mailNickname } = bodyOf(row);
  const isDynamic = row.membership_rule !== null;
  return {
    '@odata.etag': etagOf(Number(row.version)),
    id: row.group_id,
    displayName: row.display_name,
    description,
    mailNickname,
    mailEnabled: false,
    securityEnabled: true,
    groupTypes: isDynamic ? ['DynamicMembership'] : [],
    membershipRule: row.membership_rule,
    membershipRuleProcessingState: isDynamic ? 'On' : null,
    createdDateTime: Temporal.Instant.fromEpochMilliseconds(Number(row.created_at)).toString(),
  };
}

function toDirectoryObject({ kind, ...member }: Member): object {
  return { '@odata.type': `#microsoft.graph.${kind}`, ...member };
}
