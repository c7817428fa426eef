/**
 * Who is in which group: the groups of one person on one device, asked at every check-in, and the members of one group,
 * asked by administrators.
 *
 * Assigned members are rows. Members of a dynamic group are never stored: its rule is asked when it matters, so that a
 * person who changed department is in the right groups at the next check-in. Rules are read and parsed once for each
 * version of the organization's policies; every change of a group grows that version in the same command.
 */

import type { JoinType, DeviceFacts as ModelFacts } from '@carryover/model/device';
import { type GroupRule, groupRuleFrom, type RuleSubject, ruleHolds } from '@carryover/model/group-rule';
import { sql } from 'kysely';
import type { Store } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { readFirst, readRows } from '../db/read.ts';
import { getGroup } from './group-store.ts';

export interface MembershipSubject {
  readonly userId: string;
  readonly deviceId: string;
  /** tenants.policy_version where it was read along with others. */
  readonly policyVersion?: number | undefined;
  /** What a device says that enrolls right now and has no row yet. */
  readonly enrolling?: EnrollingDevice | undefined;
}

type EnrollingDevice = Pick<ModelFacts, 'name' | 'platform' | 'build'> & { readonly joinType: JoinType };

/** Ids of the groups that the person or the device is in. */
export async function groupsOf(
  store: Store,
  tenantId: string,
  { userId, deviceId, policyVersion, enrolling }: MembershipSubject,
): Promise<Set<string>> {
  const version = policyVersion ?? (await readFirst(store, tenantVersion({ tenantId })))?.policy_version ?? 0;
  const [assigned, rules] = await Promise.all([
    readRows(store, assignedGroups({ tenantId, userId, deviceId })),
    rulesOf(store, tenantId, Number(version)),
  ]);
  const groups = new Set(assigned.map(({ group_id }) => group_id));
  if (rules.length === 0) return groups;
  const [user, device] = await Promise.all([
    readFirst(store, userFacts({ tenantId, userId })),
    enrolling === undefined
      ? readFirst(store, deviceFacts({ tenantId, deviceId }))
      : rowFrom(enrolling, { deviceId, userId }),
  ]);
  const subject = subjectFrom(user, device);
  for (const { groupId, rule } of rules) if (ruleHolds(rule, subject)) groups.add(groupId);
  return groups;
}

const tenantVersion = prepared((db, at: { tenantId: string }) =>
  db.selectFrom('tenants').select('policy_version').where('tenant_id', '=', at.tenantId),
);

const assignedGroups = prepared((db, at: { tenantId: string; userId: string; deviceId: string }) =>
  db
    .selectFrom('group_members')
    .select('group_id')
    .where('tenant_id', '=', at.tenantId)
    .where('member_id', 'in', [at.userId, at.deviceId]),
);

const USER_FACTS = ['user_id', 'user_principal_name', 'display_name', 'department', 'account_enabled'] as const;
const DEVICE_FACTS = ['device_id', 'name', 'platform', 'build', 'join_type', 'enrolled_by'] as const;

const userFacts = prepared((db, at: { tenantId: string; userId: string }) =>
  db.selectFrom('users').select(USER_FACTS).where('user_id', '=', at.userId).where('tenant_id', '=', at.tenantId),
);

const deviceFacts = prepared((db, at: { tenantId: string; deviceId: string }) =>
  db
    .selectFrom('devices')
    .select(DEVICE_FACTS)
    .where('tenant_id', '=', at.tenantId)
    .where('device_id', '=', at.deviceId),
);

interface UserFacts {
  readonly user_id: string;
  readonly user_principal_name: string;
  readonly display_name: string;
  readonly department: string | null;
  readonly account_enabled: number;
}

interface DeviceFacts {
  readonly device_id: string;
  readonly name: string;
  readonly platform: string;
  readonly build: string;
  readonly join_type: string;
  readonly enrolled_by: string;
}

function rowFrom(
  { name, platform, build, joinType }: EnrollingDevice,
  { deviceId, userId }: { readonly deviceId: string; readonly userId: string },
): DeviceFacts {
  return { device_id: deviceId, name, platform, build, join_type: joinType, enrolled_by: userId };
}

