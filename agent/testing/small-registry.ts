/** A registry that is only read, of the few values that a test is about. */

import { REGISTRY_TYPES, type RegistryType } from '@carryover/model/registry-value';
import { dataFrom } from '../src/settings/registry-raw.ts';
import type { Registry, RegistryNamedValue } from '../src/system/registry.ts';

type Data = number | string | readonly string[];

/** Keys with their hive, "HKLM\\Software\\Policies", to values: a number is a REG_DWORD, a list a REG_MULTI_SZ, else text. */
export type SmallKeys = Readonly<Record<string, Readonly<Record<string, Data>>>>;

export function smallRegistry(keys: SmallKeys): Registry {
  const named = Object.entries(keys);
  const nothing = async () => {
    throw new Error('This registry is only read.');
  };
  return {
    async values(hive, key) {
      const found = named.find(([path]) => same(path, `${hive}\\${key}`));
      return found === undefined ? undefined : Object.entries(found[1]).map(valueFrom);
    },
    async keys(hive, key) {
      const above = `${hive}\\${key}`;
      const below = named
        .map(([path]) => path)
        .filter((path) => same(path.slice(0, above.length + 1), `${above}\\`))
        .map((path) => path.slice(above.length + 1).split('\\', 1)[0] ?? '');
      return below.length > 0 || named.some(([path]) => same(path, above)) ? [...new Set(below)] : undefined;
    },
    set: nothing,
    remove: nothing,
    removeEmptyKey: nothing,
    mayWrite: async () => false,
  };
}

function valueFrom([name, data]: readonly [string, Data]): RegistryNamedValue {
  const type: RegistryType =
    typeof data === 'number' ? 'REG_DWORD' : typeof data === 'string' ? 'REG_SZ' : 'REG_MULTI_SZ';
  const value = dataFrom({ type, data: typeof data === 'object' ? [...data] : data });
  return { name, ...(value ?? { type: REGISTRY_TYPES.REG_NONE, bytes: new Uint8Array() }) };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
