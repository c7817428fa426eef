/** People of a tenant: their rows, names and roles. */

import { KnownError } from '@carryover/model/errors';
import { command, firstOf, lockOwner, run, type Store } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { readFirst } from '../db/read.ts';
import type { Owner } from '../db/schema.ts';

export interface NewUser {
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly passwordHash: string | null;
  readonly mustChangePassword: boolean;
  readonly roles: readonly string[];
}

export interface User {
  readonly userId: string;
  readonly tenantId: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly accountEnabled: boolean;
  readonly passwordHash: string | null;
  readonly mustChangePassword: boolean;
}

/** Names are compared without case and with compatible characters made equal. */
export function nameKey(userPrincipalName: string): string {
  return userPrincipalName.normalize('NFKC').trim().toLowerCase();
}

/** Steps shared with the command that makes an organization with its first person. Errors: conflict (nameTaken). */
export function* insertUser(owner: Owner, user: NewUser, now: number) {
  const { tenantId: tenant_id, userId: user_id } = owner;
  const { changed } = yield* run((db) =>
    db
      .insertInto('user_names')
      .values({ tenant_id, name: nameKey(user.userPrincipalName), user_id })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doNothing()),
  );
  if (changed === 0)
    throw new KnownError('conflict', 'There is an account with this name already.', { inner: 'nameTaken' });
  yield* run((db) =>
    db.insertInto('users').values({
      user_id,
      tenant_id,
      user_principal_name: user.userPrincipalName.trim(),
      display_name: user.displayName,
      account_enabled: 1,
      password_hash: user.passwordHash,
      must_change_password: user.mustChangePassword ? 1 : 0,
      failed_sign_ins: 0,
      locked_until: null,
      created_at: now,
      modified_at: now,
    }),
  );
  for (const role of user.roles)
    yield* run((db) => db.insertInto('role_assignments').values({ tenant_id, user_id, role, created_at: now }));
}

/** False when there is no such person. Ends a lock. */
export const setPassword = command(
  'setPassword',
  function* (owner: Owner, password: { hash: string; mustChange: boolean }, now: number) {
    const { changed } = yield* run((db) =>
      db
        .updateTable('users')
        .set({
          password_hash: password.hash,
          must_change_password: password.mustChange ? 1 : 0,
          failed_sign_ins: 0,
          locked_until: null,
          modified_at: now,
        })
        .where('user_id', '=', owner.userId)
        .where('tenant_id', '=', owner.tenantId),
    );
    return changed === 1;
  },
);

/** Failures in a row before an account is locked. */
export const MAX_FAILURES = 10;
const LOCK_MS = 60_000;
const MAX_LOCK_MS = 3_600_000;

/** How long the failure with this number locks, in milliseconds: a minute, doubled with each one after. */
export function lockMs(failures: number): number {
  return failures < MAX_FAILURES ? 0 : Math.min(LOCK_MS * 2 ** (failures - MAX_FAILURES), MAX_LOCK_MS);
}

/**
 * Counts an attempt before its password is looked at, so that many at once count as many. Says until when the account is
 * locked (milliseconds), or null when the attempt may go on.
 */
export const beginAttempt = command('beginAttempt', function* (owner: Owner, now: number) {
  yield* lockOwner(owner);
  const user = yield* firstOf((db) =>
    db
      .selectFrom('users')
      .select(['failed_sign_ins', 'locked_until'])
      .where('user_id', '=', owner.userId)
      .where('tenant_id', '=', owner.tenantId),
  );
  const lockedUntil = Number(user?.locked_until ?? 0);
  if (lockedUntil > now) return lockedUntil;
  const failures = Number(user?.failed_sign_ins ?? 0) + 1;
  const lock = lockMs(failures);
  yield* run((db) =>
    db
      .updateTable('users')
      .set({ failed_sign_ins: failures, locked_until: lock === 0 ? null : now + lock })
      .where('user_id', '=', owner.userId)
      .where('tenant_id', '=', owner.tenantId),
  );
  return null;
});

/** The password was right: earlier failures no longer count. */
export const endAttempt = command('endAttempt', function* (owner: Owner) {
  yield* run((db) =>
    db
      .updateTable('users')
      .set({ failed_sign_ins: 0, locked_until: null })
      .where('user_id', '=', owner.userId)
      .where('tenant_id', '=', owner.tenantId),
  );
});

const accountState = prepared((db, at: Owner) =>
  db
    .selectFrom('users')
    .select('account_enabled')
    .where('user_id', '=', at.userId)
    .where('tenant_id', '=', at.tenantId),
);

/** Undefined when there is no such person. */
export async function isAccountEnabled(store: Store, { tenantId, userId }: Owner): Promise<boolean | undefined> {
  const row = await readFirst(store, accountState({ tenantId, userId }));
  return row && Number(row.account_enabled) === 1;
}

export async function findUser(store: Store, owner: Owner): Promise<User | undefined> {
  const row = await store.read
    .selectFrom('users')
    .select([
      'user_id',
      'tenant_id',
      'user_principal_name',
      'display_name',
      'account_enabled',
      'password_hash',
      'must_change_password',
    ])
    .where('user_id', '=', owner.userId)
    .where('tenant_id', '=', owner.tenantId)
    .executeTakeFirst();
  return (
    row && {
      userId: row.user_id,
      tenantId: row.tenant_id,
      userPrincipalName: row.user_principal_name,
      displayName: row.display_name,
      accountEnabled: Number(row.account_enabled) === 1,
      passwordHash: row.password_hash,
      mustChangePassword: Number(row.must_change_password) === 1,
    }
  );
}

export async function findUserByName(store: Store, tenantId: string, name: string): Promise<User | undefined> {
  const row = await store.read
    .selectFrom('user_names')
    .select('user_id')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', nameKey(name))
    .executeTakeFirst();
  return row && findUser(store, { tenantId, userId: row.user_id });
}

/** People of an organization by name. */
export async function listUsers(
  store: Store,
  tenantId: string,
  page: { readonly top: number; readonly after: string | undefined },
): Promise<User[]> {
  let query = store.read.selectFrom('user_names').select('user_id').where('tenant_id', '=', tenantId);
  if (page.after !== undefined) query = query.where('name', '>', nameKey(page.after));
  const names = await query.orderBy('name').limit(page.top).execute();
  const users = await Promise.all(names.map(({ user_id }) => findUser(store, { tenantId, userId: user_id })));
  return users.flatMap((user) => user ?? []);
}

export async function listRoles(store: Store, owner: Owner): Promise<string[]> {
  const rows = await store.read
    .selectFrom('role_assignments')
    .select('role')
    .where('tenant_id', '=', owner.tenantId)
    .where('user_id', '=', owner.userId)
    .orderBy('role')
    .execute();
  return rows.map(({ role }) => role);
}