/** Source: Entra, device.deviceOSType. */
const SYSTEMS: Readonly<Record<string, string>> = { linux: 'Linux', windows: 'Windows' };
/** Source: Graph, device.trustType. */
const TRUST: Readonly<Record<string, string>> = { joined: 'AzureAD', hybrid: 'ServerAD', registered: 'Workplace' };

function subjectFrom(user: UserFacts | undefined, device: DeviceFacts | undefined): RuleSubject {
  return {
    user:
      user === undefined
        ? {}
        : {
            objectId: user.user_id,
            userPrincipalName: user.user_principal_name,
            displayName: user.display_name,
            department: user.department ?? undefined,
            accountEnabled: Number(user.account_enabled) === 1,
          },
    device:
      device === undefined
        ? {}
        : {
            deviceId: device.device_id,
            displayName: device.name,
            deviceOSType: SYSTEMS[device.platform] ?? device.platform,
            deviceOSVersion: device.build,
            deviceTrustType: TRUST[device.join_type] ?? device.join_type,
          },
  };
}

interface CompiledRule {
  readonly groupId: string;
  readonly rule: GroupRule;
}

const MAX_REMEMBERED = 1000;
const remembered = new WeakMap<object, Map<string, { readonly version: number; readonly rules: CompiledRule[] }>>();

/** The version was read first, so that a newer rule is at worst kept under an older version. */
async function rulesOf(store: Store, tenantId: string, version: number): Promise<readonly CompiledRule[]> {
  const known = remembered.get(store.read) ?? new Map();
  remembered.set(store.read, known);
  const before = known.get(tenantId);
  if (before?.version === version) return before.rules;
  const rows = await store.read
    .selectFrom('groups')
    .select(['group_id', 'membership_rule'])
    .where('tenant_id', '=', tenantId)
    .where('membership_rule', 'is not', null)
    .orderBy('group_id')
    .execute();
  const rules = rows.map(({ group_id, membership_rule }) => ({
    groupId: group_id,
    rule: groupRuleFrom(membership_rule ?? ''),
  }));
  if (known.size >= MAX_REMEMBERED) known.delete(known.keys().next().value ?? '');
  known.set(tenantId, { version, rules });
  return rules;
}

/** Which of these ids no group has, e.g. of the targets of an assignment. */
export async function missingGroups(store: Store, tenantId: string, ids: ReadonlySet<string>): Promise<string[]> {
  const missing: string[] = [];
  for (const id of ids) {
    const found = await store.read
      .selectFrom('groups')
      .select('group_id')
      .where('tenant_id', '=', tenantId)
      .where('group_id', '=', id)
      .executeTakeFirst();
    if (found === undefined) missing.push(id);
  }
  return missing;
}

export type Member =
  | { readonly kind: 'user'; readonly id: string; readonly displayName: string; readonly userPrincipalName: string }
  | { readonly kind: 'device'; readonly id: string; readonly displayName: string; readonly operatingSystem: string };

export interface MembersAsked {
  readonly top: number;
  /** The id that the page before ended with. */
  readonly after: string | undefined;
}

/**
 * The members of a group by id, people and devices that have not left.
 *
 * A rule about people has people as members, one about devices has devices; one about both has the devices on which it
 * holds for one of their people. Errors: itemNotFound.
 */
export async function membersOf(
  store: Store,
  { tenantId, groupId }: { readonly tenantId: string; readonly groupId: string },
  asked: MembersAsked,
): Promise<Member[]> {
  const { membership_rule } = await getGroup(store, tenantId, groupId);
  if (membership_rule === null) return assignedMembers(store, { tenantId, groupId }, asked);
  const rule = groupRuleFrom(membership_rule);
  const found: Member[] = [];
  let { after = '' } = asked;
  while (found.length < asked.top) {
    const batch = rule.about === 'user' ? await people(store, tenantId, after) : await devices(store, tenantId, after);
    const last = batch.at(-1);
    if (last === undefined) break;
    found.push(...batch.filter(({ subjects }) => subjects.some((one) => ruleHolds(rule, one))).map(memberOf));
    after = last.member.id;
  }
  return found.slice(0, asked.top);
}

