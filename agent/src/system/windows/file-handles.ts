/**
 * Files and folders of Windows by their handles: what was opened is what is looked at, whatever its name leads to
 * meanwhile. Links are opened themselves, never followed.
 *
 * Source: fileapi.h, winbase.h, winnt.h (numbers); Microsoft's pages of the functions.
 */

import { ownerIn } from '../security-id.ts';
import type { Koffi } from './koffi.ts';

export type Handle = number | bigint;

interface HandleFacts {
  readonly kind: 'file' | 'folder' | 'link';
  readonly bytes: number;
  readonly names: number;
  readonly changedAt: Temporal.Instant;
}

/** Errors of all: Error with Windows' number for what it does not let happen. `access`: a list of access as a string. */
export interface OpenFiles {
  /** Undefined when there is none, or it is closed to us. */
  openFolder(path: string, use: 'looking' | 'securing'): Handle | undefined;
  /** For this program alone, and removed as it is closed. Undefined when it is gone, in use, or closed to us. */
  openToTake(path: string): Handle | undefined;
  makeFolder(path: string, access: string): 'made' | 'there' | 'refused';
  /** A new file, written whole. */
  create(path: string, content: Uint8Array, access: string): void;
  facts(handle: Handle): HandleFacts;
  /** A security identifier. */
  owner(handle: Handle): string;
  secure(handle: Handle, access: string): void;
  read(handle: Handle, bytes: number): Buffer;
  close(handle: Handle): void;
}

const INVALID = 0xffff_ffff_ffff_ffffn;
const [READ, WRITE] = [0x8000_0000, 0x4000_0000];
const [READ_ATTRIBUTES, READ_CONTROL, WRITE_DAC, DELETE] = [0x80, 0x2_0000, 0x4_0000, 0x1_0000];
const SHARED = 7;
const ALONE = 0;
const [CREATE_NEW, OPEN_EXISTING] = [1, 3];
const FOLDERS_TOO = 0x0200_0000;
const THE_LINK_ITSELF = 0x0020_0000;
const REMOVE_ON_CLOSE = 0x0400_0000;
const WRITE_THROUGH = 0x8000_0000;
const [IS_FOLDER, IS_LINK] = [0x10, 0x400];
const [OWNER, LIST_OF_ACCESS, NOT_INHERITED] = [1, 4, 0x8000_0000];
const [ALREADY_EXISTS, ACCESS_DENIED] = [183, 5];
const DESCRIPTOR_BYTES = 65_536;
/** Windows counts 100 ns from 1601. */
const [TICKS_A_MILLISECOND, UNIX_START_MS] = [10_000n, 11_644_473_600_000n];

type Call = (...args: readonly unknown[]) => number;

