import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { aDevice } from '../../../testing/managed-device.ts';
import { type MemoryGraph, memoryGraph } from '../../../testing/memory-graph.ts';
import { render } from '../../../testing/render.tsx';
import { DevicePolicyList } from './device-policy.tsx';
import { type DevicesAsked, deviceFilter, devicesAskedFrom } from './devices-data.ts';
import { DevicesView } from './devices-view.tsx';

const LIST = 'GET /v1.0/deviceManagement/managedDevices';

const view = (graph: MemoryGraph, asked: DevicesAsked = {}, onAsk = (_: DevicesAsked) => {}) => (
  <DevicesView graph={graph} asked={asked} onAsk={onAsk} hrefOf={() => '?'} onEnroll={() => {}} />
);

test('the address decides what is asked for, and what it does not know is left out', () => {
  const asked = devicesAskedFrom({ search: 42, state: 'overdue', system: 'Plan 9', join: 'azureADJoined' });

  assert.deepEqual(asked, {
    search: '42',
    state: 'overdue',
    system: undefined,
    join: 'azureADJoined',
  });
  assert.equal(deviceFilter(asked), "carryover/backup/state eq 'overdue' and joinType eq 'azureADJoined'");
  assert.equal(deviceFilter({}), undefined);
});

test('devices are listed a page at a time, and "Show more" fetches the next one', async () => {
  const graph = memoryGraph({
    [LIST]: { value: [aDevice('1')], nextLink: '/next?$skiptoken=x' },
    'GET /next?$skiptoken=x': { value: [aDevice('2')] },
  });
  await using page = await render(view(graph, { search: 'PC', state: 'backedUp' }));
  await graph.answered(page);
  assert.deepEqual(
    page.findAll('link').map(({ textContent }) => textContent),
    ['PC-1'],
  );

  await page.click(page.get('button', 'Show more'));
  await graph.answered(page);

  assert.deepEqual(
    page.findAll('link').map(({ textContent }) => textContent),
    ['PC-1', 'PC-2'],
  );
  assert.equal(page.findAll('button', 'Show more').length, 0);
  assert.deepEqual(graph.asked[0]?.request.query, {
    $filter: "carryover/backup/state eq 'backedUp'",
    $search: 'PC',
  });
});