/** Rows looked at in one go. */
const BATCH = 1000;

interface Candidate {
  readonly member: Member;
  /** Whom the rule is asked about: the person, or the device with each of its people. */
  readonly subjects: readonly RuleSubject[];
}

function memberOf({ member }: Candidate): Member {
  return member;
}

async function people(store: Store, tenantId: string, after: string): Promise<Candidate[]> {
  const rows = await store.read
    .selectFrom('users')
    .select(USER_FACTS)
    .where('tenant_id', '=', tenantId)
    .where('user_id', '>', after)
    .orderBy('user_id')
    .limit(BATCH)
    .execute();
  return rows.map((row) => ({ member: userMember(row), subjects: [subjectFrom(row, undefined)] }));
}

async function devices(store: Store, tenantId: string, after: string): Promise<Candidate[]> {
  const rows = await store.read
    .selectFrom('devices')
    .select(DEVICE_FACTS)
    .where('tenant_id', '=', tenantId)
    .where('device_id', '>', after)
    .where('state', 'not in', ['unenrolled', 'revoked'])
    .orderBy('device_id')
    .limit(BATCH)
    .execute();
  const last = rows.at(-1)?.device_id ?? '';
  const users = await store.read
    .selectFrom('profiles')
    .innerJoin('users', 'users.user_id', 'profiles.user_id')
    .select([
      'profiles.device_id',
      'users.user_id',
      'users.user_principal_name',
      'users.display_name',
      'users.department',
      'users.account_enabled',
    ])
    .where('profiles.tenant_id', '=', tenantId)
    .where('profiles.device_id', '>', after)
    .where('profiles.device_id', '<=', last)
    .where('profiles.deleted_at', 'is', null)
    .execute();
  const byDevice = Map.groupBy(users, ({ device_id }) => device_id);
  return rows.map((row) => {
    const own = (byDevice.get(row.device_id) ?? []).map((user) => subjectFrom(user, row));
    return { member: deviceMember(row), subjects: own.length === 0 ? [subjectFrom(undefined, row)] : own };
  });
}

async function assignedMembers(
  store: Store,
  { tenantId, groupId }: { readonly tenantId: string; readonly groupId: string },
  { top, after = '' }: MembersAsked,
): Promise<Member[]> {
  const rows = await store.read
    .selectFrom('group_members')
    .leftJoin('users', (join) =>
      join
        .onRef('users.user_id', '=', 'group_members.member_id')
        .onRef('users.tenant_id', '=', 'group_members.tenant_id'),
    )
    .leftJoin('devices', (join) =>
      join
        .onRef('devices.tenant_id', '=', 'group_members.tenant_id')
        .onRef('devices.device_id', '=', 'group_members.member_id')
        .on('devices.state', 'not in', ['unenrolled', 'revoked']),
    )
    .select(['member_id', 'users.user_principal_name', 'users.display_name', 'devices.name', 'devices.platform'])
    .where('group_members.tenant_id', '=', tenantId)
    .where('group_members.group_id', '=', groupId)
    .where('group_members.member_id', '>', after)
    .where(sql<boolean>`coalesce(users.user_id, devices.device_id) is not null`)
    .orderBy('member_id')
    .limit(top)
    .execute();
  return rows.map(({ member_id, user_principal_name, display_name, name, platform }) =>
    user_principal_name === null
      ? deviceMember({ device_id: member_id, name: name ?? '', platform: platform ?? '' })
      : userMember({ user_id: member_id, user_principal_name, display_name: display_name ?? '' }),
  );
}

function userMember(row: Pick<UserFacts, 'user_id' | 'user_principal_name' | 'display_name'>): Member {
  return {
    kind: 'user',
    id: row.user_id,
    displayName: row.display_name,
    userPrincipalName: row.user_principal_name,
  };
}

function deviceMember(row: Pick<DeviceFacts, 'device_id' | 'name' | 'platform'>): Member {
  return {
    kind: 'device',
    id: row.device_id,
    displayName: row.name,
    operatingSystem: SYSTEMS[row.platform] ?? row.platform,
  };
}
