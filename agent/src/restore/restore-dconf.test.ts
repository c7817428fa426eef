import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Catalog } from '@carryover/model/setting';
import compiled from '../../../catalog/catalog.json' with { type: 'json' };
import { type Desktop, desktop } from '../../testing/desktop.ts';
import { type MemoryService, memoryService } from '../../testing/memory-service.ts';
import { memoryState } from '../../testing/memory-state.ts';
import { FACTS, fileApps, NEW_PROFILE, OLD_PROFILE } from '../../testing/restore-story.ts';
import { type WatchedSystem, watched } from '../../testing/watched-system.ts';
import { type BackupReport, backup } from '../capture/capture.ts';
import { dconf } from '../settings/dconf.ts';
import { file } from '../settings/file.ts';
import { plan, type RestoreInput, restore, takeBack, undoPreview } from './restore.ts';

const CATALOG = compiled as unknown as Catalog;
const MECHANISMS = [file, dconf];
const PICTURE = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(2000, 7)]);

const OLD_SETTINGS = (home: string) => `[org/gnome/desktop/interface]
clock-show-seconds=true
color-scheme='prefer-dark'
font-name='Cantarell 12'

[org/gnome/desktop/peripherals/mouse]
left-handed=true
speed=0.25

[org/gnome/desktop/background]
picture-uri='file://${home}/Pictures/lofoten.jpg'

[org/gnome/shell]
favorite-apps=['org.gnome.Nautilus.desktop', 'org.gnome.Terminal.desktop']
`;

async function withDesktops(
  work: (old: Desktop, fresh: Desktop, service: MemoryService) => Promise<void>,
): Promise<void> {
  const [old, fresh] = await Promise.all([desktop(), desktop()]);
  try {
    await old.system.writeFile(`${old.home}/Pictures/lofoten.jpg`, PICTURE, 0o644);
    await old.system.writeFile(`${old.home}/.config/gtk-3.0/bookmarks`, `file://${old.home}/Projects\n`, 0o644);
    await old.load(OLD_SETTINGS(old.home));
    await fresh.load("[org/gnome/desktop/interface]\ncolor-scheme='default'\nenable-hot-corners=false\n");
    await work(old, fresh, memoryService());
  } finally {
    await Promise.all([old.close(), fresh.close()]);
  }
}

function backUp(system: WatchedSystem, service: MemoryService, state = memoryState()): Promise<BackupReport> {
  const client = service.clientOf(OLD_PROFILE);
  return backup({
    system,
    state,
    client,
    agentVersion: '0.1.0',
    catalogFingerprint: CATALOG.version,
    device: async () => FACTS,
    readers: async () => ({
      catalog: CATALOG,
      mechanisms: MECHANISMS,
      apps: { read: async () => ({ items: [], failures: [] }), watched: async () => [] },
    }),
    checkIn: async () => {
      const checkIn = service.checkIn(OLD_PROFILE);
      await state.write('service', { checkIn, clockOffsetMs: 0, checkedInAt: checkIn.now });
      return checkIn;
    },
  });
}

function inputFor(system: WatchedSystem, service: MemoryService): RestoreInput {
  return {
    system,
    client: service.clientOf(NEW_PROFILE),
    checkIn: service.checkIn(NEW_PROFILE),
    device: FACTS,
    catalog: CATALOG,
    mechanisms: MECHANISMS,
    apps: fileApps(system),
    language: 'en',
    organization: 'Auental County',
  };
}

/** Every file below a folder with its size and time of change, without Carryover's own. */
function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.includes('/.local'))
    .map((path) => {
      const { size, mtimeMs, ctimeMs } = statSync(path);
      return `${path} ${size} ${mtimeMs} ${ctimeMs}`;
    })
    .toSorted();
}

test('what an administrator locked stays as it is, and the reason names the organization', async () => {
  await withDesktops(async (old, _, service) => {
    const key = '/org/gnome/desktop/interface/color-scheme';
    const values = "[org/gnome/desktop/interface]\ncolor-scheme='default'\n";
    const managed = await desktop({ administrator: { values, locks: [key] } });
    try {
      await backUp(watched(old.system), service);
      const input = inputFor(watched(managed.system), service);

      const { items } = await plan(input, 'recommended', { only: [], skip: [] });

      const locked = items.filter(({ reason }) => reason?.code === 'lockedByPolicy');
      assert.deepEqual(
        locked.map(({ step, reason }) => [step, reason?.facts]),
        [['leave', { policy: `dconf ${key}`, org: 'Auental County' }]],
      );
    } finally {
      await managed.close();
    }
  });
});

