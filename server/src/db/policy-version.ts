/** The version of everything that decides what a device may do: an agent refuses an older one. */

import { run, type Work } from './command.ts';

/** Part of every command that changes a policy, a switch, an assignment, a group or who is in one. */
export function* growPolicyVersion(tenantId: string): Work<void> {
  yield* run((db) =>
    db
      .updateTable('tenants')
      .set((eb) => ({ policy_version: eb('policy_version', '+', 1) }))
      .where('tenant_id', '=', tenantId),
  );
}
