/**
 * Sealing by Windows' Data Protection (DPAPI): with a key that Windows keeps for this account on this PC, and never asks
 * anybody for. Programs of the same account could open what is sealed as well; the label only keeps ours apart.
 *
 * Source: Microsoft's pages of CryptProtectData, CryptUnprotectData, DATA_BLOB (wincrypt.h, dpapi.h), 64-bit layout.
 */

import type { Vault } from '../vault.ts';
import type { Koffi } from './koffi.ts';

const LABEL = Buffer.from('carryover secrets 1');
/** Nothing is asked: whoever could answer may not be there. */
const CRYPTPROTECT_UI_FORBIDDEN = 1;
/** The length as a DWORD, four bytes of nothing, the address. */
const BLOB_BYTES = 16;

export function dataProtection(koffi: Koffi): Vault {
  const library = koffi.load('crypt32.dll');
  const call = (name: string) =>
    library.func(`int32_t __stdcall ${name}(void *, void *, void *, void *, void *, uint32_t, void *)`);
  const [protect, unprotect] = [call('CryptProtectData'), call('CryptUnprotectData')];
  const free = koffi.load('kernel32.dll').func('void * __stdcall LocalFree(uintptr_t)');

  const blobOf = (content: Uint8Array): Buffer => {
    const blob = Buffer.alloc(BLOB_BYTES);
    blob.writeUInt32LE(content.length, 0);
    blob.writeBigUInt64LE(koffi.address(content), 8);
    return blob;
  };

  /** Undefined when Windows refuses. */
  function converted(by: typeof protect, content: Uint8Array): Uint8Array | undefined {
    const result = Buffer.alloc(BLOB_BYTES);
    const done = by(blobOf(content), null, blobOf(LABEL), null, null, CRYPTPROTECT_UI_FORBIDDEN, result);
    if (done === 0) return undefined;
    const address = result.readBigUInt64LE(8);
    // A copy: the memory is Windows' own, and given back.
    const copy = Uint8Array.from(new Uint8Array(koffi.view(address, result.readUInt32LE(0))));
    free(address);
    return copy;
  }

  return {
    async seal(content) {
      const sealed = converted(protect, content);
      if (sealed === undefined) throw new Error('Windows could not protect data of this account (CryptProtectData).');
      return sealed;
    },
    open: async (sealed) => converted(unprotect, sealed),
  };
}
