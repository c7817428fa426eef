/**
 * What administrators do with people: add them, one or thousands, rename them, disable them, reset a password. Each on
 * record in the audit log, in the same command; a password is never in it.
 */

import type { Json } from '@carryover/model/canonical';
import { KnownError } from '@carryover/model/errors';
import { type Change, recordAudit, recordAudits } from '../audit/audit.ts';
import { command, firstOf, run, type Store } from '../db/command.ts';
import { growPolicyVersion } from '../db/policy-version.ts';
import type { Owner } from '../db/schema.ts';
import { getPerson, newUserFrom, type PersonDraft } from './directory.ts';
import { hashPassword } from './passwords.ts';
import { mustLeaveAnAdministrator } from './role-store.ts';
import { insertUser, insertUsers, type NewUser, nameKey, searchTextOf } from './store.ts';

/** Errors: invalidRequest (name, password), conflict (nameTaken). */
export async function addPerson(
  store: Store,
  change: Change,
  draft: PersonDraft,
): Promise<{ readonly userId: string }> {
  const userId = crypto.randomUUID();
  await store.write(addUser, change, userId, await newUserFrom(draft));
  return { userId };
}

export interface PersonChanges {
  readonly displayName?: string | undefined;
  /** Null takes it away. */
  readonly department?: string | null | undefined;
  readonly accountEnabled?: boolean | undefined;
  /** A reset: a new password must be chosen at the next sign-in unless mustChange is false. */
  readonly password?: { readonly text: string; readonly mustChange: boolean } | undefined;
}

/** Whoever resets or disables must also end the person's sign-ins (signin.ts). Errors: invalidRequest, itemNotFound. */
export async function changePerson(store: Store, change: Change, owner: Owner, changes: PersonChanges): Promise<void> {
  const { userPrincipalName } = await getPerson(store, owner);
  const displayName = changes.displayName?.trim();
  if (displayName === '')
    throw new KnownError('invalidRequest', 'A display name has 1 to 256 characters.', { inner: 'displayName' });
  const { accountEnabled, password, department } = changes;
  await store.write(changeUser, change, owner.userId, {
    ...(displayName === undefined ? {} : { displayName }),
    ...(department === undefined ? {} : { department: department?.trim() || null }),
    ...(accountEnabled === undefined ? {} : { accountEnabled }),
    ...(password === undefined
      ? {}
      : { password: { hash: await hashPassword(password.text, userPrincipalName), mustChange: password.mustChange } }),
  });
}

export const addUser = command('addUser', function* (change: Change, userId: string, user: NewUser) {
  yield* insertUser({ tenantId: change.tenantId, userId }, user, change.at);
  yield* recordAudit({
    ...change,
    action: 'create user',
    target: { type: 'user', id: userId },
    result: 'success',
    values: {
      userPrincipalName: { new: user.userPrincipalName },
      displayName: { new: user.displayName },
      ...(user.department == null ? {} : { department: { new: user.department } }),
    },
  });
});

/** A person of an import, with the id and the salt that a command cannot make. */
export interface ImportedUser extends NewUser {
  readonly userId: string;
  readonly salt: string;
}

/** Rows in one statement, below what either database takes as parameters. */
const ROWS_AT_ONCE = 500;

/** All of them or none, each on record. Errors: conflict (nameTaken) when a name was taken meanwhile. */
export const addUsers = command('addUsers', function* (change: Change, users: readonly ImportedUser[]) {
  for (let start = 0; start < users.length; start += ROWS_AT_ONCE)
    yield* insertUsers(change.tenantId, users.slice(start, start + ROWS_AT_ONCE), change.at);
  yield* recordAudits(
    users.map((user) => ({
      ...change,
      salt: user.salt,
      action: 'create user',
      target: { type: 'user', id: user.userId },
      result: 'success',
      values: { userPrincipalName: { new: user.userPrincipalName }, displayName: { new: user.displayName } },
    })),
  );
});

interface UserChanges {
  readonly displayName?: string;
  readonly department?: string | null;
  readonly accountEnabled?: boolean;
  readonly password?: { readonly hash: string; readonly mustChange: boolean };
}

/** A reset ends a lock, too. Errors: itemNotFound, conflict (inner lastGlobalAdministrator). */
export const changeUser = command('changeUser', function* (change: Change, userId: string, changes: UserChanges) {
  const before = yield* firstOf((db) =>
    db
      .selectFrom('users')
      .select(['user_principal_name', 'display_name', 'department', 'account_enabled'])
      .where('user_id', '=', userId)
      .where('tenant_id', '=', change.tenantId),
  );
  if (before === undefined) throw new KnownError('itemNotFound', 'There is no such person.');
  const { displayName, department, accountEnabled, password } = changes;
  // What a membership rule may ask for decides which policies reach the person. It holds the organization's row, too.
  if (displayName !== undefined || department !== undefined || accountEnabled !== undefined)
    yield* growPolicyVersion(change.tenantId);
  if (accountEnabled === false) yield* mustLeaveAnAdministrator(change.tenantId, userId);
  yield* run((db) =>
    db
      .updateTable('users')
      .set({
        modified_at: change.at,
        ...(displayName === undefined ? {} : { display_name: displayName }),
        ...(department === undefined ? {} : { department }),
        ...(accountEnabled === undefined ? {} : { account_enabled: accountEnabled ? 1 : 0 }),
        ...(password === undefined
          ? {}
          : {
              password_hash: password.hash,
              must_change_password: password.mustChange ? 1 : 0,
              failed_sign_ins: 0,
              locked_until: null,
            }),
      })
      .where('user_id', '=', userId)
      .where('tenant_id', '=', change.tenantId),
  );
  if (displayName !== undefined)
    yield* run((db) =>
      db
        .updateTable('user_names')
        .set({ search_text: searchTextOf(before.user_principal_name, displayName) })
        .where('tenant_id', '=', change.tenantId)
        .where('name', '=', nameKey(before.user_principal_name)),
    );
  const values: Record<string, { old?: Json; new: Json }> = {};
  if (displayName !== undefined) values['displayName'] = { old: before.display_name, new: displayName };
  if (department !== undefined) values['department'] = { old: before.department, new: department };
  if (accountEnabled !== undefined)
    values['accountEnabled'] = { old: before.account_enabled === 1, new: accountEnabled };
  if (password !== undefined) values['password'] = { new: 'reset' };
  yield* recordAudit({
    ...change,
    action: 'update user',
    target: { type: 'user', id: userId },
    result: 'success',
    values,
  });
});
