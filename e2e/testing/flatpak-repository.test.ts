/** Apps from the tests' own repository install and run like any other Flatpak. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aDevice } from './device.ts';
import { FLATPAK_APPS, flatpakRepository, serveRepository } from './flatpak-repository.ts';

test('an app installs from the repository on disk, is listed with its version, and runs', async (t) => {
  const repository = await flatpakRepository();
  const device = await aDevice({ name: 'apps' });
  t.after(() => device.remove());
  const [app] = FLATPAK_APPS;
  assert.ok(app);

  await device.must('flatpak', ['remote-add', '--user', '--no-gpg-verify', 'example', repository.url]);
  await device.must('flatpak', ['install', '--user', '--noninteractive', 'example', app.id]);
  const list = await device.must('flatpak', ['list', '--user', '--app', '--columns=application,version,origin']);
  const said = await device.must('flatpak', ['run', app.id]);

  assert.equal(list.trim(), `${app.id}\t${app.version}\texample`);
  assert.equal(said, `${app.name} ${app.version}\n`);
});

test('an app installs over HTTP, and an unknown one is refused', async (t) => {
  const served = await serveRepository(await flatpakRepository());
  t.after(() => served.close());
  const device = await aDevice({ name: 'http' });
  t.after(() => device.remove());
  const last = FLATPAK_APPS.at(-1);
  assert.ok(last);

  await device.must('flatpak', ['remote-add', '--user', '--no-gpg-verify', 'example', served.url]);
  await device.must('flatpak', ['install', '--user', '--noninteractive', 'example', last.id]);
  const unknown = await device.run('flatpak', ['install', '--user', '--noninteractive', 'example', 'org.example.Gone']);

  assert.equal((await device.must('flatpak', ['list', '--user', '--app', '--columns=application'])).trim(), last.id);
  assert.notEqual(unknown.exit, 0);
  assert.match(unknown.stderr, /Nothing matches org\.example\.Gone/);
});
