import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from './canonical.ts';
import { type Manifest, type ManifestUnit, manifestJson, manifestUnit, sameContent } from './snapshot.ts';

function unit(over: Partial<ManifestUnit> = {}): ManifestUnit {
  return {
    payloadType: 'carryover.mouse',
    category: 'other',
    contentId: 'aa',
    settingCount: 1,
    plainBytes: 2,
    blobs: [],
    ...over,
  };
}

function manifest(over: Partial<Manifest> = {}): Manifest {
  return {
    format: 1,
    agentVersion: '0.1.0',
    catalogVersion: 'c',
    platform: 'linux',
    build: 'debian 12 gnome 43',
    osName: 'Debian',
    deviceName: 'AUE-LT-0417',
    capturedAt: '2026-11-23T08:00:00Z',
    categories: ['other'],
    units: [unit()],
    previous: null,
    ...over,
  };
}

test('a later capture of the same settings is the same content', () => {
  const later = manifest({ capturedAt: '2026-11-24T08:00:00Z', previous: { seq: 1, mac: 'bb' } });

  assert.equal(sameContent(manifest(), later), true);
});

test('another content, one unit more, one less, or another category is not', () => {
  for (const other of [
    manifest({ units: [unit({ contentId: 'ab' })] }),
    manifest({ units: [unit(), unit({ payloadType: 'carryover.touchpad' })] }),
    manifest({ units: [] }),
    manifest({ categories: ['other', 'apps'] }),
  ])
    assert.equal(sameContent(manifest(), other), false);
});

test('the line of a unit holds what names it and never its payload', () => {
  const line = manifestUnit({ ...unit(), payload: new Uint8Array([1]) });

  assert.deepEqual(line, unit());
});

test('every member of a manifest is under its MAC', () => {
  const text = canonicalJson(manifestJson(manifest()));

  for (const change of [
    { deviceName: 'x' },
    { previous: { seq: 1, mac: 'b' } },
    { categories: [] },
    { capturedAt: 'x' },
  ] as const)
    assert.notEqual(canonicalJson(manifestJson(manifest(change))), text);
});
