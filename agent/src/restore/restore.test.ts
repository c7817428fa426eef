import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { zstdCompressSync } from 'node:zlib';
import { countsOf } from '@carryover/model/report';
import { blobPath, contentsOf, fill } from '../../testing/drawer.ts';
import { dumpOf, type MemoryService, serviceFrom } from '../../testing/memory-service.ts';
import {
  drawers,
  NEW,
  OLD,
  OLD_PROFILE,
  PICTURE,
  restoreInput,
  serviceWithBackup,
} from '../../testing/restore-story.ts';
import { type WatchedSystem, watchedSystem } from '../../testing/watched-system.ts';
import { forgetOld } from './journal.ts';
import { resendReports } from './report.ts';
import { goOn, plan, restore, stoppedRestore, takeBack, undoPreview } from './restore.ts';

const EVERYTHING = { only: [], skip: [] };
const STOPPED_RESTORE = fileURLToPath(new URL('../../testing/stopped-restore.ts', import.meta.url));

let folder: string;
let system: WatchedSystem;
let service: MemoryService;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carryover-restore-'));
  const old = watchedSystem(homeOf('old'));
  service = await serviceWithBackup(old);
  system = await newDevice('new');
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

/** Every setting, file and picture of a device, byte for byte. */
function dumpOfDevice(home: string): Record<string, string> {
  const drawer = join(home, 'drawers');
  return Object.fromEntries(readdirSync(drawer).map((name) => [name, readFileSync(join(drawer, name), 'base64')]));
}

async function restored(
  selection: Parameters<typeof plan>[2] = EVERYTHING,
  over: Parameters<typeof restoreInput>[2] = {},
) {
  const input = restoreInput(system, service, over);
  return restore(input, await plan(input, 'recommended', selection));
}

test('a plan says of every item what it is, what it will be, or why it stays, and changes nothing', async () => {
  const { items } = await plan(restoreInput(system, service), 'aue-lt-0417', EVERYTHING);

  assert.deepEqual(
    items.map(({ id, step, reason }) => [id, step, reason?.code]),
    [
      ['bookmarks', 'change', undefined],
      ['wallpaper', 'change', undefined],
      ['textSize', 'same', undefined],
      ['accent', 'change', undefined],
      ['monitor', 'leave', 'deviceBound'],
      ['shortcut', 'change', undefined],
      ['startup', 'leave', 'runsCode'],
      ['theme', 'change', undefined],
      ['apps.flatpak/org.example.Gone', 'change', undefined],
      ['apps.flatpak/org.example.Maps', 'change', undefined],
    ],
  );
  assert.deepEqual([items[7]?.now, items[7]?.will], ['"\'light\'"', 'dark']);
  assert.deepEqual(system.changes, []);
  assert.equal(service.sessions.size, 0);
});

test('a restore brings everything over and reports each item', async () => {
  const { items, undoValues, reported } = await restored();

  const { startup: _, monitor: __, ...carried } = OLD;
  assert.deepEqual(await contentsOf(system, 'dconf'), carried);
  assert.deepEqual(Buffer.from((await system.readFile(blobPath(system, 'dconf', 'wallpaper'))) ?? []), PICTURE);
  assert.deepEqual(pick(countsOf(items)), { applied: 6, unchanged: 1, skipped: 2, failed: 1 });
  assert.equal(items.find(({ status }) => status === 'failed')?.reason?.code, 'appNotOffered');
  assert.equal(undoValues, 5);
  assert.equal(reported, true);
  const [session] = service.sessions.values();
  assert.equal(session?.choice.profileId, OLD_PROFILE);
  assert.equal(session?.reports[0]?.items.length, items.length);
});

