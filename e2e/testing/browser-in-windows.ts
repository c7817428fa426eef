/**
 * Runs inside Windows: stands in for a browser of the person on that PC, which draws nothing and connects for one of this
 * machine that does.
 *
 * A browser of this machine is no program of Windows, and what it opens belongs to nobody there. So it opens its
 * connections through this one, which Windows knows as the person's; nothing of what goes through is read or changed.
 *
 * Notes in C:\shown how it was called and where it listens: `proxy` for SOCKS, `window` for one connection whose end is
 * the window's. Source: RFC 1928; only CONNECT to an address of IPv4 or to a name, without signing in.
 */

import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What is noted. */
export interface ShownInWindows {
  readonly args: readonly string[];
  readonly proxy: number;
  readonly window: number;
}

const FOLDER = 'C:\\shown';
const [VERSION, CONNECT, IPV4, NAME] = [5, 1, 1, 3];

const proxy = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  serve(socket).catch(() => socket.destroy());
});
const window = createServer((socket) => {
  socket.on('error', () => process.exit(0));
  socket.on('close', () => process.exit(0));
  socket.resume();
});

proxy.listen(0, '127.0.0.1', () => window.listen(0, '127.0.0.1', note));

function note(): void {
  const portOf = (server: Server) => (server.address() as AddressInfo).port;
  const shown: ShownInWindows = { args: process.argv.slice(2), proxy: portOf(proxy), window: portOf(window) };
  mkdirSync(FOLDER, { recursive: true });
  const unfinished = `C:\\shown-by-${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(shown));
  // A name of its own: Windows gives the numbers of processes again.
  renameSync(unfinished, `${FOLDER}\\${randomUUID()}`);
}

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
function readerOf(socket: Socket): (bytes: number) => Promise<Buffer> {
  return async (bytes) => {
    for (;;) {
      const got: Buffer | null = bytes === 0 ? Buffer.alloc(0) : socket.read(bytes);
      if (got !== null) return got;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const gone = () => reject(new Error('Closed'));
      socket.once('readable', resolve);
      socket.once('close', gone);
      await promise;
      socket.off('close', gone);
    }
  };
}
