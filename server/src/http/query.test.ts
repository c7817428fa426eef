/** What scripts send along with an address, and what comes of it. */

import assert from 'node:assert/strict';
import { CLIENTS } from '@carryover/model/wire';
import { testOnService } from '../../testing/service.ts';
import { routeTable } from './routes.ts';

/** Where people, groups and devices are looked for by name. */
const SEARCHED = ['/users', '/groups', '/managedDevices'];

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;

testOnService('a query option that is not supported is refused on every collection, with what is', async (service) => {
  const { administrator } = await service.setUp();
  const graph = await service.signIn(administrator, GRAPH);
  const collections = routeTable(service.service.app)
    .filter(({ method, url }) => method === 'GET' && /^\/(v1\.0|beta)\//.test(url) && !url.includes(':'))
    .map(({ url }) => url);
  assert.ok(collections.length > 10);

  for (const url of collections)
    for (const option of ['$top=5', '$orderby=id', '$search="x"', '$skip=1', '$count=true', '$expand=assignments']) {
      if (option.startsWith('$search') && SEARCHED.some((name) => url.endsWith(name))) continue;
      const answer = await graph.fetch(`${url}?${option}`);
      const { error } = (await answer.json()) as { error: { message: string; innerError: { code: string } } };
      assert.deepEqual([answer.status, error.innerError.code], [400, 'queryOption'], `${url}?${option}`);
      assert.ok(error.message.startsWith(`${option.split('=')[0]} is not supported here. What is: $`), error.message);
      assert.match(error.message, /\$select/);
    }
});

testOnService(
  '$select is passed over where it is not understood, and a $filter that is not is refused',
  async (service) => {
    const { administrator } = await service.setUp();
    const graph = await service.signIn(administrator, GRAPH);
    const statusOf = async (path: string) => (await graph.fetch(path)).status;

    assert.equal(await statusOf('/v1.0/organization?$select=displayName,verifiedDomains'), 200);
    assert.equal(await statusOf('/beta/deviceManagement/configurationPolicies?$select=id'), 200);
    assert.equal(await statusOf("/beta/deviceManagement/configurationPolicies?$filter=name eq 'x'"), 400);
    assert.equal(await statusOf("/v1.0/deviceManagement/auditEvents?$filter=activityType eq 'x'"), 400);
    assert.equal(await statusOf("/v1.0/users?$filter=userPrincipalName eq 'nobody@contoso.example'"), 200);
    assert.equal(await statusOf('/v1.0/users?utm_source=elsewhere'), 200);
  },
);

testOnService('nobody learns what is supported without a token', async (service) => {
  assert.equal((await fetch(`${service.url}/v1.0/users?$top=5`)).status, 401);
});
