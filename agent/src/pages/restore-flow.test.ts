import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { KnownError } from '@carryover/model/errors';
import type { ChoiceBody, RestoreStage } from '@carryover/model/local-pages';
import { contentsOf, fill } from '../../testing/drawer.ts';
import { dumpOf, type MemoryService, memoryService, serviceFrom } from '../../testing/memory-service.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { enroll, type PageParts, pageParts, signedIn } from '../../testing/restore-page.ts';
import { fileApps, NEW, OLD, OLD_PROFILE, serviceWithBackup } from '../../testing/restore-story.ts';
import { type WatchedSystem, watchedSystem } from '../../testing/watched-system.ts';
import { resendReports } from '../restore/report.ts';
import { type RestoreFlow, type RestoreFlowOptions, restoreFlow, tellLater } from './restore-flow.ts';

const STOPPED_PAGE = fileURLToPath(new URL('../../testing/stopped-page.ts', import.meta.url));
const REDIRECT = 'http://127.0.0.1:4711/signed-in';
const NO_RESTORE = { restoreEnabled: false, restorePageAtEnrollment: false } as const;
const FROM_OLD: ChoiceBody = { kind: 'profile', profileId: OLD_PROFILE, only: [], skip: [] };

let folder: string;
let service: MemoryService;
let system: WatchedSystem;
let parts: PageParts;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carryover-page-'));
  service = await serviceWithBackup(watchedSystem(homeOf('old')));
  system = await newDevice('new');
  parts = pageParts(system, service);
  service.requests.length = 0;
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function homeOf(name: string): string {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true });
  return home;
}

async function newDevice(name: string): Promise<WatchedSystem> {
  const device = watchedSystem(homeOf(name));
  await fill(device, 'dconf', NEW);
  device.changes.length = 0;
  return device;
}

async function started(options: Partial<RestoreFlowOptions> = {}): Promise<RestoreFlow> {
  const flow = restoreFlow(parts, { mode: 'setup', goal: 'askOnce', ...options });
  flow.start();
  await flow.settled();
  return flow;
}

async function stageOf(flow: RestoreFlow): Promise<RestoreStage> {
  return (await flow.view()).stage;
}

/** "passed passed asks waiting" while checking, else the name of the stage. */
async function shortly(flow: RestoreFlow): Promise<string> {
  const stage = await stageOf(flow);
  return stage.kind === 'checking' ? stage.checks.map(({ state }) => state).join(' ') : stage.kind;
}

interface Situation {
  readonly what: string;
  readonly before?: () => void | Promise<void>;
  readonly options?: Partial<RestoreFlowOptions>;
  readonly shows: string;
}

const decided = { id: 'c-1', decidedAt: '2026-11-25T10:00:00Z', told: true } as const;
const SITUATIONS: readonly Situation[] = [
  { what: 'a PC that is not connected asks for a sign-in', shows: 'passed asks waiting waiting' },
  {
    what: 'a PC connected before asks for the sign-in that restoring needs',
    before: () => enroll(parts.state),
    shows: 'passed asks waiting waiting',
  },
  { what: 'who is signed in chooses', before: () => signedIn(parts.state), shows: 'choose' },
  {
    what: 'a service that does not answer stops at the first check',
    before: () => {
      service.offline = true;
    },
    shows: 'failed waiting waiting waiting',
  },
  {
    what: 'restore that is not switched on blocks',
    before: async () => {
      await signedIn(parts.state);
      service.policy = { ...service.policy, ...NO_RESTORE };
    },
    shows: 'blocked',
  },
  {
    what: 'a page that was on at enrollment is there although restore is switched off since',
    before: async () => {
      await signedIn(parts.state);
      service.policy = { ...service.policy, restoreEnabled: false };
    },
    shows: 'choose',
  },
  {
    what: 'a page that was off at enrollment is there for the first sign-in while restore is on',
    before: async () => {
      await signedIn(parts.state);
      service.policy = { ...service.policy, restorePageAtEnrollment: false };
    },
    shows: 'choose',
  },
  {
    what: 'restore on demand does not go by the page at enrollment',
    before: async () => {
      await signedIn(parts.state);
      service.policy = { ...service.policy, restoreEnabled: false };
    },
    options: { mode: 'demand', goal: 'ask' },
    shows: 'blocked',
  },
  {
    what: 'a choice made before is not asked for again',
    before: async () => {
      const choice = {
        kind: 'profile',
        profileId: OLD_PROFILE,
        deviceName: 'AUE-LT-0417',
        only: [],
        skip: [],
      } as const;
      await parts.state.write('choice', { ...decided, choice });
    },
    shows: 'decided',
  },
  {
    what: 'a PC set up as new is not asked again',
    before: () => parts.state.write('choice', { ...decided, choice: { kind: 'new' } }),
    shows: 'decided',
  },
  {
    what: 'who declined may change it later',
    before: async () => {
      await signedIn(parts.state);
      await parts.state.write('choice', { ...decided, choice: { kind: 'new' } });
    },
    options: { mode: 'demand', goal: 'ask' },
    shows: 'choose',
  },
];