test('a capture of a real desktop changes nothing outside the state folder, and a second one starts no process', async () => {
  await withDesktops(async (old, _, service) => {
    const before = listing(old.home);
    const system = watched(old.system);
    const state = memoryState();

    const first = await backUp(system, service, state);
    const runs = system.runs.length;
    const second = await backUp(system, service, state);

    assert.deepEqual(listing(old.home), before);
    assert.deepEqual(first.failures, []);
    assert.ok(first.settingCount >= 7, `${first.settingCount} settings`);
    assert.equal(second.unchanged, true);
    assert.equal(system.runs.length, runs);
    assert.deepEqual(
      system.changes.filter((change) => !change.includes(old.system.stateFolder) && !change.startsWith('run dconf')),
      [],
    );
  });
});

test('a setting changed by hand is noticed by the next capture', async () => {
  await withDesktops(async (old, _, service) => {
    const system = watched(old.system);
    const state = memoryState();
    await backUp(system, service, state);
    await old.load('[org/gnome/desktop/peripherals/mouse]\nspeed=-0.5\n');

    const report = await backUp(system, service, state);

    assert.equal(report.unchanged, false);
    assert.equal(report.sentUnits.length, 1);
  });
});

test('a picture that is replaced under its name is noticed, though no setting changed', async () => {
  await withDesktops(async (old, _, service) => {
    const system = watched(old.system);
    const state = memoryState();
    await backUp(system, service, state);
    await old.system.writeFile(`${old.home}/Pictures/lofoten.jpg`, Buffer.concat([PICTURE, PICTURE]), 0o644);

    const report = await backUp(system, service, state);

    assert.deepEqual(report.sentUnits, ['carryover.background']);
  });
});

test('what an old desktop had is on a new one, with one dconf load, and undo brings the exact former dump back', async () => {
  await withDesktops(async (old, fresh, service) => {
    await backUp(watched(old.system), service);
    const before = await fresh.dump();
    const system = watched(fresh.system);
    const input = inputFor(system, service);

    const { items } = await restore(input, await plan(input, 'recommended', { only: [], skip: [] }));

    assert.deepEqual(
      items.filter(({ status }) => status === 'failed'),
      [],
    );
    const after = await fresh.dump();
    for (const line of ["color-scheme='prefer-dark'", 'speed=0.25', 'left-handed=true', "font-name='Cantarell 12'"])
      assert.ok(after.includes(line), line);
    const [, picture] = /picture-uri='file:\/\/([^']+)'/.exec(after) ?? [];
    assert.deepEqual(readFileSync(picture ?? ''), PICTURE);
    const bookmarks = readFileSync(join(fresh.home, '.config/gtk-3.0/bookmarks'), 'utf8');
    assert.equal(bookmarks, `file://${fresh.home}/Projects\n`);
    assert.equal(system.runs.filter((run) => run.includes('dconf load')).length, 1);

    const { kept, failed } = await takeBack(input, (await undoPreview(input)).journal);

    assert.deepEqual([kept, failed], [[], []]);
    assert.equal(await fresh.dump(), before);
    assert.equal(await fresh.system.facts(join(fresh.home, '.config/gtk-3.0/bookmarks')), undefined);
  });
});

test('undo keeps a real setting that the person changed since', async () => {
  await withDesktops(async (old, fresh, service) => {
    await backUp(watched(old.system), service);
    const input = inputFor(watched(fresh.system), service);
    await restore(input, await plan(input, 'recommended', { only: [], skip: [] }));
    await fresh.load("[org/gnome/desktop/interface]\nfont-name='Inter 11'\n");

    const { kept } = await takeBack(input, (await undoPreview(input)).journal);

    assert.equal(kept.length, 1);
    const after = await fresh.dump();
    assert.ok(after.includes("font-name='Inter 11'"));
    assert.ok(after.includes("color-scheme='default'"));
  });
});
