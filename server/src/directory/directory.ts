/**
 * The directory: who belongs to an organization, and whether a password is theirs.
 *
 * The door of this context. No answer tells whether an account exists to someone who did not sign in.
 */

import { KnownError } from '@carryover/model/errors';
import { isUserPrincipalName } from '@carryover/model/people-import';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import { hashPassword, isPassword } from './passwords.ts';
import type { Role } from './roles.ts';
import {
  beginAttempt,
  endAttempt,
  findUser,
  findUserByName,
  insertUser,
  isAccountEnabled,
  listRoles,
  lockMs,
  type NewUser,
  nameKey,
  setPassword,
  type User,
  wordsOf,
} from './store.ts';

export { insertUser, type NewUser, type User, wordsOf };

export interface PersonDraft {
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly department?: string | undefined;
  readonly password: string;
  readonly mustChangePassword?: boolean;
  readonly roles?: readonly Role[];
}

/** The row of a new person, password hashed. Errors: invalidRequest (name, password). */
export async function newUserFrom(draft: PersonDraft): Promise<NewUser> {
  const userPrincipalName = draft.userPrincipalName.trim();
  if (!isUserPrincipalName(userPrincipalName))
    throw new KnownError('invalidRequest', 'A user name looks like anna@example.org.', { inner: 'userPrincipalName' });
  const displayName = draft.displayName.trim();
  if (displayName === '' || displayName.length > 256)
    throw new KnownError('invalidRequest', 'A display name has 1 to 256 characters.', { inner: 'displayName' });
  return {
    userPrincipalName,
    displayName,
    department: draft.department?.trim() || null,
    passwordHash: await hashPassword(draft.password, userPrincipalName),
    mustChangePassword: draft.mustChangePassword ?? false,
    roles: draft.roles ?? [],
  };
}

/** Errors: itemNotFound. */
export async function getPerson(store: Store, owner: Owner): Promise<User> {
  const user = await findUser(store, owner);
  if (user === undefined) throw noSuchPerson();
  return user;
}

export function findPersonByName(store: Store, tenantId: string, name: string): Promise<User | undefined> {
  return findUserByName(store, tenantId, name);
}

/** What http/authenticate.ts asks about every caller; roles are read only where they can matter. */
export async function findPerson(
  store: Store,
  owner: Owner,
  { withRoles }: { readonly withRoles: boolean },
): Promise<{ readonly enabled: boolean; readonly roles: readonly string[] } | undefined> {
  const [enabled, roles] = await Promise.all([
    isAccountEnabled(store, owner),
    withRoles ? listRoles(store, owner) : [],
  ]);
  return enabled === undefined ? undefined : { enabled, roles };
}

/** The person sets a password of their own. Errors: invalidRequest, itemNotFound. */
export async function changePassword(
  store: Store,
  owner: Owner,
  password: string,
  now: Temporal.Instant,
): Promise<void> {
  const user = await getPerson(store, owner);
  if (await isPassword(password, user.passwordHash))
    throw new KnownError('invalidRequest', 'The new password must differ from the old one.', { inner: 'passwordSame' });
  const hash = await hashPassword(password, user.userPrincipalName);
  await store.write(setPassword, owner, { hash, mustChange: false }, now.epochMilliseconds);
}

type Attempt =
  | { readonly kind: 'right'; readonly userId: string; readonly mustChangePassword: boolean }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'locked'; readonly until: Temporal.Instant };

export interface PasswordChecks {
  /** Errors: tooManyRequests. */
  attempt(tenantId: string, name: string, password: string): Promise<Attempt>;
}

/** Names that do not exist are remembered so far, so that they lock as others do. */
const MAX_UNKNOWN_NAMES = 10_000;

/** Sign-in with a password: counted, locked after failures in a row, alike for names that exist and that do not. */
export function createPasswordChecks(store: Store, now: () => Temporal.Instant): PasswordChecks {
  const unknown = new Map<string, { failures: number; lockedUntil: number }>();

  return {
    async attempt(tenantId, name, password) {
      const nowMs = now().epochMilliseconds;
      const user = await findUserByName(store, tenantId, name);
      const owner = { tenantId, userId: user?.userId ?? '' };
      const lockedUntil =
        user === undefined
          ? beginUnknown(`${tenantId} ${nameKey(name)}`, nowMs)
          : await store.write(beginAttempt, owner, nowMs);
      if (lockedUntil !== null) return { kind: 'locked', until: Temporal.Instant.fromEpochMilliseconds(lockedUntil) };

      const right = await isPassword(password, user?.passwordHash ?? null);
      if (!right || user === undefined) return { kind: 'wrong' };
      await store.write(endAttempt, owner);
      if (!user.accountEnabled) return { kind: 'wrong' };
      return { kind: 'right', userId: user.userId, mustChangePassword: user.mustChangePassword };
    },
  };

  function beginUnknown(key: string, nowMs: number): number | null {
    const before = unknown.get(key) ?? { failures: 0, lockedUntil: 0 };
    if (before.lockedUntil > nowMs) return before.lockedUntil;
    const failures = before.failures + 1;
    if (unknown.size >= MAX_UNKNOWN_NAMES) unknown.delete(unknown.keys().next().value ?? '');
    unknown.delete(key);
    unknown.set(key, { failures, lockedUntil: lockUntil(failures, nowMs) });
    return null;
  }
}

function lockUntil(failures: number, nowMs: number): number {
  const lock = lockMs(failures);
  return lock === 0 ? 0 : nowMs + lock;
}

function noSuchPerson(): KnownError {
  return new KnownError('itemNotFound', 'There is no such person.');
}
