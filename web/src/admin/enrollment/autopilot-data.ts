/**
 * Autopilot profiles and the PCs that IT registers before anybody enrolls them, as the pages read and save them.
 *
 * Of a profile only what decides something here is edited; the rest stays as it came.
 *
 * Source: server/autopilot; Graph beta, azureADWindowsAutopilotDeploymentProfile and windowsAutopilotDeviceIdentity.
 */

import type { AssignmentTarget } from '@carryover/model/assignment';
import type { ProvisioningMode } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import type { Graph } from '../../shared/graph.ts';
import { isLeftOut } from '../parts/groups.ts';

const PROFILES = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
const PCS = '/beta/deviceManagement/windowsAutopilotDeviceIdentities';
const PROFILE_TYPE = '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile';

export type ProfileMode = Exclude<ProvisioningMode, 'manual'>;
export const PROFILE_MODES: readonly ProfileMode[] = ['userDriven', 'preProvisioned', 'selfDeploying'];

interface ProfileEntity {
  readonly '@odata.etag': string;
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly preprovisioningAllowed: boolean;
  readonly outOfBoxExperienceSetting: { readonly deviceUsageType: 'singleUser' | 'shared' };
}

interface Assignment {
  readonly id: string;
  readonly target: AssignmentTarget;
}

/** A profile while it is shown or edited; without id and ETag until it is saved first. */
export interface Profile {
  readonly id: string | undefined;
  readonly etag: string | undefined;
  readonly draft: ProfileDraft;
  readonly assignments: readonly Assignment[];
}

export interface SavedProfile extends Profile {
  readonly id: string;
}

export interface ProfileDraft {
  readonly name: string;
  readonly description: string;
  readonly mode: ProfileMode;
  /** hybrid: also to an Active Directory domain, which the service does not take. */
  readonly join: 'joined' | 'hybrid';
  readonly targets: readonly AssignmentTarget[];
}

export const NEW_PROFILE: Profile = {
  id: undefined,
  etag: undefined,
  draft: { name: '', description: '', mode: 'userDriven', join: 'joined', targets: [] },
  assignments: [],
};

/** Oldest first: of several that reach a PC the oldest counts. Errors, of every function: as shared/graph.ts. */
export async function listProfiles(graph: Graph, signal: AbortSignal): Promise<readonly SavedProfile[]> {
  const found = await graph.all<ProfileEntity>(PROFILES, { signal });
  return await Promise.all(found.map(async (entity) => profileOf(entity, await assignmentsOf(graph, entity, signal))));
}

export async function openProfile(graph: Graph, id: string, signal: AbortSignal): Promise<SavedProfile> {
  const entity = await graph.get<ProfileEntity>(`${PROFILES}/${encodeURIComponent(id)}`, { signal });
  return profileOf(entity, await assignmentsOf(graph, entity, signal));
}

function assignmentsOf(graph: Graph, { id }: { readonly id: string }, signal: AbortSignal) {
  return graph.all<Assignment>(`${PROFILES}/${id}/assignments`, { signal });
}

function profileOf(entity: ProfileEntity, assignments: readonly Assignment[]): SavedProfile {
  return {
    id: entity.id,
    etag: entity['@odata.etag'],
    draft: {
      name: entity.displayName,
      description: entity.description,
      mode: modeOf(entity),
      join: 'joined',
      targets: assignments.map(({ target }) => target),
    },
    assignments,
  };
}

/** As the service reads it: what sets itself up has no person whom it could be provisioned for. */
function modeOf({ outOfBoxExperienceSetting, preprovisioningAllowed }: ProfileEntity): ProfileMode {
  if (outOfBoxExperienceSetting.deviceUsageType === 'shared') return 'selfDeploying';
  return preprovisioningAllowed ? 'preProvisioned' : 'userDriven';
}

/** Saves the profile, then whom it is assigned to. Gives the id. Errors: resourceModified when somebody changed it. */
export async function saveProfile(graph: Graph, profile: Profile, draft: ProfileDraft): Promise<string> {
  const id = await saveWords(graph, profile, draft);
  const { added, removed } = assignmentChanges(profile, draft);
  // What narrows comes first: at no moment does the profile reach more than before and after.
  for (const target of added.filter(narrows))
    await graph.send('POST', `${PROFILES}/${id}/assignments`, { body: { target } });
  for (const one of removed.toSorted((a, b) => Number(narrows(a.target)) - Number(narrows(b.target))))
    await removeAssignment(graph, id, one);
  for (const target of added.filter((one) => !narrows(one)))
    await graph.send('POST', `${PROFILES}/${id}/assignments`, { body: { target } });
  return id;
}