test('a device that cannot back up shows every reason in its pane', async () => {
  const reasons = [
    { code: 'notSwitchedOn', facts: { org: 'Auental' } },
    { code: 'notJoined', facts: { org: 'Auental' } },
  ] as const;
  const device = aDevice('1', { state: 'notEligible', reasons, lastBackupDateTime: null });
  const graph = memoryGraph({ [LIST]: { value: [device] }, [`${LIST}/1`]: device });
  await using page = await render(view(graph, { device: '1' }));
  await graph.answered(page);

  assert.match(page.text(), /Can't be backed up yet, for 2 reasons\./);
  assert.match(page.text(), /Auental has not turned on backup or roaming for this PC\./);
  assert.match(page.text(), /This PC is not joined to Auental\./);
});

test('the list says why a device cannot back up, what to do, and what came of its last restore', async () => {
  const reasons = [
    { code: 'notJoined', facts: { org: 'Auental' } },
    { code: 'notSwitchedOn', facts: { org: 'Auental' } },
  ] as const;
  const barred = aDevice('1', { state: 'notEligible', reasons, lastBackupDateTime: null });
  const { carryover } = aDevice('2');
  const newest = { outcome: 'failed', startedDateTime: '2026-03-02T08:00:00Z', sinceSignInMs: null } as const;
  const restored = { ...aDevice('2'), carryover: { ...carryover, restore: { ...carryover.restore, newest } } };
  const setUp = { ...carryover.restore, setupOutcome: 'noBackupProfiles' } as const;
  const fresh = { ...aDevice('3'), carryover: { ...carryover, restore: setUp } };
  const graph = memoryGraph({ [LIST]: { value: [barred, restored, fresh] } });
  await using page = await render(view(graph));
  await graph.answered(page);

  const [, first, second, third] = page.findAll('row').map(({ textContent }) => textContent);
  assert.match(first ?? '', /This PC is not joined to Auental\. Join it.*and 1 more reasonNone/);
  assert.match(second ?? '', /Failed2 March/);
  assert.match(third ?? '', /No Backup Profiles/);
  assert.equal(graph.asked.filter(({ path }) => path.includes('managedDevices')).length, 1, 'one request for the page');
});

test('a device that cannot restore on demand says why in its pane', async () => {
  const { carryover, ...rest } = aDevice('1');
  const reasons = [{ code: 'notJoined', facts: { org: 'Auental' } }] as const;
  const device = { ...rest, carryover: { ...carryover, restore: { ...carryover.restore, reasons } } };
  const graph = memoryGraph({ [LIST]: { value: [device] }, [`${LIST}/1`]: device });
  await using page = await render(view(graph, { device: '1' }));
  await graph.answered(page);

  assert.match(page.text(), /Can back up/);
  assert.match(page.text(), /Can't restore on demand, for 1 reason\.This PC is not joined to Auental\. Join it/);
});

test('a device opens and closes by what is asked for', async () => {
  const asked: DevicesAsked[] = [];
  const graph = memoryGraph({ [LIST]: { value: [aDevice('1')] }, [`${LIST}/1`]: aDevice('1') });
  await using page = await render(view(graph, { state: 'backedUp', device: '1' }, (wanted) => void asked.push(wanted)));
  await graph.answered(page);

  await page.click(page.get('link', 'PC-1'));
  await page.click(page.get('button', 'Close'));

  assert.deepEqual(
    asked.map(({ device, state }) => [device, state]),
    [
      ['1', 'backedUp'],
      [undefined, 'backedUp'],
    ],
  );
});

test('no match names the filters and clears them; no device at all says what to do next', async () => {
  const asked: DevicesAsked[] = [];
  const graph = memoryGraph({ [LIST]: { value: [] } });
  {
    await using page = await render(
      view(graph, { search: 'xy', state: 'overdue' }, (wanted) => void asked.push(wanted)),
    );
    await graph.answered(page);
    assert.match(page.text(), /No device matches: xy, Overdue/);
    await page.click(page.get('button', 'Clear filters'));
    assert.deepEqual(asked, [{}]);
  }
  await using page = await render(view(graph));
  await graph.answered(page);
  assert.equal(page.findAll('button', 'Go to Enrollment').length, 1);
});

test('a list that fails says what is safe, with the request id for IT, and tries again', async () => {
  let fails = true;
  const graph = memoryGraph({
    [LIST]: () => {
      if (fails) throw new KnownError('serviceUnreachable', 'No answer.', { details: { requestId: 'r-7' } });
      return { value: [aDevice('1')] };
    },
  });
  await using page = await render(view(graph));
  await graph.answered(page);
  assert.match(page.get('alert').textContent, /No answer\. Nothing was changed\..*r-7/);

  fails = false;
  await page.click(page.get('button', 'Try again'));
  await graph.answered(page);

  assert.equal(page.findAll('link', 'PC-1').length, 1);
});

test('a device says which policy decides what, and why not the other', async () => {
  const origin = (policy: string) => ({ source: 'service', policy, policyId: policy });
  const graph = memoryGraph({
    'GET /beta/carryover/devices/1/policy': {
      groups: { g1: 'Pilots' },
      explained: {
        explanations: [
          {
            member: 'categories.accounts',
            value: 'locked',
            decidedBy: { policy: 'DisableCredentialsSettingSync', origin: origin('Baseline') },
            others: [
              { origin: origin('All staff'), policy: 'DisableSettingSync', value: 'on', because: 'stricter' },
              {
                origin: origin('Pilot'),
                policy: 'DisableSettingSync',
                value: 'off',
                because: 'excluded',
                groupId: 'g1',
              },
            ],
          },
          { member: 'backupIntervalDays', value: 8, others: [] },
        ],
        unknown: [],
        blockers: [],
      },
    },
  });
  await using page = await render(<DevicePolicyList graph={graph} id="1" />);
  await graph.answered(page);

  const said = page.text();
  assert.match(said, /Accounts, Wi-Fi and passwords: Off, locked"Baseline" \(service\)/);
  assert.match(said, /Not "All staff" \(service\), On, people may turn it off: another one is stricter/);
  assert.match(said, /Not "Pilot" \(service\), .*excluded: Pilots/);
  assert.doesNotMatch(said, /8 days/);
});
