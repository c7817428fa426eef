import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { type Answers, type MemoryGraph, memoryGraph } from '../../../testing/memory-graph.ts';
import { type Rendered, render } from '../../../testing/render.tsx';
import { AutopilotView } from './autopilot-view.tsx';
import { pcsFrom } from './pc-file.ts';
import { ProfileEditor } from './profile-editor.tsx';

const PROFILES = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
const PCS = '/beta/deviceManagement/windowsAutopilotDeviceIdentities';
const PROFILE_TYPE = '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile';
const PILOT = { id: '11111111-1111-4111-8111-111111111111', displayName: 'Pilot IT' };
const SCHOOLS = { id: '22222222-2222-4222-8222-222222222222', displayName: 'Schools' };
const ALL = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };
const include = ({ id }: { id: string }) => ({ '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: id });
const exclude = ({ id }: { id: string }) => ({
  '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget',
  groupId: id,
});
const OFFICE = {
  '@odata.etag': 'W/"3"',
  id: 'office',
  displayName: 'Office PCs',
  description: 'Desks',
  preprovisioningAllowed: false,
  outOfBoxExperienceSetting: { deviceUsageType: 'singleUser', userType: 'standard' },
};
const KIOSKS = {
  ...OFFICE,
  id: 'kiosks',
  displayName: 'Kiosks',
  outOfBoxExperienceSetting: { deviceUsageType: 'shared' },
};
const PC = {
  id: 'pc-1',
  serialNumber: 'sn-1',
  groupTag: 'berlin',
  enrollmentState: 'notContacted',
  carryover: { autopilotProfileId: 'office' },
};
const OTHER_PC = {
  id: 'pc-2',
  serialNumber: 'sn-2',
  groupTag: '',
  enrollmentState: 'enrolled',
  carryover: { autopilotProfileId: null },
};
const assigned = (...targets: object[]) => ({ value: targets.map((target, at) => ({ id: `a${at}`, target })) });
const BASE = {
  'GET /v1.0/me/memberOf': { value: [{ displayName: 'Intune Administrator' }] },
  'GET /v1.0/groups': { value: [PILOT, SCHOOLS] },
  [`GET /v1.0/groups/${PILOT.id}`]: PILOT,
  [`GET /v1.0/groups/${SCHOOLS.id}`]: SCHOOLS,
  [`GET ${PROFILES}`]: { value: [OFFICE, KIOSKS] },
  [`GET ${PROFILES}/office`]: OFFICE,
  [`GET ${PROFILES}/office/assignments`]: assigned(include(PILOT), exclude(SCHOOLS)),
  [`GET ${PROFILES}/kiosks/assignments`]: assigned(),
  [`GET ${PCS}`]: { value: [OTHER_PC, PC] },
};

const sent = (graph: MemoryGraph) =>
  graph.asked
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path, request: { body, ifMatch } }) => ({
      call: `${method} ${path}`,
      ...(body === undefined ? {} : { body }),
      ...(ifMatch === undefined ? {} : { ifMatch }),
    }));

async function press(page: Rendered, graph: MemoryGraph, name: string, at = 0): Promise<void> {
  const button = page.findAll('button', name).at(at);
  assert.ok(button, `no button ${name}`);
  await page.click(button);
  await graph.answered(page);
}

async function choose(page: Rendered, graph: MemoryGraph, name: string): Promise<void> {
  await page.click(page.get('radio', name));
  await graph.answered(page);
}

