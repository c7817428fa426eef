/**
 * "Enable Windows Backup" for everyone, through the configuration policy that Graph has for it.
 *
 * The page keeps one policy by name, the same that `carryover admin backup` keeps; policies of other names are the
 * administrators' own and stay untouched. Off wins where assigned policies disagree.
 *
 * Source: Graph beta, deviceManagementConfigurationPolicy.
 */

import type { Overview } from '@carryover/model/admin';
import { type SettingInstance, settingsFromCatalog, settingsWith } from '@carryover/model/policy-catalog';
import type { Graph } from '../../shared/graph.ts';

const POLICIES = '/beta/deviceManagement/configurationPolicies';
const POLICY = 'EnableWindowsBackup';

export const POLICY_NAME = 'Backup, everyone';

interface Policy {
  readonly '@odata.etag': string;
  readonly id: string;
  readonly name: string;
  readonly isAssigned: boolean;
}

export interface BackupSwitch {
  readonly on: boolean;
  /** Names of assigned policies. */
  readonly onBy: readonly string[];
  readonly offBy: readonly string[];
  /** The policy that the page keeps, as it was read; undefined before the first save. */
  readonly own: OwnPolicy | undefined;
}

interface OwnPolicy {
  readonly id: string;
  readonly etag: string;
  readonly isAssigned: boolean;
  /** Undefined when it says nothing of backup. */
  readonly on: boolean | undefined;
  /** Everything it holds, also what an administrator put beside. */
  readonly settings: readonly DocumentSetting[];
}

interface DocumentSetting {
  readonly settingInstance: SettingInstance;
}

/** Errors, of every function: as shared/graph.ts. */
export async function readBackupSwitch(graph: Graph, signal: AbortSignal): Promise<BackupSwitch> {
  const policies = await graph.all<Policy>(POLICIES, { signal });
  const wanted = policies.filter(({ name, isAssigned }) => isAssigned || name === POLICY_NAME);
  const decided = await Promise.all(
    wanted.map(async (policy) => {
      const settings = await graph.all<DocumentSetting>(`${POLICIES}/${policy.id}/settings`, { signal });
      return { ...policy, settings, on: saysOn(settings) };
    }),
  );
  const assigned = decided.filter(({ isAssigned }) => isAssigned);
  const namesOf = (on: boolean) => assigned.filter((policy) => policy.on === on).map(({ name }) => name);
  const [onBy, offBy] = [namesOf(true), namesOf(false)];
  const own = decided.find(({ name }) => name === POLICY_NAME);
  return {
    on: offBy.length === 0 && onBy.length > 0,
    onBy,
    offBy,
    own: own && {
      id: own.id,
      etag: own['@odata.etag'],
      isAssigned: own.isAssigned,
      on: own.on,
      settings: own.settings,
    },
  };
}

/** Errors: resourceModified when somebody changed the policy since it was read. */
export async function saveBackupSwitch(graph: Graph, own: OwnPolicy | undefined, on: boolean): Promise<void> {
  const settings = settingsWith(own?.settings ?? [], { policy: POLICY, value: on });
  const { id } =
    own === undefined
      ? await graph.send<Policy>('POST', POLICIES, {
          body: { name: POLICY_NAME, platforms: 'windows10,linux', technologies: 'mdm', settings },
        })
      : await graph.send<Policy>('PATCH', `${POLICIES}/${own.id}`, { body: { settings }, ifMatch: own.etag });
  if (own?.isAssigned === true) return;
  await graph.send('POST', `${POLICIES}/${id}/assign`, {
    body: { assignments: [{ target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } }] },
  });
}

/** For the sentence before saving. */
export async function countDevices(graph: Graph, signal: AbortSignal): Promise<number> {
  return (await graph.get<Overview>('/beta/carryover/overview', { signal })).devices;
}

function saysOn(settings: readonly DocumentSetting[]): boolean | undefined {
  const { settings: known } = settingsFromCatalog(settings.map(({ settingInstance }) => settingInstance));
  const value = known.find(({ policy }) => policy === POLICY)?.value;
  return typeof value === 'boolean' ? value : undefined;
}
