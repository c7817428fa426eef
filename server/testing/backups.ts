/** Backups over HTTP for tests: an organization with both switches on, a device that uploads, and its checked snapshot. */

import { randomUUID } from 'node:crypto';
import { encodeParts, PARTS_MEDIA_TYPE } from '@carryover/model/parts';
import { instanceOf } from '@carryover/model/policy-catalog';
import type { PolicySetting } from '@carryover/model/policy-merge';
import { CLIENTS, IDEMPOTENCY_HEADER, type SnapshotReceipt } from '@carryover/model/wire';
import { CUSTOM_CONFIGURATION_TYPE, restoreConfigurationId, WINDOWS_RESTORE_TYPE } from '../src/policies/documents.ts';
import { checkSnapshot } from '../src/snapshots/validator.ts';
import { type EnrolledDevice, jsonBody, type Organization, type SignedIn, type TestService } from './service.ts';
import { anUpload, aUnit, type UnitSketch } from './uploads.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const POLICIES = '/beta/deviceManagement/configurationPolicies';

/** A configuration policy that holds these settings. */
export function aPolicyOf(name: string, settings: readonly PolicySetting[]) {
  return {
    name,
    platforms: 'windows10,linux',
    settings: settings.map((setting) => ({ settingInstance: instanceOf(setting) })),
  };
}

/** One that holds "Enable Windows Backup". */
export function aPolicy(name: string, on: boolean) {
  return aPolicyOf(name, [{ policy: 'EnableWindowsBackup', value: on }]);
}

/** A custom policy that keeps passwords out, and something of another product. */
export function aCustomPolicy(displayName: string) {
  return {
    '@odata.type': CUSTOM_CONFIGURATION_TYPE,
    displayName,
    omaSettings: [
      {
        '@odata.type': '#microsoft.graph.omaSettingString',
        displayName: 'No passwords',
        omaUri: './Device/Vendor/MSFT/Policy/Config/ADMX_SettingSync/DisableCredentialsSettingSync',
        value: '<enabled/>',
      },
      {
        '@odata.type': '#microsoft.graph.omaSettingInteger',
        displayName: 'Of another product',
        omaUri: './Device/Vendor/MSFT/Policy/Config/Camera/AllowCamera',
        value: 0,
      },
    ],
  };
}

export const EVERYBODY = {
  assignments: [{ target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } }],
};

const ON: readonly PolicySetting[] = [
  { policy: 'EnableWindowsBackup', value: true },
  { policy: 'EnableWindowsRestore', value: true },
];

/** Switches backup, restore and restore page on for everybody. Returns the administrator's sign-in and the policy's id. */
export async function switchOn(
  service: TestService,
  { administrator, tenantId }: Organization,
): Promise<{ readonly graph: SignedIn; readonly policyId: string }> {
  const graph = await service.signIn(administrator, GRAPH);
  const { id } = await okay<{ id: string }>(await graph.fetch(POLICIES, jsonBody('POST', aPolicyOf('Backup', ON))));
  await okay(await graph.fetch(`${POLICIES}/${id}/assign`, jsonBody('POST', EVERYBODY)));
  const state = { '@odata.type': WINDOWS_RESTORE_TYPE, state: 'enabled' };
  const path = `/beta/deviceManagement/deviceEnrollmentConfigurations/${restoreConfigurationId(tenantId)}`;
  await okay(await graph.fetch(path, jsonBody('PATCH', state)));
  return { graph, policyId: id };
}

/** The body and headers of a first upload. */
export function anUploadRequest(device: EnrolledDevice, units: readonly UnitSketch[]): RequestInit {
  const digestKey = Buffer.from(device.enrollment.checkIn.digestKey, 'hex');
  const { head, contents } = anUpload(digestKey, { units: units.map((unit) => aUnit(digestKey, unit)) });
  return {
    method: 'POST',
    headers: { 'content-type': PARTS_MEDIA_TYPE, [IDEMPOTENCY_HEADER]: randomUUID() },
    body: new Uint8Array(encodeParts(head, contents)),
  };
}

/** A first backup of a device, checked. */
export async function backUp(
  { store, service: { keys } }: TestService,
  device: EnrolledDevice,
  units: readonly UnitSketch[],
): Promise<SnapshotReceipt> {
  const { deviceId, profileId, tenantId, person } = device.enrollment;
  const path = `/device/v1/devices/${deviceId}/snapshots`;
  const receipt = await okay<SnapshotReceipt>(await device.backup.fetch(path, anUploadRequest(device, units)));
  await checkSnapshot({ store, keys }, { tenantId, userId: person.userId, profileId, seq: receipt.seq });
  return receipt;
}

/** The body of an answer that must be a success. Errors: one that shows the answer. */
export async function okay<Answer>(response: Response): Promise<Answer> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} from ${response.url}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}
