/** What administrators see: devices, the numbers of Home, the guide. Through HTTP, on both databases. */

import assert from 'node:assert/strict';
import type { FirstRun, ManagedDevice, Overview } from '@carryover/model/admin';
import { CLIENTS } from '@carryover/model/wire';
import { aPolicy, backUp, okay, switchOn } from '../../testing/backups.ts';
import {
  type EnrolledDevice,
  jsonBody,
  type Person,
  SAMPLE_DEVICE,
  type SignedIn,
  type TestService,
  testOnEveryService,
  testOnService,
} from '../../testing/service.ts';
import { listAudit } from '../audit/audit.ts';
import { readCatalog } from '../catalog.ts';
import { createSetupCode, found } from '../tenants/tenants.ts';
import { listDevices } from './devices.ts';
import { overviewOf as countedAt } from './overview.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const DEVICES = '/beta/deviceManagement/managedDevices';

interface Listed {
  readonly value: readonly ManagedDevice[];
  readonly '@odata.nextLink'?: string;
}

async function list(admin: SignedIn, query: string = '', size?: number): Promise<Listed> {
  const headers = size === undefined ? {} : { prefer: `odata.maxpagesize=${size}` };
  return okay<Listed>(await admin.fetch(`${DEVICES}${query}`, { headers }));
}

const namesOf = ({ value }: Listed) => value.map(({ deviceName }) => deviceName);

async function filtered(admin: SignedIn, filter: string): Promise<string[]> {
  return namesOf(await list(admin, `?$filter=${encodeURIComponent(filter)}`));
}

/** Restores the newest backup of a device onto itself. */
async function restore(device: EnrolledDevice, seq: number, status: 'applied' | 'failed'): Promise<void> {
  const { deviceId, profileId } = device.enrollment;
  const restoring = await device.restore();
  const choice = jsonBody('POST', { profileId, seq, only: [], skip: [] });
  const started = await restoring.fetch(`/device/v1/devices/${deviceId}/restore-sessions`, choice);
  const { sessionId } = await okay<{ sessionId: string }>(started);
  const items = [{ id: 'one', kind: 'setting', category: 'personalization', status }];
  const report = jsonBody('PUT', { items, durationMs: 1500, finished: true, undone: false });
  await okay(await restoring.fetch(`/device/v1/restore-sessions/${sessionId}/report`, report));
}

testOnEveryService('the list says of each device who has it and how it stands', async (service) => {
  const organization = await service.setUp();
  const { graph: admin } = await switchOn(service, organization);
  const saved = await service.enroll(organization.alice, { name: 'AUE-0417' });
  await service.enroll(organization.bob, { name: 'aue-0512' });
  await service.enroll(organization.bob, { name: 'AUE-0300', build: 'debian 11 gnome 38', osName: 'Debian 11' });
  const { seq, lastBackupAt } = await backUp(service, saved, [{}]);
  await restore(saved, seq, 'failed');

  const all = await list(admin);
  const one = await okay<ManagedDevice>(await admin.fetch(`${DEVICES}/${saved.enrollment.deviceId}`));

  assert.deepEqual(
    all.value.map(({ deviceName, userPrincipalName, carryover }) => [
      deviceName,
      userPrincipalName,
      carryover.backup.state,
    ]),
    [
      ['AUE-0300', 'bob@contoso.example', 'notEligible'],
      ['AUE-0417', 'alice@contoso.example', 'backedUp'],
      ['aue-0512', 'bob@contoso.example', 'never'],
    ],
  );
  assert.deepEqual(
    all.value[0]?.carryover.backup.reasons.map(({ code }) => code),
    ['buildTooOld', 'buildTooOld'],
  );
  assert.deepEqual(
    [one.joinType, one.managedDeviceOwnerType, one.operatingSystem],
    ['azureADJoined', 'company', 'Linux'],
  );
  assert.equal(one.carryover.backup.lastBackupDateTime, lastBackupAt);
  assert.equal(one.carryover.restore.newest?.outcome, 'failed');
  assert.deepEqual(
    one.carryover.people.map(({ displayName }) => displayName),
    ['alice'],
  );
});

