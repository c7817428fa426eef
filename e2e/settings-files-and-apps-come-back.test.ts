/**
 * The main story: what a person has set on one device is on another, judged by other programs than ours: `dconf dump`,
 * `flatpak list`, the bytes of files, and Graph.
 */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import type { ReportItem } from '../model/src/report.ts';
import type { Device } from './testing/device.ts';
import { flatpakRepository } from './testing/flatpak-repository.ts';
import { type Furnished, furnish, NEVER_TRAVELS } from './testing/furnish.ts';
import { contentsOf, listingOf } from './testing/listing.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';

const STATE_FOLDER = '.local/state/carryover';

/** dconf keys of the old device that a restore leaves out, each for a reason that the catalog gives. */
const STAYS_BEHIND = {
  'belongs to the old device': [
    'org/gnome/desktop/input-sources/mru-sources',
    'org/gnome/nautilus/window-state/initial-size',
    'org/gnome/settings-daemon/plugins/color/night-light-last-coordinates',
    'org/gnome/shell/command-history',
    'system/proxy/http/authentication-password',
  ],
  'no longer read by Files': ['org/gnome/nautilus/preferences/show-hidden-files'],
  'reaches the network': [
    'system/proxy/http/host',
    'system/proxy/http/port',
    'system/proxy/ignore-hosts',
    'system/proxy/mode',
  ],
  'runs programs': [
    'org/gnome/settings-daemon/plugins/media-keys/custom-keybindings',
    'org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/custom0/binding',
    'org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/custom0/command',
    'org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/custom0/name',
  ],
};

/** Keys that some desktops have and others no longer, with the schema that would describe them. */
const NOT_EVERYWHERE = {
  'org/gtk/settings/file-chooser/show-hidden': 'org.gtk.Settings.FileChooser',
  'org/gtk/settings/file-chooser/sort-directories-first': 'org.gtk.Settings.FileChooser',
};

/** Files that start programs or decide which do. */
const FILES_STAY_BEHIND = ['.config/autostart/org.example.Notes.desktop', '.config/mimeapps.list', '.ssh/id_ed25519'];

let story: Story;
let [old, fresh]: [Device | undefined, Device | undefined] = [undefined, undefined];
let furnished: Furnished;
let restored: Restored;

interface Restored {
  readonly counts: Readonly<Record<string, number>>;
  readonly items: readonly ReportItem[];
  readonly reported: boolean;
}

before(async () => {
  story = await aStory();
  old = await story.enrolled('old-pc');
  furnished = await furnish(old);
});
after(() => story.remove());

test('a backup of a lived-in desktop leaves the home as it was', async () => {
  const device = needed(old);
  const unwatched = { without: [STATE_FOLDER] };
  const earlier = await listingOf(device.home, unwatched);

  const first = await device.agent('backup');
  const again = await device.agent('backup', '--json');

  assert.match(succeeded(first), /Backed up/);
  assert.equal(jsonOf<{ unchanged: boolean }>(again).unchanged, true);
  assert.deepEqual(await listingOf(device.home, unwatched), earlier);
});

test('a restore on another device brings everything over that may travel', async () => {
  fresh = await story.enrolled('new-pc');
  // What IT prepares on a new device: the place its apps come from.
  const { url } = await flatpakRepository();
  await fresh.must('flatpak', ['remote-add', '--user', '--no-gpg-verify', furnished.remote, url]);

  const ran = await fresh.agent('restore', 'old-pc', '--yes', '--json');

  succeeded(ran);
  restored = jsonOf<Restored>(ran);
  assert.equal(restored.counts['failed'], 0);
  assert.equal(restored.reported, true);
});

test('dconf holds on both devices what may travel, and nothing else came over', async () => {
  const [source, target] = [needed(old), needed(fresh)];
  const stays = new Set([...Object.values(STAYS_BEHIND).flat(), ...(await unknownOn(target))]);
  const was = keysOf(await source.dconfDump());
  const missing = [...stays].filter((key) => !was.has(key));
  const wanted = [...was]
    .filter(([key]) => !stays.has(key))
    .map(([key, value]): [string, string] => [key, value.replaceAll(source.home, target.home)]);

  assert.deepEqual(missing, []);
  assert.ok(wanted.length > 80, `${wanted.length} keys`);
  assert.deepEqual([...keysOf(await target.dconfDump())].toSorted(), wanted.toSorted());
});

test('files are there byte for byte, with the home in them replaced', async () => {
  const [source, target] = [needed(old), needed(fresh)];
  const [was, is] = [await contentsOf(source.home), await contentsOf(target.home)];
  const travels = furnished.files.filter((path) => !FILES_STAY_BEHIND.includes(path));

  assert.deepEqual(
    travels.map((path) => [path, is.get(path)?.toString()]),
    travels.map((path) => [path, was.get(path)?.toString().replaceAll(source.home, target.home)]),
  );
  assert.deepEqual(
    FILES_STAY_BEHIND.filter((path) => !was.has(path) || is.has(path)),
    [],
  );
});

