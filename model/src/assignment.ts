/**
 * Whom something is assigned to: Graph's targets, and whether they reach one person on one device.
 *
 * An exclusion wins over every inclusion, and nothing assigned reaches nobody: absence of a target is never consent.
 * The order of targets never matters. A group counts when the person or the device is in it.
 *
 * Pure: no I/O, no clock. Source: Graph, deviceAndAppManagementAssignmentTarget and its derived types; product.md B1.
 */

import { KnownError } from './errors.ts';

const PREFIX = '#microsoft.graph.';

/** Everybody, in either of Intune's words: a person here is always on a device, so both reach the same. */
const EVERYBODY = ['allDevicesAssignmentTarget', 'allLicensedUsersAssignmentTarget'] as const;
const GROUPS = ['groupAssignmentTarget', 'exclusionGroupAssignmentTarget'] as const;

export type AssignmentTarget =
  | { readonly '@odata.type': `#microsoft.graph.${(typeof EVERYBODY)[number]}` }
  | { readonly '@odata.type': `#microsoft.graph.${(typeof GROUPS)[number]}`; readonly groupId: string };

/** Who is asked about. */
export interface AssignmentSubject {
  readonly deviceId: string;
  readonly userId: string;
  /** Ids of the groups that the person or the device is in. */
  readonly groups: ReadonlySet<string>;
}

/** Whether it is reached, and by what: the word for "why" in an explanation. */
export type Reach =
  | { readonly reached: true; readonly kind: 'everybody' }
  | { readonly reached: true; readonly kind: 'group'; readonly groupId: string }
  | { readonly reached: false; readonly kind: 'excluded'; readonly groupId: string }
  | { readonly reached: false; readonly kind: 'notAssigned' };

/**
 * Whether `targets` reach `subject`, and why. Of several reasons: exclusion, then everybody, then the group that comes
 * first by its id, so that two calls never disagree.
 */
export function reaches(targets: readonly AssignmentTarget[], { groups }: Pick<AssignmentSubject, 'groups'>): Reach {
  const held = (type: (typeof GROUPS)[number]) =>
    targets
      .flatMap((target) =>
        'groupId' in target && target['@odata.type'] === `${PREFIX}${type}` ? [target.groupId] : [],
      )
      .filter((groupId) => groups.has(groupId))
      .toSorted()[0];
  const excludedBy = held('exclusionGroupAssignmentTarget');
  if (excludedBy !== undefined) return { reached: false, kind: 'excluded', groupId: excludedBy };
  if (targets.some((target) => !('groupId' in target))) return { reached: true, kind: 'everybody' };
  const includedBy = held('groupAssignmentTarget');
  if (includedBy !== undefined) return { reached: true, kind: 'group', groupId: includedBy };
  return { reached: false, kind: 'notAssigned' };
}

/** The groups that targets name, for checking that they exist. */
export function groupIdsOf(targets: readonly AssignmentTarget[]): Set<string> {
  return new Set(targets.flatMap((target) => ('groupId' in target ? [target.groupId] : [])));
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A target as it came over the wire. `property` is where it stood, for the message.
 *
 * An assignment filter is refused, not dropped: without it the target would reach more than was asked.
 *
 * Errors: invalidRequest, naming the property and what is allowed.
 */
export function assignmentTargetFrom(value: unknown, property = 'target'): AssignmentTarget {
  const refuse = (what: string): never => {
    throw new KnownError('invalidRequest', `${property}${what}`, { inner: 'assignmentTarget' });
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(' must be an object.');
  const {
    '@odata.type': type,
    groupId,
    deviceAndAppManagementAssignmentFilterId: filterId,
    deviceAndAppManagementAssignmentFilterType: filterType,
    ...others
  } = value as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    refuse(`.${unknown} is not known. A target has "@odata.type" and, for a group, "groupId".`);
  if ((filterId ?? undefined) !== undefined || (filterType ?? 'none') !== 'none')
    refuse(' has an assignment filter. There are no filters here: use a group with a membership rule.');
  const everybody = EVERYBODY.find((name) => type === `${PREFIX}${name}`);
  if (everybody !== undefined) {
    if ((groupId ?? undefined) !== undefined) refuse(`.groupId does not belong to ${everybody}.`);
    return { '@odata.type': `${PREFIX}${everybody}` };
  }
  const group = GROUPS.find((name) => type === `${PREFIX}${name}`);
  if (group === undefined)
    return refuse(
      `["@odata.type"] must be one of ${[...EVERYBODY, ...GROUPS].map((name) => PREFIX + name).join(', ')}.`,
    );
  if (typeof groupId !== 'string' || !GUID.test(groupId)) return refuse('.groupId must be the id of a group.');
  return { '@odata.type': `${PREFIX}${group}`, groupId: groupId.toLowerCase() };
}
