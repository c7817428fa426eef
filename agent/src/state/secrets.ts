/**
 * State files that hold secrets, sealed where the system has a way to (Windows), so that a copied file is worth nothing.
 * Elsewhere only the file's own rights protect it. One that was written before it could be sealed is read as it is, and
 * sealed when it is next written.
 *
 * Shape on disk: {"sealed": base64}.
 */

import type { Vault } from '../system/vault.ts';
import type { StateFiles } from './state.ts';

const SECRETS: readonly (keyof StateFiles)[] = ['device-key', 'tokens'];

/** What is written for `text`. */
export async function sealedText(vault: Vault | undefined, name: keyof StateFiles, text: string): Promise<string> {
  if (vault === undefined || !SECRETS.includes(name)) return text;
  const sealed = await vault.seal(new TextEncoder().encode(text));
  return `${JSON.stringify({ sealed: Buffer.from(sealed).toString('base64') })}\n`;
}

/** The bytes that were sealed, or `bytes` where they are not sealed; undefined when they cannot be opened here. */
export async function openedBytes(
  vault: Vault | undefined,
  name: keyof StateFiles,
  bytes: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (vault === undefined || !SECRETS.includes(name)) return bytes;
  const [, sealed] = /^\{"sealed":"([A-Za-z0-9+/]+=*)"\}\n$/.exec(Buffer.from(bytes).toString('latin1')) ?? [];
  return sealed === undefined ? bytes : vault.open(Buffer.from(sealed, 'base64'));
}
