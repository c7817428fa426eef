/**
 * Groups and who was put into them: their rows. Every change grows the policy version and is written down in the audit
 * log, in the same command, because a group decides whom a policy reaches.
 *
 * Who is in a dynamic group is asked, never stored (membership.ts).
 */

import type { Json } from '@carryover/model/canonical';
import { KnownError } from '@carryover/model/errors';
import { groupRuleFrom } from '@carryover/model/group-rule';
import { type AuditEntry, type Change, recordAudit } from '../audit/audit.ts';
import { command, firstOf, rowsOfEach, run, type Store, type Work } from '../db/command.ts';
import { growPolicyVersion } from '../db/policy-version.ts';
import { mustBeVersion } from '../http/etag.ts';
import { nameKey, wordsOf } from './store.ts';

/** Dynamic groups of one organization: each is asked at every check-in. */
export const MAX_RULES = 500;

/** Longest text that groups are searched by, in characters. */
const MAX_SEARCH_TEXT = 300;

export interface GroupRow {
  readonly group_id: string;
  readonly display_name: string;
  readonly body: string;
  readonly membership_rule: string | null;
  readonly version: number;
  readonly created_at: number;
  readonly modified_at: number;
}

/** What a group keeps beside its columns. */
export interface GroupBody {
  readonly description: string | null;
  readonly mailNickname: string;
}

export interface NewGroup extends GroupBody {
  readonly displayName: string;
  /** Null: its members are assigned. */
  readonly membershipRule: string | null;
}

export type GroupChanges = { readonly [Name in keyof NewGroup]?: NewGroup[Name] | undefined };

const COLUMNS = [
  'group_id',
  'display_name',
  'body',
  'membership_rule',
  'version',
  'created_at',
  'modified_at',
] as const satisfies readonly (keyof GroupRow)[];

/** Errors: invalidRequest (membershipRule), quotaLimitReached (inner groupRules), and those of adding a member. */
export const addGroup = command(
  'addGroup',
  function* (change: Change, groupId: string, group: NewGroup, memberIds: readonly string[]) {
    const { displayName, membershipRule, description, mailNickname } = group;
    yield* growPolicyVersion(change.tenantId);
    if (membershipRule !== null) yield* mustTakeRule(change.tenantId, membershipRule);
    yield* run((db) =>
      db.insertInto('groups').values({
        tenant_id: change.tenantId,
        group_id: groupId,
        display_name: displayName,
        body: JSON.stringify({ description, mailNickname } satisfies GroupBody),
        membership_rule: membershipRule,
        search_text: searchTextOf(displayName),
        version: 1,
        created_at: change.at,
        modified_at: change.at,
      }),
    );
    for (const memberId of memberIds) yield* insertMember(change.tenantId, groupId, memberId);
    yield* audited(change, 'create', groupId, {
      ...Object.fromEntries(Object.entries(group).map(([name, value]) => [name, { new: value }])),
      ...(memberIds.length === 0 ? {} : { members: { new: [...memberIds] } }),
    });
  },
);

/**
 * Changes what is named and keeps the rest.
 *
 * Errors: itemNotFound, resourceModified, invalidRequest (membershipRule; a rule for a group without).
 */
