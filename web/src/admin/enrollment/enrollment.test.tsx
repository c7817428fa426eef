import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MemoryGraph, memoryGraph } from '../../../testing/memory-graph.ts';
import { render } from '../../../testing/render.tsx';
import { enrollCommand } from './enrollment-data.ts';
import { EnrollmentView } from './enrollment-view.tsx';

const CONFIGURATIONS = '/beta/deviceManagement/deviceEnrollmentConfigurations';
const ASSIGNMENTS = `${CONFIGURATIONS}/t_WindowsRestore/assignments`;
const REGISTRATION = '/beta/policies/deviceRegistrationPolicy';
const TOKENS = '/beta/carryover/enrollmentTokens';
const TOKEN = {
  id: '0f3c9a71-aaaa',
  uses: 4,
  createdDateTime: '2026-10-01T08:00:00Z',
  expirationDateTime: '2026-12-01T08:00:00Z',
};
const REGISTERED = {
  id: 'deviceRegistrationPolicy',
  userDeviceQuota: 5,
  azureADJoin: { allowedToJoin: { '@odata.type': '#microsoft.graph.allDeviceRegistrationMembership' } },
};
const BASE = {
  'GET /v1.0/me/memberOf': { value: [{ displayName: 'Intune Administrator' }] },
  'GET /beta/carryover/overview': { devices: 2 },
  [`GET ${CONFIGURATIONS}`]: { value: [{ '@odata.etag': 'W/"4"', id: 't_WindowsRestore', state: 'disabled' }] },
  [`GET ${ASSIGNMENTS}`]: { value: [] },
  'GET /beta/deviceManagement/windowsAutopilotDeploymentProfiles': { value: [] },
  [`GET ${REGISTRATION}`]: REGISTERED,
  [`GET ${TOKENS}`]: { value: [TOKEN] },
};
const sent = (graph: MemoryGraph) => graph.asked.filter(({ method }) => method !== 'GET');
const button = (page: { findAll: (role: string, name: string) => readonly HTMLElement[] }, name: string, at = -1) => {
  const found = page.findAll('button', name).at(at);
  assert.ok(found, `no button ${name}`);
  return found;
};

test('the restore page is switched on only as it was read, and the page says that it is read once', async () => {
  const graph = memoryGraph({ ...BASE, [`PATCH ${CONFIGURATIONS}/t_WindowsRestore`]: {} });
  await using page = await render(<EnrollmentView graph={graph} onAutopilot={() => {}} />);
  await graph.answered(page);
  assert.match(page.text(), /Read once, when a device enrolls\. 2 devices that are enrolled keep what they got\./);

  await page.click(page.get('radio', 'On for everyone'));
  await page.click(button(page, 'Save', 0));
  await graph.answered(page);

  const [{ request }] = sent(graph) as [(typeof graph.asked)[number]];
  assert.deepEqual(
    [request.body, request.ifMatch],
    [
      {
        '@odata.type': '#microsoft.graph.windowsRestoreDeviceEnrollmentConfiguration',
        state: 'enabled',
      },
      'W/"4"',
    ],
  );
});

test('without devices the page says so', async () => {
  const graph = memoryGraph({ ...BASE, 'GET /beta/carryover/overview': { devices: 0 } });
  await using page = await render(<EnrollmentView graph={graph} onAutopilot={() => {}} />);
  await graph.answered(page);

  assert.match(page.text(), /Read once, when a device enrolls\. No device is enrolled yet\./);
  assert.doesNotMatch(page.text(), /0 devices/);
});

test('who may join is sent back with the rest of the policy as it was', async () => {
  const graph = memoryGraph({ ...BASE, [`PUT ${REGISTRATION}`]: {} });
  await using page = await render(<EnrollmentView graph={graph} onAutopilot={() => {}} />);
  await graph.answered(page);

  await page.click(page.get('radio', 'Only with an enrollment token'));
  await page.click(button(page, 'Save', 1));
  await graph.answered(page);

  assert.deepEqual(sent(graph)[0]?.request.body, {
    ...REGISTERED,
    azureADJoin: { allowedToJoin: { '@odata.type': '#microsoft.graph.noDeviceRegistrationMembership' } },
  });
});

test('a new token is shown once, as the command to run', async () => {
  const graph = memoryGraph({
    ...BASE,
    'GET /v1.0/me': { userPrincipalName: 'mia@auental.example' },
    'GET /admin/organization': { enrollmentLink: 'https://s.example/enroll/t1#pin=AB' },
    [`POST ${TOKENS}`]: { ...TOKEN, uses: 1, token: 'T0KEN' },
  });
  await using page = await render(<EnrollmentView graph={graph} onAutopilot={() => {}} />);
  await graph.answered(page);

  await page.click(page.get('button', 'Create a token'));
  await page.click(button(page, 'Create a token'));
  await graph.answered(page);

  assert.deepEqual(sent(graph)[0]?.request.body, { expiresInHours: 72, uses: 1 });
  assert.match(page.text(), /carryover enroll 'https:\/\/s\.example\/enroll\/t1#token=T0KEN&pin=AB'/);
  await page.click(page.get('button', 'Close'));
  assert.doesNotMatch(page.text(), /T0KEN/);
});

test('a token may name the Autopilot profile of the PCs that use it', async () => {
  const profiles = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
  const graph = memoryGraph({
    ...BASE,
    [`GET ${profiles}`]: {
      value: [{ id: 'kiosks', displayName: 'Kiosks', outOfBoxExperienceSetting: { deviceUsageType: 'shared' } }],
    },
    [`GET ${profiles}/kiosks/assignments`]: { value: [] },
    'GET /v1.0/me': { userPrincipalName: 'mia@auental.example' },
    'GET /admin/organization': { enrollmentLink: 'https://s.example/enroll/t1#pin=AB' },
    [`POST ${TOKENS}`]: { ...TOKEN, uses: 1, token: 'T0KEN' },
  });
  await using page = await render(<EnrollmentView graph={graph} onAutopilot={() => {}} />);
  await graph.answered(page);
  assert.match(page.text(), /0 of 1 let the restore page be shown during set-up/);

  await page.click(page.get('button', 'Create a token'));
  const choice = page.findAll('combobox').at(-1) as HTMLSelectElement;
  await page.settle(() => {
    choice.value = 'kiosks';
    choice.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await page.click(button(page, 'Create a token'));
  await graph.answered(page);

  assert.deepEqual(sent(graph)[0]?.request.body, { expiresInHours: 72, uses: 1, autopilotProfileId: 'kiosks' });
});

test('a token is taken back only after asking', async () => {
  const graph = memoryGraph({ ...BASE, [`DELETE ${TOKENS}/${TOKEN.id}`]: undefined });
  await using page = await render(<EnrollmentView graph={graph} onAutopilot={() => {}} />);
  await graph.answered(page);

  await page.click(page.get('button', 'Revoke token 0f3c9a71'));
  assert.deepEqual(sent(graph), []);
  await page.click(page.get('button', 'Revoke'));
  await graph.answered(page);

  assert.deepEqual(
    sent(graph).map(({ method, path }) => [method, path]),
    [['DELETE', `${TOKENS}/${TOKEN.id}`]],
  );
  assert.equal(page.findAll('dialog').length, 0);
});

test('a link without facts gets the token as its first', () => {
  assert.equal(
    enrollCommand('https://s.example/enroll/t1', 'x+y'),
    "carryover enroll 'https://s.example/enroll/t1#token=x%2By'",
  );
});
