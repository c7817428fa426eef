/**
 * An administrator decides with HTTP requests alone, as a script for Intune would make them, and real devices follow: who
 * is meant backs up, who is left out is told why, and what is switched off or locked later stays on the PC.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Explained, Explanation } from '../model/src/policy-explain.ts';
import type { PolicyPreview } from '../model/src/policy-preview.ts';
import type { Reason } from '../model/src/reasons.ts';
import type { OfferedProfile } from '../model/src/wire.ts';
import { okay } from '../server/testing/backups.ts';
import type { Device } from './testing/device.ts';
import { furnish } from './testing/furnish.ts';
import {
  ALL_DEVICES,
  CONFIGURATION_POLICIES,
  CUSTOM_POLICIES,
  excluding,
  type GraphScript,
  graphScript,
  including,
} from './testing/graph-script.ts';
import { letTimePass } from './testing/state-files.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';

const NOT_ALLOWED = 14;
const GRAPH = '#microsoft.graph.deviceManagementConfiguration';
const INTERVAL = './Device/Vendor/Carryover/Policy/Config/BackupIntervalDays';
const PASSWORDS = './Device/Vendor/MSFT/Policy/Config/ADMX_SettingSync/DisableCredentialsSettingSync';

let story: Story;
let script: GraphScript;
let lena: Device;
let omar: Device;
let pilots: string;
let contractors: string;
/** Path of the policy, with its id. */
let backup: string;

before(async () => {
  story = await aStory({ switchedOn: false });
  script = await graphScript(story);
});
after(() => story?.remove());

interface Definition {
  readonly id: string;
  readonly displayName: string;
  readonly options?: readonly { readonly itemId: string }[];
}

/** As the settings picker finds it: by the words that an administrator knows. */
async function definition(displayName: string): Promise<Definition> {
  let next: string | undefined = '/beta/deviceManagement/configurationSettings';
  while (next !== undefined) {
    const page: { value: Definition[]; '@odata.nextLink'?: string } = await script.get(next);
    const found = page.value.find((one) => one.displayName === displayName);
    if (found !== undefined) return found;
    next = page['@odata.nextLink'];
  }
  throw new Error(`There is no definition "${displayName}".`);
}

async function enabled(displayName: string): Promise<object> {
  const { id, options = [] } = await definition(displayName);
  const value = options.map(({ itemId }) => itemId).find((itemId) => itemId.endsWith('_1'));
  assert.ok(value, displayName);
  const choiceSettingValue = { '@odata.type': `${GRAPH}ChoiceSettingValue`, value, children: [] };
  return {
    settingInstance: { '@odata.type': `${GRAPH}ChoiceSettingInstance`, settingDefinitionId: id, choiceSettingValue },
  };
}

async function days(displayName: string, value: number): Promise<object> {
  const { id } = await definition(displayName);
  const simpleSettingValue = { '@odata.type': `${GRAPH}IntegerSettingValue`, value };
  return {
    settingInstance: { '@odata.type': `${GRAPH}SimpleSettingInstance`, settingDefinitionId: id, simpleSettingValue },
  };
}

async function catalogPolicy(name: string, settings: readonly object[], ...targets: object[]): Promise<string> {
  const { id } = await script.post(CONFIGURATION_POLICIES, {
    name,
    platforms: 'windows10,linux',
    technologies: 'mdm',
    settings,
  });
  const policy = `${CONFIGURATION_POLICIES}/${id}`;
  await script.assign(policy, ...targets);
  return policy;
}

async function group(displayName: string, ...people: readonly string[]): Promise<string> {
  const members = await Promise.all(people.map((name) => script.get<{ id: string }>(`/v1.0/users/${name}`)));
  const { id } = await script.post('/v1.0/groups', {
    displayName,
    mailNickname: displayName.toLowerCase(),
    mailEnabled: false,
    securityEnabled: true,
    'members@odata.bind': members.map((member) => `${story.service.url}/v1.0/directoryObjects/${member.id}`),
  });
  return id;
}

test('the script finds the settings by their names, makes policy and groups, and aims the restore page', async () => {
  const who = await story.addPerson('omar@contoso.example', 'Omar');
  pilots = await group('Pilots', story.person.userPrincipalName, who.userPrincipalName);
  contractors = await group('Contractors', who.userPrincipalName);

  backup = await catalogPolicy(
    'Backup for pilots',
    [await enabled('Enable Windows Backup'), await enabled('Do not sync passwords'), await days('Back up every', 4)],
    including(pilots),
    excluding(contractors),
  );
  await catalogPolicy('Restore for all', [await enabled('Enable Windows Restore')], ALL_DEVICES);
  const restorePage = `/beta/deviceManagement/deviceEnrollmentConfigurations/${story.organization.tenantId}_WindowsRestore`;
  const type = '#microsoft.graph.windowsRestoreDeviceEnrollmentConfiguration';
  await script.patch(restorePage, { '@odata.type': type, state: 'enabled' });
  const aimed = [{ target: including(pilots) }, { target: excluding(contractors) }];
  await script.post(`${restorePage}/assign`, { enrollmentConfigurationAssignments: aimed });

  lena = await story.enrolled('lena-pc');
  omar = await story.enrolled('omar-pc', { who });
  assert.deepEqual([await showsRestorePage(lena), await showsRestorePage(omar)], [true, false]);
});

