/**
 * A stand-in for NetworkManager on a real message bus: owns its name and answers one property, Metered.
 *
 * Speaks as much of the D-Bus protocol as that takes: sign-in, Hello, RequestName, and an answer to every call. Whatever
 * is asked of it is answered with the property, so it is good for org.freedesktop.DBus.Properties.Get and nothing else.
 *
 * Source: D-Bus Specification 0.43, "Message Protocol" and "Type System"; NetworkManager's D-Bus interface.
 */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const CALL = 1;
const RETURN = 2;
/** Header fields. */
const FIELD = { path: 1, interface: 2, member: 3, replySerial: 5, destination: 6, sender: 7, signature: 8 } as const;

export interface NetworkManager extends Disposable {
  /** How often it was asked. */
  readonly asked: () => number;
}

/** On the bus at `address` (as privateBus gives it). `metered` as NetworkManager has it: 0 to 4. */
export async function networkManager(address: string, metered: number): Promise<NetworkManager> {
  const socket = connect(/unix:path=([^,;]+)/.exec(address)?.[1] ?? '');
  await once(socket, 'connect');
  const uid = Buffer.from(String(process.getuid?.())).toString('hex');
  socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
  await once(socket, 'data');
  socket.write('BEGIN\r\n');
  let asked = 0;
  let serial = 2;
  const named = Promise.withResolvers<void>();
  readMessages(socket, (message) => {
    if (message.kind === RETURN && message.replySerial === 2) named.resolve();
    if (message.kind !== CALL) return;
    asked += 1;
    serial += 1;
    const value = Buffer.concat([Buffer.from('\x01u\0\0'), word(metered)]);
    const fields: Field[] = [
      [FIELD.replySerial, 'u', message.serial],
      [FIELD.destination, 's', message.sender],
      [FIELD.signature, 'g', 'v'],
    ];
    socket.write(messageOf(RETURN, serial, fields, value));
  });
  socket.write(busCall(1, 'Hello', '', Buffer.alloc(0)));
  const name = Buffer.concat([text('org.freedesktop.NetworkManager')]);
  const padded = Buffer.concat([name, Buffer.alloc(padding(name.length, 4)), word(0)]);
  socket.write(busCall(2, 'RequestName', 'su', padded));
  await named.promise;
  return { asked: () => asked, [Symbol.dispose]: () => void socket.destroy() };
}

type Field = readonly [code: number, type: 's' | 'o' | 'g' | 'u', value: string | number];

function busCall(serial: number, member: string, signature: string, body: Buffer): Buffer {
  const fields: Field[] = [
    [FIELD.path, 'o', '/org/freedesktop/DBus'],
    [FIELD.interface, 's', 'org.freedesktop.DBus'],
    [FIELD.member, 's', member],
    [FIELD.destination, 's', 'org.freedesktop.DBus'],
    ...(signature === '' ? [] : [[FIELD.signature, 'g', signature] as const]),
  ];
  return messageOf(CALL, serial, fields, body);
}

function messageOf(kind: number, serial: number, fields: readonly Field[], body: Buffer): Buffer {
  let array = Buffer.alloc(0);
  for (const [code, type, value] of fields) {
    const start = Buffer.concat([
      array,
      Buffer.alloc(padding(array.length, 8)),
      Buffer.from([code, 1, type.charCodeAt(0), 0]),
    ]);
    // A field is aligned to 8, so what follows its four first bytes is aligned to 4 already.
    array = Buffer.concat([
      start,
      typeof value === 'number' ? word(value) : type === 'g' ? signatureText(value) : text(value),
    ]);
  }
  const head = Buffer.concat([
    Buffer.from(['l'.charCodeAt(0), kind, 0, 1]),
    word(body.length),
    word(serial),
    word(array.length),
  ]);
  return Buffer.concat([head, array, Buffer.alloc(padding(head.length + array.length, 8)), body]);
}

interface Message {
  readonly kind: number;
  readonly serial: number;
  readonly replySerial: number;
  readonly sender: string;
}

function readMessages(socket: Socket, take: (message: Message) => void): void {
  let bytes = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 16) {
      const fieldsEnd = 16 + bytes.readUInt32LE(12);
      const end = fieldsEnd + padding(fieldsEnd, 8) + bytes.readUInt32LE(4);
      if (bytes.length < end) return;
      take(messageFrom(bytes.subarray(0, end), fieldsEnd));
      bytes = bytes.subarray(end);
    }
  });
}

function messageFrom(bytes: Buffer, fieldsEnd: number): Message {
  const found = new Map<number, string | number>();
  for (let at = 16; at < fieldsEnd; ) {
    at += padding(at, 8);
    const [code = 0, type] = [bytes[at], String.fromCharCode(bytes[at + 2] ?? 0)];
    at += 4;
    const length = type === 'g' ? (bytes[at] ?? 0) : bytes.readUInt32LE(at);
    const from = at + (type === 'g' ? 1 : 4);
    found.set(code, type === 'u' ? length : bytes.toString('utf8', from, from + length));
    at = type === 'u' ? from : from + length + 1;
  }
  return {
    kind: bytes[1] ?? 0,
    serial: bytes.readUInt32LE(8),
    replySerial: Number(found.get(FIELD.replySerial) ?? 0),
    sender: String(found.get(FIELD.sender) ?? ''),
  };
}

function padding(length: number, to: number): number {
  return (to - (length % to)) % to;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([word(Buffer.byteLength(value)), Buffer.from(`${value}\0`)]);
}

function signatureText(value: string): Buffer {
  return Buffer.from(`${String.fromCharCode(value.length)}${value}\0`);
}
