import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { eligibility } from '@carryover/model/eligibility';
import type { RestoreStage, RestoreView } from '@carryover/model/local-pages';
import { fill } from '../../testing/drawer.ts';
import { servedPage } from '../../testing/local-page.ts';
import { windowsRegistry } from '../../testing/memory-registry.ts';
import type { MemoryService } from '../../testing/memory-service.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { type PageParts, pageParts, signedIn } from '../../testing/restore-page.ts';
import { FACTS, NEW, serviceWithBackup } from '../../testing/restore-story.ts';
import { type PkconAnswers, standInPkcon } from '../../testing/stand-in-pkcon.ts';
import { type WatchedSystem, watched, watchedSystem } from '../../testing/watched-system.ts';
import { realSystem } from '../system/real.ts';
import { type RestoreFlow, type RestoreFlowParts, restoreFlow } from './restore-flow.ts';
import { restoreRoutes } from './restore-routes.ts';

const OLD_BUILD = 'debian 11 gnome 43';
const WAITING: PkconAnswers = { refresh: { exit: 0 }, 'get-updates': { exit: 0 }, update: { exit: 0 } };
const RESTART = 'Please restart the computer to complete the update.';

let folder: string;
let service: MemoryService;
let system: WatchedSystem;
let parts: PageParts;
/** What this PC is. */
let build: string;
/** What it knows itself to be until it is read anew. */
let known: string;
let asked: () => string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carryover-update-'));
  for (const name of ['old', 'new', 'bin']) mkdirSync(join(folder, name));
  service = await serviceWithBackup(watchedSystem(join(folder, 'old')));
  service.policy = { ...service.policy, installQualityUpdates: true };
  await fill(watchedSystem(join(folder, 'new')), 'dconf', NEW);
  [build, known] = [OLD_BUILD, OLD_BUILD];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A PC that is too old, whose pkcon answers so. Nothing but that says that a restart is needed. */
async function aPc(answers: PkconAnswers): Promise<void> {
  asked = standInPkcon(join(folder, 'bin'), answers).asked;
  const path = `${join(folder, 'bin')}:${process.env['PATH']}`;
  const real = realSystem({ PATH: path, HOME: join(folder, 'new') });
  system = watched({
    ...real,
    facts: async (at) => (at === '/run/reboot-required' ? undefined : real.facts(at)),
  });
  parts = pageParts(system, service);
  await signedIn(parts.state);
}

function judgedParts(): RestoreFlowParts {
  return {
    ...parts,
    device: async () => ({ ...FACTS, build: known }),
    async readDeviceAnew() {
      known = build;
    },
    async checkIn() {
      const { policy } = await parts.checkIn().then(() => service);
      return {
        eligibility: eligibility(
          { device: { ...FACTS, build: known }, joinType: 'joined', policy },
          await parts.builds(),
        ),
      };
    },
  };
}

/** Where a program waits (`waits` is a line of its shell) until it is let on. */
async function aGate(name: string): Promise<{ readonly waits: string; open(): Promise<void> }> {
  const gate = join(folder, name);
  await promisify(execFile)('mkfifo', [gate]);
  // Opening a pipe waits for its other end.
  return { waits: `read x < '${gate}'`, open: () => writeFile(gate, 'on\n') };
}

/** As a start of the page makes one; a start after a restart reads the PC anew. */
async function started(): Promise<RestoreFlow> {
  const flow = restoreFlow(judgedParts(), { mode: 'setup', goal: 'askOnce' });
  flow.start();
  await flow.settled();
  return flow;
}

async function stageOf(flow: RestoreFlow): Promise<RestoreStage> {
  return (await flow.view()).stage;
}

/** How the updates are told; undefined when nothing is. */
async function updatesOf(flow: RestoreFlow) {
  const stage = await stageOf(flow);
  assert.equal(stage.kind, 'blocked');
  return stage.kind === 'blocked' ? stage.updates : undefined;
}

async function updated(flow: RestoreFlow) {
  flow.updateSystem();
  await flow.settled();
}

test('a PC that is too old is offered its updates, and goes on by itself once they are in use', async () => {
  await aPc(WAITING);
  const flow = await started();
  const stage = await stageOf(flow);
  assert.ok(stage.kind === 'blocked');
  assert.deepEqual(
    stage.fault.reasons.map(({ code, remedy }) => [code, remedy]),
    [['buildTooOld', 'installUpdates']],
  );
  assert.equal(stage.updates, undefined);

  build = 'debian 12 gnome 43';
  await updated(flow);

  assert.equal((await stageOf(flow)).kind, 'choose');
  assert.deepEqual(
    asked().map((line) => line.split(' ').at(-1)),
    ['refresh', 'get-updates', 'update'],
  );
});

