import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { canonicalJson, type Json } from '@carryover/model/canonical';
import type { Parts } from '@carryover/model/parts';
import type { Category } from '@carryover/model/setting';
import { APPS_PAYLOAD_TYPE, MAX_PLAIN_BYTES, type UnitContent } from '@carryover/model/unit';
import type { SnapshotContentHead } from '@carryover/model/wire';
import { aCatalog, aSetting } from '../../testing/sample-catalog.ts';
import { type Here, wantedFrom } from './wanted.ts';

const KEY = createHash('sha256').update('a person').digest('hex');

const HERE: Here = {
  catalog: aCatalog([
    aSetting({
      id: 'theme',
      formerIds: ['appearance.theme'],
      neutral: {
        id: 'theme.dark',
        kind: 'boolean',
        linux: { codec: 'enum', values: { dark: true, light: false } },
        windows: { codec: 'boolean' },
      },
    }),
    aSetting({ id: 'accent' }),
  ]),
  platform: 'linux',
  osName: 'Debian GNU/Linux 12',
  build: 'debian 12 gnome 43.9',
  digestKey: KEY,
  language: 'en',
  appWords: ({ itemId }) => ({ title: itemId, will: 'from Flathub', flags: [] }),
};

interface UnitParts {
  readonly payloadType?: string;
  readonly category?: Category;
  readonly content?: Partial<UnitContent>;
  readonly payload?: Uint8Array;
}

/** A snapshot of units as a service gives it; `payload` replaces what was stored under the right id. */
function snapshot(units: readonly UnitParts[], withheld: readonly Category[] = []): Parts<SnapshotContentHead> {
  const made = units.map(({ payloadType = 'carryover.test', category = 'personalization', content = {}, payload }) => {
    const whole = {
      format: 1,
      catalogVersion: 'c',
      platform: 'linux',
      build: 'debian 12 gnome 43',
      values: {},
      ...content,
    };
    const plain = canonicalJson(whole as unknown as Json);
    const contentId = createHmac('sha256', Buffer.from(KEY, 'hex')).update(plain).digest('hex');
    return {
      line: { payloadType, category, contentId, settingCount: 1, plainBytes: plain.length, blobs: [] },
      payload: payload ?? zstdCompressSync(plain),
    };
  });
  const manifest = {
    format: 1,
    agentVersion: '0.1.0',
    catalogVersion: 'c',
    platform: 'linux',
    build: '',
    osName: '',
    deviceName: 'AUE-LT-0417',
    capturedAt: '2026-11-23T08:00:00Z',
    categories: ['personalization'],
    units: made.map(({ line }) => line),
    previous: null,
  } as const;
  const parts = made.map(({ line, payload }) => ({
    kind: 'unit' as const,
    id: line.contentId,
    bytes: payload.length,
    sha256: '',
  }));
  const head = { profileId: 'p', seq: 1, takenAt: '2026-11-23T08:00:00Z', manifest, withheld, parts };
  return { head, contents: made.map(({ payload }) => payload) };
}

test('on the same platform the raw value is taken as it is', async () => {
  const { items } = await wantedFrom(
    snapshot([{ content: { values: { theme: { raw: "'dark'", value: false } } } }]),
    HERE,
  );

  assert.deepEqual([items[0]?.id, items[0]?.raw, items[0]?.will], ['theme', "'dark'", 'dark']);
});

test('a former id is carried on by the setting that names it', async () => {
  const { items } = await wantedFrom(
    snapshot([{ content: { values: { 'appearance.theme': { raw: "'dark'" } } } }]),
    HERE,
  );

  assert.deepEqual([items[0]?.id, items[0]?.raw], ['theme', "'dark'"]);
});

test('from the other platform the neutral value is said in words of this one', async () => {
  const values = { theme: { raw: { dword: 0 }, value: true }, accent: { raw: 7, value: 'rose' } };
  const { items, obstacles } = await wantedFrom(snapshot([{ content: { platform: 'windows', values } }]), HERE);

  assert.equal(items.find(({ id }) => id === 'theme')?.raw, "'dark'");
  assert.equal(obstacles.has('theme'), false);
  assert.equal(obstacles.get('accent')?.reason.code, 'otherPlatform');
});

const POINTER = {
  mechanism: 'registry',
  hive: 'HKCU',
  key: 'Software\\Example',
  value: 'Pointer',
  type: 'REG_DWORD',
  allowed: { min: 1, max: 20 },
} as const;

const { linux: _, ...windowsPointer } = aSetting({ id: 'pointer.place', windows: [POINTER] });
const { linux: __, ...windowsOnly } = aSetting({ id: 'taskbar' });

const BOTH = aCatalog([
  aSetting({
    id: 'pointer',
    category: 'accessibility',
    linux: [{ mechanism: 'dconf', keys: ['/org/example/pointer'], types: ['i'] }],
    neutral: {
      id: 'pointer',
      kind: 'number',
      linux: { codec: 'number', min: 2, max: 8 },
      windows: { codec: 'number', places: ['pointer.place'] },
    },
  }),
  windowsPointer,
  windowsOnly,
]);

test('a value of Windows comes under the setting that means it here, with the category and the switch of that one', async () => {
  const values = { 'pointer.place': { raw: { type: 'REG_DWORD', data: 5 } }, taskbar: { raw: true } };
  const { items, obstacles } = await wantedFrom(snapshot([{ content: { platform: 'windows', values } }]), {
    ...HERE,
    catalog: BOTH,
  });

  assert.deepEqual(
    items.map(({ id, category, raw, will, note }) => ({ id, category, raw, will, note })),
    [
      { id: 'pointer', category: 'accessibility', raw: '5', will: '5', note: undefined },
      { id: 'taskbar', category: 'personalization', raw: undefined, will: '', note: undefined },
    ],
  );
  assert.deepEqual([...obstacles.keys()], ['taskbar']);
  assert.equal(obstacles.get('taskbar')?.reason.code, 'otherPlatform');
});

