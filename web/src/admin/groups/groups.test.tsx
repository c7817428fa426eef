import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { type MemoryGraph, memoryGraph } from '../../../testing/memory-graph.ts';
import { type Rendered, render } from '../../../testing/render.tsx';
import { GroupView } from './group-view.tsx';
import { aboutOf } from './groups-data.ts';
import { GroupsView } from './groups-view.tsx';

const GROUPS = '/v1.0/groups';
const PILOTS = {
  id: 'g1',
  displayName: 'Pilots',
  description: 'First to get what is new',
  membershipRule: null,
  '@odata.etag': 'W/"3"',
};
const KIOSKS = {
  id: 'g2',
  displayName: 'Kiosks',
  description: null,
  membershipRule: 'device.displayName -startsWith "AUE-KIOSK"',
  '@odata.etag': 'W/"1"',
};
const LENA = {
  '@odata.type': '#microsoft.graph.user',
  id: 'u1',
  displayName: 'Lena Brandt',
  userPrincipalName: 'lena@auental.example',
};
const KIOSK = {
  '@odata.type': '#microsoft.graph.device',
  id: 'd1',
  displayName: 'AUE-KIOSK-1',
  operatingSystem: 'Linux',
};
const answers = (own = 'Intune Administrator') => ({
  'GET /v1.0/me/memberOf': { value: [{ displayName: own }] },
  [`GET ${GROUPS}`]: { value: [PILOTS, KIOSKS] },
  [`GET ${GROUPS}/g1`]: PILOTS,
  [`GET ${GROUPS}/g2`]: KIOSKS,
  [`GET ${GROUPS}/g1/members`]: { value: [LENA] },
  [`GET ${GROUPS}/g2/members`]: { value: [KIOSK], nextLink: '…' },
  'GET /v1.0/users': { value: [LENA, { ...LENA, id: 'u2', displayName: 'Jonas Okafor' }] },
  'GET /v1.0/deviceManagement/managedDevices': { value: [{ id: 'd1', deviceName: 'AUE-KIOSK-1' }] },
});
const changes = (graph: MemoryGraph) => graph.asked.filter(({ method }) => method !== 'GET');
const refused = (inner: string, message: string, details = {}) => {
  throw new KnownError(inner === 'groupAssigned' ? 'conflict' : 'invalidRequest', message, { inner, details });
};

async function list(graph: MemoryGraph, more: { search?: string; onOpen?: (id: string) => void } = {}) {
  const page = await render(
    <GroupsView
      graph={graph}
      search={more.search}
      onSearch={() => {}}
      hrefOf={(id) => `/groups/${id}`}
      onOpen={more.onOpen ?? (() => {})}
    />,
  );
  await graph.answered(page);
  return page;
}

async function opened(graph: MemoryGraph, id: string, onBack = () => {}) {
  const page = await render(<GroupView graph={graph} id={id} onBack={onBack} />);
  await graph.answered(page);
  return page;
}

function fieldOf(page: Rendered, label: string): HTMLInputElement | HTMLTextAreaElement {
  const fields = page.findAll('textbox') as (HTMLInputElement | HTMLTextAreaElement)[];
  const found = fields.find(({ labels }) => labels?.[0]?.textContent === label);
  assert.ok(found, `no field is called ${label}`);
  return found;
}

/** Types into the field with that label as React listens for it. */
async function type(page: Rendered, label: string, text: string) {
  const field = fieldOf(page, label);
  const { prototype } = field.tagName === 'TEXTAREA' ? window.HTMLTextAreaElement : window.HTMLInputElement;
  await page.settle(() => {
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new window.Event('input', { bubbles: true }) as unknown as Event);
  });
}

test('the list says of each group how it gets its members, about whom its rule asks, and how many they are', async () => {
  const graph = memoryGraph(answers());
  await using page = await list(graph);

  const [, kiosks, pilots] = page.findAll('row').map(({ textContent }) => textContent);
  assert.equal(kiosks, 'KiosksBy rule, devicesMore than 1 member');
  assert.equal(pilots, 'PilotsFirst to get what is newAssigned1 member');
});