function narrows(target: AssignmentTarget): boolean {
  return 'groupId' in target && isLeftOut(target);
}

async function saveWords(graph: Graph, { id, etag, draft: before }: Profile, draft: ProfileDraft): Promise<string> {
  const body = {
    '@odata.type': PROFILE_TYPE,
    displayName: draft.name,
    description: draft.description,
    preprovisioningAllowed: draft.mode === 'preProvisioned',
    outOfBoxExperienceSetting: { deviceUsageType: draft.mode === 'selfDeploying' ? 'shared' : 'singleUser' },
  };
  if (id === undefined) return (await graph.send<ProfileEntity>('POST', PROFILES, { body })).id;
  if (draft.name !== before.name || draft.description !== before.description || draft.mode !== before.mode)
    await graph.send('PATCH', `${PROFILES}/${id}`, { body, ...guard(etag) });
  return id;
}

async function removeAssignment(graph: Graph, profileId: string, { id }: Assignment): Promise<void> {
  try {
    await graph.send('DELETE', `${PROFILES}/${profileId}/assignments/${encodeURIComponent(id)}`);
  } catch (error) {
    // Somebody else took it away already.
    if (!(error instanceof KnownError) || error.code !== 'itemNotFound') throw error;
  }
}

export async function removeProfile(graph: Graph, { id, etag }: SavedProfile): Promise<void> {
  await graph.send('DELETE', `${PROFILES}/${id}`, guard(etag));
}

function guard(etag: string | undefined): { ifMatch?: string } {
  return etag === undefined ? {} : { ifMatch: etag };
}

function assignmentChanges({ assignments }: Profile, { targets }: ProfileDraft) {
  const [had, wanted] = [new Set(assignments.map(({ target }) => keyOf(target))), new Set(targets.map(keyOf))];
  return {
    added: targets.filter((target) => !had.has(keyOf(target))),
    removed: assignments.filter(({ target }) => !wanted.has(keyOf(target))),
  };
}

function keyOf(target: AssignmentTarget): string {
  return `${target['@odata.type']} ${'groupId' in target ? target.groupId : ''}`;
}

export function profileChanged(profile: Profile, draft: ProfileDraft): boolean {
  const { added, removed } = assignmentChanges(profile, draft);
  const { name, description, mode } = profile.draft;
  const words = name !== draft.name || description !== draft.description || mode !== draft.mode;
  return words || added.length > 0 || removed.length > 0;
}

/** A PC that IT registered. */
export interface RegisteredPc {
  readonly id: string;
  /** Empty where only its hardware is known. */
  readonly serialNumber: string;
  readonly groupTag: string;
  readonly enrollmentState: 'enrolled' | 'notContacted';
  readonly carryover: {
    /** Given to this PC by itself. */
    readonly autopilotProfileId: string | null;
  };
}

/** By serial number. */
export async function listPcs(graph: Graph, signal: AbortSignal): Promise<readonly RegisteredPc[]> {
  const found = await graph.all<RegisteredPc>(PCS, { signal });
  return found.toSorted((a, b) => a.serialNumber.localeCompare(b.serialNumber) || (a.id < b.id ? -1 : 1));
}

export interface NewPc {
  readonly serialNumber: string;
  readonly groupTag: string;
}

/** Errors: conflict when it is registered already. */
export async function registerPc(graph: Graph, pc: NewPc): Promise<string> {
  return (await graph.send<{ readonly id: string }>('POST', PCS, { body: pc })).id;
}

export async function givePcs(graph: Graph, profileId: string, deviceIds: readonly string[]): Promise<void> {
  await graph.send('POST', `${PROFILES}/${profileId}/assign`, { body: { deviceIds } });
}

export async function forgetPc(graph: Graph, { id }: RegisteredPc): Promise<void> {
  await graph.send('DELETE', `${PCS}/${id}`);
}