export const changeGroup = command(
  'changeGroup',
  function* (change: Change, groupId: string, changes: GroupChanges, ifVersion: number | undefined) {
    yield* growPolicyVersion(change.tenantId);
    const before = yield* mustFindGroup(change.tenantId, groupId);
    mustBeVersion(ifVersion, Number(before.version));
    const old: NewGroup = {
      displayName: before.display_name,
      membershipRule: before.membership_rule,
      ...bodyOf(before),
    };
    const named = Object.entries(changes).filter(([, value]) => value !== undefined);
    const now = { ...old, ...(Object.fromEntries(named) as Partial<NewGroup>) };
    if (now.membershipRule !== old.membershipRule) {
      if (old.membershipRule === null || now.membershipRule === null)
        throw new KnownError(
          'invalidRequest',
          'membershipRule belongs to a group made with groupTypes ["DynamicMembership"]. Make another group instead.',
          { inner: 'groupTypes' },
        );
      groupRuleFrom(now.membershipRule);
    }
    yield* run((db) =>
      db
        .updateTable('groups')
        .set((eb) => ({
          display_name: now.displayName,
          body: JSON.stringify({
            description: now.description,
            mailNickname: now.mailNickname,
          } satisfies GroupBody),
          membership_rule: now.membershipRule,
          search_text: searchTextOf(now.displayName),
          version: eb('version', '+', 1),
          modified_at: change.at,
        }))
        .where('tenant_id', '=', change.tenantId)
        .where('group_id', '=', groupId),
    );
    yield* audited(
      change,
      'update',
      groupId,
      Object.fromEntries(
        named.map(([name, value]) => [name, { old: old[name as keyof NewGroup], new: value ?? null }]),
      ),
    );
  },
);

/**
 * Removes a group and who was in it. One that a policy names stays: without an exclusion the policy would reach more.
 *
 * Errors: itemNotFound, resourceModified, conflict (inner groupAssigned, details.policies).
 */
export const deleteGroup = command(
  'deleteGroup',
  function* (change: Change, groupId: string, ifVersion: number | undefined) {
    yield* growPolicyVersion(change.tenantId);
    const before = yield* mustFindGroup(change.tenantId, groupId);
    mustBeVersion(ifVersion, Number(before.version));
    const [assigned] = yield* rowsOfEach<[{ policy_id: string; name: string }]>([
      (db) =>
        db
          .selectFrom('assignments')
          .innerJoin('policies', (join) =>
            join
              .onRef('policies.tenant_id', '=', 'assignments.tenant_id')
              .onRef('policies.policy_id', '=', 'assignments.policy_id'),
          )
          .select(['policies.policy_id', 'policies.name'])
          .where('assignments.tenant_id', '=', change.tenantId)
          .where('assignments.target', 'like', `%${groupId}%`)
          .orderBy('policies.name'),
    ]);
    if (assigned.length > 0)
      throw new KnownError(
        'conflict',
        `Policies are assigned by this group: ${assigned.map(({ name }) => name).join(', ')}. Change their assignments first.`,
        { inner: 'groupAssigned', details: { policies: assigned.map(({ policy_id }) => policy_id) } },
      );
    for (const table of ['group_members', 'groups'] as const)
      yield* run((db) => db.deleteFrom(table).where('tenant_id', '=', change.tenantId).where('group_id', '=', groupId));
    yield* audited(change, 'delete', groupId, {
      displayName: { old: before.display_name },
      membershipRule: { old: before.membership_rule },
    });
  },
);

/** Errors: itemNotFound (group, person or device), invalidRequest (inner alreadyMember, dynamicGroup). */
export const addGroupMember = command('addGroupMember', function* (change: Change, groupId: string, memberId: string) {
  yield* growPolicyVersion(change.tenantId);
  mustBeAssigned(yield* mustFindGroup(change.tenantId, groupId));
  yield* insertMember(change.tenantId, groupId, memberId);
  yield* audited(change, 'add member to', groupId, { member: { new: memberId } });
});

/** Errors: itemNotFound (group or membership), invalidRequest (inner dynamicGroup). */
export const removeGroupMember = command(
  'removeGroupMember',
  function* (change: Change, groupId: string, memberId: string) {
    yield* growPolicyVersion(change.tenantId);
    mustBeAssigned(yield* mustFindGroup(change.tenantId, groupId));
    const { changed } = yield* run((db) =>
      db
        .deleteFrom('group_members')
        .where('tenant_id', '=', change.tenantId)
        .where('group_id', '=', groupId)
        .where('member_id', '=', memberId),
    );
    if (changed === 0) throw new KnownError('itemNotFound', 'The group has no such member.');
    yield* audited(change, 'remove member from', groupId, { member: { old: memberId } });
  },
);

