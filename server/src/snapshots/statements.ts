/** The statements of taking in a snapshot, each compiled once. Rows never leave this context. */

import { prepared } from '../db/prepared.ts';

interface Of {
  readonly userId: string;
  readonly tenantId: string;
  readonly profileId: string;
}

interface OfSnapshot extends Of {
  readonly seq: number;
}

export const listUnitsOf = prepared((db, at: OfSnapshot) =>
  db
    .selectFrom('snapshot_units')
    .innerJoin('units', (join) =>
      join.onRef('units.user_id', '=', 'snapshot_units.user_id').onRef('units.unit_id', '=', 'snapshot_units.unit_id'),
    )
    .select(['units.unit_id', 'units.state'])
    .where('snapshot_units.user_id', '=', at.userId)
    .where('snapshot_units.profile_id', '=', at.profileId)
    .where('snapshot_units.seq', '=', at.seq)
    .where('units.tenant_id', '=', at.tenantId),
);

export const findUnit = prepared((db, at: Of & { readonly unitId: string }) =>
  db
    .selectFrom('units')
    .select('state')
    .where('user_id', '=', at.userId)
    .where('unit_id', '=', at.unitId)
    .where('tenant_id', '=', at.tenantId),
);

export const findBlob = prepared((db, at: Of & { readonly blobKey: string }) =>
  db
    .selectFrom('blobs')
    .select('bytes')
    .where('user_id', '=', at.userId)
    .where('blob_key', '=', at.blobKey)
    .where('tenant_id', '=', at.tenantId),
);

export const listProfileHeads = prepared((db, at: Of) =>
  db
    .selectFrom('setting_heads')
    .innerJoin('units', (join) =>
      join.onRef('units.user_id', '=', 'setting_heads.user_id').onRef('units.unit_id', '=', 'setting_heads.unit_id'),
    )
    .select(['setting_heads.payload_type', 'setting_heads.unit_id', 'units.category'])
    .where('setting_heads.user_id', '=', at.userId)
    .where('setting_heads.profile_id', '=', at.profileId)
    .where('setting_heads.tenant_id', '=', at.tenantId),
);

/** Snapshots that retention need not keep, and how many blobs each refers to. */
export const listOld = prepared((db, at: Of & { readonly upTo: number }) =>
  db
    .selectFrom('snapshots')
    .select((old) => [
      'seq',
      old
        .selectFrom('snapshot_blobs')
        .select((blobs) => blobs.fn.countAll<number>().as('count'))
        .where('snapshot_blobs.user_id', '=', at.userId)
        .where('snapshot_blobs.profile_id', '=', at.profileId)
        .whereRef('snapshot_blobs.seq', '=', 'snapshots.seq')
        .as('blobs'),
    ])
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId)
    .where('tenant_id', '=', at.tenantId)
    .where('seq', '<=', at.upTo),
);

interface NewUnit extends Of {
  readonly unitId: string;
  readonly payloadType: string;
  readonly category: string;
  readonly contentId: string;
  readonly keyId: string;
  readonly settingCount: number;
  readonly plainBytes: number;
  readonly sealed: Uint8Array;
  readonly now: number;
}

/** Writes over a damaged one: the content is the same, by its id. */
export const addUnit = prepared((db, unit: NewUnit) =>
  db
    .insertInto('units')
    .values({
      user_id: unit.userId,
      unit_id: unit.unitId,
      tenant_id: unit.tenantId,
      profile_id: unit.profileId,
      payload_type: unit.payloadType,
      category: unit.category,
      content_id: unit.contentId,
      format: 1,
      key_id: unit.keyId,
      setting_count: unit.settingCount,
      plain_bytes: unit.plainBytes,
      state: 'received',
      sealed: unit.sealed,
      created_at: unit.now,
    })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'unit_id']).doUpdateSet({
        category: unit.category,
        key_id: unit.keyId,
        setting_count: unit.settingCount,
        plain_bytes: unit.plainBytes,
        state: 'received',
        sealed: unit.sealed,
        created_at: unit.now,
      }),
    ),
);

