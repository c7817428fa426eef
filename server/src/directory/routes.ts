/**
 * People over HTTP, as Graph has them, in v1.0 and beta alike: who I am, and for administrators to list, create, read,
 * rename, disable, reset a password.
 *
 * Whoever holds a role may be changed by a Global Administrator only, so that no lesser role can take a greater one's
 * account. An Authentication Administrator may reset passwords and nothing else.
 *
 * Source: Graph v1.0 user resource (accountEnabled, passwordProfile); Microsoft Entra built-in roles.
 */

import { KnownError } from '@carryover/model/errors';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import { type Access, type Caller, callerOf } from '../http/caller.ts';
import { filterFrom } from '../http/filter.ts';
import type { Pages } from '../http/page.ts';
import { addPerson, changePerson } from './administration.ts';
import { findPerson, getPerson, type User } from './directory.ts';
import { PASSWORD_ADMINISTRATORS, PEOPLE_ADMINISTRATORS, ROLES } from './roles.ts';
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
  roles: [...PASSWORD_ADMINISTRATORS, ROLES.globalReader],
};
const CREATE: Access = { resource: 'graph', scopes: ['User.ReadWrite.All'], roles: PEOPLE_ADMINISTRATORS };
const CHANGE: Access = { resource: 'graph', scopes: ['User.ReadWrite.All'], roles: PASSWORD_ADMINISTRATORS };
const owned = { userId: 'user' } as const;

/** An id or a user principal name. */
const ById = Type.Object({ userId: Type.String({ minLength: 1, maxLength: 320 }) });
const Select = Type.Object({ $select: Type.Optional(Type.String({ maxLength: 1000 })) });
const List = Type.Object({
  ...Select.properties,
  $filter: Type.Optional(Type.String({ maxLength: 1000 })),
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
const NewPerson = Type.Object(
  {
    accountEnabled: Type.Literal(true),
    displayName: DisplayName,
    userPrincipalName: Type.String({ minLength: 3, maxLength: 320 }),
    mailNickname: Type.Optional(Type.String({ description: 'Taken, not kept: there is no mail here.' })),
    passwordProfile: PasswordProfile,
  },
  { additionalProperties: false },
);
const Changes = Type.Object(
  {
    displayName: Type.Optional(DisplayName),
    accountEnabled: Type.Optional(Type.Boolean()),
    passwordProfile: Type.Optional(PasswordProfile),
  },
  { additionalProperties: false, minProperties: 1 },
);

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

    /** $filter: userPrincipalName eq '…'. */
    app.get(`/${version}/users`, { schema: { querystring: List }, config: { access: READ } }, async (request) => {
      const { tenantId } = callerOf(request);
      const page = pages.pageFrom(request);
      const { userPrincipalName } = filterFrom(request.query.$filter, ['userPrincipalName']);
      const items =
        userPrincipalName === undefined
          ? await listUsers(store, tenantId, { top: page.top + 1, after: page.after })
          : [(await findUserByName(store, tenantId, userPrincipalName)) ?? []].flat();
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
        const { displayName, userPrincipalName, passwordProfile } = request.body;
        const { userId } = await addPerson(store, changeBy(caller, now()), {
          displayName,
          userPrincipalName,
          password: passwordProfile.password,
          mustChangePassword: passwordProfile.forceChangePasswordNextSignIn ?? true,
        });
        reply.code(201);
        return entity(await getPerson(store, { tenantId: caller.tenantId, userId }));
      },
    );

    /** Disabling and resetting end all sign-ins of the person. */
    app.patch(
      `/${version}/users/:userId`,
      { schema: { params: ById, body: Changes }, config: { access: { ...CHANGE, owned } } },
      async (request, reply) => {
        const caller = callerOf(request);
        const { userId, tenantId } = await personNamed(caller, request.params.userId);
        const { displayName, accountEnabled, passwordProfile } = request.body;
        await mustBeChangeableBy(caller, { tenantId, userId }, { displayName, accountEnabled });
        const password = passwordProfile && {
          text: passwordProfile.password,
          mustChange: passwordProfile.forceChangePasswordNextSignIn ?? true,
        };
        const owner = { tenantId, userId };
        await changePerson(store, changeBy(caller, now()), owner, { displayName, accountEnabled, password });
        if (password !== undefined || accountEnabled === false) await endSignIns(owner);
        return reply.code(204).send();
      },
    );
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
    { displayName, accountEnabled }: { displayName: string | undefined; accountEnabled: boolean | undefined },
  ): Promise<void> {
    const beyondPassword = displayName !== undefined || accountEnabled !== undefined;
    if (beyondPassword && !holdsOneOf(caller, PEOPLE_ADMINISTRATORS))
      throw denied(`Only ${PEOPLE_ADMINISTRATORS.join(' or ')} changes more than a password.`, 'roleMissing');
    const roles = (await findPerson(store, owner, { withRoles: true }))?.roles ?? [];
    if (roles.length > 0 && !holdsOneOf(caller, [ROLES.globalAdministrator]))
      throw denied(`Only a ${ROLES.globalAdministrator} changes people who hold a role.`, 'roleMissing');
    if (accountEnabled === false && owner.userId === caller.userId)
      throw denied('Nobody disables their own account. Ask another administrator.', 'ownAccount');
  }
};

function holdsOneOf(caller: Caller, roles: readonly string[]): boolean {
  return roles.some((role) => caller.roles.includes(role));
}

function denied(message: string, inner: string): KnownError {
  return new KnownError('accessDenied', message, { inner });
}

function toGraphUser(user: User): Readonly<Record<string, string | boolean>> {
  return {
    id: user.userId,
    userPrincipalName: user.userPrincipalName,
    displayName: user.displayName,
    accountEnabled: user.accountEnabled,
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
