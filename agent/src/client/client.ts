/**
 * The service as the agent sees it: one method a request of the device API (model/src/wire.ts).
 *
 * Errors of every method: KnownError with the service's code, inner code and details; serviceUnreachable when there is
 * no answer; unauthenticated when the sign-in has ended and the person must sign in again.
 */

import type { Parts } from '@carryover/model/parts';
import type { Preferences } from '@carryover/model/preferences';
import type {
  CheckIn,
  CheckInRequest,
  Enrollment,
  EnrollmentRequest,
  OfferedProfile,
  ReportBody,
  RestoreChoice,
  RestoreSession,
  SnapshotContentHead,
  SnapshotHead,
  SnapshotLine,
  SnapshotReceipt,
} from '@carryover/model/wire';

export interface Client {
  enroll(request: EnrollmentRequest): Promise<Enrollment>;
  unenroll(): Promise<void>;
  checkIn(request: CheckInRequest): Promise<CheckIn>;
  /** `contents` in the order of `head.parts`. `idempotencyKey` is the same when the same upload is tried again. */
  putSnapshot(head: SnapshotHead, contents: readonly Uint8Array[], idempotencyKey: string): Promise<SnapshotReceipt>;
  getPreferences(): Promise<Preferences>;
  putPreferences(preferences: Preferences): Promise<Preferences>;
  /** Best first. Asks for the restore resource, as do the five below. */
  listProfiles(): Promise<OfferedProfile[]>;
  listSnapshots(profileId: string): Promise<SnapshotLine[]>;
  getSnapshot(profileId: string, seq: number): Promise<Parts<SnapshotContentHead>>;
  getBlob(profileId: string, blobId: string): Promise<Uint8Array>;
  startRestore(choice: RestoreChoice): Promise<RestoreSession>;
  reportRestore(sessionId: string, report: ReportBody): Promise<void>;
}
