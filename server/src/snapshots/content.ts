/** Judges an opened unit: is it what its id says, and does it say what a unit may say. */

import { createHmac } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import { PLATFORMS } from '@carryover/model/setting';

/**
 * How many values a content has.
 *
 * A format newer than this release is taken as it is, its values uncounted: `declared` stands.
 * Errors: dataDamaged when the digest, the JSON or its shape is not right.
 */
export function countedContent(
  plain: Uint8Array,
  unit: { readonly contentId: string; readonly settingCount: number },
  digestKey: Uint8Array,
): number {
  if (createHmac('sha256', digestKey).update(plain).digest('hex') !== unit.contentId)
    throw damaged('has another digest than it was sent under');
  const content = parsed(plain);
  if (typeof content['format'] === 'number' && content['format'] > 1) return unit.settingCount;
  const { format, catalogVersion, platform, build, values } = content;
  const right =
    format === 1 &&
    typeof catalogVersion === 'string' &&
    typeof build === 'string' &&
    PLATFORMS.some((known) => known === platform) &&
    isObject(values) &&
    Object.values(values).every((value) => isObject(value) && 'raw' in value);
  if (!right) throw damaged('is not shaped like a unit');
  return Object.keys(values).length;
}

function parsed(plain: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain));
    if (isObject(content)) return content;
  } catch (cause) {
    throw damaged('is not JSON', cause);
  }
  throw damaged('is not an object');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function damaged(why: string, cause?: unknown): KnownError {
  return new KnownError('dataDamaged', `A stored content ${why}.`, { cause });
}