for (const { what, before, options, shows } of SITUATIONS) {
  test(what, async () => {
    await before?.();

    assert.equal(await shortly(await started(options)), shows);
  });
}

test('what blocks is told with its reason, and trying again looks again', async () => {
  await signedIn(parts.state);
  const { policy } = service;
  service.policy = { ...policy, ...NO_RESTORE };
  const flow = await started();
  const stage = await stageOf(flow);
  assert.ok(stage.kind === 'blocked');
  assert.deepEqual(stage.fault.reasons, [{ code: 'restoreNotSwitchedOn', facts: { org: 'Auental County' } }]);

  service.policy = policy;
  flow.check();
  await flow.settled();

  assert.equal(await shortly(flow), 'choose');
});

test('the offers say what is recommended and why; without backups there are none', async () => {
  await signedIn(parts.state);
  const stage = await stageOf(await started());
  assert.ok(stage.kind === 'choose');
  assert.deepEqual(
    stage.offers.map(({ deviceName, recommended, why }) => [deviceName, recommended, why]),
    [['AUE-LT-0417', true, 'newest']],
  );
  assert.equal(stage.undoDays, 30);

  service = Object.assign(service, { profiles: new Map() });
  const none = await stageOf(await started());

  assert.ok(none.kind === 'choose');
  assert.deepEqual(none.offers, []);
});

test('one way through the window connects the PC and signs in for restoring', async () => {
  const flow = await started();

  const first = await flow.signIn(REDIRECT);
  assert.equal(first.searchParams.get('redirect_uri'), REDIRECT);
  const second = await flow.signedIn(new URL(`${REDIRECT}?code=x&state=${first.searchParams.get('state')}`));
  assert.ok(second);
  const page = await flow.signedIn(new URL(`${REDIRECT}?code=x&state=${second.searchParams.get('state')}`));
  await flow.settled();

  assert.equal(page, undefined);
  assert.deepEqual(parts.asked, ['enrollment', 'restore']);
  assert.equal(await shortly(flow), 'choose');
  assert.equal((await flow.view()).person?.displayName, 'Lena Brandt');
});

test('a return that nobody waits for, or that comes twice, changes nothing', async () => {
  await enroll(parts.state);
  const flow = await started();
  const state = (await flow.signIn(REDIRECT)).searchParams.get('state');

  assert.equal(await flow.signedIn(new URL(`${REDIRECT}?code=x&state=another`)), undefined);
  assert.equal(await shortly(flow), 'passed asks waiting waiting');
  await flow.signedIn(new URL(`${REDIRECT}?code=x&state=${state}`));
  await flow.settled();
  parts.refuseSignIn = new KnownError('accessDenied', 'No.');
  await flow.signedIn(new URL(`${REDIRECT}?code=x&state=${state}`));
  await flow.settled();

  assert.equal(await shortly(flow), 'choose');
});

