import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { instanceOf } from '@carryover/model/policy-catalog';
import type { PolicyChange } from '@carryover/model/policy-preview';
import { memoryGraph } from '../../../testing/memory-graph.ts';
import { render } from '../../../testing/render.tsx';
import type { GraphRequest } from '../../shared/graph.ts';
import { PolicyEditor } from './policy-editor.tsx';

const ROOT = '/beta/deviceManagement/configurationPolicies';
const CAMERA = {
  settingInstance: {
    '@odata.type': '#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance',
    settingDefinitionId: 'device_vendor_msft_policy_config_camera_allowcamera',
    choiceSettingValue: { value: 'device_vendor_msft_policy_config_camera_allowcamera_0', children: [] },
  },
};
const PREVIEW = { devices: 3, reached: 2, changed: 2, changes: [], conflicts: [], unknown: [], onDevice: null };
const EVENTS = 'GET /v1.0/deviceManagement/auditEvents';
const BASE = {
  [EVENTS]: {
    value: [
      {
        id: '2',
        activity: 'update configurationPolicy',
        activityDateTime: '2026-11-20T08:00:00Z',
        actor: { userId: 'u1' },
        resources: [
          {
            modifiedProperties: [
              {
                displayName: 'body',
                oldValue: JSON.stringify({ settings: [] }),
                newValue: JSON.stringify({
                  settings: [{ settingInstance: instanceOf({ policy: 'BackupIntervalDays', value: 4 }) }],
                }),
              },
            ],
          },
        ],
      },
    ],
  },
  'GET /v1.0/deviceManagement/managedDevices': {
    value: [{ id: 'd1', deviceName: 'PC-1', userDisplayName: 'Lena Brandt' }],
  },
  'GET /v1.0/users/u1': { displayName: 'Miriam Adeyemi' },
  'GET /v1.0/me/memberOf': { value: [{ displayName: 'Intune Administrator' }] },
  'GET /v1.0/groups': { value: [{ id: 'g1', displayName: 'Pilots' }] },
  'GET /v1.0/groups/g1': { id: 'g1', displayName: 'Pilots' },
  [`GET ${ROOT}/p1`]: { '@odata.etag': 'W/"4"', id: 'p1', name: 'Backup', isAssigned: true },
  [`GET ${ROOT}/p1/settings`]: {
    value: [CAMERA, { id: '1', settingInstance: instanceOf({ policy: 'EnableWindowsBackup', value: true }) }],
  },
  [`GET ${ROOT}/p1/assignments`]: {
    value: [{ target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: 'g1' } }],
  },
  'POST /beta/carryover/policyPreview': {
    ...PREVIEW,
    changes: [
      {
        member: 'backupEnabled',
        from: true,
        to: false,
        devices: 2,
        examples: [{ deviceId: 'd1', deviceName: 'PC-1', person: 'Lena Brandt' }],
      },
    ],
    conflicts: [
      {
        member: 'categories.accounts',
        kept: { origin: { source: 'policyFile', policy: 'Baseline' }, value: 'locked' },
        overruled: [{ origin: { source: 'service', policy: 'Backup', policyId: 'p1' }, value: 'on' }],
        devices: 1,
      },
    ],
  },
};

