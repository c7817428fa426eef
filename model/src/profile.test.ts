import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BackupProfile, type CaptureSize, isThin, offeredProfiles } from './profile.ts';
import { CATEGORIES, PLATFORMS } from './setting.ts';

const MONDAY = Temporal.Instant.from('2026-11-23T08:00:00Z');

function profile(over: Partial<BackupProfile> = {}): BackupProfile {
  return {
    id: 'a',
    deviceId: 'a',
    deviceName: 'AUE-LT-0417',
    platform: 'linux',
    osName: 'Debian',
    lastBackupAt: MONDAY,
    settingCount: 1,
    appCount: 0,
    defaultSeq: 1,
    headSeq: 1,
    ...over,
  };
}

const idsOf = (profiles: readonly BackupProfile[]) => profiles.map(({ id }) => id);

test("this PC's own former profile comes first, then its platform, then the newest", () => {
  const offered = offeredProfiles(
    [
      profile({ id: 'windows', platform: 'windows', lastBackupAt: MONDAY.add({ hours: 9 }) }),
      profile({ id: 'older' }),
      profile({ id: 'newer', lastBackupAt: MONDAY.add({ hours: 1 }) }),
      profile({ id: 'former', lastBackupAt: MONDAY.subtract({ hours: 5000 }) }),
    ],
    { platform: 'linux', formerProfileId: 'former' },
  );

  assert.deepEqual(idsOf(offered), ['former', 'newer', 'older', 'windows']);
});

test('two calls never disagree, in whatever order the profiles come', () => {
  const anyProfile = fc.record({
    id: fc.uuid(),
    platform: fc.constantFrom(...PLATFORMS),
    hoursAgo: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.uniqueArray(anyProfile, { selector: ({ id }) => id }), (some) => {
      const profiles = some.map(({ id, platform, hoursAgo }) =>
        profile({ id, platform, lastBackupAt: MONDAY.subtract({ hours: hoursAgo }) }),
      );
      const there = offeredProfiles(profiles, { platform: 'linux' });

      assert.deepEqual(idsOf(offeredProfiles(profiles.toReversed(), { platform: 'linux' })), idsOf(there));
      assert.equal(there.length, profiles.length);
    }),
  );
});

function size(counts: CaptureSize['counts'], categories: CaptureSize['categories'] = CATEGORIES): CaptureSize {
  return { categories, counts };
}

test('an empty capture is thin, also as the first', () => {
  assert.equal(isThin(size({}), undefined), true);
  assert.equal(isThin(size({ apps: 3 }, ['other']), undefined), true);
  assert.equal(isThin(size({ apps: 3 }), undefined), false);
});

test('a category that lost more than half is thin, even when the others grew', () => {
  assert.equal(isThin(size({ apps: 4, other: 90 }), size({ apps: 9, other: 10 })), true);
  assert.equal(isThin(size({ apps: 5, other: 90 }), size({ apps: 9, other: 10 })), false);
});

test('few items may go without suspicion', () => {
  assert.equal(isThin(size({ apps: 0, other: 10 }), size({ apps: 3, other: 10 })), false);
});

test('many small categories that all but vanish are thin together', () => {
  const good = size({ accessibility: 3, accounts: 3, personalization: 3, language: 3, other: 3 });

  assert.equal(isThin(size({ other: 1 }), good), true);
});

test('a category switched off in between is no loss', () => {
  assert.equal(isThin(size({ other: 10 }, ['other']), size({ apps: 200, other: 10 })), false);
});

test('a category switched on for the first time does not hide the loss of another', () => {
  assert.equal(isThin(size({ other: 2, apps: 200 }), size({ other: 10 }, ['other'])), true);
});