test('a sign-in that the organization refuses blocks; one of somebody else fails at the account', async () => {
  await enroll(parts.state);
  const flow = await started();
  const back = async () => {
    const state = (await flow.signIn(REDIRECT)).searchParams.get('state');
    await flow.signedIn(new URL(`${REDIRECT}?state=${state}`));
    await flow.settled();
  };

  parts.refuseSignIn = new KnownError('accessDenied', 'Somebody else.', { inner: 'otherPerson' });
  await back();
  assert.equal(await shortly(flow), 'passed failed waiting waiting');
  parts.refuseSignIn = new KnownError('accessDenied', 'A rule blocks it.', { inner: 'signInRefused' });
  await back();
  assert.equal(await shortly(flow), 'blocked');
  parts.refuseSignIn = undefined;
  flow.check();
  await flow.settled();
  assert.equal(await shortly(flow), 'passed asks waiting waiting');
});

test('a choice is on this device and at the service before anything is applied, for the person alone', async () => {
  await signedIn(parts.state);
  const flow = await started();
  system.changes.length = 0;

  const view = await flow.choose({ ...FROM_OLD, only: ['personalization'] });

  assert.equal(view.stage.kind, 'decided');
  assert.deepEqual(new Set(system.changes), new Set([`write ${system.stateFolder}/choice.json`]));
  assert.equal((await system.facts(`${system.stateFolder}/choice.json`))?.mode, 0o600);
  assert.deepEqual(
    [...service.sessions.values()].map(({ choice }) => choice),
    [{ profileId: OLD_PROFILE, seq: 1, only: ['personalization'], skip: [], occasion: 'setup' }],
  );
  await assert.rejects(flow.apply(), refusedWith('conflict', 'setupOnlyRecords'));
  assert.deepEqual(await contentsOf(system, 'dconf'), NEW);
});

test('set up as new reaches the service and the history, and is remembered', async () => {
  await signedIn(parts.state);
  const flow = await started();

  await flow.choose({ kind: 'new' });

  assert.equal(service.setUpAsNew.length, 1);
  assert.match(readFileSync(`${system.stateFolder}/history.jsonl`, 'utf8'), /"setUpAsNew"/);
  assert.equal(await shortly(await started()), 'decided');
});

test('set up as new can be said before anybody signed in, and the service is told once it can be', async () => {
  const flow = await started();
  await flow.choose({ kind: 'new' });
  assert.equal((await parts.state.read('choice'))?.told, false);

  await signedIn(parts.state);
  await tellLater(parts);
  await tellLater(parts);

  assert.equal(service.setUpAsNew.length, 1);
  assert.equal((await parts.state.read('choice'))?.told, true);
});

test('a choice that the service refuses leaves the one before as it was', async () => {
  await signedIn(parts.state);
  const flow = await started();
  await flow.choose({ kind: 'new' });
  const before = await parts.state.read('choice');
  service.policy = { ...service.policy, ...NO_RESTORE };

  await assert.rejects(flow.choose(FROM_OLD), refusedWith('accessDenied'));

  assert.deepEqual(await parts.state.read('choice'), before);
  const other = { ...FROM_OLD, profileId: '99999999-0000-4000-8000-000000000000' };
  await assert.rejects(flow.choose(other), refusedWith('itemNotFound', 'noSuchProfile'));
});

test('points and plan are shown before anything is decided, and change nothing', async () => {
  await signedIn(parts.state);
  const flow = await started();
  system.changes.length = 0;

  const [point] = await flow.points(OLD_PROFILE);
  const { items } = await flow.plan(OLD_PROFILE, point?.seq);

  assert.ok(items.some(({ id, will, step }) => id === 'theme' && will !== '' && step === 'change'));
  assert.ok(items.filter(({ step }) => step === 'leave').every(({ reason }) => reason !== undefined));
  assert.ok(items.some(({ offByDefault }) => offByDefault));
  assert.deepEqual(system.changes, []);
});

