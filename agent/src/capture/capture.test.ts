import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { KnownError } from '@carryover/model/errors';
import { effectivePolicy } from '@carryover/model/policy';
import type { UnitContent } from '@carryover/model/unit';
import { blobPath, drawer, fill } from '../../testing/drawer.ts';
import { type MemoryService, memoryService } from '../../testing/memory-service.ts';
import { type MemoryState, memoryState } from '../../testing/memory-state.ts';
import { aCatalog, aSetting } from '../../testing/sample-catalog.ts';
import { type WatchedSystem, watchedSystem } from '../../testing/watched-system.ts';
import { type BackupInput, backup } from './capture.ts';

const PROFILE = '11111111-1111-4111-8111-111111111111';
const DRAWER = drawer({ name: 'dconf', kinds: ['dconf', 'dconfImage', 'file'] });

let home: string;
let system: WatchedSystem;
let service: MemoryService;
let state: MemoryState;
let captures: number;
let apps: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'carryover-capture-'));
  system = watchedSystem(home);
  service = memoryService();
  state = memoryState({});
  captures = 0;
  apps = ['flatpak/org.example.Maps'];
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function input(over: Partial<BackupInput> = {}): BackupInput {
  const client = service.clientOf(PROFILE);
  return {
    system,
    state,
    client,
    agentVersion: '0.1.0',
    catalogFingerprint: 'catalog',
    checkIn: async () => {
      const { session: _, ...checkIn } = await client.checkIn(
        await input()
          .device()
          .then((device) => ({ device, manifestFormat: 1 })),
      );
      await state.write('service', { checkIn, clockOffsetMs: 0, checkedInAt: checkIn.now });
      return checkIn;
    },
    device: async () => ({
      name: 'AUE-LT-0417',
      platform: 'linux',
      build: 'debian 12 gnome 43',
      osName: 'Debian GNU/Linux 12',
      machineHash: 'ab',
      agentVersion: '0.1.0',
    }),
    readers: async () => {
      captures += 1;
      return {
        catalog: aCatalog(),
        mechanisms: [DRAWER],
        apps: {
          read: async () => ({ items: apps.map((itemId) => ({ itemId, raw: {} })), failures: [] }),
          watched: async () => [join(home, 'installed-apps')],
        },
      };
    },
    ...over,
  };
}

/** What a person sets, and that the desktop's database was written: what the fingerprint looks at. */
async function set(contents: Parameters<typeof fill>[2]): Promise<void> {
  await fill(system, 'dconf', contents);
  mkdirSync(join(home, '.config/dconf'), { recursive: true });
  writeFileSync(join(home, '.config/dconf/user'), randomBytes(8));
}

function storedUnit(payloadType: string, snapshot = -1): UnitContent | undefined {
  const manifest = service.profiles.get(PROFILE)?.snapshots.at(snapshot)?.head.manifest;
  const unit = manifest?.units.find((one) => one.payloadType === payloadType);
  const payload = unit && service.contents.get(unit.contentId);
  return payload && JSON.parse(zstdDecompressSync(payload).toString());
}

test('a first backup stores every remembered setting, its neutral value, and the apps', async () => {
  await set({ theme: "'dark'", textSize: "'large'" });

  const report = await backup(input());

  assert.equal(report.seq, 1);
  assert.deepEqual([report.settingCount, report.appCount, report.unchanged], [2, 1, false]);
  assert.deepEqual(storedUnit('carryover.personalization')?.values, {
    theme: { raw: "'dark'", value: true },
  });
  assert.deepEqual(storedUnit('carryover.apps')?.values, { 'flatpak/org.example.Maps': { raw: {} } });
});

test('secrets and settings that only roam are not captured', async () => {
  await set({ theme: "'dark'", password: "'hunter2'", roamsOnly: "'x'" });

  await backup(input());

  assert.deepEqual(Object.keys(storedUnit('carryover.personalization')?.values ?? {}), ['theme']);
});

test('an unchanged device sends one request and reads nothing', async () => {
  await set({ theme: "'dark'" });
  await backup(input());
  service.requests.length = 0;
  captures = 0;

  const report = await backup(input());

  assert.deepEqual(service.requests, ['putSnapshot']);
  assert.equal(captures, 0);
  assert.equal(report.unchanged, true);
  assert.equal(report.sentBytes, 0);
  assert.equal(service.profiles.get(PROFILE)?.snapshots.length, 1);
  assert.deepEqual(system.runs, []);
});

