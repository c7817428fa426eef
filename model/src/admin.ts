/**
 * What the admin center and the service say to each other where Graph has no words: coverage, first run, people's import.
 *
 * Everything else is Graph: /users, /deviceManagement/managedDevices, /organization, policies. Instants travel as ISO 8601
 * UTC text. Names of OData (`@odata.…`) are left out of the shapes; answers carry them.
 *
 * Pure: no I/O, no clock.
 */

import type { JoinType, OsJoin, Provisioning } from './device.ts';
import type { SetupOutcome } from './outcome.ts';
import type { ImportFault } from './people-import.ts';
import { DEFAULTS } from './policy.ts';
import { saysBackupOff } from './preferences.ts';
import type { Reason } from './reasons.ts';
import type { Platform } from './setting.ts';

/** Scopes of Graph that the admin center asks for, and the only ones it can get: a stolen token of it opens no contents. */
export const ADMIN_CENTER_SCOPES = [
  'User.Read',
  'User.ReadWrite.All',
  'UserAuthenticationMethod.ReadWrite.All',
  'Directory.Read.All',
  'Group.ReadWrite.All',
  'RoleManagement.ReadWrite.Directory',
  'DeviceManagementManagedDevices.Read.All',
  'DeviceManagementManagedDevices.PrivilegedOperations.All',
  'DeviceManagementConfiguration.ReadWrite.All',
  'DeviceManagementServiceConfig.ReadWrite.All',
  'Policy.Read.All',
  'Policy.ReadWrite.DeviceConfiguration',
  'Policy.ReadWrite.AuthenticationFlows',
  'AuditLog.Read.All',
] as const;

/** GET /admin/organization?domain=: which organization to sign in to. Public, by the domain of a user name only. */
export interface SignInPlace {
  readonly tenantId: string;
  readonly displayName: string;
  /** Of the OpenID provider; its addresses are under {issuer}/.well-known/openid-configuration. */
  readonly issuer: string;
  readonly clientId: string;
  /** Registered redirect, also after signing out. */
  readonly redirectUri: string;
  /** What `carryover enroll` is given; with the pin of our authority where there is one. */
  readonly enrollmentLink: string;
}

/**
 * How a device stands, in the order of the chart. `failing`: set aside as a clone, or the device told of failed backups
 * and none came since. `never`: may back up, did not yet.
 * Source: screens.md, coverage.
 */
export const COVERAGE = ['backedUp', 'overdue', 'failing', 'notEligible', 'notSwitchedOn', 'never'] as const;
export type Coverage = (typeof COVERAGE)[number];

/** A backup may come this much after its day before it counts as overdue: a PC that is off over night is not late. Hours. */
const TOLERANCE_HOURS = 24;

export interface CoverageFacts {
  readonly quarantined: boolean;
  /** Why it cannot back up, from eligibility.ts; empty when it can. */
  readonly reasons: readonly Reason[];
  readonly lastBackupAt: Temporal.Instant | undefined;
  /** When the device last told of failed backups; undefined when its last check-in told of none. */
  readonly failedAt?: Temporal.Instant | undefined;
}

/** The earliest moment at which a last backup is still in time. */
export function inTimeSince(now: Temporal.Instant, intervalDays: number = DEFAULTS.backupIntervalDays) {
  return now.subtract({ hours: intervalDays * 24 + TOLERANCE_HOURS });
}

/** What is wrong with the device comes before what an administrator did not switch on. */
export function coverageOf(facts: CoverageFacts, since: Temporal.Instant): Coverage {
  const { quarantined, reasons, lastBackupAt } = facts;
  if (quarantined) return 'failing';
  if (!reasons.every(saysBackupOff)) return 'notEligible';
  if (reasons.length > 0) return 'notSwitchedOn';
  if (isFailing(facts)) return 'failing';
  if (lastBackupAt === undefined) return 'never';
  return Temporal.Instant.compare(lastBackupAt, since) < 0 ? 'overdue' : 'backedUp';
}

/** A backup that came after the device told of failures says more than they do. */
export function isFailing({ failedAt, lastBackupAt }: Pick<CoverageFacts, 'failedAt' | 'lastBackupAt'>): boolean {
  if (failedAt === undefined) return false;
  return lastBackupAt === undefined || Temporal.Instant.compare(lastBackupAt, failedAt) < 0;
}

export const RESTORE_OUTCOMES = ['running', 'succeeded', 'failed', 'undone'] as const;
export type RestoreOutcome = (typeof RESTORE_OUTCOMES)[number];

export interface PersonName {
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
}

