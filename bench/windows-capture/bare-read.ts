/**
 * Reading keys of the registry as a program does that wants nothing but the bytes: koffi, two buffers, no more; and files
 * in which answers of Windows are noted, by one call each.
 */

import { existsSync, readFileSync } from 'node:fs';
import { loadKoffi } from '../../agent/src/system/windows/koffi.ts';

export interface KeyToRead {
  readonly hive: 'HKCU' | 'HKLM';
  readonly key: string;
}

const HIVES = { HKCU: 0xffff_ffff_8000_0001n, HKLM: 0xffff_ffff_8000_0002n } as const;
const READ = 0x20019 | 0x100;

/** The reading as a function; it returns how many values there were. */
export async function bareRead(keys: readonly KeyToRead[], files: readonly string[]): Promise<() => number> {
  const koffi = await loadKoffi(`${process.env['LOCALAPPDATA']}/Carryover`);
  const advapi = koffi.load('advapi32.dll');
  const open = advapi.func('int32_t __stdcall RegOpenKeyExW(uintptr_t, str16, uint32_t, uint32_t, _Out_ uintptr_t *)');
  const close = advapi.func('int32_t __stdcall RegCloseKey(uintptr_t)');
  const value = advapi.func(
    'int32_t __stdcall RegEnumValueW(uintptr_t, uint32_t, void *, _Inout_ uint32_t *, void *, _Out_ uint32_t *, void *, _Inout_ uint32_t *)',
  );
  const [name, data] = [Buffer.alloc(1024), Buffer.alloc(65_536)];
  return () => {
    let count = 0;
    for (const { hive, key } of keys) {
      const handle: [number | bigint] = [0];
      if (open(HIVES[hive], key, 0, READ, handle) !== 0) continue;
      for (let index = 0; ; index += 1) {
        const [units, bytes] = [[name.length / 2], [data.length]] as [[number], [number]];
        if (value(handle[0], index, name, units, null, [0], data, bytes) !== 0) break;
        name.toString('utf16le', 0, units[0] * 2);
        Uint8Array.prototype.slice.call(data, 0, bytes[0]);
        count += 1;
      }
      close(handle[0]);
    }
    return count + files.filter((file) => existsSync(file) && readFileSync(file).length > 0).length;
  };
}
