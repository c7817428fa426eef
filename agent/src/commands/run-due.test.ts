/** The scheduled run on a real desktop, against a service in memory and a clock that the test sets. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import type { CheckIn } from '@carryover/model/wire';
import { type Desktop, desktop } from '../../testing/desktop.ts';
import { type FlowAgent, flowAgent, makeOverdue } from '../../testing/flow-agent.ts';
import { type MemoryService, memoryService } from '../../testing/memory-service.ts';
import { networkManager } from '../../testing/network-manager.ts';
import { privateBus } from '../../testing/private-bus.ts';
import type { System } from '../system/system.ts';
import { run as backup } from './backup.ts';
import { run as history } from './history.ts';
import { run as runDue } from './run-due.ts';
import { run as status } from './status.ts';

const PROFILE = '11111111-1111-4111-8111-111111111111';
const NOW = Temporal.Instant.from('2026-11-25T10:00:00Z');

let service: MemoryService;
let place: Desktop;
let pc: FlowAgent;
let now: Temporal.Instant;

beforeEach(async () => {
  service = memoryService();
  // Which apps the machine has that runs the tests is not theirs to say.
  service.preferences = { apps: 'off' };
  now = NOW;
  place = await desktop();
  await place.load("[org/gnome/desktop/interface]\ncolor-scheme='prefer-dark'\n");
  pc = await agentWith(place.system);
});

afterEach(() => place.close());

/** `said` goes into every check-in. */
async function agentWith(system: System, said: Partial<CheckIn> = {}): Promise<FlowAgent> {
  const agent = await flowAgent(system, service, { profileId: PROFILE, name: 'AUE-LT-0417', now: () => now });
  return {
    ...agent,
    async client(options) {
      const client = await agent.client(options);
      return {
        ...client,
        async checkIn(request) {
          const checkIn = await client.checkIn(request);
          const known = await agent.state.read('service');
          if (known !== undefined)
            await agent.state.write('service', { ...known, checkIn: { ...known.checkIn, ...said } });
          return { ...checkIn, ...said };
        },
      };
    },
  };
}

interface Said {
  readonly due: boolean;
  readonly at?: string;
  readonly unchanged?: boolean;
  readonly reasons?: readonly { readonly code: string; readonly reason: string; readonly remedy: string }[];
}

async function ranBy(agent: FlowAgent): Promise<Said> {
  await runDue(['--json'], agent);
  return agent.out.objects.at(-1) as Said;
}

test('backs up when it is time, is quiet when it is not, and again at the own slot', async () => {
  await makeOverdue(pc, now);
  const first = await ranBy(pc);
  service.requests.length = 0;

  const second = await ranBy(pc);
  assert.deepEqual(service.requests, []);
  now = Temporal.Instant.from(second.at ?? '');
  const third = await ranBy(pc);

  assert.deepEqual(
    [first.due, first.unchanged, second.due, third.due, third.unchanged],
    [true, false, false, true, true],
  );
  assert.deepEqual(service.requests, ['putSnapshot']);
  assert.deepEqual([pc.out.lines, pc.out.notes], [[], []]);
});

test('a time that was slept through is remembered once and caught up at the moment that was said', async () => {
  await makeOverdue(pc, now);
  await pc.state.remove('attempts');

  const asleep = await ranBy(pc);
  const noticed = await pc.state.read('attempts');
  now = Temporal.Instant.from(asleep.at ?? '').subtract({ seconds: 1 });
  const before = await ranBy(pc);
  now = Temporal.Instant.from(asleep.at ?? '');
  const after = await ranBy(pc);

  assert.deepEqual([noticed?.missed, noticed?.failures], [{ noticedAt: NOW.toString(), times: 1 }, 0]);
  assert.deepEqual([asleep.due, before.due, before.at, after.due], [false, false, asleep.at, true]);
  assert.ok(NOW.until(now).total('hours') <= 28);
  assert.equal(await pc.state.read('attempts'), undefined);
});

