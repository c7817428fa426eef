import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { SETUP_DAYS } from '@carryover/model/restore-occasion';
import { type Desktop, desktop } from '../../testing/desktop.ts';
import { type FlowAgent, flowAgent } from '../../testing/flow-agent.ts';
import { type MemoryService, memoryService } from '../../testing/memory-service.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { begin } from '../restore/journal.ts';
import { plan } from '../restore/restore.ts';
import type { ChoiceState } from '../state/state.ts';
import { attend } from './attend-desktop.ts';
import { run as backup } from './backup.ts';
import { dueOf, run as firstDesktop } from './first-desktop.ts';
import { restoreParts } from './restore-parts.ts';

const OLD = '11111111-1111-4111-8111-111111111111';
const NEW = '22222222-2222-4222-8222-222222222222';

const PROFILE = { kind: 'profile', profileId: OLD, deviceName: 'AUE-LT-0417', only: [], skip: [] } as const;
const MADE = { id: 'c-1', decidedAt: '2026-11-25T10:00:00Z', told: true } as const;
const ENDED = { what: 'restored', at: '2026-11-25T10:00:00Z', seen: true } as const;
const NO_RETRIES = { opensWindow: false, retries: { times: 0, everyMs: 0 } } as const;

let service: MemoryService;
let desktops: Desktop[];
let fresh: FlowAgent;

beforeEach(async () => {
  service = memoryService();
  service.preferences = { apps: 'off' };
  desktops = await Promise.all([desktop(), desktop()]);
  const [first, second] = desktops;
  assert.ok(first && second);
  await first.load("[org/gnome/desktop/interface]\ncolor-scheme='prefer-dark'\nclock-show-seconds=true\n");
  await second.load("[org/gnome/desktop/interface]\ncolor-scheme='default'\n");
  await backup([], await flowAgent(first.system, service, { profileId: OLD, name: 'AUE-LT-0417' }));
  const enrolledAt = second.system.now().toString();
  fresh = await flowAgent(second.system, service, { profileId: NEW, name: 'AUE-LT-0500', enrolledAt });
  service.requests.length = 0;
});

afterEach(async () => {
  for (const one of desktops) await one.close();
});

async function checkedIn(over: { readonly page?: boolean; readonly restore?: boolean } = {}): Promise<void> {
  const { page = true, restore = true } = over;
  service.policy = { ...service.policy, restorePageAtEnrollment: page, restoreEnabled: restore };
  const checkIn = service.checkIn(NEW);
  await fresh.state.write('service', { checkIn, clockOffsetMs: 0, checkedInAt: checkIn.now });
}

const SITUATIONS: readonly {
  readonly what: string;
  readonly before: () => Promise<void>;
  readonly due: Awaited<ReturnType<typeof dueOf>>;
}[] = [
  { what: 'nothing is known of the organization yet', before: async () => undefined, due: 'nothing' },
  { what: 'the organization shows the page and nothing is decided', before: () => checkedIn(), due: 'ask' },
  { what: 'the page was off at enrollment and restore is on', before: () => checkedIn({ page: false }), due: 'ask' },
  { what: 'the page was on at enrollment and restore is off', before: () => checkedIn({ restore: false }), due: 'ask' },
  { what: 'both are off', before: () => checkedIn({ page: false, restore: false }), due: 'nothing' },
  {
    what: 'the page was off at enrollment and the PC is backed up',
    before: async () => {
      await checkedIn({ page: false });
      await backup([], fresh);
    },
    due: 'nothing',
  },
  {
    what: 'the page was on at enrollment, restore is off, and setup is over',
    before: async () => {
      await checkedIn({ restore: false });
      const enrollment = await fresh.state.read('enrollment');
      assert.ok(enrollment);
      const enrolledAt = Temporal.Instant.from(enrollment.enrolledAt).subtract({ hours: 24 * SETUP_DAYS });
      await fresh.state.write('enrollment', { ...enrollment, enrolledAt: enrolledAt.toString() });
    },
    due: 'nothing',
  },
  { what: 'a backup is chosen and not applied', before: () => chosen({ choice: PROFILE }), due: 'carryOut' },
  { what: 'set up as new, and told', before: () => chosen({ choice: { kind: 'new' } }), due: 'nothing' },
  { what: 'set up as new, not yet told', before: () => chosen({ choice: { kind: 'new' }, told: false }), due: 'tell' },
  { what: 'all is done and seen', before: () => chosen({ choice: PROFILE, ended: ENDED }), due: 'nothing' },
  {
    what: 'set up as new on a PC that is not connected',
    before: async () => {
      await chosen({ choice: { kind: 'new' }, told: false });
      await fresh.state.remove('enrollment');
    },
    due: 'nothing',
  },
  {
    what: 'all is done and nobody has seen it',
    before: () => chosen({ choice: PROFILE, ended: { ...ENDED, seen: false } }),
    due: 'carryOut',
  },
  {
    what: 'what was chosen was refused',
    before: () => chosen({ choice: PROFILE, ended: { ...ENDED, what: 'refused' } }),
    due: 'nothing',
  },
];

