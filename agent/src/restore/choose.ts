/**
 * Which backup profile a person means: by its name, its id, or "recommended".
 *
 * Pure: the profiles come from the service, best first.
 */

import { KnownError } from '@carryover/model/errors';
import { wordsOf } from '@carryover/model/reasons';
import type { OfferedProfile } from '@carryover/model/wire';

/** Names are compared without regard to case. Errors: itemNotFound that names what there is; invalidRequest when a name fits several. */
export function chooseProfile(profiles: readonly OfferedProfile[], name: string): OfferedProfile {
  const [first] = profiles;
  if (first === undefined) {
    const { reason, remedy } = wordsOf({ code: 'noProfiles' });
    throw new KnownError('itemNotFound', `${reason} ${remedy}`, { inner: 'noProfiles' });
  }
  if (name === 'recommended') return profiles.find(({ recommended }) => recommended) ?? first;
  const byId = profiles.find(({ id }) => id === name.toLowerCase());
  if (byId !== undefined) return byId;
  const [named, another] = profiles.filter(({ deviceName }) => same(deviceName, name));
  if (named === undefined)
    throw new KnownError('itemNotFound', `There is no backup of "${name}". There is: ${listed(profiles)}.`, {
      inner: 'noSuchProfile',
    });
  if (another === undefined) return named;
  const alike = profiles.filter(({ deviceName }) => same(deviceName, name));
  throw new KnownError(
    'invalidRequest',
    `${alike.length} backups are called "${name}". Say which by its id: ${alike.map(described).join(', ')}.`,
    { inner: 'ambiguous', details: { profiles: alike.map(({ id }) => id) } },
  );
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function listed(profiles: readonly OfferedProfile[]): string {
  return [...new Set(profiles.map(({ deviceName }) => deviceName))].join(', ');
}

function described({ id, lastBackupAt }: OfferedProfile): string {
  return `${id} (${lastBackupAt.slice(0, 10)})`;
}
