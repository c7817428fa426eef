/**
 * The functions of advapi32.dll that the registry needs, and their answers in our words.
 *
 * Source: winreg.h, winerror.h (numbers); the functions' pages in Microsoft's documentation.
 */

import { KnownError } from '@carryover/model/errors';
import type { RegistryHive } from '../registry.ts';
import type { Koffi } from './koffi.ts';

export const SUCCESS = 0;
export const FILE_NOT_FOUND = 2;
const ACCESS_DENIED = 5;
export const MORE_DATA = 234;
export const NO_MORE_ITEMS = 259;
/** Somebody removed the key while it was open. */
export const KEY_DELETED = 1018;

export const KEY_QUERY_VALUE = 0x1;
export const KEY_SET_VALUE = 0x2;
export const KEY_CREATE_SUB_KEY = 0x4;
export const KEY_ENUMERATE_SUB_KEYS = 0x8;
/** With every call: a 32-bit program's own view is never what is meant. */
export const KEY_WOW64_64KEY = 0x100;

export const HIVES: Readonly<Record<RegistryHive, bigint>> = {
  HKCU: 0xffff_ffff_8000_0001n,
  HKLM: 0xffff_ffff_8000_0002n,
};

/** An open key. */
export type Handle = number | bigint;
/** What a call counts or answers with stands in the only member. */
type Cell<Value> = [Value];

export interface Advapi {
  open(hive: bigint, key: string, options: number, access: number, handle: Cell<Handle>): number;
  create(hive: bigint, key: string, access: number, handle: Cell<Handle>): number;
  close(handle: Handle): number;
  /** Sizes: names in UTF-16 units without their end, data in bytes. */
  sizes(handle: Handle, sizes: KeySizes): number;
  value(handle: Handle, index: number, into: ValueBuffers): number;
  subKey(handle: Handle, index: number, name: Buffer, units: Cell<number>): number;
  set(handle: Handle, name: string, type: number, data: Uint8Array): number;
  removeValue(handle: Handle, name: string): number;
  removeKey(hive: bigint, key: string): number;
}

export interface KeySizes {
  readonly keys: Cell<number>;
  readonly values: Cell<number>;
  readonly longestName: Cell<number>;
  readonly longestData: Cell<number>;
}

interface ValueBuffers {
  readonly name: Buffer;
  readonly units: Cell<number>;
  readonly type: Cell<number>;
  readonly data: Buffer;
  readonly bytes: Cell<number>;
}

export function advapiFrom(koffi: Koffi): Advapi {
  const library = koffi.load('advapi32.dll');
  const call = (prototype: string) => library.func(`int32_t __stdcall ${prototype}`) as (...args: unknown[]) => number;
  const open = call('RegOpenKeyExW(uintptr_t, str16, uint32_t, uint32_t, _Out_ uintptr_t *)');
  const create = call(
    'RegCreateKeyExW(uintptr_t, str16, uint32_t, void *, uint32_t, uint32_t, void *, _Out_ uintptr_t *, _Out_ uint32_t *)',
  );
  const close = call('RegCloseKey(uintptr_t)');
  const info = call(
    'RegQueryInfoKeyW(uintptr_t, void *, void *, void *, _Out_ uint32_t *, void *, void *, _Out_ uint32_t *, _Out_ uint32_t *, _Out_ uint32_t *, void *, void *)',
  );
  const value = call(
    'RegEnumValueW(uintptr_t, uint32_t, void *, _Inout_ uint32_t *, void *, _Out_ uint32_t *, void *, _Inout_ uint32_t *)',
  );
  const subKey = call('RegEnumKeyExW(uintptr_t, uint32_t, void *, _Inout_ uint32_t *, void *, void *, void *, void *)');
  const set = call('RegSetValueExW(uintptr_t, str16, uint32_t, uint32_t, void *, uint32_t)');
  const removeValue = call('RegDeleteValueW(uintptr_t, str16)');
  const removeKey = call('RegDeleteKeyExW(uintptr_t, str16, uint32_t, uint32_t)');
  return {
    open,
    close,
    create: (hive, key, access, handle) => create(hive, key, 0, null, 0, access, null, handle, [0]),
    sizes: (handle, { keys, values, longestName, longestData }) =>
      info(handle, null, null, null, keys, null, null, values, longestName, longestData, null, null),
    value: (handle, index, { name, units, type, data, bytes }) =>
      value(handle, index, name, units, null, type, data, bytes),
    subKey: (handle, index, name, units) => subKey(handle, index, name, units, null, null, null, null),
    set: (handle, name, type, data) => set(handle, name, 0, type, data, data.length),
    removeValue,
    removeKey: (hive, key) => removeKey(hive, key, KEY_WOW64_64KEY, 0),
  };
}

/** The error of an answer that is none of the expected ones. */
export function registryError(answer: number, place: string): Error {
  if (answer !== ACCESS_DENIED) return new Error(`Windows answered ${answer} for the registry key ${place}.`);
  return new KnownError('notAllowed', `The registry key ${place} is closed to this account.`, {
    inner: 'accessDenied',
    details: { key: place },
  });
}
