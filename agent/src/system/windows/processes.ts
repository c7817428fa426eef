/**
 * Programs that run, as Windows tells them: by the table of connections, the token and the times of a process.
 *
 * Nothing is asked for that only an administrator may know; another account's programs stay closed to us.
 *
 * Source: Microsoft's pages of GetExtendedTcpTable, MIB_TCPROW_OWNER_PID (iphlpapi.h, tcpmib.h), OpenProcess,
 * GetExitCodeProcess, GetProcessTimes, GetTokenInformation, TOKEN_USER, SID (winnt.h), 64-bit layout.
 */

import type { Connection, Processes } from '../processes.ts';
import type { Koffi } from './koffi.ts';
import { tcpOwner } from './tcp-table.ts';

const AF_INET = 2;
const TCP_TABLE_OWNER_PID_CONNECTIONS = 4;
const INSUFFICIENT_BUFFER = 122;
/** More connections than there were when asked, with a little room. */
const SPARE_BYTES = 4096;

const PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
const STILL_ACTIVE = 259;
const TOKEN_QUERY = 0x8;
const TOKEN_USER = 1;
/** A SID has at most 68 bytes, its pointer and attributes go before. */
const TOKEN_USER_BYTES = 128;
const FILETIME_BYTES = 8;

type Handle = number | bigint;
type Call = (...args: readonly unknown[]) => number;

export function windowsProcesses(koffi: Koffi): Processes {
  const from = (library: string) => {
    const loaded = koffi.load(library);
    return (prototype: string) => loaded.func(`int32_t __stdcall ${prototype}`) as Call;
  };
  const [ip, kernel, security] = ['iphlpapi.dll', 'kernel32.dll', 'advapi32.dll'].map(from) as [From, From, From];
  const table = ip('GetExtendedTcpTable(void *, _Inout_ uint32_t *, int32_t, uint32_t, int32_t, uint32_t)');
  const open = koffi.load('kernel32.dll').func('uintptr_t __stdcall OpenProcess(uint32_t, int32_t, uint32_t)');
  const close = kernel('CloseHandle(uintptr_t)');
  const exitCode = kernel('GetExitCodeProcess(uintptr_t, _Out_ uint32_t *)');
  const times = kernel('GetProcessTimes(uintptr_t, void *, void *, void *, void *)');
  const tokenOf = security('OpenProcessToken(uintptr_t, uint32_t, _Out_ uintptr_t *)');
  const information = security('GetTokenInformation(uintptr_t, int32_t, void *, uint32_t, _Out_ uint32_t *)');

  function connections(): Buffer | undefined {
    const bytes: [number] = [0];
    let rows = Buffer.alloc(0);
    const ask = () => table(rows, bytes, 0, AF_INET, TCP_TABLE_OWNER_PID_CONNECTIONS, 0);
    let answer = ask();
    for (let tries = 0; answer === INSUFFICIENT_BUFFER && tries < 5; tries += 1) {
      rows = Buffer.alloc(bytes[0] + SPARE_BYTES);
      bytes[0] = rows.length;
      answer = ask();
    }
    return answer === 0 ? rows : undefined;
  }

  /** Undefined when the program has ended, was never there or is closed to us. */
  function ofRunning<Answer>(pid: number, look: (process: Handle) => Answer | undefined): Answer | undefined {
    const process = open(PROCESS_QUERY_LIMITED_INFORMATION, 0, pid) as Handle;
    if (Number(process) === 0) return undefined;
    try {
      // One that has ended is still there while somebody holds on to it.
      const code: [number] = [0];
      return exitCode(process, code) !== 0 && code[0] === STILL_ACTIVE ? look(process) : undefined;
    } finally {
      close(process);
    }
  }

  function userOf(process: Handle): string | undefined {
    const token: [Handle] = [0];
    if (tokenOf(process, TOKEN_QUERY, token) === 0) return undefined;
    try {
      const user = Buffer.alloc(TOKEN_USER_BYTES);
      return information(token[0], TOKEN_USER, user, user.length, [0]) === 0 ? undefined : accountIn(koffi, user);
    } finally {
      close(token[0]);
    }
  }

  function startedAt(process: Handle): string | undefined {
    const [created, ...others] = [0, 0, 0, 0].map(() => Buffer.alloc(FILETIME_BYTES)) as [Buffer, ...Buffer[]];
    return times(process, created, ...others) === 0 ? undefined : created.readBigUInt64LE().toString();
  }

  return {
    async openerOf(connection: Connection) {
      const rows = connections();
      return rows === undefined ? undefined : tcpOwner(rows, connection);
    },
    accountOf: async (pid) => ofRunning(pid, userOf),
    startOf: async (pid) => ofRunning(pid, startedAt),
  };
}

type From = (prototype: string) => Call;

/** The bytes of the account's SID: Windows puts them behind the structure that points at them. */
function accountIn(koffi: Koffi, user: Buffer): string | undefined {
  const start = Number(user.readBigUInt64LE(0) - koffi.address(user));
  const parts = user[start + 1];
  if (!Number.isSafeInteger(start) || start < 0 || parts === undefined) return undefined;
  const end = start + 8 + 4 * parts;
  return end > user.length ? undefined : user.toString('hex', start, end);
}
