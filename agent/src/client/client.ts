/**
 * The service as the agent sees it: one method a request of the device API (model/src/wire.ts).
 *
 * Errors of every method: KnownError with the service's code, inner code and details; serviceUnreachable when there is
 * no answer; unauthenticated when the sign-in has ended and the person must sign in again.
 */

import { createHash } from 'node:crypto';
import { compareVersions } from '@carryover/model/eligibility';
import { KnownError } from '@carryover/model/errors';
import { decodeParts, encodeParts, PARTS_MEDIA_TYPE, type Parts } from '@carryover/model/parts';
import type { PolicyDocument } from '@carryover/model/policy-merge';
import type { Preferences } from '@carryover/model/preferences';
import {
  type CheckIn,
  type CheckInRequest,
  type Enrollment,
  type EnrollmentRequest,
  IDEMPOTENCY_HEADER,
  type OfferedProfile,
  type PolicyBody,
  type PreferencesBody,
  type ReportBody,
  type RestoreChoice,
  type RestoreSession,
  type SetupChoice,
  type SnapshotContentHead,
  type SnapshotHead,
  type SnapshotLine,
  type SnapshotReceipt,
} from '@carryover/model/wire';
import { isCheckIn } from '../state/shapes.ts';
import type { State } from '../state/state.ts';
import { AGENT_VERSION } from '../version.ts';
import { jsonOf, notTheService } from './answer.ts';
import { type ApiRequest, type RequestParts, requestsOf } from './request.ts';

export interface Client {
  enroll(request: EnrollmentRequest): Promise<Enrollment>;
  unenroll(): Promise<void>;
  checkIn(request: CheckInRequest): Promise<CheckIn>;
  /** What the last check-in left of all policies, with who decided and who did not. */
  getPolicy(): Promise<PolicyBody>;
  /** `contents` in the order of `head.parts`. `idempotencyKey` is the same when the same upload is tried again. */
  putSnapshot(head: SnapshotHead, contents: readonly Uint8Array[], idempotencyKey: string): Promise<SnapshotReceipt>;
  getPreferences(): Promise<Preferences>;
  putPreferences(preferences: Preferences): Promise<Preferences>;
  /** Nothing is to come over to this device. Safe to repeat. */
  setUpAsNew(): Promise<void>;
  /** Best first. Asks for the restore resource, as do the five below. */
  listProfiles(): Promise<OfferedProfile[]>;
  listSnapshots(profileId: string): Promise<SnapshotLine[]>;
  getSnapshot(profileId: string, seq: number): Promise<Parts<SnapshotContentHead>>;
  getBlob(profileId: string, blobId: string): Promise<Uint8Array>;
  startRestore(choice: RestoreChoice): Promise<RestoreSession>;
  reportRestore(sessionId: string, report: ReportBody): Promise<void>;
}

export interface ServiceClientOptions extends RequestParts {
  /** Undefined before the device is enrolled: then only `enroll` can be asked. */
  readonly deviceId: string | undefined;
  /** What is written on this device goes along with every check-in, so that no command can forget it. */
  readonly localPolicy: LocalPolicy;
}

/** What administrators wrote on this device, as far as a check-in needs it; agent/policy reads it. */
interface LocalPolicy {
  /** Changes whenever what is read may have; empty where nothing is written. */
  mark(): Promise<string>;
  read(): Promise<{ readonly documents: readonly PolicyDocument[] }>;
}

