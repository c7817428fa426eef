/** The switches of an organization, through the documents that Graph has for them. */

import type { Graph } from './graph.ts';

const POLICIES = '/beta/deviceManagement/configurationPolicies';
const CONFIGURATIONS = '/beta/deviceManagement/deviceEnrollmentConfigurations';
const BACKUP_SETTING = 'device_vendor_msft_policy_config_settingssync_enablewindowsbackup';
const RESTORE_TYPE = '#microsoft.graph.windowsRestoreDeviceEnrollmentConfiguration';

/** The policy that the command keeps; others are the administrators' own and stay untouched. */
const POLICY_NAME = 'Backup, everyone';

export interface BackupSwitch {
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

/** What the assigned policies say together. */
export async function backupSwitch(graph: Graph): Promise<BackupSwitch> {
  const assigned = (await graph.list<Policy>(POLICIES)).filter(({ isAssigned }) => isAssigned);
  const decisions = await Promise.all(assigned.map(async ({ id, name }) => ({ name, on: await saysOn(graph, id) })));
  const offBy = decisions.filter(({ on }) => !on).map(({ name }) => name);
  const onBy = decisions.filter(({ on }) => on).map(({ name }) => name);
  return { on: offBy.length === 0 && onBy.length > 0, offBy, onBy };
}

/** Writes the command's own policy and assigns it to all devices. */
export async function switchBackup(graph: Graph, on: boolean): Promise<BackupSwitch> {
  const own = (await graph.list<Policy>(POLICIES)).find(({ name }) => name === POLICY_NAME);
  const body = { name: POLICY_NAME, platforms: 'windows10,linux', technologies: 'mdm', settings: [settingOf(on)] };
  const { id } =
    own === undefined
      ? await graph.send<Policy>('POST', POLICIES, body)
      : await graph.send<Policy>('PATCH', `${POLICIES}/${own.id}`, { settings: body.settings });
  if (own?.isAssigned !== true)
    await graph.send('POST', `${POLICIES}/${id}/assign`, {
      assignments: [{ target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } }],
    });
  return backupSwitch(graph);
}

async function saysOn(graph: Graph, id: string): Promise<boolean> {
  const settings = await graph.list<ReturnType<typeof settingOf>>(`${POLICIES}/${id}/settings`);
  return settings.some(({ settingInstance }) => settingInstance.choiceSettingValue.value === `${BACKUP_SETTING}_1`);
}

/** Source: deviceManagementConfigurationSetting in Graph beta. */
function settingOf(on: boolean) {
  return {
    '@odata.type': '#microsoft.graph.deviceManagementConfigurationSetting',
    settingInstance: {
      '@odata.type': '#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance',
      settingDefinitionId: BACKUP_SETTING,
      choiceSettingValue: {
        '@odata.type': '#microsoft.graph.deviceManagementConfigurationChoiceSettingValue',
        value: `${BACKUP_SETTING}_${on ? 1 : 0}`,
        children: [],
      },
    },
  };
}

interface RestoreConfiguration {
  readonly id: string;
  readonly state: string;
}

/** notConfigured, enabled or disabled. */
export async function restoreState(graph: Graph): Promise<string> {
  return (await restoreConfiguration(graph)).state;
}

export async function switchRestore(graph: Graph, on: boolean): Promise<string> {
  const { id } = await restoreConfiguration(graph);
  const changed = await graph.send<RestoreConfiguration>('PATCH', `${CONFIGURATIONS}/${id}`, {
    '@odata.type': RESTORE_TYPE,
    state: on ? 'enabled' : 'disabled',
  });
  return changed.state;
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
