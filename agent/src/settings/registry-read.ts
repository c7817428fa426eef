/**
 * What this Windows holds of the catalog's settings: every key read once, then every setting looked up.
 */

import {
  familyItemId,
  isInRegistry,
  type RegistryLikePlace,
  registryValueOf,
  windowsPlaceOf,
} from '@carryover/model/catalog';
import { REGISTRY_TYPES, type RegistryRaw } from '@carryover/model/registry-value';
import type { RegistryFamilyPlace, RegistryImagePlace, RegistryPlace, Setting } from '@carryover/model/setting';
import type { Registry, RegistryData } from '../system/registry.ts';
import { windowsTextTemplated } from './home-template.ts';
import type { FoundItem, MechanismContext, ReadFailure, ReadResult } from './mechanism.ts';
import { isShared, partOf, SharedValueError } from './registry-bits.ts';
import { buildOf, type KeyPlace, keysBehind, type RegistryNow, registryNow, whyClosed } from './registry-now.ts';
import { rawFrom } from './registry-raw.ts';
import { jsonOf, mappedTexts } from './registry-raw-check.ts';

/** A setting of this build, and the keys that it lies in. */
interface Here {
  readonly setting: Setting;
  readonly place: RegistryLikePlace;
  readonly keys: readonly KeyPlace[];
}

export async function readItems(
  context: MechanismContext,
  registry: Registry,
  settings: readonly Setting[],
): Promise<ReadResult> {
  const build = await buildOf(registry);
  const failures: ReadFailure[] = [];
  const here: Here[] = [];
  for (const setting of settings) {
    const place = windowsPlaceOf(setting, build);
    if (place === undefined || !isInRegistry(place)) continue;
    try {
      here.push({ setting, place, keys: await keysBehind(registry, place) });
    } catch (error) {
      failures.push({ itemId: setting.id, reason: whyClosed(place, error) });
    }
  }
  const now = await registryNow(
    registry,
    here.flatMap(({ keys }) => keys),
  );
  const profile = profileOf(context);
  const items: FoundItem[] = [];
  for (const { setting, place, keys } of here) {
    const closed = keys.map((key) => now.closed(key)).find((reason) => reason !== undefined);
    if (closed !== undefined) failures.push({ itemId: setting.id, reason: closed });
    const found =
      place.mechanism === 'registry'
        ? wholeOrPart(context, { setting, place, build }, now, profile)
        : place.mechanism === 'registryImage'
          ? await picture(context, { setting, place, build }, now)
          : keys.flatMap((key) => members(context, { setting, place, key }, now, profile));
    for (const one of found)
      if ('reason' in one) failures.push(one);
      else items.push(one);
  }
  return { items, failures };
}

/** The person's profile folder as the registry writes it. */
export function profileOf({ system }: Pick<MechanismContext, 'system'>): string {
  return system.home.replaceAll('/', '\\');
}

/** As it will travel: the profile folder is ${HOME}. */
export function travelling(data: RegistryData, profile: string): RegistryRaw {
  const template = (text: string) => (/[\\{]/.test(text) ? windowsTextTemplated(text, profile) : text);
  return mappedTexts(rawFrom(data), template);
}

function wholeOrPart(
  { catalog }: MechanismContext,
  { setting, place, build }: { readonly setting: Setting; readonly place: RegistryPlace; readonly build: number },
  now: RegistryNow,
  profile: string,
): (FoundItem | ReadFailure)[] {
  const data = now.value(place);
  if (data === undefined || registryValueOf(catalog, setting.id, build) === undefined) return [];
  const item = { itemId: setting.id, setting, blobs: [] };
  if (!isShared(place)) return [{ ...item, raw: jsonOf(travelling(data, profile)) }];
  try {
    return [{ ...item, raw: partOf(place, data) ?? false }];
  } catch (error) {
    if (!(error instanceof SharedValueError)) throw error;
    return [{ itemId: setting.id, reason: { code: 'badValue', facts: { detail: error.message } } }];
  }
}

async function picture(
  context: MechanismContext,
  { setting, place, build }: { readonly setting: Setting; readonly place: RegistryImagePlace; readonly build: number },
  now: RegistryNow,
): Promise<(FoundItem | ReadFailure)[]> {
  const data = now.value(place);
  if (data === undefined || registryValueOf(context.catalog, setting.id, build) === undefined) return [];
  const found = await (await import('./registry-image.ts')).namedPicture(context, data);
  return 'code' in found ? [{ itemId: setting.id, reason: found }] : [{ itemId: setting.id, setting, ...found }];
}

/** Values of other types than the family's belong to somebody else. */
function members(
  { catalog }: MechanismContext,
  { setting, place, key }: { readonly setting: Setting; readonly place: RegistryFamilyPlace; readonly key: KeyPlace },
  now: RegistryNow,
  profile: string,
): FoundItem[] {
  const types = new Set<number>(place.types.map((type) => REGISTRY_TYPES[type]));
  return (now.values(key) ?? []).flatMap(({ name, ...data }) => {
    if (!types.has(data.type)) return [];
    const itemId = familyItemId(catalog, { id: setting.id, place }, { key: key.key, value: name });
    return itemId === undefined ? [] : [{ itemId, setting, raw: jsonOf(travelling(data, profile)), blobs: [] }];
  });
}