/** GET /{v1.0|beta}/deviceManagement/managedDevices[/{id}]: Graph's members that are there, and ours under `carryover`. */
export interface ManagedDevice {
  readonly id: string;
  readonly deviceName: string;
  /** "Linux" or "Windows". */
  readonly operatingSystem: string;
  /** For people: "Debian GNU/Linux 12 (bookworm), GNOME 43". */
  readonly osVersion: string;
  readonly joinType: 'azureADJoined' | 'hybridAzureADJoined' | 'azureADRegistered';
  readonly managedDeviceOwnerType: 'company' | 'personal';
  readonly enrolledDateTime: string;
  readonly lastSyncDateTime: string;
  /** Who enrolled it; null when that account is gone. */
  readonly userId: string | null;
  readonly userPrincipalName: string | null;
  readonly userDisplayName: string | null;
  readonly carryover: {
    readonly platform: Platform;
    readonly build: string;
    readonly joinType: JoinType;
    readonly agentVersion: string;
    readonly quarantined: boolean;
    /** Devices that were seen with this one's key, while it is set aside; release one of them or this. */
    readonly clones: readonly string[];
    readonly formerDeviceId: string | null;
    readonly provisioning: Provisioning;
    /** What the system says of itself. */
    readonly osJoin: OsJoin;
    /** "Show restore page" as it was at enrollment. */
    readonly restorePageAtEnrollment: boolean;
    /** Everyone with backups on this device, who enrolled it first. */
    readonly people: readonly PersonName[];
    readonly backup: {
      readonly state: Coverage;
      /** Why it cannot back up; empty when it can. */
      readonly reasons: readonly Reason[];
      readonly lastBackupDateTime: string | null;
      /** Failed backups since the last that did not, as far as the device told; null for none. */
      readonly failed: { readonly runs: number; readonly code: string; readonly toldDateTime: string } | null;
    };
    readonly restore: {
      /** Why it cannot restore on demand; empty when it can. */
      readonly reasons: readonly Reason[];
      /** What came of the restore page; null while nothing has. */
      readonly setupOutcome: SetupOutcome | null;
      /** The newest restore on this device; null before the first. */
      readonly newest: {
        readonly outcome: RestoreOutcome;
        readonly startedDateTime: string;
        /** From the person's sign-in to the restored desktop; null where the device does not know. */
        readonly sinceSignInMs: number | null;
      } | null;
    };
  };
}

/** What $filter of managedDevices understands, each `eq`, joined by `and`; $search finds parts of names of device and person. */
export const DEVICE_FILTERS = [
  'deviceName',
  'operatingSystem',
  'joinType',
  'userId',
  'userPrincipalName',
  'carryover/backup/state',
] as const;

/** GET /beta/carryover/overview */
export interface Overview {
  readonly asOf: string;
  readonly people: number;
  readonly devices: number;
  readonly coverage: Readonly<Record<Coverage, number>>;
  /** Days within which a backup counts as in time, before the tolerance of a day. */
  readonly backupIntervalDays: number;
  readonly restoresLast30Days: Readonly<Record<RestoreOutcome, number>>;
  /** What came of the restore page, of all devices that have not left; those where nothing has yet are in none. */
  readonly setupOutcomes: Readonly<Record<SetupOutcome, number>>;
  /** At most 5 of each, newest first. */
  readonly newestBackups: readonly BackupLine[];
  readonly newestRestores: readonly RestoreLine[];
}

export interface BackupLine {
  readonly deviceId: string;
  readonly deviceName: string;
  readonly person: PersonName | null;
  readonly lastBackupDateTime: string;
}

export interface RestoreLine {
  readonly deviceId: string;
  readonly deviceName: string;
  readonly person: PersonName | null;
  readonly outcome: RestoreOutcome;
  readonly startedDateTime: string;
  readonly durationMs: number | null;
}

/** In the order of the guide. */
export const FIRST_RUN_STEPS = [
  'signIn',
  'recoveryCopy',
  'people',
  'backupPolicy',
  'restorePage',
  'enrollment',
  'firstDevice',
  'firstBackup',
  'firstRestore',
] as const;
export type FirstRunStepId = (typeof FIRST_RUN_STEPS)[number];

/** Computed from what is stored each time it is asked for; nobody ticks a step. */
export interface FirstRunStep {
  readonly id: FirstRunStepId;
  readonly done: boolean;
  /** Whose or what: a person's name, a policy's, a device's; a number for counts. For the sentence beside the step. */
  readonly facts: Readonly<Record<string, string>>;
  /** When it became so; null where that is not kept. */
  readonly dateTime: string | null;
  /** Roles that can do the step; empty: nobody has to, it happens by itself or on a device. */
  readonly roles: readonly string[];
}

/** GET and PATCH /beta/carryover/firstRun; PATCH takes `{ skipped }`. */
export interface FirstRun {
  readonly steps: readonly FirstRunStep[];
  readonly finished: boolean;
  readonly skipped: boolean;
  readonly skippedDateTime: string | null;
}

/** GET /{version}/users: Graph's members that are there. */
export interface GraphUser extends PersonName {
  readonly accountEnabled: boolean;
  readonly createdDateTime: string;
}

/** POST /beta/carryover/people/import, body text/csv: 201. The passwords are shown this once. */
export interface PeopleImported {
  readonly value: readonly ImportedPerson[];
}

export interface ImportedPerson extends PersonName {
  /** Line in the file, from 1. */
  readonly line: number;
  readonly temporaryPassword: string;
}

/** `error.innerError.details` of a refused import (400, code "csv"): every fault, in the order of lines; nothing was written. */
export interface ImportRefused {
  readonly faults: readonly ImportFault[];
}

const PASSWORD_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const TEMPORARY_PASSWORD_CHARACTERS = 20;

/**
 * A password that nobody can guess and everybody can type, e.g. "7Q4KM-XXXXX-XXXXX-XXXXX": 100 bits.
 *
 * `random`: at least 20 bytes from a cryptographic generator. No letter is taken for another (no I, O, 0, 1).
 */
export function temporaryPassword(random: Uint8Array): string {
  if (random.length < TEMPORARY_PASSWORD_CHARACTERS) throw new RangeError('A password needs 20 random bytes.');
  // 32 letters divide 256: each is as likely as any other.
  const letters = [...random.subarray(0, TEMPORARY_PASSWORD_CHARACTERS)].map(
    (byte) => PASSWORD_LETTERS[byte % PASSWORD_LETTERS.length],
  );
  return letters.join('').replace(/(.{5})(?=.)/g, '$1-');
}
