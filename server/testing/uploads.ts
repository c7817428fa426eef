/**
 * Uploads as an agent makes them, for tests: a device with its chain, contents of which only what matters is said.
 */

import { createHash, createHmac, randomUUID } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { canonicalJson, type Json } from '@carryover/model/canonical';
import type { Part, Parts } from '@carryover/model/parts';
import type { Category } from '@carryover/model/setting';
import { type Manifest, type ManifestUnit, manifestJson } from '@carryover/model/snapshot';
import type { SnapshotHead } from '@carryover/model/wire';

export interface SampleUnit extends ManifestUnit {
  readonly payload: Uint8Array;
  readonly contents: readonly Uint8Array[];
}

export interface UnitSketch {
  readonly payloadType?: string;
  readonly category?: Category;
  /** Item id to raw value. */
  readonly values?: Readonly<Record<string, Json>>;
  readonly blobs?: readonly Uint8Array[];
}

/** A unit of the person with this digest key. */
export function aUnit(digestKey: Uint8Array, sketch: UnitSketch = {}): SampleUnit {
  const {
    payloadType = 'carryover.colors',
    category = 'personalization',
    values = { theme: 'dark' },
    blobs = [],
  } = sketch;
  const raw = Object.fromEntries(Object.entries(values).map(([id, value]) => [id, { raw: value }]));
  const content = { format: 1, catalogVersion: '1', platform: 'linux', build: '12', values: raw };
  const plain = Buffer.from(canonicalJson(content));
  return {
    payloadType,
    category,
    contentId: digest(digestKey, plain),
    settingCount: Object.keys(values).length,
    plainBytes: plain.length,
    payload: zstdCompressSync(plain),
    blobs: blobs.map((blob) => ({ blobId: digest(digestKey, blob), bytes: blob.length })),
    contents: blobs,
  };
}

export interface UploadSketch {
  readonly units: readonly SampleUnit[];
  /** Sent along; all when not said. */
  readonly sent?: readonly SampleUnit[];
  readonly previous?: { readonly seq: number; readonly mac: string } | null;
  readonly categories?: readonly Category[];
  readonly capturedAt?: string;
}

/** What the body of an upload decodes to. */
export function anUpload(digestKey: Uint8Array, sketch: UploadSketch): Parts<SnapshotHead> {
  const { units, sent = units, previous = null, categories = ['personalization', 'accessibility', 'apps'] } = sketch;
  const manifest: Manifest = {
    format: 1,
    agentVersion: '0.1.0',
    catalogVersion: '1',
    platform: 'linux',
    build: '12 gnome 43.9',
    osName: 'Debian 12',
    deviceName: 'DEVICE-1',
    capturedAt: sketch.capturedAt ?? '2026-01-02T03:04:05Z',
    categories,
    units: units
      .map(({ payload: _, contents: __, ...unit }) => unit)
      .toSorted((a, b) => (a.payloadType < b.payloadType ? -1 : 1)),
    previous,
  };
  const parts = sent.flatMap((unit) => [
    part('unit', unit.contentId, unit.payload),
    ...unit.blobs.map(({ blobId }, at) => part('blob', blobId, unit.contents[at] ?? new Uint8Array())),
  ]);
  return {
    head: {
      manifest,
      mac: digest(digestKey, canonicalJson(manifestJson(manifest))),
      parts: parts.map(({ line }) => line),
    },
    contents: parts.map(({ content }) => content),
  };
}

function part(kind: Part['kind'], id: string, content: Uint8Array): { line: Part; content: Uint8Array } {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { line: { kind, id, bytes: content.length, sha256 }, content };
}

function digest(key: Uint8Array, content: Uint8Array | string): string {
  return createHmac('sha256', key).update(content).digest('hex');
}

export function aRequestId(): string {
  return randomUUID();
}
