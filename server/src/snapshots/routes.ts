/**
 * Uploads and downloads of snapshots (model/wire.ts).
 *
 * The service refuses what policy, preferences or eligibility forbid, whatever the agent believes: at upload and again
 * at download, so that a category switched off since is not offered from older snapshots.
 */

import { categoryOfPayloadType } from '@carryover/model/catalog';
import { KnownError } from '@carryover/model/errors';
import { decodeParts, encodeParts, PARTS_MEDIA_TYPE } from '@carryover/model/parts';
import { categoriesOff } from '@carryover/model/preferences';
import type { Catalog, Category } from '@carryover/model/setting';
import type { ManifestUnit } from '@carryover/model/snapshot';
import { IDEMPOTENCY_HEADER, SCOPES, type SnapshotHead, type SnapshotReceipt } from '@carryover/model/wire';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Access, type Caller, callerOf } from '../http/caller.ts';
import { mustBeAbleToBackUp, refusal, type Standing } from '../standing/standing.ts';
import {
  blobContent,
  categoriesOfBlob,
  commitUpload,
  listSnapshots,
  type Storage,
  snapshotContent,
} from './snapshots.ts';

export interface SnapshotRoutes {
  readonly storage: Storage;
  readonly catalog: Catalog;
  readonly standingOf: (caller: Caller) => Promise<Standing>;
  /** Refuses a device that may not restore on any occasion. */
  readonly restoringStandingOf: (caller: Caller) => Promise<Standing>;
  readonly now: () => Temporal.Instant;
}

const UPLOAD: Access = { resource: 'backup', scopes: [SCOPES.backup], owned: { deviceId: 'device' } };
const DOWNLOAD: Access = { resource: 'restore', scopes: [SCOPES.restore], owned: { profileId: 'profile' } };

const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const Seq = Type.String({ pattern: '^[1-9][0-9]{0,14}$' });
const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' });

export const snapshotRoutes: FastifyPluginAsyncTypebox<SnapshotRoutes> = async (app, parts) => {
  const { storage, catalog, standingOf, restoringStandingOf, now } = parts;

  app.post(
    '/device/v1/devices/:deviceId/snapshots',
    {
      schema: {
        params: Type.Object({ deviceId: Uuid }),
        headers: Type.Object({ [IDEMPOTENCY_HEADER]: Type.String({ minLength: 8, maxLength: 100 }) }),
      },
      config: { access: UPLOAD },
    },
    async (request): Promise<SnapshotReceipt> => {
      const caller = callerOf(request);
      const profileId = profileOf(caller);
      if (!(request.body instanceof Uint8Array))
        throw new KnownError('invalidRequest', `Send a body of type ${PARTS_MEDIA_TYPE}.`);
      const upload = decodeParts<SnapshotHead>(request.body);
      const standing = await standingOf(caller);
      mustBeAbleToBackUp(standing);
      mustBeSwitchedOn(upload.head.manifest?.units ?? [], standing, catalog);
      const committed = await commitUpload(storage, {
        owner: { tenantId: caller.tenantId, userId: caller.userId },
        profileId,
        requestId: request.headers[IDEMPOTENCY_HEADER],
        parts: upload,
        keep: standing.policy.keptSnapshots,
        now: now(),
      });
      return { ...committed, lastBackupAt: committed.lastBackupAt.toString(), policyVersion: standing.policy.version };
    },
  );

  app.get(
    '/device/v1/profiles/:profileId/snapshots',
    { schema: { params: Type.Object({ profileId: Uuid }) }, config: { access: DOWNLOAD } },
    async (request) => {
      const caller = callerOf(request);
      await restoringStandingOf(caller);
      return { value: await listSnapshots(storage.store, caller, request.params.profileId) };
    },
  );

  app.get(
    '/device/v1/profiles/:profileId/snapshots/:seq',
    { schema: { params: Type.Object({ profileId: Uuid, seq: Seq }) }, config: { access: DOWNLOAD } },
    async (request, reply) => {
      const caller = callerOf(request);
      const standing = await restoringStandingOf(caller);
      const { profileId, seq } = request.params;
      const wanted = { profileId, seq: Number(seq), categories: standing.offered };
      const { head, contents } = await snapshotContent(storage, caller, wanted);
      return await reply.type(PARTS_MEDIA_TYPE).send(Buffer.from(encodeParts(head, contents)));
    },
  );

  app.get(
    '/device/v1/profiles/:profileId/blobs/:blobId',
    { schema: { params: Type.Object({ profileId: Uuid, blobId: Digest }) }, config: { access: DOWNLOAD } },
    async (request, reply) => {
      const caller = callerOf(request);
      const standing = await restoringStandingOf(caller);
      const belongsTo = await categoriesOfBlob(storage, caller, { ...request.params, allowed: standing.offered });
      if (!belongsTo.some((category) => standing.offered.includes(category))) mustBeOn(belongsTo, standing);
      const content = await blobContent(storage, caller, request.params);
      return await reply.type('application/octet-stream').send(Buffer.from(content));
    },
  );
};

/** The device and profile are known from the key that the token is bound to. */
function profileOf(caller: Caller): string {
  if (caller.profileId === undefined)
    throw new KnownError('accessDenied', 'This device is not enrolled. Run: carryover enroll');
  return caller.profileId;
}

/** Errors: accessDenied (inner "policy") that names every category that must stay out. */
function mustBeSwitchedOn(units: readonly ManifestUnit[], standing: Standing, catalog: Catalog): void {
  // What the catalog knows decides; a payload type of a newer agent is taken at its word.
  const sent = units.map(({ payloadType, category }) => categoryOfPayloadType(catalog, payloadType) ?? category);
  mustBeOn(sent, standing);
}

/** Errors: accessDenied (inner "policy") with the reason of every category that is switched off now. */
function mustBeOn(categories: readonly Category[], { policy, preferences }: Standing): void {
  const off = categoriesOff(policy, preferences);
  const reasons = [...new Set(categories)].flatMap((category) => off.get(category) ?? []);
  if (reasons.length > 0) throw refusal(policy, reasons);
}
