/** People of a tenant: their rows, names and roles. */

import { KnownError } from '@carryover/model/errors';
import { command, firstOf, lockOwner, run, type Store } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { readFirst } from '../db/read.ts';
import type { Owner, Schema } from '../db/schema.ts';

export interface NewUser {
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly department?: string | null;
  readonly passwordHash: string | null;
  readonly mustChangePassword: boolean;
  readonly roles: readonly string[];
}

export interface User {
  readonly userId: string;
  readonly tenantId: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly department: string | null;
  readonly accountEnabled: boolean;
  readonly passwordHash: string | null;
  readonly mustChangePassword: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Names are compared without case and with compatible characters made equal. */
export function nameKey(userPrincipalName: string): string {
  return userPrincipalName.normalize('NFKC').trim().toLowerCase();
}

/** Longest text that people are searched by, in characters. */
const MAX_SEARCH_TEXT = 600;

/** What a search looks in; names with and without compatible characters are the same. */
export function searchTextOf(userPrincipalName: string, displayName: string): string {
  return `${nameKey(userPrincipalName)} ${nameKey(displayName)}`.slice(0, MAX_SEARCH_TEXT);
}

/** Steps shared with the command that makes an organization with its first person. Errors: conflict (nameTaken). */
export function* insertUser(owner: Owner, user: NewUser, now: number) {
  const { tenantId: tenant_id, userId: user_id } = owner;
  const { changed } = yield* run((db) =>
    db
      .insertInto('user_names')
      .values({
        tenant_id,
        name: nameKey(user.userPrincipalName),
        user_id,
        search_text: searchTextOf(user.userPrincipalName, user.displayName),
      })
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
      department: user.department ?? null,
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

/** Several at once, without roles. Errors: conflict (nameTaken). */
export function* insertUsers(
  tenant_id: string,
  users: readonly (NewUser & { readonly userId: string })[],
  now: number,
) {
  const { changed } = yield* run((db) =>
    db
      .insertInto('user_names')
      .values(
        users.map(({ userId, userPrincipalName, displayName }) => ({
          tenant_id,
          name: nameKey(userPrincipalName),
          user_id: userId,
          search_text: searchTextOf(userPrincipalName, displayName),
        })),
      )
      .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doNothing()),
  );
  if (changed < users.length)
    throw new KnownError('conflict', 'A name was taken while this was under way. Nothing was stored; try again.', {
      inner: 'nameTaken',
    });
  yield* run((db) =>
    db.insertInto('users').values(
      users.map((user) => ({
        user_id: user.userId,
        tenant_id,
        user_principal_name: user.userPrincipalName.trim(),
        display_name: user.displayName,
        department: user.department ?? null,
        account_enabled: 1,
        password_hash: user.passwordHash,
        must_change_password: user.mustChangePassword ? 1 : 0,
        failed_sign_ins: 0,
        locked_until: null,
        created_at: now,
        modified_at: now,
      })),
    ),
  );
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

const USER_COLUMNS = [
  'users.user_id',
  'users.tenant_id',
  'users.user_principal_name',
  'users.display_name',
  'users.department',
  'users.account_enabled',
  'users.password_hash',
  'users.must_change_password',
  'users.created_at',
] as const;

export async function findUser(store: Store, owner: Owner): Promise<User | undefined> {
  const row = await store.read
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('user_id', '=', owner.userId)
    .where('tenant_id', '=', owner.tenantId)
    .executeTakeFirst();
  return row && userFrom(row);
}

function userFrom(row: Pick<Schema['users'], ColumnName>): User {
  return {
    userId: row.user_id,
    tenantId: row.tenant_id,
    userPrincipalName: row.user_principal_name,
    displayName: row.display_name,
    department: row.department,
    accountEnabled: Number(row.account_enabled) === 1,
    passwordHash: row.password_hash,
    mustChangePassword: Number(row.must_change_password) === 1,
    createdAt: Number(row.created_at),
  };
}

type ColumnName = (typeof USER_COLUMNS)[number] extends `users.${infer Name}` ? Name : never;

export async function findUserByName(store: Store, tenantId: string, name: string): Promise<User | undefined> {
  const row = await store.read
    .selectFrom('user_names')
    .select('user_id')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', nameKey(name))
    .executeTakeFirst();
  return row && findUser(store, { tenantId, userId: row.user_id });
}

export interface PeopleAsked {
  readonly top: number;
  readonly after: string | undefined;
  /** Every word of it must be in the account or display name. */
  readonly search?: string | undefined;
  readonly accountEnabled?: boolean | undefined;
}

/** People of an organization by account name. */
export async function listUsers(store: Store, tenantId: string, asked: PeopleAsked): Promise<User[]> {
  let query = store.read
    .selectFrom('user_names')
    .innerJoin('users', 'users.user_id', 'user_names.user_id')
    .select(USER_COLUMNS)
    .where('user_names.tenant_id', '=', tenantId)
    .where('users.tenant_id', '=', tenantId);
  if (asked.after !== undefined) query = query.where('user_names.name', '>', nameKey(asked.after));
  for (const word of wordsOf(asked.search)) query = query.where('user_names.search_text', 'like', word);
  if (asked.accountEnabled !== undefined)
    query = query.where('users.account_enabled', '=', asked.accountEnabled ? 1 : 0);
  return (await query.orderBy('user_names.name').limit(asked.top).execute()).map(userFrom);
}

/** Patterns of LIKE for the words of a search. A wildcard that was typed stands for nothing else: it is left out. */
export function wordsOf(search: string | undefined): string[] {
  const words = nameKey(search ?? '')
    .replace(/[%_\\]/g, ' ')
    .split(/\s+/);
  return words.filter((word) => word !== '').map((word) => `%${word}%`);
}

/** Which of these account names are taken. */
export async function takenNames(store: Store, tenantId: string, names: readonly string[]): Promise<Set<string>> {
  const taken = new Set<string>();
  for (let start = 0; start < names.length; start += NAMES_AT_ONCE) {
    const rows = await store.read
      .selectFrom('user_names')
      .select('name')
      .where('tenant_id', '=', tenantId)
      .where('name', 'in', names.slice(start, start + NAMES_AT_ONCE).map(nameKey))
      .execute();
    for (const { name } of rows) taken.add(name);
  }
  return taken;
}

const NAMES_AT_ONCE = 500;

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
