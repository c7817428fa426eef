/** What a restore may not bring, or cannot: each item is left alone with its reason, and the rest comes over all the same. */

import assert from 'node:assert/strict';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import type { ReportItem } from '../model/src/report.ts';
import type { PlanItem } from '../model/src/restore-plan.ts';
import type { Device } from './testing/device.ts';
import { type FlatpakRepository, flatpakRepository } from './testing/flatpak-repository.ts';
import { type Furnished, furnish } from './testing/furnish.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';

const PARTLY_DONE = 15;
const LOCKED_KEY = '/org/gnome/desktop/interface/clock-format';

let story: Story;
let repository: FlatpakRepository;
let furnished: Furnished;
let fresh: Device;
let restored: { readonly exit: number; readonly items: readonly ReportItem[]; readonly counts: Record<string, number> };

before(async () => {
  story = await aStory();
  repository = await ownRepository();
  const old = await story.enrolled('old-pc');
  furnished = await furnish(old, { repository });
  succeeded(await old.agent('backup'));

  fresh = await story.device('new-pc', { env: { DCONF_PROFILE: join(story.folder, 'dconf-profile') } });
  await lock(fresh);
  await withdraw(fresh, 'org.example.Drawing');
  await fresh.must('flatpak', ['remote-add', '--user', '--no-gpg-verify', furnished.remote, repository.url]);
  succeeded(await fresh.agent('enroll', story.organization.link));
});
after(() => story.remove());

test('a plan says what the administrator has locked, and why', async () => {
  const { items } = jsonOf<{ items: readonly PlanItem[] }>(await fresh.agent('plan', 'old-pc', '--json'));

  const locked = items.filter(({ status }) => status === 'lockedByPolicy');
  assert.equal(locked.length, 1);
  const [{ step, reason } = {}] = locked;
  assert.equal(step, 'leave');
  assert.deepEqual([reason?.code, reason?.facts?.['policy']], ['lockedByPolicy', `dconf ${LOCKED_KEY}`]);
});

test('a restore leaves the locked key and the withdrawn app, and brings everything else', async () => {
  const ran = await fresh.agent('restore', 'old-pc', '--yes', '--json');
  restored = { ...jsonOf<typeof restored>(ran), exit: ran.exit };

  const said = Object.fromEntries(
    restored.items
      .filter(({ status }) => status === 'lockedByPolicy' || status === 'failed')
      .map(({ status, reason, title }) => [reason?.code, [status, title]]),
  );
  assert.equal(said['lockedByPolicy']?.[0], 'lockedByPolicy');
  assert.deepEqual(said['appNotOffered'], ['failed', 'Drawing']);
  assert.equal(Object.keys(said).length, 2);
  assert.equal(restored.exit, PARTLY_DONE);
  assert.ok((restored.counts['applied'] ?? 0) > 80);
});

test('the desktop keeps what the administrator set, and the other apps are installed', async () => {
  const format = await fresh.must('gsettings', ['get', 'org.gnome.desktop.interface', 'clock-format']);
  const apps = await fresh.must('flatpak', ['list', '--user', '--app', '--columns=application']);
  const wanted = furnished.apps.map(({ id }) => id).filter((id) => id !== 'org.example.Drawing');

  assert.equal(format.trim(), "'24h'");
  assert.doesNotMatch(await fresh.dconfDump(), /clock-format/);
  assert.match(await fresh.dconfDump(), /clock-show-seconds=true/);
  assert.deepEqual(apps.trim().split('\n').toSorted(), wanted.toSorted());
});

test('the service has the reasons too', () => {
  const db = new DatabaseSync(join(story.folder, 'data', 'carryover.db'), { readOnly: true });
  try {
    const rows = db.prepare("select reason_code from restore_items where status in ('lockedByPolicy', 'failed')").all();
    const codes = rows.map(({ reason_code: code }) => String(code));

    assert.deepEqual(codes.toSorted(), ['appNotOffered', 'lockedByPolicy']);
  } finally {
    db.close();
  }
});

test('when the app is offered again, one more restore brings it and touches nothing else', async () => {
  await repositoryFrom(await flatpakRepository());

  const ran = await fresh.agent('restore', 'old-pc', '--yes', '--json');

  const again = jsonOf<typeof restored>(ran);
  assert.equal(ran.exit, 0, ran.stderr);
  assert.deepEqual(
    again.items.filter(({ status }) => status === 'applied').map(({ title }) => title),
    ['Drawing'],
  );
});

/** A repository of this story alone, from which apps can be taken away. */
async function ownRepository(): Promise<FlatpakRepository> {
  const made = await flatpakRepository();
  return repositoryFrom(made);
}

async function repositoryFrom({ folder: from, apps }: FlatpakRepository): Promise<FlatpakRepository> {
  const folder = join(story.folder, 'repository');
  await cp(from, folder, { recursive: true, force: true });
  return { folder, url: `file://${folder}`, apps };
}

async function withdraw(device: Device, app: string): Promise<void> {
  const refs = await device.must('ostree', ['refs', `--repo=${repository.folder}`, '--list', `app/${app}`]);
  for (const ref of refs.trim().split('\n'))
    await device.must('ostree', ['refs', `--repo=${repository.folder}`, '--delete', ref]);
  await device.must('flatpak', ['build-update-repo', repository.folder]);
}

/** An administrator's layer below the person's, with a value and a lock on it. */
async function lock(device: Device): Promise<void> {
  const [layer, profile] = [join(story.folder, 'dconf-layer'), join(story.folder, 'dconf-profile')];
  await mkdir(join(layer, 'locks'), { recursive: true });
  await writeFile(join(layer, '00-clock'), "[org/gnome/desktop/interface]\nclock-format='24h'\n");
  await writeFile(join(layer, 'locks', '00-clock'), `${LOCKED_KEY}\n`);
  await device.must('dconf', ['compile', `${layer}.compiled`, layer]);
  await writeFile(profile, `user-db:user\nfile-db:${layer}.compiled\n`);
}
