/**
 * Whether anything that capture reads can have changed, found out by looking at files only: no process is started, no
 * catalog is loaded. This is what makes a run on an unchanged device cheap.
 *
 * The last capture leaves a list of places to watch (watched-places.ts). A place that changes, comes or goes changes the
 * fingerprint; a new file changes its folder.
 */

import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '@carryover/model/canonical';
import type { CheckIn } from '@carryover/model/wire';
import type { System } from '../system/system.ts';

/** What capture depends on besides the places it watches. */
export interface Surroundings {
  readonly agentVersion: string;
  readonly catalogFingerprint: string;
  readonly checkIn: Pick<CheckIn, 'policy' | 'preferences' | 'digestKey'>;
}

export function surroundings(
  { agentVersion, catalogFingerprint }: Omit<Surroundings, 'checkIn'>,
  checkIn: Surroundings['checkIn'],
): Surroundings {
  return { agentVersion, catalogFingerprint, checkIn };
}

/** Hex; equal means that a capture would give what it gave last time. */
export async function fingerprintOf(
  system: System,
  watched: readonly string[],
  { agentVersion, catalogFingerprint, checkIn }: Surroundings,
): Promise<string> {
  const { policy, preferences, digestKey } = checkIn;
  const around: Json = [
    agentVersion,
    catalogFingerprint,
    policy.version,
    // A PC may come under another policy of the same version: by its name or build, it can change groups.
    policy.categories as unknown as Json,
    policy.imagesAllowed,
    preferences as Json,
    createHash('sha256').update(digestKey).digest('hex'),
  ];
  const places = await Promise.all(watched.map(async (path) => (await system.facts(path))?.fingerprint ?? 'absent'));
  const hash = createHash('sha256').update(canonicalJson(around));
  for (const [index, path] of watched.entries()) hash.update(`\n${path}\0${places[index]}`);
  return hash.digest('hex');
}
