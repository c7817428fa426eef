/** Reading what is stored: each look-up names tenant and person, and sees nothing of a deleted profile. */

import { KnownError } from '@carryover/model/errors';
import type { Store } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { readFirst, readRows } from '../db/read.ts';
import type { Owner, Schema } from '../db/schema.ts';
import { blobKeyOf } from './places.ts';

export type UnitRow = Pick<
  Schema['units'],
  'profile_id' | 'payload_type' | 'category' | 'content_id' | 'key_id' | 'plain_bytes' | 'sealed'
>;

/** Errors: itemNotFound. */
async function mustBeLive(store: Store, owner: Owner, profileId: string): Promise<void> {
  const row = await store.read
    .selectFrom('profiles')
    .select('profile_id')
    .where('user_id', '=', owner.userId)
    .where('profile_id', '=', profileId)
    .where('tenant_id', '=', owner.tenantId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw new KnownError('itemNotFound', 'There is no such backup profile.');
}

/** A checked snapshot. Errors: itemNotFound. */
export async function getSnapshotRow(
  store: Store,
  owner: Owner,
  { profileId, seq }: { readonly profileId: string; readonly seq: number },
) {
  await mustBeLive(store, owner, profileId);
  const row = await store.read
    .selectFrom('snapshots')
    .select(['mac', 'manifest', 'key_id', 'taken_at', 'state'])
    .where('user_id', '=', owner.userId)
    .where('profile_id', '=', profileId)
    .where('seq', '=', seq)
    .where('tenant_id', '=', owner.tenantId)
    .executeTakeFirst();
  if (row === undefined) throw new KnownError('itemNotFound', 'There is no such backup.');
  if (row.state !== 'valid')
    throw new KnownError('itemNotFound', 'This backup is not checked yet or damaged. Choose another.');
  return row;
}

/** The units of a snapshot in these categories, by payload type. */
export async function listUnitRows(
  store: Store,
  owner: Owner,
  wanted: { readonly profileId: string; readonly seq: number; readonly categories: readonly string[] },
): Promise<UnitRow[]> {
  if (wanted.categories.length === 0) return [];
  return await store.read
    .selectFrom('snapshot_units')
    .innerJoin('units', (join) =>
      join
        .onRef('units.user_id', '=', 'snapshot_units.user_id')
        .onRef('units.unit_id', '=', 'snapshot_units.unit_id')
        .onRef('units.tenant_id', '=', 'snapshot_units.tenant_id'),
    )
    .select([
      'units.profile_id',
      'units.payload_type',
      'units.category',
      'units.content_id',
      'units.key_id',
      'units.plain_bytes',
      'units.sealed',
    ])
    .where('snapshot_units.user_id', '=', owner.userId)
    .where('snapshot_units.profile_id', '=', wanted.profileId)
    .where('snapshot_units.seq', '=', wanted.seq)
    .where('snapshot_units.tenant_id', '=', owner.tenantId)
    .where('units.category', 'in', wanted.categories)
    .orderBy('units.payload_type')
    .execute();
}

/** Errors: itemNotFound. */
export async function listSnapshotRows(store: Store, owner: Owner, profileId: string) {
  await mustBeLive(store, owner, profileId);
  return await store.read
    .selectFrom('snapshots')
    .select(['seq', 'taken_at', 'setting_count', 'app_count', 'state', 'thin'])
    .where('user_id', '=', owner.userId)
    .where('profile_id', '=', profileId)
    .where('tenant_id', '=', owner.tenantId)
    .orderBy('seq', 'desc')
    .execute();
}

/** Errors: itemNotFound. */
export async function getBlobRows(
  store: Store,
  owner: Owner,
  { profileId, blobId }: { readonly profileId: string; readonly blobId: string },
) {
  await mustBeLive(store, owner, profileId);
  const key = blobKeyOf(profileId, blobId);
  const row = await store.read
    .selectFrom('blobs')
    .select(['bytes', 'key_id'])
    .where('user_id', '=', owner.userId)
    .where('blob_key', '=', key)
    .where('tenant_id', '=', owner.tenantId)
    .executeTakeFirst();
  if (row === undefined) throw new KnownError('itemNotFound', 'There is no such picture or file.');
  const chunks = await store.read
    .selectFrom('blob_chunks')
    .select('sealed')
    .where('user_id', '=', owner.userId)
    .where('blob_key', '=', key)
    .where('tenant_id', '=', owner.tenantId)
    .orderBy('chunk')
    .execute();
  return { row, chunks: chunks.map(({ sealed }) => sealed) };
}

/** The sealed manifests of the snapshots that hold a blob and are not damaged, newest first. Errors: itemNotFound. */
export async function listManifestRowsOfBlob(
  store: Store,
  owner: Owner,
  { profileId, blobId }: { readonly profileId: string; readonly blobId: string },
) {
  await mustBeLive(store, owner, profileId);
  return await store.read
    .selectFrom('snapshot_blobs')
    .innerJoin('snapshots', (join) =>
      join
        .onRef('snapshots.user_id', '=', 'snapshot_blobs.user_id')
        .onRef('snapshots.profile_id', '=', 'snapshot_blobs.profile_id')
        .onRef('snapshots.seq', '=', 'snapshot_blobs.seq')
        .onRef('snapshots.tenant_id', '=', 'snapshot_blobs.tenant_id'),
    )
    .select(['snapshots.seq', 'snapshots.mac', 'snapshots.key_id', 'snapshots.manifest'])
    .where('snapshot_blobs.user_id', '=', owner.userId)
    .where('snapshot_blobs.profile_id', '=', profileId)
    .where('snapshot_blobs.blob_key', '=', blobKeyOf(profileId, blobId))
    .where('snapshot_blobs.tenant_id', '=', owner.tenantId)
    .where('snapshots.state', '<>', 'invalid')
    .orderBy('snapshots.seq', 'desc')
    .execute();
}

export interface HeadRowsPage {
  readonly top: number;
  readonly after?: string;
  readonly settingId?: string;
  readonly profileId?: string;
}

/** Current contents of all of a person's live profiles, by setting id. */
export async function listHeadRows(store: Store, owner: Owner, page: HeadRowsPage) {
  const { top, after, settingId, profileId } = page;
  let query = store.read
    .selectFrom('setting_heads as heads')
    .innerJoin('units', (join) =>
      join
        .onRef('units.user_id', '=', 'heads.user_id')
        .onRef('units.unit_id', '=', 'heads.unit_id')
        .onRef('units.tenant_id', '=', 'heads.tenant_id'),
    )
    .innerJoin('profiles', (join) =>
      join
        .onRef('profiles.user_id', '=', 'heads.user_id')
        .onRef('profiles.profile_id', '=', 'heads.profile_id')
        .onRef('profiles.tenant_id', '=', 'heads.tenant_id'),
    )
    .select([
      'heads.setting_id',
      'heads.instance_id',
      'heads.created_at',
      'heads.modified_at',
      'heads.expires_at',
      'profiles.device_id',
      'units.profile_id',
      'units.payload_type',
      'units.category',
      'units.content_id',
      'units.key_id',
      'units.plain_bytes',
      'units.sealed',
    ])
    .where('heads.user_id', '=', owner.userId)
    .where('heads.tenant_id', '=', owner.tenantId)
    .where('profiles.deleted_at', 'is', null)
    .where('units.state', '<>', 'damaged')
    .orderBy('heads.setting_id')
    .limit(top);
  if (after !== undefined) query = query.where('heads.setting_id', '>', after);
  if (settingId !== undefined) query = query.where('heads.setting_id', '=', settingId);
  if (profileId !== undefined) query = query.where('heads.profile_id', '=', profileId);
  return await query.execute();
}

/** What the validator has to look at: each unit of a snapshot without its bytes. */
export function listUnitStates(store: Store, { tenantId, userId }: Owner, snapshot: SnapshotAt) {
  return readRows(store, unitStates({ tenantId, userId, profileId: snapshot.profileId, seq: snapshot.seq }));
}

interface SnapshotAt {
  readonly profileId: string;
  readonly seq: number;
}

// What is asked for every snapshot that came in shares a thread with the requests, so it is prepared.
const unitStates = prepared((db, at: Owner & SnapshotAt) =>
  db
    .selectFrom('snapshot_units')
    .innerJoin('units', (join) =>
      join
        .onRef('units.user_id', '=', 'snapshot_units.user_id')
        .onRef('units.unit_id', '=', 'snapshot_units.unit_id')
        .onRef('units.tenant_id', '=', 'snapshot_units.tenant_id'),
    )
    .select(['units.unit_id', 'units.payload_type', 'units.category', 'units.state', 'units.setting_count'])
    .where('snapshot_units.user_id', '=', at.userId)
    .where('snapshot_units.profile_id', '=', at.profileId)
    .where('snapshot_units.seq', '=', at.seq)
    .where('snapshot_units.tenant_id', '=', at.tenantId),
);

export function findUnitRow(store: Store, { tenantId, userId }: Owner, unitId: string) {
  return readFirst(store, unitRow({ tenantId, userId, unitId }));
}

const unitRow = prepared((db, at: Owner & { readonly unitId: string }) =>
  db
    .selectFrom('units')
    .selectAll()
    .where('user_id', '=', at.userId)
    .where('unit_id', '=', at.unitId)
    .where('tenant_id', '=', at.tenantId),
);

/** Blobs that came in with a snapshot (and not before it). */
export function listNewBlobs(
  store: Store,
  { tenantId, userId }: Owner,
  { profileId, seq, takenAt }: SnapshotAt & { readonly takenAt: number },
) {
  return readRows(store, newBlobs({ tenantId, userId, profileId, seq, takenAt }));
}

const newBlobs = prepared((db, at: Owner & SnapshotAt & { readonly takenAt: number }) =>
  db
    .selectFrom('snapshot_blobs')
    .innerJoin('blobs', (join) =>
      join
        .onRef('blobs.user_id', '=', 'snapshot_blobs.user_id')
        .onRef('blobs.blob_key', '=', 'snapshot_blobs.blob_key')
        .onRef('blobs.tenant_id', '=', 'snapshot_blobs.tenant_id'),
    )
    .select(['blobs.blob_key', 'blobs.blob_id'])
    .where('snapshot_blobs.user_id', '=', at.userId)
    .where('snapshot_blobs.profile_id', '=', at.profileId)
    .where('snapshot_blobs.seq', '=', at.seq)
    .where('snapshot_blobs.tenant_id', '=', at.tenantId)
    .where('blobs.created_at', '=', at.takenAt),
);

/** A snapshot whatever its state, with the newest good one of its profile. */
export function findSnapshot(store: Store, { tenantId, userId }: Owner, { profileId, seq }: SnapshotAt) {
  return readFirst(store, snapshotRow({ tenantId, userId, profileId, seq }));
}

const snapshotRow = prepared((db, at: Owner & SnapshotAt) =>
  db
    .selectFrom('snapshots')
    .innerJoin('profiles', (join) =>
      join
        .onRef('profiles.user_id', '=', 'snapshots.user_id')
        .onRef('profiles.profile_id', '=', 'snapshots.profile_id')
        .onRef('profiles.tenant_id', '=', 'snapshots.tenant_id'),
    )
    .select([
      'snapshots.mac',
      'snapshots.manifest',
      'snapshots.key_id',
      'snapshots.taken_at',
      'snapshots.state',
      'profiles.default_seq',
    ])
    .where('snapshots.user_id', '=', at.userId)
    .where('snapshots.profile_id', '=', at.profileId)
    .where('snapshots.seq', '=', at.seq)
    .where('snapshots.tenant_id', '=', at.tenantId)
    .where('profiles.deleted_at', 'is', null),
);

/** Snapshots that nobody has checked yet, of everyone, in the order they must be checked; after `last`. */
export async function listUnchecked(
  store: Store,
  last: { readonly userId: string; readonly profileId: string; readonly seq: number },
) {
  return await store.read
    .selectFrom('snapshots')
    .select(['tenant_id', 'user_id', 'profile_id', 'seq'])
    .where('state', '=', 'received')
    .where((where) =>
      where.or([
        where('user_id', '>', last.userId),
        where.and([where('user_id', '=', last.userId), where('profile_id', '>', last.profileId)]),
        where.and([
          where('user_id', '=', last.userId),
          where('profile_id', '=', last.profileId),
          where('seq', '>', last.seq),
        ]),
      ]),
    )
    .orderBy('user_id')
    .orderBy('profile_id')
    .orderBy('seq')
    .limit(100)
    .execute();
}

/** Names of devices by id. Asked apart: devices are kept by tenant, backups by person. */
export async function deviceNames(store: Store, tenantId: string, deviceIds: readonly string[]) {
  if (deviceIds.length === 0) return new Map<string, string>();
  const rows = await store.read
    .selectFrom('devices')
    .select(['device_id', 'name'])
    .where('tenant_id', '=', tenantId)
    .where('device_id', 'in', [...new Set(deviceIds)])
    .execute();
  return new Map(rows.map((row) => [row.device_id, row.name]));
}