test('a value of Linux comes under the place of Windows; what is out of reach is the nearest, and said', async () => {
  const values = { pointer: { raw: '32', value: 32 }, colour: { raw: "'red'" } };
  const here = { ...HERE, catalog: BOTH, platform: 'windows', osName: 'Windows 11', build: '26100.1' } as const;
  const { items, obstacles } = await wantedFrom(snapshot([{ content: { values } }]), here);

  const [place, left] = items;
  assert.deepEqual([place?.id, place?.raw, place?.will], ['pointer.place', { type: 'REG_DWORD', data: 20 }, '20']);
  assert.deepEqual(place?.note, { code: 'nearestTaken', facts: { system: 'Windows 11' } });
  assert.deepEqual([left?.id, obstacles.get('colour')?.reason.facts], ['colour', { system: 'Windows 11' }]);
});

test('what another platform may only set when asked is off by default', async () => {
  const [theme] = HERE.catalog.settings;
  assert.ok(theme?.neutral);
  const catalog = aCatalog([{ ...theme, neutral: { ...theme.neutral, onlyAsked: true } }]);
  const unit = { content: { platform: 'windows', values: { theme: { raw: true, value: true } } } } as const;

  const { items } = await wantedFrom(snapshot([unit]), { ...HERE, catalog });

  assert.deepEqual([items[0]?.raw, items[0]?.flags], ["'dark'", ['defaultOff']]);
});

test('what this device holds stays when it means what the other platform had', async () => {
  const values = { theme: { raw: true, value: true } };
  const unit = { content: { platform: 'windows', values } } as const;
  const held = new Map([['theme', "'dark'"]]);

  assert.equal((await wantedFrom(snapshot([unit]), { ...HERE, held })).items[0]?.raw, "'dark'");
});

test('a setting this catalog does not know stays, with the reason', async () => {
  const { items, obstacles } = await wantedFrom(
    snapshot([{ content: { values: { 'future.setting': { raw: '1' } } } }]),
    HERE,
  );

  assert.deepEqual([items[0]?.id, items[0]?.raw], ['future.setting', undefined]);
  assert.deepEqual(obstacles.get('future.setting')?.reason.facts, { system: 'Debian GNU/Linux 12' });
});

test('apps of the other platform have no place here', async () => {
  const apps = { payloadType: APPS_PAYLOAD_TYPE, category: 'apps' } as const;
  const values = { 'apps.flatpak/org.example.Maps': { raw: { name: 'Maps' } } };
  const same = await wantedFrom(snapshot([{ ...apps, content: { values } }]), HERE);
  const other = await wantedFrom(snapshot([{ ...apps, content: { platform: 'windows', values } }]), HERE);

  assert.deepEqual([same.items[0]?.will, same.obstacles.size], ['from Flathub', 0]);
  assert.equal(other.obstacles.get('apps.flatpak/org.example.Maps')?.reason.code, 'otherPlatform');
});

test('an app that the catalog knows on both platforms comes from the source of this one', async () => {
  const vlc = { id: 'app:vlc', name: 'VLC', winget: 'VideoLAN.VLC', desktopFiles: [], flatpak: 'org.videolan.VLC' };
  const catalog = { ...HERE.catalog, applications: [vlc] };
  const values = { 'apps.winget/VideoLAN.VLC': { raw: {} }, 'apps.winget/Corp.Ledger': { raw: {} } };
  const unit = { payloadType: APPS_PAYLOAD_TYPE, category: 'apps', content: { platform: 'windows', values } } as const;

  const { items, obstacles } = await wantedFrom(snapshot([unit]), { ...HERE, catalog });

  assert.deepEqual(items.map(({ id }) => id).toSorted(), ['apps.flatpak/org.videolan.VLC', 'apps.winget/Corp.Ledger']);
  assert.deepEqual([...obstacles.keys()], ['apps.winget/Corp.Ledger']);
});

test('a category that is withheld is not opened', async () => {
  const { items } = await wantedFrom(
    snapshot([{ content: { values: { theme: { raw: "'dark'" } } } }], ['personalization']),
    HERE,
  );

  assert.deepEqual(items, []);
});

test('what is damaged, forged, too large or of no known shape is one item with the reason; the others go on', async () => {
  const sound = { payloadType: 'carryover.sound', content: { values: { accent: { raw: "'rose'" } } } };
  const bad: UnitParts[] = [
    { payload: Buffer.from('not zstd') },
    { payload: zstdCompressSync(Buffer.from('{"format":1}')) },
    { payload: zstdCompressSync(Buffer.alloc(MAX_PLAIN_BYTES + 1)) },
    { payload: new Uint8Array() },
    { content: { format: 2 as 1 } },
    { content: { platform: 'amiga' as 'linux' } },
    { content: { values: { theme: "'dark'" as unknown as { raw: Json } } } },
    { content: { values: { theme: {} as { raw: Json } } } },
  ];
  for (const unit of bad) {
    const { items, obstacles } = await wantedFrom(snapshot([{ ...unit, payloadType: 'carryover.bad' }, sound]), HERE);

    assert.deepEqual(
      items.map(({ id }) => id),
      ['carryover.bad', 'accent'],
    );
    assert.deepEqual(obstacles.get('carryover.bad'), { status: 'failed', reason: { code: 'damaged' } });
  }
});