test('a run that fails waits before it tries again, keeps the schedule, and says so in the history', async () => {
  await makeOverdue(pc, now);
  service.offline = true;
  await assert.rejects(runDue([], pc), { code: 'serviceUnreachable' });
  const attempts = await pc.state.read('attempts');
  assert.deepEqual([attempts?.failures, attempts?.lastError?.code], [1, 'serviceUnreachable']);
  service.requests.length = 0;

  await runDue([], pc);
  assert.deepEqual(service.requests, []);
  service.offline = false;
  now = NOW.add({ minutes: 46 });
  await runDue([], pc);

  assert.equal(await pc.state.read('attempts'), undefined);
  await history(['--json'], pc);
  const [{ entries }] = pc.out.objects as [{ entries: { what: string }[] }];
  assert.deepEqual(
    entries.map(({ what }) => what),
    ['backup', 'backupFailed'],
  );
});

test('a service that says how long to wait is left alone for so long, longer than the back-off if need be', async () => {
  await makeOverdue(pc, now);
  service.beforePut = () => {
    throw new KnownError('tooManyRequests', 'Busy.', { details: { retryAfterSeconds: 7200 } });
  };
  await assert.rejects(runDue([], pc), { code: 'tooManyRequests' });
  service.beforePut = undefined;

  now = NOW.add({ minutes: 119 });
  assert.equal((await ranBy(pc)).due, false);
  now = NOW.add({ minutes: 241 });
  assert.equal((await ranBy(pc)).due, true);
});

test('a service that asks to slow down while it says yes is left alone as well', async () => {
  pc = await agentWith(place.system, { slowDownSeconds: 7200 });
  await makeOverdue(pc, now);

  now = NOW.add({ minutes: 119 });
  assert.equal((await ranBy(pc)).due, false);
  now = NOW.add({ minutes: 241 });
  assert.equal((await ranBy(pc)).due, true);
});

test('a run beside another run leaves it alone', async () => {
  await makeOverdue(pc, now);

  await pc.state.exclusively(() => runDue(['--json'], pc));

  assert.deepEqual(pc.out.objects, [{ due: true, busy: true }]);
});