async function decidedAndSignedIn(choice: ChoiceBody = FROM_OLD): Promise<void> {
  await signedIn(parts.state);
  await (await started()).choose(choice);
}

test('at the first desktop the choice is carried out by itself, once, and says what did not come over', async () => {
  await decidedAndSignedIn();

  const flow = await started({ mode: 'demand', goal: 'carryOut' });

  const stage = await stageOf(flow);
  assert.ok(stage.kind === 'done');
  const failed = stage.result.items.filter(({ status }) => status === 'failed');
  assert.deepEqual(
    failed.map(({ reason }) => reason?.code),
    ['appNotOffered'],
  );
  assert.equal(stage.result.reported, true);
  assert.ok(stage.result.undoUntil !== undefined);
  assert.equal((await contentsOf(system, 'dconf'))['theme'], OLD['theme']);
  assert.equal(service.sessions.size, 1);
  assert.equal((await parts.state.read('choice'))?.ended?.what, 'restored');

  system.changes.length = 0;
  const again = await started({ mode: 'demand', goal: 'carryOut' });
  assert.equal(await shortly(again), 'done');
  assert.deepEqual(system.changes, []);
});

test('what failed can be tried again, and one undo takes all of it back', async () => {
  await decidedAndSignedIn();
  let offers = false;
  const flow = restoreFlow(
    {
      ...parts,
      async input(asked) {
        const input = await parts.input(asked);
        const apps = fileApps(system);
        const applyApp: typeof apps.applyApp = (context, item) =>
          offers ? Promise.resolve({ itemId: item.itemId, status: 'applied' }) : apps.applyApp(context, item);
        return { ...input, apps: { ...apps, applyApp } };
      },
    },
    { mode: 'demand', goal: 'carryOut' },
  );
  flow.start();
  await flow.settled();
  const applied = () => system.changes.filter((one) => one.endsWith('/drawers/dconf.json')).length;
  const before = applied();

  offers = true;
  await flow.apply();
  await flow.settled();

  const stage = await stageOf(flow);
  assert.ok(stage.kind === 'done');
  assert.deepEqual(
    stage.result.items.filter(({ status }) => status === 'failed'),
    [],
  );
  assert.equal(applied(), before);
  assert.equal(service.sessions.size, 1);
  assert.equal([...service.sessions.values()][0]?.reports.length, 2);
  await assert.rejects(flow.apply(), refusedWith('conflict', 'nothingToApply'));
  flow.undo();
  await flow.settled();
  assert.deepEqual(await contentsOf(system, 'dconf'), NEW);
});

test('the progress names categories, what is being applied, and the undo point', async () => {
  await decidedAndSignedIn();
  const seen: RestoreStage[] = [];
  const flow = restoreFlow(
    {
      ...parts,
      async input(asked) {
        const input = await parts.input(asked);
        const apps = fileApps(system);
        // The restore stands still while an app is installed, and so does what is seen meanwhile.
        const applyApp: typeof apps.applyApp = async (context, item) => {
          seen.push(await stageOf(flow));
          return apps.applyApp(context, item);
        };
        return { ...input, apps: { ...apps, applyApp } };
      },
    },
    { mode: 'demand', goal: 'carryOut' },
  );

  flow.start();
  await flow.settled();

  const running = seen.flatMap((stage) => (stage.kind === 'running' ? [stage.progress] : []));
  assert.ok(running.length > 0 && running.length === seen.length);
  assert.ok(running.every(({ undoValues }) => (undoValues ?? 0) > 0));
  assert.ok(running.every(({ current }) => current.length > 0));
  const last = running.at(-1);
  assert.ok(last?.categories.some(({ category, total }) => category === 'personalization' && total > 0));
  assert.ok(running.every(({ goingOn, deviceName }) => !goingOn && deviceName === 'AUE-LT-0417'));
});

