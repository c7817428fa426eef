/** What places of the catalog hold on a Windows PC of a test, as text that `regImport` takes. */

import assert from 'node:assert/strict';
import { withPart } from '../../agent/src/settings/registry-bits.ts';
import { dataFrom } from '../../agent/src/settings/registry-raw.ts';
import type { RegistryData } from '../../agent/src/system/registry.ts';
import { bitBaseOf } from '../../agent/testing/bit-bases.ts';
import { registryData } from '../../agent/testing/memory-registry.ts';
import type { Json } from '../../model/src/canonical.ts';
import type { Catalog, RegistryPlace } from '../../model/src/setting.ts';
import { REGISTRY_FILE_HEAD } from './windows-pc.ts';

const HIVES = { HKCU: 'HKEY_CURRENT_USER', HKLM: 'HKEY_LOCAL_MACHINE' };

/** The person's values that hold bits, as a new Windows has them, and then `raws`, by id of the place. */
export function placesAsRegistry(catalog: Catalog, build: number, raws: Readonly<Record<string, Json>>): string {
  const data = new Map<string, { readonly place: RegistryPlace; readonly value: RegistryData }>();
  const keyOf = ({ hive, key, value }: RegistryPlace) => `${hive}\\${key}\\${value}`.toLowerCase();
  for (const { id, windows } of catalog.settings) {
    const place = windows?.find(
      (one) => one.mechanism === 'registry' && (one.fromBuild ?? 0) <= build && build <= (one.toBuild ?? build),
    );
    if (place?.mechanism !== 'registry' || place.hive !== 'HKCU') continue;
    const own = bitBaseOf(place);
    const base = data.get(keyOf(place))?.value ?? (own === undefined ? undefined : registryData(place.type, own));
    const raw = raws[id];
    const value = typeof raw === 'boolean' ? withPart(place, base, raw) : raw === undefined ? base : dataFrom(raw);
    if (value !== undefined) data.set(keyOf(place), { place, value });
    else assert.equal(raw, undefined, id);
  }
  const lines = [...data.values()].map(({ place: { hive, key, value: name }, value: { type, bytes } }) => {
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(',');
    return `[${HIVES[hive]}\\${key}]\r\n${name === '' ? '@' : `"${name}"`}=hex(${type.toString(16)}):${hex}\r\n`;
  });
  return `${REGISTRY_FILE_HEAD}${lines.join('\r\n')}`;
}
