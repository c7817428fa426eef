/**
 * What Graph says of a person's backups (/me/settings/windows) and of their organization, in v1.0 and beta alike.
 *
 * Writing is not part of it: devices write through the device API. Deleting and other people's settings need roles and
 * come with the data rights.
 *
 * Source: graph reference sections 2.2 and 2.3.
 */

import { KnownError } from '@carryover/model/errors';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Access, callerOf } from '../http/caller.ts';
import { filterFrom } from '../http/filter.ts';
import type { Pages } from '../http/page.ts';
import type { Storage } from '../snapshots/snapshots.ts';
import { getTenant } from '../tenants/tenants.ts';
import { getWindowsSetting, listWindowsSettings, type WindowsSettingInstance } from './windows-settings.ts';

export interface GraphRoutes {
  readonly storage: Storage;
  readonly pages: Pages;
  readonly publicUrl: string;
}

const READ_OWN: Access = {
  resource: 'graph',
  scopes: ['UserWindowsSettings.Read', 'UserWindowsSettings.Read.All', 'UserWindowsSettings.ReadWrite.All'],
};
const READ_SETTING: Access = { ...READ_OWN, owned: { settingId: 'setting' } };

const READ_ORGANIZATION: Access = {
  resource: 'graph',
  scopes: ['User.Read', 'User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'],
};

const Query = Type.Object({ $filter: Type.Optional(Type.String()), $skiptoken: Type.Optional(Type.String()) });
const ById = Type.Object({ settingId: Type.String({ maxLength: 400 }) });
const ByInstance = Type.Object({ ...ById.properties, instanceId: Type.String({ maxLength: 100 }) });

export const graphRoutes: FastifyPluginAsyncTypebox<GraphRoutes> = async (app, { storage, pages, publicUrl }) => {
  for (const version of ['v1.0', 'beta']) {
    const settings = `/${version}/me/settings/windows`;
    const context = (userId: string) => `users('${userId}')/settings/windows`;
    const entity = (path: string, value: object) => ({
      '@odata.context': `${publicUrl}/${version}/$metadata#${path}/$entity`,
      ...value,
    });

    /** The caller's own organization and no other. */
    app.get(
      `/${version}/organization`,
      { config: { access: READ_ORGANIZATION, queryOptions: ['$skiptoken'] } },
      async (request) => {
        const { tenantId, name, createdAt } = await getTenant(storage.store, callerOf(request).tenantId);
        return pages.collection(request, pages.pageFrom(request), {
          items: [{ id: tenantId, displayName: name, createdDateTime: createdAt.toString() }],
          keyOf: ({ id }) => id,
          toValue: (organization) => organization,
          context: 'organization',
        });
      },
    );

    /** A page of the person's settings. $filter: windowsDeviceId eq '…', settingType eq '…', or both by "and". */
    app.get(settings, { schema: { querystring: Query }, config: { access: READ_OWN } }, async (request) => {
      const owner = callerOf(request);
      const page = pages.pageFrom(request);
      const asked = filterFrom(request.query.$filter, ['windowsDeviceId', 'settingType']);
      // One more than asked for tells whether there is a next page.
      const items = await listWindowsSettings(storage, owner, { ...asked, after: page.after, top: page.top + 1 });
      return pages.collection(request, page, {
        items,
        keyOf: ({ id }) => id,
        toValue: (setting) => setting,
        context: context(owner.userId),
      });
    });

    app.get(
      `${settings}/:settingId`,
      { schema: { params: ById }, config: { access: READ_SETTING } },
      async (request) => {
        const owner = callerOf(request);
        return entity(context(owner.userId), await getWindowsSetting(storage, owner, request.params.settingId));
      },
    );

    app.get(
      `${settings}/:settingId/instances`,
      { schema: { params: ById }, config: { access: READ_SETTING } },
      async (request) => {
        const owner = callerOf(request);
        const { id, instances } = await getWindowsSetting(storage, owner, request.params.settingId);
        return {
          '@odata.context': `${publicUrl}/${version}/$metadata#${context(owner.userId)}('${id}')/instances`,
          value: instances,
        };
      },
    );

    app.get(
      `${settings}/:settingId/instances/:instanceId`,
      { schema: { params: ByInstance }, config: { access: READ_SETTING } },
      async (request) => {
        const owner = callerOf(request);
        const { id, instances } = await getWindowsSetting(storage, owner, request.params.settingId);
        return entity(`${context(owner.userId)}('${id}')/instances`, instanceOf(instances, request.params.instanceId));
      },
    );
  }
};

/** Errors: itemNotFound. */
function instanceOf(instances: readonly WindowsSettingInstance[], id: string): WindowsSettingInstance {
  const found = instances.find((instance) => instance.id === id);
  if (found === undefined) throw new KnownError('itemNotFound', 'There is no instance with this id.');
  return found;
}
