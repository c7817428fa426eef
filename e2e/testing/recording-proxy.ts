/** Stands between devices and the service and keeps every request and answer, byte for byte. Changes nothing. */

import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly status: number;
  readonly answer: Buffer;
}

export interface RecordingProxy {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  /** From now on requests go to this port of this machine. */
  forwardTo(port: number): void;
  close(): Promise<void>;
}

export async function recordingProxy(): Promise<RecordingProxy> {
  const exchanges: Exchange[] = [];
  let port = 0;
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const body = await buffer(incoming).catch(() => undefined);
    // Who asked is gone, e.g. killed.
    if (body === undefined) return;
    const received = await answerOf({ method, url, headers, body, port }).catch(() => undefined);
    const answer = received === undefined ? undefined : await buffer(received).catch(() => undefined);
    if (received === undefined || answer === undefined) {
      outgoing.writeHead(502).end();
      return;
    }
    const { statusCode: status = 502, rawHeaders } = received;
    exchanges.push({ method, path: url, headers, body, status, answer });
    outgoing.writeHead(status, rawHeaders).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    forwardTo(chosen) {
      port = chosen;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly port: number;
}

function answerOf({ method, url, headers, body, port }: Asked): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path: url, headers, agent: false }, resolve)
      .once('error', reject)
      .end(body);
  });
}
