/**
 * What the agent keeps on the device between runs, each piece one file in its own state folder, 0600.
 *
 * A file that cannot be read as what it should be is set aside (`<name>.damaged-<time>`) with a message and counts as
 * absent: what it held is rebuilt from the service, or the person is told to enroll again. Nothing is thrown away.
 */

import type { JoinType } from '@carryover/model/device';
import type { Preferences } from '@carryover/model/preferences';
import type { RestoreOccasion } from '@carryover/model/restore-occasion';
import type { Manifest } from '@carryover/model/snapshot';
import type { CheckIn } from '@carryover/model/wire';
import type { System } from '../system/system.ts';
import { withLock } from './lock.ts';
import { hasShape } from './shapes.ts';

/** enrollment.json: who and where we are. Written by `enroll`, removed by `unenroll`. */
export interface EnrollmentState {
  readonly serviceUrl: string;
  readonly issuer: string;
  /** Where tokens are renewed, as the issuer's discovery said at enrollment. */
  readonly tokenEndpoint: string;
  readonly tenantId: string;
  readonly organization: string;
  readonly deviceId: string;
  /** Where backups go; another one once the service says that this was deleted. */
  readonly profileId: string;
  readonly joinType: JoinType;
  readonly userId: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** By the service's time. */
  readonly enrolledAt: string;
  /** SHA-256 of the CA certificate's public key that the enrollment link pinned, hex; absent when none was pinned. */
  readonly caPin?: string;
  /** PEM of the only authority to trust for the service, absent when the system's own store is trusted. */
  readonly ca?: string;
}

/** device-key.json: the person's key on this device, an ES256 private JWK; tokens are bound to it. */
export interface DeviceKeyState {
  readonly privateJwk: Readonly<Record<string, string>>;
}

export interface TokenState {
  readonly accessToken: string;
  /** Seconds since the epoch by the service's clock. */
  readonly expiresAt: number;
  readonly refreshToken?: string;
}

/** tokens.json: by resource. */
export type TokensState = Readonly<Partial<Record<'enrollment' | 'backup' | 'restore', TokenState>>>;

/** service.json: what the service said last. */
export interface ServiceState {
  readonly checkIn: Omit<CheckIn, 'session'>;
  /** Service time minus this device's clock, in milliseconds: proofs are made with it, and `doctor` shows it. */
  readonly clockOffsetMs: number;
  readonly checkedInAt: string;
  /** Since when it says that this device may back up; absent while it does not. */
  readonly backupAllowedSince?: string;
  /** Of the policies written on this device (agent/policy) that it was told with it; absent: there were none. */
  readonly localMark?: string;
}

/** acknowledged.json: what the service confirmed of this device. */
export interface AcknowledgedState {
  readonly seq: number;
  readonly mac: string;
  /** Content id by payload type. */
  readonly units: Readonly<Record<string, string>>;
  readonly settingCount: number;
  readonly appCount: number;
  readonly lastBackupAt: string;
  /** Of everything that capture reads, its catalog and policy: equal means nothing can have changed. */
  readonly fingerprint: string;
  /** Paths the fingerprint is made of, as the last capture found them. */
  readonly watched: readonly string[];
  /** The manifest as stored: sent again when nothing changed. */
  readonly manifest: Manifest;
  /** Stays, so that it is not only said once on a terminal that nobody watched. */
  readonly alarm?: AlarmState;
}

/** The service showed less than it had acknowledged. */
export interface AlarmState {
  readonly noticedAt: string;
  readonly acknowledgedSeq: number;
  /** 0 when the service showed none. */
  readonly shownSeq: number;
}

/** attempts.json: what came in between since the last success, for due(): failed runs, and times slept through. */
export interface AttemptsState {
  readonly failures: number;
  readonly lastFailureAt?: string;
  readonly lastError?: { readonly code: string; readonly message: string };
  /** What the service asked for when it refused. */
  readonly retryAfterSeconds?: number;
  readonly missed?: { readonly noticedAt: string; readonly times: number };
}

/** schedule.json: which schedule was installed for this person here, so that `unenroll` removes that one and no other. */
export interface ScheduleInstalled {
  readonly kind: 'systemd' | 'cron' | 'taskScheduler';
  readonly installedAt: string;
}

/**
 * choice.json: what the person chose on the restore page. Written before the service is told and before anything is
 * applied; removed by `unenroll`. Chosen anew, it is replaced as a whole.
 */
