/**
 * Why a policy is as it is, and what a change would do: for the person on a device, and for administrators.
 *
 * Shapes: model/src/policy-preview.ts, wire.ts (PolicyBody). Nothing here changes anything.
 */

import { assignmentTargetFrom } from '@carryover/model/assignment';
import { KnownError } from '@carryover/model/errors';
import type { DevicePolicy, PolicyConflicts, PolicyPreview } from '@carryover/model/policy-preview';
import { type PolicyBody, SCOPES } from '@carryover/model/wire';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import type { Store } from '../db/command.ts';
import { type Access, callerOf } from '../http/caller.ts';
import { READ_POLICIES } from './document-routes.ts';
import { ConfigurationPolicyBody, CustomConfigurationBody, checkedCustom, understoodPolicy } from './documents.ts';
import { localPolicyFrom } from './local-policy.ts';
import { documentsOf, explainPolicyFor, tenantOf } from './policies.ts';
import { policyConflicts, previewPolicy } from './preview.ts';

export interface ExplainRoutes {
  readonly store: Store;
}

const OWN_DEVICE: Access = { resource: 'backup', scopes: [SCOPES.backup], owned: { deviceId: 'device' } };
const Id = Type.String({ minLength: 1, maxLength: 100 });

const Change = Type.Object(
  {
    id: Type.Optional(Id),
    name: Type.String({ maxLength: 200 }),
    settings: Type.Optional(ConfigurationPolicyBody.properties.settings),
    omaSettings: Type.Optional(CustomConfigurationBody.properties.omaSettings),
    targets: Type.Array(Type.Unknown(), { maxItems: 500 }),
    removed: Type.Optional(Type.Boolean()),
    deviceId: Type.Optional(Id),
  },
  { additionalProperties: false },
);

export const explainRoutes: FastifyPluginAsyncTypebox<ExplainRoutes> = async (app, { store }) => {
  app.get(
    '/device/v1/devices/:deviceId/policy',
    { schema: { params: Type.Object({ deviceId: Id }) }, config: { access: OWN_DEVICE } },
    async (request): Promise<PolicyBody> => {
      const { tenantId, userId } = callerOf(request);
      const device = await deviceRow(store, tenantId, request.params.deviceId);
      const { policy, explained } = await explainedOf(store, tenantId, { device, userId });
      return { policy, explained };
    },
  );

  /** Of the person who enrolled the device, unless another one is named. */
  app.get(
    '/beta/carryover/devices/:managedDeviceId/policy',
    {
      schema: { params: Type.Object({ managedDeviceId: Id }), querystring: Type.Object({ userId: Type.Optional(Id) }) },
      config: { access: { ...READ_POLICIES, owned: { managedDeviceId: 'managedDevice' } }, queryOptions: ['userId'] },
    },
    async (request): Promise<DevicePolicy> => {
      const { tenantId } = callerOf(request);
      const device = await deviceRow(store, tenantId, request.params.managedDeviceId);
      const userId = request.query.userId ?? device.enrolled_by;
      const [{ policy, explained }, person] = await Promise.all([
        explainedOf(store, tenantId, { device, userId }),
        personRow(store, tenantId, userId),
      ]);
      if (person === undefined && request.query.userId !== undefined)
        throw new KnownError('itemNotFound', 'There is no such person.');
      const named = explained.explanations.flatMap(({ others }) => others.flatMap(({ groupId }) => groupId ?? []));
      return {
        deviceId: device.device_id,
        deviceName: device.name,
        person:
          person === undefined
            ? null
            : { id: userId, displayName: person.display_name, userPrincipalName: person.user_principal_name },
        policy,
        explained,
        groups: await groupNames(store, tenantId, [...new Set(named)]),
      };
    },
  );

  /** Errors: invalidRequest for what could not be saved either, naming the property and what it may be. */
  app.post(
    '/beta/carryover/policyPreview',
    { schema: { body: Change }, config: { access: READ_POLICIES } },
    async (request): Promise<PolicyPreview> => {
      const { tenantId } = callerOf(request);
      const { id, deviceId } = request.body;
      const before = await documentsOf(store, tenantId, (await tenantOf(store, tenantId)).policy_version);
      return previewPolicy(store, tenantId, { before, change: { id, deviceId, document: documentFrom(request.body) } });
    },
  );

  app.get(
    '/beta/carryover/policyConflicts',
    { config: { access: READ_POLICIES } },
    async (request): Promise<PolicyConflicts> => {
      const { tenantId } = callerOf(request);
      const documents = await documentsOf(store, tenantId, (await tenantOf(store, tenantId)).policy_version);
      return { conflicts: await policyConflicts(store, tenantId, documents) };
    },
  );
};

function documentFrom({ name, settings, omaSettings, targets, removed }: Static<typeof Change>) {
  if (removed === true) return undefined;
  if ((settings === undefined) === (omaSettings === undefined))
    throw new KnownError('invalidRequest', 'Send settings of the settings catalog or omaSettings, one of the two.', {
      inner: 'setting',
    });
  return {
    name,
    ...(settings === undefined ? checkedCustom({ omaSettings: omaSettings ?? [] }) : understoodPolicy({ settings })),
    targets: targets.map((target, at) => assignmentTargetFrom(target, `targets[${at}]`)),
  };
}

type DeviceRow = Awaited<ReturnType<typeof deviceRow>>;

function explainedOf(store: Store, tenantId: string, of: { readonly device: DeviceRow; readonly userId: string }) {
  const { device, userId } = of;
  return explainPolicyFor(store, {
    tenantId,
    restorePageAtEnrollment: Number(device.restore_page_at_enrollment) === 1,
    subject: { deviceId: device.device_id, userId },
    localPolicy: localPolicyFrom(device.local_policy),
  });
}

/** Errors: itemNotFound. */
async function deviceRow(store: Store, tenantId: string, deviceId: string) {
  const row = await store.read
    .selectFrom('devices')
    .select(['device_id', 'name', 'enrolled_by', 'restore_page_at_enrollment', 'local_policy'])
    .where('tenant_id', '=', tenantId)
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
  if (row === undefined) throw new KnownError('itemNotFound', 'There is no device with this id.');
  return row;
}

function personRow(store: Store, tenantId: string, userId: string) {
  return store.read
    .selectFrom('users')
    .select(['display_name', 'user_principal_name'])
    .where('user_id', '=', userId)
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
}

async function groupNames(store: Store, tenantId: string, ids: readonly string[]): Promise<Record<string, string>> {
  if (ids.length === 0) return {};
  const rows = await store.read
    .selectFrom('groups')
    .select(['group_id', 'display_name'])
    .where('tenant_id', '=', tenantId)
    .where('group_id', 'in', ids)
    .execute();
  return Object.fromEntries(rows.map(({ group_id, display_name }) => [group_id, display_name]));
}
