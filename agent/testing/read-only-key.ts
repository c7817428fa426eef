/** A key of a real registry that an access list closes to writing, for tests that run in Windows. */

import assert from 'node:assert/strict';
import type { Koffi } from '../src/system/windows/koffi.ts';

/** Everybody may read the key of the person's registry, nobody write; the answer gives it back to everybody. */
export function letOnlyRead(koffi: Koffi, key: string): () => void {
  const advapi = koffi.load('advapi32.dll');
  const open = advapi.func('int32_t __stdcall RegOpenKeyExW(uintptr_t, str16, uint32_t, uint32_t, _Out_ uintptr_t *)');
  const secure = advapi.func('int32_t __stdcall RegSetKeySecurity(uintptr_t, uint32_t, uintptr_t)');
  const close = advapi.func('int32_t __stdcall RegCloseKey(uintptr_t)');
  const parse = advapi.func(
    'int32_t __stdcall ConvertStringSecurityDescriptorToSecurityDescriptorW(str16, uint32_t, _Out_ uintptr_t *, void *)',
  );
  const [HKCU, WRITE_DAC, DACL] = [0xffff_ffff_8000_0001n, 0x40000, 4];
  const handle: [number | bigint] = [0];
  assert.equal(open(HKCU, key, 0, WRITE_DAC, handle), 0);
  const apply = (list: string) => {
    const descriptor: [number | bigint] = [0];
    assert.notEqual(parse(list, 1, descriptor, null), 0);
    assert.equal(secure(handle[0], DACL, descriptor[0]), 0);
  };
  apply('D:P(A;;KR;;;WD)');
  return () => {
    apply('D:P(A;;KA;;;WD)');
    close(handle[0]);
  };
}
