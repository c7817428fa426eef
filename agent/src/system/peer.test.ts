import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { endianness } from 'node:os';
import { test } from 'node:test';
import { memorySystem } from '../../testing/memory-system.ts';
import { temporaryHome } from '../../testing/temporary-home.ts';
import { isOwnPeer, peerUid } from './peer.ts';
import type { Connection, Processes } from './processes.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const LOOPBACK = endianness() === 'LE' ? '0100007F' : '7F000001';
const MAPPED = `${endianness() === 'LE' ? '0000000000000000FFFF0000' : '00000000000000000000FFFF'}${LOOPBACK}`;

const ACCEPTED: Connection = {
  remoteAddress: '127.0.0.1',
  remotePort: 40_000,
  localAddress: '127.0.0.1',
  localPort: 8080,
};

function aRow(local: string, remote: string, { state = '01', uid = 1000 } = {}): string {
  return `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 51312 1 0 20 4 30 10 -1\n`;
}

function aMachine({ tcp = '', tcp6 = '' }) {
  const system = memorySystem();
  system.put('/proc/net/tcp', HEAD + tcp);
  system.put('/proc/net/tcp6', HEAD + tcp6);
  return system;
}

test('the owner is that of the socket at the other end, not of ours', async () => {
  const ours = aRow(`${LOOPBACK}:1F90`, `${LOOPBACK}:9C40`, { uid: 7 });
  const theirs = aRow(`${LOOPBACK}:9C40`, `${LOOPBACK}:1F90`, { uid: 1001 });

  assert.equal(await peerUid(aMachine({ tcp: ours + theirs }), ACCEPTED), 1001);
});

test('a program with IPv6 sockets is found as well', async () => {
  const theirs = aRow(`${MAPPED}:9C40`, `${MAPPED}:1F90`, { uid: 1001 });

  assert.equal(await peerUid(aMachine({ tcp6: theirs }), ACCEPTED), 1001);
});

test("a connection that is ending, listed as root's whoever owned it, belongs to nobody", async () => {
  const theirs = aRow(`${LOOPBACK}:9C40`, `${LOOPBACK}:1F90`, { state: '06', uid: 0 });

  assert.equal(await peerUid(aMachine({ tcp: theirs }), ACCEPTED), undefined);
});

test('where the kernel does not tell, the other end belongs to nobody', async () => {
  assert.equal(await peerUid(memorySystem(), ACCEPTED), undefined);
  assert.equal(await peerUid(aMachine({}), ACCEPTED), undefined);
  assert.equal(await peerUid(aMachine({}), { ...ACCEPTED, remoteAddress: undefined }), undefined);
});

for (const host of ['127.0.0.1', '::ffff:127.0.0.1'])
  test(`a real connection from ${host} is ours`, async () => {
    await using home = await temporaryHome();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect({ port: (server.address() as AddressInfo).port, host });
    const [accepted] = (await once(server, 'connection')) as [Socket];

    assert.equal(await peerUid(home, accepted), process.getuid?.());

    client.destroy();
    accepted.destroy();
    server.close();
  });

/** A Windows that knows one connection, and who runs which program. */
function aWindows(opener: number | undefined, accounts: Readonly<Record<number, string>>) {
  const processes: Processes = {
    openerOf: async (connection) => (connection === ACCEPTED ? opener : undefined),
    accountOf: async (pid) => accounts[pid],
    startOf: async () => undefined,
  };
  return { ...memorySystem(), processes };
}

const OURS = { [process.pid]: 'lena' };

test("on Windows a connection is ours when a program of this process' account opened it", async () => {
  assert.equal(await isOwnPeer(aWindows(7, { ...OURS, 7: 'lena' }), ACCEPTED, undefined), true);
  assert.equal(await isOwnPeer(aWindows(7, { ...OURS, 7: 'otto' }), ACCEPTED, undefined), false);
});

test('on Windows, what is not told is not ours, whatever else is unknown', async () => {
  assert.equal(await isOwnPeer(aWindows(undefined, OURS), ACCEPTED, undefined), false);
  assert.equal(await isOwnPeer(aWindows(7, OURS), ACCEPTED, undefined), false);
  assert.equal(await isOwnPeer(aWindows(7, {}), ACCEPTED, undefined), false);
});

test('where neither the kernel nor this process names a user, nothing is ours', async () => {
  assert.equal(await isOwnPeer(memorySystem(), ACCEPTED, undefined), false);
});
