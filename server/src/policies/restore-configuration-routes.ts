/**
 * The tenant's restore page switch as Graph has it, under /beta/deviceManagement/deviceEnrollmentConfigurations.
 *
 * It is one built-in object: it can be read and its state changed, not made or deleted. Devices read it when they enroll.
 *
 * Source: graph-api.md 3; Graph beta, intune-onboarding-windowsrestoredeviceenrollmentconfiguration.
 */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import { DEVICE_ADMINISTRATORS, ROLES } from '../directory/roles.ts';
import { type Access, callerOf } from '../http/caller.ts';
import { etagOf, versionFrom } from '../http/etag.ts';
import { filterFrom } from '../http/filter.ts';
import type { Pages } from '../http/page.ts';
import {
  RestoreConfigurationPatch,
  type RestoreState,
  restoreConfigurationId,
  WINDOWS_RESTORE_TYPE,
} from './documents.ts';
import { restoreStateOf } from './policies.ts';
import { getPolicy, listPolicies, putPolicy } from './store.ts';

export interface RestoreConfigurationRoutes {
  readonly store: Store;
  readonly pages: Pages;
  readonly publicUrl: string;
  readonly now: () => Temporal.Instant;
}

const READERS = [...DEVICE_ADMINISTRATORS, ROLES.globalReader];
const WRITERS = DEVICE_ADMINISTRATORS;

const READ_SERVICE: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementServiceConfig.Read.All', 'DeviceManagementServiceConfig.ReadWrite.All'],
  roles: READERS,
};
const WRITE_SERVICE: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementServiceConfig.ReadWrite.All', 'DeviceManagementConfiguration.ReadWrite.All'],
  roles: WRITERS,
};
const owned = { id: 'policy' } as const;

const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });

export const restoreConfigurationRoutes: FastifyPluginAsyncTypebox<RestoreConfigurationRoutes> = async (
  app,
  { store, pages, publicUrl, now },
) => {
  const configurations = '/beta/deviceManagement/deviceEnrollmentConfigurations';
  const change = (request: FastifyRequest) => changeBy(callerOf(request), now());

  app.get(
    configurations,
    { config: { access: READ_SERVICE, queryOptions: ['$filter', '$skiptoken'] } },
    async (request) => {
      const asked = filterFrom((request.query as Record<string, string>)['$filter'], [
        'deviceEnrollmentConfigurationType',
      ]);
      const type = asked.deviceEnrollmentConfigurationType ?? 'windowsRestore';
      const items = type === 'windowsRestore' ? [await restoreConfiguration(callerOf(request).tenantId)] : [];
      return pages.collection(request, pages.pageFrom(request), {
        items,
        keyOf: ({ id }) => id,
        toValue: (item) => item,
        context: 'deviceManagement/deviceEnrollmentConfigurations',
      });
    },
  );

  app.get(
    `${configurations}/:id`,
    { schema: { params: ById }, config: { access: { ...READ_SERVICE, owned } } },
    async (request) => {
      const { tenantId } = callerOf(request);
      await mustBeRestoreConfiguration(tenantId, request.params.id);
      return entity('deviceManagement/deviceEnrollmentConfigurations', await restoreConfiguration(tenantId));
    },
  );

  /** Switches "Show restore page" for the whole tenant; devices read it when they enroll. */
  app.patch(
    `${configurations}/:id`,
    { schema: { params: ById, body: RestoreConfigurationPatch }, config: { access: { ...WRITE_SERVICE, owned } } },
    async (request) => {
      const { tenantId } = callerOf(request);
      await mustBeRestoreConfiguration(tenantId, request.params.id);
      await store.write(putPolicy, change(request), {
        id: request.params.id,
        kind: 'windowsRestore',
        name: 'Windows Backup and Restore',
        body: { state: request.body.state },
        ifVersion: versionFrom(request),
      });
      return entity('deviceManagement/deviceEnrollmentConfigurations', await restoreConfiguration(tenantId));
    },
  );

  /** There is one, and a tenant cannot see another's. Errors: itemNotFound. */
  async function mustBeRestoreConfiguration(tenantId: string, id: string): Promise<void> {
    if (id !== restoreConfigurationId(tenantId)) await getPolicy(store, tenantId, 'windowsRestore', id);
  }

  async function restoreConfiguration(tenantId: string): Promise<RestoreConfiguration> {
    const id = restoreConfigurationId(tenantId);
    const [row] = (await listPolicies(store, tenantId, 'windowsRestore')).filter(({ policy_id }) => policy_id === id);
    const tenant = await store.read
      .selectFrom('tenants')
      .select('created_at')
      .where('tenant_id', '=', tenantId)
      .executeTakeFirstOrThrow();
    return {
      '@odata.type': WINDOWS_RESTORE_TYPE,
      '@odata.etag': etagOf(row?.version ?? 0),
      id,
      displayName: 'All users and all devices',
      description: 'Shows the restore page during device setup.',
      priority: 0,
      createdDateTime: moment(row?.created_at ?? tenant.created_at),
      lastModifiedDateTime: moment(row?.modified_at ?? tenant.created_at),
      version: row?.version ?? 0,
      roleScopeTagIds: ['0'],
      deviceEnrollmentConfigurationType: 'windowsRestore',
      state: await restoreStateOf(store, tenantId),
    };
  }

  function entity(context: string, value: object): object {
    return { '@odata.context': `${publicUrl}/beta/$metadata#${context}/$entity`, ...value };
  }
};

interface RestoreConfiguration {
  readonly '@odata.type': string;
  readonly '@odata.etag': string;
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly priority: number;
  readonly createdDateTime: string;
  readonly lastModifiedDateTime: string;
  readonly version: number;
  readonly roleScopeTagIds: readonly string[];
  readonly deviceEnrollmentConfigurationType: 'windowsRestore';
  readonly state: RestoreState;
}

function moment(milliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toString();
}
