/** Two people on one PC, and a stranger with a right of their own: each has their backups, and nobody sees another's. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OfferedProfile } from '../model/src/wire.ts';
import { enrollAt } from '../server/testing/service.ts';
import type { Device } from './testing/device.ts';
import type { Person } from './testing/organization.ts';
import { readState } from './testing/state-files.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';

const ITEM_NOT_FOUND = 5;
const CURSOR = 'org.gnome.desktop.interface';

let story: Story;
let max: Person;
/** The same PC, with a home and a session for each of its people. */
let hers: Device;
let his: Device;

before(async () => {
  story = await aStory();
  max = await story.addPerson('max@contoso.example', 'Max');
  const samePc = { CARRYOVER_DEVICE_NAME: 'shared-pc', CARRYOVER_MACHINE_ID: 'one machine' };
  hers = await story.enrolled('hers', { env: samePc });
  his = await story.enrolled('his', { who: max, env: samePc });
});
after(() => story.remove());

test('two people of one PC back up side by side, and each gets their own back', async () => {
  await hers.must('gsettings', ['set', CURSOR, 'cursor-size', '32']);
  await his.must('gsettings', ['set', CURSOR, 'cursor-size', '64']);
  const backups = [await hers.agent('backup', '--json'), await his.agent('backup', '--json')];

  assert.deepEqual(
    backups.map((ran) => jsonOf<{ seq: number; settings: number }>(ran)).map(({ seq, settings }) => [seq, settings]),
    [
      [1, 1],
      [1, 1],
    ],
  );
  const profiles = [await offered(hers), await offered(his)];
  assert.deepEqual(
    profiles.map((list) => list.map(({ deviceName }) => deviceName)),
    [['shared-pc'], ['shared-pc']],
  );
  assert.notEqual(profiles[0]?.[0]?.id, profiles[1]?.[0]?.id);

  const herNext = await story.enrolled('her-next');
  const hisNext = await story.enrolled('his-next', { who: max });
  succeeded(await herNext.agent('restore', 'shared-pc', '--yes'));
  succeeded(await hisNext.agent('restore', 'shared-pc', '--yes'));
  assert.match(await herNext.dconfDump(), /cursor-size=32/);
  assert.match(await hisNext.dconfDump(), /cursor-size=64/);
});

test("another person's profile cannot be named, listed or downloaded", async () => {
  const { profileId } = await readState(hers, 'enrollment');

  for (const words of [
    ['plan', profileId],
    ['restore', profileId, '--yes'],
    ['profiles', profileId],
  ]) {
    const ran = await his.agent(...words);
    assert.equal(ran.exit, ITEM_NOT_FOUND, `${words.join(' ')}: ${ran.stdout}${ran.stderr}`);
  }

  const his2 = await enrollAt(story.service.url, await story.signInOf(max));
  const restore = await his2.restore();
  for (const path of [
    `/device/v1/profiles/${profileId}/snapshots`,
    `/device/v1/profiles/${profileId}/snapshots/1`,
    `/device/v1/profiles/${profileId}/blobs/${'0'.repeat(64)}`,
  ])
    assert.equal((await restore.fetch(path)).status, 404, path);
  const graph = await story.graph(max);
  const listed = await (await graph.fetch('/v1.0/me/settings/windows')).text();
  assert.ok(!listed.includes(profileId));
});

test("somebody who signs in on another's PC is refused, and the PC stays theirs", async () => {
  const before = await readState(hers, 'enrollment');
  const { password } = await story.signInOf(max);
  const env = { CARRYOVER_PERSON_NAME: max.userPrincipalName, CARRYOVER_PERSON_PASSWORD: password };

  const ran = await hers.run(
    'sh',
    ['-c', 'rm .local/state/carryover/tokens.json && exec "$@"', 'sh', ...hers.agentCommand, 'profiles'],
    {
      env,
    },
  );

  assert.notEqual(ran.exit, 0);
  assert.match(ran.stderr, /lena@contoso\.example/);
  assert.deepEqual(await readState(hers, 'enrollment'), before);
  assert.match(succeeded(await hers.agent('profiles')), /shared-pc/);
});

async function offered(device: Device): Promise<readonly OfferedProfile[]> {
  return jsonOf<{ profiles: readonly OfferedProfile[] }>(await device.agent('profiles', '--json')).profiles;
}
