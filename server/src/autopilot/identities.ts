/**
 * The PCs that IT registered before anybody enrolled them: their rows.
 *
 * A PC is known again by the serial number of its maker, or by its machine hash. An organization registers each once.
 */

import { KnownError } from '@carryover/model/errors';
import { type Change, recordAudit } from '../audit/audit.ts';
import { command, firstOf, run, type Store } from '../db/command.ts';
import type { Schema } from '../db/schema.ts';

export type IdentityRow = Schema['autopilot_devices'];

export interface NewIdentity {
  readonly identityId: string;
  /** Empty where only the hardware is known; one of the two is there. */
  readonly serialNumber: string;
  readonly machineHash: string;
  readonly groupTag: string;
}

/** Serial numbers are typed from labels: case and spaces around do not tell two PCs apart. */
export function foldedSerial(serialNumber: string): string {
  return serialNumber.trim().toLowerCase();
}

/** Errors: conflict (inner alreadyRegistered). */
export const addAutopilotDevice = command('addAutopilotDevice', function* (change: Change, identity: NewIdentity) {
  const { tenantId } = change;
  const { identityId, serialNumber, machineHash, groupTag } = identity;
  // Two who register the same PC at once: the second waits here, and sees the first.
  yield* run((db) =>
    db
      .updateTable('tenants')
      .set((eb) => ({ policy_version: eb.ref('policy_version') }))
      .where('tenant_id', '=', tenantId),
  );
  const known = yield* firstOf((db) =>
    db
      .selectFrom('autopilot_devices')
      .select('identity_id')
      .where('tenant_id', '=', tenantId)
      .where((eb) =>
        eb.or([
          eb.and([eb('serial_number', '=', serialNumber), eb('serial_number', '<>', '')]),
          eb.and([eb('machine_hash', '=', machineHash), eb('machine_hash', '<>', '')]),
        ]),
      ),
  );
  if (known !== undefined)
    throw new KnownError('conflict', `This PC is registered already, as ${known.identity_id}.`, {
      inner: 'alreadyRegistered',
      details: { id: known.identity_id },
    });
  yield* run((db) =>
    db.insertInto('autopilot_devices').values({
      tenant_id: tenantId,
      identity_id: identityId,
      serial_number: serialNumber,
      machine_hash: machineHash,
      group_tag: groupTag,
      profile_id: null,
      device_id: null,
      created_at: change.at,
    }),
  );
  yield* recordAudit({
    ...change,
    action: 'create autopilotDevice',
    target: { type: 'autopilotDevice', id: identityId },
    result: 'success',
    values: { serialNumber: { new: serialNumber }, groupTag: { new: groupTag } },
  });
});

/** Errors: itemNotFound. */
export const removeAutopilotDevice = command('removeAutopilotDevice', function* (change: Change, identityId: string) {
  const before = yield* firstOf((db) =>
    db
      .selectFrom('autopilot_devices')
      .select('serial_number')
      .where('tenant_id', '=', change.tenantId)
      .where('identity_id', '=', identityId),
  );
  if (before === undefined) throw noSuchPc();
  yield* run((db) =>
    db.deleteFrom('autopilot_devices').where('tenant_id', '=', change.tenantId).where('identity_id', '=', identityId),
  );
  yield* recordAudit({
    ...change,
    action: 'delete autopilotDevice',
    target: { type: 'autopilotDevice', id: identityId },
    result: 'success',
    values: { serialNumber: { old: before.serial_number } },
  });
});

/** Gives PCs a profile of their own, all or none of them. Errors: itemNotFound. */
export const giveAutopilotProfile = command(
  'giveAutopilotProfile',
  function* (change: Change, profileId: string, identityIds: readonly string[]) {
    for (const identityId of identityIds) {
      const { changed } = yield* run((db) =>
        db
          .updateTable('autopilot_devices')
          .set({ profile_id: profileId })
          .where('tenant_id', '=', change.tenantId)
          .where('identity_id', '=', identityId),
      );
      if (changed === 0) throw noSuchPc();
    }
    yield* recordAudit({
      ...change,
      action: 'assign autopilotProfile',
      target: { type: 'autopilotProfile', id: profileId },
      result: 'success',
      values: { autopilotDevices: { new: [...identityIds] } },
    });
  },
);

export interface Identity {
  readonly identityId: string;
  /** Given to this PC by itself. */
  readonly profileId: string | undefined;
}

/** The registered PC with this serial number, else the one with this machine hash. */
export async function findIdentity(
  store: Store,
  pc: { readonly tenantId: string; readonly serialNumber: string | undefined; readonly machineHash: string },
): Promise<Identity | undefined> {
  const serialNumber = foldedSerial(pc.serialNumber ?? '');
  const bySerial = serialNumber === '' ? undefined : await findBy(store, pc.tenantId, 'serial_number', serialNumber);
  const row = bySerial ?? (await findBy(store, pc.tenantId, 'machine_hash', pc.machineHash));
  return row && { identityId: row.identity_id, profileId: row.profile_id ?? undefined };
}

async function findBy(store: Store, tenantId: string, column: 'serial_number' | 'machine_hash', value: string) {
  return await store.read
    .selectFrom('autopilot_devices')
    .select(['identity_id', 'profile_id'])
    .where('tenant_id', '=', tenantId)
    .where(column, '=', value)
    .executeTakeFirst();
}

/** Errors: itemNotFound. */
export async function getIdentity(store: Store, tenantId: string, identityId: string): Promise<IdentityRow> {
  const row = await store.read
    .selectFrom('autopilot_devices')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('identity_id', '=', identityId)
    .executeTakeFirst();
  if (row === undefined) throw noSuchPc();
  return row;
}

/** By id. */
export async function listIdentities(
  store: Store,
  tenantId: string,
  page: { readonly after: string | undefined; readonly top: number },
): Promise<IdentityRow[]> {
  let query = store.read.selectFrom('autopilot_devices').selectAll().where('tenant_id', '=', tenantId);
  if (page.after !== undefined) query = query.where('identity_id', '>', page.after);
  return await query.orderBy('identity_id').limit(page.top).execute();
}

function noSuchPc(): KnownError {
  return new KnownError('itemNotFound', 'There is no registered PC with this id.');
}
