/**
 * May this device back up, may it restore, and if not: every reason with its remedy.
 *
 * The lowest versions are data (catalog/builds.yaml, compiled into the catalog); this file knows how to compare.
 * The service enforces it; the agent shows it before asking.
 *
 * Pure: no I/O, no clock. Source: product.md R4, R5, R8.
 */

import type { DeviceFacts, JoinType } from './device.ts';
import type { EffectivePolicy } from './policy.ts';
import type { Reason } from './reasons.ts';
import type { Gates } from './setting.ts';

/** The part of the catalog's gates that is compared here. */
export type Builds = Pick<Gates, 'linux'>;

export interface Eligibility {
  /** Empty: it may. */
  readonly backup: readonly Reason[];
  readonly restore: readonly Reason[];
}

export interface Candidate {
  readonly device: Pick<DeviceFacts, 'platform' | 'build' | 'osName'>;
  readonly joinType: JoinType;
  readonly policy: EffectivePolicy;
}

export function eligibility({ device, joinType, policy }: Candidate, builds: Builds): Eligibility {
  const org = policy.organization;
  const build = buildReasons(device, builds);
  const join: Reason[] = joinType === 'registered' ? [{ code: 'notJoined', facts: { org } }] : [];
  const backup: Reason[] = policy.backupEnabled ? [] : [{ code: 'notSwitchedOn', facts: { org } }];
  const restore: Reason[] = policy.restoreEnabled ? [] : [{ code: 'restoreNotSwitchedOn', facts: { org } }];
  return { backup: [...backup, ...join, ...build], restore: [...restore, ...join, ...build] };
}

/** "debian 12 gnome 43.9": family, its version, the desktop, its version. */
function buildReasons(device: Candidate['device'], { linux }: Builds): Reason[] {
  const [id = '', version = '', desktop = '', desktopVersion = ''] = device.build.split(' ');
  const distribution = linux.distributions.find((known) => known.id === id);
  if (device.platform !== 'linux' || distribution === undefined || desktop !== 'gnome')
    return [{ code: 'notSupported', facts: { system: device.osName } }];
  const tooOld = (family: string, found: string, needed: string): Reason[] =>
    compareVersions(found, needed) < 0
      ? [{ code: 'buildTooOld', facts: { build: found === '' ? '?' : found, family, needed } }]
      : [];
  return [
    ...tooOld(distribution.name, version, distribution.version),
    ...tooOld('GNOME', desktopVersion, String(linux.gnome)),
  ];
}

/** Compares dotted numbers member by member: "24.04" < "24.10", "9" < "43.2"; a missing member counts as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map((member) => Number.parseInt(member, 10) || 0));
  const length = Math.max(left?.length ?? 0, right?.length ?? 0);
  for (let index = 0; index < length; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
