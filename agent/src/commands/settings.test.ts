import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { afterEach, beforeEach, test } from 'node:test';
import type { HistoryLine, SettingsView, SwitchBody } from '@carryover/model/local-pages';
import { type Desktop, desktop } from '../../testing/desktop.ts';
import { type FlowAgent, flowAgent, makeOverdue } from '../../testing/flow-agent.ts';
import { asking, builtPages, type ServedPage, servedPage } from '../../testing/local-page.ts';
import { type MemoryService, memoryService } from '../../testing/memory-service.ts';
import { networkManager } from '../../testing/network-manager.ts';
import { privateBus } from '../../testing/private-bus.ts';
import { type SettingsFlow, settingsFlow } from '../pages/settings-flow.ts';
import { settingsRoutes } from '../pages/settings-routes.ts';
import type { ServiceState } from '../state/state.ts';
import type { RunOptions } from '../system/system.ts';
import { run as backup } from './backup.ts';
import { agentOn } from './real-agent.ts';
import { run as restore } from './restore.ts';
import { run as runDue } from './run-due.ts';
import { run as settings, settingsParts } from './settings.ts';
import { run as status } from './status.ts';

const OLD = '11111111-1111-4111-8111-111111111111';
const NEW = '22222222-2222-4222-8222-222222222222';
const NOW = Temporal.Instant.from('2026-11-25T10:00:00Z');

let service: MemoryService;
let desktops: Desktop[];
let old: FlowAgent;
let fresh: FlowAgent;

beforeEach(async () => {
  service = memoryService();
  // Which apps the machine has that runs the tests is not theirs to say.
  service.preferences = { apps: 'off' };
  desktops = await Promise.all([desktop(), desktop()]);
  const [first, second] = desktops;
  assert.ok(first && second);
  await first.load("[org/gnome/desktop/interface]\ncolor-scheme='prefer-dark'\nclock-show-seconds=true\n");
  await second.load("[org/gnome/desktop/interface]\ncolor-scheme='default'\n");
  old = await flowAgent(first.system, service, { profileId: OLD, name: 'AUE-LT-0417', now: () => NOW });
  fresh = await flowAgent(second.system, service, { profileId: NEW, name: 'AUE-LT-0500', now: () => NOW });
});

afterEach(async () => {
  for (const one of desktops) await one.close();
});

interface SettingsPage extends ServedPage {
  readonly flow: SettingsFlow;
  view(): Promise<SettingsView>;
}

/** The settings page of a device, opened. */
async function opened(agent: FlowAgent): Promise<SettingsPage> {
  const flow = settingsFlow(settingsParts(agent));
  const page = await servedPage({ routes: settingsRoutes(flow), sample: false });
  await page.start();
  return { ...page, flow, view: async () => JSON.parse((await page.own({ path: '/api/settings' })).text) };
}

function switching(page: SettingsPage, body: SwitchBody) {
  return page.own({ method: 'PUT', path: '/api/preferences', body: JSON.stringify(body) });
}

test('the page shows who and what is backed up, and what is remembered', async () => {
  await backup([], old);
  await using page = await opened(old);

  const view = await page.view();

  assert.equal(view.device.name, 'AUE-LT-0417');
  assert.equal(view.organization, 'Auental County');
  assert.equal(view.person.displayName, 'Lena Brandt');
  assert.deepEqual(view.backup.obstacles, []);
  assert.equal(view.backup.last?.settingCount, 2);
  assert.ok(view.backup.nextAt !== undefined && view.backup.running === undefined);
  assert.deepEqual(view.categories.map(({ category, on, waiting }) => [category, on, waiting]).at(-1), [
    'apps',
    false,
    false,
  ]);
  assert.deepEqual([view.undo, view.offline], [undefined, undefined]);
});

test('a backup begins at once, shows its step, and its result stays on the page', async () => {
  await using page = await opened(old);
  await page.view();
  const { promise: onItsWay, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: mayGo, resolve: go } = Promise.withResolvers<void>();
  service.beforePut = () => {
    arrive();
    return mayGo;
  };

  const begun = await page.own({ method: 'POST', path: '/api/backup' });
  await onItsWay;
  const during = await page.view();
  const second = await page.own({ method: 'POST', path: '/api/backup' });
  go();
  await page.flow.settled();
  const after = await page.view();

  assert.equal(begun.status, 202);
  assert.equal(during.backup.running?.step, 'send');
  assert.equal(second.status, 409);
  assert.equal(after.backup.running, undefined);
  assert.equal(after.backup.result?.unchanged, false);
  assert.ok((after.backup.result?.sentBytes ?? 0) > 0);
  assert.equal(after.backup.last?.settingCount, 2);
});