export function openFiles(koffi: Koffi): OpenFiles {
  const [kernel, security] = [koffi.load('kernel32.dll'), koffi.load('advapi32.dll')];
  const openFile = kernel.func(
    'uintptr_t __stdcall CreateFileW(str16, uint32_t, uint32_t, void *, uint32_t, uint32_t, uintptr_t)',
  ) as (...args: readonly unknown[]) => Handle;
  const makeDirectory = kernel.func('int32_t __stdcall CreateDirectoryW(str16, void *)') as Call;
  const information = kernel.func('int32_t __stdcall GetFileInformationByHandle(uintptr_t, void *)') as Call;
  const readFile = kernel.func(
    'int32_t __stdcall ReadFile(uintptr_t, void *, uint32_t, _Out_ uint32_t *, void *)',
  ) as Call;
  const writeFile = kernel.func(
    'int32_t __stdcall WriteFile(uintptr_t, void *, uint32_t, _Out_ uint32_t *, void *)',
  ) as Call;
  const closeHandle = kernel.func('int32_t __stdcall CloseHandle(uintptr_t)') as Call;
  const lastError = kernel.func('uint32_t __stdcall GetLastError()') as Call;
  const free = kernel.func('uintptr_t __stdcall LocalFree(uintptr_t)') as Call;
  const descriptorFrom = security.func(
    'int32_t __stdcall ConvertStringSecurityDescriptorToSecurityDescriptorW(str16, uint32_t, _Out_ uintptr_t *, void *)',
  ) as Call;
  const descriptorOf = security.func(
    'int32_t __stdcall GetKernelObjectSecurity(uintptr_t, uint32_t, void *, uint32_t, _Out_ uint32_t *)',
  ) as Call;
  const setDescriptor = security.func(
    'int32_t __stdcall SetKernelObjectSecurity(uintptr_t, uint32_t, uintptr_t)',
  ) as Call;

  const refused = (what: string) => new Error(`Windows did not let ${what} (${lastError()}).`);

  function withDescriptor<Result>(access: string, work: (descriptor: Handle) => Result): Result {
    const descriptor: [Handle] = [0];
    if (descriptorFrom(access, 1, descriptor, null) === 0) throw refused('an access list be made');
    try {
      return work(descriptor[0]);
    } finally {
      free(descriptor[0]);
    }
  }

  /** SECURITY_ATTRIBUTES with this list. */
  function attributes(descriptor: Handle): Buffer {
    const bytes = Buffer.alloc(24);
    bytes.writeUInt32LE(24, 0);
    bytes.writeBigUInt64LE(BigInt(descriptor), 8);
    return bytes;
  }

  const opened = (handle: Handle): Handle | undefined => (BigInt(handle) === INVALID ? undefined : handle);
  const close = (handle: Handle) => void closeHandle(handle);

  return {
    close,
    openFolder(path, use) {
      const access = READ_ATTRIBUTES | READ_CONTROL | (use === 'securing' ? WRITE_DAC : 0);
      return opened(openFile(windows(path), access, SHARED, null, OPEN_EXISTING, FOLDERS_TOO | THE_LINK_ITSELF, 0));
    },
    openToTake(path) {
      const access = (READ | READ_CONTROL | DELETE) >>> 0;
      return opened(openFile(windows(path), access, ALONE, null, OPEN_EXISTING, REMOVE_ON_CLOSE | THE_LINK_ITSELF, 0));
    },
    makeFolder(path, access) {
      return withDescriptor(access, (descriptor) => {
        if (makeDirectory(windows(path), attributes(descriptor)) !== 0) return 'made';
        const error = lastError();
        if (error === ALREADY_EXISTS) return 'there';
        if (error === ACCESS_DENIED) return 'refused';
        throw new Error(`Windows did not let ${path} be made (${error}).`);
      });
    },
    create(path, content, access) {
      withDescriptor(access, (descriptor) => {
        const flags = WRITE_THROUGH;
        const handle = opened(openFile(windows(path), WRITE, ALONE, attributes(descriptor), CREATE_NEW, flags, 0));
        if (handle === undefined) throw refused(`${path} be made`);
        try {
          const written: [number] = [0];
          if (writeFile(handle, content, content.length, written, null) === 0 || written[0] !== content.length)
            throw refused(`${path} be written`);
        } finally {
          close(handle);
        }
      });
    },
    facts(handle) {
      const bytes = Buffer.alloc(52);
      if (information(handle, bytes) === 0) throw refused('a file be looked at');
      const marks = bytes.readUInt32LE(0);
      const milliseconds = bytes.readBigUInt64LE(20) / TICKS_A_MILLISECOND - UNIX_START_MS;
      return {
        kind: (marks & IS_LINK) !== 0 ? 'link' : (marks & IS_FOLDER) !== 0 ? 'folder' : 'file',
        changedAt: Temporal.Instant.fromEpochMilliseconds(Number(milliseconds)),
        bytes: bytes.readUInt32LE(32) * 2 ** 32 + bytes.readUInt32LE(36),
        names: bytes.readUInt32LE(40),
      };
    },
    owner(handle) {
      const descriptor = Buffer.alloc(DESCRIPTOR_BYTES);
      const ok = descriptorOf(handle, OWNER, descriptor, descriptor.length, [0]) !== 0;
      const owner = ok ? ownerIn(descriptor) : undefined;
      if (owner === undefined) throw refused('be seen whom a file belongs to');
      return owner;
    },
    secure(handle, access) {
      const ok = withDescriptor(access, (descriptor) =>
        setDescriptor(handle, (LIST_OF_ACCESS | NOT_INHERITED) >>> 0, descriptor),
      );
      if (ok === 0) throw refused('an access list be set');
    },
    read(handle, bytes) {
      const content = Buffer.alloc(bytes);
      const read: [number] = [0];
      if (bytes > 0 && readFile(handle, content, bytes, read, null) === 0) throw refused('a file be read');
      return content.subarray(0, read[0]);
    },
  };
}

function windows(path: string): string {
  return path.replaceAll('/', '\\');
}
