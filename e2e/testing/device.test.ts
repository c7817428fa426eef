/** The devices of the stories: are they real, and do they keep to themselves? */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import { aDevice, type Device } from './device.ts';

async function deviceFor(t: TestContext, name: string): Promise<Device> {
  const device = await aDevice({ name });
  t.after(() => device.remove());
  return device;
}

test('what is loaded into dconf on one device is dumped from it, and is unknown on another', async (t) => {
  const [one, other] = [await deviceFor(t, 'one'), await deviceFor(t, 'other')];
  const settings = "[org/gnome/desktop/interface]\nclock-format='12h'\ntext-scaling-factor=1.25\n";

  await one.must('dconf', ['load', '/'], { stdin: settings });

  assert.equal(await one.dconfDump(), settings);
  assert.equal(await other.dconfDump(), '');
});

test('gsettings sees the schemas of a GNOME desktop', async (t) => {
  const device = await deviceFor(t, 'schemas');

  await device.must('gsettings', ['set', 'org.gnome.desktop.interface', 'color-scheme', 'prefer-dark']);
  const wrong = await device.run('gsettings', ['set', 'org.gnome.desktop.interface', 'color-scheme', 'plaid']);

  assert.match(await device.dconfDump(), /color-scheme='prefer-dark'/);
  assert.notEqual(wrong.exit, 0);
});

test('a removed device leaves no process and no folder', async () => {
  const device = await aDevice({ name: 'short-lived' });
  await device.must('dconf', ['write', '/org/gnome/mutter/edge-tiling', 'true']);
  const list = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.ListNames'];
  const services = await device.must('dbus-send', list);
  assert.match(services, /ca\.desrt\.dconf/);

  await device.remove();

  assert.equal(existsSync(dirname(device.home)), false);
});

test('a program that does not exist is an error, one that fails is an exit code', async (t) => {
  const device = await deviceFor(t, 'errors');

  assert.equal((await device.run('sh', ['-c', 'echo no >&2; exit 3'])).exit, 3);
  await assert.rejects(device.run('carryover-no-such-program', []), /ENOENT/);
  await assert.rejects(device.must('sh', ['-c', 'echo no >&2; exit 3']), /exit 3\nno/);
});
