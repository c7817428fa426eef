/**
 * Policies that an administrator locked in dconf: /org/carryover/policy/enable-windows-backup and so on, each key named
 * like its policy in small letters with hyphens.
 *
 * Only locked keys count, and only those in a database that root alone can write: everything else a person could have set.
 * A key that is set without a lock is told, so that nobody takes it for working.
 */

import type { LocalFindings } from '@carryover/model/policy-file';
import { systemDatabases } from '../settings/dconf-layers.ts';
import type { System } from '../system/system.ts';
import type { LocalSource, PolicyPlaces } from './local-source.ts';
import { distrust } from './trust.ts';

/** A database keeps each folder of a key's path as a piece of its own. */
const PIECE = 'carryover/';

export function dconfLocks(system: System, places: PolicyPlaces): LocalSource {
  return {
    async mark() {
      const marks: string[] = [];
      for (const path of await databasesOf(system))
        marks.push(`${path} ${(await system.facts(path))?.fingerprint ?? 'gone'}`);
      return marks.join('\n');
    },

    async read() {
      const found = await Promise.all(
        (await databasesOf(system)).map(async (path) => ({ path, facts: await system.facts(path) })),
      );
      const problems = found.flatMap(({ path, facts }) => (facts && distrust(path, facts, places)) ?? []);
      const trusted = found
        .filter(({ path, facts }) => facts !== undefined && distrust(path, facts, places) === undefined)
        .map(({ path }) => path);
      if (trusted.length === 0) return { documents: [], problems };
      const { documents, problems: more } = await locked(system, trusted);
      return { documents, problems: [...problems, ...more] };
    },
  };
}

/** Files of the administrator's layers that may hold a policy, links followed. */
async function databasesOf(system: System): Promise<string[]> {
  const found: string[] = [];
  for (const layer of await systemDatabases(system).catch(() => [])) {
    const path = await system.realPath(layer).catch(() => undefined);
    const content = path === undefined ? undefined : await system.readFile(path).catch(() => undefined);
    if (path !== undefined && content !== undefined && Buffer.from(content).includes(PIECE)) found.push(path);
  }
  return found;
}

async function locked(system: System, databases: readonly string[]): Promise<LocalFindings> {
  const [first = ''] = databases;
  const place = databases.join(', ');
  const [{ systemKeys }, { documentOf, settingsFrom }, { DCONF_FOLDER, dconfKeyOf, POLICIES }] = await Promise.all([
    import('../settings/dconf-locked.ts'),
    import('@carryover/model/policy-file'),
    import('@carryover/model/policy-definitions'),
  ]);
  const names = new Map(POLICIES.map(({ name }) => [dconfKeyOf(name), name]));
  try {
    const keys = await systemKeys(system, databases, DCONF_FOLDER);
    const entries = keys
      .filter(({ isLocked }) => isLocked)
      .map(({ name, value }) => [names.get(name) ?? inCapitals(name), value] as const);
    const { settings, problems } = settingsFrom(place, entries);
    const notLocked = keys
      .filter(({ isLocked }) => !isLocked)
      .map(({ name }) => ({ code: 'policyNotLocked' as const, facts: { place: first, key: DCONF_FOLDER + name } }));
    return { documents: documentOf('dconf', place, settings), problems: [...problems, ...notLocked] };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { documents: [], problems: [{ code: 'policyFileUnreadable', facts: { file: place, detail } }] };
  }
}

/** "some-newer-policy" -> "SomeNewerPolicy": as a service that knows it would name it. */
function inCapitals(key: string): string {
  return key.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
