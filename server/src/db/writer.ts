/**
 * The writer of SQLite as the main thread sees it: commands go out, what came of them comes back.
 *
 * Commands of one turn of the event loop travel together, but no more than keep the writer busy while the next are made.
 * Resolves when the group a command was in is durable.
 */

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type ErrorCode, KnownError } from '@carryover/model/errors';
import type { Command } from './command.ts';

export interface WriterData {
  readonly file: string;
  /** A module that exports COMMANDS. */
  readonly commandsUrl: string;
  /** Overwrite what is deleted. */
  readonly secureDelete: boolean;
}

export interface Request {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Exactly one of result, known and error. */
export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly known?: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly inner?: string;
    readonly details: Readonly<Record<string, unknown>>;
  };
  readonly error?: Error;
}

/** Commands sent at once at most; the writer may still commit several such bundles as one group. */
const BUNDLE = 16;
/** Byte arrays from this size on are handed over instead of copied. */
const LARGE_BYTES = 4096;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class Writer {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #outgoing: Request[] = [];
  #handedOver = new Set<ArrayBuffer>();
  #lastId = 0;
  #broken: Error | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (answers: readonly Answer[]) => {
      for (const answer of answers) this.#settle(answer);
    });
    worker.on('error', (cause) => this.#giveUp(new Error('The writer ended unexpectedly.', { cause })));
    worker.on('exit', () => this.#giveUp(new Error('The database is closed.')));
  }

  /** Errors: whatever keeps the thread from opening the file or loading the commands. */
  static async start(data: WriterData): Promise<Writer> {
    const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: data });
    await once(worker, 'message');
    return new Writer(worker);
  }

  write<Args extends readonly unknown[], Result>(command: Command<Args, Result>, args: Args): Promise<Result> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    const id = ++this.#lastId;
    if (this.#outgoing.length === 0) setImmediate(() => this.#send());
    this.#outgoing.push({ id, name: command.name, args });
    collectLarge(args, this.#handedOver);
    if (this.#outgoing.length >= BUNDLE) this.#send();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
    });
  }

  /** Finishes what was sent, then ends the thread. */
  async close(): Promise<void> {
    if (this.#broken !== undefined) return;
    this.#send();
    const exited = once(this.#worker, 'exit');
    this.#worker.postMessage('close');
    await exited;
  }

  #send(): void {
    if (this.#outgoing.length > 0) this.#worker.postMessage(this.#outgoing, [...this.#handedOver]);
    this.#outgoing = [];
    this.#handedOver = new Set();
  }

  #settle({ id, result, known, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (known !== undefined) {
      const { code, message, inner, details } = known;
      waiting?.reject(new KnownError(code, message, { details, ...(inner === undefined ? {} : { inner }) }));
    } else if (error !== undefined) waiting?.reject(error);
    else waiting?.resolve(result);
  }

  #giveUp(error: Error): void {
    this.#broken ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#broken);
    this.#waiting.clear();
  }
}

/** The memory of large byte arrays in the arguments of a command. A view of somebody else's memory is copied. */
function collectLarge(value: unknown, into: Set<ArrayBuffer>): void {
  if (value instanceof Uint8Array) {
    const { buffer, byteLength } = value;
    if (byteLength >= LARGE_BYTES && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer)
      into.add(buffer);
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) collectLarge(member, into);
  }
}
