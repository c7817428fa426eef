/** The enrollment tokens that still work: IT lists them and takes them back. What a token is like is never shown again. */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import { DEVICE_ADMINISTRATORS, ROLES } from '../directory/roles.ts';
import { type Access, callerOf } from '../http/caller.ts';
import type { Pages } from '../http/page.ts';
import { removeEnrollmentToken } from './token-store.ts';

export interface EnrollmentTokenRoutes {
  readonly store: Store;
  readonly pages: Pages;
  readonly now: () => Temporal.Instant;
}

const READ: Access = {
  resource: 'graph',
  scopes: [
    'DeviceManagementServiceConfig.Read.All',
    'DeviceManagementServiceConfig.ReadWrite.All',
    'DeviceManagementConfiguration.ReadWrite.All',
  ],
  roles: [...DEVICE_ADMINISTRATORS, ROLES.globalReader],
};
const REMOVE: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementServiceConfig.ReadWrite.All', 'DeviceManagementConfiguration.ReadWrite.All'],
  roles: DEVICE_ADMINISTRATORS,
  owned: { tokenId: 'enrollmentToken' },
};
const TOKENS = '/beta/carryover/enrollmentTokens';

export const enrollmentTokenRoutes: FastifyPluginAsyncTypebox<EnrollmentTokenRoutes> = async (app, parts) => {
  const { store, pages, now } = parts;

  app.get(TOKENS, { config: { access: READ, queryOptions: ['$skiptoken'] } }, async (request) => {
    const page = pages.pageFrom(request);
    const items = await listTokens(store, callerOf(request).tenantId, {
      after: page.after,
      top: page.top + 1,
      now: now().epochMilliseconds,
    });
    return pages.collection(request, page, {
      items,
      keyOf: ({ token_id }) => token_id,
      toValue: ({ token_id, expires_at, uses_left, created_by, created_at, provisioning_profile_id }) => ({
        id: token_id,
        uses: uses_left,
        autopilotProfileId: provisioning_profile_id,
        createdBy: created_by,
        createdDateTime: Temporal.Instant.fromEpochMilliseconds(created_at).toString(),
        expirationDateTime: Temporal.Instant.fromEpochMilliseconds(expires_at).toString(),
      }),
      context: 'carryover/enrollmentTokens',
    });
  });

  app.delete(
    `${TOKENS}/:tokenId`,
    { schema: { params: Type.Object({ tokenId: Type.String({ maxLength: 64 }) }) }, config: { access: REMOVE } },
    async (request, reply) => {
      await store.write(removeEnrollmentToken, changeBy(callerOf(request), now()), request.params.tokenId);
      return reply.code(204).send();
    },
  );
};

/** Neither used up nor expired, by id. */
function listTokens(
  store: Store,
  tenantId: string,
  page: { readonly after: string | undefined; readonly top: number; readonly now: number },
) {
  let query = store.read
    .selectFrom('enrollment_tokens')
    .select(['token_id', 'expires_at', 'uses_left', 'created_by', 'created_at', 'provisioning_profile_id'])
    .where('tenant_id', '=', tenantId)
    .where('uses_left', '>', 0)
    .where('expires_at', '>', page.now);
  if (page.after !== undefined) query = query.where('token_id', '>', page.after);
  return query.orderBy('token_id').limit(page.top).execute();
}
