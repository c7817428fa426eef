/**
 * A registry in memory, for tests: names without regard to capitals, keys that an access list closes, every write noted.
 */

import { KnownError } from '@carryover/model/errors';
import { REGISTRY_TYPES, type RegistryType } from '@carryover/model/registry-value';
import { dataFrom } from '../src/settings/registry-raw.ts';
import {
  foldedName,
  isSameName,
  type Registry,
  type RegistryData,
  type RegistryHive,
  type RegistryNamedValue,
} from '../src/system/registry.ts';

export interface MemoryRegistry extends Registry {
  /** "set HKCU\\Control Panel\\Mouse\\MouseSpeed" and the like, in order. */
  readonly writes: readonly string[];
  /** How often the values of a key were asked for, by "HKCU\\Control Panel\\Mouse" as it was asked. */
  readonly reads: ReadonlyMap<string, number>;
  /** Closes a key and all below it: to writing, or also to reading. */
  close(key: string, to?: 'writing' | 'reading'): void;
  /** Puts a value, whatever is closed. `key` with its hive. */
  put(key: string, name: string, data: RegistryData): void;
  /** Takes a value away as another program would. */
  drop(key: string, name: string): void;
  /** Undefined when there is no such value. */
  at(key: string, name: string): RegistryData | undefined;
  /** Everything, by key with its hive, as text: to compare two moments byte by byte. */
  dump(): Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface MemoryKey {
  readonly path: string;
  readonly values: RegistryNamedValue[];
}

/** Of a value as a test writes it: "REG_SZ" and its text, "REG_DWORD" and its number, bytes as hex. */
export function registryData(type: RegistryType, data: string | number | string[]): RegistryData {
  const found = dataFrom({ type, data });
  if (found === undefined) throw new Error(`This is no ${type}: ${JSON.stringify(data)}`);
  return found;
}

/** Keys with their hive, "HKLM\\Software\\Policies", to values: a number is a REG_DWORD, a list a REG_MULTI_SZ, else text. */
export type PlainKeys = Readonly<Record<string, Readonly<Record<string, number | string | readonly string[]>>>>;

/** With these keys and values and no others. */
export function registryOf(plain: PlainKeys): MemoryRegistry {
  return memoryRegistry(plain);
}

function plainData(data: number | string | readonly string[]): RegistryData {
  if (typeof data === 'number') return registryData('REG_DWORD', data);
  return typeof data === 'string' ? registryData('REG_SZ', data) : registryData('REG_MULTI_SZ', [...data]);
}

function memoryRegistry(plain: PlainKeys = {}): MemoryRegistry {
  const keys = new Map<string, MemoryKey>();
  const closed = new Map<string, 'writing' | 'reading'>();
  const writes: string[] = [];
  const reads = new Map<string, number>();

  const find = (path: string) => keys.get(foldedName(path));
  const make = (path: string): MemoryKey => {
    const above = path.slice(0, Math.max(path.lastIndexOf('\\'), 0));
    if (above !== '') make(above);
    const key = find(path) ?? { path, values: [] };
    keys.set(foldedName(path), key);
    return key;
  };
  const closedTo = (path: string) =>
    [...closed].find(([key]) => isSameName(key, path) || foldedName(path).startsWith(`${foldedName(key)}\\`))?.[1];
  const refuseWriting = (path: string) => {
    if (closedTo(path) !== undefined) throw denied(path);
  };
  const refuseReading = (path: string) => {
    if (closedTo(path) === 'reading') throw denied(path);
  };
  const put = (path: string, name: string, data: RegistryData) => {
    const { values } = make(path);
    const index = values.findIndex((value) => isSameName(value.name, name));
    const value = { ...data, name: values[index]?.name ?? name };
    if (index < 0) values.push(value);
    else values[index] = value;
  };
  const drop = (path: string, name: string) => {
    const values = find(path)?.values ?? [];
    const index = values.findIndex((value) => isSameName(value.name, name));
    if (index >= 0) values.splice(index, 1);
    return index >= 0;
  };
  const below = (path: string) =>
    [...keys.values()].flatMap((key) =>
      foldedName(key.path).startsWith(`${foldedName(path)}\\`) ? [key.path.slice(path.length + 1)] : [],
    );
  const pathOf = (hive: RegistryHive, key: string) => (key === '' ? hive : `${hive}\\${key}`);

  for (const [path, values] of Object.entries(plain)) {
    make(path);
    for (const [name, data] of Object.entries(values)) put(path, name, plainData(data));
  }

  return {
    writes,
    reads,
    close: (key, to = 'writing') => void closed.set(key, to),
    put,
    drop,
    at(path, name) {
      const found = find(path)?.values.find((value) => isSameName(value.name, name));
      return found === undefined ? undefined : { type: found.type, bytes: Buffer.from(found.bytes) };
    },
    dump: () =>
      Object.fromEntries(
        [...keys.values()].map(({ path, values }) => [
          path,
          Object.fromEntries(
            values.map(({ name, type, bytes }) => [name, `${type}:${Buffer.from(bytes).toString('hex')}`]),
          ),
        ]),
      ),
    async values(hive, key) {
      const path = pathOf(hive, key);
      reads.set(path, (reads.get(path) ?? 0) + 1);
      refuseReading(path);
      return find(path)?.values.map((value) => ({ ...value }));
    },
    async keys(hive, key) {
      const path = pathOf(hive, key);
      refuseReading(path);
      return find(path) && [...new Set(below(path).map((name) => name.split('\\', 1)[0] ?? ''))];
    },
    async set(hive, key, { name, ...data }) {
      refuseWriting(pathOf(hive, key));
      writes.push(`set ${pathOf(hive, key)}\\${name}`);
      put(pathOf(hive, key), name, data);
    },
    async remove(hive, key, name) {
      refuseWriting(pathOf(hive, key));
      if (drop(pathOf(hive, key), name)) writes.push(`remove ${pathOf(hive, key)}\\${name}`);
    },
    async removeEmptyKey(hive, key) {
      const path = pathOf(hive, key);
      refuseWriting(path);
      if (find(path)?.values.length !== 0 || below(path).length > 0) return;
      keys.delete(foldedName(path));
      writes.push(`remove ${path}`);
    },
    mayWrite: async (hive, key) => closedTo(pathOf(hive, key)) === undefined,
  };
}

/** A Windows of this build, with what every one has. */
export function windowsRegistry(build: number): MemoryRegistry {
  const registry = memoryRegistry();
  registry.put('HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion', 'CurrentBuildNumber', {
    type: REGISTRY_TYPES.REG_SZ,
    bytes: Buffer.from(`${build}\0`, 'utf16le'),
  });
  return registry;
}

function denied(path: string): KnownError {
  return new KnownError('notAllowed', `The registry key ${path} is closed to this account.`, { inner: 'accessDenied' });
}
