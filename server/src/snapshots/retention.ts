/**
 * Retention: the end of a snapshot, and of the contents that only it held.
 *
 * A content dies when no snapshot and no current setting refers to it any more, checked by the same statements that
 * remove it, in the transaction that took in the snapshot which pushed the old one out.
 */

import type { Query } from '../db/command.ts';
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
    .where('unit_id', 'in', (units) =>
      units
        .selectFrom('snapshot_units')
        .select('unit_id')
        .where('user_id', '=', at.userId)
        .where('profile_id', '=', at.profileId)
        .where('seq', '=', at.seq),
    )
    .where('unit_id', 'not in', (units) =>
      units
        .selectFrom('snapshot_units')
        .select('unit_id')
        .where('user_id', '=', at.userId)
        .where('profile_id', '=', at.profileId)
        .where('seq', '<>', at.seq),
    )
    .where('unit_id', 'not in', (units) =>
      units
        .selectFrom('setting_heads')
        .select('unit_id')
        .where('user_id', '=', at.userId)
        .where('profile_id', '=', at.profileId),
    ),
);

/** Removes a content unless a snapshot holds it or it is current. */
export const removeUnheld = prepared((db, at: Omit<Doomed, 'seq'> & { readonly unitId: string }) =>
  db
    .deleteFrom('units')
    .where('user_id', '=', at.userId)
    .where('unit_id', '=', at.unitId)
    .where('tenant_id', '=', at.tenantId)
    .where('unit_id', 'not in', (units) =>
      units
        .selectFrom('snapshot_units')
        .select('unit_id')
        .where('user_id', '=', at.userId)
        .where('profile_id', '=', at.profileId),
    )
    .where('unit_id', 'not in', (units) =>
      units
        .selectFrom('setting_heads')
        .select('unit_id')
        .where('user_id', '=', at.userId)
        .where('profile_id', '=', at.profileId),
    ),
);

const removeSnapshotUnits = prepared((db, at: Doomed) =>
  db
    .deleteFrom('snapshot_units')
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId)
    .where('seq', '=', at.seq)
    .where('tenant_id', '=', at.tenantId),
);

const removeChunks = prepared((db, at: Doomed) =>
  db
    .deleteFrom('blob_chunks')
    .where('user_id', '=', at.userId)
    .where('tenant_id', '=', at.tenantId)
    .where('blob_key', 'in', (blobs) =>
      blobs
        .selectFrom('snapshot_blobs')
        .select('blob_key')
        .where('user_id', '=', at.userId)
        .where('profile_id', '=', at.profileId)
        .where('seq', '=', at.seq),
    )
    .where('blob_key', 'not in', (blobs) =>
      blobs
        .selectFrom('snapshot_blobs')
        .select('blob_key')
        .where('user_id', '=', at.userId)
        .where('profile_id', '=', at.profileId)
        .where('seq', '<>', at.seq),
    ),
);

const removeBlobs = prepared((db, at: Doomed) =>
  db
    .deleteFrom('blobs')
    .where('user_id', '=', at.userId)
    .where('tenant_id', '=', at.tenantId)
    .where('blob_key', 'in', (blobs) =>
      blobs
        .selectFrom('snapshot_blobs')
        .select('blob_key')
        .where('user_id', '=', at.userId)
        .where('profile_id', '=', at.profileId)
        .where('seq', '=', at.seq),
    )
    .where('blob_key', 'not in', (blobs) =>
      blobs
        .selectFrom('snapshot_blobs')
        .select('blob_key')
        .where('user_id', '=', at.userId)
        .where('profile_id', '=', at.profileId)
        .where('seq', '<>', at.seq),
    ),
);

const removeSnapshotBlobs = prepared((db, at: Doomed) =>
  db
    .deleteFrom('snapshot_blobs')
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId)
    .where('seq', '=', at.seq)
    .where('tenant_id', '=', at.tenantId),
);

const removeSnapshot = prepared((db, at: Doomed) =>
  db
    .deleteFrom('snapshots')
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId)
    .where('seq', '=', at.seq)
    .where('tenant_id', '=', at.tenantId),
);
