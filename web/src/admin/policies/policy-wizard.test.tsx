import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import type { PolicyPreview } from '@carryover/model/policy-preview';
import { memoryGraph } from '../../../testing/memory-graph.ts';
import { type Rendered, render } from '../../../testing/render.tsx';
import { PolicyWizard } from './policy-wizard.tsx';

const ROOT = '/beta/deviceManagement/deviceConfigurations';
const PREVIEW: PolicyPreview = {
  devices: 3,
  reached: 2,
  changed: 1,
  changes: [],
  conflicts: [
    {
      member: 'categories.accounts',
      kept: { origin: { source: 'service', policy: 'Mine' }, value: 'locked' },
      overruled: [{ origin: { source: 'service', policy: 'Baseline', policyId: 'p2' }, value: 'on' }],
      devices: 1,
    },
  ],
  unknown: [],
  onDevice: null,
};
const BASE = {
  'GET /v1.0/me/memberOf': { value: [{ displayName: 'Intune Administrator' }] },
  'GET /v1.0/groups': { value: [{ id: 'g1', displayName: 'Pilots' }] },
  'GET /v1.0/groups/g1': { id: 'g1', displayName: 'Pilots' },
  'GET /v1.0/deviceManagement/managedDevices': { value: [] },
  'POST /beta/carryover/policyPreview': PREVIEW,
};

async function type(page: Rendered, element: HTMLElement | undefined, text: string): Promise<void> {
  assert.ok(element instanceof HTMLInputElement || element instanceof HTMLSelectElement);
  const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(element), 'value') ?? {};
  await page.settle(() => {
    set?.call(element, text);
    element.dispatchEvent(new Event(element instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
  });
}

test('the first step holds without a name; the review says what it would do; a failed assignment creates nothing twice', async () => {
  const typed: boolean[] = [];
  const gone: unknown[] = [];
  let assigns = 0;
  const graph = memoryGraph({
    ...BASE,
    [`POST ${ROOT}`]: { '@odata.etag': 'W/"1"', id: 'p9' },
    [`PATCH ${ROOT}/p9`]: { '@odata.etag': 'W/"2"', id: 'p9' },
    [`POST ${ROOT}/p9/assign`]: () => {
      assigns += 1;
      if (assigns === 1) throw new KnownError('serviceUnreachable', 'The service has too much to do.');
      return { value: [] };
    },
  });
  await using page = await render(
    <PolicyWizard
      graph={graph}
      first="custom"
      onGo={(place) => gone.push(place)}
      onTyped={(isTyped) => typed.push(isTyped)}
    />,
  );
  await graph.answered(page);

  await page.click(page.get('button', 'Next'));
  assert.match(page.text(), /Give the policy a name\./);
  await type(page, page.findAll('textbox')[0], 'Mine');
  assert.equal(typed.at(-1), true, 'leaving would lose a name');
  await page.click(page.get('button', 'Next'));
  await type(page, page.findAll('combobox').at(-1), 'DisableCredentialsSettingSync');
  await page.click(page.get('button', 'Add a setting'));
  assert.match(page.text(), /This is Do not sync passwords: Off, locked/);
  await page.click(page.get('button', 'Next'));
  await graph.answered(page);
  await page.click(page.get('button', 'Include Pilots'));
  await page.click(page.get('button', 'Next'));
  const create = () => page.get('button', 'Create');
  await page.until(() => create().getAttribute('aria-disabled') !== 'true');
  assert.match(
    page.text(),
    /Reaches 2 of 3 devices\..*1 device gets two answers for Accounts.*"Baseline" \(service\): On/,
  );

  await page.click(create());
  await graph.answered(page);
  assert.match(page.text(), /The policy is stored and not assigned yet\./);
  assert.deepEqual(gone, []);
  await page.until(() => create().getAttribute('aria-disabled') !== 'true');
  await page.click(create());
  await graph.answered(page);

  assert.deepEqual(gone, [{ kind: 'custom', id: 'p9' }]);
  assert.equal(typed.at(-1), false);
  const sent = graph.asked.filter(({ method, path }) => method !== 'GET' && path.startsWith(ROOT));
  assert.deepEqual(
    sent.map(({ method, path }) => `${method} ${path}`),
    [`POST ${ROOT}`, `POST ${ROOT}/p9/assign`, `POST ${ROOT}/p9/assign`],
  );
  assert.deepEqual((sent[0]?.request.body as { omaSettings: unknown } | undefined)?.omaSettings, [
    {
      '@odata.type': '#microsoft.graph.omaSettingString',
      omaUri: './Device/Vendor/MSFT/Policy/Config/ADMX_SettingSync/DisableCredentialsSettingSync',
      value: '<enabled/>',
      displayName: 'Do not sync passwords',
    },
  ]);
});
