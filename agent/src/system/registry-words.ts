/**
 * Single values of the registry as texts and numbers, for what the agent reads of Windows itself. What travels in a
 * backup goes by its bytes instead (settings/registry-raw.ts).
 */

import { REGISTRY_TYPES } from '@carryover/model/registry-value';
import type { Registry, RegistryData, RegistryHive } from './registry.ts';

/** Undefined when there is no such value or key. Errors: those of the door. */
export async function findValue(
  registry: Registry,
  hive: RegistryHive,
  key: string,
  name: string,
): Promise<RegistryData | undefined> {
  return (await registry.values(hive, key))?.find((value) => value.name.toLowerCase() === name.toLowerCase());
}

/** Undefined for what is no text. Programs do not always write the zero that ends one. */
export function textOf(value: RegistryData | undefined): string | undefined {
  if (value?.type !== REGISTRY_TYPES.REG_SZ && value?.type !== REGISTRY_TYPES.REG_EXPAND_SZ) return undefined;
  return Buffer.from(value.bytes).toString('utf16le').split('\0', 1)[0];
}

/** Undefined for what is no REG_DWORD. */
export function numberOf(value: RegistryData | undefined): number | undefined {
  if (value?.type !== REGISTRY_TYPES.REG_DWORD || value.bytes.length !== 4) return undefined;
  return Buffer.from(value.bytes).readUInt32LE();
}