testOnEveryService('devices are found by parts of names and by filters, a page at a time', async (service) => {
  const organization = await service.setUp();
  const { graph: admin } = await switchOn(service, organization);
  const { alice, bob } = organization;
  const named: [typeof alice, string][] = [
    [alice, 'LT-1'],
    [alice, 'LT-2'],
    [bob, 'LT-3'],
    [bob, 'desk%4'],
  ];
  const devices = [];
  for (const [person, name] of named) devices.push(await service.enroll(person, { name }));
  await backUp(service, devices[1] ?? assert.fail(), [{}]);

  const first = await list(admin, '', 3);
  const next = new URL(first['@odata.nextLink'] ?? '');
  const second = await list(admin, next.search, 3);

  assert.deepEqual([namesOf(first), namesOf(second)], [['LT-1', 'LT-2', 'LT-3'], ['desk%4']]);
  assert.deepEqual(namesOf(await list(admin, '?$search=%22lt-%20bob%22')), ['LT-3']);
  assert.deepEqual(namesOf(await list(admin, '?$search=ALICE')), ['LT-1', 'LT-2']);
  assert.deepEqual(namesOf(await list(admin, '?$search=sk%254')), ['desk%4'], 'a wildcard stands for nothing');
  assert.deepEqual(await filtered(admin, "userPrincipalName eq 'BOB@contoso.example'"), ['LT-3', 'desk%4']);
  assert.deepEqual(await filtered(admin, `userId eq '${alice.userId}' and deviceName eq 'LT-2'`), ['LT-2']);
  assert.deepEqual(await filtered(admin, "carryover/backup/state eq 'backedUp'"), ['LT-2']);
  assert.deepEqual(await filtered(admin, "carryover/backup/state eq 'never'"), ['LT-1', 'LT-3', 'desk%4']);
  assert.deepEqual(await filtered(admin, "operatingSystem eq 'Windows'"), []);
  assert.deepEqual(await filtered(admin, "joinType eq 'azureADJoined' and operatingSystem eq 'Linux'"), [
    'LT-1',
    'LT-2',
    'LT-3',
    'desk%4',
  ]);
  assert.deepEqual(await filtered(admin, "userPrincipalName eq 'nobody@contoso.example'"), []);
  const wrong = await admin.fetch(`${DEVICES}?$filter=${encodeURIComponent("carryover/backup/state eq 'fine'")}`);
  assert.equal(wrong.status, 400);
});

testOnEveryService(
  'a device that left is not listed, and one of another organization is not there',
  async (service) => {
    const organization = await service.setUp();
    const fabrikam = await service.setUp('Fabrikam');
    const admin = await service.signIn(organization.administrator, GRAPH);
    const other = await service.enroll(fabrikam.alice);
    const left = await service.enroll(organization.alice);
    const path = `/device/v1/devices/${left.enrollment.deviceId}`;
    assert.equal((await left.backup.fetch(path, { method: 'DELETE' })).status, 204);

    const [all, gone, foreign] = await Promise.all([
      list(admin),
      admin.fetch(`${DEVICES}/${left.enrollment.deviceId}`),
      admin.fetch(`${DEVICES}/${other.enrollment.deviceId}`),
    ]);

    assert.deepEqual([all.value, gone.status, foreign.status], [[], 404, 404]);
  },
);

const overviewOf = async (admin: SignedIn) => okay<Overview>(await admin.fetch('/beta/carryover/overview'));