async function chosen(over: Pick<ChoiceState, 'choice'> & Partial<ChoiceState>): Promise<void> {
  await checkedIn();
  await fresh.state.write('choice', { ...MADE, ...over });
}

for (const { what, before, due } of SITUATIONS) {
  test(`when ${what}: ${due}`, async () => {
    await before();

    assert.equal(await dueOf(fresh), due);
  });
}

test('nothing to do asks nobody and changes nothing', async () => {
  await chosen({ choice: { kind: 'new' } });

  await firstDesktop(['--json'], fresh);

  assert.deepEqual(fresh.out.objects, [{ did: 'nothing' }]);
  assert.deepEqual(service.requests, []);
});

test('what was chosen is there after the first desktop, once, also without a window', async () => {
  await chosen({ choice: PROFILE });

  const { did } = await attend(fresh, 'carryOut', NO_RETRIES);

  assert.equal(did, 'restored');
  assert.match((await desktops[1]?.dump()) ?? '', /color-scheme='prefer-dark'/);
  assert.match(fresh.out.lines[0] ?? '', /^2 items came over from AUE-LT-0417\.$/);
  assert.equal((await fresh.state.read('choice'))?.ended?.what, 'restored');
  assert.equal(service.sessions.size, 1);
});

test('the service is told how long the restored desktop was waited for, over all sign-ins that it took', async () => {
  const desktopAt = fresh.system.now().subtract({ minutes: 2 }).toString({ smallestUnit: 'second' });
  await chosen({ choice: PROFILE, desktopAt });

  await attend(fresh, 'carryOut', NO_RETRIES);

  const [session] = service.sessions.values();
  const waitedMs = session?.reports.at(-1)?.sinceSignInMs ?? 0;
  assert.ok(waitedMs >= 120_000, String(waitedMs));
});

test('the wait begins at the first desktop, also when nothing can be done there yet', async () => {
  await chosen({ choice: PROFILE });
  service.offline = true;

  await attend(fresh, 'carryOut', NO_RETRIES);

  assert.notEqual((await fresh.state.read('choice'))?.desktopAt, undefined);
});

test('a restore that was stopped goes on at the next sign-in, whoever began it', async () => {
  const input = await restoreParts(fresh);
  await begin(fresh.system, await plan(input, 'recommended', { only: [], skip: [] }));
  assert.equal(await dueOf(fresh), 'carryOut');

  await firstDesktop(['--no-window', '--json'], fresh);

  assert.deepEqual(fresh.out.objects, [{ did: 'restored', deviceName: 'AUE-LT-0417', reported: true, notDone: [] }]);
  assert.equal(await dueOf(fresh), 'ask');
});

test('without a connection the choice waits for the next sign-in', async () => {
  await chosen({ choice: PROFILE });
  service.offline = true;

  const { did, stage } = await attend(fresh, 'carryOut', NO_RETRIES);

  assert.deepEqual([did, stage?.kind], ['stopped', 'checking']);
  assert.equal(await dueOf(fresh), 'carryOut');
  assert.match((await desktops[1]?.dump()) ?? '', /color-scheme='default'/);
});

test('a restore that is switched off since ends with the reason', async () => {
  await chosen({ choice: PROFILE });
  service.policy = { ...service.policy, restoreEnabled: false };

  await assert.rejects(firstDesktop(['--no-window'], fresh), refusedWith('notAllowed'));

  assert.equal(await dueOf(fresh), 'nothing');
});

test('set up as new is told once the service can be asked', async () => {
  await chosen({ choice: { kind: 'new' }, told: false });
  service.offline = true;
  await firstDesktop(['--json'], fresh);
  service.offline = false;
  await firstDesktop(['--json'], fresh);
  await firstDesktop(['--json'], fresh);

  assert.deepEqual(fresh.out.objects, [{ did: 'waits' }, { did: 'told' }, { did: 'nothing' }]);
  assert.deepEqual(service.setUpAsNew, [NEW]);
});
