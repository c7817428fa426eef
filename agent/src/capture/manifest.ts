/**
 * The manifest of a capture and its MAC: what names a snapshot and chains it to the one before.
 *
 * Nothing here touches the machine. Source: architecture.md "Data", the chain.
 */

import { canonicalJson } from '@carryover/model/canonical';
import type { DeviceFacts } from '@carryover/model/device';
import type { Category } from '@carryover/model/setting';
import { type Manifest, manifestJson } from '@carryover/model/snapshot';
import { type CapturedUnit, digestOf } from './units.ts';

/** A manifest before its place in the chain is known. */
export type LooseManifest = Omit<Manifest, 'previous'>;

export interface Circumstances {
  readonly facts: DeviceFacts;
  readonly catalogVersion: string;
  /** Categories that were switched on. */
  readonly categories: readonly Category[];
  readonly now: Temporal.Instant;
}

export function manifestFrom(
  units: readonly CapturedUnit[],
  { facts, catalogVersion, categories, now }: Circumstances,
): LooseManifest {
  return {
    format: 1,
    agentVersion: facts.agentVersion,
    catalogVersion,
    platform: facts.platform,
    build: facts.build,
    osName: facts.osName,
    deviceName: facts.name,
    capturedAt: now.toString({ smallestUnit: 'second' }),
    categories,
    units: units.map(({ payloadType, category, contentId, settingCount, plainBytes, blobs }) => ({
      payloadType,
      category,
      contentId,
      settingCount,
      plainBytes,
      blobs,
    })),
  };
}

/** Shape: hex. The next manifest names it as previous. */
export function macOf(digestKey: string, manifest: Manifest): string {
  return digestOf(digestKey, canonicalJson(manifestJson(manifest)));
}
