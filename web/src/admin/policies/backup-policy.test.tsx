import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { instanceOf } from '@carryover/model/policy-catalog';
import { type MemoryGraph, memoryGraph } from '../../../testing/memory-graph.ts';
import { render } from '../../../testing/render.tsx';
import { BackupPolicyView } from './backup-policy-view.tsx';

const POLICIES = '/beta/deviceManagement/configurationPolicies';
const RESTORE = { settingInstance: instanceOf({ policy: 'EnableWindowsRestore', value: true }) };
const backupSetting = (on: boolean) => ({ settingInstance: instanceOf({ policy: 'EnableWindowsBackup', value: on }) });
const settings = (on: boolean) => ({ value: [backupSetting(on), RESTORE] });
const aPolicy = (name: string, id: string) => ({ '@odata.etag': `W/"${id}"`, id, name, isAssigned: true });
const BASE = {
  'GET /v1.0/me/memberOf': { value: [{ displayName: 'Intune Administrator' }] },
  'GET /beta/carryover/overview': { devices: 3 },
};
const sent = (graph: MemoryGraph) =>
  graph.asked.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

test('switching on for the first time says what will happen, then makes the policy and assigns it to all', async () => {
  const graph = memoryGraph({
    ...BASE,
    [`GET ${POLICIES}`]: { value: [] },
    [`POST ${POLICIES}`]: { id: 'p1' },
    [`POST ${POLICIES}/p1/assign`]: { value: [] },
  });
  await using page = await render(<BackupPolicyView graph={graph} />);
  await graph.answered(page);
  assert.match(page.text(), /Never decided: off until you choose\./);

  await page.click(page.get('radio', 'On for everyone'));
  assert.match(page.text(), /Before you save.*3 devices back up from their next check-in on\..*all devices/);
  assert.deepEqual(sent(graph), []);
  await page.click(page.get('button', 'Save'));
  await graph.answered(page);

  assert.deepEqual(sent(graph), [`POST ${POLICIES}`, `POST ${POLICIES}/p1/assign`]);
});

test('a policy that somebody else changed meanwhile is not overwritten: the page says to look again', async () => {
  const graph = memoryGraph({
    ...BASE,
    [`GET ${POLICIES}`]: { value: [aPolicy('Backup, everyone', '7')] },
    [`GET ${POLICIES}/7/settings`]: settings(true),
    [`PATCH ${POLICIES}/7`]: () => {
      throw new KnownError('resourceModified', 'Changed.');
    },
  });
  await using page = await render(<BackupPolicyView graph={graph} />);
  await graph.answered(page);

  await page.click(page.get('radio', 'Off'));
  await page.click(page.get('button', 'Save'));
  await graph.answered(page);

  const patch = graph.asked.find(({ method }) => method === 'PATCH')?.request;
  assert.equal(patch?.ifMatch, 'W/"7"');
  assert.deepEqual(patch?.body, { settings: [RESTORE, backupSetting(false)] }, 'what stands beside it stays');
  assert.match(page.get('alert').textContent, /Somebody else changed this while you had it open\./);
  await page.click(page.get('button', 'Look again'));
  await graph.answered(page);
  assert.equal(page.findAll('alert').length, 0);
  assert.equal((page.get('radio', 'On for everyone') as HTMLInputElement).checked, true);
});

test('another policy that says off is named, because off wins', async () => {
  const graph = memoryGraph({
    ...BASE,
    [`GET ${POLICIES}`]: { value: [aPolicy('Baseline', '3')] },
    [`GET ${POLICIES}/3/settings`]: settings(false),
  });
  await using page = await render(<BackupPolicyView graph={graph} />);
  await graph.answered(page);
  assert.match(page.text(), /Off now, by Baseline/);

  await page.click(page.get('radio', 'On for everyone'));

  assert.match(page.text(), /Off wins\. Change or unassign these policies, too: Baseline/);
});

test('an assigned policy that says nothing of backup is no answer', async () => {
  const graph = memoryGraph({
    ...BASE,
    [`GET ${POLICIES}`]: { value: [aPolicy('Restore, everyone', '5')] },
    [`GET ${POLICIES}/5/settings`]: { value: [RESTORE] },
  });
  await using page = await render(<BackupPolicyView graph={graph} />);
  await graph.answered(page);

  assert.match(page.text(), /Never decided: off until you choose\./);
});

test('a reader sees the state, and the role that may change it beside Save', async () => {
  const graph = memoryGraph({
    ...BASE,
    'GET /v1.0/me/memberOf': { value: [{ displayName: 'Global Reader' }] },
    [`GET ${POLICIES}`]: { value: [] },
  });
  await using page = await render(<BackupPolicyView graph={graph} />);
  await graph.answered(page);

  assert.equal((page.get('button', 'Save') as HTMLButtonElement).disabled, true);
  assert.match(page.text(), /Needs the role: Intune Administrator or Global Administrator/);
});