test('on demand it is applied when asked, and can be taken back', async () => {
  await signedIn(parts.state);
  const flow = await started({ mode: 'demand', goal: 'ask' });
  await flow.choose(FROM_OLD);
  await flow.apply();
  await flow.settled();
  assert.equal(await shortly(flow), 'done');

  const { from, back } = await flow.undoView();
  flow.undo();
  await flow.settled();

  assert.equal(from, 'AUE-LT-0417');
  const stage = await stageOf(flow);
  assert.ok(stage.kind === 'done');
  assert.deepEqual(
    [stage.result.undone?.back, stage.result.undone?.kept, stage.result.undoUntil],
    [back, [], undefined],
  );
  assert.deepEqual(await contentsOf(system, 'dconf'), NEW);
});

test('a restore that was taken back elsewhere says so', async () => {
  await decidedAndSignedIn();
  const flow = await started({ mode: 'demand', goal: 'carryOut' });
  const elsewhere = await started({ mode: 'demand', goal: 'carryOut' });
  elsewhere.undo();
  await elsewhere.settled();

  const stage = await stageOf(flow);

  assert.ok(stage.kind === 'done');
  assert.deepEqual(
    [stage.result.undone?.kept, stage.result.undone?.appsStay, stage.result.undoUntil],
    [[], 1, undefined],
  );
});

test('offline in the middle: settings go on, apps wait, and the report goes later', async () => {
  await decidedAndSignedIn({ ...FROM_OLD, skip: ['wallpaper'] });
  const waiting: string[] = [];
  let connected = false;
  const flow: RestoreFlow = restoreFlow(
    {
      ...parts,
      async pause() {
        const stage = await stageOf(flow);
        waiting.push(stage.kind === 'running' && stage.progress.appsWait ? 'apps wait' : stage.kind);
        const theme = (await contentsOf(system, 'dconf'))['theme'];
        waiting.push(String(theme));
        connected = true;
        return true;
      },
      async input(asked) {
        const input = await parts.input(asked);
        const { onStep } = input;
        const apps = fileApps(system);
        return {
          ...input,
          apps: {
            ...apps,
            async applyApp(context, item) {
              if (connected) return apps.applyApp(context, item);
              const facts = { source: 'the repository' };
              return { itemId: item.itemId, status: 'failed', reason: { code: 'appSourceUnreachable', facts } };
            },
          },
          onStep(step) {
            if (step.step === 'undoPoint') service.offline = true;
            onStep?.(step);
          },
        };
      },
    },
    { mode: 'demand', goal: 'carryOut' },
  );

  flow.start();
  await flow.settled();

  assert.deepEqual(waiting, ['apps wait', OLD['theme']]);
  const stage = await stageOf(flow);
  assert.ok(stage.kind === 'done');
  assert.equal(stage.result.reported, false);
  assert.equal(stage.result.items.filter(({ kind, status }) => kind === 'app' && status === 'applied').length, 1);
  service.offline = false;
  assert.equal(await resendReports(system, await parts.client()), 1);
});

test('a first desktop without a connection waits for one, and begins when it is there', async () => {
  await decidedAndSignedIn();
  service.offline = true;
  const seen: string[] = [];
  const flow: RestoreFlow = restoreFlow(
    {
      ...parts,
      async pause() {
        seen.push(await shortly(flow));
        service.offline = false;
        return true;
      },
    },
    { mode: 'demand', goal: 'carryOut' },
  );

  flow.start();
  await flow.settled();

  assert.deepEqual(seen, ['failed waiting waiting waiting']);
  assert.equal(await shortly(flow), 'done');
});

test('a first desktop that stays without a connection leaves the choice for the next start', async () => {
  await decidedAndSignedIn();
  service.offline = true;

  assert.equal(await shortly(await started({ goal: 'carryOut' })), 'failed waiting waiting waiting');
  service.offline = false;

  assert.equal(await shortly(await started({ goal: 'carryOut' })), 'done');
  assert.equal(service.sessions.size, 1);
});

