/** A device whose backups were deleted begins anew by itself, however it learns of it, and nothing deleted comes back. */

import assert from 'node:assert/strict';
import { deleteAllProfiles, eraseProfile, listProfiles } from '../server/src/profiles/profiles.ts';
import { checkSnapshot } from '../server/src/snapshots/validator.ts';
import { switchOn } from '../server/testing/backups.ts';
import { type TestService, testOnEveryService } from '../server/testing/service.ts';
import { aConnectedDevice } from './testing/connected-device.ts';
import type { Device } from './testing/device.ts';
import { changeState, readState } from './testing/state-files.ts';
import { jsonOf, succeeded } from './testing/story.ts';

interface Made {
  readonly seq: number;
  readonly unchanged: boolean;
  readonly settings: number;
  readonly alarm?: object;
}

async function connected(service: TestService) {
  const organization = await service.setUp();
  await switchOn(service, organization);
  const connected = await aConnectedDevice(service, organization, { person: organization.alice, name: 'desk' });
  const owner = { tenantId: organization.tenantId, userId: organization.alice.userId };
  return { ...connected, owner };
}

async function backedUp(device: Device): Promise<Made> {
  const ran = await device.agent('backup', '--json');
  succeeded(ran);
  return jsonOf<Made>(ran);
}

testOnEveryService('after its backups were deleted a device begins a new profile with all it has', async (service) => {
  await using story = await connected(service);
  const { device, owner } = story;
  const first = await backedUp(device);
  const { profileId: before } = await readState(device, 'enrollment');

  await deleteAllProfiles(service.store, owner, Temporal.Now.instant());
  const again = await backedUp(device);

  assert.deepEqual([again.seq, again.unchanged, again.settings], [1, false, first.settings]);
  assert.equal(again.alarm, undefined, 'that a person deleted is nothing to be alarmed about');
  const { profileId: after } = await readState(device, 'enrollment');
  assert.notEqual(after, before);
  assert.deepEqual(
    (await listProfiles(service.store, owner)).map(({ profileId, headSeq }) => [profileId, headSeq]),
    [[after, 1]],
  );
  const {
    store,
    service: { keys },
  } = service;
  await checkSnapshot({ store, keys }, { ...owner, profileId: after, seq: 1 });
  const { profiles } = jsonOf<{ profiles: { id: string }[] }>(await device.agent('profiles', '--json'));
  assert.deepEqual(
    profiles.map(({ id }) => id),
    [after],
  );
  assert.equal((await backedUp(device)).unchanged, true, 'and goes on from there');
});

testOnEveryService('after an erasure too, when even its keys are gone', async (service) => {
  await using story = await connected(service);
  const { device, owner } = story;
  await backedUp(device);
  const { profileId } = await readState(device, 'enrollment');
  const {
    store,
    service: { keys },
  } = service;

  await eraseProfile({ store, keys }, owner, profileId, Temporal.Now.instant());

  assert.deepEqual(await backedUp(device).then(({ seq, unchanged }) => [seq, unchanged]), [1, false]);
});

testOnEveryService(
  'an answer that got lost on its way leaves no device behind, and raises no alarm',
  async (service) => {
    await using story = await connected(service);
    const { device, owner } = story;
    await backedUp(device);
    const before = {
      enrollment: await readState(device, 'enrollment'),
      service: await readState(device, 'service'),
      acknowledged: await readState(device, 'acknowledged'),
    };
    await deleteAllProfiles(service.store, owner, Temporal.Now.instant());
    await device.must('gsettings', ['set', 'org.gnome.desktop.interface', 'cursor-size', '48']);
    await backedUp(device);
    await device.must('gsettings', ['set', 'org.gnome.desktop.interface', 'cursor-size', '32']);
    await changeState(device, 'enrollment', before.enrollment);
    await changeState(device, 'service', before.service);
    await changeState(device, 'acknowledged', before.acknowledged);

    const made = await backedUp(device);

    assert.deepEqual([made.seq, made.unchanged, made.alarm], [2, false, undefined]);
    assert.notEqual((await readState(device, 'enrollment')).profileId, before.enrollment.profileId);
  },
);
