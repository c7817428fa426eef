/**
 * What the admin center shows first: Home, the guide, devices.
 *
 * Devices are Graph's managedDevice, with what Graph has no word for under `carryover`; the rest is ours.
 *
 * Source: Graph v1.0 and beta, deviceManagement/managedDevices; model/admin.ts.
 */

import type { FirstRun, Overview } from '@carryover/model/admin';
import { DEVICE_FILTERS } from '@carryover/model/admin';
import type { Builds } from '@carryover/model/eligibility';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import { findPersonByName } from '../directory/directory.ts';
import { DEVICE_ADMINISTRATORS, ROLES } from '../directory/roles.ts';
import { type Access, callerOf } from '../http/caller.ts';
import { filterFrom } from '../http/filter.ts';
import type { Pages } from '../http/page.ts';
import { searchFrom } from '../http/search.ts';
import { skipFirstRun } from '../tenants/tenants.ts';
import { getDevice, joinTypeFrom, listDevices, placeOf, platformFrom } from './devices.ts';
import { firstRunOf } from './first-run.ts';
import { createOverviews } from './overview.ts';

export interface InsightRoutes {
  readonly store: Store;
  readonly pages: Pages;
  readonly publicUrl: string;
  readonly builds: Builds;
  readonly now: () => Temporal.Instant;
  readonly recoveryCopyAt: () => Promise<Temporal.Instant>;
}

const READ_DEVICES: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementManagedDevices.Read.All', 'DeviceManagementManagedDevices.ReadWrite.All'],
  roles: [...DEVICE_ADMINISTRATORS, ROLES.cloudDeviceAdministrator, ROLES.globalReader],
};
/** Every administrator sees how far things are, and who can do what comes next. */
const READ_HOME: Access = { ...READ_DEVICES, roles: Object.values(ROLES) };
const SKIP: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementServiceConfig.ReadWrite.All', 'DeviceManagementConfiguration.ReadWrite.All'],
  roles: DEVICE_ADMINISTRATORS,
};

const List = Type.Object({
  $filter: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: `Each at most once, joined by "and": ${DEVICE_FILTERS.map((name) => `${name} eq '…'`).join(', ')}.`,
    }),
  ),
  $search: Type.Optional(
    Type.String({ maxLength: 200, description: 'Parts of names of the device or of who enrolled it, all of them.' }),
  ),
  $skiptoken: Type.Optional(Type.String()),
});
const ById = Type.Object({ managedDeviceId: Type.String({ minLength: 1, maxLength: 64 }) });
const Skip = Type.Object(
  {
    skipped: Type.Boolean({
      description: 'True puts the guide aside for the whole organization, false shows it again.',
    }),
  },
  { additionalProperties: false },
);

export const insightRoutes: FastifyPluginAsyncTypebox<InsightRoutes> = async (app, parts) => {
  const { store, pages, publicUrl, builds, now, recoveryCopyAt } = parts;
  const overviews = createOverviews(store, builds, now);
  const entity = <Value extends object>(version: string, context: string, value: Value) => ({
    '@odata.context': `${publicUrl}/${version}/$metadata#${context}/$entity`,
    ...value,
  });

  for (const version of ['v1.0', 'beta']) {
    const devices = `/${version}/deviceManagement/managedDevices`;

    app.get(
      devices,
      {
        schema: { summary: 'Devices that have not left, by name, with how each stands.', querystring: List },
        config: { access: READ_DEVICES },
      },
      async (request) => {
        const { tenantId } = callerOf(request);
        const page = pages.pageFrom(request);
        const asked = filterFrom(request.query.$filter, DEVICE_FILTERS);
        const userId = await userIdFrom(tenantId, asked);
        // A name that nobody has finds nothing, without a look at devices.
        const items =
          userId === null
            ? []
            : await listDevices(
                store,
                tenantId,
                {
                  top: page.top + 1,
                  after: page.after,
                  search: searchFrom(request.query.$search),
                  deviceName: asked.deviceName,
                  platform: asked.operatingSystem && platformFrom(asked.operatingSystem),
                  joinType: asked.joinType && joinTypeFrom(asked.joinType),
                  state: asked['carryover/backup/state'],
                  userId,
                },
                { builds, now: now() },
              );
        return pages.collection(request, page, {
          items,
          keyOf: placeOf,
          toValue: (device) => device,
          context: 'deviceManagement/managedDevices',
        });
      },
    );

    app.get(
      `${devices}/:managedDeviceId`,
      {
        schema: { summary: 'One device.', params: ById },
        config: { access: { ...READ_DEVICES, owned: { managedDeviceId: 'managedDevice' } } },
      },
      async (request) => {
        const { tenantId } = callerOf(request);
        const device = await getDevice(store, tenantId, request.params.managedDeviceId, { builds, now: now() });
        return entity(version, 'deviceManagement/managedDevices', device);
      },
    );
  }

  app.get(
    '/beta/carryover/overview',
    {
      schema: { summary: 'The numbers of Home; at most 30 s old, `asOf` says when they were counted.' },
      config: { access: READ_HOME },
    },
    async (request) => entity<Overview>('beta', 'carryover/overview', await overviews.of(callerOf(request).tenantId)),
  );

  app.get(
    '/beta/carryover/firstRun',
    { schema: { summary: 'The guide: each step with what is true of it now.' }, config: { access: READ_HOME } },
    async (request) => firstRun(callerOf(request).tenantId),
  );

  app.patch(
    '/beta/carryover/firstRun',
    { schema: { summary: 'Puts the guide aside, or shows it again.', body: Skip }, config: { access: SKIP } },
    async (request) => {
      const caller = callerOf(request);
      await store.write(skipFirstRun, changeBy(caller, now()), request.body.skipped);
      return firstRun(caller.tenantId);
    },
  );

  async function firstRun(tenantId: string) {
    const found = await firstRunOf({ store, recoveryCopyAt }, tenantId, now());
    return entity<FirstRun>('beta', 'carryover/firstRun', found);
  }

  /** Undefined: nobody was asked for; null: somebody who is not there. */
  async function userIdFrom(
    tenantId: string,
    asked: { readonly userId?: string; readonly userPrincipalName?: string },
  ): Promise<string | undefined | null> {
    if (asked.userPrincipalName === undefined) return asked.userId;
    const person = await findPersonByName(store, tenantId, asked.userPrincipalName);
    if (person === undefined || (asked.userId !== undefined && asked.userId !== person.userId)) return null;
    return person.userId;
  }
};