test('a restore that is refused since says why, and is not tried at every start', async () => {
  await decidedAndSignedIn();
  service.policy = { ...service.policy, ...NO_RESTORE };

  assert.equal(await shortly(await started({ goal: 'carryOut' })), 'blocked');

  assert.equal((await parts.state.read('choice'))?.ended?.what, 'refused');
  assert.deepEqual(await contentsOf(system, 'dconf'), NEW);
});

test('a restore that was refused is offered again once the refusal is over, and can be carried out', async () => {
  await decidedAndSignedIn();
  const allowed = service.policy;
  service.policy = { ...service.policy, ...NO_RESTORE };
  const flow = await started({ mode: 'demand', goal: 'carryOut' });
  assert.equal(await shortly(flow), 'blocked');
  service.policy = allowed;

  flow.check();
  await flow.settled();
  assert.equal(await shortly(flow), 'choose');

  await flow.choose(FROM_OLD);
  await flow.apply();
  await flow.settled();
  assert.equal(await shortly(flow), 'done');
});

test('a second person on the same PC sees nothing of the first', async () => {
  await decidedAndSignedIn();
  await started({ goal: 'carryOut' });

  system = await newDevice('second-person');
  parts = pageParts(system, memoryService());
  const view = await (await started()).view();

  assert.deepEqual([view.person, view.organization, view.stage.kind], [undefined, undefined, 'checking']);
  assert.equal(existsSync(`${system.stateFolder}/choice.json`), false);
});

async function stoppedAt(change: number): Promise<{ stopped: boolean; changes: string[] }> {
  const serviceFile = join(folder, 'service.json');
  const changesFile = join(folder, `changes-${change}`);
  writeFileSync(serviceFile, dumpOf(service));
  writeFileSync(changesFile, '');
  const args = [STOPPED_PAGE, system.home, serviceFile, changesFile, String(change)];
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals | null>();
  const child = execFile(process.execPath, args, (error) => {
    if (error !== null && child.signalCode === null) throw error;
    resolve(child.signalCode);
  });
  const signal = await promise;
  service = serviceFrom(readFileSync(serviceFile, 'utf8'));
  return { stopped: signal === 'SIGKILL', changes: readFileSync(changesFile, 'utf8').split('\n').slice(0, -1) };
}

test('killed before any of its changes, a page goes on from there with nothing twice', async () => {
  await signedIn(parts.state);
  const fresh = dumpOf(service);
  let kills = 0;
  let wentOn = 0;
  for (let change = 0; ; change += 1) {
    service = serviceFrom(fresh);
    system = await newDevice(`new-${change}`);
    parts = pageParts(system, service);
    await signedIn(parts.state);
    const { stopped, changes } = await stoppedAt(change);
    if (!stopped) break;
    kills += 1;
    const context = `killed before change ${change}, ${changes.at(-1)}`;
    parts = pageParts(system, service);
    system.changes.length = 0;
    const known = await parts.state.read('choice');

    // Before the choice was on disk there is nothing to go on with: the page asks.
    const next = await started({ mode: 'demand', goal: known === undefined ? 'ask' : 'carryOut' });
    if (known === undefined) {
      assert.equal(await shortly(next), 'choose', context);
      continue;
    }
    wentOn += 1;
    const stage = await stageOf(next);
    assert.ok(stage.kind === 'done', `${context}: ${stage.kind}`);
    assert.equal((await contentsOf(system, 'dconf'))['theme'], OLD['theme'], context);
    const made = [...changes, ...system.changes];
    assert.equal(made.filter((one) => one.endsWith('/drawers/dconf.json')).length, 1, context);
    assert.equal(made.filter((one) => one.includes('/apps/')).length, 1, context);
    const choice = await parts.state.read('choice');
    assert.deepEqual([choice?.id, choice?.ended?.what], [known.id, 'restored'], context);
  }
  assert.ok(kills > 12 && wentOn > 10, `${kills} places to be killed at, ${wentOn} gone on from`);
});