async function type(page: Rendered, name: string, value: string): Promise<void> {
  const field = page.get('textbox', name) as HTMLInputElement;
  await page.settle(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, value);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

async function list(answers: Answers = {}) {
  const graph = memoryGraph({ ...BASE, ...answers });
  const page = await render(<AutopilotView graph={graph} hrefOf={(id) => `#${id}`} onOpen={() => {}} />);
  await graph.answered(page);
  return { graph, page };
}

async function editor(id: string, answers: Answers = {}) {
  const graph = memoryGraph({ ...BASE, ...answers });
  const gone: (string | undefined)[] = [];
  const page = await render(<ProfileEditor graph={graph} id={id} onGo={(next) => gone.push(next)} />);
  await graph.answered(page);
  return { graph, page, gone };
}

test('each profile says what it means for restore, whom it is assigned to, and how many PCs have it as their own', async () => {
  const { page } = await list();
  await using _ = page;

  const [office, kiosks] = page.findAll('row').slice(1, 3);
  assert.match(office?.textContent ?? '', /Office PCs.*User-driven.*During set-up.*Joined.*Pilot IT, without Schools1/);
  assert.match(kiosks?.textContent ?? '', /Kiosks.*Self-deploying.*Never: the PC has no person.*Reaches nobody yet0/);
  assert.match(page.text(), /sn-1berlinOffice PCsNot enrolled yet.*sn-2As assignedEnrolled/);
  assert.match(page.text(), /Different from Intune/);
});

test('a new profile is made, then aimed, with what narrows it first', async () => {
  const answers = {
    [`POST ${PROFILES}`]: { ...OFFICE, id: 'new-1' },
    [`POST ${PROFILES}/new-1/assignments`]: {},
  };
  const { graph, page, gone } = await editor('new', answers);
  await using _ = page;
  assert.match(page.text(), /Give the profile a name\./);

  await type(page, 'Name*', 'Lab PCs');
  await choose(page, graph, 'Pre-provisioned: IT sets the PC up beforehand');
  assert.match(page.text(), /The restore page is not shown during set-up/);
  await press(page, graph, 'Include Pilot IT');
  await press(page, graph, 'Leave out Schools');
  assert.match(page.text(), /Before you saveAssigned to: Pilot IT, without Schools/);
  await press(page, graph, 'Save');

  assert.deepEqual(sent(graph), [
    {
      call: `POST ${PROFILES}`,
      body: {
        '@odata.type': PROFILE_TYPE,
        displayName: 'Lab PCs',
        description: '',
        preprovisioningAllowed: true,
        outOfBoxExperienceSetting: { deviceUsageType: 'singleUser' },
      },
    },
    { call: `POST ${PROFILES}/new-1/assignments`, body: { target: exclude(SCHOOLS) } },
    { call: `POST ${PROFILES}/new-1/assignments`, body: { target: include(PILOT) } },
  ]);
  assert.deepEqual(gone, ['new-1']);
});

test('of a saved profile only what changed is sent, and only as it was read', async () => {
  const answers = {
    [`PATCH ${PROFILES}/office`]: {},
    [`POST ${PROFILES}/office/assignments`]: {},
    [`DELETE ${PROFILES}/office/assignments/a1`]: () => {
      throw new KnownError('itemNotFound', 'Somebody else took it away.');
    },
  };
  const { graph, page } = await editor('office', answers);
  await using _ = page;

  await choose(page, graph, 'Self-deploying: the PC sets itself up');
  await press(page, graph, 'Remove Schools');
  await choose(page, graph, 'All registered PCs');
  await press(page, graph, 'Save');

  assert.deepEqual(
    sent(graph).map(({ call, ifMatch }) => [call, ifMatch]),
    [
      [`PATCH ${PROFILES}/office`, 'W/"3"'],
      [`DELETE ${PROFILES}/office/assignments/a1`, undefined],
      [`POST ${PROFILES}/office/assignments`, undefined],
    ],
  );
  assert.deepEqual(sent(graph)[2]?.body, { target: ALL });
});

test('nobody types while a profile that was saved is read again: it would be lost with the next picture', async () => {
  const again = Promise.withResolvers<object>();
  const read = BASE[`GET ${PROFILES}/office`];
  const reads: unknown[] = [read, again.promise];
  const { graph, page } = await editor('office', {
    [`GET ${PROFILES}/office`]: () => reads.shift(),
    [`PATCH ${PROFILES}/office`]: {},
  });
  await using _ = page;
  const name = () => page.get('textbox', 'Name*') as HTMLInputElement;
  await choose(page, graph, 'Self-deploying: the PC sets itself up');

  await page.click(page.get('button', 'Save'));
  await page.until(() => reads.length === 0);
  await page.settle(() => new Promise<void>((turned) => setTimeout(turned, 0)));
  assert.equal(name().disabled, true);

  again.resolve(read as object);
  await graph.answered(page);
  assert.equal(name().disabled, false);
});

test('a hybrid profile cannot be saved, and the page says why', async () => {
  const { graph, page } = await editor('office');
  await using _ = page;

  await choose(page, graph, 'Hybrid joined');
  assert.match(
    page.text(),
    /Hybrid profiles are not taken.*by a connector in that domain which this service does not have/,
  );
  await press(page, graph, 'Save');

  assert.deepEqual(sent(graph), []);
});

test('what somebody else changed meanwhile is not overwritten, and a profile is deleted only after asking', async () => {
  const conflict = () => {
    throw new KnownError('resourceModified', 'Changed.');
  };
  const { graph, page, gone } = await editor('office', {
    [`PATCH ${PROFILES}/office`]: conflict,
    [`DELETE ${PROFILES}/office`]: undefined,
  });
  await using _ = page;

  await choose(page, graph, 'Pre-provisioned: IT sets the PC up beforehand');
  await press(page, graph, 'Save');
  assert.match(page.text(), /Somebody else changed this while you had it open\./);
  await press(page, graph, 'Look again');
  assert.doesNotMatch(page.text(), /Somebody else changed/);

  await press(page, graph, 'Delete profile');
  assert.equal(sent(graph).length, 1);
  await press(page, graph, 'Delete profile', -1);
  assert.deepEqual(sent(graph)[1], { call: `DELETE ${PROFILES}/office`, ifMatch: 'W/"3"' });
  assert.deepEqual(gone, [undefined]);
});

test('a PC is registered, and one that is known is said with the reason', async () => {
  const { graph, page } = await list({
    [`POST ${PCS}`]: () => {
      throw new KnownError('conflict', 'This PC is registered already, as pc-1.');
    },
  });
  await using _ = page;

  await press(page, graph, 'Register a PC');
  await type(page, 'Serial number*', ' SN-1 ');
  await press(page, graph, 'Register a PC', -1);

  assert.deepEqual(sent(graph)[0]?.body, { serialNumber: 'SN-1', groupTag: '' });
  assert.match(page.text(), /This PC is registered already, as pc-1\./);
});

test('a registered PC is found, given a profile of its own, and removed after asking', async () => {
  const { graph, page } = await list({
    [`POST ${PROFILES}/office/assign`]: undefined,
    [`DELETE ${PCS}/pc-2`]: undefined,
  });
  await using _ = page;

  await type(page, 'Serial number or group tag', 'BERLIN');
  assert.equal(page.findAll('button', 'Remove sn-2').length, 0);
  await type(page, 'Serial number or group tag', 'SN-2');
  await press(page, graph, 'Give a profile to sn-2');
  assert.match(page.text(), /The person can choose a backup on the restore page during set-up/);
  await press(page, graph, 'Give a profile', -1);
  await press(page, graph, 'Remove sn-2');
  await press(page, graph, 'Remove', -1);

  assert.deepEqual(sent(graph), [
    { call: `POST ${PROFILES}/office/assign`, body: { deviceIds: ['pc-2'] } },
    { call: `DELETE ${PCS}/pc-2` },
  ]);
});

test('a reader sees profiles and PCs and cannot change them', async () => {
  const { page } = await list({ 'GET /v1.0/me/memberOf': { value: [{ displayName: 'Global Reader' }] } });
  await using _ = page;

  assert.match(page.text(), /Needs the role: Intune Administrator or Global Administrator/);
  for (const name of ['Create a profile', 'Register a PC', 'Import a file', 'Remove sn-1'])
    assert.equal((page.get('button', name) as HTMLButtonElement).disabled, true, name);
});

test('files as Intune has them and as we name the columns are read, each PC once', () => {
  const intune =
    'Device Serial Number,Windows Product ID,Hardware Hash,Group Tag\nSN-1,,T0F,"Berlin, east"\nsn-1,,,x\n';
  assert.deepEqual(pcsFrom(intune), { kind: 'pcs', pcs: [{ serialNumber: 'sn-1', groupTag: 'x' }] });
  assert.deepEqual(pcsFrom('serialNumber;groupTag\r\nA;b\r\n;c\r\nD\r\n'), {
    kind: 'pcs',
    pcs: [
      { serialNumber: 'A', groupTag: 'b' },
      { serialNumber: 'D', groupTag: '' },
    ],
  });
  assert.deepEqual(
    ['a,b\n1,2', 'serialNumber\n', 'serialNumber\n"1', `serialNumber\n${numbers(1001)}`].map((csv) => pcsFrom(csv)),
    (['noColumn', 'noPcs', 'quoteOpen', 'tooMany'] as const).map((fault) => ({ kind: 'fault', fault })),
  );
});

function numbers(count: number): string {
  return Array.from({ length: count }, (_, at) => `SN-${at}`).join('\n');
}
