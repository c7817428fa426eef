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
import type { Parts } from '@carryover/model/parts';
import type { Language, Reason } from '@carryover/model/reasons';
import { type ItemStatus, kindOf } from '@carryover/model/report';
import type { WantedItem } from '@carryover/model/restore-plan';
import {
  type Catalog,
  type Category,
  PLATFORMS,
  type Platform,
  type Setting,
  settingIdOf,
} from '@carryover/model/setting';
import type { ManifestUnit } from '@carryover/model/snapshot';
import { APPS_PAYLOAD_TYPE, MAX_PLAIN_BYTES, type UnitContent } from '@carryover/model/unit';
import type { SnapshotContentHead } from '@carryover/model/wire';
import type { appWords } from '../apps/apps.ts';
import { equivalentApp } from '../apps/equivalent-app.ts';
import type { AppItem } from './plan.ts';
import { type Foreign, translated } from './translate.ts';
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
  /** Raw values of this device by item id, for what comes from another platform: kept where they mean the same. */
  readonly held?: ReadonlyMap<string, Json>;
}

export interface Wanted {
  readonly items: readonly WantedItem[];
  /** Why an item cannot come over, known before any mechanism is asked. */
  readonly obstacles: ReadonlyMap<string, { readonly status: ItemStatus; readonly reason: Reason }>;
}

type Obstacles = Map<string, { readonly status: ItemStatus; readonly reason: Reason }>;

export async function wantedFrom({ head, contents }: Parts<SnapshotContentHead>, here: Here): Promise<Wanted> {
  const payloads = new Map(head.parts.map(({ id }, index) => [id, contents[index]]));
  const found: Found[] = [];
  const foreign: Foreign<Category>[] = [];
  for (const unit of head.manifest.units) {
    if (head.withheld.includes(unit.category)) continue;
    const content = await opened(unit, payloads.get(unit.contentId), here.digestKey);
    if (content === undefined) found.push(damagedUnit(unit));
    else if (unit.payloadType === APPS_PAYLOAD_TYPE) found.push(...appsFrom(content, here));
    else if (content.platform === here.platform) found.push(...settingsFrom(content, unit.category, here));
    else foreign.push(...foreignItems(content, unit.category));
  }
  found.push(...fromElsewhere(foreign, here));
  const obstacles: Obstacles = new Map();
  const items = new Map(found.map(({ item }) => [item.id, item]));
  for (const { item, obstacle } of found) if (obstacle !== undefined) obstacles.set(item.id, obstacle);
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

/** Apps of another platform are brought over where the catalog's table knows them on this one too. */
function appsFrom({ platform, values }: UnitContent, here: Here): Found[] {
  return Object.entries(values).map(([itemId, { raw }]) => {
    if (platform === here.platform) return { item: appFrom({ itemId, raw }, here) };
    const equivalent = equivalentApp(itemId, here.catalog.applications, here.platform);
    if (equivalent !== undefined) return { item: appFrom(equivalent, here) };
    return { item: { ...appFrom({ itemId, raw }, here), raw: undefined }, obstacle: noEquivalent(here) };
  });
}

function appFrom({ itemId, raw }: AppItem, { appWords }: Here): WantedItem {
  const { title, will, flags } = appWords({ itemId, raw });
  return { id: itemId, kind: 'app', category: 'apps', title, flags, raw, will };
}

function settingsFrom({ values }: UnitContent, category: Category, here: Here): Found[] {
  return Object.entries(values).map(([itemId, { raw }]) => {
    const setting = settingOf(here.catalog, itemId);
    // A former id in the backup is carried on by the setting that names it.
    const id = setting === undefined ? itemId : setting.id + restOf(itemId);
    const item = itemFrom(id, { setting, raw, category, here });
    return setting === undefined ? { item, obstacle: notHere(here) } : { item };
  });
}

function foreignItems({ values }: UnitContent, about: Category): Foreign<Category>[] {
  return Object.entries(values).map(([itemId, captured]) => ({ itemId, captured, about }));
}

function fromElsewhere(foreign: readonly Foreign<Category>[], here: Here): Found[] {
  const { catalog, platform, build, held } = here;
  const target = { catalog, platform, build, ...(held !== undefined && { here: held }) };
  return translated(foreign, target).map(({ itemId: id, about: category, raw, clamped, onlyAsked }) => {
    const found = itemFrom(id, { setting: settingOf(catalog, id), raw, category, here });
    const item: WantedItem = onlyAsked ? { ...found, flags: [...found.flags, 'defaultOff'] } : found;
    if (raw === undefined) return { item, obstacle: noEquivalent(here) };
    return { item: clamped ? { ...item, note: { code: 'nearestTaken', facts: { system: here.osName } } } : item };
  });
}

interface About {
  readonly setting: Setting | undefined;
  readonly raw: Json | undefined;
  /** Of the unit; the setting's own where the catalog knows it. */
  readonly category: Category;
  readonly here: Here;
}

function itemFrom(id: string, { setting, raw, category, here }: About): WantedItem {
  const kind = setting === undefined ? 'setting' : kindOf(setting);
  return {
    id,
    kind,
    category: setting?.category ?? category,
    title: titleOf(here.catalog, id, here.language),
    flags: setting?.flags ?? [],
    raw: setting === undefined ? undefined : raw,
    will: wordsOfValue(kind, pathOf(setting, id), raw),
  };
}

/** What a file is called: its own path where a setting holds many, else the setting's. */
function pathOf(setting: Setting | undefined, itemId: string): string {
  const place = setting?.linux?.find(({ mechanism }) => mechanism === 'file');
  return restOf(itemId) === '' && place?.mechanism === 'file' ? place.path : itemId;
}

function restOf(itemId: string): string {
  return itemId.slice(settingIdOf(itemId).length);
}

function notHere({ osName }: Here): Found['obstacle'] & {} {
  return { status: 'notOnThisVersion', reason: { code: 'notOnThisVersion', facts: { system: osName } } };
}

function noEquivalent({ osName }: Here): Found['obstacle'] & {} {
  return { status: 'notOnThisVersion', reason: { code: 'otherPlatform', facts: { system: osName } } };
}
