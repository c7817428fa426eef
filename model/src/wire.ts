/**
 * The device API: what agent and service say to each other, under {PUBLIC_URL}/device/v1.
 *
 * Instants travel as ISO 8601 UTC text, ids as lower-case UUIDs, digests as lower-case hex, binary contents as Parts
 * (parts.ts). Every request carries AGENT_VERSION_HEADER. Errors are Graph's envelope:
 * `{ error: { code, message, innerError: { code?, details?, "request-id", date } } }`, codes from errors.ts.
 * A side keeps what it does not know. Two releases of skew both ways.
 *
 *   POST   /device/v1/enrollments                                  EnrollmentRequest -> 201 Enrollment
 *   DELETE /device/v1/devices/{deviceId}                           -> 204; the person's key is revoked, profiles stay
 *   POST   /device/v1/devices/{deviceId}/check-ins                 CheckInRequest -> CheckIn
 *   GET    /device/v1/devices/{deviceId}/policy                    -> PolicyBody: as the last check-in left it, with why
 *   POST   /device/v1/devices/{deviceId}/snapshots                 Parts<SnapshotHead> -> SnapshotReceipt
 *   GET    /device/v1/devices/{deviceId}/preferences               -> PreferencesBody
 *   PUT    /device/v1/devices/{deviceId}/preferences               PreferencesBody -> PreferencesBody
 *   PUT    /device/v1/devices/{deviceId}/setup-choice              SetupChoice -> 204 (safe to repeat): nothing comes over
 *   GET    /device/v1/devices/{deviceId}/profiles                  -> { value: OfferedProfile[] }, best first
 *   GET    /device/v1/profiles/{profileId}/snapshots               -> { value: SnapshotLine[] }, newest first
 *   GET    /device/v1/profiles/{profileId}/snapshots/{seq}         -> Parts<SnapshotContentHead>: manifest and all units
 *   GET    /device/v1/profiles/{profileId}/blobs/{blobId}          -> the bytes
 *   POST   /device/v1/devices/{deviceId}/restore-sessions          RestoreChoice -> 201 RestoreSession
 *   PUT    /device/v1/restore-sessions/{sessionId}/report          ReportBody -> 204 (safe to repeat)
 *
 * The first line asks for a token of the enrollment resource, those up to setup-choice of the backup resource (saying no must
 * not need the sign-in that restoring does), the others of the restore resource.
 */

import type { DeviceFacts, JoinType } from './device.ts';
import type { Eligibility } from './eligibility.ts';
import type { Part } from './parts.ts';
import type { EffectivePolicy } from './policy.ts';
import type { Explained } from './policy-explain.ts';
import type { PolicyDocument } from './policy-merge.ts';
import type { Preferences } from './preferences.ts';
import type { Reason } from './reasons.ts';
import type { ReportItem } from './report.ts';
import type { RestoreOccasion } from './restore-occasion.ts';
import type { Category, Platform } from './setting.ts';
import type { Manifest } from './snapshot.ts';

export const AGENT_VERSION_HEADER = 'carryover-agent';
export const IDEMPOTENCY_HEADER = 'idempotency-key';

/** Public clients and resources, the same in every deployment. Source: architecture.md, "Wire". */
export const CLIENTS = {
  /** Carryover's own client on a device: enrollment, backup, preferences. */
  agent: '6f1f4c1e-3c0b-4d1a-9a52-0f4be4a3c7d1',
  /** The restore experience, Microsoft's id. */
  restoreExperience: '74d197dc-b84d-4d43-a1b2-b5bf3bb91c11',
  /** Microsoft's Graph command line tools: what administrators' scripts use. */
  graphCommandLine: '14d82eec-204b-4c2f-b7e8-296a70dab67e',
  /** The admin center, in a browser at {PUBLIC_URL}/admin. */
  adminCenter: 'c7d0a3f2-8b1e-4f65-9d2a-6e4b50c19f83',
} as const;

/**
 * Where a sign-in of the agent or the restore experience comes back to: on the device itself, on a port that differs
 * each time (RFC 8252, section 7.3), so that it is registered without one.
 */
export const LOOPBACK_REDIRECT = 'http://127.0.0.1/';

/** The same for a sign-in that begins on one of the agent's own pages (local-pages.ts) and comes back into its window. */
export const PAGE_REDIRECT = 'http://127.0.0.1/signed-in';

/** Resources: the audience of a token is the id, the resource indicator (RFC 8707) is `api://{id}`. */
export const RESOURCES = {
  enrollment: 'd4ebce55-015a-49b5-a083-c84d1797ae8c',
  backup: 'b2f3a7c9-5d84-4e6b-8a17-2c9d0e5f6b38',
  restore: 'd32c68ad-72d2-4acb-a0c7-46bb2cf93873',
  graph: '00000003-0000-0000-c000-000000000000',
} as const;
export type Resource = keyof typeof RESOURCES;

/** Scopes asked for at each resource. */
export const SCOPES = { enrollment: 'device.enroll', backup: 'backup.readwrite', restore: 'restore.read' } as const;

export interface EnrollmentRequest {
  readonly device: DeviceFacts;
  /** An enrollment token from IT makes the device joined, whoever signs in. */
  readonly enrollmentToken?: string;
  /** What the maker wrote on the PC, where the system tells it: by it a PC that IT registered is known again. */
  readonly serialNumber?: string;
}