test('only the unit that changed is sent', async () => {
  await set({ theme: "'dark'", textSize: "'large'" });
  await backup(input());

  await set({ theme: "'light'", textSize: "'large'" });
  const report = await backup(input());

  assert.deepEqual(report.sentUnits, ['carryover.personalization']);
  assert.equal(report.seq, 2);
});

test('a setting that changes back is current again', async () => {
  for (const theme of ["'dark'", "'light'", "'dark'"]) {
    await set({ theme });
    await backup(input());
  }

  assert.equal(service.profiles.get(PROFILE)?.snapshots.length, 3);
  assert.equal(storedUnit('carryover.personalization')?.values['theme']?.raw, "'dark'");
});

test('a picture travels as a blob, once', async () => {
  await set({ wallpaper: { v: 1, uri: 'file:///pictures/lofoten.jpg' } });
  await system.writeFile(blobPath(system, 'dconf', 'wallpaper'), randomBytes(50_000), 0o600);
  await backup(input());
  await set({ wallpaper: { v: 2, uri: 'file:///pictures/lofoten.jpg' } });

  const report = await backup(input());

  assert.deepEqual(report.sentUnits, ['carryover.background']);
  assert.ok(report.sentBytes < 1000, `${report.sentBytes} bytes were sent`);
});

test('what the service lost is sent again when it says so', async () => {
  await set({ theme: "'dark'", textSize: "'large'" });
  await backup(input());
  service.contents.clear();

  const report = await backup(input());

  assert.deepEqual(report.sentUnits.toSorted(), [
    'carryover.accessibility',
    'carryover.apps',
    'carryover.personalization',
  ]);
});

test('a lost state adopts what the service holds and goes on', async () => {
  await set({ theme: "'dark'" });
  await backup(input());
  await state.remove('acknowledged');

  const report = await backup(input());

  assert.equal(report.seq, 1);
  assert.equal(report.unchanged, true);
  assert.equal(report.alarm, undefined);
  assert.equal((await state.read('acknowledged'))?.seq, 1);
});

test('a service that shows less than it acknowledged raises an alarm that is kept, and the backup goes on', async () => {
  for (const theme of ["'a'", "'b'", "'c'"]) {
    await set({ theme });
    await backup(input());
  }
  service.profiles.get(PROFILE)?.snapshots.splice(1);

  await set({ theme: "'d'" });
  const report = await backup(input());

  assert.deepEqual([report.alarm?.acknowledgedSeq, report.alarm?.shownSeq], [3, 1]);
  assert.equal(report.seq, 2);
  assert.equal(storedUnit('carryover.personalization')?.values['theme']?.raw, "'d'");
  await backup(input());
  assert.deepEqual((await state.read('acknowledged'))?.alarm, report.alarm);
});

test('an unchanged device notices a service that lost its snapshots', async () => {
  await set({ theme: "'a'" });
  await backup(input());
  service.profiles.clear();

  const report = await backup(input());

  assert.deepEqual([report.alarm?.acknowledgedSeq, report.alarm?.shownSeq], [1, 0]);
  assert.equal(service.profiles.get(PROFILE)?.snapshots.length, 1);
});

test('a newer snapshot that this device does not remember is adopted without alarm', async () => {
  await set({ theme: "'a'" });
  await backup(input());
  const remembered = await state.read('acknowledged');
  await set({ theme: "'b'" });
  await backup(input());
  assert.ok(remembered);
  await state.write('acknowledged', remembered);

  await set({ theme: "'c'" });
  const report = await backup(input());

  assert.equal(report.seq, 3);
  assert.equal(report.alarm, undefined);
});

test('two uploads at once both end with a stored snapshot', async () => {
  await set({ theme: "'a'" });
  const reports = await Promise.all([backup(input()), backup(input())]);

  assert.deepEqual(reports.map(({ seq }) => seq).toSorted(), [1, 1]);
  assert.deepEqual(reports.map(({ unchanged }) => unchanged).toSorted(), [false, true]);
});

test('an upload that another one overtakes names the newer one as previous', async () => {
  await set({ theme: "'a'" });
  await backup(input());
  await set({ theme: "'b'" });
  service.beforePut = async () => {
    service.beforePut = undefined;
    const other = memoryState({});
    await backup(input({ state: other, checkIn: async () => service.checkIn(PROFILE) }));
    await set({ theme: "'b'" });
  };

  const report = await backup(input());

  assert.equal(report.alarm, undefined);
  assert.equal(storedUnit('carryover.personalization')?.values['theme']?.raw, "'b'");
});

