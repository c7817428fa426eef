import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OfferedProfile } from '@carryover/model/wire';
import { chooseProfile } from './choose.ts';

function profile(over: Partial<OfferedProfile> = {}): OfferedProfile {
  return {
    id: '0b6fd1c8-0000-4000-8000-000000000001',
    deviceId: 'd',
    deviceName: 'AUE-LT-0417',
    platform: 'linux',
    osName: 'Debian',
    lastBackupAt: '2026-11-23T08:00:00Z',
    settingCount: 1,
    appCount: 0,
    defaultSeq: 1,
    headSeq: 1,
    recommended: false,
    ...over,
  };
}

const OTHER = profile({ id: '0b6fd1c8-0000-4000-8000-000000000002', deviceName: 'AUE-LT-0500', recommended: true });

test('a profile is found by name in any case, by id, or as the recommended one', () => {
  const profiles = [profile(), OTHER];

  assert.equal(chooseProfile(profiles, 'aue-lt-0417'), profiles[0]);
  assert.equal(chooseProfile(profiles, OTHER.id.toUpperCase()), OTHER);
  assert.equal(chooseProfile(profiles, 'recommended'), OTHER);
});

test('without a recommended one the first, which is the best, is taken', () => {
  const first = profile();

  assert.equal(chooseProfile([first, { ...OTHER, recommended: false }], 'recommended'), first);
});

test('a name that fits several backups names their ids', () => {
  const twin = profile({ id: '0b6fd1c8-0000-4000-8000-000000000003' });

  assert.throws(() => chooseProfile([profile(), twin], 'AUE-LT-0417'), {
    code: 'invalidRequest',
    inner: 'ambiguous',
    message: new RegExp(`${profile().id}.*${twin.id}`),
  });
  assert.equal(chooseProfile([profile(), twin], twin.id), twin);
});

test('a name that fits none names what there is', () => {
  assert.throws(() => chooseProfile([profile(), OTHER], 'NOPE'), {
    code: 'itemNotFound',
    message: /AUE-LT-0417, AUE-LT-0500/,
  });
});

test('no backup at all says what to do', () => {
  assert.throws(() => chooseProfile([], 'recommended'), { code: 'itemNotFound', message: /Back up on your other PC/ });
});
