/** The switches of an organization, through the documents that Graph has for them. */

import { type SettingInstance, settingsFromCatalog, settingsWith } from '@carryover/model/policy-catalog';
import type { Graph } from './graph.ts';

const POLICIES = '/beta/deviceManagement/configurationPolicies';
const CONFIGURATIONS = '/beta/deviceManagement/deviceEnrollmentConfigurations';
const RESTORE_TYPE = '#microsoft.graph.windowsRestoreDeviceEnrollmentConfiguration';

/** A policy that the commands move, and the document that they keep for it; others are the administrators' own. */
interface Switch {
  readonly policy: 'EnableWindowsBackup' | 'EnableWindowsRestore';
  readonly document: string;
}
const BACKUP: Switch = { policy: 'EnableWindowsBackup', document: 'Backup, everyone' };
const RESTORE: Switch = { policy: 'EnableWindowsRestore', document: 'Restore, everyone' };

export interface PolicySwitch {
  readonly on: boolean;
  /** Names of assigned policies that say off: off wins. */
  readonly offBy: readonly string[];
  readonly onBy: readonly string[];
}

interface Policy {
  readonly id: string;
  readonly name: string;
  readonly isAssigned: boolean;
}

/** What the assigned policies say together of backup. */
export function backupSwitch(graph: Graph): Promise<PolicySwitch> {
  return switchOf(graph, BACKUP);
}

export function switchBackup(graph: Graph, on: boolean): Promise<PolicySwitch> {
  return moveSwitch(graph, BACKUP, on);
}

async function switchOf(graph: Graph, { policy }: Switch): Promise<PolicySwitch> {
  const assigned = (await graph.list<Policy>(POLICIES)).filter(({ isAssigned }) => isAssigned);
  const said = await Promise.all(assigned.map(async ({ id, name }) => ({ name, on: await saysOn(graph, id, policy) })));
  const offBy = said.filter(({ on }) => on === false).map(({ name }) => name);
  const onBy = said.filter(({ on }) => on === true).map(({ name }) => name);
  return { on: offBy.length === 0 && onBy.length > 0, offBy, onBy };
}

/** Writes the commands' own document and assigns it to all devices. */
async function moveSwitch(graph: Graph, moved: Switch, on: boolean): Promise<PolicySwitch> {
  const name = moved.document;
  const own = (await graph.list<Policy>(POLICIES)).find((policy) => policy.name === name);
  // An administrator may have put more into it.
  const before = own === undefined ? [] : await graph.list<DocumentSetting>(`${POLICIES}/${own.id}/settings`);
  const settings = settingsWith(before, { policy: moved.policy, value: on });
  const { id } =
    own === undefined
      ? await graph.send<Policy>('POST', POLICIES, {
          name,
          platforms: 'windows10,linux',
          technologies: 'mdm',
          settings,
        })
      : await graph.send<Policy>('PATCH', `${POLICIES}/${own.id}`, { settings });
  if (own?.isAssigned !== true)
    await graph.send('POST', `${POLICIES}/${id}/assign`, {
      assignments: [{ target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } }],
    });
  return switchOf(graph, moved);
}

interface DocumentSetting {
  readonly settingInstance: SettingInstance;
}

/** Undefined when the document says nothing of it. */
async function saysOn(graph: Graph, id: string, policy: Switch['policy']): Promise<boolean | undefined> {
  const settings = await graph.list<DocumentSetting>(`${POLICIES}/${id}/settings`);
  const { settings: known } = settingsFromCatalog(settings.map(({ settingInstance }) => settingInstance));
  const value = known.find((one) => one.policy === policy)?.value;
  return typeof value === 'boolean' ? value : undefined;
}

interface RestoreConfiguration {
  readonly id: string;
  readonly state: string;
}

export interface RestoreSwitch {
  /** "Show restore page" for PCs that enroll from now on: notConfigured, enabled or disabled. */
  readonly page: string;
  /** "Enable Windows Restore": at a first sign-in and on demand. */
  readonly anytime: PolicySwitch;
}

export async function restoreSwitch(graph: Graph): Promise<RestoreSwitch> {
  const [{ state }, anytime] = await Promise.all([restoreConfiguration(graph), switchOf(graph, RESTORE)]);
  return { page: state, anytime };
}

/** Moves both. */
export async function switchRestore(graph: Graph, on: boolean): Promise<RestoreSwitch> {
  const { id } = await restoreConfiguration(graph);
  const { state } = await graph.send<RestoreConfiguration>('PATCH', `${CONFIGURATIONS}/${id}`, {
    '@odata.type': RESTORE_TYPE,
    state: on ? 'enabled' : 'disabled',
  });
  return { page: state, anytime: await moveSwitch(graph, RESTORE, on) };
}

async function restoreConfiguration(graph: Graph): Promise<RestoreConfiguration> {
  const filter = encodeURIComponent("deviceEnrollmentConfigurationType eq 'windowsRestore'");
  const [found] = await graph.list<RestoreConfiguration>(`${CONFIGURATIONS}?$filter=${filter}`);
  if (found === undefined) throw new Error('The service has no restore configuration.');
  return found;
}

const REGISTRATION = '/beta/policies/deviceRegistrationPolicy';
const EVERYBODY_JOINS = '#microsoft.graph.allDeviceRegistrationMembership';
const NOBODY_JOINS = '#microsoft.graph.noDeviceRegistrationMembership';

interface Registration {
  readonly azureADJoin: { readonly allowedToJoin: { readonly '@odata.type': string } };
}

/** May everybody join PCs by signing in. */
export async function mayAllJoin(graph: Graph): Promise<boolean> {
  return isForAll(await graph.get<Registration>(REGISTRATION));
}

export async function switchJoining(graph: Graph, all: boolean): Promise<boolean> {
  const before = await graph.get<Registration>(REGISTRATION);
  const allowedToJoin = { '@odata.type': all ? EVERYBODY_JOINS : NOBODY_JOINS };
  const body = { ...before, azureADJoin: { ...before.azureADJoin, allowedToJoin } };
  return isForAll(await graph.send<Registration>('PUT', REGISTRATION, body));
}

function isForAll({ azureADJoin }: Registration): boolean {
  return azureADJoin.allowedToJoin['@odata.type'] === EVERYBODY_JOINS;
}

const SIGN_IN = '/beta/carryover/signInSettings';

interface SignInSettings {
  readonly deviceCodeAllowed: boolean;
}

export async function deviceCodeAllowed(graph: Graph): Promise<boolean> {
  return (await graph.get<SignInSettings>(SIGN_IN)).deviceCodeAllowed;
}

export async function switchDeviceCode(graph: Graph, on: boolean): Promise<boolean> {
  return (await graph.send<SignInSettings>('PATCH', SIGN_IN, { deviceCodeAllowed: on })).deviceCodeAllowed;
}