test('a category that is switched off in between is left out of the same run', async () => {
  await set({ theme: "'dark'", textSize: "'large'" });
  await backup(input());
  service.beforePut = () => {
    service.preferences = { accessibility: 'off' };
    service.beforePut = undefined;
  };

  await set({ theme: "'light'", textSize: "'larger'" });
  const report = await backup(input());

  assert.ok(!report.categories.includes('accessibility'));
  assert.equal(storedUnit('carryover.accessibility'), undefined);
  assert.equal(report.seq, 2);
});

test('a digest key that is not right any more is asked for again', async () => {
  await set({ theme: "'dark'" });
  await backup(input());
  const client = service.clientOf(PROFILE);
  let isRefused = true;
  const refusing: BackupInput['client'] = {
    ...client,
    async putSnapshot(...upload) {
      if (!isRefused) return client.putSnapshot(...upload);
      isRefused = false;
      throw new KnownError('invalidRequest', 'The MAC is not that of the manifest.', { inner: 'wrongMac' });
    },
  };

  const report = await backup(input({ client: refusing }));

  assert.equal(report.unchanged, true);
  assert.ok(service.requests.includes('checkIn'));
});

test('backup that is switched off in between ends with the reason, and nothing is stored', async () => {
  await set({ theme: "'dark'" });
  await backup(input());
  service.policy = {
    ...effectivePolicy({}, { version: 2, organization: 'Auental County', restorePageAtEnrollment: false }),
  };

  await set({ theme: "'light'" });

  await assert.rejects(backup(input()), {
    code: 'notAllowed',
    details: { reasons: [{ code: 'notSwitchedOn', facts: { org: 'Auental County' } }] },
  });
  assert.equal(service.profiles.get(PROFILE)?.snapshots.length, 1);
});

test('a device whose backup is off reads nothing, and asks again because it may be on by now', async () => {
  service.policy = { ...service.policy, backupEnabled: false };
  await assert.rejects(backup(input()), { code: 'notAllowed' });
  assert.equal(captures, 0);
  service.policy = { ...service.policy, backupEnabled: true, version: 2 };

  assert.equal((await backup(input())).seq, 1);
});

test('a newer policy named by a receipt is fetched at once', async () => {
  await set({ theme: "'dark'" });
  await backup(input());
  service.policy = { ...service.policy, version: 7 };

  await backup(input());

  assert.equal((await state.read('service'))?.checkIn.policy.version, 7);
});

test('a value too large for a unit is left out with its reason, and the rest goes on', async () => {
  await set({ theme: `'${'x'.repeat(1024 * 1024)}'`, accent: "'rose'" });

  const report = await backup(input());

  assert.deepEqual(
    report.failures.map(({ itemId, reason }) => [itemId, reason.code]),
    [['theme', 'unitTooLarge']],
  );
  assert.deepEqual(Object.keys(storedUnit('carryover.personalization')?.values ?? {}), ['accent']);
});

test('an unreachable service is an error that keeps what was acknowledged', async () => {
  await set({ theme: "'dark'" });
  await backup(input());
  const before = await state.read('acknowledged');
  service.offline = true;
  await set({ theme: "'light'" });

  await assert.rejects(backup(input()), { code: 'serviceUnreachable' });
  assert.deepEqual(await state.read('acknowledged'), before);
});

test('a new app, a new catalog and a new agent are each noticed', async () => {
  await set({ theme: "'dark'" });
  await backup(input());
  apps.push('flatpak/org.example.Clocks');
  writeFileSync(join(home, 'installed-apps'), apps.join());
  await backup(input());
  await backup(input({ catalogFingerprint: 'newer' }));
  await backup(input({ catalogFingerprint: 'newer', agentVersion: '0.2.0' }));

  assert.equal(captures, 4);
});

test('a file that comes into a watched folder is noticed', async () => {
  const files = aSetting({ id: 'fonts', linux: [{ mechanism: 'file', path: '.fonts/**', maxBytes: 1000 }] });
  const readers = async () => {
    captures += 1;
    return {
      catalog: aCatalog([files]),
      mechanisms: [DRAWER],
      apps: { read: async () => ({ items: [], failures: [] }), watched: async () => [] },
    };
  };
  mkdirSync(join(home, '.fonts/serif'), { recursive: true });
  await backup(input({ readers }));
  await backup(input({ readers }));
  assert.equal(captures, 1);

  writeFileSync(join(home, '.fonts/serif/new.ttf'), 'x');
  await backup(input({ readers }));

  assert.equal(captures, 2);
});

test('a capture writes nothing but its own state', async () => {
  await set({ theme: "'dark'" });
  system.changes.length = 0;

  await backup(input());

  assert.deepEqual(system.changes, []);
});
