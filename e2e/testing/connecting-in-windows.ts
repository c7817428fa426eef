/**
 * Runs inside Windows, by node.exe: opens connections for a browser of this machine, which for Windows is no program.
 *
 * A stand-in for a browser of the person on the PC: what connects is then a program that Windows knows as theirs. It is a
 * SOCKS proxy that reads and changes nothing of what goes through. Prints its port, and runs until the PC ends.
 *
 * Source: RFC 1928; only CONNECT to an address of IPv4 or to a name, without signing in.
 */

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const [VERSION, CONNECT, IPV4, NAME] = [5, 1, 1, 3];

const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  serve(socket).catch(() => socket.destroy());
});
server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`));

async function serve(socket: Socket): Promise<void> {
  const read = readerOf(socket);
  const [, methods = 0] = await read(2);
  await read(methods);
  socket.write(Buffer.from([VERSION, 0]));
  const [, command, , kind] = await read(4);
  if (command !== CONNECT || (kind !== IPV4 && kind !== NAME)) throw new Error('Not spoken here');
  const host = kind === IPV4 ? (await read(4)).join('.') : (await read((await read(1))[0] ?? 0)).toString('latin1');
  const port = (await read(2)).readUInt16BE();
  const other = connect({ host, port, allowHalfOpen: true });
  other.on('error', () => socket.destroy());
  socket.on('close', () => other.destroy());
  other.on('connect', () => {
    socket.write(Buffer.from([VERSION, 0, 0, IPV4, 0, 0, 0, 0, 0, 0]));
    socket.pipe(other);
    other.pipe(socket);
  });
}

/** Reads exactly so many bytes; what came with them waits for the next. */
function readerOf(socket: Socket) {
  return async (bytes: number): Promise<Buffer> => {
    for (;;) {
      const got: Buffer | null = bytes === 0 ? Buffer.alloc(0) : socket.read(bytes);
      if (got !== null) return got;
      await new Promise<void>((resolve, reject) => {
        socket.once('readable', resolve);
        socket.once('close', () => reject(new Error('Closed')));
      });
    }
  };
}
