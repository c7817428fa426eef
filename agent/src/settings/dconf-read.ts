/**
 * What a device's dconf holds of the catalog's settings, and what it says of items that would be applied.
 */

import { isDenied, type Match, settingForDconfKey } from '@carryover/model/catalog';
import type { Finding } from '@carryover/model/restore-plan';
import type { Setting } from '@carryover/model/setting';
import type { Device, Intent } from './dconf-decision.ts';
import { rawOfKeys, valueNow } from './dconf-raw.ts';
import { decide, isPicture } from './dconf-wish.ts';
import { wordsOfValue } from './gvariant.ts';
import { textTemplated } from './home-template.ts';
import type { DconfValues } from './keyfile.ts';
import type { FoundItem, MechanismContext, ReadFailure, ReadResult } from './mechanism.ts';

/** `key` is the one that led to the setting; a place with several may have more that are set. */
interface Found extends Match {
  readonly key: string;
}

export async function readItems(
  context: MechanismContext,
  settings: readonly Setting[],
  values: DconfValues,
): Promise<ReadResult> {
  const wanted = new Set(settings.map(({ id }) => id));
  const matches = new Map<string, Found>();
  for (const key of values.keys()) {
    const match = settingForDconfKey(context.catalog, key);
    if (match !== undefined && wanted.has(match.setting.id)) matches.set(match.itemId, { ...match, key });
  }
  const items: FoundItem[] = [];
  const failures: ReadFailure[] = [];
  for (const match of matches.values()) {
    const found = await readItem(context, values, match);
    if ('reason' in found) failures.push(found);
    else items.push(found);
  }
  return { items, failures };
}

export async function findingsOf(
  context: MechanismContext,
  device: Device,
  intents: readonly Intent[],
): Promise<ReadonlyMap<string, Finding>> {
  const findings = new Map<string, Finding>();
  for (const intent of intents) findings.set(intent.item.itemId, await findingOf(context, device, intent));
  return findings;
}

async function readItem(
  context: MechanismContext,
  values: DconfValues,
  { itemId, setting, place, key }: Found,
): Promise<FoundItem | ReadFailure> {
  const { catalog, system } = context;
  if (place.mechanism === 'dconfImage') {
    const uri = valueNow(values, place.key)?.value;
    const picture =
      typeof uri === 'string'
        ? await (await import('./image.ts')).pictureOf(context, uri)
        : { code: 'badValue' as const, facts: { detail: 'it does not name a picture' } };
    return 'code' in picture
      ? { itemId, reason: picture }
      : { itemId, setting, raw: { ...picture.raw }, blobs: picture.blobs };
  }
  const keys = place.mechanism === 'dconf' ? place.keys.filter((key) => !isDenied(catalog, 'dconf', key)) : [key];
  return { itemId, setting, raw: rawOfKeys(keys, values, system.home) ?? '', blobs: [] };
}

async function findingOf(context: MechanismContext, device: Device, intent: Intent): Promise<Finding> {
  const decision = await decide(context, device, intent);
  const { keys } = intent.item;
  const { values } = device;
  const { home } = context.system;
  const shown = keys.flatMap((key) => valueNow(values, key) ?? []);
  const isOfPicture = isPicture(intent.item.setting);
  const [uri] = isOfPicture ? shown.map(({ value }) => String(value)) : [];
  return {
    now: uri === undefined ? rawOfKeys(keys, values, home) : { uri: textTemplated(uri, home) },
    nowWords: uri === undefined ? shown.map(wordsOfValue).join(', ') : nameOf(uri),
    same: decision.kind === 'same',
    ...(decision.kind === 'obstacle' ? { obstacle: { status: decision.status, reason: decision.reason } } : {}),
  };
}

/** The last part of a URI, as a person would name the file. */
function nameOf(uri: string): string {
  const last = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
