/**
 * Looks into the database of a service: is every upload that was acknowledged in it, and has each been checked?
 *
 * A snapshot is taken in only if it names the one before it, so a device whose newest one is the last that it sent has
 * all of them; the newest ones that are kept must be there with their contents.
 */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULTS } from '../../model/src/policy.ts';
import type { Device } from './device.ts';

const NEWEST = 'select head_seq, head_mac from profiles where user_id = ? and profile_id = ?';
const COMPLETE = `select count(distinct snapshots.seq) as count from snapshots
  join snapshot_units using (user_id, profile_id, seq) join units using (user_id, unit_id)
  where snapshots.user_id = ? and snapshots.profile_id = ? and snapshots.seq > ? and length(units.sealed) > 0`;

/**
 * Waits until the service has checked what came in: while the other side is measured, it must have nothing to do.
 * Errors: Error when it does not get done.
 */
export async function allChecked(folder: string): Promise<void> {
  const db = opened(folder);
  try {
    const unchecked = db.prepare("select 1 from snapshots where state = 'received' limit 1");
    const deadline = performance.now() + MAX_CHECK_MS;
    while (unchecked.get() !== undefined) {
      if (performance.now() > deadline) throw new Error('The service does not get done with checking.');
      await delay(50);
    }
  } finally {
    db.close();
  }
}

const MAX_CHECK_MS = 120_000;

/** Errors: Error that says how many devices lack something. */
export function mustBeStored(folder: string, devices: readonly Device[]): void {
  const db = opened(folder);
  try {
    const [newest, complete] = [db.prepare(NEWEST), db.prepare(COMPLETE)];
    const lacking = devices.filter(({ owner, profileId, head }) => {
      const row = newest.get(owner.userId, profileId);
      const seq = head?.seq ?? 0;
      const kept = complete.get(owner.userId, profileId, seq - DEFAULTS.keptSnapshots);
      return row?.['head_seq'] !== seq || row['head_mac'] !== head?.mac || kept?.['count'] !== DEFAULTS.keptSnapshots;
    });
    if (lacking.length > 0)
      throw new Error(`${lacking.length} of ${devices.length} devices lack an upload that was acknowledged.`);
  } finally {
    db.close();
  }
}

function opened(folder: string): DatabaseSync {
  return new DatabaseSync(join(folder, 'data', 'carryover.db'), { readOnly: true });
}
