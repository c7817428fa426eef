/**
 * Who holds which role: the rows, and the one rule that no change may break: an organization keeps a Global Administrator
 * whose account is enabled.
 *
 * Each change is written down in the audit log, in the same command; a role is asked for at every request, so it counts
 * at once.
 */

import { KnownError } from '@carryover/model/errors';
import { type Change, recordAudit } from '../audit/audit.ts';
import { command, firstOf, run, type Store, type Work } from '../db/command.ts';
import { ROLES, type Role } from './roles.ts';

export interface RoleHolder {
  readonly userId: string;
  readonly role: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
}

/** Errors: itemNotFound (person), invalidRequest (inner roleHeld). */
export const giveRole = command('giveRole', function* (change: Change, userId: string, role: Role) {
  yield* lockTenant(change.tenantId);
  const person = yield* firstOf((db) =>
    db.selectFrom('users').select('user_id').where('user_id', '=', userId).where('tenant_id', '=', change.tenantId),
  );
  if (person === undefined) throw new KnownError('itemNotFound', 'There is no such person.');
  const { changed } = yield* run((db) =>
    db
      .insertInto('role_assignments')
      .values({ tenant_id: change.tenantId, user_id: userId, role, created_at: change.at })
      .onConflict((conflict) => conflict.doNothing()),
  );
  if (changed === 0) throw new KnownError('invalidRequest', `This person is a ${role} already.`, { inner: 'roleHeld' });
  yield* audited(change, 'add role to', userId, { role: { new: role } });
});

/** Errors: itemNotFound (who does not hold it), conflict (inner lastGlobalAdministrator). */
export const takeRole = command('takeRole', function* (change: Change, userId: string, role: Role) {
  yield* lockTenant(change.tenantId);
  if (role === ROLES.globalAdministrator) yield* mustLeaveAnAdministrator(change.tenantId, userId);
  const { changed } = yield* run((db) =>
    db
      .deleteFrom('role_assignments')
      .where('tenant_id', '=', change.tenantId)
      .where('user_id', '=', userId)
      .where('role', '=', role),
  );
  if (changed === 0) throw new KnownError('itemNotFound', `This person is no ${role}.`);
  yield* audited(change, 'remove role from', userId, { role: { old: role } });
});

/** Two commands of one organization that both look before they change go one after the other. */
function* lockTenant(tenantId: string): Work<void> {
  yield* run((db) =>
    db
      .updateTable('tenants')
      .set((eb) => ({ policy_version: eb.ref('policy_version') }))
      .where('tenant_id', '=', tenantId),
  );
}

/**
 * Refuses what would leave nobody who can give roles. Call it before the change, with the organization's row held.
 *
 * Errors: conflict (inner lastGlobalAdministrator) when `userId` is the only enabled one.
 */
export function* mustLeaveAnAdministrator(tenantId: string, userId: string): Work<void> {
  const isOne = yield* firstOf((db) =>
    db
      .selectFrom('role_assignments')
      .select('user_id')
      .where('tenant_id', '=', tenantId)
      .where('user_id', '=', userId)
      .where('role', '=', ROLES.globalAdministrator),
  );
  if (isOne === undefined) return;
  const another = yield* firstOf((db) =>
    db
      .selectFrom('role_assignments')
      .innerJoin('users', 'users.user_id', 'role_assignments.user_id')
      .select('users.user_id')
      .where('role_assignments.tenant_id', '=', tenantId)
      .where('role_assignments.role', '=', ROLES.globalAdministrator)
      .where('role_assignments.user_id', '<>', userId)
      .where('users.tenant_id', '=', tenantId)
      .where('users.account_enabled', '=', 1)
      .limit(1),
  );
  if (another === undefined)
    throw new KnownError(
      'conflict',
      'This is the last Global Administrator whose account is enabled. Give the role to somebody else first.',
      { inner: 'lastGlobalAdministrator' },
    );
}

function* audited(
  change: Change,
  action: string,
  userId: string,
  values: { role: { old?: string; new?: string } },
): Work<void> {
  yield* recordAudit({ ...change, action, target: { type: 'user', id: userId }, result: 'success', values });
}

/** Who holds a role, or which roles a person holds, or both; by role and account name. */
export async function listRoleHolders(
  store: Store,
  tenantId: string,
  asked: { readonly role?: string | undefined; readonly userId?: string | undefined },
): Promise<RoleHolder[]> {
  let query = store.read
    .selectFrom('role_assignments')
    .innerJoin('users', 'users.user_id', 'role_assignments.user_id')
    .select(['users.user_id', 'role_assignments.role', 'users.display_name', 'users.user_principal_name'])
    .where('role_assignments.tenant_id', '=', tenantId)
    .where('users.tenant_id', '=', tenantId);
  if (asked.role !== undefined) query = query.where('role_assignments.role', '=', asked.role);
  if (asked.userId !== undefined) query = query.where('role_assignments.user_id', '=', asked.userId);
  const rows = await query.orderBy('role_assignments.role').orderBy('users.user_principal_name').execute();
  return rows.map((row) => ({
    userId: row.user_id,
    role: row.role,
    displayName: row.display_name,
    userPrincipalName: row.user_principal_name,
  }));
}
