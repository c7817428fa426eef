/** The two switches as a page changes them: with what it read last, so that it overwrites nothing it did not see. */

import assert from 'node:assert/strict';
import { CLIENTS } from '@carryover/model/wire';
import { aPolicy, EVERYBODY, okay } from '../../testing/backups.ts';
import { jsonBody, type SignedIn, testOnEveryService } from '../../testing/service.ts';
import { restoreConfigurationId, WINDOWS_RESTORE_TYPE } from './documents.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const POLICIES = '/beta/deviceManagement/configurationPolicies';

interface Tagged {
  readonly '@odata.etag': string;
  readonly id: string;
}

function patch(admin: SignedIn, path: string, body: object, etag: string): Promise<Response> {
  const init = jsonBody('PATCH', body);
  return admin.fetch(path, { ...init, headers: { ...(init.headers as Record<string, string>), 'if-match': etag } });
}

testOnEveryService('of two pages that change the restore switch the second is told to look again', async (service) => {
  const { administrator, tenantId } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  const path = `/beta/deviceManagement/deviceEnrollmentConfigurations/${restoreConfigurationId(tenantId)}`;
  const state = (to: string) => ({ '@odata.type': WINDOWS_RESTORE_TYPE, state: to });
  const { '@odata.etag': seen } = await okay<Tagged>(await admin.fetch(path));

  const first = await okay<Tagged>(await patch(admin, path, state('enabled'), seen));
  const second = await patch(admin, path, state('disabled'), seen);
  const third = await patch(admin, path, state('disabled'), first['@odata.etag']);
  const nonsense = await patch(admin, path, state('enabled'), 'yes');

  assert.deepEqual([second.status, third.status, nonsense.status], [412, 200, 400]);
});

testOnEveryService('backup is switched on for everyone and off again with what was read last', async (service) => {
  const { administrator } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);

  const made = await okay<Tagged>(await admin.fetch(POLICIES, jsonBody('POST', aPolicy('Backup, everyone', true))));
  await okay(await admin.fetch(`${POLICIES}/${made.id}/assign`, jsonBody('POST', EVERYBODY)));
  const { value } = await okay<{ value: Tagged[] }>(await admin.fetch(POLICIES));
  const { settings } = aPolicy('Backup, everyone', false);
  const off = await patch(admin, `${POLICIES}/${made.id}`, { settings }, value[0]?.['@odata.etag'] ?? '');
  const again = await patch(admin, `${POLICIES}/${made.id}`, { settings }, made['@odata.etag']);

  assert.deepEqual([off.status, again.status], [200, 412]);
});