test('what is not known in a document is named, and goes back as it came', async () => {
  const graph = memoryGraph({ ...BASE, [`PATCH ${ROOT}/p1`]: { '@odata.etag': 'W/"5"', id: 'p1' } });
  await using page = await render(<PolicyEditor graph={graph} place={{ kind: 'catalog', id: 'p1' }} onGo={() => {}} />);
  await graph.answered(page);

  assert.match(page.text(), /not known here: device_vendor_msft_policy_config_camera_allowcamera/);
  assert.match(page.text(), /Pilots/);
  const [state] = page.findAll('combobox') as HTMLSelectElement[];
  assert.ok(state);
  await page.settle(() => {
    state.value = 'off';
    state.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await page.click(page.get('button', 'Save 1 change'));
  await graph.answered(page);

  const patch = graph.asked.find(({ method }) => method === 'PATCH');
  assert.equal(patch?.request.ifMatch, 'W/"4"');
  assert.deepEqual((patch?.request.body as { settings: unknown } | undefined)?.settings, [
    CAMERA,
    { settingInstance: instanceOf({ policy: 'EnableWindowsBackup', value: false }) },
  ]);
  assert.equal(
    graph.asked.some(({ path }) => path.endsWith('/assign')),
    false,
    'assignments were not touched',
  );
});

test('a document is read before what it says, so that a change between both is a conflict when it is saved', async () => {
  const document = Promise.withResolvers<object>();
  const graph = memoryGraph({ ...BASE, [`GET ${ROOT}/p1`]: document.promise });
  await using page = await render(<PolicyEditor graph={graph} place={{ kind: 'catalog', id: 'p1' }} onGo={() => {}} />);
  const asked = () => graph.asked.map(({ path }) => path).filter((path) => path.startsWith(`${ROOT}/p1`));
  await page.until(() => asked().length > 0);
  assert.deepEqual(asked(), [`${ROOT}/p1`]);

  document.resolve(BASE[`GET ${ROOT}/p1`]);
  await graph.answered(page);
  assert.deepEqual(asked(), [`${ROOT}/p1`, `${ROOT}/p1/settings`, `${ROOT}/p1/assignments`]);
});

test('nobody types while what was saved is read again: it would be lost with the next picture', async () => {
  const again = Promise.withResolvers<object>();
  const reads: (object | Promise<object>)[] = [BASE[`GET ${ROOT}/p1`], again.promise];
  const graph = memoryGraph({
    ...BASE,
    [`GET ${ROOT}/p1`]: () => reads.shift(),
    [`PATCH ${ROOT}/p1`]: { '@odata.etag': 'W/"5"', id: 'p1' },
  });
  await using page = await render(<PolicyEditor graph={graph} place={{ kind: 'catalog', id: 'p1' }} onGo={() => {}} />);
  await graph.answered(page);
  const state = () => page.findAll('combobox')[0] as HTMLSelectElement;
  await page.settle(() => {
    state().value = 'off';
    state().dispatchEvent(new Event('change', { bubbles: true }));
  });

  await page.click(page.get('button', 'Save 1 change'));
  await page.until(() => reads.length === 0);
  await page.settle(() => new Promise<void>((turned) => setTimeout(turned, 0)));
  assert.equal(state().disabled, true);

  again.resolve({ '@odata.etag': 'W/"5"', id: 'p1', name: 'Backup', isAssigned: true });
  await graph.answered(page);
  assert.equal(state().disabled, false);
  page.get('button', 'Save 0 changes');
});

test('what saving does is said in words: whom it changes, and who gives another answer', async () => {
  const graph = memoryGraph(BASE);
  await using page = await render(<PolicyEditor graph={graph} place={{ kind: 'catalog', id: 'p1' }} onGo={() => {}} />);
  await graph.answered(page);

  const said = page.text();
  assert.match(said, /Reaches 2 of 3 devices\./);
  assert.match(said, /2 devices Backup: Off\. Was: On\./);
  assert.match(said, /PC-1 \(Lena Brandt\)/);
  assert.match(said, /20 November 2026.* Miriam AdeyemiBack up every: 4\. Was: Not configured\./);
  const { query } = graph.asked.find(({ path }) => EVENTS.endsWith(path))?.request ?? {};
  assert.deepEqual(query, { $filter: "resourceType eq 'configurationPolicy' and resourceId eq 'p1'" });
  assert.match(
    said,
    /1 device gets two answers for Accounts.*"Baseline" \(policy file\): Off, locked\. Not: "Backup" \(service\)/,
  );
});

test('a reader sees a document and cannot change it', async () => {
  const graph = memoryGraph({ ...BASE, 'GET /v1.0/me/memberOf': { value: [{ displayName: 'Global Reader' }] } });
  await using page = await render(<PolicyEditor graph={graph} place={{ kind: 'catalog', id: 'p1' }} onGo={() => {}} />);
  await graph.answered(page);

  assert.equal((page.get('button', 'Save 0 changes') as HTMLButtonElement).disabled, true);
  assert.equal((page.findAll('combobox')[0] as HTMLSelectElement).disabled, true);
  assert.equal(page.findAll('button', 'Add Enable Windows Restore').length, 0);
});

test('a change is tried on one device: what holds there now, and what would', async () => {
  const onDevice = { deviceName: 'PC-1', changes: [{ member: 'backupIntervalDays', from: 8, to: 4 }] };
  const graph = memoryGraph({
    ...BASE,
    'POST /beta/carryover/policyPreview': ({ body }: GraphRequest) => ({
      ...PREVIEW,
      onDevice: (body as PolicyChange).deviceId === 'd1' ? onDevice : null,
    }),
  });
  await using page = await render(<PolicyEditor graph={graph} place={{ kind: 'catalog', id: 'p1' }} onGo={() => {}} />);
  await graph.answered(page);

  const device = page.findAll('combobox').at(-1) as HTMLSelectElement;
  await page.settle(() => {
    device.value = 'd1';
    device.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await graph.answered(page);

  assert.match(page.text(), /PC-1NowAfterBacks upevery 8 daysevery 4 days/);
});

test('who comes second sees who was first and what differs; theirs is loaded with mine beside, or mine saved over it', async () => {
  let stored: boolean | undefined;
  const graph = memoryGraph({
    ...BASE,
    [`GET ${ROOT}/p1`]: () => ({
      '@odata.etag': stored === undefined ? 'W/"4"' : 'W/"5"',
      id: 'p1',
      name: stored === undefined ? 'Backup' : 'Backup, pilots',
    }),
    [`PATCH ${ROOT}/p1`]: ({ ifMatch }: GraphRequest) => {
      if (ifMatch === 'W/"5"') return { '@odata.etag': 'W/"6"', id: 'p1' };
      stored = true;
      throw new KnownError('resourceModified', 'Changed.', {
        details: { changedBy: 'Miriam Adeyemi', changedAt: '2026-11-20T08:00:00Z', requestId: crypto.randomUUID() },
      });
    },
  });
  const saved = () => graph.asked.filter(({ method }) => method === 'PATCH').at(-1)?.request;
  const turnOff = async (page: Awaited<ReturnType<typeof render>>) => {
    const state = page.findAll('combobox')[0] as HTMLSelectElement;
    await page.settle(() => {
      state.value = 'off';
      state.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await page.click(page.get('button', 'Save 1 change'));
    await graph.answered(page);
  };
  const editor = <PolicyEditor graph={graph} place={{ kind: 'catalog', id: 'p1' }} onGo={() => {}} />;
  {
    await using page = await render(editor);
    await graph.answered(page);
    await turnOff(page);

    assert.match(page.text(), /Miriam Adeyemi changed this policy on 20 November 2026/);
    assert.match(page.get('table', 'What differs').textContent, /Name BackupBackup, pilotsBackup/);
    assert.match(page.get('table', 'What differs').textContent, /Enable Windows Backup EnabledEnabledDisabled/);
    await page.click(page.get('button', 'Load what is stored'));
    assert.match(page.get('table', 'Yours, not saved').textContent, /Enable Windows BackupEnabledDisabledUse mine/);
    assert.equal((page.findAll('combobox')[0] as HTMLSelectElement).value, 'on', 'theirs');
    await page.click(page.get('button', 'Use mine: Enable Windows Backup'));
    await page.click(page.get('button', 'Save 1 change'));
    await graph.answered(page);
    assert.equal((saved()?.body as { name: string } | undefined)?.name, 'Backup, pilots');
    assert.equal(saved()?.ifMatch, 'W/"5"');
  }
  stored = undefined;
  await using page = await render(editor);
  await graph.answered(page);
  await turnOff(page);
  await page.click(page.get('button', 'Save mine over it'));
  await graph.answered(page);
  assert.equal((saved()?.body as { name: string } | undefined)?.name, 'Backup');
  assert.equal(saved()?.ifMatch, 'W/"5"');
});