function* mustFindGroup(tenantId: string, groupId: string): Work<GroupRow> {
  const row = yield* firstOf((db) =>
    db.selectFrom('groups').select(COLUMNS).where('tenant_id', '=', tenantId).where('group_id', '=', groupId),
  );
  if (row === undefined) throw noSuchGroup();
  return row;
}

function mustBeAssigned({ membership_rule }: GroupRow): void {
  if (membership_rule !== null)
    throw new KnownError('invalidRequest', 'The members of a dynamic group follow its membershipRule. Change that.', {
      inner: 'dynamicGroup',
    });
}

function* mustTakeRule(tenantId: string, rule: string): Work<void> {
  groupRuleFrom(rule);
  const found = yield* firstOf((db) =>
    db
      .selectFrom('groups')
      .select(({ fn }) => fn.countAll().as('rules'))
      .where('tenant_id', '=', tenantId)
      .where('membership_rule', 'is not', null),
  );
  if (Number(found?.rules ?? 0) >= MAX_RULES)
    throw new KnownError('quotaLimitReached', `An organization has at most ${MAX_RULES} dynamic groups.`, {
      inner: 'groupRules',
    });
}

/** A person or a device that has not left. */
function* insertMember(tenantId: string, groupId: string, memberId: string): Work<void> {
  const [people, devices] = yield* rowsOfEach<[object, object]>([
    (db) => db.selectFrom('users').select('user_id').where('user_id', '=', memberId).where('tenant_id', '=', tenantId),
    (db) =>
      db
        .selectFrom('devices')
        .select('device_id')
        .where('tenant_id', '=', tenantId)
        .where('device_id', '=', memberId)
        .where('state', 'not in', ['unenrolled', 'revoked']),
  ]);
  if (people.length + devices.length === 0)
    throw new KnownError('itemNotFound', 'There is no person and no device with this id.');
  const { changed } = yield* run((db) =>
    db
      .insertInto('group_members')
      .values({ tenant_id: tenantId, group_id: groupId, member_id: memberId })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'group_id', 'member_id']).doNothing()),
  );
  if (changed === 0)
    throw new KnownError('invalidRequest', 'This is a member of the group already.', { inner: 'alreadyMember' });
}

function* audited(change: Change, verb: string, id: string, values: AuditEntry['values']): Work<void> {
  yield* recordAudit({ ...change, action: `${verb} group`, target: { type: 'group', id }, result: 'success', values });
}

function searchTextOf(displayName: string): string {
  return nameKey(displayName).slice(0, MAX_SEARCH_TEXT);
}

export function bodyOf(row: Pick<GroupRow, 'body'>): GroupBody {
  return JSON.parse(row.body) as GroupBody & Json;
}

/** Errors: itemNotFound. */
export async function getGroup(store: Store, tenantId: string, groupId: string): Promise<GroupRow> {
  const row = await store.read
    .selectFrom('groups')
    .select(COLUMNS)
    .where('tenant_id', '=', tenantId)
    .where('group_id', '=', groupId)
    .executeTakeFirst();
  if (row === undefined) throw noSuchGroup();
  return row;
}

export interface GroupsAsked {
  readonly top: number;
  /** The id that the page before ended with. */
  readonly after: string | undefined;
  readonly displayName?: string | undefined;
  /** Every word of it must be in the name. */
  readonly search?: string | undefined;
}

/** Groups of an organization by id, so that pages hold still while groups are renamed. */
export async function listGroups(store: Store, tenantId: string, asked: GroupsAsked): Promise<GroupRow[]> {
  let query = store.read.selectFrom('groups').select(COLUMNS).where('tenant_id', '=', tenantId);
  if (asked.after !== undefined) query = query.where('group_id', '>', asked.after);
  if (asked.displayName !== undefined) query = query.where('display_name', '=', asked.displayName);
  for (const word of wordsOf(asked.search)) query = query.where('search_text', 'like', word);
  return query.orderBy('group_id').limit(asked.top).execute();
}

function noSuchGroup(): KnownError {
  return new KnownError('itemNotFound', 'There is no group with this id.');
}
