/** Policies of Group Policy, in the registry of Windows. Which values mean what is the model's policy-registry.ts. */

import { KnownError } from '@carryover/model/errors';
import { policiesFromRegistry, REGISTRY_KEYS, type RegistryValue } from '@carryover/model/policy-registry';
import { rawFrom } from '../settings/registry-raw.ts';
import { osJoin } from '../system/os-join.ts';
import type { Registry } from '../system/registry.ts';
import type { System } from '../system/system.ts';
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

/** The registry of this PC. */
export function registryReader(system: System, registry: Registry): RegistryReader {
  return {
    async valuesIn(key) {
      const values = (await readable(() => registry.values('HKLM', key))) ?? [];
      return values.map(({ name, ...value }): RegistryValue => {
        const raw = rawFrom(value);
        // Bytes that are no value of their type are no policy, and told as one that means nothing.
        const data = 'data' in raw ? raw.data : raw.hex;
        const type = typeof raw.type === 'number' || 'hex' in raw ? 'REG_BINARY' : raw.type;
        return { key, name, type, data };
      });
    },
    async isServedByMicrosoft() {
      return (await readable(() => osJoin(system)))?.entra === true;
    },
  };
}

/** Everybody may read these keys, unless an administrator closed them: what nobody can read decides nothing. */
async function readable<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof KnownError && error.code === 'notAllowed') return undefined;
    throw error;
  }
}
