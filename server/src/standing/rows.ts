/**
 * The rows of a standing, and the queries that read them.
 *
 * Apart from the rules, so that commands can read them too: the writer thread loads no more than its commands need.
 */

import type { Query } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { type Owner, ZERO_ID } from '../db/schema.ts';

const deviceFacts = prepared((db, at: { tenantId: string; deviceId: string }) =>
  db
    .selectFrom('devices')
    .innerJoin('tenants', (join) => join.onRef('tenants.tenant_id', '=', 'devices.tenant_id'))
    .select([
      'devices.platform',
      'devices.build',
      'devices.os_name',
      'devices.join_type',
      'devices.former_device_id',
      'devices.restore_page_at_enrollment',
      'devices.enrolled_at',
      'devices.provisioning',
      'devices.local_policy',
      'devices.edition',
      'tenants.cloud',
      'tenants.region',
      'tenants.name',
      'tenants.policy_version',
    ])
    .where('devices.tenant_id', '=', at.tenantId)
    .where('devices.device_id', '=', at.deviceId),
);

export const switchesOf = prepared((db, at: { tenantId: string; userId: string; deviceId: string }) =>
  db
    .selectFrom('preferences')
    .select(['device_id', 'toggle', 'state'])
    .where('user_id', '=', at.userId)
    .where('tenant_id', '=', at.tenantId)
    .where('device_id', 'in', [ZERO_ID, at.deviceId]),
);

type RowOf<Made> = Made extends Query<infer Row> ? Row : never;

/** What a standing is put together from, as read in one go. */
export interface StandingRows {
  /** Undefined when the organization has no such device. */
  readonly device: RowOf<ReturnType<typeof deviceFacts>> | undefined;
  readonly switches: readonly RowOf<ReturnType<typeof switchesOf>>[];
}

/** Reads the rows of a standing: first the device's, then the person's switches. For commands that answer with one. */
export function standingQueries({ tenantId, userId }: Owner, deviceId: string) {
  return [deviceFacts({ tenantId, deviceId }), switchesOf({ tenantId, userId, deviceId })] as const;
}
