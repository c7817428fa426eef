import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type Desktop, desktop } from '../../testing/desktop.ts';
import { type FlowAgent, flowAgent } from '../../testing/flow-agent.ts';
import { windowsRegistry } from '../../testing/memory-registry.ts';
import { type MemoryService, memoryService } from '../../testing/memory-service.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { run as updateSystem } from './update-system.ts';

const PROFILE = '11111111-1111-4111-8111-111111111111';

let service: MemoryService;
let machine: Desktop;
let asked: string[];

beforeEach(async () => {
  service = memoryService();
  service.policy = { ...service.policy, installQualityUpdates: true };
  machine = await desktop();
  asked = [];
});
afterEach(() => machine.close());

/** A PC whose pkcon ends with this for what it is asked. */
async function aPc(build: string, exits: Readonly<Record<string, number>>): Promise<FlowAgent> {
  const { system } = machine;
  const withUpdater = {
    ...system,
    async run(program: string, args: readonly string[]) {
      assert.equal(program, 'pkcon');
      const what = args.at(-1) ?? '';
      asked.push(what);
      return { exit: exits[what] ?? 3, stdout: 'Please restart the computer to complete the update.', stderr: '' };
    },
  };
  const agent = await flowAgent(withUpdater, service, { profileId: PROFILE, name: 'AUE-LT-0417' });
  return { ...agent, device: async () => ({ ...(await agent.device()), build }) };
}

test('a PC that is too old gets what waits, and is told to restart', async () => {
  const agent = await aPc('debian 11 gnome 43', { refresh: 0, 'get-updates': 0, update: 0 });

  await updateSystem(['--yes'], agent);

  assert.deepEqual(asked, ['refresh', 'get-updates', 'update']);
  assert.deepEqual(agent.out.lines, [
    'ok Quality updates are installed. Restart this PC, then check again: carryover doctor',
  ]);
});

test('nothing is installed where nothing waits, nor on a PC that is new enough', async () => {
  const old = await aPc('debian 11 gnome 43', { refresh: 0, 'get-updates': 5 });
  await updateSystem(['--yes', '--json'], old);
  assert.deepEqual(asked, ['refresh', 'get-updates']);
  assert.deepEqual(old.out.objects, [{ installed: false, restartNeeded: false }]);

  const fine = await aPc('debian 12 gnome 43', {});
  await updateSystem(['--yes'], fine);
  assert.equal(asked.length, 2);
  assert.deepEqual(fine.out.lines, ['ok This PC is new enough. Nothing to do.']);
});

test('without the organization’s word nothing is asked of the updater, and the reason says who decides', async () => {
  service.policy = { ...service.policy, installQualityUpdates: false };
  const agent = await aPc('debian 11 gnome 43', {});

  await assert.rejects(updateSystem(['--yes'], agent), {
    code: 'notAllowed',
    details: { reasons: [{ code: 'updatesNotOffered', facts: { org: 'Auental County' } }] },
  });
  assert.deepEqual(asked, []);
});

test('on Windows its own updater is opened without a question, and what to do there is said', async () => {
  const programs: string[] = [];
  const windows = {
    ...machine.system,
    registry: windowsRegistry(26100),
    async run(program: string, args: readonly string[]) {
      programs.push([program, ...args].join(' '));
      return { exit: 0, stdout: '', stderr: '' };
    },
  };
  const agent = await flowAgent(machine.system, service, { profileId: PROFILE, name: 'AUE-LT-0417' });
  const device = async () => ({ ...(await agent.device()), platform: 'windows' as const, build: '26100.1' });

  await updateSystem([], { ...agent, system: windows, device });

  assert.match(
    programs.join(),
    /\\System32\\rundll32\.exe url\.dll,FileProtocolHandler ms-settings:windowsupdate-action$/,
  );
  assert.deepEqual(agent.out.lines, [
    'ok Windows Update is open. Install there what it finds, restart when it says so, then check again: carryover doctor',
  ]);
});

test('where nobody can be asked, nothing is installed without a word', async () => {
  const agent = await aPc('debian 11 gnome 43', { refresh: 0, 'get-updates': 0 });

  await assert.rejects(updateSystem([], agent), refusedWith('invalidRequest', 'usage'));
  assert.deepEqual(asked, ['refresh', 'get-updates']);
});
