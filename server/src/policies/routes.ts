/**
 * The switches and policies as Graph has them, under /beta/deviceManagement.
 *
 * The tenant's restore configuration is one built-in object: it can be read and its state changed, not made or deleted.
 * A configuration policy decides something only once it is assigned; everybody (all devices or all users) is the only
 * target until groups come, and a group is refused with that sentence rather than ignored.
 *
 * Source: Graph beta, intune-onboarding-windowsrestoredeviceenrollmentconfiguration and
 * intune-deviceconfigv2-devicemanagementconfigurationpolicy; docs/decisions for what is left out.
 */

import { randomUUID } from 'node:crypto';
import type { Json } from '@carryover/model/canonical';
import { KnownError } from '@carryover/model/errors';
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
  ConfigurationPolicyBody,
  RestoreConfigurationPatch,
  type RestoreState,
  restoreConfigurationId,
  WINDOWS_RESTORE_TYPE,
} from './documents.ts';
import { restoreStateOf } from './policies.ts';
import {
  type AssignmentRow,
  assignPolicy,
  deletePolicy,
  getPolicy,
  listAssignments,
  listPolicies,
  type PolicyRow,
  putPolicy,
} from './store.ts';

export interface PolicyRoutes {
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
const READ_POLICIES: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementConfiguration.Read.All', 'DeviceManagementConfiguration.ReadWrite.All'],
  roles: READERS,
};
const WRITE_POLICIES: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementConfiguration.ReadWrite.All'],
  roles: WRITERS,
};
const owned = { id: 'policy' } as const;

const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });

/** Everybody, in either of Intune's words. */
const EVERYBODY: Readonly<Record<string, string>> = {
  '#microsoft.graph.allDevicesAssignmentTarget': 'allDevices',
  '#microsoft.graph.allLicensedUsersAssignmentTarget': 'allUsers',
};
const Target = Type.Object({ '@odata.type': Type.String({ maxLength: 200 }) });
const AssignBody = Type.Object(
  {
    assignments: Type.Array(
      Type.Object(
        { '@odata.type': Type.Optional(Type.String()), id: Type.Optional(Type.String()), target: Target },
        { additionalProperties: false },
      ),
      { maxItems: 20 },
    ),
  },
  { additionalProperties: false },
);

