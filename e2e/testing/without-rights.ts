/**
 * Runs inside Windows, by node.exe: starts a program as the same person without the rights of an administrator, as Windows
 * does for whoever is none, and ends as it does.
 *
 * Usage: node.exe without-rights.ts PROGRAM ARGUMENTS…
 *
 * Source: Microsoft's pages of CreateRestrictedToken, CreateProcessAsUserW, STARTUPINFOW (64-bit layout).
 */

import { loadKoffi } from '../../agent/src/system/windows/koffi.ts';

type Handle = number | bigint;
type Call = (...args: readonly unknown[]) => number;

const THIS_PROCESS = 0xffff_ffff_ffff_ffffn;
const ALL_ACCESS = 0xf01ff;
/** BUILTIN\Administrators, S-1-5-32-544. */
const ADMINISTRATORS = Buffer.from('01020000000000052000000020020000', 'hex');
const STANDARD_HANDLES = [0xffff_fff6, 0xffff_fff5, 0xffff_fff4];
const INHERITED = 1;
const USE_STANDARD_HANDLES = 0x100;
const FOR_EVER = 0xffff_ffff;

const koffi = await loadKoffi(`${process.env['LOCALAPPDATA']}/Carryover`);
const [kernel, security] = [koffi.load('kernel32.dll'), koffi.load('advapi32.dll')];
const openToken = security.func('int32_t __stdcall OpenProcessToken(uintptr_t, uint32_t, _Out_ uintptr_t *)') as Call;
const restrict = security.func(
  'int32_t __stdcall CreateRestrictedToken(uintptr_t, uint32_t, uint32_t, void *, uint32_t, void *, uint32_t, void *, _Out_ uintptr_t *)',
) as Call;
const create = security.func(
  'int32_t __stdcall CreateProcessAsUserW(uintptr_t, str16, void *, void *, void *, int32_t, uint32_t, void *, str16, void *, void *)',
) as Call;
const standardHandle = kernel.func('uintptr_t __stdcall GetStdHandle(uint32_t)') as (which: number) => Handle;
const mark = kernel.func('int32_t __stdcall SetHandleInformation(uintptr_t, uint32_t, uint32_t)') as Call;
const wait = kernel.func('uint32_t __stdcall WaitForSingleObject(uintptr_t, uint32_t)') as Call;
const exitCode = kernel.func('int32_t __stdcall GetExitCodeProcess(uintptr_t, _Out_ uint32_t *)') as Call;

function restrictedToken(): Handle {
  const own: [Handle] = [0];
  succeeds(openToken(THIS_PROCESS, ALL_ACCESS, own), 'OpenProcessToken');
  const groups = Buffer.alloc(16);
  groups.writeBigUInt64LE(koffi.address(ADMINISTRATORS));
  const restricted: [Handle] = [0];
  succeeds(restrict(own[0], 0, 1, groups, 0, null, 0, null, restricted), 'CreateRestrictedToken');
  return restricted[0];
}

/** The program's own input and output are ours. */
function startUp(): Buffer {
  const bytes = Buffer.alloc(104);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt32LE(USE_STANDARD_HANDLES, 60);
  for (const [index, which] of STANDARD_HANDLES.entries()) {
    const handle = standardHandle(which);
    mark(handle, INHERITED, INHERITED);
    bytes.writeBigUInt64LE(BigInt(handle), 80 + 8 * index);
  }
  return bytes;
}

/** No argument of a test holds a quote or ends in a backslash. */
function commandLine(words: readonly string[]): Buffer {
  return Buffer.from(`${words.map((word) => `"${word}"`).join(' ')}\0`, 'utf16le');
}

function succeeds(answer: number, what: string): void {
  if (answer === 0) throw new Error(`${what} did not succeed`);
}

const started = Buffer.alloc(24);
const words = commandLine(process.argv.slice(2));
succeeds(
  create(restrictedToken(), null, words, null, null, 1, 0, null, null, startUp(), started),
  'CreateProcessAsUserW',
);
const program = started.readBigUInt64LE(0);
wait(program, FOR_EVER);
const code: [number] = [0];
succeeds(exitCode(program, code), 'GetExitCodeProcess');
process.exitCode = code[0];