test('a custom policy that conflicts is previewed before it holds, and cannot loosen what is locked', async () => {
  const omaSettings = [
    { '@odata.type': '#microsoft.graph.omaSettingString', omaUri: PASSWORDS, value: '<disabled/>' },
    { '@odata.type': '#microsoft.graph.omaSettingInteger', omaUri: INTERVAL, value: 6 },
  ];
  const change = { name: 'Slower', omaSettings, targets: [including(pilots)] };

  const preview = await script.post<PolicyPreview>('/beta/carryover/policyPreview', change);

  assert.deepEqual([preview.devices, preview.reached], [2, 2]);
  assert.deepEqual(
    new Set(preview.changes.map(({ member, from, to, examples }) => `${member} ${from} ${to} ${examples[0]?.person}`)),
    new Set(['backupIntervalDays 4 6 Lena', 'backupIntervalDays 8 6 Omar']),
  );
  const conflict = preview.conflicts.find(({ member }) => member === 'categories.accounts');
  assert.deepEqual(
    [conflict?.kept.value, conflict?.kept.origin.policy, conflict?.overruled.map(({ origin }) => origin.policy)],
    ['locked', 'Backup for pilots', ['Slower']],
  );
  assert.equal(await decided(lena, 'backupIntervalDays').then(({ value }) => value), 4);

  const { id } = await script.post(CUSTOM_POLICIES, {
    '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
    displayName: 'Slower',
    omaSettings,
  });
  await script.assign(`${CUSTOM_POLICIES}/${id}`, including(pilots));

  const passwords = await decided(lena, 'categories.accounts');
  assert.equal(passwords.value, 'locked');
  assert.deepEqual(
    passwords.others.map(({ origin, because }) => [origin.policy, because]),
    [['Slower', 'stricter']],
  );
  assert.equal((await decided(lena, 'backupIntervalDays')).value, 6);
});

test('the device of a member backs up without what is locked, and names the policy', async () => {
  await furnish(lena, { apps: 0 });

  const made = await backedUp();

  assert.equal(made.seq, 1);
  assert.ok(!made.categories.includes('accounts'));
  assert.ok(made.categories.includes('personalization'));
  const { value, decidedBy } = await decided(lena, 'backupEnabled');
  assert.equal(value, true);
  assert.equal(decidedBy?.policy, 'EnableWindowsBackup');
  assert.deepEqual(decidedBy.origin, { source: 'service', policy: 'Backup for pilots', policyId: idOf(backup) });
  assert.equal((await decided(lena, 'backupIntervalDays')).decidedBy?.origin.policy, 'Slower');
});

test('the device of who is excluded does not back up, and says why and what to do', async () => {
  const { exit, stderr } = await omar.agent('backup');

  assert.equal(exit, NOT_ALLOWED, stderr);
  assert.match(inOneLine(stderr), /Contoso has not turned on backup.*Ask IT to assign "Enable Windows Backup"/);
  const { value, decidedBy, others } = await decided(omar, 'backupEnabled');
  assert.deepEqual([value, decidedBy], [false, undefined]);
  assert.deepEqual(
    others.map(({ origin, because, groupId }) => [origin.policy, because, groupId]),
    [['Backup for pilots', 'excluded', contractors]],
  );
  assert.match(
    inOneLine(succeeded(await omar.agent('status', '--explain'))),
    /not On: EnableWindowsBackup in "Backup for pilots" \(service\), a group with this PC or person is excluded/,
  );
});

test('of two administrators who edit at once the second is told, and the audit log holds old and new', async () => {
  const before = await script.get<{ '@odata.etag': string; description: string }>(backup);
  await okay(await script.send('PATCH', backup, { description: 'Since Monday' }, before['@odata.etag']));

  const late = await script.send('PATCH', backup, { description: 'Since Tuesday' }, before['@odata.etag']);

  assert.equal(late.status, 412);
  assert.equal(((await late.json()) as { error: { code: string } }).error.code, 'resourceModified');
  assert.equal((await script.get<{ description: string }>(backup)).description, 'Since Monday');
  const [event] = (await auditOf(backup)).filter(({ activity }) => activity === 'update configurationPolicy');
  const [body] = event?.resources[0]?.modifiedProperties ?? [];
  const [old, now] = [body?.oldValue, body?.newValue].map((text) => JSON.parse(text ?? '{}') as object);
  assert.deepEqual({ ...old, description: 'Since Monday' }, now);
  assert.notDeepEqual(old, now);
});

