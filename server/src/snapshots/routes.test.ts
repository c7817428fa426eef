/** What a switch means for what is stored already: the same for contents, pictures and files, by whatever name they are asked. */

import assert from 'node:assert/strict';
import { encodeParts, PARTS_MEDIA_TYPE } from '@carryover/model/parts';
import type { Category } from '@carryover/model/setting';
import { IDEMPOTENCY_HEADER, type SnapshotLine, type SnapshotReceipt } from '@carryover/model/wire';
import { aPolicyOf, backUp, EVERYBODY, okay, switchOn } from '../../testing/backups.ts';
import { type EnrolledDevice, jsonBody, type TestService, testOnEveryService } from '../../testing/service.ts';
import { anUpload, aUnit } from '../../testing/uploads.ts';
import { checkSnapshot } from './validator.ts';

const POLICIES = '/beta/deviceManagement/configurationPolicies';
const PICTURE = new TextEncoder().encode('a wallpaper');
const SOUND = new TextEncoder().encode('a sound');

async function aDeviceWithBackup(service: TestService) {
  const organization = await service.setUp();
  await switchOn(service, organization);
  const device = await service.enroll(organization.alice);
  await backUp(service, device, [
    { payloadType: 'carryover.colors', blobs: [PICTURE] },
    { payloadType: 'carryover.sounds', category: 'accessibility', blobs: [SOUND] },
  ]);
  return { device, restore: await device.restore() };
}

function pathOf({ enrollment }: EnrolledDevice, blob: Uint8Array): string {
  const [named] = aUnit(Buffer.from(enrollment.checkIn.digestKey, 'hex'), { blobs: [blob] }).blobs;
  return `/device/v1/profiles/${enrollment.profileId}/blobs/${named?.blobId}`;
}

async function switchTo({ backup, enrollment }: EnrolledDevice, preferences: Partial<Record<Category, 'on' | 'off'>>) {
  const path = `/device/v1/devices/${enrollment.deviceId}/preferences`;
  await okay(await backup.fetch(path, jsonBody('PUT', { preferences })));
}

testOnEveryService(
  'a picture of a category that is switched off now is not given out, and is again when it is on',
  async (service) => {
    const { device, restore } = await aDeviceWithBackup(service);
    const picture = () => restore.fetch(pathOf(device, PICTURE));
    assert.equal(await (await picture()).text(), 'a wallpaper');

    await switchTo(device, { personalization: 'off' });
    const refused = await picture();

    assert.equal(refused.status, 403);
    const { error } = (await refused.json()) as {
      error: { innerError: { code: string; details: { reasons: object } } };
    };
    assert.equal(error.innerError.code, 'policy');
    assert.deepEqual(error.innerError.details.reasons, [
      { code: 'switchedOffByPerson', facts: { category: 'personalization', toggle: 'personalization' } },
    ]);
    assert.equal(await (await restore.fetch(pathOf(device, SOUND))).text(), 'a sound');
    await switchTo(device, { personalization: 'on' });
    assert.equal(await (await picture()).text(), 'a wallpaper');
  },
);

testOnEveryService('a picture that a category still on has as well is given out', async (service) => {
  const organization = await service.setUp();
  await switchOn(service, organization);
  const device = await service.enroll(organization.alice);
  await backUp(service, device, [
    { payloadType: 'carryover.colors', blobs: [PICTURE] },
    { payloadType: 'carryover.magnifier', category: 'accessibility', blobs: [PICTURE] },
  ]);
  const restore = await device.restore();

  await switchTo(device, { personalization: 'off' });

  assert.equal(await (await restore.fetch(pathOf(device, PICTURE))).text(), 'a wallpaper');
  await switchTo(device, { personalization: 'off', accessibility: 'off' });
  assert.equal((await restore.fetch(pathOf(device, PICTURE))).status, 403);
});

testOnEveryService('a picture that is not there is not there, whatever is switched off', async (service) => {
  const { device, restore } = await aDeviceWithBackup(service);
  const nothing = new TextEncoder().encode('never backed up');

  assert.equal((await restore.fetch(pathOf(device, nothing))).status, 404);
  await switchTo(device, { personalization: 'off' });
  assert.equal((await restore.fetch(pathOf(device, nothing))).status, 404);
});

testOnEveryService('as many points in time are kept as the policy says', async (service) => {
  const organization = await service.setUp();
  const { graph } = await switchOn(service, organization);
  const body = aPolicyOf('Two points', [{ policy: 'KeptSnapshots', value: 2 }]);
  const { id } = await okay<{ id: string }>(await graph.fetch(POLICIES, jsonBody('POST', body)));
  await okay(await graph.fetch(`${POLICIES}/${id}/assign`, jsonBody('POST', EVERYBODY)));
  const device = await service.enroll(organization.alice);
  const { deviceId, profileId, checkIn, tenantId, person } = device.enrollment;
  const {
    store,
    service: { keys },
  } = service;
  const digestKey = Buffer.from(checkIn.digestKey, 'hex');

  let previous: { seq: number; mac: string } | null = null;
  for (const value of ['one', 'two', 'three', 'four']) {
    const { head, contents } = anUpload(digestKey, { units: [aUnit(digestKey, { values: { value } })], previous });
    const request = {
      method: 'POST',
      headers: { 'content-type': PARTS_MEDIA_TYPE, [IDEMPOTENCY_HEADER]: crypto.randomUUID() },
      body: new Uint8Array(encodeParts(head, contents)),
    };
    const sent = await device.backup.fetch(`/device/v1/devices/${deviceId}/snapshots`, request);
    const { seq, mac } = await okay<SnapshotReceipt>(sent);
    await checkSnapshot({ store, keys }, { tenantId, userId: person.userId, profileId, seq });
    previous = { seq, mac };
  }

  const restore = await device.restore();
  const lines = await restore.fetch(`/device/v1/profiles/${profileId}/snapshots`);
  const { value } = await okay<{ value: SnapshotLine[] }>(lines);
  assert.deepEqual(
    value.map(({ seq }) => seq),
    [4, 3],
  );
});
