/** A furnished device is worth testing with only if a real desktop would understand all of it. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { aDevice } from './device.ts';
import { furnish, NEVER_TRAVELS } from './furnish.ts';
import { aPng } from './png.ts';

test('a furnished device has the settings, files and apps of a person', async (t) => {
  const device = await aDevice({ name: 'furnished' });
  t.after(() => device.remove());

  const furnished = await furnish(device);

  const dump = await device.dconfDump();
  assert.ok(furnished.settings >= 60, `only ${furnished.settings} settings`);
  assert.equal(dump.split('\n').filter((line) => line.includes('=')).length, furnished.settings);
  for (const secret of NEVER_TRAVELS) assert.ok(dump.includes(secret), `${secret} is not there to be found`);
  for (const file of [...furnished.files, ...furnished.images]) await readFile(join(device.home, file));
  const list = await device.must('flatpak', ['list', '--user', '--app', '--columns=application']);
  assert.deepEqual(list.trim().split('\n').sort(), furnished.apps.map(({ id }) => id).sort());
});

test('every setting of a furnished device is of the type and range that its GNOME schema wants', async (t) => {
  const device = await aDevice({ name: 'schemas' });
  t.after(() => device.remove());
  await furnish(device, { apps: 0 });
  const schemas = (await device.must('gsettings', ['list-schemas', '--print-paths'])).trim().split('\n');
  const schemaOf = new Map(schemas.map((line) => line.split(' ')).map(([schema, path]) => [path, schema]));

  const refused: string[] = [];
  let checked = 0;
  let schema: string | undefined;
  for (const line of (await device.dconfDump()).split('\n')) {
    if (line.startsWith('[')) schema = schemaOf.get(`/${line.slice(1, -1)}/`);
    const [, key, value] = /^([^=]+)=(.*)$/.exec(line) ?? [];
    if (schema === undefined || key === undefined || value === undefined) continue;
    const { exit, stderr } = await device.run('gsettings', ['set', schema, key, value]);
    if (exit !== 0) refused.push(`${schema} ${key} ${value}: ${stderr.trim()}`);
    checked += 1;
  }

  assert.deepEqual(refused, []);
  assert.ok(checked >= 60, `only ${checked} settings have a schema here`);
});

test('a picture is a PNG whose rows have the promised size', () => {
  const png = aPng({ width: 4, height: 3 });

  assert.equal(png.toString('latin1', 1, 4), 'PNG');
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [4, 3]);
  assert.equal(inflateSync(png.subarray(41, 41 + png.readUInt32BE(33))).length, 3 * (1 + 4 * 3));
});
