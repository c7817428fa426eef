/** The statements that remain of an upload when everything else is taken away: what is written, and what is removed for it. */
export const ROWS = {
  unit: 'insert into units values (?, ?, ?, ?, ?, ?, ?, 1, ?, 1, 26500, ?, 1, ?)',
  snapshot: 'insert into snapshots values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 0, 1, 0, ?)',
  line: 'insert into snapshot_units values (?, ?, ?, ?, ?)',
  head: `insert into setting_heads values (?, ?, 'carryover.colors', '', ?, ?, ?, ?, 1, 1, 1)
         on conflict (user_id, profile_id, payload_type, collection) do update set unit_id = excluded.unit_id`,
  profile: 'update profiles set head_seq = ?, head_mac = ?, last_receipt = ? where user_id = ? and profile_id = ?',
  oldUnit: 'delete from units where user_id = ? and unit_id = ?',
  oldLine: 'delete from snapshot_units where user_id = ? and profile_id = ? and seq = ?',
  oldSnapshot: 'delete from snapshots where user_id = ? and profile_id = ? and seq = ?',
} as const;
