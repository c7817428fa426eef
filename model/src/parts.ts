/**
 * Parts: a JSON head followed by byte strings, in one body; how uploads and downloads travel.
 *
 * Shape: 4 bytes length of the head (big endian), the head as UTF-8 JSON, then each part's bytes in the order of
 * `head.parts`. Media type PARTS_MEDIA_TYPE. Nothing in it is compressed by HTTP: units are zstd already.
 *
 * Pure: works on bytes in memory.
 */

import { KnownError } from './errors.ts';

export const PARTS_MEDIA_TYPE = 'application/vnd.carryover.parts';

/** Largest head, in bytes. */
export const MAX_HEAD_BYTES = 1024 * 1024;

export interface Part {
  readonly kind: 'unit' | 'blob';
  /** Content id of a unit, blob id of a blob. */
  readonly id: string;
  readonly bytes: number;
  /** SHA-256 of the bytes as sent, hex: tells a damaged transfer from a wrong content. */
  readonly sha256: string;
}

export interface Parts<Head> {
  readonly head: Head & { readonly parts: readonly Part[] };
  /** Views into the body, same order as `head.parts`. */
  readonly contents: readonly Uint8Array[];
}

export function encodeParts<Head extends { readonly parts: readonly Part[] }>(
  head: Head,
  contents: readonly Uint8Array[],
): Uint8Array {
  const headBytes = new TextEncoder().encode(JSON.stringify(head));
  const total = contents.reduce((sum, content) => sum + content.length, 4 + headBytes.length);
  const body = new Uint8Array(total);
  new DataView(body.buffer).setUint32(0, headBytes.length);
  body.set(headBytes, 4);
  let offset = 4 + headBytes.length;
  for (const content of contents) {
    body.set(content, offset);
    offset += content.length;
  }
  return body;
}

/** Errors: invalidRequest when the body is cut short, has bytes left over, or its head is not JSON with `parts`. */
export function decodeParts<Head>(body: Uint8Array): Parts<Head> {
  if (body.length < 4) throw truncated();
  const headLength = new DataView(body.buffer, body.byteOffset).getUint32(0);
  if (headLength > MAX_HEAD_BYTES)
    throw new KnownError('requestTooLarge', `The head of a request may have ${MAX_HEAD_BYTES} bytes.`);
  if (body.length < 4 + headLength) throw truncated();
  const head = headFrom<Head>(body.subarray(4, 4 + headLength));
  const contents: Uint8Array[] = [];
  let offset = 4 + headLength;
  for (const part of head.parts) {
    if (!isPart(part)) throw new KnownError('invalidRequest', 'A part is not described. Send it again.');
    if (!Number.isSafeInteger(part.bytes) || part.bytes < 0 || offset + part.bytes > body.length) throw truncated();
    contents.push(body.subarray(offset, offset + part.bytes));
    offset += part.bytes;
  }
  if (offset !== body.length)
    throw new KnownError('invalidRequest', 'The body has bytes that no part names. Send it again.');
  return { head, contents };
}

function isPart(value: unknown): value is Part {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, sha256 } = value as Partial<Record<keyof Part, unknown>>;
  return (kind === 'unit' || kind === 'blob') && typeof id === 'string' && typeof sha256 === 'string';
}

/** Making one costs more than decoding a head with it; it keeps nothing between two decodings. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function headFrom<Head>(bytes: Uint8Array): Parts<Head>['head'] {
  let head: unknown;
  try {
    head = JSON.parse(UTF_8.decode(bytes));
  } catch (cause) {
    throw new KnownError('invalidRequest', 'The head of the body is not JSON. Send it again.', { cause });
  }
  if (typeof head !== 'object' || head === null || !Array.isArray((head as { parts?: unknown }).parts))
    throw new KnownError('invalidRequest', 'The head of the body has no "parts". Send it again.');
  return head as Parts<Head>['head'];
}

function truncated(): KnownError {
  return new KnownError('invalidRequest', 'The body ends too early. Send it again.', { inner: 'truncated' });
}
