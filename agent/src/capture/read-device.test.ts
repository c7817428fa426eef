import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '@carryover/model/canonical';
import type { CodecUse, Setting } from '@carryover/model/setting';
import { memorySystem } from '../../testing/memory-system.ts';
import { aCatalog, aSetting } from '../../testing/sample-catalog.ts';
import type { Mechanism } from '../settings/mechanism.ts';
import { readDevice } from './read-device.ts';

const DWORD = { mechanism: 'registry', hive: 'HKCU', key: 'Software\\Example', value: 'V', type: 'REG_DWORD' } as const;

function meant(id: string, windows: CodecUse): Setting {
  const linux = { codec: 'boolean' };
  return aSetting({ id, neutral: { id, kind: 'boolean', linux, windows } });
}

function place(id: string): Setting {
  const { linux: _, ...setting } = aSetting({ id, windows: [DWORD] });
  return setting;
}

const CATALOG = aCatalog([
  meant('banners', { codec: 'boolean', places: ['toasts'] }),
  meant('lock', { codec: 'boolean', places: ['above', 'toast'] }),
  // The same setting on both platforms.
  { ...meant('tap', { codec: 'boolean', places: ['tap'] }), windows: [DWORD] },
  ...['toasts', 'above', 'toast', 'other'].map(place),
]);

/** A mechanism that finds these. */
function finding(kind: string, found: Readonly<Record<string, Json>>): Mechanism {
  const nothing = async () => [];
  return {
    kinds: [kind],
    read: async (_, settings) => ({
      items: settings.flatMap((setting) => {
        const raw = found[setting.id];
        return raw === undefined ? [] : [{ itemId: setting.id, setting, raw, blobs: [] }];
      }),
      failures: [],
    }),
    inspect: async () => new Map(),
    former: nothing,
    apply: nothing,
    revert: nothing,
  };
}

async function valuesOf(mechanisms: readonly Mechanism[]) {
  const apps = { read: async () => ({ items: [], failures: [] }), watched: async () => [] };
  const wanted = { categories: ['personalization'], images: true, digestKey: 'ab' } as const;
  const { items } = await readDevice(memorySystem(), { catalog: CATALOG, mechanisms, apps }, wanted);
  return Object.fromEntries(items.map(({ itemId, value }) => [itemId, value.value]));
}

test('a place of Windows has a meaning of its own where no other place belongs to it', async () => {
  const raw: Json = { type: 'REG_DWORD', data: 1 };
  const registry = finding('registry', { toasts: raw, above: raw, toast: raw, tap: raw, other: raw });

  assert.deepEqual(await valuesOf([registry]), {
    toasts: true,
    above: undefined,
    toast: undefined,
    tap: true,
    other: undefined,
  });
});

test('a setting of both platforms is read as the platform has it', async () => {
  assert.deepEqual(await valuesOf([finding('dconf', { tap: 'true', banners: 'false' })]), {
    tap: true,
    banners: false,
  });
});
