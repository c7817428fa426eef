/**
 * Programs and connections as Windows tells them. Wine has one account only: that another one's program is told apart is
 * shown by peer.test.ts.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { test } from 'node:test';
import { isOwnPeer } from '../peer.ts';
import type { Processes } from '../processes.ts';
import { realSystem } from '../real.ts';

const system = realSystem();
const { processes } = system as typeof system & { processes: Processes };

async function aServer(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** A node.exe of its own that connects and stays until it is killed. */
function connecting(port: number) {
  const program = `require('node:net').connect(${port}, '127.0.0.1').write('x'); setInterval(() => {}, 1e6)`;
  return spawn(process.execPath, ['-e', program], { stdio: 'ignore' });
}

test('a connection that this process opened is its own', async () => {
  const { server, port } = await aServer();
  const client = connect({ port, host: '127.0.0.1' });
  const [accepted] = (await once(server, 'connection')) as [Socket];

  const [opener, own] = [await processes.openerOf(accepted), await isOwnPeer(system, accepted, undefined)];

  client.destroy();
  accepted.destroy();
  server.close();
  assert.equal(opener, process.pid);
  assert.equal(own, true);
});

test("a connection that another program of the person opened is named as that program's, and is theirs", async () => {
  const { server, port } = await aServer();
  const child = connecting(port);
  const [accepted] = (await once(server, 'connection')) as [Socket];

  const [opener, own] = [await processes.openerOf(accepted), await isOwnPeer(system, accepted, undefined)];

  child.kill();
  accepted.destroy();
  server.close();
  assert.equal(opener, child.pid);
  assert.equal(own, true);
});

test("a connection that is closed is nobody's", async () => {
  const { server, port } = await aServer();
  const client = connect({ port, host: '127.0.0.1' });
  const [accepted] = (await once(server, 'connection')) as [Socket];
  const { remoteAddress, remotePort, localAddress, localPort } = accepted;
  client.destroy();
  accepted.resume();
  await once(accepted, 'close');
  server.close();

  const connection = { remoteAddress, remotePort, localAddress, localPort };

  assert.equal(await isOwnPeer(system, connection, undefined), false);
});

test('a program that runs has an account and a time, which stay; one that ended has neither', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const look = async () => [await processes.accountOf(pid), await processes.startOf(pid)];
  const [first, second] = [await look(), await look()];
  const ended = once(child, 'exit');
  child.kill();
  await ended;

  const [account, start] = first;
  assert.deepEqual(first, second);
  assert.equal(account, await processes.accountOf(process.pid));
  assert.match(account ?? '', /^01[0-9a-f]{2}0{10}05/);
  assert.ok(BigInt(start ?? 0) > BigInt((await processes.startOf(process.pid)) ?? 0));
  assert.deepEqual(await look(), [undefined, undefined]);
});

for (const pid of [0, 4_294_967_292])
  test(`process ${pid} tells nothing`, async () => {
    assert.equal(await processes.accountOf(pid), undefined);
    assert.equal(await processes.startOf(pid), undefined);
  });
