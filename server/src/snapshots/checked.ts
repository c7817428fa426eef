/** The command that records what the validator found, and moves the default offer when the snapshot is good. */

import { command, lockOwner, run, runAll } from '../db/command.ts';
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
  const { profileId, seq, state, thin } = checked;
  yield* lockOwner({ tenantId, userId });
  yield* runAll(
    checked.units.map(
      (unit) => (db) =>
        db
          .updateTable('units')
          .set({ state: unit.state, setting_count: unit.settingCount })
          .where('user_id', '=', userId)
          .where('unit_id', '=', unit.unitId)
          .where('tenant_id', '=', tenantId)
          .where('state', '=', 'received')
          .where('created_at', '=', unit.createdAt),
    ),
  );
  yield* runAll(
    checked.badBlobs.flatMap((key) => [
      (db) =>
        db
          .deleteFrom('blob_chunks')
          .where('user_id', '=', userId)
          .where('blob_key', '=', key)
          .where('tenant_id', '=', tenantId),
      (db) =>
        db
          .deleteFrom('blobs')
          .where('user_id', '=', userId)
          .where('blob_key', '=', key)
          .where('tenant_id', '=', tenantId),
    ]),
  );
  const { changed } = yield* run((db) =>
    db
      .updateTable('snapshots')
      .set({
        state,
        thin: thin ? 1 : 0,
        setting_count: checked.settingCount,
        app_count: checked.appCount,
      })
      .where('user_id', '=', userId)
      .where('profile_id', '=', profileId)
      .where('seq', '=', seq)
      .where('tenant_id', '=', tenantId)
      .where('state', '=', 'received'),
  );
  // Another process was faster, or retention was.
  if (changed === 0) return;
  if (state === 'invalid')
    // The same content sent again is then not "unchanged": it is asked for and stored once more.
    yield* run((db) =>
      db
        .updateTable('profiles')
        .set({ head_digest: '' })
        .where('user_id', '=', userId)
        .where('profile_id', '=', profileId)
        .where('tenant_id', '=', tenantId)
        .where('head_seq', '=', seq),
    );
  else if (!thin)
    yield* run((db) =>
      db
        .updateTable('profiles')
        .set({ default_seq: seq })
        .where('user_id', '=', userId)
        .where('profile_id', '=', profileId)
        .where('tenant_id', '=', tenantId)
        .where('default_seq', '<', seq),
    );
});
