/** What a switch means for what is stored already: the same for contents, pictures and files, by whatever name they are asked. */

import assert from 'node:assert/strict';
import type { Category } from '@carryover/model/setting';
import { backUp, okay, switchOn } from '../../testing/backups.ts';
import { type EnrolledDevice, jsonBody, type TestService, testOnEveryService } from '../../testing/service.ts';
import { aUnit } from '../../testing/uploads.ts';

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
