/**
 * People over HTTP, as Graph has them, in v1.0 and beta alike: who I am and which roles I hold, and for administrators to
 * list, search, create, read, rename, disable, reset a password; and a file of people at once, which Graph has not.
 *
 * Whoever holds a role may be changed by a Global Administrator only, so that no lesser role can take a greater one's
 * account. An Authentication Administrator may reset passwords and nothing else.
 *
 * Source: Graph v1.0 user resource (accountEnabled, passwordProfile); Microsoft Entra built-in roles.
 */

import { randomBytes } from 'node:crypto';
import { type PeopleImported, temporaryPassword } from '@carryover/model/admin';
import { KnownError } from '@carryover/model/errors';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import { type Access, type Caller, callerOf } from '../http/caller.ts';
import { filterFrom } from '../http/filter.ts';
import type { Pages } from '../http/page.ts';
import { searchFrom } from '../http/search.ts';
import { addPerson, changePerson } from './administration.ts';
import { findPerson, getPerson, type User } from './directory.ts';
import { importPeople } from './import.ts';
import {
  ALL_ADMINISTRATORS,
  PASSWORD_ADMINISTRATORS,
  PEOPLE_ADMINISTRATORS,
  ROLE_DEFINITIONS,
  ROLES,
} from './roles.ts';
import { findUserByName, listUsers } from './store.ts';

export interface DirectoryRoutes {
  readonly store: Store;
  readonly pages: Pages;
  readonly publicUrl: string;
  readonly now: () => Temporal.Instant;
  /** Ends all sign-ins of a person. */
  readonly endSignIns: (owner: Owner) => Promise<unknown>;
}

const READ_ME: Access = { resource: 'graph', scopes: ['User.Read', 'User.Read.All', 'User.ReadWrite.All'] };
const READ: Access = {
  resource: 'graph',
  scopes: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'],
  roles: ALL_ADMINISTRATORS,
};
const CREATE: Access = { resource: 'graph', scopes: ['User.ReadWrite.All'], roles: PEOPLE_ADMINISTRATORS };
/** Whoever may reset passwords; the scope is the one that Graph asks for. */
const RESET: Access = {
  resource: 'graph',
  scopes: ['UserAuthenticationMethod.ReadWrite.All', 'User.ReadWrite.All'],
  roles: PASSWORD_ADMINISTRATORS,
};
const CHANGE: Access = { resource: 'graph', scopes: ['User.ReadWrite.All'], roles: PASSWORD_ADMINISTRATORS };
const owned = { userId: 'user' } as const;

/** An id or a user principal name. */
const ById = Type.Object({ userId: Type.String({ minLength: 1, maxLength: 320 }) });
const Select = Type.Object({ $select: Type.Optional(Type.String({ maxLength: 1000 })) });
const List = Type.Object({
  ...Select.properties,
  $filter: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: 'userPrincipalName eq \'…\', accountEnabled eq true, or both by "and".',
    }),
  ),
  $search: Type.Optional(
    Type.String({ maxLength: 200, description: 'Parts of the account or display name, all of them.' }),
  ),
  $skiptoken: Type.Optional(Type.String()),
});
const PasswordProfile = Type.Object(
  {
    password: Type.String({ minLength: 1, maxLength: 1024 }),
    forceChangePasswordNextSignIn: Type.Optional(Type.Boolean({ description: 'Default true.' })),
  },
  { additionalProperties: false },
);
const DisplayName = Type.String({ minLength: 1, maxLength: 256 });
const Department = Type.String({ maxLength: 64, description: 'For membership rules of groups.' });
const NewPerson = Type.Object(
  {
    accountEnabled: Type.Literal(true),
    displayName: DisplayName,
    userPrincipalName: Type.String({ minLength: 3, maxLength: 320 }),
    department: Type.Optional(Department),
    mailNickname: Type.Optional(Type.String({ description: 'Taken, not kept: there is no mail here.' })),
    passwordProfile: PasswordProfile,
  },
  { additionalProperties: false },
);
const Changes = Type.Object(
  {
    displayName: Type.Optional(DisplayName),
    department: Type.Optional(Type.Union([Department, Type.Null()])),
    accountEnabled: Type.Optional(Type.Boolean()),
    passwordProfile: Type.Optional(PasswordProfile),
  },
  { additionalProperties: false, minProperties: 1 },
);