export const policyRoutes: FastifyPluginAsyncTypebox<PolicyRoutes> = async (app, { store, pages, publicUrl, now }) => {
  const configurations = '/beta/deviceManagement/deviceEnrollmentConfigurations';
  const policies = '/beta/deviceManagement/configurationPolicies';
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

  app.get(policies, { config: { access: READ_POLICIES, queryOptions: ['$skiptoken'] } }, async (request) => {
    const { tenantId } = callerOf(request);
    const page = pages.pageFrom(request);
    const rows = await listPolicies(store, tenantId, 'configurationPolicy');
    const assigned = assignedIds(await listAssignments(store, tenantId));
    const start = page.after === undefined ? 0 : rows.findIndex(({ policy_id }) => policy_id === page.after) + 1;
    return pages.collection(request, page, {
      items: rows.slice(start, start + page.top + 1),
      keyOf: ({ policy_id }) => policy_id,
      toValue: (row) => toConfigurationPolicy(row, assigned),
      context: 'deviceManagement/configurationPolicies',
    });
  });

  app.post(
    policies,
    { schema: { body: ConfigurationPolicyBody }, config: { access: WRITE_POLICIES } },
    async (request, reply) => {
      const id = randomUUID();
      await putConfigurationPolicy(request, id, request.body);
      return await reply.code(201).send(await policyEntity(callerOf(request).tenantId, id));
    },
  );

  app.get(
    `${policies}/:id`,
    { schema: { params: ById }, config: { access: { ...READ_POLICIES, owned } } },
    async (request) => {
      return await policyEntity(callerOf(request).tenantId, request.params.id);
    },
  );

  /** Changes what is named and keeps the rest. */
  app.patch(
    `${policies}/:id`,
    {
      schema: { params: ById, body: Type.Partial(ConfigurationPolicyBody) },
      config: { access: { ...WRITE_POLICIES, owned } },
    },
    async (request) => {
      const { tenantId } = callerOf(request);
      const row = await getPolicy(store, tenantId, 'configurationPolicy', request.params.id);
      // A field that is not named keeps what was read here, so it must still be so when this is stored.
      const ifVersion = versionFrom(request) ?? Number(row.version);
      await putConfigurationPolicy(request, row.policy_id, { ...bodyOf(row), ...request.body }, ifVersion);
      return await policyEntity(tenantId, row.policy_id);
    },
  );

  app.delete(
    `${policies}/:id`,
    { schema: { params: ById }, config: { access: { ...WRITE_POLICIES, owned } } },
    async (request, reply) => {
      await getPolicy(store, callerOf(request).tenantId, 'configurationPolicy', request.params.id);
      await store.write(deletePolicy, change(request), request.params.id);
      return await reply.code(204).send();
    },
  );

  app.get(
    `${policies}/:id/settings`,
    { schema: { params: ById }, config: { access: { ...READ_POLICIES, owned }, queryOptions: ['$skiptoken'] } },
    async (request) => {
      const row = await getPolicy(store, callerOf(request).tenantId, 'configurationPolicy', request.params.id);
      return pages.collection(request, pages.pageFrom(request), {
        items: bodyOf(row).settings.map((setting, index) => ({ ...setting, id: String(index) })),
        keyOf: ({ id }) => id,
        toValue: (setting) => setting,
        context: `deviceManagement/configurationPolicies('${row.policy_id}')/settings`,
      });
    },
  );

  app.get(
    `${policies}/:id/assignments`,
    { schema: { params: ById }, config: { access: { ...READ_POLICIES, owned } } },
    async (request) => {
      const row = await getPolicy(store, callerOf(request).tenantId, 'configurationPolicy', request.params.id);
      return await assignmentsOf(request, row.policy_id);
    },
  );

  /** Replaces the assignments as a whole, as Intune does. */
  app.post(
    `${policies}/:id/assign`,
    { schema: { params: ById, body: AssignBody }, config: { access: { ...WRITE_POLICIES, owned } } },
    async (request) => {
      const row = await getPolicy(store, callerOf(request).tenantId, 'configurationPolicy', request.params.id);
      const assignments = request.body.assignments.map(({ target }) => ({
        id: `${row.policy_id}_${everybodyFrom(target['@odata.type'])}`,
        target: { '@odata.type': target['@odata.type'] },
      }));
      const unique = [...new Map(assignments.map((assignment) => [assignment.id, assignment])).values()];
      await store.write(assignPolicy, change(request), row.policy_id, unique);
      return await assignmentsOf(request, row.policy_id);
    },
  );

  async function putConfigurationPolicy(
    request: FastifyRequest,
    id: string,
    body: ConfigurationPolicyBody,
    ifVersion?: number,
  ): Promise<void> {
    await store.write(putPolicy, change(request), {
      id,
      kind: 'configurationPolicy',
      name: body.name,
      body: body as Json,
      ifVersion,
    });
  }

  async function policyEntity(tenantId: string, id: string): Promise<object> {
    const row = await getPolicy(store, tenantId, 'configurationPolicy', id);
    const assigned = assignedIds(await listAssignments(store, tenantId, id));
    return entity('deviceManagement/configurationPolicies', toConfigurationPolicy(row, assigned));
  }

  async function assignmentsOf(request: FastifyRequest, policyId: string): Promise<object> {
    const rows = await listAssignments(store, callerOf(request).tenantId, policyId);
    return pages.collection(
      request,
      { top: rows.length + 1, after: undefined },
      {
        items: rows,
        keyOf: ({ assignment_id }) => assignment_id,
        toValue: ({ assignment_id, target }) => ({
          id: assignment_id,
          source: 'direct',
          sourceId: policyId,
          target: JSON.parse(target) as Json,
        }),
        context: `deviceManagement/configurationPolicies('${policyId}')/assignments`,
      },
    );
  }

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

/** Source: deviceManagementConfigurationPolicy in Graph beta. The settings are a navigation property, read apart. */
function toConfigurationPolicy(row: PolicyRow, assigned: ReadonlySet<string>): object {
  const { settings, description, platforms, technologies, roleScopeTagIds } = bodyOf(row);
  return {
    '@odata.etag': etagOf(row.version),
    id: row.policy_id,
    name: row.name,
    description: description ?? '',
    platforms: platforms ?? 'windows10',
    technologies: technologies ?? 'mdm',
    createdDateTime: moment(row.created_at),
    lastModifiedDateTime: moment(row.modified_at),
    settingCount: settings.length,
    roleScopeTagIds: roleScopeTagIds ?? ['0'],
    isAssigned: assigned.has(row.policy_id),
  };
}

/** Errors: invalidRequest (inner target) for whatever is not everybody. */
function everybodyFrom(type: string): string {
  const name = EVERYBODY[type];
  if (name !== undefined) return name;
  throw new KnownError(
    'invalidRequest',
    'Groups are not a target yet. Assign the policy to all devices or all users.',
    {
      inner: 'target',
      details: { allowed: Object.keys(EVERYBODY) },
    },
  );
}

function bodyOf(row: PolicyRow): ConfigurationPolicyBody {
  return JSON.parse(row.body) as ConfigurationPolicyBody;
}

function assignedIds(rows: readonly AssignmentRow[]): ReadonlySet<string> {
  return new Set(rows.map(({ policy_id }) => policy_id));
}

function moment(milliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toString();
}
