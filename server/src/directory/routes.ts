/**
 * People over HTTP, as Graph has them: create, read, disable, reset a password.
 *
 * Whoever holds a role may be changed by a Global Administrator only, so that no lesser role can take a greater one's
 * account.
 *
 * Source: Graph v1.0 user resource (accountEnabled, passwordProfile).
 */

import { KnownError } from '@carryover/model/errors';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import { type Access, type Caller, callerOf } from '../http/caller.ts';
import { createPerson, enableAccount, findPerson, getPerson, resetPassword, type User } from './directory.ts';
import { PEOPLE_ADMINISTRATORS, ROLES } from './roles.ts';

export interface DirectoryRoutes {
  readonly store: Store;
  readonly publicUrl: string;
  readonly now: () => Temporal.Instant;
  /** Ends all sign-ins of a person. */
  readonly endSignIns: (owner: Owner) => Promise<unknown>;
}

const READ: Access = {
  resource: 'graph',
  scopes: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'],
  roles: [...PEOPLE_ADMINISTRATORS, ROLES.globalReader],
  owned: { userId: 'user' },
};
const WRITE: Access = { resource: 'graph', scopes: ['User.ReadWrite.All'], roles: PEOPLE_ADMINISTRATORS };
const WRITE_ONE: Access = { ...WRITE, owned: { userId: 'user' } };

const ById = Type.Object({ userId: Type.String({ maxLength: 64 }) });
const PasswordProfile = Type.Object(
  {
    password: Type.String({ minLength: 1, maxLength: 1024 }),
    forceChangePasswordNextSignIn: Type.Optional(Type.Boolean({ description: 'Default true.' })),
  },
  { additionalProperties: false },
);

export const directoryRoutes: FastifyPluginAsyncTypebox<DirectoryRoutes> = async (app, parts) => {
  const { store, publicUrl, now, endSignIns } = parts;
  const entity = (user: User) => ({
    '@odata.context': `${publicUrl}/v1.0/$metadata#users/$entity`,
    id: user.userId,
    userPrincipalName: user.userPrincipalName,
    displayName: user.displayName,
    accountEnabled: user.accountEnabled,
  });

  app.get('/v1.0/users/:userId', { schema: { params: ById }, config: { access: READ } }, async (request) => {
    return entity(await getPerson(store, ownerIn(callerOf(request), request.params.userId)));
  });

  app.post(
    '/v1.0/users',
    {
      schema: {
        body: Type.Object(
          {
            accountEnabled: Type.Literal(true),
            displayName: Type.String({ minLength: 1, maxLength: 256 }),
            userPrincipalName: Type.String({ minLength: 3, maxLength: 320 }),
            mailNickname: Type.Optional(Type.String({ description: 'Taken, not kept: there is no mail here.' })),
            passwordProfile: PasswordProfile,
          },
          { additionalProperties: false },
        ),
      },
      config: { access: WRITE },
    },
    async (request, reply) => {
      const { displayName, userPrincipalName, passwordProfile } = request.body;
      const { tenantId } = callerOf(request);
      const draft = {
        displayName,
        userPrincipalName,
        password: passwordProfile.password,
        mustChangePassword: passwordProfile.forceChangePasswordNextSignIn ?? true,
      };
      const { userId } = await createPerson(store, tenantId, draft, now());
      reply.code(201);
      return entity(await getPerson(store, { tenantId, userId }));
    },
  );

  /** Disabling and resetting end all sign-ins of the person. */
  app.patch(
    '/v1.0/users/:userId',
    {
      schema: {
        params: ById,
        body: Type.Object(
          { accountEnabled: Type.Optional(Type.Boolean()), passwordProfile: Type.Optional(PasswordProfile) },
          { additionalProperties: false, minProperties: 1 },
        ),
      },
      config: { access: WRITE_ONE },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const owner = ownerIn(caller, request.params.userId);
      await mustBeChangeableBy(store, caller, owner);
      const { accountEnabled, passwordProfile } = request.body;
      if (passwordProfile !== undefined) await resetPassword(store, owner, passwordProfile.password, now());
      if (accountEnabled !== undefined) await enableAccount(store, owner, accountEnabled, now());
      if (passwordProfile !== undefined || accountEnabled === false) await endSignIns(owner);
      return reply.code(204).send();
    },
  );
};

/** Errors: itemNotFound, accessDenied. */
async function mustBeChangeableBy(store: Store, caller: Caller, owner: Owner): Promise<void> {
  const person = await findPerson(store, owner);
  if (person === undefined) throw new KnownError('itemNotFound', 'There is no such person.');
  if (person.roles.length > 0 && !caller.roles.includes(ROLES.globalAdministrator))
    throw new KnownError('accessDenied', `Only a ${ROLES.globalAdministrator} changes people who hold a role.`, {
      inner: 'roleMissing',
    });
}

function ownerIn({ tenantId }: Caller, userId: string): Owner {
  return { tenantId, userId };
}