export interface Enrollment {
  readonly deviceId: string;
  readonly profileId: string;
  readonly joinType: JoinType;
  readonly person: { readonly userId: string; readonly userPrincipalName: string; readonly displayName: string };
  readonly tenantId: string;
  readonly organization: string;
  readonly enrolledAt: string;
  readonly checkIn: CheckIn;
}

export interface CheckInRequest {
  readonly device: DeviceFacts;
  readonly manifestFormat: 1;
  /** Absent when the last backup succeeded, or none was tried. */
  readonly failedRuns?: FailedRuns;
  /**
   * What administrators wrote on the device itself, of every source but the service; the service puts it together with
   * its own, and keeps it until the next check-in. Absent: nothing is written there.
   */
  readonly localPolicy?: readonly PolicyDocument[];
}

/** Backups that failed one after the other since the last that did not, e.g. { count: 3, code: 'storageFull' }. */
export interface FailedRuns {
  readonly count: number;
  /** Code of the newest failure, from errors.ts. */
  readonly code: string;
}

export interface CheckIn {
  readonly now: string;
  readonly policy: EffectivePolicy;
  readonly preferences: Preferences;
  readonly eligibility: Eligibility;
  /** Hex; content ids and chain MACs of this person are made with it. */
  readonly digestKey: string;
  /** Where this device's backups go. Another than before when that profile was deleted: nothing of it is acknowledged any more. */
  readonly profileId: string;
  /** What the service holds in this profile; null before the first backup. */
  readonly head: Head | null;
  /** A short-lived session for the requests that follow; see SessionGrant. */
  readonly session: SessionGrant;
  readonly minimumAgent: string;
}

export interface Head {
  readonly seq: number;
  readonly mac: string;
  readonly lastBackupAt: string;
}

/**
 * Spares the two signature checks of DPoP for the next requests of this device. Authorization header:
 * `CarryoverSession id=<id>, n=<count>, mac=<hex>` with mac = HMAC-SHA256(key, `${n}\n${METHOD}\n${path and query}\n${hex SHA-256 of the body}`).
 * `n` must grow with every request. Unknown or expired: 401 with inner code "sessionExpired"; go on with DPoP.
 */
export interface SessionGrant {
  readonly id: string;
  /** Hex, 32 bytes. */
  readonly key: string;
  readonly expiresInSeconds: number;
}

export interface SnapshotHead {
  readonly manifest: Manifest;
  /** MAC of this manifest, hex: the next one names it as previous. */
  readonly mac: string;
  readonly parts: readonly Part[];
}

/**
 * 409 conflict, inner "partsMissing": details.units and details.blobs list the ids the service lacks; send again with them.
 * 409 conflict, inner "notPrevious": details.head is what the service holds in details.profileId; two devices or a lost state.
 * 409 conflict, inner "profileDeleted": the profile is gone; a check-in names the new one, which begins a new chain.
 * 403 accessDenied, inner "policy": details.policy is the effective policy, details.reasons says why.
 */
export interface SnapshotReceipt {
  readonly seq: number;
  readonly mac: string;
  /** False when nothing had changed and only the time of the last backup advanced. */
  readonly stored: boolean;
  readonly lastBackupAt: string;
  readonly policyVersion: number;
}

/** What applies to this person on this device, and for each decision who took it and why not the others. */
export interface PolicyBody {
  readonly policy: EffectivePolicy;
  readonly explained: Explained;
}

export interface PreferencesBody {
  readonly preferences: Preferences;
}

export interface OfferedProfile {
  readonly id: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly platform: Platform;
  readonly osName: string;
  readonly lastBackupAt: string;
  readonly settingCount: number;
  readonly appCount: number;
  readonly defaultSeq: number;
  readonly headSeq: number;
  readonly recommended: boolean;
  /** Backed up on this PC before it was reset or connected anew. */
  readonly samePc?: true;
  /** Set when the newest snapshot is kept but not offered. */
  readonly note?: Reason;
}

export interface SnapshotLine {
  readonly seq: number;
  readonly takenAt: string;
  readonly settingCount: number;
  readonly appCount: number;
  readonly state: 'received' | 'valid' | 'invalid';
  readonly thin: boolean;
}

export interface SnapshotContentHead {
  readonly profileId: string;
  readonly seq: number;
  readonly takenAt: string;
  readonly manifest: Manifest;
  /** Categories left out because policy or preference says so now. */
  readonly withheld: readonly Category[];
  readonly parts: readonly Part[];
}

export interface RestoreChoice {
  readonly profileId: string;
  readonly seq: number;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** What it is taken for: the service asks that answer of the device's eligibility. Unsaid: any of the three will do. */
  readonly occasion?: RestoreOccasion;
}

/** "Set up as a new PC": the person wants nothing brought over to this device. A later RestoreChoice takes its place. */
export interface SetupChoice {
  readonly kind: 'new';
}

export interface RestoreSession {
  readonly sessionId: string;
}

export interface ReportBody {
  readonly items: readonly Pick<ReportItem, 'id' | 'kind' | 'category' | 'status' | 'reason'>[];
  readonly durationMs: number;
  readonly finished: boolean;
  readonly undone: boolean;
  /** Milliseconds from the person's sign-in to the restored desktop, where the device knows both (B8). */
  readonly sinceSignInMs?: number;
}
