/** The command that records what the validator found, and moves the default offer when the snapshot is good. */

import { command, lockOwner, run, runAll } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import type { Owner } from '../db/schema.ts';

export interface CheckedUnit {
  readonly unitId: string;
  /** When the checked bytes came in: bytes that replaced them since are not what was checked. */
  readonly createdAt: number;
  readonly state: 'valid' | 'damaged';
  /** As counted in the content. */
  readonly settingCount: number;
}

export interface Checked {
  readonly profileId: string;
  readonly seq: number;
  readonly state: 'valid' | 'invalid';
  readonly thin: boolean;
  readonly settingCount: number;
  readonly appCount: number;
  readonly units: readonly CheckedUnit[];
  /** Rows of blobs whose bytes are not what their id says: they must be sent again. */
  readonly badBlobs: readonly string[];
}

export const markChecked = command('markChecked', function* ({ tenantId, userId }: Owner, checked: Checked) {
  const { profileId, seq, state } = checked;
  const owner = { tenantId, userId };
  yield* lockOwner(owner);
  yield* runAll([
    ...checked.units.map((unit) => setUnitState({ ...owner, ...unit })),
    ...checked.badBlobs.flatMap((blobKey) => [removeChunks({ ...owner, blobKey }), removeBlob({ ...owner, blobKey })]),
  ]);
  const { changed } = yield* run(setSnapshotState({ ...owner, ...checked, thin: checked.thin ? 1 : 0 }));
  // Another process was faster, or retention was.
  if (changed === 0) return;
  if (state === 'invalid') yield* run(forgetHeadContent({ ...owner, profileId, seq }));
  else if (!checked.thin) yield* run(setDefault({ ...owner, profileId, seq }));
});

const setUnitState = prepared((db, unit: Owner & CheckedUnit) =>
  db
    .updateTable('units')
    .set({ state: unit.state, setting_count: unit.settingCount })
    .where('user_id', '=', unit.userId)
    .where('unit_id', '=', unit.unitId)
    .where('tenant_id', '=', unit.tenantId)
    .where('state', '=', 'received')
    .where('created_at', '=', unit.createdAt),
);

const removeChunks = prepared((db, at: Owner & { readonly blobKey: string }) =>
  db
    .deleteFrom('blob_chunks')
    .where('user_id', '=', at.userId)
    .where('blob_key', '=', at.blobKey)
    .where('tenant_id', '=', at.tenantId),
);

const removeBlob = prepared((db, at: Owner & { readonly blobKey: string }) =>
  db
    .deleteFrom('blobs')
    .where('user_id', '=', at.userId)
    .where('blob_key', '=', at.blobKey)
    .where('tenant_id', '=', at.tenantId),
);

interface SnapshotState extends Owner {
  readonly profileId: string;
  readonly seq: number;
  readonly state: string;
  readonly thin: number;
  readonly settingCount: number;
  readonly appCount: number;
}

const setSnapshotState = prepared((db, snapshot: SnapshotState) =>
  db
    .updateTable('snapshots')
    .set({
      state: snapshot.state,
      thin: snapshot.thin,
      setting_count: snapshot.settingCount,
      app_count: snapshot.appCount,
    })
    .where('user_id', '=', snapshot.userId)
    .where('profile_id', '=', snapshot.profileId)
    .where('seq', '=', snapshot.seq)
    .where('tenant_id', '=', snapshot.tenantId)
    .where('state', '=', 'received'),
);

interface At extends Owner {
  readonly profileId: string;
  readonly seq: number;
}

/** The same content sent again is then not "unchanged": it is asked for and stored once more. */
const forgetHeadContent = prepared((db, at: At) =>
  db
    .updateTable('profiles')
    .set({ head_digest: '' })
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId)
    .where('tenant_id', '=', at.tenantId)
    .where('head_seq', '=', at.seq),
);

const setDefault = prepared((db, at: At) =>
  db
    .updateTable('profiles')
    .set({ default_seq: at.seq })
    .where('user_id', '=', at.userId)
    .where('profile_id', '=', at.profileId)
    .where('tenant_id', '=', at.tenantId)
    .where('default_seq', '<', at.seq),
);
