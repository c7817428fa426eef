import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { type Answers, type MemoryGraph, memoryGraph } from '../../../testing/memory-graph.ts';
import { type Rendered, render } from '../../../testing/render.tsx';
import { RestorePageCard } from './restore-page-card.tsx';

const CONFIGURATIONS = '/beta/deviceManagement/deviceEnrollmentConfigurations';
const OWN = `${CONFIGURATIONS}/t_WindowsRestore`;
const PILOT = { id: '11111111-1111-4111-8111-111111111111', displayName: 'Pilot IT' };
const SCHOOLS = { id: '22222222-2222-4222-8222-222222222222', displayName: 'Schools' };
const include = ({ id }: { id: string }) => ({ '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: id });
const exclude = ({ id }: { id: string }) => ({
  '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget',
  groupId: id,
});
const EVERYBODY = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };

interface Service {
  state: 'notConfigured' | 'enabled' | 'disabled';
  version: number;
  targets: readonly object[];
}

/** The service's object, as far as the page changes it: each change counts its version up. */
function aService(begin: Partial<Service> = {}, others: Answers = {}): MemoryGraph {
  const service: Service = { state: 'disabled', version: 4, targets: [], ...begin };
  return memoryGraph({
    'GET /v1.0/me/memberOf': { value: [{ displayName: 'Intune Administrator' }] },
    'GET /beta/carryover/overview': { devices: 2 },
    'GET /v1.0/groups': { value: [PILOT, SCHOOLS] },
    [`GET /v1.0/groups/${PILOT.id}`]: PILOT,
    [`GET /v1.0/groups/${SCHOOLS.id}`]: SCHOOLS,
    [`GET /v1.0/groups/${PILOT.id}/members`]: { value: [] },
    [`GET /v1.0/groups/${SCHOOLS.id}/members`]: { value: [{ id: 'mia' }] },
    [`GET ${CONFIGURATIONS}`]: () => ({
      value: [{ '@odata.etag': `W/"${service.version}"`, id: 't_WindowsRestore', state: service.state }],
    }),
    [`GET ${OWN}/assignments`]: () => ({ value: service.targets.map((target) => ({ target })) }),
    [`POST ${OWN}/assign`]: ({ body }: { body: { enrollmentConfigurationAssignments: { target: object }[] } }) => {
      service.targets = body.enrollmentConfigurationAssignments.map(({ target }) => target);
      service.version += 1;
    },
    [`PATCH ${OWN}`]: ({ body }: { body: { state: Service['state'] } }) => {
      service.state = body.state;
      service.version += 1;
      return {};
    },
    ...others,
  });
}

const sent = (graph: MemoryGraph) =>
  graph.asked
    .filter(({ method }) => method !== 'GET')
    .map(({ method, request: { body, ifMatch } }) => ({ method, ifMatch, body }));
const targets = (...wanted: object[]) => ({
  enrollmentConfigurationAssignments: wanted.map((target) => ({ target })),
});
const state = (value: string) => ({
  '@odata.type': '#microsoft.graph.windowsRestoreDeviceEnrollmentConfiguration',
  state: value,
});

async function shown(graph: MemoryGraph): Promise<Rendered> {
  const page = await render(<RestorePageCard graph={graph} />);
  await graph.answered(page);
  return page;
}

async function press(page: Rendered, graph: MemoryGraph, name: string): Promise<void> {
  await page.click(page.get('button', name));
  await graph.answered(page);
}

test('it is aimed at groups before it is switched on, each as it was read, and whom it reaches stands there', async () => {
  const graph = aService();
  await using page = await shown(graph);
  assert.match(page.text(), /Nobody sees the restore page while they set up a PC\./);

  await page.click(page.get('radio', 'On for these groups'));
  await graph.answered(page);
  await press(page, graph, 'Include Pilot IT');
  await press(page, graph, 'Leave out Schools');
  assert.match(
    page.text(),
    /Before you save.*Only people and PCs in these groups see the restore page: Pilot IT\. Left out, whatever else includes them: Schools\./,
  );
  assert.match(page.text(), /Nobody is in these groups yet: Pilot IT\./);
  assert.deepEqual(sent(graph), []);
  await press(page, graph, 'Save');

  assert.deepEqual(sent(graph), [
    { method: 'POST', ifMatch: 'W/"4"', body: targets(include(PILOT), exclude(SCHOOLS)) },
    { method: 'PATCH', ifMatch: 'W/"5"', body: state('enabled') },
  ]);
  assert.match(page.text(), /Saved\./);
});

test('groups without one that is included are refused with a sentence', async () => {
  const graph = aService();
  await using page = await shown(graph);

  await page.click(page.get('radio', 'On for these groups'));
  await graph.answered(page);
  assert.match(page.text(), /Include at least one group, or choose “Off” or “On for everyone”\./);
  await press(page, graph, 'Leave out Schools');

  assert.match(page.text(), /Include at least one group/);
  await press(page, graph, 'Save');
  assert.deepEqual(sent(graph), []);
});

test('for everyone, groups can be left out, and those that were included no longer count', async () => {
  const graph = aService({ state: 'enabled', targets: [include(PILOT)] });
  await using page = await shown(graph);

  await page.click(page.get('radio', 'On for everyone'));
  await graph.answered(page);
  assert.match(page.text(), /Everybody sees the restore page while they set up a PC\./);
  assert.equal(page.findAll('button', 'Include Schools').length, 0);
  await press(page, graph, 'Leave out Schools');
  await press(page, graph, 'Save');

  assert.deepEqual(sent(graph), [{ method: 'POST', ifMatch: 'W/"4"', body: targets(EVERYBODY, exclude(SCHOOLS)) }]);
});

test('switched off, the groups are kept for the next time', async () => {
  const graph = aService({ state: 'enabled', targets: [exclude(SCHOOLS), include(PILOT)] });
  await using page = await shown(graph);
  assert.equal((page.get('radio', 'On for these groups') as HTMLInputElement).checked, true);

  await page.click(page.get('radio', 'Off'));
  await press(page, graph, 'Save');
  assert.deepEqual(sent(graph), [{ method: 'PATCH', ifMatch: 'W/"4"', body: state('disabled') }]);

  await page.click(page.get('radio', 'On for these groups'));
  await graph.answered(page);
  assert.match(
    page.text(),
    /these groups see the restore page: Pilot IT\. Left out, whatever else includes them: Schools\./,
  );
  await press(page, graph, 'Save');
  assert.deepEqual(sent(graph).slice(1), [{ method: 'PATCH', ifMatch: 'W/"5"', body: state('enabled') }]);
});

test('what somebody else changed meanwhile is not overwritten', async () => {
  const conflict = () => {
    throw new KnownError('resourceModified', 'Changed.');
  };
  const graph = aService({ state: 'enabled' }, { [`PATCH ${OWN}`]: conflict });
  await using page = await shown(graph);

  await page.click(page.get('radio', 'Off'));
  await press(page, graph, 'Save');
  assert.match(page.text(), /Somebody else changed this while you had it open\./);
  await press(page, graph, 'Look again');

  assert.equal((page.get('radio', 'On for everyone') as HTMLInputElement).checked, true);
  assert.doesNotMatch(page.text(), /Somebody else changed/);
});

test('aimed differently while it was saved, it is not switched on', async () => {
  const graph = aService({}, { [`POST ${OWN}/assign`]: undefined });
  await using page = await shown(graph);

  await page.click(page.get('radio', 'On for these groups'));
  await graph.answered(page);
  await press(page, graph, 'Include Pilot IT');
  await press(page, graph, 'Save');

  assert.deepEqual(
    sent(graph).map(({ method }) => method),
    ['POST'],
  );
  assert.match(page.text(), /Somebody else changed this while you had it open\./);
});
