/**
 * Who is at the other end of a connection on this device, as the system tells it.
 *
 * The loopback address is open to everybody who may run a program here; the socket of the other end belongs to one user.
 * What cannot be told counts as somebody else. Source: Linux, Documentation/networking/proc_net_tcp; for Windows
 * windows/processes.ts.
 */

import { endianness } from 'node:os';
import type { Connection, Processes } from './processes.ts';
import type { System } from './system.ts';

/** The kernel lists sockets in pieces, and one may be passed over while another goes: how often to look. */
const LOOKS = 3;

/** Whether the same person's program opened `connection`: the user `uid`, on Windows the account of this process. */
export async function isOwnPeer(
  system: Pick<System, 'readFile' | 'processes'>,
  connection: Connection,
  uid: number | undefined,
): Promise<boolean> {
  if (system.processes !== undefined) return isOwnAccount(system.processes, connection);
  const peer = await peerUid(system, connection);
  return peer !== undefined && peer === uid;
}

async function isOwnAccount(processes: Processes, connection: Connection): Promise<boolean> {
  for (let look = 0; look < LOOKS; look += 1) {
    const opener = await processes.openerOf(connection);
    if (opener === undefined) continue;
    const [theirs, ours] = [await processes.accountOf(opener), await processes.accountOf(process.pid)];
    return theirs !== undefined && theirs === ours;
  }
  return false;
}

/** The user id of the program that opened `connection`; undefined when the kernel does not say. */
export async function peerUid(system: Pick<System, 'readFile'>, connection: Connection): Promise<number | undefined> {
  const { remoteAddress, remotePort, localAddress, localPort } = connection;
  const theirs = place(remoteAddress, remotePort);
  const ours = place(localAddress, localPort);
  if (theirs === undefined || ours === undefined) return undefined;
  for (let look = 0; look < LOOKS; look += 1)
    for (const [path, prefix] of TABLES) {
      const bytes = await system.readFile(path).catch(() => undefined);
      if (bytes === undefined) continue;
      const uid = uidIn(Buffer.from(bytes).toString('latin1'), prefix + theirs, prefix + ours);
      if (uid !== undefined) return uid;
    }
  return undefined;
}

/** A program with sockets for IPv6 appears with its IPv4 address mapped: ::ffff:127.0.0.1. */
const MAPPED = endianness() === 'LE' ? '0000000000000000FFFF0000' : '00000000000000000000FFFF';
const TABLES = [
  ['/proc/net/tcp', ''],
  ['/proc/net/tcp6', MAPPED],
] as const;

/** Only a connection that is established names its owner: one that is ending is listed as root's, whoever owned it. */
const ESTABLISHED = '01';

function uidIn(table: string, theirs: string, ours: string): number | undefined {
  for (const line of table.split('\n')) {
    const [, local, remote, state, , , , uid] = line.trim().split(/\s+/);
    if (local === theirs && remote === ours && state === ESTABLISHED && uid !== undefined) return Number(uid);
  }
  return undefined;
}

/** "0100007F:1F90" for 127.0.0.1, port 8080: the address as one number of this machine's byte order. */
function place(address: string | undefined, port: number | undefined): string | undefined {
  const octets = /^(?:::ffff:)?(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address ?? '')?.slice(1);
  if (octets === undefined || port === undefined) return undefined;
  const bytes = endianness() === 'LE' ? octets.toReversed() : octets;
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  return `${bytes.map((octet) => hex(Number(octet), 2)).join('')}:${hex(port, 4)}`;
}
