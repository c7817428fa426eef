/** The groups that a person or a device is in, as far as somebody put them there. */

import type { Store } from '../db/command.ts';

export async function groupsOf(
  store: Store,
  subject: { readonly tenantId: string; readonly userId: string; readonly deviceId: string },
): Promise<ReadonlySet<string>> {
  const rows = await store.read
    .selectFrom('group_members')
    .select('group_id')
    .where('tenant_id', '=', subject.tenantId)
    .where('member_id', 'in', [subject.userId, subject.deviceId])
    .execute();
  return new Set(rows.map(({ group_id }) => group_id));
}
