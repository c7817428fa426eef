/**
 * Whether the network costs money by volume, as Windows knows it or the person said it: asked of its Network List Manager.
 *
 * Source: Microsoft's pages of INetworkCostManager::GetCost and NLM_CONNECTION_COST (netlistmgr.h).
 */

import type { Koffi } from './koffi.ts';

const NETWORK_LIST_MANAGER = idBytes('dcb00c01-570f-4a9b-8d69-199fdba5723b');
const NETWORK_COST_MANAGER = idBytes('dcb00008-570f-4a9b-8d69-199fdba5723b');
const ANY_SERVER = 0x17;
const POINTER_BYTES = 8;
/** Of every interface come QueryInterface, AddRef, Release; of this one GetCost first. */
const [RELEASE, GET_COST] = [2, 3];

/** A limited or paid volume, one that is used up, a foreign network. */
const [FIXED, VARIABLE, OVER_LIMIT, ROAMING] = [0x2, 0x4, 0x1_0000, 0x4_0000];
const METERED = FIXED | VARIABLE | OVER_LIMIT | ROAMING;

/** False where Windows does not know. Errors: none of Windows' own. */
export function isMeteredByWindows(koffi: Koffi): boolean {
  const ole = koffi.load('ole32.dll');
  const begin = ole.func('int32_t __stdcall CoInitializeEx(void *, uint32_t)');
  const end = ole.func('void __stdcall CoUninitialize()');
  const create = ole.func('int32_t __stdcall CoCreateInstance(void *, void *, uint32_t, void *, _Out_ uintptr_t *)');
  if ((begin(null, 0) as number) < 0) return false;
  try {
    const made: [number | bigint] = [0];
    const failed = (create(NETWORK_LIST_MANAGER, null, ANY_SERVER, NETWORK_COST_MANAGER, made) as number) < 0;
    return failed ? false : (costOf(koffi, BigInt(made[0])) & METERED) !== 0;
  } finally {
    // Without it Windows' own threads are still there when the program ends, and end it badly.
    end();
  }
}

/** Of the way to the internet; 0 where Windows does not say. Gives the manager back. */
function costOf(koffi: Koffi, manager: bigint): number {
  const pointerAt = (address: bigint) => Buffer.from(koffi.view(address, POINTER_BYTES)).readBigUInt64LE();
  const functions = pointerAt(manager);
  const method = (index: number) => pointerAt(functions + BigInt(index * POINTER_BYTES));
  const cost: [number] = [0];
  const getCost = koffi.proto('int32_t __stdcall (uintptr_t, _Out_ uint32_t *, void *)');
  const answer = koffi.call(method(GET_COST), getCost, manager, cost, null) as number;
  koffi.call(method(RELEASE), koffi.proto('uint32_t __stdcall (uintptr_t)'), manager);
  return answer < 0 ? 0 : cost[0];
}

/** As it lies in memory: the first three numbers the other way round. */
function idBytes(id: string): Buffer {
  const [first = '', second = '', third = '', ...rest] = id.split('-');
  const turned = [first, second, third].map((number) => Buffer.from(number, 'hex').reverse());
  return Buffer.concat([...turned, Buffer.from(rest.join(''), 'hex')]);
}