test('an organization without groups is told what groups are for, a search without a match is not', async () => {
  const graph = memoryGraph({ ...answers(), [`GET ${GROUPS}`]: { value: [] } });
  {
    await using page = await list(graph);
    assert.match(
      page.text(),
      /There is no group yet.*a policy, an Autopilot profile or the restore page is aimed at it/,
    );
  }
  await using page = await list(graph, { search: 'pilot' });
  assert.match(page.text(), /No group matches: pilot/);
  assert.deepEqual(graph.asked.at(-1)?.request.query, { $search: 'pilot' });
});

test('what is wrong with a rule stands beside the field, and nothing that was typed is lost', async () => {
  const message = 'membershipRule, character 17: expected one of -eq, -ne.';
  let isMended = false;
  const graph = memoryGraph({
    ...answers(),
    [`POST ${GROUPS}`]: () => (isMended ? { id: 'g3' } : refused('membershipRule', message, { position: 17 })),
  });
  const openedIds: string[] = [];
  await using page = await list(graph, { onOpen: (id) => openedIds.push(id) });

  await page.click(page.get('button', 'Create a group'));
  await page.click(page.get('button', 'Create group'));
  assert.match(page.get('dialog').textContent, /Give the group a name\./);
  assert.deepEqual(changes(graph), []);

  await type(page, 'Name*', 'Finance & IT');
  await page.click(page.get('radio', 'Whoever a rule holds for'));
  await type(page, 'Rule*', 'user.department "Finance"');
  await page.click(page.get('radio', 'People and devices that are put into it'));
  await page.click(page.get('radio', 'Whoever a rule holds for'));
  await page.click(page.get('button', 'Create group'));
  await graph.answered(page);

  const rule = fieldOf(page, 'Rule*');
  const said = document.getElementById((rule.getAttribute('aria-describedby') ?? '').split(' ')[0] ?? '');
  assert.equal(said?.textContent, message);
  assert.equal(document.activeElement, rule);
  assert.equal(rule.selectionStart, 16);
  assert.equal(rule.value, 'user.department "Finance"');

  isMended = true;
  await type(page, 'Rule*', 'user.department -eq "Finance"');
  await page.click(page.get('button', 'Create group'));
  await graph.answered(page);
  assert.deepEqual(changes(graph).at(-1)?.request.body, {
    displayName: 'Finance & IT',
    description: null,
    mailNickname: 'FinanceIT',
    mailEnabled: false,
    securityEnabled: true,
    groupTypes: ['DynamicMembership'],
    membershipRule: 'user.department -eq "Finance"',
    membershipRuleProcessingState: 'On',
  });
  assert.deepEqual(openedIds, ['g3']);
});

test('people and devices are found and added; who is in the group is not added again', async () => {
  const graph = memoryGraph({ ...answers(), [`POST ${GROUPS}/g1/members/$ref`]: undefined });
  await using page = await opened(graph, 'g1');

  await page.click(page.get('button', 'Add members'));
  await graph.answered(page);
  assert.equal(page.findAll('button', 'Add Lena Brandt').length, 0);
  await page.click(page.get('button', 'Add Jonas Okafor'));
  await graph.answered(page);

  assert.deepEqual(
    changes(graph).map(({ request }) => request.body),
    [{ '@odata.id': 'http://localhost/v1.0/directoryObjects/u2' }],
  );
  assert.equal(page.get('button', 'Jonas Okafor is in the group').textContent, 'Added');
});

test('a member is removed after a question', async () => {
  const graph = memoryGraph({ ...answers(), [`DELETE ${GROUPS}/g1/members/u1/$ref`]: undefined });
  await using page = await opened(graph, 'g1');

  await page.click(page.get('button', 'Remove Lena Brandt'));
  assert.match(page.get('dialog', 'Remove Lena Brandt from Pilots?').textContent, /What is backed up stays\./);
  assert.deepEqual(changes(graph), []);
  await page.click(page.get('button', 'Remove from group'));
  await graph.answered(page);

  assert.deepEqual(
    changes(graph).map(({ path }) => path),
    [`${GROUPS}/g1/members/u1/$ref`],
  );
});

