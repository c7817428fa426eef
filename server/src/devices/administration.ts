/**
 * What administrators do to devices: take a lost one out of use, and decide about a clone.
 *
 * A revoked device is refused with every key that people had on it; their backups stay theirs. Of a device and its clones
 * one is kept, the one the administrator names, and the key is good on that PC only.
 */

import { KnownError } from '@carryover/model/errors';
import { type Change, recordAudit } from '../audit/audit.ts';
import { command, firstOf, rowsOfEach, runAll, type Work } from '../db/command.ts';

/** Returns the thumbprints of the keys that are worth nothing from now on. Errors: itemNotFound. */
export const revokeDevice = command('revokeDevice', function* (change: Change, deviceId: string) {
  const device = yield* findRow(change.tenantId, deviceId);
  if (device === undefined || isGone(device.state)) throw noSuchDevice();
  const [keys] = yield* rowsOfEach([
    (db) =>
      db
        .selectFrom('device_keys')
        .select('jkt')
        .where('tenant_id', '=', change.tenantId)
        .where('device_id', '=', deviceId)
        .where('revoked_at', 'is', null),
  ]);
  yield* runAll([
    (db) =>
      db
        .updateTable('device_keys')
        .set({ revoked_at: change.at })
        .where('tenant_id', '=', change.tenantId)
        .where('device_id', '=', deviceId)
        .where('revoked_at', 'is', null),
    (db) =>
      db
        .updateTable('devices')
        .set({ state: 'revoked' })
        .where('tenant_id', '=', change.tenantId)
        .where('device_id', '=', deviceId),
  ]);
  yield* recordAudit({
    ...change,
    action: 'revoke device',
    target: { type: 'device', id: deviceId },
    result: 'success',
    values: { name: { old: device.name }, state: { old: device.state, new: 'revoked' }, keys: { old: keys.length } },
  });
  return keys.map(({ jkt }) => jkt);
});

/**
 * Ends a quarantine in favour of this PC: the device itself, or the clone when the PC got other hardware. The other rows
 * leave the list; a PC that comes with the key again is set aside again.
 *
 * Returns the device that works again. Errors: itemNotFound; conflict (inner notQuarantined).
 */
export const releaseDevice = command('releaseDevice', function* (change: Change, deviceId: string) {
  const { tenantId } = change;
  const kept = yield* findRow(tenantId, deviceId);
  if (kept === undefined || isGone(kept.state)) throw noSuchDevice();
  if (kept.state !== 'quarantined')
    throw new KnownError('conflict', 'This device is not set aside: there is nothing to release.', {
      inner: 'notQuarantined',
    });
  const originalId = kept.clone_of ?? deviceId;
  const original = yield* findRow(tenantId, originalId);
  // Whoever took the original out of use meanwhile meant its key, which the clone shares.
  if (original?.state !== 'quarantined')
    throw new KnownError('conflict', 'The device with this key was taken out of use. Enroll this PC again.', {
      inner: 'notQuarantined',
    });
  yield* runAll([
    (db) =>
      db
        .updateTable('devices')
        .set({ state: 'active', machine_hash: kept.machine_hash, name: kept.name })
        .where('tenant_id', '=', tenantId)
        .where('device_id', '=', originalId),
    (db) =>
      db
        .updateTable('devices')
        .set({ state: 'unenrolled' })
        .where('tenant_id', '=', tenantId)
        .where('clone_of', '=', originalId)
        .where('state', '=', 'quarantined'),
  ]);
  yield* recordAudit({
    ...change,
    action: 'release device',
    target: { type: 'device', id: originalId },
    result: 'success',
    values: { state: { old: 'quarantined', new: 'active' }, keptDeviceId: { new: deviceId } },
  });
  return originalId;
});

function isGone(state: string): boolean {
  return state === 'unenrolled' || state === 'revoked';
}

function* findRow(tenantId: string, deviceId: string): Work<FoundRow | undefined> {
  return yield* firstOf((db) =>
    db
      .selectFrom('devices')
      .select(['name', 'state', 'machine_hash', 'clone_of'])
      .where('tenant_id', '=', tenantId)
      .where('device_id', '=', deviceId),
  );
}

interface FoundRow {
  readonly name: string;
  readonly state: string;
  readonly machine_hash: string;
  readonly clone_of: string | null;
}

function noSuchDevice(): KnownError {
  return new KnownError('itemNotFound', 'There is no device with this id.');
}
