/** A person's backups as Graph shows them, over HTTP and on both databases. */

import assert from 'node:assert/strict';
import { request as plainRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { CLIENTS } from '@carryover/model/wire';
import { backUp, okay, switchOn } from '../../testing/backups.ts';
import { type SignedIn, type TestService, testOnEveryService, testOnService } from '../../testing/service.ts';
import type { WindowsSetting } from './windows-settings.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const SETTINGS = '/v1.0/me/settings/windows';
const DEVICE_PROFILE = 'windows.data.platform.backuprestore.deviceprofile';

interface List {
  readonly '@odata.context': string;
  readonly '@odata.nextLink'?: string;
  readonly value: readonly WindowsSetting[];
}

/** Alice with two devices; the desk has `count` units, the laptop one. */
async function twoDevices(service: TestService, count = 2) {
  const organization = await service.setUp();
  await switchOn(service, organization);
  const { alice } = organization;
  const [desk, laptop] = [
    await service.enroll(alice, { name: 'DESK' }),
    await service.enroll(alice, { name: 'LAPTOP' }),
  ];
  const sketches = Array.from({ length: count }, (_, index) => ({
    payloadType: `carryover.sample${String(index).padStart(3, '0')}`,
    values: { index },
  }));
  await backUp(service, desk, sketches);
  await backUp(service, laptop, [{ payloadType: 'carryover.sample000', values: { theme: 'Grün "€"' } }]);
  const graph = await service.signIn(alice, GRAPH);
  return {
    organization,
    graph,
    desk: desk.enrollment.profileId,
    laptop: laptop.enrollment.profileId,
    list: async (query = '', size?: number) =>
      okay<List>(
        await graph.fetch(
          `${SETTINGS}${query}`,
          size === undefined ? {} : { headers: { prefer: `odata.maxpagesize=${size}` } },
        ),
      ),
  };
}

function opened(setting: WindowsSetting | undefined): unknown {
  return JSON.parse(Buffer.from(setting?.instances[0]?.payload ?? '', 'base64').toString('utf8'));
}

function filter(expression: string): string {
  return `?$filter=${encodeURIComponent(expression)}`;
}

testOnEveryService('every unit of every device is a setting, and every device tells its profile', async (service) => {
  const { organization, desk, laptop, list } = await twoDevices(service);

  const all = await list();

  const { userId } = organization.alice;
  assert.equal(all['@odata.context'], `${service.url}/v1.0/$metadata#users('${userId}')/settings/windows`);
  const ids = [
    `{${desk}}$carryover.sample000`,
    `{${desk}}$carryover.sample001`,
    `{${desk}}$${DEVICE_PROFILE}`,
    `{${laptop}}$carryover.sample000`,
    `{${laptop}}$${DEVICE_PROFILE}`,
  ];
  assert.deepEqual(
    all.value.map(({ id }) => id),
    ids.toSorted(),
  );
  for (const setting of all.value) {
    assert.equal(setting['@odata.type'], '#microsoft.graph.windowsSetting');
    assert.equal(setting.settingType, 'backup');
    assert.equal(setting.id, `{${setting.windowsDeviceId}}$${setting.payloadType}`);
    const [instance, ...more] = setting.instances;
    assert.ok(instance !== undefined && more.length === 0);
    assert.match(instance.id, /^[0-9a-f-]{36}$/);
    const years = Number(instance.expirationDateTime.slice(0, 4)) - Number(instance.lastModifiedDateTime.slice(0, 4));
    assert.equal(years, 10);
  }
  const byId = new Map(all.value.map((setting) => [setting.id, setting]));
  const content = opened(byId.get(`{${laptop}}$carryover.sample000`)) as { values: object };
  assert.deepEqual(content.values, { theme: { raw: 'Grün "€"' } });
  const profile = opened(byId.get(`{${desk}}$${DEVICE_PROFILE}`)) as Record<string, unknown>;
  assert.deepEqual([profile['deviceDisplayName'], profile['profileId']], ['DESK', `{${desk}}`]);
});

testOnEveryService('pages of every size show each setting once, and links stay at our address', async (service) => {
  const { graph, list } = await twoDevices(service, 4);
  const all = (await list()).value.map(({ id }) => id);
  assert.equal(all.length, 7);

  for (const size of [1, 2, 3, 7, 200]) {
    const seen: string[] = [];
    let pages = 0;
    for (let next: string | undefined = SETTINGS; next !== undefined; pages += 1) {
      const path: string = next;
      const page: List = await okay(await graph.fetch(path, { headers: { prefer: `odata.maxpagesize=${size}` } }));
      seen.push(...page.value.map(({ id }) => id));
      next = page['@odata.nextLink'];
      assert.ok(next === undefined || next.startsWith(`${service.url}${SETTINGS}?$skiptoken=`));
    }
    assert.deepEqual(seen, all);
    assert.equal(pages, Math.ceil(all.length / size));
  }
});

testOnService('without a wish a page has 110 settings, and the link keeps the filter', async (service) => {
  const { graph, desk, list } = await twoDevices(service, 112);

  const first = await list(filter(`windowsDeviceId eq '${desk}'`));

  assert.equal(first.value.length, 110);
  const second = await okay<List>(await graph.fetch(first['@odata.nextLink'] ?? ''));
  assert.equal(second.value.length, 3);
  assert.ok(second.value.every(({ windowsDeviceId }) => windowsDeviceId === desk));
  assert.equal((await list('', 200)).value.length, 115);
});

testOnService('a page size that cannot be and a token made up or moved are refused', async (service) => {
  const { graph, list, organization } = await twoDevices(service);
  const status = async (path: string, headers: Record<string, string> = {}) =>
    (await graph.fetch(path, { headers })).status;
  const link = new URL((await list('', 1))['@odata.nextLink'] ?? '');

  for (const size of ['0', '201', '-1', '1.5', 'many'])
    assert.equal(await status(SETTINGS, { prefer: `odata.maxpagesize=${size}` }), 400, size);
  assert.equal(await status(SETTINGS, { prefer: 'return=minimal' }), 200);
  assert.equal(await status(`${SETTINGS}?$skiptoken=made-up`), 400);
  assert.equal(await status(`/beta/me/settings/windows${link.search}`), 400);
  const ofBob = await service.signIn(organization.bob, GRAPH);
  assert.deepEqual((await okay<List>(await ofBob.fetch(`${SETTINGS}${link.search}`))).value, []);
});

testOnEveryService('$filter takes the device, the kind, or both', async (service) => {
  const { graph, desk, laptop, list } = await twoDevices(service);
  const count = async (expression: string) => (await list(filter(expression))).value.length;

  assert.equal(await count(`windowsDeviceId eq '${desk}'`), 3);
  assert.equal(await count(`windowsDeviceId eq '${laptop}'`), 2);
  assert.equal(await count(`windowsDeviceId eq '${crypto.randomUUID()}'`), 0);
  assert.equal(await count(`settingType eq 'backup'`), 5);
  assert.equal(await count(`settingType eq 'roaming'`), 0);
  assert.equal(await count(`settingType eq 'backup' and windowsDeviceId eq '${laptop}'`), 2);
  assert.equal(await count(`windowsDeviceId eq '${laptop}' and settingType eq 'roaming'`), 0);
  for (const wrong of [
    `payloadType eq 'carryover.sample000'`,
    `windowsDeviceId ne '${desk}'`,
    `windowsDeviceId eq '${desk}' or settingType eq 'backup'`,
    `settingType eq 'backup' and settingType eq 'backup'`,
    `settingType eq 'backup' and`,
  ])
    assert.equal((await graph.fetch(SETTINGS + filter(wrong))).status, 400, wrong);
});

testOnEveryService(
  'an item is found with its braces and dollar raw or percent-encoded, in both versions',
  async (service) => {
    const { graph, desk, organization } = await twoDevices(service);
    const id = `{${desk}}$carryover.sample000`;

    for (const version of ['v1.0', 'beta'])
      for (const written of [id, encodeURIComponent(id), `%7B${desk}}$carryover.sample000`]) {
        const path = `/${version}/me/settings/windows/${written}`;
        const item = await okayRaw<WindowsSetting & { '@odata.context': string }>(service, graph, path);
        assert.equal(item.id, id);
        const { userId } = organization.alice;
        const context = `${service.url}/${version}/$metadata#users('${userId}')/settings/windows/$entity`;
        assert.equal(item['@odata.context'], context);
        const instances = await okayRaw<{ value: WindowsSetting['instances'] }>(service, graph, `${path}/instances`);
        assert.deepEqual(instances.value, item.instances);
        const instance = item.instances[0];
        const one = await okayRaw<object>(service, graph, `${path}/instances/${instance?.id}`);
        assert.deepEqual({ ...one, '@odata.context': undefined }, { ...instance, '@odata.context': undefined });
      }
    const profile = `${SETTINGS}/${encodeURIComponent(`{${desk}}$${DEVICE_PROFILE}`)}`;
    assert.equal((await okay<WindowsSetting>(await graph.fetch(profile))).payloadType, DEVICE_PROFILE);
  },
);

testOnEveryService('what is not there is said so in the words of Graph', async (service) => {
  const { graph, desk } = await twoDevices(service);
  const id = encodeURIComponent(`{${desk}}$carryover.sample000`);

  for (const path of [
    `${SETTINGS}/nothing`,
    `${SETTINGS}/${encodeURIComponent(`{${desk}}$carryover.other`)}`,
    `${SETTINGS}/nothing/instances`,
    `${SETTINGS}/${id}/instances/${crypto.randomUUID()}`,
  ]) {
    const answer = await graph.fetch(path, { headers: { 'client-request-id': 'mine' } });
    const { error } = (await answer.json()) as {
      error: { code: string; message: string; innerError: Record<string, string> };
    };
    assert.deepEqual([answer.status, error.code], [404, 'itemNotFound'], path);
    assert.ok(error.message.length > 0);
    assert.equal(error.innerError['client-request-id'], 'mine');
    assert.equal(error.innerError['request-id'], answer.headers.get('request-id'));
  }
  assert.equal((await graph.fetch(SETTINGS, { method: 'POST' })).status, 405);
});

testOnService('a device that has not backed up yet tells nothing', async (service) => {
  const { alice } = await service.setUp();
  await service.enroll(alice);
  const graph = await service.signIn(alice, GRAPH);

  assert.deepEqual((await okay<List>(await graph.fetch(SETTINGS))).value, []);
});

testOnService('links are made from the public address, whatever the Host header says', async (service) => {
  const { graph } = await twoDevices(service);
  const { hostname, port } = new URL(service.url);

  const answer = await new Promise<string>((resolve, reject) => {
    const headers = {
      host: 'elsewhere.example',
      'x-forwarded-host': 'elsewhere.example',
      authorization: `Bearer ${graph.accessToken}`,
      prefer: 'odata.maxpagesize=1',
    };
    plainRequest({ hostname, port, path: SETTINGS, headers }, (response) => resolve(text(response)))
      .once('error', reject)
      .end();
  });

  assert.ok(!answer.includes('elsewhere.example'));
  assert.ok((JSON.parse(answer) as List)['@odata.nextLink']?.startsWith(service.url));
});

/** Sends the path as it stands: fetch would encode braces. */
async function okayRaw<Answer>(service: TestService, graph: SignedIn, path: string): Promise<Answer> {
  const { hostname, port } = new URL(service.url);
  const headers = { authorization: `Bearer ${graph.accessToken}` };
  const [status, body] = await new Promise<[number | undefined, string]>((resolve, reject) => {
    plainRequest({ hostname, port, path, headers }, async (response) =>
      resolve([response.statusCode, await text(response)]),
    )
      .once('error', reject)
      .end();
  });
  assert.equal(status, 200, body);
  return JSON.parse(body) as Answer;
}
