/**
 * The way back for settings of the registry: what items hold before a restore, byte by byte, and the wishes for that.
 *
 * Shape of a former raw value: a RegistryRaw as it is, without ${HOME}; for a bit or member that was there true or false,
 * for a member that the restore takes out of its list `{ at }`, so that it comes back to its position; undefined where
 * the value was absent, and `{ missingKeys }` where also that many keys from its own upwards were. `made` beside it names
 * a picture that the restore will put onto this PC and undo takes away again.
 */

import type { Json } from '@carryover/model/canonical';
import type { Registry } from '../system/registry.ts';
import type { Former, ItemToApply } from './mechanism.ts';
import { isEmptyList, isShared, partOf, positionOf, SharedValueError, withPart } from './registry-bits.ts';
import type { KeyPlace, RegistryNow } from './registry-now.ts';
import { dataFrom, rawFrom } from './registry-raw.ts';
import { jsonOf } from './registry-raw-check.ts';
import { bad, isTrueOfPart, type Located, type Obstacle, type Wish, wholeWish } from './registry-wish.ts';
import type { NewPicture } from './windows-picture.ts';

export async function formerOf(
  registry: Registry,
  {
    located,
    item,
    made,
  }: { readonly located: Located; readonly item: ItemToApply; readonly made?: NewPicture | undefined },
  now: RegistryNow,
): Promise<Former> {
  const { itemId, match, place } = located;
  const found = now.value(place);
  if (found === undefined) {
    const missingKeys = await missingKeysOf(registry, place, now);
    const absent = { ...(missingKeys === 0 ? {} : { missingKeys }), ...madeOf(made) };
    return { itemId, raw: Object.keys(absent).length === 0 ? undefined : absent, blobs: [] };
  }
  const described = match.place;
  if (described.mechanism !== 'registry' || !isShared(described))
    return { itemId, raw: { ...rawFrom(found), ...madeOf(made) } as Json, blobs: [] };
  try {
    const at = described.listMember === undefined ? -1 : positionOf(described, found);
    const raw: Json = item.raw === false && at >= 0 ? { at } : (partOf(described, found) ?? false);
    return { itemId, raw, blobs: [] };
  } catch (error) {
    // What is not what the catalog says is not changed either.
    if (error instanceof SharedValueError) return { itemId, raw: jsonOf(rawFrom(found)), blobs: [] };
    throw error;
  }
}

export function wishBack({ itemId, match, place }: Located, former: Former): Wish | Obstacle {
  const { raw } = former;
  const described = match.place;
  const { apply } = described;
  const madeKeys = numberIn(raw, 'missingKeys') ?? 0;
  const isAbsent = raw === undefined || madeKeys > 0 || (madePictureOf(former) !== undefined && !isWhole(raw));
  const at = { itemId, place, apply, madeKeys };
  if (described.mechanism === 'registry' && isShared(described) && (isAbsent || !isWhole(raw))) {
    const position = numberIn(raw, 'at');
    const on = position !== undefined || raw === true;
    return {
      ...at,
      told: on ? 1 : 0,
      change(now) {
        if (isAbsent && now === undefined) return undefined;
        const back = withPart(described, now, on, position);
        return isAbsent && back !== undefined && isEmptyList(described, back) ? undefined : back;
      },
      isFulfilled: (now) => (now === undefined ? isAbsent : isTrueOfPart(() => partOf(described, now) === on)),
    };
  }
  if (isAbsent) return wholeWish(at, undefined);
  const data = dataFrom(raw);
  return data === undefined ? bad('it is no value of the registry') : wholeWish(at, data);
}

/** The picture that the restore brought, to be removed once the value no longer names it. */
export function madePictureOf({ raw }: Former): NewPicture | undefined {
  if (typeof raw !== 'object' || raw === null || !('made' in raw)) return undefined;
  const { path, blob } = (raw['made'] ?? {}) as { readonly path?: Json; readonly blob?: Json };
  return typeof path === 'string' && typeof blob === 'string' ? { path, blob } : undefined;
}

function madeOf(made: NewPicture | undefined): { readonly made?: Json } {
  return made === undefined ? {} : { made: { ...made } };
}

function isWhole(raw: Json | undefined): boolean {
  return typeof raw === 'object' && raw !== null && 'type' in raw;
}

function numberIn(raw: Json | undefined, name: string): number | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const found = (raw as Readonly<Record<string, Json>>)[name];
  return typeof found === 'number' && Number.isInteger(found) && found >= 0 ? found : undefined;
}

/** How many keys, from the place's own upwards, are not there. */
async function missingKeysOf(registry: Registry, { hive, key }: KeyPlace, now: RegistryNow): Promise<number> {
  if (now.values({ hive, key }) !== undefined) return 0;
  const names = key.split('\\');
  let missing = 1;
  for (; missing < names.length; missing += 1) {
    const above = names.slice(0, names.length - missing).join('\\');
    if ((await registry.values(hive, above).catch(() => [])) !== undefined) break;
  }
  return missing;
}
