/**
 * The Active Directory domains of an organization: a PC that is joined and in one of them is hybrid.
 *
 * Ours; Graph knows such domains by what a synchronization brings, and there is none here. Counts for PCs that enroll
 * from now on: how a PC joined is decided once.
 *
 * Source: docs/decisions/2026-11-26-what-is-frozen-at-enrollment.md.
 */

import { normalDomain } from '@carryover/model/device';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import { ROLES } from '../directory/roles.ts';
import { type Access, callerOf } from '../http/caller.ts';
import { etagOf, versionFrom } from '../http/etag.ts';
import { listPolicies, putPolicy } from './store.ts';

export interface JoinSettingsRoutes {
  readonly store: Store;
  readonly publicUrl: string;
  readonly now: () => Temporal.Instant;
}

const REGISTRARS = [ROLES.globalAdministrator, ROLES.cloudDeviceAdministrator, ROLES.intuneAdministrator];
const READ: Access = {
  resource: 'graph',
  scopes: ['Policy.Read.DeviceConfiguration', 'Policy.ReadWrite.DeviceConfiguration'],
  roles: [...REGISTRARS, ROLES.globalReader],
};
const WRITE: Access = { resource: 'graph', scopes: ['Policy.ReadWrite.DeviceConfiguration'], roles: REGISTRARS };

const ID = 'joinSettings';
const MAX_DOMAINS = 100;
const Domain = Type.String({
  maxLength: 255,
  pattern: '^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)+\\.?$',
  description: 'DNS name of a domain, e.g. "corp.contoso.example".',
});
const JoinSettings = Type.Object(
  { activeDirectoryDomains: Type.Array(Domain, { maxItems: MAX_DOMAINS }) },
  { additionalProperties: false },
);

export const joinSettingsRoutes: FastifyPluginAsyncTypebox<JoinSettingsRoutes> = async (app, parts) => {
  const { store, publicUrl, now } = parts;
  const path = '/beta/carryover/joinSettings';

  app.get(path, { config: { access: READ } }, async (request) => entity(callerOf(request).tenantId));

  app.patch(path, { schema: { body: JoinSettings }, config: { access: WRITE } }, async (request) => {
    const caller = callerOf(request);
    const activeDirectoryDomains = [...new Set(request.body.activeDirectoryDomains.map(normalDomain))].toSorted();
    await store.write(putPolicy, changeBy(caller, now()), {
      id: ID,
      kind: 'joinSettings',
      name: 'Join settings',
      body: { activeDirectoryDomains },
      ifVersion: versionFrom(request),
    });
    return entity(caller.tenantId);
  });

  async function entity(tenantId: string): Promise<object> {
    const { version, activeDirectoryDomains } = await joinSettingsOf(store, tenantId);
    return {
      '@odata.context': `${publicUrl}/beta/$metadata#carryover/joinSettings/$entity`,
      '@odata.etag': etagOf(version),
      activeDirectoryDomains,
    };
  }
};

/** Normalized; none unless the organization named some. */
export async function organizationDomainsOf(store: Store, tenantId: string): Promise<readonly string[]> {
  return (await joinSettingsOf(store, tenantId)).activeDirectoryDomains;
}

async function joinSettingsOf(store: Store, tenantId: string) {
  const [row] = await listPolicies(store, tenantId, 'joinSettings');
  if (row === undefined) return { version: 0, activeDirectoryDomains: [] };
  const { activeDirectoryDomains } = JSON.parse(row.body) as { activeDirectoryDomains: readonly string[] };
  return { version: Number(row.version), activeDirectoryDomains };
}