test('updates that are not enough say so after the look that showed it', async () => {
  await aPc(WAITING);
  const flow = await started();

  await updated(flow);

  assert.deepEqual(await updatesOf(flow), { how: 'installed' });
});

test('where a restart is needed nothing is looked at before, and the next start of the page looks anew', async () => {
  await aPc({ ...WAITING, update: { exit: 0, says: RESTART } });
  const flow = await started();
  await updated(flow);
  assert.deepEqual(await updatesOf(flow), { how: 'restart' });

  flow.check();
  await flow.settled();
  assert.deepEqual(await updatesOf(flow), { how: 'restart' });

  known = 'debian 12 gnome 43';
  assert.equal((await stageOf(await started())).kind, 'choose');
});

test('after a restart the organization’s word of then counts', async () => {
  await aPc({ ...WAITING, update: { exit: 0, says: RESTART } });
  await updated(await started());

  service.policy = { ...service.policy, installQualityUpdates: false };
  const stage = await stageOf(await started());

  assert.ok(stage.kind === 'blocked');
  assert.deepEqual(
    stage.fault.reasons.map(({ code, remedy }) => [code, remedy]),
    [['buildTooOld', undefined]],
  );
});

test('while it is installed the page says so, and a second press begins nothing', async () => {
  const [looks, installs] = [await aGate('looks'), await aGate('installs')];
  await aPc({
    ...WAITING,
    refresh: { exit: 0, also: looks.waits },
    update: { exit: 0, also: installs.waits, says: RESTART },
  });
  const flow = await started();
  flow.updateSystem();
  assert.deepEqual(await updatesOf(flow), { how: 'looking' });
  await looks.open();
  while ((await updatesOf(flow))?.how === 'looking') await new Promise(setImmediate);
  assert.deepEqual(await updatesOf(flow), { how: 'installing' });

  flow.updateSystem();
  await installs.open();
  await flow.settled();

  assert.deepEqual(await updatesOf(flow), { how: 'restart' });
  assert.equal(asked().length, 3);
});

test('nothing that waits, and what fails, is told; trying again forgets it', async () => {
  await aPc({ refresh: { exit: 0 }, 'get-updates': { exit: 5 } });
  const flow = await started();
  await updated(flow);
  assert.deepEqual(await updatesOf(flow), { how: 'none' });

  standInPkcon(join(folder, 'bin'), { ...WAITING, update: { exit: 7, says: 'Fatal error: no authentication.' } });
  await updated(flow);
  const failed = await updatesOf(flow);
  assert.ok(failed?.how === 'failed');
  assert.equal(failed.fault.code, 'updateFailed');
  assert.match(failed.fault.message, /no authentication/);

  flow.check();
  await flow.settled();
  assert.equal(await updatesOf(flow), undefined);
});

test('an organization that takes its word back in between has nothing installed', async () => {
  await aPc(WAITING);
  const flow = await started();
  service.policy = { ...service.policy, installQualityUpdates: false };

  await updated(flow);

  const refused = await updatesOf(flow);
  assert.ok(refused?.how === 'failed');
  assert.deepEqual(refused.fault.reasons, [{ code: 'updatesNotOffered', facts: { org: 'Auental County' } }]);
  assert.equal(
    system.runs.some((line) => line.startsWith('pkcon')),
    false,
  );
});

test('where no reason offers it, it is refused', async () => {
  service.policy = { ...service.policy, installQualityUpdates: false };
  await aPc(WAITING);
  const flow = await started();

  assert.throws(() => flow.updateSystem(), refusedWith('conflict', 'nothingToUpdate'));
});

test('on Windows the page says that Windows Update is open', async () => {
  await aPc(WAITING);
  const windows: WatchedSystem = {
    ...system,
    registry: windowsRegistry(26100),
    run: async () => ({ exit: 0, stdout: '', stderr: '' }),
  };
  parts = { ...parts, system: windows };
  const flow = await started();

  await updated(flow);

  assert.deepEqual(await updatesOf(flow), { how: 'opened' });
});

test('a choice made while it is installed stays', async () => {
  await aPc(WAITING);
  const flow = await started();
  build = 'debian 12 gnome 43';
  flow.updateSystem();
  await flow.choose({ kind: 'new' });
  await flow.settled();

  assert.equal((await stageOf(flow)).kind, 'decided');
});

test('the page asks for it by its address, is told at once that it began, and sees how it went', async () => {
  await aPc({ ...WAITING, update: { exit: 0, says: RESTART } });
  const flow = await started();
  await using page = await servedPage({ routes: restoreRoutes(flow, parts.state) });
  await page.start();

  assert.equal((await page.own({ method: 'POST', path: '/api/restore/update-system' })).status, 202);
  await flow.settled();

  const { stage } = JSON.parse((await page.own({ path: '/api/restore' })).text) as RestoreView;
  assert.deepEqual(stage.kind === 'blocked' && stage.updates, { how: 'restart' });
});