test('the members of a rule are only shown, and its change is written onto the version that was read', async () => {
  const graph = memoryGraph({ ...answers(), [`PATCH ${GROUPS}/g2`]: undefined });
  await using page = await opened(graph, 'g2');

  assert.match(page.text(), /For whom the rule holds now\..*AUE-KIOSK-1DeviceLinux/);
  assert.equal(page.findAll('button', 'Add members').length + page.findAll('button', 'Remove AUE-KIOSK-1').length, 0);
  await type(page, 'Rule*', 'device.displayName -contains "KIOSK"');
  assert.match(page.text(), /Saving decides anew who is in the group/);
  await page.click(page.get('button', 'Save'));
  await graph.answered(page);

  const [patch] = changes(graph);
  assert.equal(patch?.request.ifMatch, 'W/"1"');
  assert.deepEqual(patch?.request.body, {
    displayName: 'Kiosks',
    description: null,
    membershipRule: 'device.displayName -contains "KIOSK"',
  });
});

test('a group that changed meanwhile is not overwritten, and is read again when asked', async () => {
  let isRenamed = false;
  const graph = memoryGraph({
    ...answers(),
    [`GET ${GROUPS}/g1`]: () =>
      isRenamed ? { ...PILOTS, displayName: 'Early birds', '@odata.etag': 'W/"4"' } : PILOTS,
    [`PATCH ${GROUPS}/g1`]: () => {
      throw new KnownError('resourceModified', 'Somebody changed this meanwhile.');
    },
  });
  await using page = await opened(graph, 'g1');

  isRenamed = true;
  await type(page, 'Name*', 'First ones');
  await page.click(page.get('button', 'Save'));
  await graph.answered(page);
  assert.match(page.get('alert').textContent, /Somebody else changed this while you had it open\./);
  assert.equal(fieldOf(page, 'Name*').value, 'First ones');
  await page.click(page.get('button', 'Look again'));
  await graph.answered(page);

  assert.equal(fieldOf(page, 'Name*').value, 'Early birds');
});

test('a group that something aims at stays, and the question names what it is', async () => {
  let isUsed = true;
  const graph = memoryGraph({
    ...answers(),
    [`DELETE ${GROUPS}/g1`]: () =>
      isUsed
        ? refused('groupAssigned', 'Policies are assigned by this group: Backup, all staff. Change them first.')
        : undefined,
  });
  let isLeft = false;
  await using page = await opened(graph, 'g1', () => {
    isLeft = true;
  });

  await page.click(page.get('button', 'Delete group'));
  const dialog = page.get('dialog', 'Delete Pilots?');
  assert.match(dialog.textContent, /The group cannot be brought back\./);
  const confirm = page.findAll('button', 'Delete group').at(-1);
  assert.ok(confirm);
  await page.click(confirm);
  await graph.answered(page);
  assert.match(dialog.textContent, /The group is still needed.*Backup, all staff/);
  assert.equal(isLeft, false);

  isUsed = false;
  await page.click(confirm);
  await graph.answered(page);
  assert.equal(isLeft, true);
  assert.equal(changes(graph).at(-1)?.request.ifMatch, 'W/"3"');
});

test('whoever may not change groups sees them and is told which role can', async () => {
  const graph = memoryGraph(answers('Global Reader'));
  await using page = await opened(graph, 'g1');

  assert.match(page.text(), /Needs the role: User Administrator or Intune Administrator or Global Administrator/);
  for (const name of ['Save', 'Delete group', 'Add members', 'Remove Lena Brandt'])
    assert.equal(page.get('button', name).hasAttribute('disabled'), true, name);
  assert.equal(fieldOf(page, 'Name*').disabled, true);
});

test('a rule that this page does not understand is a rule all the same', () => {
  assert.equal(aboutOf('user.jobTitle -eq "Clerk"'), undefined);
  assert.equal(aboutOf('user.department -eq "IT"'), 'user');
});