test('a backup that is stopped before it is sent sends nothing and is no fault', async () => {
  await using page = await opened(old);
  await page.view();
  const { promise: looked, resolve: look } = Promise.withResolvers<void>();
  const { promise: mayGo, resolve: go } = Promise.withResolvers<void>();
  const flow = settingsFlow({
    ...settingsParts(old),
    backUp: async (options) => {
      look();
      await mayGo;
      return settingsParts(old).backUp(options);
    },
  });
  flow.backUp();
  await looked;

  flow.stopBackup();
  go();
  await flow.settled();

  const view = await flow.view('en');
  assert.deepEqual([view.backup.lastFault, view.backup.result, view.backup.last], [undefined, undefined, undefined]);
  assert.equal(service.profiles.get(OLD)?.snapshots.length ?? 0, 0);
  assert.throws(() => flow.stopBackup(), { code: 'conflict', inner: 'notRunning' });
});

test('a backup that the organization has not switched on says why, on the page and beside the switches', async () => {
  service.policy = { ...service.policy, backupEnabled: false };
  await using page = await opened(old);

  const view = await page.view();
  await page.own({ method: 'POST', path: '/api/backup' });
  await page.flow.settled();

  assert.deepEqual(view.backup.obstacles, [{ code: 'notSwitchedOn', facts: { org: 'Auental County' } }]);
  assert.ok(view.categories.every(({ changeable, reason }) => !changeable && reason?.code === 'notSwitchedOn'));
  assert.deepEqual((await page.view()).backup.lastFault?.reasons, view.backup.obstacles);
});

test('a switch goes to the service at once; "preferences" switches all but apps', async () => {
  await using page = await opened(old);
  await page.view();

  const one = await switching(page, { toggle: 'personalization', on: false });
  const all = await switching(page, { toggle: 'preferences', on: false });

  assert.equal((JSON.parse(one.text) as SettingsView).categories.filter(({ on }) => on).length, 4);
  assert.ok((JSON.parse(all.text) as SettingsView).categories.every(({ on, waiting }) => !on && !waiting));
  assert.equal(service.preferences.accessibility, 'off');
  assert.equal(service.preferences.apps, 'off');
});

test('offline, a switch is kept here, shown as waiting, and told before the next backup', async () => {
  await backup([], old);
  await using page = await opened(old);
  await page.view();
  service.offline = true;

  const answered = await switching(page, { toggle: 'personalization', on: false });

  const view = JSON.parse(answered.text) as SettingsView;
  assert.equal(view.offline?.code, 'serviceUnreachable');
  const shown = view.categories.find(({ category }) => category === 'personalization');
  assert.deepEqual([shown?.on, shown?.waiting], [false, true]);
  assert.equal(service.preferences.personalization, undefined);

  service.offline = false;
  await backup([], old);

  assert.equal(service.preferences.personalization, 'off');
  const [unit] = service.profiles.get(OLD)?.snapshots.at(-1)?.head.manifest.units ?? [];
  assert.notEqual(unit?.category, 'personalization');
  const later = (await page.view()).categories.find(({ category }) => category === 'personalization');
  assert.deepEqual([later?.on, later?.waiting], [false, false]);
});

test('a switch that waits goes with the scheduled run as well', async () => {
  await using page = await opened(old);
  await page.view();
  service.offline = true;
  await switching(page, { toggle: 'language', on: false });
  service.offline = false;
  await makeOverdue(old, NOW);

  await runDue([], old);

  assert.equal(service.preferences.language, 'off');
  assert.equal(await old.state.read('switches'), undefined);
});

test('a category that the organization locked cannot be switched, and nothing waits', async () => {
  service.policy = { ...service.policy, categories: { ...service.policy.categories, language: 'locked' } };
  await using page = await opened(old);
  await page.view();

  const refused = await switching(page, { toggle: 'language', on: true });
  const unknown = await switching(page, { toggle: 'windows' as 'language', on: true });

  assert.equal(refused.status, 403);
  const { error } = JSON.parse(refused.text);
  assert.equal(error.code, 'notAllowed');
  assert.equal(error.innerError.details.reasons[0].code, 'switchedOffByPolicy');
  assert.equal(unknown.status, 400);
  assert.equal(await old.state.read('switches'), undefined);
});

test('without a connection the page shows what was said last, and since when', async () => {
  await backup([], old);
  await using page = await opened(old);
  service.offline = true;

  const view = await page.view();

  assert.equal(view.offline?.code, 'serviceUnreachable');
  assert.equal(view.backup.last?.settingCount, 2);
  assert.equal(view.asOf, (await old.state.read('service'))?.checkedInAt);
});

/** The service said this last, and cannot be asked again. */
async function saidLast(agent: FlowAgent, change: Partial<ServiceState['checkIn']>, checkedInAt?: string) {
  const said = await agent.state.read('service');
  assert.ok(said);
  const checkIn = { ...said.checkIn, ...change };
  await agent.state.write('service', { ...said, checkIn, ...(checkedInAt === undefined ? {} : { checkedInAt }) });
  service.offline = true;
}

