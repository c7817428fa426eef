/**
 * Policies of Group Policy, in the registry of Windows. Which values mean what is the model's policy-registry.ts; reading
 * them is a door that the Windows agent brings.
 */

import { policiesFromRegistry, REGISTRY_KEYS, type RegistryValue } from '@carryover/model/policy-registry';
import type { LocalSource } from './local-source.ts';

/** Reads below HKLM. */
export interface RegistryReader {
  /** Values right in this key; none when there is no such key. Errors: none for a key that cannot be read. */
  valuesIn(key: string): Promise<readonly RegistryValue[]>;
  /** Whether Microsoft's own client serves this PC: it is joined to Entra ID. */
  isServedByMicrosoft(): Promise<boolean>;
}

/** As a place of policies; only administrators can write these keys, which is Windows' own doing. */
export function registryPolicies(reader: RegistryReader): LocalSource {
  const all = async () => (await Promise.all(REGISTRY_KEYS.map((key) => reader.valuesIn(key)))).flat();
  return {
    async mark() {
      const values = await all();
      return values.length === 0 ? '' : JSON.stringify([values, await reader.isServedByMicrosoft()]);
    },
    async read() {
      return policiesFromRegistry(await all(), { microsoftServes: await reader.isServedByMicrosoft() });
    },
  };
}
