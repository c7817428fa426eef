/**
 * A manifest as it comes in: judged member by member before anything is done with it.
 *
 * Members this release does not know stay in it: they are part of what the MAC was made over.
 */

import { KnownError } from '@carryover/model/errors';
import { CATEGORIES, PLATFORMS } from '@carryover/model/setting';
import type { Manifest } from '@carryover/model/snapshot';
import { MAX_BLOB_BYTES, MAX_PLAIN_BYTES } from '@carryover/model/unit';

/** A device has some dozens. */
const MAX_UNITS = 1000;
const MAX_BLOBS = 10_000;
/** Names of systems, programs and payload types, in characters. */
const MAX_NAME = 256;
const DIGEST = /^[0-9a-f]{64}$/;

/** Errors: invalidRequest (inner "badManifest") that names the member at fault. */
export function manifestFrom(value: unknown): Manifest {
  const manifest = objectAt(value, 'manifest');
  if (manifest['format'] !== 1) throw bad('manifest.format');
  for (const name of ['agentVersion', 'catalogVersion', 'build', 'osName', 'deviceName', 'capturedAt'])
    textAt(manifest[name], `manifest.${name}`);
  if (!PLATFORMS.some((platform) => platform === manifest['platform'])) throw bad('manifest.platform');
  for (const category of listAt(manifest['categories'], 'manifest.categories', CATEGORIES.length)) categoryAt(category);
  const types = listAt(manifest['units'], 'manifest.units', MAX_UNITS).map(unitAt);
  if (types.some((type, at) => at > 0 && type <= (types[at - 1] ?? '')))
    throw bad('manifest.units (by payload type, each once)');
  if (manifest['previous'] !== null) headAt(manifest['previous']);
  return value as Manifest;
}

/** Errors: invalidRequest (inner "badManifest"). */
export function digestAt(value: unknown, name: string): string {
  if (typeof value !== 'string' || !DIGEST.test(value)) throw bad(name);
  return value;
}

/** Gives the payload type. */
function unitAt(value: unknown): string {
  const unit = objectAt(value, 'manifest.units');
  const type = textAt(unit['payloadType'], 'payloadType');
  categoryAt(unit['category']);
  digestAt(unit['contentId'], 'contentId');
  countAt(unit['settingCount'], 'settingCount', MAX_PLAIN_BYTES);
  countAt(unit['plainBytes'], 'plainBytes', MAX_PLAIN_BYTES);
  for (const blob of listAt(unit['blobs'], 'blobs', MAX_BLOBS)) {
    const { blobId, bytes } = objectAt(blob, 'blobs');
    digestAt(blobId, 'blobId');
    countAt(bytes, 'bytes', MAX_BLOB_BYTES);
  }
  return type;
}

function headAt(value: unknown): void {
  const { seq, mac } = objectAt(value, 'manifest.previous');
  countAt(seq, 'manifest.previous.seq', Number.MAX_SAFE_INTEGER - 1);
  digestAt(mac, 'manifest.previous.mac');
}

function categoryAt(value: unknown): void {
  if (!CATEGORIES.some((category) => category === value)) throw bad('category');
}

function countAt(value: unknown, name: string, most: number): void {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > most) throw bad(name);
}

function textAt(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.length > MAX_NAME || !value.isWellFormed()) throw bad(name);
  return value;
}

function listAt(value: unknown, name: string, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most) throw bad(name);
  return value;
}

function objectAt(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(name);
  return value as Readonly<Record<string, unknown>>;
}

function bad(name: string): KnownError {
  return new KnownError('invalidRequest', `The manifest is not right at "${name}". Update the agent.`, {
    inner: 'badManifest',
    details: { member: name },
  });
}