/** The client of one service, for this device. Nothing is sent before a method is called. */
export function serviceClient(options: ServiceClientOptions): Client {
  const requests = requestsOf(options);
  const device = () => {
    if (options.deviceId === undefined) throw new KnownError('notEnrolled', NOT_ENROLLED);
    return `/devices/${options.deviceId}`;
  };

  async function json<Content>(request: ApiRequest, content?: unknown): Promise<Content> {
    const sent = content === undefined ? request : { ...request, headers: AS_JSON, body: JSON.stringify(content) };
    return jsonOf(await requests.send(sent), requests.urlOf(request.path)) as Content;
  }

  async function listed<Item>(path: string): Promise<Item[]> {
    const { value } = await json<{ value?: Item[] }>({ method: 'GET', path, resource: 'restore' });
    if (!Array.isArray(value)) throw notTheService(requests.urlOf(path), 'without a list');
    return value;
  }

  /** Keeps what a check-in says, also the one an enrollment brings; `localMark`: of what it was told of this device. */
  async function keep(checkIn: CheckIn, path: string, localMark = ''): Promise<void> {
    const { session: _, ...kept } = await accepted(checkIn, requests.urlOf(path), options.state);
    const { clock, state } = options;
    await followProfile(state, kept.profileId);
    const told = localMark === '' ? {} : { localMark };
    await state.write('service', { checkIn: kept, clockOffsetMs: clock.offsetMs, checkedInAt: kept.now, ...told });
  }

  return {
    async enroll(request) {
      const path = '/enrollments';
      const enrollment = await json<Enrollment>({ method: 'POST', path, resource: 'enrollment' }, request);
      await keep(enrollment.checkIn, path);
      return enrollment;
    },
    async unenroll() {
      await requests.send({ method: 'DELETE', path: device(), resource: 'backup' });
    },
    async checkIn(request) {
      const path = `${device()}/check-ins`;
      // Before it is read: what changes meanwhile is told with the next one.
      const localMark = await options.localPolicy.mark();
      const documents = localMark === '' ? [] : (await options.localPolicy.read()).documents;
      const told: CheckInRequest = {
        ...request,
        ...(await failedRuns(options.state)),
        ...(documents.length === 0 ? {} : { localPolicy: documents }),
      };
      const checkIn = await json<CheckIn>({ method: 'POST', path, resource: 'backup' }, told);
      await keep(checkIn, path, localMark);
      requests.startSession(checkIn.session);
      return checkIn;
    },
    async getPolicy() {
      return json<PolicyBody>({ method: 'GET', path: `${device()}/policy`, resource: 'backup' });
    },
    async putSnapshot(head, contents, idempotencyKey) {
      return json<SnapshotReceipt>({
        method: 'POST',
        path: `${device()}/snapshots`,
        resource: 'backup',
        headers: { 'content-type': PARTS_MEDIA_TYPE, [IDEMPOTENCY_HEADER]: idempotencyKey },
        body: encodeParts(head, contents),
      });
    },
    async getPreferences() {
      const path = `${device()}/preferences`;
      return (await json<PreferencesBody>({ method: 'GET', path, resource: 'backup' })).preferences;
    },
    async putPreferences(preferences) {
      const body: PreferencesBody = { preferences };
      const path = `${device()}/preferences`;
      return (await json<PreferencesBody>({ method: 'PUT', path, resource: 'backup' }, body)).preferences;
    },
    async setUpAsNew() {
      const choice: SetupChoice = { kind: 'new' };
      await requests.send({
        method: 'PUT',
        path: `${device()}/setup-choice`,
        resource: 'backup',
        headers: AS_JSON,
        body: JSON.stringify(choice),
      });
    },
    async listProfiles() {
      return listed(`${device()}/profiles`);
    },
    async listSnapshots(profileId) {
      return listed(`/profiles/${encodeURIComponent(profileId)}/snapshots`);
    },
    async getSnapshot(profileId, seq) {
      const path = `/profiles/${encodeURIComponent(profileId)}/snapshots/${seq}`;
      const headers = { accept: `${PARTS_MEDIA_TYPE}, application/json` };
      const { body } = await requests.send({ method: 'GET', path, resource: 'restore', headers });
      return undamaged(decodeParts<SnapshotContentHead>(body));
    },
    async getBlob(profileId, blobId) {
      const path = `/profiles/${encodeURIComponent(profileId)}/blobs/${encodeURIComponent(blobId)}`;
      const headers = { accept: 'application/octet-stream, application/json' };
      return (await requests.send({ method: 'GET', path, resource: 'restore', headers })).body;
    },
    async startRestore(choice) {
      return json<RestoreSession>(
        { method: 'POST', path: `${device()}/restore-sessions`, resource: 'restore' },
        choice,
      );
    },
    async reportRestore(sessionId, report) {
      await requests.send({
        method: 'PUT',
        path: `/restore-sessions/${encodeURIComponent(sessionId)}/report`,
        resource: 'restore',
        headers: AS_JSON,
        body: JSON.stringify(report),
      });
    },
  };
}

const NOT_ENROLLED = 'This PC is not connected to an organization yet. Connect it: carryover enroll LINK';

const AS_JSON = { 'content-type': 'application/json' };

/** The parts as their digests say. Errors: serviceUnreachable, inner "damaged", when one changed on the way. */
function undamaged<Head>(parts: Parts<Head>): Parts<Head> {
  for (const [index, { sha256 }] of parts.head.parts.entries()) {
    const digest = createHash('sha256')
      .update(parts.contents[index] ?? '')
      .digest('hex');
    if (digest !== sha256) {
      throw new KnownError('serviceUnreachable', 'The download was damaged on its way. Try again.', {
        inner: 'damaged',
      });
    }
  }
  return parts;
}

/**
 * The profile of this device was deleted, and the service began another: what was confirmed of the former one counts no
 * more. Forgotten first, so that a run that ends here leaves nothing behind that is not true.
 */
async function followProfile(state: State, profileId: string): Promise<void> {
  const enrollment = await state.read('enrollment');
  if (enrollment === undefined || enrollment.profileId === profileId) return;
  await state.remove('acknowledged');
  await state.write('enrollment', { ...enrollment, profileId });
}

/** What this device's scheduled runs came to since the last backup, for every check-in: one that is silent of it ends it. */
async function failedRuns(state: State): Promise<Pick<CheckInRequest, 'failedRuns'>> {
  const { failures = 0, lastError } = (await state.read('attempts')) ?? {};
  if (failures === 0 || lastError === undefined) return {};
  return { failedRuns: { count: failures, code: lastError.code } };
}

/**
 * A check-in that may be followed.
 *
 * Errors: serviceUnreachable when it is none; conflict, inner "olderPolicy", when the policy is older than the last one:
 * an old answer must not bring back what the organization has forbidden since; notAllowed, inner "agentTooOld".
 */
async function accepted(checkIn: CheckIn, url: URL, state: State): Promise<CheckIn> {
  if (!isCheckIn(checkIn)) throw notTheService(url, 'with something that is not a check-in');
  const known = (await state.read('service'))?.checkIn.policy.version ?? 0;
  if (checkIn.policy.version < known) {
    throw new KnownError(
      'conflict',
      `The service sent policy ${checkIn.policy.version}, older than policy ${known} this PC has. Tell your IT.`,
      { inner: 'olderPolicy' },
    );
  }
  if (compareVersions(AGENT_VERSION, checkIn.minimumAgent) < 0) {
    throw new KnownError(
      'notAllowed',
      `This carryover is version ${AGENT_VERSION}; the service needs ${checkIn.minimumAgent} or later. Update it.`,
      { inner: 'agentTooOld' },
    );
  }
  return checkIn;
}