interface NewBlob extends Of {
  readonly blobKey: string;
  readonly blobId: string;
  readonly bytes: number;
  readonly keyId: string;
  readonly now: number;
}

export const addBlob = prepared((db, blob: NewBlob) =>
  db.insertInto('blobs').values({
    user_id: blob.userId,
    blob_key: blob.blobKey,
    tenant_id: blob.tenantId,
    profile_id: blob.profileId,
    blob_id: blob.blobId,
    bytes: blob.bytes,
    key_id: blob.keyId,
    created_at: blob.now,
  }),
);

export const addChunk = prepared(
  (db, chunk: Of & { readonly blobKey: string; readonly chunk: number; readonly sealed: Uint8Array }) =>
    db.insertInto('blob_chunks').values({
      user_id: chunk.userId,
      blob_key: chunk.blobKey,
      chunk: chunk.chunk,
      tenant_id: chunk.tenantId,
      sealed: chunk.sealed,
    }),
);

interface NewSnapshot extends OfSnapshot {
  readonly mac: string;
  readonly previousMac: string;
  readonly manifest: Uint8Array;
  readonly keyId: string;
  readonly agentVersion: string;
  readonly catalogVersion: string;
  readonly settingCount: number;
  readonly appCount: number;
  readonly now: number;
}

export const addSnapshot = prepared((db, snapshot: NewSnapshot) =>
  db.insertInto('snapshots').values({
    user_id: snapshot.userId,
    profile_id: snapshot.profileId,
    seq: snapshot.seq,
    tenant_id: snapshot.tenantId,
    mac: snapshot.mac,
    previous_mac: snapshot.previousMac,
    manifest: snapshot.manifest,
    key_id: snapshot.keyId,
    agent_version: snapshot.agentVersion,
    catalog_version: snapshot.catalogVersion,
    taken_at: snapshot.now,
    state: 'received',
    thin: 0,
    setting_count: snapshot.settingCount,
    app_count: snapshot.appCount,
  }),
);

export const addSnapshotUnit = prepared((db, row: OfSnapshot & { readonly unitId: string }) =>
  db.insertInto('snapshot_units').values({
    user_id: row.userId,
    profile_id: row.profileId,
    seq: row.seq,
    unit_id: row.unitId,
    tenant_id: row.tenantId,
  }),
);

export const addSnapshotBlob = prepared((db, row: OfSnapshot & { readonly blobKey: string }) =>
  db.insertInto('snapshot_blobs').values({
    user_id: row.userId,
    profile_id: row.profileId,
    seq: row.seq,
    blob_key: row.blobKey,
    tenant_id: row.tenantId,
  }),
);

interface NewHead extends Of {
  readonly payloadType: string;
  readonly unitId: string;
  readonly settingId: string;
  readonly instanceId: string;
  readonly now: number;
  readonly expiresAt: number;
}

/** The first content of a payload type makes the setting and its instance; later ones change what it holds. */
export const putHead = prepared((db, head: NewHead) =>
  db
    .insertInto('setting_heads')
    .values({
      user_id: head.userId,
      profile_id: head.profileId,
      payload_type: head.payloadType,
      collection: '',
      tenant_id: head.tenantId,
      unit_id: head.unitId,
      setting_id: head.settingId,
      instance_id: head.instanceId,
      created_at: head.now,
      modified_at: head.now,
      expires_at: head.expiresAt,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['user_id', 'profile_id', 'payload_type', 'collection'])
        .doUpdateSet({ unit_id: head.unitId, modified_at: head.now, expires_at: head.expiresAt }),
    ),
);

export const removeHead = prepared((db, at: Of & { readonly payloadType: string }) =>
  db
    .deleteFrom('setting_heads')
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId)
    .where('payload_type', '=', at.payloadType)
    .where('tenant_id', '=', at.tenantId),
);
