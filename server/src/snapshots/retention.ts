/**
 * Retention: the end of a snapshot, and of the contents that only it held.
 *
 * A content dies when no snapshot and no current setting refers to it any more, checked by the same statements that
 * remove it, in the transaction that took in the snapshot which pushed the old one out.
 */

import type { Builder, Query } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';

interface Doomed {
  readonly userId: string;
  readonly tenantId: string;
  readonly profileId: string;
  readonly seq: number;
}

/** Removes one snapshot; in this order, because what it alone held is found by its own rows. */
export function pruned(doomed: Doomed, hasBlobs: boolean): Query[] {
  return [
    removeUnits(doomed),
    removeSnapshotUnits(doomed),
    ...(hasBlobs ? [removeChunks(doomed), removeBlobs(doomed), removeSnapshotBlobs(doomed)] : []),
    removeSnapshot(doomed),
  ];
}

const removeUnits = prepared((db, at: Doomed) =>
  db
    .deleteFrom('units')
    .where('user_id', '=', at.userId)
    .where('tenant_id', '=', at.tenantId)
    .where('unit_id', 'in', unitsHeld(db, at).where('seq', '=', at.seq))
    .where('unit_id', 'not in', unitsHeld(db, at).where('seq', '<>', at.seq))
    .where('unit_id', 'not in', unitsCurrent(db, at)),
);

/** Removes a content unless a snapshot holds it or it is current. */
export const removeUnheld = prepared((db, at: Omit<Doomed, 'seq'> & { readonly unitId: string }) =>
  db
    .deleteFrom('units')
    .where('user_id', '=', at.userId)
    .where('unit_id', '=', at.unitId)
    .where('tenant_id', '=', at.tenantId)
    .where('unit_id', 'not in', unitsHeld(db, at))
    .where('unit_id', 'not in', unitsCurrent(db, at)),
);

const removeChunks = prepared((db, at: Doomed) =>
  db
    .deleteFrom('blob_chunks')
    .where('user_id', '=', at.userId)
    .where('tenant_id', '=', at.tenantId)
    .where('blob_key', 'in', blobsHeld(db, at).where('seq', '=', at.seq))
    .where('blob_key', 'not in', blobsHeld(db, at).where('seq', '<>', at.seq)),
);

const removeBlobs = prepared((db, at: Doomed) =>
  db
    .deleteFrom('blobs')
    .where('user_id', '=', at.userId)
    .where('tenant_id', '=', at.tenantId)
    .where('blob_key', 'in', blobsHeld(db, at).where('seq', '=', at.seq))
    .where('blob_key', 'not in', blobsHeld(db, at).where('seq', '<>', at.seq)),
);

const removeSnapshotUnits = removeFrom('snapshot_units');
const removeSnapshotBlobs = removeFrom('snapshot_blobs');
const removeSnapshot = removeFrom('snapshots');

/** The rows of one snapshot in a table. */
function removeFrom(table: 'snapshot_units' | 'snapshot_blobs' | 'snapshots') {
  return prepared((db, at: Doomed) =>
    db
      .deleteFrom(table)
      .where('user_id', '=', at.userId)
      .where('profile_id', '=', at.profileId)
      .where('seq', '=', at.seq)
      .where('tenant_id', '=', at.tenantId),
  );
}

type Profile = Pick<Doomed, 'userId' | 'profileId'>;

function unitsHeld(db: Builder, at: Profile) {
  return db
    .selectFrom('snapshot_units')
    .select('unit_id')
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId);
}

function unitsCurrent(db: Builder, at: Profile) {
  return db
    .selectFrom('setting_heads')
    .select('unit_id')
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId);
}

function blobsHeld(db: Builder, at: Profile) {
  return db
    .selectFrom('snapshot_blobs')
    .select('blob_key')
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId);
}
