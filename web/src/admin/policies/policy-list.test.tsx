import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyConflicts } from '@carryover/model/policy-preview';
import { memoryGraph } from '../../../testing/memory-graph.ts';
import { render } from '../../../testing/render.tsx';
import { PolicyList, type PolicyPlace } from './policy-list.tsx';

const entity = (id: string, name: string) => ({
  id,
  name,
  displayName: name,
  isAssigned: true,
  lastModifiedDateTime: '2026-11-01T08:00:00Z',
});
const CONFLICTS: PolicyConflicts = {
  conflicts: [
    {
      member: 'backupIntervalDays',
      kept: { origin: { source: 'service', policy: 'Fresh', policyId: 'p1' }, value: 4 },
      overruled: [
        { origin: { source: 'service', policy: 'Baseline', policyId: 'p2' }, value: 8 },
        { origin: { source: 'policyFile', policy: 'local.yaml' }, value: 9 },
      ],
      devices: 2,
    },
  ],
};

test('a policy that disagrees with another says on what, which one holds, and leads to the other', async () => {
  const opened: PolicyPlace[] = [];
  const graph = memoryGraph({
    'GET /v1.0/me/memberOf': { value: [{ displayName: 'Global Reader' }] },
    'GET /beta/deviceManagement/configurationPolicies': { value: [entity('p1', 'Fresh'), entity('p3', 'Alone')] },
    'GET /beta/deviceManagement/deviceConfigurations': { value: [entity('p2', 'Baseline')] },
    'GET /beta/carryover/policyConflicts': CONFLICTS,
  });
  await using page = await render(
    <PolicyList graph={graph} hrefOf={({ id }) => `/policies/${id}`} onOpen={(place) => opened.push(place)} />,
  );
  await graph.answered(page);

  const [, alone, baseline, fresh] = page.findAll('row').map(({ textContent }) => textContent);
  assert.match(alone ?? '', /AssignedNone0/);
  assert.match(
    fresh ?? '',
    /2 devices get two answers for Backs up\. The stricter one holds, here: every 4 days\.Against: "Baseline" \(service\), every 8 daysAgainst: "local\.yaml" \(policy file\), every 9 days/,
  );
  assert.match(
    baseline ?? '',
    /A stricter one holds, not this: every 8 days\.Against: "Fresh" \(service\), every 4 days/,
  );
  await page.click(page.get('link', 'Against: "Baseline" (service), every 8 days'));
  assert.deepEqual(
    opened.map(({ kind, id }) => [kind, id]),
    [['custom', 'p2']],
  );
});