function pick(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

test('choice, then undo point, then the first change: in this order on disk', async () => {
  await restored();

  const own = system.changes.map((change) => change.replace(`${system.stateFolder}/restores/`, ''));
  const first = own.findIndex((change) => change.includes('/drawers/'));
  assert.equal(own[0], 'write 000001.choice.json');
  assert.equal(own[1], 'append 000001.journal.jsonl');
  assert.ok(own.indexOf('write 000001.undo.json') > 1);
  assert.ok(own.indexOf('write 000001.undo.json') < first);
});

test('an undo point can be read by the person alone', async () => {
  await restored();

  const files = join(system.stateFolder, 'restores');
  for (const name of readdirSync(files)) assert.equal(statSync(join(files, name)).mode & 0o777, 0o600, name);
});

test('only what is named comes over, also what is off by default', async () => {
  const { items } = await restored({ only: ['startup', 'accessibility'], skip: [] });

  assert.deepEqual((await contentsOf(system, 'dconf'))['startup'], OLD['startup']);
  assert.equal(items.find(({ id }) => id === 'theme')?.reason?.code, 'leftOut');
});

test('what is skipped stays', async () => {
  await restored({ only: [], skip: ['theme', 'apps'] });

  const contents = await contentsOf(system, 'dconf');
  assert.equal(contents['theme'], NEW['theme']);
  assert.equal(contents['accent'], OLD['accent']);
});

test('a locked item is reported with who locked it, and the others go on', async () => {
  const { items } = await restored(EVERYTHING, { mechanisms: drawers(['theme']) });

  const locked = items.find(({ id }) => id === 'theme');
  assert.deepEqual([locked?.status, locked?.reason?.code], ['lockedByPolicy', 'lockedByPolicy']);
  assert.equal((await contentsOf(system, 'dconf'))['theme'], NEW['theme']);
});

test('restore that is switched off names the reason and asks for nothing', async () => {
  service.policy = { ...service.policy, restoreEnabled: false };

  await assert.rejects(plan(restoreInput(system, service), 'recommended', EVERYTHING), {
    code: 'notAllowed',
    details: { reasons: [{ code: 'restoreNotSwitchedOn', facts: { org: 'Auental County' } }] },
  });
  assert.deepEqual(
    service.requests.filter((name) => name !== 'putSnapshot'),
    [],
  );
});

test('restore that is switched off between plan and choice changes nothing', async () => {
  const input = restoreInput(system, service);
  const chosen = await plan(input, 'recommended', EVERYTHING);
  service.policy = { ...service.policy, restoreEnabled: false };

  await assert.rejects(restore(input, chosen), { code: 'accessDenied' });

  assert.deepEqual(await contentsOf(system, 'dconf'), NEW);
  assert.equal(await stoppedRestore(system), undefined);
});

test('a category that is withheld is not offered from an old backup', async () => {
  service.preferences = { accessibility: 'off' };

  const { items } = await plan(restoreInput(system, service), 'recommended', EVERYTHING);

  assert.equal(items.find(({ id }) => id === 'textSize')?.step, 'leave');
});

test('a damaged unit costs its own items only', async () => {
  const unit = service.profiles
    .get(OLD_PROFILE)
    ?.snapshots[0]?.head.manifest.units.find(({ payloadType }) => payloadType === 'carryover.personalization');
  assert.ok(unit);
  for (const damage of [
    Buffer.from('not zstd at all'),
    zstdCompressSync(Buffer.from('{"format":1,"platform":"linux","values":{"theme":{"raw":"\'evil\'"}}}')),
    zstdCompressSync(Buffer.alloc(2 * 1024 * 1024)),
  ]) {
    service.contents.set(unit.contentId, damage);
    const { items } = await plan(restoreInput(system, service), 'recommended', EVERYTHING);
    const damaged = items.find(({ id }) => id === 'carryover.personalization');
    assert.deepEqual([damaged?.status, damaged?.reason?.code], ['failed', 'damaged']);
    assert.ok(!items.some(({ id }) => id === 'theme'));
    assert.equal(items.find(({ id }) => id === 'wallpaper')?.step, 'change');
  }
});

test('a damaged picture fails, is not written, and the file before it is still applied', async () => {
  const unit = service.profiles
    .get(OLD_PROFILE)
    ?.snapshots[0]?.head.manifest.units.find(({ blobs }) => blobs.length > 0);
  service.contents.set(unit?.blobs[0]?.blobId ?? '', Buffer.from('something else'));

  const { items } = await restored();

  assert.equal(items.find(({ id }) => id === 'wallpaper')?.status, 'failed');
  assert.equal(await system.readFile(blobPath(system, 'dconf', 'wallpaper')), undefined);
  assert.equal(items.find(({ id }) => id === 'bookmarks')?.status, 'applied');
});

test('undo brings back exactly what was there', async () => {
  const before = dumpOfDevice(system.home);
  await restored();
  assert.notDeepEqual(dumpOfDevice(system.home), before);

  const input = restoreInput(system, service);
  const preview = await undoPreview(input);
  const result = await takeBack(input, preview.journal);

  assert.deepEqual([preview.back, preview.kept, preview.apps], [5, [], 1]);
  assert.deepEqual([result.back, result.kept, result.failed], [5, [], []]);
  assert.deepEqual(sansEmpty(dumpOfDevice(system.home)), before);
  const [session] = service.sessions.values();
  assert.deepEqual(
    session?.reports.map(({ undone }) => undone),
    [false, true],
  );
});

/** A drawer that is empty again is as good as none. */
function sansEmpty(dump: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(dump).filter(([, content]) => content !== Buffer.from('{}').toString('base64')),
  );
}

