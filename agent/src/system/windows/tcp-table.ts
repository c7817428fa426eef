/**
 * Windows' table of connections over IPv4: whose is the other end of one of ours.
 *
 * Pure. Shape: how many rows, then rows of six numbers of 32 bits: state, local address and port, remote address and
 * port, owner; addresses and ports with the first byte first. Source: MIB_TCPTABLE_OWNER_PID (tcpmib.h).
 */

import type { Connection } from '../processes.ts';

const ROW_BYTES = 24;
/** Only a connection that is established surely belongs to the program that it names. */
const ESTABLISHED = 5;
/** "Nobody", and Windows' own core: no program of a person's. */
const SYSTEM_PIDS = [0, 4];

/** The number of the program that opened `connection`; undefined when the table does not say. */
export function tcpOwner(table: Buffer, connection: Connection): number | undefined {
  const theirs = place(connection.remoteAddress, connection.remotePort);
  const ours = place(connection.localAddress, connection.localPort);
  if (theirs === undefined || ours === undefined || table.length < 4) return undefined;
  const rows = Math.min(table.readUInt32LE(0), Math.floor((table.length - 4) / ROW_BYTES));
  for (let row = 0; row < rows; row += 1) {
    const at = 4 + row * ROW_BYTES;
    if (table.readUInt32LE(at) !== ESTABLISHED) continue;
    if (!theirs.equals(table.subarray(at + 4, at + 10)) || !ours.equals(table.subarray(at + 12, at + 18))) continue;
    const owner = table.readUInt32LE(at + 20);
    return SYSTEM_PIDS.includes(owner) ? undefined : owner;
  }
  return undefined;
}

/** Four bytes of address, two of port, as they lie in a row. */
function place(address: string | undefined, port: number | undefined): Buffer | undefined {
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address ?? '')?.slice(1);
  if (octets === undefined || port === undefined) return undefined;
  return Buffer.from([...octets.map(Number), port >> 8, port & 0xff]);
}
