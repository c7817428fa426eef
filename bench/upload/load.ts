/**
 * The load of the upload benchmarks: keep-alive connections on raw sockets, each with one request under way.
 *
 * The same for both sides, and as little as HTTP allows, because it shares the machine's cores with what it measures:
 * bytes made beforehand go out, of an answer only the status and the length are read. The requests of one device follow
 * each other, as on a device.
 */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** One request: its bytes, made from the answer before it (undefined for the first of a chain). */
export type Request = (before: Answer | undefined) => readonly Uint8Array[];

export interface Load {
  readonly port: number;
  readonly connections: number;
  /** One device's requests, in order. */
  readonly chains: readonly (readonly Request[])[];
  /** Sees every answer, by chain. */
  readonly onAnswer?: (answer: Answer, chain: number) => void;
}

export interface LoadResult {
  readonly seconds: number;
  readonly answered: number;
  /** Of single requests, in milliseconds. */
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Errors: Error with the answer when one is not a success, or when a connection ends. */
export async function runLoad({ port, connections, chains, onAnswer }: Load): Promise<LoadResult> {
  const left = chains.entries();
  const latencies: number[] = [];
  const opened = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const startedAtMs = performance.now();
  try {
    await Promise.all(
      opened.map(async (connection) => {
        for (const [chain, requests] of left) {
          let answer: Answer | undefined;
          for (const request of requests) {
            const sentAtMs = performance.now();
            answer = await connection.ask(request(answer));
            latencies.push(performance.now() - sentAtMs);
            if (answer.status < 200 || answer.status > 299) throw new Error(`${answer.status}: ${answer.body}`);
            onAnswer?.(answer, chain);
          }
        }
      }),
    );
  } finally {
    for (const connection of opened) connection.close();
  }
  const seconds = (performance.now() - startedAtMs) / 1000;
  latencies.sort((a, b) => a - b);
  const quantile = (share: number) => latencies[Math.floor((latencies.length - 1) * share)] ?? Number.NaN;
  return { seconds, answered: latencies.length, medianMs: quantile(0.5), p99Ms: quantile(0.99) };
}

const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

class Connection {
  readonly #socket: Socket;
  #received: Buffer = NOTHING;
  #resolve: ((answer: Answer) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => {
      this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
      this.#read();
    });
    socket.on('error', (error) => this.#reject?.(error));
    socket.on('close', () => this.#reject?.(new Error('The connection was closed in the middle of a request.')));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  ask(pieces: readonly Uint8Array[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (pieces.length > 1) this.#socket.cork();
      for (const piece of pieces) this.#socket.write(piece);
      if (pieces.length > 1) this.#socket.uncork();
    });
  }

  close(): void {
    this.#reject = undefined;
    this.#socket.destroy();
  }

  #read(): void {
    const headLength = this.#received.indexOf(HEAD_END);
    if (headLength < 0) return;
    const head = this.#received.toString('latin1', 0, headLength);
    // 204 has no length and no body.
    const bodyLength = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    const end = headLength + HEAD_END.length + bodyLength;
    if (this.#received.length < end) return;
    const answer = {
      status: Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3)),
      body: this.#received.subarray(headLength + HEAD_END.length, end),
    };
    this.#received = this.#received.subarray(end);
    this.#resolve?.(answer);
  }
}
