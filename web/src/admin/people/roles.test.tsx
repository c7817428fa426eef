import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { type MemoryGraph, memoryGraph } from '../../../testing/memory-graph.ts';
import { render } from '../../../testing/render.tsx';
import { RolesView } from './roles-view.tsx';

const ADA = { id: 'a', displayName: 'Ada', userPrincipalName: 'ada@auental.example' };
const ROLES = '/v1.0/directoryRoles';
const answers = (own = 'Global Administrator') => ({
  'GET /v1.0/me/memberOf': { value: [{ displayName: own }] },
  [`GET ${ROLES}`]: {
    value: [
      { id: 'g', displayName: 'Global Administrator' },
      { id: 'r', displayName: 'Global Reader' },
    ],
  },
  [`GET ${ROLES}/g/members`]: { value: [ADA] },
  [`GET ${ROLES}/r/members`]: { value: [] },
  'GET /v1.0/users': { value: [ADA] },
});
const changes = (graph: MemoryGraph) => graph.asked.filter(({ method }) => method !== 'GET').map(({ path }) => path);

test('every role names who holds it, and says where nobody does', async () => {
  const graph = memoryGraph(answers());
  await using page = await render(<RolesView graph={graph} />);
  await graph.answered(page);

  const [, administrators, readers] = page.findAll('row').map(({ textContent }) => textContent);
  assert.match(administrators ?? '', /^Global AdministratorAda, ada@auental\.example/);
  assert.equal(readers, 'Global ReaderNobody');
});

test('taking the last Global Administrator away is refused, and the dialog says why', async () => {
  const graph = memoryGraph({
    ...answers(),
    [`DELETE ${ROLES}/g/members/a/$ref`]: () => {
      throw new KnownError('conflict', 'This is the last Global Administrator.', { inner: 'lastGlobalAdministrator' });
    },
  });
  await using page = await render(<RolesView graph={graph} />);
  await graph.answered(page);

  await page.click(page.get('button', 'Take away: Global Administrator, Ada'));
  assert.deepEqual(changes(graph), [], 'asks first');
  await page.click(page.get('button', 'Take role away'));
  await graph.answered(page);

  assert.deepEqual(changes(graph), [`${ROLES}/g/members/a/$ref`]);
  assert.match(page.get('dialog').textContent, /The last Global Administrator stays\./);
});

test('a role is not given without a user name', async () => {
  const graph = memoryGraph(answers());
  await using page = await render(<RolesView graph={graph} />);
  await graph.answered(page);

  await page.click(page.get('button', 'Give a role'));
  await page.click(page.get('button', 'Give role'));
  await graph.answered(page);

  assert.match(page.get('dialog').textContent, /Nobody has this user name\./);
  assert.deepEqual(changes(graph), []);
});

test('whoever may not give roles is told which role can', async () => {
  const graph = memoryGraph(answers('Global Reader'));
  await using page = await render(<RolesView graph={graph} />);
  await graph.answered(page);

  assert.equal(page.get('button', 'Give a role').hasAttribute('disabled'), true);
  assert.match(page.text(), /Needs the role: Privileged Role Administrator or Global Administrator/);
});