test('a category that is locked afterwards is neither uploaded nor offered from the older backup', async () => {
  assert.ok((await planned()).categories.has('personalization'));

  await catalogPolicy('No wallpapers', [await enabled('Do not sync personalize')], ALL_DEVICES);

  const made = await backedUp();
  assert.equal(made.seq, 2);
  assert.ok(!made.categories.includes('personalization'));
  const { categories, withheld, because } = await planned();
  assert.ok(!categories.has('personalization'));
  assert.ok(categories.has('accessibility'));
  assert.deepEqual([withheld, because], [['personalization'], ['switchedOffByPolicy']]);
  const why =
    /! Not offered Contoso keeps Personalization out of backups \(No wallpapers\)\. Nothing to do, or ask your IT\./;
  assert.match(inOneLine(succeeded(await lena.agent('plan', 'lena-pc', '--at', '1'))), why);

  await lena.must('dconf', ['write', '/org/gnome/desktop/interface/color-scheme', "'prefer-light'"]);
  await lena.must('dconf', ['write', '/org/gnome/desktop/interface/text-scaling-factor', '1.0']);
  assert.match(inOneLine(succeeded(await lena.agent('restore', 'lena-pc', '--at', '1', '--yes'))), why);
  assert.match(await lena.dconfDump(), /color-scheme='prefer-light'/);
  assert.match(await lena.dconfDump(), /text-scaling-factor=1\.25/);
});

test('disabled, the schedule captures nothing more, says why, and what is stored stays', async () => {
  const [{ settingInstance }] = (await script.get<{ value: [{ settingInstance: Instance }] }>(`${backup}/settings`))
    .value;
  const value = `${settingInstance.settingDefinitionId}_0`;
  const off = { ...settingInstance, choiceSettingValue: { ...settingInstance.choiceSettingValue, value } };
  await script.patch(backup, { settings: [{ settingInstance: off }] });
  await lena.must('dconf', ['write', '/org/gnome/mutter/edge-tiling', 'false']);
  await letTimePass(lena);

  const { exit, stderr } = await lena.agent('run-due');

  assert.equal(exit, 0, stderr);
  assert.match(inOneLine(stderr), /Contoso keeps Windows Backup off on this PC \(Backup for pilots\)/);
  const { profiles } = jsonOf<{ profiles: readonly OfferedProfile[] }>(await lena.agent('profiles', '--json'));
  assert.deepEqual(
    profiles.map(({ deviceName, headSeq }) => [deviceName, headSeq]),
    [['lena-pc', 2]],
  );
  const status = jsonOf<StatusShown>(await lena.agent('status', '--json'));
  assert.deepEqual([status.backup.allowed, status.nextBackupAt], [false, null]);
  assert.deepEqual(
    status.backup.reasons.map(({ code }) => code),
    ['backupSwitchedOff'],
  );
  const { decidedBy } = await decided(lena, 'backupEnabled');
  assert.equal(decidedBy?.origin.policy, 'Backup for pilots');
});

interface StatusShown {
  readonly backup: { readonly allowed: boolean; readonly reasons: readonly Reason[] };
  readonly nextBackupAt: string | null;
}

interface Instance {
  readonly settingDefinitionId: string;
  readonly choiceSettingValue: object;
}

interface AuditEvent {
  readonly activity: string;
  readonly resources: readonly {
    readonly resourceId: string;
    readonly modifiedProperties: readonly { readonly oldValue: string | null; readonly newValue: string | null }[];
  }[];
}

/** Newest first. */
async function auditOf(policy: string): Promise<readonly AuditEvent[]> {
  const { value } = await script.get<{ value: readonly AuditEvent[] }>('/v1.0/deviceManagement/auditEvents');
  return value.filter(({ resources }) => resources.some(({ resourceId }) => resourceId === idOf(policy)));
}

function idOf(path: string): string {
  return path.split('/').at(-1) ?? '';
}

/** What `status --explain` tells of one decision. */
async function decided(device: Device, member: string): Promise<Explanation> {
  const { explained } = jsonOf<{ explained: Explained }>(await device.agent('status', '--explain', '--json'));
  const found = explained.explanations.find((explanation) => explanation.member === member);
  assert.ok(found, member);
  return found;
}

async function showsRestorePage(device: Device): Promise<boolean> {
  const { device: about } = jsonOf<{ device: { id: string } }>(await device.agent('status', '--json'));
  const path = `/beta/deviceManagement/managedDevices/${about.id}`;
  return (await script.get<{ carryover: { restorePageAtEnrollment: boolean } }>(path)).carryover
    .restorePageAtEnrollment;
}

async function backedUp(): Promise<{ readonly seq: number; readonly categories: readonly string[] }> {
  const ran = await lena.agent('backup', '--json');
  succeeded(ran);
  return jsonOf(ran);
}

interface Planned {
  readonly items: readonly { readonly category: string }[];
  readonly withheld: readonly string[];
  readonly withheldBecause: readonly Reason[];
}

/** What a restore from Lena's first backup would bring, and what not. */
async function planned() {
  const plan = jsonOf<Planned>(await lena.agent('plan', 'lena-pc', '--at', '1', '--json'));
  return {
    categories: new Set(plan.items.map(({ category }) => category)),
    withheld: plan.withheld,
    because: plan.withheldBecause.map(({ code }) => code),
  };
}

/** Long sentences are broken over lines. */
function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