testOnEveryService('a device is judged by the policy of its groups and by what is written on it', async (service) => {
  const organization = await service.setUp();
  const { administrator, alice, bob, tenantId } = organization;
  const admin = await service.signIn(administrator, GRAPH);
  const post = async (path: string, body: object) =>
    okay<{ id: string }>(await admin.fetch(path, jsonBody('POST', body)));
  const facts = { ...SAMPLE_DEVICE, machineHash: 'a'.repeat(64) };
  await service.enroll(alice, { name: 'of the pilots' });
  await service.enroll(bob, { name: 'of nobody' });
  const own = await service.enroll(bob, { ...facts, name: 'with a file' });
  const pilots = await post('/v1.0/groups', {
    displayName: 'Pilots',
    mailNickname: 'pilots',
    mailEnabled: false,
    securityEnabled: true,
    'members@odata.bind': [`${service.url}/v1.0/users/${alice.userId}`],
  });
  const { id } = await post('/beta/deviceManagement/configurationPolicies', aPolicy('Pilot', true));
  await post(`/beta/deviceManagement/configurationPolicies/${id}/assign`, {
    assignments: [{ target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: pilots.id } }],
  });
  const localPolicy = [
    { source: 'policyFile', name: '1.json', settings: [{ policy: 'EnableWindowsBackup', value: true }] },
  ];
  const body = { device: { ...facts, name: 'with a file' }, manifestFormat: 1, localPolicy };
  await okay(await own.backup.fetch(`/device/v1/devices/${own.enrollment.deviceId}/check-ins`, jsonBody('POST', body)));

  const at = { builds: readCatalog().gates, now: Temporal.Now.instant() };
  const listed = await listDevices(service.store, tenantId, { top: 10, after: undefined }, at);
  const { coverage } = await countedAt(service.store, tenantId, at);

  assert.deepEqual(
    listed.map(({ deviceName, carryover }) => [deviceName, carryover.backup.state]),
    [
      ['of nobody', 'notSwitchedOn'],
      ['of the pilots', 'never'],
      ['with a file', 'never'],
    ],
  );
  assert.deepEqual([coverage.never, coverage.notSwitchedOn], [2, 1]);
});

testOnEveryService('the numbers of Home count each device once, as the list judges it', async (service) => {
  const organization = await service.setUp();
  const { alice, bob, tenantId } = organization;
  const { graph: admin } = await switchOn(service, organization);
  const first = await service.enroll(alice, { name: 'first' });
  await backUp(service, first, [{}]);
  const second = await service.enroll(bob, { name: 'second' });
  const { seq } = await backUp(service, second, [{}]);
  await restore(second, seq, 'applied');
  await service.enroll(bob, { name: 'new' });
  await service.enroll(bob, { name: 'old', build: 'debian 9 gnome 30', osName: 'Debian 9' });
  const shown = await overviewOf(admin);
  const facts = { builds: readCatalog().gates, now: Temporal.Now.instant().add({ hours: 9 * 24 }) };
  const afterwards = await countedAt(service.store, tenantId, facts);
  const listed = await listDevices(service.store, tenantId, { top: 10, after: undefined }, facts);

  const counts = { failing: 0, notEligible: 1, notSwitchedOn: 0, never: 1 };
  assert.deepEqual([shown.people, shown.devices], [3, 4]);
  assert.deepEqual(shown.coverage, { backedUp: 2, overdue: 0, ...counts });
  assert.deepEqual(afterwards.coverage, { backedUp: 0, overdue: 2, ...counts });
  assert.deepEqual(
    listed.map(({ deviceName, carryover }) => [deviceName, carryover.backup.state]),
    [
      ['first', 'overdue'],
      ['new', 'never'],
      ['old', 'notEligible'],
      ['second', 'overdue'],
    ],
  );
  assert.deepEqual(shown.restoresLast30Days, { running: 0, succeeded: 1, failed: 0, undone: 0 });
  assert.deepEqual(
    shown.newestBackups.map(({ deviceName, person }) => [deviceName, person?.displayName]),
    [
      ['second', 'bob'],
      ['first', 'alice'],
    ],
  );
  assert.deepEqual(
    shown.newestRestores.map(({ deviceName, outcome, durationMs }) => [deviceName, outcome, durationMs]),
    [['second', 'succeeded', 1500]],
  );
});

async function doneOf(admin: SignedIn): Promise<string[]> {
  const { steps } = await okay<FirstRun>(await admin.fetch('/beta/carryover/firstRun'));
  return steps.filter(({ done }) => done).map(({ id }) => id);
}

