/**
 * What a snapshot holds, as this device would take it: opened, checked, and translated where it comes from another platform.
 *
 * Nothing in a snapshot is trusted: each unit is decompressed under a cap, compared with its keyed digest and checked
 * for its shape. A unit that fails is one item of the plan with the reason; the others go on.
 *
 * Nothing here touches the machine.
 */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { Json } from '@carryover/model/canonical';
import { settingOf, titleOf } from '@carryover/model/catalog';
import { linuxFromNeutral } from '@carryover/model/codecs';
import type { Parts } from '@carryover/model/parts';
import type { Language, Reason } from '@carryover/model/reasons';
import { type ItemStatus, kindOf } from '@carryover/model/report';
import type { WantedItem } from '@carryover/model/restore-plan';
import { type Catalog, PLATFORMS, type Platform, type Setting } from '@carryover/model/setting';
import type { ManifestUnit } from '@carryover/model/snapshot';
import { APPS_PAYLOAD_TYPE, type CapturedValue, MAX_PLAIN_BYTES, type UnitContent } from '@carryover/model/unit';
import type { SnapshotContentHead } from '@carryover/model/wire';
import type { appWords } from '../apps/apps.ts';
import { wordsOfValue } from './words.ts';

export interface Here {
  readonly catalog: Catalog;
  readonly platform: Platform;
  readonly osName: string;
  /** Hex. */
  readonly digestKey: string;
  readonly language: Language;
  /** "debian 12 gnome 43": which places of the catalog this device has. */
  readonly build: string;
  /** What an app is called, where it comes from, and what about it is off by default. */
  readonly appWords: typeof appWords;
}

export interface Wanted {
  readonly items: readonly WantedItem[];
  /** Why an item cannot come over, known before any mechanism is asked. */
  readonly obstacles: ReadonlyMap<string, { readonly status: ItemStatus; readonly reason: Reason }>;
}

type Obstacles = Map<string, { readonly status: ItemStatus; readonly reason: Reason }>;

export async function wantedFrom({ head, contents }: Parts<SnapshotContentHead>, here: Here): Promise<Wanted> {
  const payloads = new Map(head.parts.map(({ id }, index) => [id, contents[index]]));
  const items = new Map<string, WantedItem>();
  const obstacles: Obstacles = new Map();
  for (const unit of head.manifest.units) {
    if (head.withheld.includes(unit.category)) continue;
    const content = await opened(unit, payloads.get(unit.contentId), here.digestKey);
    const found = content === undefined ? [damagedUnit(unit)] : itemsOf(unit, content, here);
    for (const { item, obstacle } of found) {
      items.set(item.id, item);
      if (obstacle !== undefined) obstacles.set(item.id, obstacle);
    }
  }
  return { items: [...items.values()], obstacles };
}

interface Found {
  readonly item: WantedItem;
  readonly obstacle?: { readonly status: ItemStatus; readonly reason: Reason };
}

async function opened(
  { contentId }: ManifestUnit,
  payload: Uint8Array | undefined,
  digestKey: string,
): Promise<UnitContent | undefined> {
  if (payload === undefined) return undefined;
  try {
    const plain = await promisify(zstdDecompress)(payload, { maxOutputLength: MAX_PLAIN_BYTES });
    const digest = createHmac('sha256', Buffer.from(digestKey, 'hex')).update(plain).digest();
    const named = Buffer.from(contentId, 'hex');
    if (named.length !== digest.length || !timingSafeEqual(named, digest)) return undefined;
    return contentFrom(JSON.parse(plain.toString()));
  } catch {
    // Not zstd, larger than a unit may be, or not JSON: all of them are a damaged copy.
    return undefined;
  }
}

function contentFrom(value: unknown): UnitContent | undefined {
  const content = value as Partial<UnitContent> | null;
  if (typeof content !== 'object' || content?.format !== 1) return undefined;
  if (!PLATFORMS.some((platform) => platform === content.platform)) return undefined;
  if (typeof content.values !== 'object' || content.values === null) return undefined;
  const sound = Object.values(content.values).every(
    (captured: unknown) => typeof captured === 'object' && captured !== null && 'raw' in captured,
  );
  return sound ? (content as UnitContent) : undefined;
}

