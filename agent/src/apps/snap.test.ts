/** Against a stand-in for snapd that answers on a socket file: the real one needs its store to have anything to list. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { type TemporaryHome, temporaryHome } from '../../testing/temporary-home.ts';
import { snapAt } from './snap.ts';

const SNAPS = {
  type: 'sync',
  result: [
    { name: 'core22', type: 'base' },
    { name: 'snapd', type: 'snapd' },
    { name: 'spotify', type: 'app', title: 'Spotify', 'tracking-channel': 'latest/stable', version: '1.2' },
    { name: 'hello', type: 'app' },
  ],
};

async function withSnapd(answer: string, work: (socket: string, device: TemporaryHome) => Promise<void>) {
  await using device = await temporaryHome();
  const socket = join(device.root, 'snapd.socket');
  const server = createServer(({ url }, response) => {
    response.statusCode = url === '/v2/snaps' ? 200 : 404;
    response.end(answer);
  });
  await once(server.listen(socket), 'listening');
  try {
    await work(socket, device);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test('lists the apps among the snaps', () =>
  withSnapd(JSON.stringify(SNAPS), async (socket, device) => {
    assert.deepEqual(await snapAt(socket).list(device), {
      items: [
        { itemId: 'apps.snap/spotify', raw: { name: 'spotify', title: 'Spotify', channel: 'latest/stable' } },
        { itemId: 'apps.snap/hello', raw: { name: 'hello', title: 'hello', channel: 'latest/stable' } },
      ],
      failures: [],
    });
  }));

test('a snap that is here is unchanged, another needs an administrator', () =>
  withSnapd(JSON.stringify(SNAPS), async (socket, system) => {
    const context = { system, allowedSources: [], snapshot: [] };
    const source = snapAt(socket);

    const here = await source.apply(context, { itemId: 'apps.snap/hello', raw: { name: 'hello' } });
    const missing = await source.apply(context, { itemId: 'apps.snap/vlc', raw: { name: 'vlc' } });

    assert.deepEqual(here, { itemId: 'apps.snap/hello', status: 'unchanged' });
    assert.deepEqual([missing.status, missing.reason?.code], ['needsElevation', 'appNeedsAdministrator']);
  }));

for (const answer of ['', '<html>', '{"result":"none"}'])
  test(`an answer like ${JSON.stringify(answer)} is a failure with a reason`, () =>
    withSnapd(answer, async (socket, device) => {
      assert.deepEqual(await snapAt(socket).list(device), {
        items: [],
        failures: [{ itemId: 'apps.snap', reason: { code: 'appListUnreadable', facts: { source: 'snapd' } } }],
      });
    }));

test('a device without snapd has no snaps', async () => {
  await using device = await temporaryHome();

  assert.deepEqual(await snapAt(join(device.root, 'none')).list(device), { items: [], failures: [] });
});
