/** The body of a request: small, of the kind that is expected, and read only so far. */

import type { IncomingMessage } from 'node:http';
import { KnownError } from '@carryover/model/errors';

/** A choice that names a few thousand items fits well. */
const MAX_BODY_BYTES = 256 * 1024;

/** Undefined when there is none. Errors: invalidRequest, requestTooLarge. */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const text = await textOf(request, 'application/json');
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new KnownError('invalidRequest', 'The body is not JSON.', { cause });
  }
}

/** Errors: invalidRequest, requestTooLarge. */
export async function formBody(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await textOf(request, 'application/x-www-form-urlencoded'));
}

async function textOf(request: IncomingMessage, type: string): Promise<string | undefined> {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return undefined;
  if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Read to a limit only; the connection stays, so that the answer gets there.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  if (bytes === 0) return undefined;
  if (headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() !== type)
    throw new KnownError('invalidRequest', `Only ${type} is understood here.`, { inner: 'contentType' });
  return Buffer.concat(chunks).toString('utf8');
}

function tooLarge(): KnownError {
  return new KnownError('requestTooLarge', `At most ${MAX_BODY_BYTES} bytes are taken here.`);
}
