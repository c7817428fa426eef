/**
 * Runs inside Windows, by node.exe: gives a key of HKEY_LOCAL_MACHINE the access list that Windows has there, which Wine
 * leaves out: administrators and the system write, everybody reads.
 *
 * Usage: node.exe close-to-people.ts KEY
 */

import { loadKoffi } from '../../agent/src/system/windows/koffi.ts';

type Handle = number | bigint;
type Call = (...args: readonly unknown[]) => number;

const MACHINE = 0xffff_ffff_8000_0002n;
const READ_AND_WRITE_ACCESS = 0x6_0000;
const LIST_OF_ACCESS = 4;
const AS_ON_WINDOWS = 'D:P(A;;KA;;;SY)(A;;KA;;;BA)(A;;KR;;;WD)';

const [, , key = ''] = process.argv;
const security = (await loadKoffi(`${process.env['LOCALAPPDATA']}/Carryover`)).load('advapi32.dll');
const descriptorFrom = security.func(
  'int32_t __stdcall ConvertStringSecurityDescriptorToSecurityDescriptorW(str16, uint32_t, _Out_ uintptr_t *, void *)',
) as Call;
const open = security.func(
  'int32_t __stdcall RegOpenKeyExW(uintptr_t, str16, uint32_t, uint32_t, _Out_ uintptr_t *)',
) as Call;
const secure = security.func('int32_t __stdcall RegSetKeySecurity(uintptr_t, uint32_t, uintptr_t)') as Call;

const [descriptor, handle]: [[Handle], [Handle]] = [[0], [0]];
const answers = [
  descriptorFrom(AS_ON_WINDOWS, 1, descriptor, null) - 1,
  open(MACHINE, key, 0, READ_AND_WRITE_ACCESS, handle),
  secure(handle[0], LIST_OF_ACCESS, descriptor[0]),
];
if (answers.some((answer) => answer !== 0)) throw new Error(`${key} was not closed: ${answers.join()}`);
