/** The groups that a person or a device is a member of. */

import type { Store } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { readRows } from '../db/read.ts';

const memberships = prepared((db, at: { tenantId: string; userId: string; deviceId: string }) =>
  db
    .selectFrom('group_members')
    .select('group_id')
    .where('tenant_id', '=', at.tenantId)
    .where('member_id', 'in', [at.userId, at.deviceId]),
);

export async function groupsOf(
  store: Store,
  tenantId: string,
  { userId, deviceId }: { readonly userId: string; readonly deviceId: string },
): Promise<Set<string>> {
  const rows = await readRows(store, memberships({ tenantId, userId, deviceId }));
  return new Set(rows.map(({ group_id }) => group_id));
}
