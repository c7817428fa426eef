/** The thread of bare-service.ts that writes: what has come in is one commit. */

import { parentPort, workerData } from 'node:worker_threads';
import { DEFAULTS } from '../../model/src/policy.ts';
import { openSqlite } from '../../server/src/db/sqlite.ts';
import { ROWS } from './bare-rows.ts';

export type BareWork =
  | {
      readonly kind: 'checkIn';
      readonly tenantId: string;
      readonly deviceId: string;
      readonly jkt: string;
      readonly jti: string;
    }
  | {
      readonly kind: 'upload';
      readonly tenantId: string;
      readonly userId: string;
      readonly deviceId: string;
      readonly profileId: string;
      readonly seq: number;
      readonly mac: string;
      readonly manifest: Uint8Array;
      readonly sealed: readonly Uint8Array[];
    };

export interface BareCommand {
  readonly id: number;
  readonly work: BareWork;
}

/** Ids of commands that are on disk. */
export type BareAnswer = readonly number[];

if (parentPort === null) throw new Error('This file runs as a thread of bare-service.ts only.');
const port = parentPort;
const db = openSqlite(workerData as string);
const run = {
  proof: db.prepare('insert into proofs values (?, ?, ?)'),
  device: db.prepare('update devices set last_check_in_at = ? where tenant_id = ? and device_id = ?'),
  unit: db.prepare(ROWS.unit),
  snapshot: db.prepare(ROWS.snapshot),
  line: db.prepare(ROWS.line),
  head: db.prepare(ROWS.head),
  profile: db.prepare(ROWS.profile),
  oldUnit: db.prepare(
    'delete from units where user_id = ?1 and unit_id in (select unit_id from snapshot_units where user_id = ?1 and profile_id = ?2 and seq = ?3)',
  ),
  oldLine: db.prepare(ROWS.oldLine),
  oldSnapshot: db.prepare(ROWS.oldSnapshot),
};

port.on('message', (commands: readonly BareCommand[]) => {
  db.exec('begin immediate');
  for (const { work } of commands) write(work, Date.now());
  db.exec('commit');
  port.postMessage(commands.map(({ id }) => id) satisfies BareAnswer);
});

function write(work: BareWork, now: number): void {
  if (work.kind === 'checkIn') {
    run.proof.run(work.jkt, work.jti, now);
    run.device.run(now, work.tenantId, work.deviceId);
    return;
  }
  const { tenantId, userId, deviceId, profileId, seq, mac, manifest, sealed } = work;
  const [old, type] = [seq - DEFAULTS.keptSnapshots, 'carryover.colors'];
  run.snapshot.run(userId, profileId, seq, tenantId, mac, mac, deviceId, '0.1.0', '1', 'received', manifest);
  for (const [at, bytes] of sealed.entries()) {
    const unitId = `${mac}${at}`;
    run.unit.run(userId, unitId, tenantId, profileId, type, 'personalization', mac, deviceId, 'received', bytes);
    run.line.run(userId, profileId, seq, unitId, tenantId);
    run.head.run(userId, profileId, tenantId, unitId, `{${profileId}}$${type}`, deviceId);
  }
  run.profile.run(seq, mac, '', userId, profileId);
  run.oldUnit.run(userId, profileId, old);
  run.oldLine.run(userId, profileId, old);
  run.oldSnapshot.run(userId, profileId, old);
}
