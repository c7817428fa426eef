/**
 * What administrators wrote on this device itself, of all places together.
 *
 * The agent only reads: it goes along with every check-in, and the service answers with the policy that remains after
 * it is put together with the service's own, the stricter word winning (R5, R6).
 */

import type { Registry } from '../system/registry.ts';
import type { System } from '../system/system.ts';
import { dconfLocks } from './dconf-locks.ts';
import type { LocalSource, PolicyPlaces } from './local-source.ts';
import { policyFiles } from './policy-files.ts';

/** All places of this device: the registry on Windows, files and dconf elsewhere. */
export function localPolicy(system: System, places: PolicyPlaces): LocalSource {
  const { registry } = system;
  if (registry !== undefined) return registryOf(system, registry);
  return together([policyFiles(system, places), dconfLocks(system, places)]);
}

/** Loaded where there is a registry only. */
function registryOf(system: System, registry: Registry): LocalSource {
  const source = async () => {
    const { registryPolicies, registryReader } = await import('./registry.ts');
    return registryPolicies(registryReader(system, registry));
  };
  return {
    mark: async () => (await source()).mark(),
    read: async () => (await source()).read(),
  };
}

function together(sources: readonly LocalSource[]): LocalSource {
  return {
    async mark() {
      const marks = await Promise.all(sources.map((source) => source.mark()));
      return marks.every((mark) => mark === '') ? '' : marks.join('\n\n');
    },
    async read() {
      const found = await Promise.all(sources.map((source) => source.read()));
      return {
        documents: found.flatMap(({ documents }) => documents),
        problems: found.flatMap(({ problems }) => problems),
      };
    },
  };
}