test('undo keeps what the person changed since, and names it', async () => {
  await restored();
  await fill(system, 'dconf', { ...(await contentsOf(system, 'dconf')), accent: "'green'" });

  const input = restoreInput(system, service);
  const preview = await undoPreview(input);
  const result = await takeBack(input, preview.journal);

  assert.deepEqual(preview.kept, ['accent']);
  assert.deepEqual(result.kept, ['accent']);
  assert.deepEqual(await contentsOf(system, 'dconf'), { ...NEW, accent: "'green'" });
});

test('a restore is undone once, then the one before it', async () => {
  await restored({ only: ['theme'], skip: [] });
  await restored({ only: ['accent'], skip: [] });

  const input = restoreInput(system, service);
  await takeBack(input, (await undoPreview(input)).journal);
  assert.deepEqual(await contentsOf(system, 'dconf'), { ...NEW, theme: OLD['theme'] });
  await takeBack(input, (await undoPreview(input)).journal);

  assert.deepEqual(await contentsOf(system, 'dconf'), NEW);
  await assert.rejects(undoPreview(input), { code: 'itemNotFound' });
});

test('an undo point is kept for 30 days and then leaves nothing behind', async () => {
  await restored();
  const now = system.now();

  await forgetOld(system, now.add({ hours: 24 * 29 }));
  assert.ok(existsSync(join(system.stateFolder, 'restores/000001.undo.json')));
  await forgetOld(system, now.add({ hours: 24 * 31 }));

  assert.deepEqual(readdirSync(join(system.stateFolder, 'restores')), []);
});

test('a report that cannot be sent goes with a later run, once', async () => {
  const input = restoreInput(system, service);
  const chosen = await plan(input, 'recommended', EVERYTHING);
  const offlineAtTheEnd = {
    ...input,
    client: {
      ...input.client,
      reportRestore: async () => {
        service.offline = true;
        return input.client.reportRestore('', { items: [], durationMs: 0, finished: true, undone: false });
      },
    },
  };

  const { reported } = await restore(offlineAtTheEnd, chosen);
  assert.equal(reported, false);
  assert.equal(await resendReports(system, input.client), 0);
  service.offline = false;

  assert.equal(await resendReports(system, input.client), 1);
  assert.equal(await resendReports(system, input.client), 0);
  assert.equal([...service.sessions.values()][0]?.reports.length, 1);
});

test('a service that cannot be told of the choice means that nothing is changed and nothing waits', async () => {
  const input = restoreInput(system, service);
  const chosen = await plan(input, 'recommended', EVERYTHING);
  service.offline = true;

  await assert.rejects(restore(input, chosen), { code: 'serviceUnreachable' });

  assert.deepEqual(await contentsOf(system, 'dconf'), NEW);
  assert.equal(await stoppedRestore(system), undefined);
});

test('a mechanism that fails as a whole fails its items, and apps still come over', async () => {
  const [files, dconf] = drawers();
  const broken = { ...dconf, apply: () => Promise.reject(new Error('dconf is missing')) };

  const { items } = await restored(EVERYTHING, { mechanisms: [files, broken] });

  assert.equal(items.find(({ id }) => id === 'theme')?.reason?.facts?.['detail'], 'dconf is missing');
  assert.equal(items.find(({ id }) => id === 'apps.flatpak/org.example.Maps')?.status, 'applied');
});

