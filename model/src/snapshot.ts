/**
 * A snapshot: one immutable capture of a device for a person, named by its manifest.
 *
 * The manifest lists the units by content id, so an unchanged device sends the manifest alone. Each manifest holds the
 * MAC of the one before (the chain): the device notices if the service ever shows less than it acknowledged.
 *
 * Pure: no I/O, no clock, no dependency. Digests are made by the caller.
 */

import type { Json } from './canonical.ts';
import type { Category, Platform } from './setting.ts';
import type { BlobRef, Unit } from './unit.ts';

export interface ManifestUnit {
  readonly payloadType: string;
  readonly category: Category;
  readonly contentId: string;
  readonly settingCount: number;
  readonly plainBytes: number;
  readonly blobs: readonly BlobRef[];
}

export interface Manifest {
  readonly format: 1;
  readonly agentVersion: string;
  readonly catalogVersion: string;
  readonly platform: Platform;
  /** "26100.4946" on Windows, "12 gnome 43.9" on Debian: what eligibility and mappings are decided by. */
  readonly build: string;
  readonly osName: string;
  readonly deviceName: string;
  /** The device's own clock, ISO 8601 UTC: shown to people, never used to order anything. */
  readonly capturedAt: string;
  /** Categories that were switched on during this capture: thinness is judged only within them. */
  readonly categories: readonly Category[];
  /** By payload type, ascending. */
  readonly units: readonly ManifestUnit[];
  /** Sequence and MAC of the manifest before, as acknowledged; null for the first. */
  readonly previous: { readonly seq: number; readonly mac: string } | null;
}

/** What makes two captures the same: everything but when it was taken and what came before. */
export function sameContent(a: Manifest, b: Manifest): boolean {
  const key = (manifest: Manifest) =>
    manifest.units.map(({ payloadType, contentId }) => `${payloadType}=${contentId}`).join('\n');
  return key(a) === key(b) && a.categories.join() === b.categories.join();
}

/** The manifest line of a unit. */
export function manifestUnit(unit: Unit): ManifestUnit {
  const { payloadType, category, contentId, settingCount, plainBytes, blobs } = unit;
  return { payloadType, category, contentId, settingCount, plainBytes, blobs };
}

/** The manifest as a JSON value, for canonicalJson: what the MAC of the chain is made over. */
export function manifestJson(manifest: Manifest): Json {
  return manifest as unknown as Json;
}