function damagedUnit({ payloadType, category, settingCount }: ManifestUnit): Found {
  const item: WantedItem = {
    id: payloadType,
    kind: payloadType === APPS_PAYLOAD_TYPE ? 'app' : 'setting',
    category,
    title: `${payloadType} (${settingCount})`,
    flags: [],
    raw: undefined,
    will: '',
  };
  return { item, obstacle: { status: 'failed', reason: { code: 'damaged' } } };
}

function itemsOf(unit: ManifestUnit, content: UnitContent, here: Here): Found[] {
  return Object.entries(content.values).map(([itemId, captured]) =>
    unit.payloadType === APPS_PAYLOAD_TYPE
      ? appFrom(itemId, captured, content, here)
      : settingFrom(itemId, captured, { unit, content, here }),
  );
}

/** Apps are brought over where they come from the same kind of source; Windows apps have none here. */
function appFrom(itemId: string, { raw }: CapturedValue, { platform }: UnitContent, here: Here): Found {
  const { title, will, flags } = here.appWords({ itemId, raw });
  const isFromHere = platform === here.platform;
  const item: WantedItem = {
    id: itemId,
    kind: 'app',
    category: 'apps',
    title,
    flags,
    raw: isFromHere ? raw : undefined,
    will,
  };
  return isFromHere ? { item } : { item, obstacle: noEquivalent(here) };
}

function settingFrom(
  itemId: string,
  captured: CapturedValue,
  { unit, content, here }: { readonly unit: ManifestUnit; readonly content: UnitContent; readonly here: Here },
): Found {
  const { catalog, language } = here;
  const known = settingOf(catalog, itemId);
  const setting = content.platform === here.platform ? known : equivalentHere(known, here);
  // A former id in the backup is carried on by the setting that names it.
  const id = setting === undefined ? itemId : setting.id + restOf(itemId);
  const raw =
    content.platform === here.platform
      ? captured.raw
      : setting && captured.value !== undefined
        ? translated(setting, captured.value, here)
        : undefined;
  const kind = setting === undefined ? 'setting' : kindOf(setting);
  const item: WantedItem = {
    id,
    kind,
    category: setting?.category ?? unit.category,
    title: titleOf(catalog, id, language),
    flags: setting?.flags ?? [],
    raw: setting === undefined ? undefined : raw,
    will: wordsOfValue(kind, pathOf(setting, id), raw),
  };
  if (setting !== undefined && raw !== undefined) return { item };
  return { item, obstacle: content.platform === here.platform ? notHere(here) : noEquivalent(here) };
}

/** The setting that means the same here: itself when it has a place here, or one with the same neutral id. */
function equivalentHere(setting: Setting | undefined, { catalog, platform }: Here): Setting | undefined {
  if (setting === undefined || setting[platform] !== undefined) return setting;
  const neutralId = setting.neutral?.id;
  if (neutralId === undefined) return undefined;
  return catalog.settings.find((other) => other.neutral?.id === neutralId && other[platform] !== undefined);
}

/** What a file is called: its own path where a setting holds many, else the setting's. */
function pathOf(setting: Setting | undefined, itemId: string): string {
  const place = setting?.linux?.find(({ mechanism }) => mechanism === 'file');
  return restOf(itemId) === '' && place?.mechanism === 'file' ? place.path : itemId;
}

/** The raw value that says `value` at the place this device has; undefined when nothing there can say it. */
function translated(setting: Setting, value: Json, { catalog, build }: Here): Json | undefined {
  const gnome = Number.parseInt(build.split(' ').at(-1) ?? '', 10);
  const place = setting.linux?.find(
    (one) => !('fromGnome' in one || 'toGnome' in one) || isWithin(gnome, one.fromGnome, one.toGnome),
  );
  if (place === undefined) return undefined;
  return linuxFromNeutral(setting, value, { place, context: { applications: catalog.applications } })?.raw;
}

function isWithin(version: number, from = 0, to = Number.POSITIVE_INFINITY): boolean {
  return version >= from && version <= to;
}

function restOf(itemId: string): string {
  const slash = itemId.indexOf('/');
  return slash < 0 ? '' : itemId.slice(slash);
}

function notHere({ osName }: Here): Found['obstacle'] & {} {
  return { status: 'notOnThisVersion', reason: { code: 'notOnThisVersion', facts: { system: osName } } };
}

function noEquivalent({ osName }: Here): Found['obstacle'] & {} {
  return { status: 'notOnThisVersion', reason: { code: 'otherPlatform', facts: { system: osName } } };
}