testOnEveryService(
  'the steps of the guide become done by what happened, from the first to the last',
  async (service) => {
    const founded = await foundedAlone(service);
    const admin = await service.signIn(founded, GRAPH);
    const atFirst = await doneOf(admin);
    const alice = await service.addPerson(founded.tenantId, 'alice@contoso.example');
    await switchOn(service, { ...founded, name: 'Contoso', issuer: '', administrator: founded, alice, bob: alice });
    const switched = await doneOf(admin);
    const device = await service.enroll(alice, { name: 'LT-1' });
    const { seq } = await backUp(service, device, [{}]);
    await restore(device, seq, 'applied');

    const guide = await okay<FirstRun>(await admin.fetch('/beta/carryover/firstRun'));

    assert.deepEqual(atFirst, ['signIn', 'recoveryCopy', 'enrollment']);
    assert.deepEqual(switched, ['signIn', 'recoveryCopy', 'people', 'backupPolicy', 'restorePage', 'enrollment']);
    assert.equal(guide.finished, true);
    assert.deepEqual(
      guide.steps.map(({ id, facts }) => [id, facts]),
      [
        ['signIn', { person: 'Administrator' }],
        ['recoveryCopy', {}],
        ['people', { count: '2' }],
        ['backupPolicy', { policy: 'Backup' }],
        ['restorePage', { state: 'enabled' }],
        ['enrollment', { joining: 'all', tokens: '0' }],
        ['firstDevice', { device: 'LT-1' }],
        ['firstBackup', { device: 'LT-1' }],
        ['firstRestore', { device: 'LT-1' }],
      ],
    );
  },
);

/** An organization with nobody but its administrator. */
async function foundedAlone(service: TestService): Promise<Person> {
  const code = await createSetupCode(service.store, Temporal.Now.instant());
  const [userPrincipalName, password] = ['admin@contoso.example', 'a-long-password-1'];
  const founding = { code, organization: 'Contoso', userPrincipalName, displayName: 'Administrator', password };
  const place = { served: { cloud: 'private', regions: ['local'] }, now: Temporal.Now.instant() };
  return { ...(await found(service.store, founding, place)), userPrincipalName, password };
}

testOnEveryService('nobody can enroll when joining is nobody’s and no token works', async (service) => {
  const organization = await service.setUp();
  const admin = await service.signIn(organization.administrator, GRAPH);
  const nobody = {
    azureADJoin: { allowedToJoin: { '@odata.type': '#microsoft.graph.noDeviceRegistrationMembership' } },
  };
  await okay(await admin.fetch('/beta/policies/deviceRegistrationPolicy', jsonBody('PUT', nobody)));

  const without = await doneOf(admin);
  await okay(await admin.fetch('/beta/carryover/enrollmentTokens', jsonBody('POST', { uses: 2 })));
  const withToken = await doneOf(admin);

  assert.ok(!without.includes('enrollment'));
  assert.ok(withToken.includes('enrollment'));
});

testOnEveryService('the guide stays aside for everyone once it was put aside, and it is on record', async (service) => {
  const { administrator, tenantId } = await service.setUp();
  const reader = await service.addPerson(tenantId, 'reader@contoso.example', ['Global Reader']);
  const [admin, reading] = [await service.signIn(administrator, GRAPH), await service.signIn(reader, GRAPH)];
  const path = '/beta/carryover/firstRun';
  const read = async () => (await okay<FirstRun>(await reading.fetch(path))).skipped;

  const refused = await reading.fetch(path, jsonBody('PATCH', { skipped: true }));
  const before = await read();
  await okay(await admin.fetch(path, jsonBody('PATCH', { skipped: true })));
  const during = await read();
  await okay(await admin.fetch(path, jsonBody('PATCH', { skipped: false })));

  assert.deepEqual([refused.status, before, during, await read()], [403, false, true, false]);
  const actions = (await listAudit(service.store, tenantId, { top: 2 })).map(({ action }) => action);
  assert.deepEqual(actions, ['update firstRun', 'update firstRun']);
});

testOnService('the numbers of Home are not counted anew for each who looks', async (service) => {
  const organization = await service.setUp();
  const admin = await service.signIn(organization.administrator, GRAPH);

  const [first, second] = [await overviewOf(admin), await overviewOf(admin)];

  assert.equal(second.asOf, first.asOf);
});