export interface ChoiceState {
  /** Ties the restore that carries it out to it (restore/journal.ts). */
  readonly id: string;
  readonly choice:
    | { readonly kind: 'new' }
    | {
        readonly kind: 'profile';
        readonly profileId: string;
        readonly deviceName: string;
        /** A point in time; undefined for the newest good one. */
        readonly seq?: number;
        readonly only: readonly string[];
        readonly skip: readonly string[];
        /** What it was chosen for; undefined: on demand. */
        readonly occasion?: RestoreOccasion;
      };
  readonly decidedAt: string;
  /** Whether the service has it on record; what it could not be told goes with the next start. */
  readonly told: boolean;
  /** The restore as the service calls it. */
  readonly sessionId?: string;
  /** When the person was first at a desktop with this waiting: from there on the way to the restored desktop is measured. */
  readonly desktopAt?: string;
  /** Set once nothing is left to do about it. */
  readonly ended?: {
    readonly what: 'restored' | 'refused';
    readonly at: string;
    /** The person has seen what came of it. */
    readonly seen: boolean;
  };
}

/** switches.json: what the person switched and the service does not know yet; it goes with the next contact. */
export type SwitchesState = Preferences;

export interface StateFiles {
  readonly enrollment: EnrollmentState;
  readonly 'device-key': DeviceKeyState;
  readonly tokens: TokensState;
  readonly service: ServiceState;
  readonly acknowledged: AcknowledgedState;
  readonly attempts: AttemptsState;
  readonly schedule: ScheduleInstalled;
  readonly choice: ChoiceState;
  readonly switches: SwitchesState;
}

export interface State {
  /** Undefined when there is none or it is damaged (then it was set aside and `warn` was told). */
  read<Name extends keyof StateFiles>(name: Name): Promise<StateFiles[Name] | undefined>;
  write<Name extends keyof StateFiles>(name: Name, value: StateFiles[Name]): Promise<void>;
  remove(name: keyof StateFiles): Promise<void>;
  /** Runs `work` alone: a second run of the agent waits, or ends with `conflict` when `wait` is false. */
  exclusively<Result>(work: () => Promise<Result>, options?: { readonly wait: boolean }): Promise<Result>;
}

const ONLY_THE_PERSON = 0o600;

/**
 * The state of this person on this device, in `system.stateFolder`.
 *
 * `warn` is told once, in a sentence for people, about each file that was set aside.
 */
export function fileState(system: System, warn: (sentence: string) => void): State {
  const pathOf = (name: string) => `${system.stateFolder}/${name}.json`;
  return {
    async read(name) {
      const bytes = await system.readFile(pathOf(name));
      if (bytes === undefined) return undefined;
      const value = jsonFrom(bytes);
      if (hasShape(name, value)) return value;
      const damaged = `${name}.damaged-${system.now().toString({ smallestUnit: 'second' }).replaceAll(':', '')}`;
      await system.writeFile(`${system.stateFolder}/${damaged}`, bytes, ONLY_THE_PERSON);
      await system.removeFile(pathOf(name));
      warn(`${name}.json could not be read. It was kept as ${system.stateFolder}/${damaged}. ${CONSEQUENCES[name]}`);
      return undefined;
    },
    write: (name, value) => system.writeFile(pathOf(name), `${JSON.stringify(value, null, 2)}\n`, ONLY_THE_PERSON),
    remove: (name) => system.removeFile(pathOf(name)),
    exclusively: (work, { wait } = { wait: true }) => withLock(system, `${system.stateFolder}/lock`, { wait }, work),
  };
}

/** What the loss of a file means for the person. */
const CONSEQUENCES: Readonly<Record<keyof StateFiles, string>> = {
  enrollment: 'Connect this PC again: carryover enroll LINK',
  'device-key': 'Connect this PC again: carryover enroll LINK',
  tokens: 'The next command that needs it asks you to sign in.',
  service: 'It is asked for again at the next contact with the service.',
  acknowledged: 'The next backup compares with the service and sends what is missing.',
  attempts: 'Nothing is lost but the count of failed runs.',
  schedule: 'The schedule itself is as it was.',
  choice: 'The restore page asks again what is to come over. Nothing that came over is lost.',
  switches: 'Look whether what is remembered is as you want it: carryover remember',
};

function jsonFrom(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
