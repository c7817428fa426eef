/**
 * "Show restore page", and for whom: as it is read, drafted and saved.
 *
 * Two things of the service are one decision here: the state, and the assignments of the same object. Whoever saves
 * overwrites nothing that was not seen, and switches
 * nothing on before it is aimed: between the two a page that is on would be shown to everybody.
 *
 * Source: server/policies/restore-page-routes.ts; Graph beta, windowsRestoreDeviceEnrollmentConfiguration.
 */

import type { AssignmentTarget } from '@carryover/model/assignment';
import { KnownError } from '@carryover/model/errors';
import type { Graph } from '../../shared/graph.ts';
import { type GroupTarget, isLeftOut } from '../parts/groups.ts';

const CONFIGURATIONS = '/beta/deviceManagement/deviceEnrollmentConfigurations';
const RESTORE_TYPE = '#microsoft.graph.windowsRestoreDeviceEnrollmentConfiguration';
const EVERYBODY: AssignmentTarget = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };

interface RestoreConfiguration {
  readonly '@odata.etag': string;
  readonly id: string;
  readonly state: 'notConfigured' | 'enabled' | 'disabled';
}

export interface RestorePageRead {
  readonly etag: string;
  readonly id: string;
  readonly state: RestoreConfiguration['state'];
  readonly targets: readonly AssignmentTarget[];
}

export type RestoreChoice = 'off' | 'everyone' | 'groups';

export interface RestoreAim {
  readonly choice: RestoreChoice;
  /** Kept while it is off, and while it is on for everyone, so that choosing again costs nothing. */
  readonly groups: readonly GroupTarget[];
}

/** Errors, of every function: as shared/graph.ts. */
export async function readRestorePage(graph: Graph, signal?: AbortSignal): Promise<RestorePageRead> {
  const query = { $filter: "deviceEnrollmentConfigurationType eq 'windowsRestore'" };
  const asked = signal === undefined ? {} : { signal };
  const [found] = await graph.all<RestoreConfiguration>(CONFIGURATIONS, { query, ...asked });
  if (found === undefined) throw new Error('The service has no restore configuration.');
  const { '@odata.etag': etag, id, state } = found;
  const rows = await graph.all<{ readonly target: AssignmentTarget }>(`${CONFIGURATIONS}/${id}/assignments`, asked);
  return { etag, id, state, targets: rows.map(({ target }) => target) };
}

export function aimOf({ state, targets }: Pick<RestorePageRead, 'state' | 'targets'>): RestoreAim {
  const choice = state !== 'enabled' ? 'off' : isForEverybody(targets) ? 'everyone' : 'groups';
  return { choice, groups: groupsOf(targets) };
}

/** Nothing assigned is everybody, as with Microsoft, which knows no other. */
function isForEverybody(targets: readonly AssignmentTarget[]): boolean {
  return targets.length === 0 || groupsOf(targets).length < targets.length;
}

function groupsOf(targets: readonly AssignmentTarget[]): GroupTarget[] {
  return targets.filter((target): target is GroupTarget => 'groupId' in target);
}

/** The groups that count: where everybody is reached, groups can only be left out. */
export function countedGroups({ choice, groups }: RestoreAim): readonly GroupTarget[] {
  return choice === 'everyone' ? groups.filter(isLeftOut) : groups;
}

/** On for groups, and none is included: it would be shown to nobody. */
export function aimsAtNothing({ choice, groups }: RestoreAim): boolean {
  return choice === 'groups' && groups.every(isLeftOut);
}

/** What is off stays off whatever groups are kept with it. */
export function sameAim(a: RestoreAim, b: RestoreAim): boolean {
  return a.choice === b.choice && (a.choice === 'off' || reachOf(targetsOf(a)) === reachOf(targetsOf(b)));
}

function targetsOf(aim: RestoreAim): readonly AssignmentTarget[] {
  const groups = countedGroups(aim);
  return aim.choice === 'everyone' && groups.length > 0 ? [EVERYBODY, ...groups] : groups;
}

/** Equal for targets that reach the same, in whatever order. */
function reachOf(targets: readonly AssignmentTarget[]): string {
  const everybody = isForEverybody(targets);
  const groups = groupsOf(targets).filter((target) => !everybody || isLeftOut(target));
  return [everybody, ...groups.map((target) => `${isLeftOut(target)} ${target.groupId}`).toSorted()].join();
}

/** Errors: resourceModified when somebody changed it since it was read. */
export async function saveRestorePage(graph: Graph, read: RestorePageRead, wanted: RestoreAim): Promise<void> {
  if (wanted.choice === 'off') return await patchState(graph, read, 'disabled');
  const aimed = reachOf(read.targets) === reachOf(targetsOf(wanted)) ? read : await assign(graph, read, wanted);
  if (aimed.state !== 'enabled') await patchState(graph, aimed, 'enabled');
}

/** Gives what the next change builds on. */
async function assign(graph: Graph, read: RestorePageRead, wanted: RestoreAim): Promise<RestorePageRead> {
  const targets = targetsOf(wanted);
  await graph.send('POST', `${CONFIGURATIONS}/${read.id}/assign`, {
    body: { enrollmentConfigurationAssignments: targets.map((target) => ({ target })) },
    ifMatch: read.etag,
  });
  const now = await readRestorePage(graph);
  if (now.state !== read.state || reachOf(now.targets) !== reachOf(targets))
    throw new KnownError('resourceModified', 'Somebody changed whom the restore page is for while it was saved.');
  return now;
}

async function patchState(graph: Graph, { id, etag }: RestorePageRead, state: 'enabled' | 'disabled'): Promise<void> {
  await graph.send('PATCH', `${CONFIGURATIONS}/${id}`, { body: { '@odata.type': RESTORE_TYPE, state }, ifMatch: etag });
}