test('the pictures that the desktop shows are the same', async () => {
  const [source, target] = [needed(old), needed(fresh)];
  for (const key of ['picture-uri', 'picture-uri-dark']) {
    const shown = async (device: Device) => {
      const uri = await device.must('gsettings', ['get', 'org.gnome.desktop.background', key]);
      return readFile(new URL(uri.trim().slice(1, -1)));
    };

    assert.deepEqual(await shown(target), await shown(source), key);
  }
});

test('the apps are installed from where they came from', async () => {
  const list = (device: Device) =>
    device.must('flatpak', ['list', '--user', '--app', '--columns=application,version,origin']);
  const wanted = furnished.apps.map(({ id, version }) => `${id}\t${version}\t${furnished.remote}`);

  assert.deepEqual((await list(needed(fresh))).trim().split('\n').toSorted(), wanted.toSorted());
});

test('everything that stayed behind is named with its reason', () => {
  const left = restored.items.filter(({ status }) => status !== 'applied' && status !== 'unchanged');

  assert.ok(left.length > 5);
  assert.deepEqual(
    left.filter(({ reason }) => reason === undefined),
    [],
  );
});

test('the report lies at the service, item by item', () => {
  const db = new DatabaseSync(join(story.folder, 'data', 'carryover.db'), { readOnly: true });
  try {
    const sessions = db.prepare('select outcome, finished_at from restore_sessions').all();
    const counted = db.prepare('select status, count(*) as number from restore_items group by status').all();

    assert.deepEqual(
      sessions.map(({ outcome, finished_at: at }) => [outcome, at !== null]),
      [['succeeded', true]],
    );
    assert.deepEqual(
      Object.fromEntries(counted.map(({ status, number }) => [status, number])),
      Object.fromEntries(Object.entries(restored.counts).filter(([, number]) => number > 0)),
    );
  } finally {
    db.close();
  }
});

test('Graph shows the profile and its settings to the person, and nothing that must not travel', async () => {
  const graph = await story.graph();
  const { value } = (await (await graph.fetch('/v1.0/me/settings/windows')).json()) as { value: WindowsSetting[] };
  const payloads = value.map(({ payloadType, instances: [instance] }) => ({
    payloadType,
    text: Buffer.from(instance?.payload ?? '', 'base64').toString(),
  }));
  const all = payloads.map(({ text }) => text).join('\n');

  assert.match(payloads.find(({ payloadType }) => /deviceprofile/i.test(payloadType))?.text ?? '', /"old-pc"/);
  assert.match(all, /#26a269/);
  assert.deepEqual(
    NEVER_TRAVELS.filter((secret) => all.includes(secret)),
    [],
  );
});

test('what must never travel is nowhere but where it was', async () => {
  const places = {
    old: await contentsOf(needed(old).home),
    new: await contentsOf(needed(fresh).home),
    service: await contentsOf(story.folder),
  };
  const holds = (files: ReadonlyMap<string, Buffer>) =>
    NEVER_TRAVELS.filter((secret) => [...files].some(([, bytes]) => bytes.includes(secret)));

  assert.ok([...places.service.keys()].some((path) => path.endsWith('carryover.db')));
  assert.ok(holds(places.old).length > 0);
  assert.deepEqual(holds(places.new), []);
  assert.deepEqual(holds(places.service), []);
});

test('no value, file name or app of the person is readable in the databases or logs of the service', async () => {
  const files = await contentsOf(story.folder);
  const values = ['#26a269', 'Source Code Pro', 'sleep-inactive-ac-type', 'my fonts'];
  const names = [...furnished.files, ...furnished.images].map((path) => basename(path));
  const readable = [...values, ...names, ...furnished.apps.map(({ id }) => id)];

  assert.deepEqual(
    readable.filter((text) => [...files].some(([, bytes]) => bytes.includes(text))),
    [],
  );
});

test('undo brings the new device back to what it was', async () => {
  const device = needed(fresh);

  succeeded(await device.agent('undo', '--yes'));

  assert.equal(await device.dconfDump(), '');
  const left = furnished.files.filter((path) => !FILES_STAY_BEHIND.includes(path));
  const is = await contentsOf(device.home);
  assert.deepEqual(
    left.filter((path) => is.has(path)),
    [],
  );
});

interface WindowsSetting {
  readonly payloadType: string;
  readonly instances: readonly { readonly payload: string }[];
}

function needed(device: Device | undefined): Device {
  assert.ok(device, 'an earlier test made no device');
  return device;
}

/** Keys of NOT_EVERYWHERE that the desktop of this device does not have. */
async function unknownOn(device: Device): Promise<string[]> {
  const answers = Object.entries(NOT_EVERYWHERE).map(async ([path, schema]) => {
    const { stdout } = await device.run('gsettings', ['list-keys', schema]);
    return stdout.split('\n').includes(path.split('/').at(-1) ?? '') ? [] : [path];
  });
  return (await Promise.all(answers)).flat();
}

/** A keyfile as one value a path. */
function keysOf(dump: string): Map<string, string> {
  const keys = new Map<string, string>();
  let folder = '';
  for (const line of dump.split('\n')) {
    const [, name] = /^\[(.*)\]$/.exec(line) ?? [];
    if (name !== undefined) folder = name;
    else if (line !== '') keys.set(`${folder}/${line.slice(0, line.indexOf('='))}`, line.slice(line.indexOf('=') + 1));
  }
  return keys;
}