test('the page says what a backup waits for: the open offer, a network that is metered, the service', async () => {
  await using bus = await privateBus();
  using _manager = await networkManager(bus.address, 1);
  const { system } = old;
  const metered = {
    ...old,
    system: {
      ...system,
      env: { ...system.env, DBUS_SYSTEM_BUS_ADDRESS: bus.address },
      run: (program: string, args: readonly string[], options?: RunOptions) =>
        system.run(program, args, { ...options, env: { ...options?.env, DBUS_SYSTEM_BUS_ADDRESS: bus.address } }),
    },
  };
  const waits = async () => {
    await using page = await opened(metered);
    const { waits: said, obstacles } = (await page.view()).backup;
    return [said?.map(({ code }) => code), obstacles.map(({ code }) => code)];
  };
  await makeOverdue(old, NOW);
  const enrollment = await old.state.read('enrollment');
  assert.ok(enrollment);

  await saidLast(old, {});
  assert.deepEqual(await waits(), [['meteredNetwork'], []]);
  await status(['--json'], metered);
  const told = old.out.objects.at(-1) as { backup: { waits: { code: string }[] } };
  assert.deepEqual(
    told.backup.waits.map(({ code }) => code),
    ['meteredNetwork'],
  );
  await old.state.write('enrollment', { ...enrollment, enrolledAt: NOW.subtract({ hours: 48 }).toString() });
  await saidLast(old, { offerOpen: true });
  assert.deepEqual(await waits(), [['offerOpen'], []]);
  await old.state.write('choice', { id: 'c', choice: { kind: 'new' }, decidedAt: NOW.toString(), told: true });
  assert.notDeepEqual((await waits())[0], ['offerOpen']);
  await saidLast(old, {}, NOW.subtract({ hours: 24 * 40 }).toString());
  assert.deepEqual(await waits(), [undefined, ['noContact']]);
});

test('a restore is taken back on the page, which says what is back and what stays', async () => {
  await backup([], old);
  await restore(['AUE-LT-0417', '--yes'], fresh);
  await using page = await opened(fresh);

  const before = await page.view();
  const preview = JSON.parse((await page.own({ path: '/api/undo' })).text);
  const begun = await page.own({ method: 'POST', path: '/api/undo' });
  await page.flow.settled();
  const after = await page.view();
  const again = await page.own({ method: 'POST', path: '/api/undo' });
  const lines: readonly HistoryLine[] = JSON.parse((await page.own({ path: '/api/history' })).text).value;

  assert.equal(before.undo?.from, 'AUE-LT-0417');
  assert.deepEqual([preview.back, preview.kept], [2, []]);
  assert.equal(begun.status, 202);
  assert.deepEqual(after.undone, { back: 2, kept: [], failed: [], appsStay: 0 });
  assert.equal(after.undo, undefined);
  assert.match((await desktops[1]?.dump()) ?? '', /color-scheme='default'/);
  assert.equal(again.status, 404);
  assert.deepEqual(
    lines.map(({ what }) => what),
    ['undo', 'restore'],
  );
});

test('a PC that is not connected opens the page and says so', async () => {
  await old.state.remove('enrollment');
  const { system, config, out } = old;
  await using page = await opened({ ...agentOn({ system, config, out }), out });

  const shown = await page.ask({ path: '/settings' });
  const view = await page.own({ path: '/api/settings' });

  assert.equal(shown.status, 200);
  assert.equal(JSON.parse(view.text).error.code, 'notEnrolled');
});

test('settings says which file opens the page, never the key; the file opens it once and is gone', async () => {
  const root = desktops[0]?.system.home ?? '';
  const { promise: saying, resolve: say } = Promise.withResolvers<{ address: string; file: string; opened: boolean }>();
  const out = { ...old.out, json: (value: unknown) => say(value as Awaited<typeof saying>) };
  const agent = { ...old, out, config: { ...old.config, pagesFolder: await builtPages(root) } };
  const refused = assert.rejects(settings(['--no-window', '--json'], agent), {
    code: 'accessDenied',
    inner: 'keyUsedTwice',
  });
  const said = await saying;
  const content = await readFile(said.file, 'utf8');
  const key = /value="([\w-]{43})"/.exec(content)?.[1] ?? '';

  assert.ok(key !== '' && !JSON.stringify(said).includes(key));
  assert.equal(said.opened, false);
  assert.equal((await stat(said.file)).mode & 0o777, 0o600);
  assert.equal((await stat(said.file.slice(0, said.file.lastIndexOf('/')))).mode & 0o777, 0o700);

  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'null' };
  const start = { method: 'POST', path: '/start', headers: form, body: `token=${key}` };
  assert.equal((await asking(said.address, start)).status, 303);
  assert.equal((await asking(said.address, start)).status, 403);
  await refused;
  await assert.rejects(stat(said.file.slice(0, said.file.lastIndexOf('/'))), { code: 'ENOENT' });
});