test('switched off at the next contact: nothing is captured, the reason is said, and that is no failure', async () => {
  await makeOverdue(pc, now);
  service.policy = { ...service.policy, backupEnabled: false, version: 2 };

  await runDue([], pc);
  const said = await ranBy(pc);
  await status([], pc);

  assert.match(
    pc.out.notes[0] ?? '',
    /^Auental County has not turned on backup .* Ask IT to assign "Enable Windows Backup"\.$/,
  );
  assert.deepEqual([said.due, said.at, said.reasons?.[0]?.code], [false, undefined, 'notSwitchedOn']);
  assert.equal(service.profiles.get(PROFILE)?.snapshots.length ?? 0, 0);
  assert.equal((await pc.state.read('attempts'))?.failures ?? 0, 0);
  assert.match(pc.out.lines.join('\n'), /Can't back up/);
});

test('while it is off, the service is asked every few hours, and once it is on the first backup is spread from then', async () => {
  service.policy = { ...service.policy, backupEnabled: false };
  await runDue([], pc);
  await runDue([], pc);
  assert.deepEqual(service.requests, ['checkIn']);

  service.policy = { ...service.policy, backupEnabled: true, version: 2 };
  // The service in memory has one time for all its answers.
  now = NOW.add({ hours: 4 });
  const said = await ranBy(pc);

  assert.deepEqual(service.requests, ['checkIn', 'checkIn']);
  assert.equal(said.reasons, undefined);
});

test('a metered network holds the scheduled run until the policy lets it, and never a person', async () => {
  await using bus = await privateBus();
  using _manager = await networkManager(bus.address, 1);
  const { system } = place;
  pc = await agentWith({
    ...system,
    env: { ...system.env, DBUS_SYSTEM_BUS_ADDRESS: bus.address },
    run: (program, args, options) =>
      system.run(program, args, { ...options, env: { ...options?.env, DBUS_SYSTEM_BUS_ADDRESS: bus.address } }),
  });
  await makeOverdue(pc, now);

  const held = await ranBy(pc);
  await backup([], pc);
  assert.deepEqual([held.due, held.reasons?.[0]?.code], [false, 'meteredNetwork']);
  assert.equal(service.profiles.get(PROFILE)?.snapshots.length, 1);

  await pc.state.remove('acknowledged');
  service.policy = { ...service.policy, meteredAllowed: true };
  service.profiles.clear();
  await makeOverdue(pc, now);
  assert.equal((await ranBy(pc)).due, true);
});

test('an open offer holds the first backup, status says so in words, and a backup of the person ends it', async () => {
  pc = await agentWith(place.system, { offerOpen: true });
  const enrollment = await pc.state.read('enrollment');
  assert.ok(enrollment);
  await pc.state.write('enrollment', { ...enrollment, enrolledAt: NOW.subtract({ hours: 48 }).toString() });
  await makeOverdue(pc, now);

  const held = await ranBy(pc);
  await status([], pc);
  await status([], { ...pc, out: { ...pc.out, language: 'de' } });
  await status(['--json'], pc);

  assert.deepEqual([held.due, held.at, held.reasons?.[0]?.code], [false, '2026-11-30T10:00:00Z', 'offerOpen']);
  const shown = pc.out.lines.join('\n').replaceAll(/\s+/g, ' ');
  assert.match(shown, /! Waits The first backup waits until you have chosen .*, at most until 2026-11-30\./);
  assert.match(shown, /! Wartet Die erste Sicherung wartet, bis Sie gewählt haben/);
  const { waits } = (pc.out.objects.at(-1) as { backup: { waits: { code: string }[] } }).backup;
  assert.deepEqual(
    waits.map(({ code }) => code),
    ['offerOpen'],
  );
  await backup([], pc);
  assert.equal((await ranBy(pc)).reasons, undefined);
});

test('a choice on the restore page ends the hold, and so do seven days', async () => {
  pc = await agentWith(place.system, { offerOpen: true });
  await makeOverdue(pc, now);
  const decided = { id: 'c', choice: { kind: 'new' }, decidedAt: NOW.toString(), told: true } as const;

  // Enrolled on 1 November.
  assert.equal((await ranBy(pc)).due, true);

  await pc.state.remove('acknowledged');
  service.profiles.clear();
  const enrollment = await pc.state.read('enrollment');
  assert.ok(enrollment);
  await pc.state.write('enrollment', { ...enrollment, enrolledAt: NOW.subtract({ hours: 60 }).toString() });
  await makeOverdue(pc, now);
  assert.equal((await ranBy(pc)).due, false);
  await pc.state.write('choice', decided);
  assert.equal((await ranBy(pc)).due, true);
});

test('out of contact for longer than the policy allows, nothing is captured, and the reason is said', async () => {
  await makeOverdue(pc, now);
  service.offline = true;
  now = NOW.add({ hours: 31 * 24 });
  await pc.state.write('attempts', {
    failures: 0,
    missed: { noticedAt: now.subtract({ hours: 1 }).toString(), times: 2 },
  });
  now = now.add({ hours: 6 });

  await assert.rejects(runDue([], pc), {
    code: 'serviceUnreachable',
    details: { reasons: [{ code: 'noContact', facts: { org: 'Auental County', days: '30' } }] },
  });
  await assert.rejects(backup([], pc), { code: 'serviceUnreachable' });
  await status([], pc);

  assert.match(
    pc.out.lines.join('\n').replaceAll(/\s+/g, ' '),
    /Can't back up 1 Auental County was not reached for more than 30 days/,
  );
  assert.ok(
    service.requests.every((request) => request === 'checkIn'),
    service.requests.join(' '),
  );
});