test('a journal line cut off by a power cut is passed over, and the next one is whole', async () => {
  await restored();
  const path = join(system.stateFolder, 'restores/000001.journal.jsonl');
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, `${lines.slice(0, 3).join('\n')}\n{"event":"en`);

  const journal = await stoppedRestore(system);
  assert.ok(journal);
  await goOn(restoreInput(system, service), journal);

  assert.equal(await stoppedRestore(system), undefined);
});

async function stoppedAt(change: number): Promise<{ stopped: boolean; changes: string[] }> {
  const serviceFile = join(folder, `service-${change}.json`);
  const changesFile = join(folder, `changes-${change}`);
  writeFileSync(serviceFile, dumpOf(service));
  writeFileSync(changesFile, '');
  const args = [STOPPED_RESTORE, system.home, serviceFile, changesFile, String(change)];
  const signal = await new Promise<string | undefined>((resolve, reject) => {
    execFile(process.execPath, args, (error, _, stderr) => {
      if (error !== null && error.signal === null) reject(new Error(stderr, { cause: error }));
      else resolve(error?.signal ?? undefined);
    });
  });
  service = serviceFrom(readFileSync(serviceFile, 'utf8'));
  return { stopped: signal === 'SIGKILL', changes: readFileSync(changesFile, 'utf8').split('\n').slice(0, -1) };
}

test('a restore killed before any of its changes is undone exactly, or finishes on the next run with nothing twice', async () => {
  const fresh = dumpOf(service);
  let kills = 0;
  for (let change = 0; ; change += 1) {
    service = serviceFrom(fresh);
    system = await newDevice(`new-${change}`);
    const before = dumpOfDevice(system.home);
    const { stopped, changes } = await stoppedAt(change);
    if (!stopped) break;
    kills += 1;
    await undoneInstead(change, changes, before);

    const input = restoreInput(system, service);
    const journal = await stoppedRestore(system);
    // Killed before the choice was written: there is nothing to go on with. After the end: only the report is missing.
    if (journal === undefined && changes.length === 0) await restored();
    else if (journal === undefined) await resendReports(system, input.client);
    else await goOn(input, journal);
    const reports = [...service.sessions.values()].flatMap((session) => session.reports);
    const items = reports.at(-1)?.items ?? [];

    const context = `killed before change ${change}`;
    assert.deepEqual(pick(countsOf(items)), { applied: 6, unchanged: 1, skipped: 2, failed: 1 }, context);
    assert.equal((await contentsOf(system, 'dconf'))['theme'], OLD['theme'], context);
    const made = [...changes, ...system.changes];
    const times = (end: string) => made.filter((one) => one.endsWith(end)).length;
    assert.equal(times('/drawers/dconf.json'), 1, context);
    assert.equal(times('/drawers/files.json'), 1, context);
    assert.equal(made.filter((one) => one.includes('/apps/')).length, 1, context);
    assert.equal(await stoppedRestore(system), undefined, context);
    assert.equal([...service.sessions.values()].filter(({ reports }) => reports.length > 0).length, 1, context);

    await takeBack(input, (await undoPreview(input)).journal);
    assert.deepEqual(sansEmpty(dumpOfDevice(system.home)), before, context);
  }
  assert.ok(kills > 12, `${kills} places to be killed at`);
});

/** On a copy of the device as the kill left it. */
async function undoneInstead(change: number, changes: readonly string[], before: object): Promise<void> {
  if (!changes.some((one) => one.includes('/drawers/'))) return;
  const copy = watchedSystem(homeOf(`undone-${change}`));
  cpSync(system.home, copy.home, { recursive: true });
  const input = restoreInput(copy, serviceFrom(dumpOf(service)));

  const { kept } = await takeBack(input, (await undoPreview(input)).journal);

  assert.deepEqual(kept, [], `killed before change ${change}`);
  assert.deepEqual(sansOrphans(sansEmpty(dumpOfDevice(copy.home))), before, `killed before change ${change}`);
  assert.equal(await stoppedRestore(copy), undefined);
}

/** The picture's content may have been written while the setting that names it was not: nothing refers to it. */
function sansOrphans(dump: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(dump).filter(([name]) => name !== 'dconf-wallpaper'));
}