const NewPassword = Type.Object(
  {
    newPassword: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1024,
        description: 'Left out: one is made and told in the answer, once.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** The one password method that everybody has; the id is the same everywhere. Source: Graph, passwordAuthenticationMethod. */
const PASSWORD_METHOD = '28c10230-6103-485e-b985-444c60001490';

/** Largest file of people, in bytes: 10,000 lines of the longest names that occur. */
const MAX_CSV_BYTES = 4 * 1024 * 1024;

export const directoryRoutes: FastifyPluginAsyncTypebox<DirectoryRoutes> = async (app, parts) => {
  const { store, pages, publicUrl, now, endSignIns } = parts;

  for (const version of ['v1.0', 'beta']) {
    const entity = (user: User, select?: string) => ({
      '@odata.context': `${publicUrl}/${version}/$metadata#users/$entity`,
      ...selected(toGraphUser(user), select),
    });

    app.get(`/${version}/me`, { schema: { querystring: Select }, config: { access: READ_ME } }, async (request) =>
      entity(await getPerson(store, callerOf(request)), request.query.$select),
    );

    /** Directory roles the caller holds, for a page that says what they may do. */
    app.get(
      `/${version}/me/memberOf`,
      { schema: { querystring: Select }, config: { access: READ_ME } },
      async (request) => rolesOf(version, callerOf(request), callerOf(request).userId),
    );

    app.get(
      `/${version}/users/:userId/memberOf`,
      { schema: { params: ById, querystring: Select }, config: { access: { ...READ, owned } } },
      async (request) => {
        const caller = callerOf(request);
        return rolesOf(version, caller, (await personNamed(caller, request.params.userId)).userId);
      },
    );

    app.get(`/${version}/users`, { schema: { querystring: List }, config: { access: READ } }, async (request) => {
      const { tenantId } = callerOf(request);
      const page = pages.pageFrom(request);
      const asked = filterFrom(request.query.$filter, ['userPrincipalName', 'accountEnabled']);
      const accountEnabled = asked.accountEnabled === undefined ? undefined : asked.accountEnabled === 'true';
      const search = searchFrom(request.query.$search);
      const named = asked.userPrincipalName;
      const items =
        named === undefined
          ? await listUsers(store, tenantId, { top: page.top + 1, after: page.after, search, accountEnabled })
          : [(await findUserByName(store, tenantId, named)) ?? []]
              .flat()
              .filter((user) => accountEnabled === undefined || user.accountEnabled === accountEnabled);
      return pages.collection(request, page, {
        items,
        keyOf: ({ userPrincipalName }) => userPrincipalName,
        toValue: (user) => selected(toGraphUser(user), request.query.$select),
        context: 'users',
      });
    });

    app.get(
      `/${version}/users/:userId`,
      { schema: { params: ById, querystring: Select }, config: { access: { ...READ, owned } } },
      async (request) => entity(await personNamed(callerOf(request), request.params.userId), request.query.$select),
    );

    app.post(
      `/${version}/users`,
      { schema: { body: NewPerson }, config: { access: CREATE } },
      async (request, reply) => {
        const caller = callerOf(request);
        const { displayName, userPrincipalName, department, passwordProfile } = request.body;
        const { userId } = await addPerson(store, changeBy(caller, now()), {
          displayName,
          userPrincipalName,
          department,
          password: passwordProfile.password,
          mustChangePassword: passwordProfile.forceChangePasswordNextSignIn ?? true,
        });
        reply.code(201);
        return entity(await getPerson(store, { tenantId: caller.tenantId, userId }));
      },
    );

    /** Ends all sign-ins of the person; they choose a password of their own at the next one. */
    app.post(
      `/${version}/users/:userId/authentication/methods/${PASSWORD_METHOD}/resetPassword`,
      { schema: { params: ById, body: NewPassword }, config: { access: { ...RESET, owned } } },
      async (request, reply) => {
        const caller = callerOf(request);
        const { userId, tenantId } = await personNamed(caller, request.params.userId);
        const owner = { tenantId, userId };
        await mustBeChangeableBy(caller, owner, {});
        const { newPassword = temporaryPassword(randomBytes(20)) } = request.body;
        const password = { text: newPassword, mustChange: true };
        await changePerson(store, changeBy(caller, now()), owner, { password });
        await endSignIns(owner);
        reply.code(202).header('cache-control', 'no-store');
        if (request.body.newPassword !== undefined) return reply.send();
        return {
          '@odata.context': `${publicUrl}/${version}/$metadata#microsoft.graph.passwordResetResponse`,
          newPassword,
        };
      },
    );

    /** Disabling and resetting end all sign-ins of the person. */
    app.patch(
      `/${version}/users/:userId`,
      { schema: { params: ById, body: Changes }, config: { access: { ...CHANGE, owned } } },
      async (request, reply) => {
        const caller = callerOf(request);
        const { userId, tenantId } = await personNamed(caller, request.params.userId);
        const { passwordProfile, ...beyondPassword } = request.body;
        await mustBeChangeableBy(caller, { tenantId, userId }, beyondPassword);
        const password = passwordProfile && {
          text: passwordProfile.password,
          mustChange: passwordProfile.forceChangePasswordNextSignIn ?? true,
        };
        const owner = { tenantId, userId };
        await changePerson(store, changeBy(caller, now()), owner, { ...beyondPassword, password });
        if (password !== undefined || beyondPassword.accountEnabled === false) await endSignIns(owner);
        return reply.code(204).send();
      },
    );
  }

  /** Text of a spreadsheet: UTF-8, or what Windows wrote before. */
  app.addContentTypeParser('text/csv', { parseAs: 'buffer', bodyLimit: MAX_CSV_BYTES }, (_request, body, done) =>
    done(null, textOf(body as Buffer)),
  );

  app.post(
    '/beta/carryover/people/import',
    {
      schema: {
        summary: 'Adds the people of a CSV file, all or none. Answers with their one-time passwords, this once.',
        description:
          'Columns displayName and userPrincipalName; at most 10,000 people. A file with faults is refused whole: ' +
          'innerError.code "csv", innerError.details.faults names every line.',
        consumes: ['text/csv'],
        body: Type.String(),
      },
      config: { access: CREATE },
    },
    async (request, reply) => {
      const value = await importPeople(store, changeBy(callerOf(request), now()), request.body);
      reply.code(201).header('cache-control', 'no-store');
      return { '@odata.context': `${publicUrl}/beta/$metadata#carryover/people`, value } satisfies PeopleImported &
        Record<'@odata.context', string>;
    },
  );

  async function rolesOf(version: string, { tenantId }: Caller, userId: string): Promise<object> {
    const roles = (await findPerson(store, { tenantId, userId }, { withRoles: true }))?.roles ?? [];
    return {
      '@odata.context': `${publicUrl}/${version}/$metadata#directoryObjects`,
      value: roles.map((displayName) => {
        const id = ROLE_DEFINITIONS.find((role) => role.displayName === displayName)?.templateId;
        return { '@odata.type': '#microsoft.graph.directoryRole', id, displayName, roleTemplateId: id };
      }),
    };
  }

  /** Errors: itemNotFound. */
  async function personNamed({ tenantId }: Caller, idOrName: string): Promise<User> {
    if (!idOrName.includes('@')) return getPerson(store, { tenantId, userId: idOrName });
    const found = await findUserByName(store, tenantId, idOrName);
    if (found === undefined) throw new KnownError('itemNotFound', 'There is no such person.');
    return found;
  }

  /** Errors: accessDenied, inner roleMissing or ownAccount. */
  async function mustBeChangeableBy(
    caller: Caller,
    owner: Owner,
    beyondPassword: { readonly accountEnabled?: boolean },
  ): Promise<void> {
    const { accountEnabled } = beyondPassword;
    if (Object.keys(beyondPassword).length > 0 && !holdsOneOf(caller, PEOPLE_ADMINISTRATORS))
      throw denied(`Only ${PEOPLE_ADMINISTRATORS.join(' or ')} changes more than a password.`, 'roleMissing');
    const roles = (await findPerson(store, owner, { withRoles: true }))?.roles ?? [];
    if (roles.length > 0 && !holdsOneOf(caller, [ROLES.globalAdministrator]))
      throw denied(`Only a ${ROLES.globalAdministrator} changes people who hold a role.`, 'roleMissing');
    if (accountEnabled === false && owner.userId === caller.userId)
      throw denied('Nobody disables their own account. Ask another administrator.', 'ownAccount');
  }
};

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return new TextDecoder('windows-1252').decode(body);
  }
}

function holdsOneOf(caller: Caller, roles: readonly string[]): boolean {
  return roles.some((role) => caller.roles.includes(role));
}

function denied(message: string, inner: string): KnownError {
  return new KnownError('accessDenied', message, { inner });
}

function toGraphUser(user: User): Readonly<Record<string, string | boolean | null>> {
  return {
    id: user.userId,
    userPrincipalName: user.userPrincipalName,
    displayName: user.displayName,
    department: user.department,
    accountEnabled: user.accountEnabled,
    createdDateTime: Temporal.Instant.fromEpochMilliseconds(user.createdAt).toString(),
  };
}

/** What $select names of what we have; other names are passed over, as people's scripts ask for more than we keep. */
function selected<Entity extends Readonly<Record<string, unknown>>>(
  entity: Entity,
  select: string | undefined,
): object {
  if (select === undefined) return entity;
  const names = select.split(',').map((name) => name.trim());
  return Object.fromEntries(Object.entries(entity).filter(([name]) => names.includes(name)));
}
