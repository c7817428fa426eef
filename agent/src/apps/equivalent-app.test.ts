import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Application } from '@carryover/model/setting';
import { memorySystem } from '../../testing/memory-system.ts';
import { equivalentApp } from './equivalent-app.ts';
import { flatpak } from './flatpak.ts';
import { winget } from './winget.ts';

const APPLICATIONS: readonly Application[] = [
  { id: 'app:vlc', name: 'VLC', winget: 'VideoLAN.VLC', desktopFiles: ['vlc.desktop'], flatpak: 'org.videolan.VLC' },
  { id: 'app:notes', name: 'Notes', winget: 'Corp.Notes', desktopFiles: ['notes.desktop'] },
  { id: 'app:maps', name: 'Maps', desktopFiles: ['maps.desktop'], flatpak: 'org.example.Maps' },
];

test('an app of winget becomes one of Flathub, and back', () => {
  const there = equivalentApp('apps.winget/VideoLAN.VLC', APPLICATIONS, 'linux');
  const back = equivalentApp(there?.itemId ?? '', APPLICATIONS, 'windows');

  assert.equal(there?.itemId, 'apps.flatpak/org.videolan.VLC');
  assert.deepEqual(there && flatpak.words(there), { title: 'VLC', will: 'from flathub', flags: [] });
  assert.equal(back?.itemId, 'apps.winget/VideoLAN.VLC');
  assert.deepEqual(back && winget.words(back)?.title, 'VLC');
});

test('an app that the table does not know on both platforms has none', () => {
  for (const id of ['apps.winget/Corp.Notes', 'apps.winget/corp/VideoLAN.VLC', 'apps.msstore/9N', 'apps.apt/vlc'])
    assert.equal(equivalentApp(id, APPLICATIONS, 'linux'), undefined, id);
  for (const id of ['apps.flatpak/org.example.Maps', 'apps.flatpak/org.videolan.VLC/beta', 'apps.snap/vlc'])
    assert.equal(equivalentApp(id, APPLICATIONS, 'windows'), undefined, id);
});

test('a device without Flathub gets no app from there unless the organization says so', async () => {
  const item = equivalentApp('apps.winget/VideoLAN.VLC', APPLICATIONS, 'linux');
  assert.ok(item);
  const context = { system: memorySystem(), allowedSources: [], snapshot: [item] };

  const finding = (await flatpak.inspect(context, [item])).get(item.itemId);

  assert.deepEqual([finding?.obstacle?.status, finding?.obstacle?.reason.code], ['skipped', 'appSourceNotAllowed']);
});
