/**
 * May this device back up, may it restore at setup, at the first sign-in, on demand, and if not: every reason.
 *
 * The lowest versions are data (catalog/builds.yaml, compiled into the catalog); this file knows how to compare. Restore
 * at setup follows "Show restore page" as it was at enrollment, the other two "Enable Windows Restore" as it is now.
 * The service enforces it; the agent shows it before asking.
 *
 * Pure: no I/O, no clock. Source: product.md R4, R6, R8, R9, B6; microsoft-facts.md 2.4, 3 and 4.
 */

import type { DeviceFacts, JoinType } from './device.ts';
import type { EffectivePolicy } from './policy.ts';
import { backupOffReason } from './preferences.ts';
import { CONSEQUENCES, type WayToEnroll } from './provisioning.ts';
import type { Reason } from './reasons.ts';
import type { Gates, WindowsGate } from './setting.ts';

/** The part of the catalog's gates that is compared here. */
export type Builds = Pick<Gates, 'linux' | 'windows'>;

/** Four answers, each every reason why not; empty: it may. */
export interface Eligibility {
  readonly backup: readonly Reason[];
  /** On the restore page of device setup, and at the desktop what was chosen there. */
  readonly restoreAtSetup: readonly Reason[];
  /** When a person first signs in to a device that is enrolled already. */
  readonly restoreAtFirstSignIn: readonly Reason[];
  readonly restoreOnDemand: readonly Reason[];
}

export interface Candidate {
  readonly device: Pick<DeviceFacts, 'platform' | 'build' | 'osName' | 'edition'>;
  readonly joinType: JoinType;
  readonly policy: EffectivePolicy;
  /** Undefined: a person set it up. */
  readonly provisioning?: WayToEnroll | undefined;
  /** Many people use it and none owns it: a kiosk, a pool of desktops. */
  readonly shared?: boolean;
  /** Whose account is signed in. Undefined: the organization's. */
  readonly account?: 'organization' | 'personal';
}

export function eligibility(candidate: Candidate, builds: Builds): Eligibility {
  const { device, joinType, policy, provisioning } = candidate;
  const facts = { org: policy.organization };
  const unless = (holds: boolean, reason: Reason): Reason[] => (holds ? [] : [reason]);
  const restoreOn = unless(policy.restoreEnabled, { code: 'restoreNotSwitchedOn', facts });
  const belongs = belongingReasons(candidate);
  return {
    backup: [
      ...unless(policy.backupEnabled, backupOffReason(policy)),
      ...belongs,
      ...buildReasons(candidate, builds, 'backup'),
      ...policy.blockers.map(
        ({ policy: name, origin }): Reason => ({
          code: 'blockedByPolicy',
          facts: { policy: name, source: origin.policy },
        }),
      ),
    ],
    restoreAtSetup: [
      ...unless(policy.restorePageAtEnrollment, { code: 'restorePageOff', facts }),
      ...belongs,
      ...unless(joinType !== 'hybrid', { code: 'hybridAtSetup', facts }),
      ...wayReasons(provisioning),
      ...editionReasons(device, builds),
      ...buildReasons(candidate, builds, 'restore'),
    ],
    restoreAtFirstSignIn: [...restoreOn, ...belongs, ...buildReasons(candidate, builds, 'firstSignInRestore')],
    // The first sign-in is a screen of Windows with a gate of its own; a restore that is asked for needs no more than restoring.
    restoreOnDemand: [...restoreOn, ...belongs, ...buildReasons(candidate, builds, 'restore')],
  };
}

/** To the organization, and to a person. */
function belongingReasons({ joinType, account, shared, provisioning, policy }: Candidate): Reason[] {
  const hasPerson = provisioning === undefined || CONSEQUENCES[provisioning].hasPerson;
  return [
    ...(account === 'personal' ? [{ code: 'noOrganizationAccount' } as const] : []),
    ...(joinType === 'registered' ? [{ code: 'notJoined', facts: { org: policy.organization } } as const] : []),
    ...(shared === true ? [{ code: 'sharedDevice' } as const] : []),
    ...(hasPerson ? [] : [{ code: 'selfDeploying' } as const]),
  ];
}

/** Of a PC without a person only that is said (belongingReasons). */
function wayReasons(provisioning: WayToEnroll | undefined): Reason[] {
  if (provisioning === undefined) return [];
  const { restoresAtSetup, hasPerson } = CONSEQUENCES[provisioning];
  return restoresAtSetup || !hasPerson ? [] : [{ code: 'notUserDriven' }];
}

function editionReasons({ platform, edition }: Candidate['device'], { windows }: Builds): Reason[] {
  if (platform !== 'windows') return [];
  const known = windows.editionsWithoutSetupRestore.find(({ id }) => id === edition);
  return known === undefined ? [] : [{ code: 'editionAtSetup', facts: { edition: known.name } }];
}

function buildReasons({ device, policy }: Candidate, builds: Builds, gate: keyof GatesOfWindows): Reason[] {
  const found =
    device.platform === 'windows' ? windowsReasons(device, builds.windows[gate]) : linuxReasons(device, builds.linux);
  if (!policy.installQualityUpdates) return found;
  return found.map((reason) => (reason.code === 'buildTooOld' ? { ...reason, remedy: 'installUpdates' } : reason));
}

type GatesOfWindows = Pick<Gates['windows'], 'backup' | 'restore' | 'firstSignInRestore'>;

/** "26100.4946": the family's build and the revision that quality updates raise; an unknown revision is the lowest. */
function windowsReasons({ build, osName }: Candidate['device'], gate: WindowsGate): Reason[] {
  const [, number, revision = '-1'] = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(build) ?? [];
  if (number === undefined) return [{ code: 'notSupported', facts: { system: osName } }];
  if (Number(number) >= gate.laterFrom) return [];
  const family = gate.families.find((known) => known.build === Number(number));
  if (family === undefined) {
    const [next] = gate.families.filter((known) => known.build > Number(number)).toSorted((a, b) => a.build - b.build);
    if (next === undefined) return [{ code: 'notSupported', facts: { system: osName } }];
    return [{ code: 'familyTooOld', facts: { build, family: next.name, needed: `${next.build}.${next.revision}` } }];
  }
  if (Number(revision) >= family.revision) return [];
  return [{ code: 'buildTooOld', facts: { build, family: family.name, needed: `${family.build}.${family.revision}` } }];
}

/** "debian 12 gnome 43.9": family, its version, the desktop, its version. */
function linuxReasons({ build, osName }: Candidate['device'], linux: Builds['linux']): Reason[] {
  const [id = '', version = '', desktop = '', desktopVersion = ''] = build.split(' ');
  const distribution = linux.distributions.find((known) => known.id === id);
  if (distribution === undefined || desktop !== 'gnome') return [{ code: 'notSupported', facts: { system: osName } }];
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
