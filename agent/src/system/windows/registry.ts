/**
 * The registry of this Windows, through advapi32.dll.
 *
 * A key is read as a whole in one pass; nothing is kept between two calls. Values are bytes, whatever their type.
 *
 * Source: Microsoft's documentation of the registry functions (winreg.h).
 */

import type { Registry, RegistryHive, RegistryNamedValue } from '../registry.ts';
import {
  type Advapi,
  FILE_NOT_FOUND,
  type Handle,
  HIVES,
  KEY_CREATE_SUB_KEY,
  KEY_DELETED,
  KEY_ENUMERATE_SUB_KEYS,
  KEY_QUERY_VALUE,
  KEY_SET_VALUE,
  KEY_WOW64_64KEY,
  type KeySizes,
  MORE_DATA,
  NO_MORE_ITEMS,
  registryError,
  SUCCESS,
} from './advapi.ts';

export function windowsRegistry(advapi: Advapi): Registry {
  return {
    async values(hive, key) {
      return inKey(advapi, { hive, key, access: KEY_QUERY_VALUE }, (handle) => valuesOf(advapi, handle, key));
    },
    async keys(hive, key) {
      const access = KEY_QUERY_VALUE | KEY_ENUMERATE_SUB_KEYS;
      return inKey(advapi, { hive, key, access }, (handle) => keysOf(advapi, handle, key));
    },
    async set(hive, key, { name, type, bytes }) {
      const handle: [Handle] = [0];
      // A key that is removed between its making and its use is made once more.
      for (const lastTry of [false, true]) {
        expect(advapi.create(HIVES[hive], key, KEY_SET_VALUE | KEY_WOW64_64KEY, handle), placeOf(hive, key));
        const answer = closing(advapi, handle[0], () => advapi.set(handle[0], name, type, bytes));
        if (answer === KEY_DELETED && !lastTry) continue;
        expect(answer, placeOf(hive, key));
        return;
      }
    },
    async remove(hive, key, name) {
      inKey(advapi, { hive, key, access: KEY_SET_VALUE }, (handle) => {
        const answer = advapi.removeValue(handle, name);
        if (answer !== FILE_NOT_FOUND && answer !== KEY_DELETED) expect(answer, placeOf(hive, key));
      });
    },
    async removeEmptyKey(hive, key) {
      const isEmpty = inKey(advapi, { hive, key, access: KEY_QUERY_VALUE }, (handle) => {
        const { keys, values } = sizesOf(advapi, handle, key);
        return keys[0] === 0 && values[0] === 0;
      });
      if (isEmpty !== true) return;
      const answer = advapi.removeKey(HIVES[hive], key);
      if (answer !== FILE_NOT_FOUND) expect(answer, placeOf(hive, key));
    },
    async mayWrite(hive, key) {
      const handle: [Handle] = [0];
      for (let at = key, access = KEY_SET_VALUE; ; at = parentOf(at), access = KEY_CREATE_SUB_KEY) {
        const answer = advapi.open(HIVES[hive], at, 0, access | KEY_WOW64_64KEY, handle);
        if (answer === SUCCESS) advapi.close(handle[0]);
        if (answer !== FILE_NOT_FOUND || at === '') return answer === SUCCESS;
      }
    },
  };
}

interface KeyToOpen {
  readonly hive: RegistryHive;
  readonly key: string;
  readonly access: number;
}

/** What `work` finds in the open key; undefined when there is no such key. */
function inKey<Result>(
  advapi: Advapi,
  { hive, key, access }: KeyToOpen,
  work: (handle: Handle) => Result,
): Result | undefined {
  const handle: [Handle] = [0];
  const answer = advapi.open(HIVES[hive], key, 0, access | KEY_WOW64_64KEY, handle);
  if (answer === FILE_NOT_FOUND || answer === KEY_DELETED) return undefined;
  expect(answer, placeOf(hive, key));
  return closing(advapi, handle[0], () => work(handle[0]));
}

function closing<Result>(advapi: Advapi, handle: Handle, work: () => Result): Result {
  try {
    return work();
  } finally {
    advapi.close(handle);
  }
}

function valuesOf(advapi: Advapi, handle: Handle, key: string): RegistryNamedValue[] {
  const { longestName, longestData } = sizesOf(advapi, handle, key);
  const into = {
    name: Buffer.alloc((longestName[0] + 1) * 2),
    units: [0] as [number],
    type: [0] as [number],
    data: Buffer.alloc(Math.max(longestData[0], 1)),
    bytes: [0] as [number],
  };
  const values: RegistryNamedValue[] = [];
  for (let index = 0; ; ) {
    into.units[0] = into.name.length / 2;
    into.bytes[0] = into.data.length;
    const answer = advapi.value(handle, index, into);
    if (answer === NO_MORE_ITEMS || answer === KEY_DELETED) return values;
    if (answer === MORE_DATA) {
      // It grew since the sizes were asked.
      into.name = Buffer.alloc(into.name.length * 2);
      into.data = Buffer.alloc(Math.max(into.data.length * 2, into.bytes[0]));
      continue;
    }
    expect(answer, key);
    values.push({
      name: into.name.toString('utf16le', 0, into.units[0] * 2),
      type: into.type[0],
      bytes: Uint8Array.prototype.slice.call(into.data, 0, into.bytes[0]),
    });
    index += 1;
  }
}

/** Longest name of a key, in UTF-16 units with its end. */
const KEY_NAME_UNITS = 256;

function keysOf(advapi: Advapi, handle: Handle, key: string): string[] {
  const name = Buffer.alloc(KEY_NAME_UNITS * 2);
  const names: string[] = [];
  for (let index = 0; ; index += 1) {
    const units: [number] = [KEY_NAME_UNITS];
    const answer = advapi.subKey(handle, index, name, units);
    if (answer === NO_MORE_ITEMS || answer === KEY_DELETED) return names;
    expect(answer, key);
    names.push(name.toString('utf16le', 0, units[0] * 2));
  }
}

function sizesOf(advapi: Advapi, handle: Handle, key: string): KeySizes {
  const sizes: KeySizes = { keys: [0], values: [0], longestName: [0], longestData: [0] };
  const answer = advapi.sizes(handle, sizes);
  if (answer !== KEY_DELETED) expect(answer, key);
  return sizes;
}

/** Errors: notAllowed (accessDenied), or Error for any other answer than success. */
function expect(answer: number, place: string): void {
  if (answer !== SUCCESS) throw registryError(answer, place);
}

function placeOf(hive: RegistryHive, key: string): string {
  return `${hive}\\${key}`;
}

/** "" for the hive itself. */
function parentOf(key: string): string {
  return key.slice(0, Math.max(key.lastIndexOf('\\'), 0));
}
