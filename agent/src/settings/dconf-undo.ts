/**
 * The way back: what items hold before a restore, and the wishes that bring exactly that back.
 *
 * Nothing is judged here as a restore would: what the person had, they get back, whatever schemas say. Only a lock
 * stands.
 *
 * Shape: raw of a picture's former value is `{ uri?, blob?, made? }`: `uri` is missing when the key was not set, `made`
 * names the picture that the restore will bring and undo takes away again.
 */

import type { Json } from '@carryover/model/canonical';
import { dconfKeysOf, settingOf } from '@carryover/model/catalog';
import type { Wish } from './dconf-decision.ts';
import { expanded, rawOfKeys, valueNow } from './dconf-raw.ts';
import { isPicture, textsOfRaw } from './dconf-wish.ts';
import { gvariantFrom } from './gvariant-parse.ts';
import { gvariantText } from './gvariant-print.ts';
import { textExpanded, textTemplated } from './home-template.ts';
import { pictureOf, picturePlace, rawPictureFrom } from './image.ts';
import type { DconfValues } from './keyfile.ts';
import type { Former, ItemToApply, MechanismContext } from './mechanism.ts';

export async function formerOf(context: MechanismContext, values: DconfValues, item: ItemToApply): Promise<Former> {
  return isPicture(item.setting) ? formerPicture(context, values, item) : formerValue(context, values, item.itemId);
}

/** Errors: GVariantError when the undo point was damaged. */
export async function wishBack(context: MechanismContext, values: DconfValues, former: Former): Promise<Wish> {
  const setting = settingOf(context.catalog, former.itemId);
  const isOfPicture = setting !== undefined && isPicture(setting);
  return isOfPicture ? wishForPicture(context, values, former) : wishForValue(context, values, former);
}

function formerValue({ catalog, system }: MechanismContext, values: DconfValues, itemId: string): Former {
  const raw = rawOfKeys(dconfKeysOf(catalog, itemId), values, system.home);
  return { itemId, raw, blobs: [] };
}

async function formerPicture(context: MechanismContext, values: DconfValues, item: ItemToApply): Promise<Former> {
  const { itemId } = item;
  const [key = ''] = dconfKeysOf(context.catalog, itemId);
  const made = await pictureToBeMade(context, item);
  const now = valueNow(values, key)?.value;
  if (typeof now !== 'string') return { itemId, raw: made === undefined ? undefined : { made }, blobs: [] };
  const picture = await pictureOf(context, now);
  const withMade = made === undefined ? {} : { made };
  if ('code' in picture)
    return { itemId, raw: { uri: textTemplated(now, context.system.home), ...withMade }, blobs: [] };
  return { itemId, raw: { ...picture.raw, ...withMade }, blobs: picture.blobs };
}

interface MadePicture {
  readonly [member: string]: Json;
  readonly path: string;
  readonly blob: string;
}

async function pictureToBeMade(context: MechanismContext, { raw }: ItemToApply): Promise<MadePicture | undefined> {
  const wanted = rawPictureFrom(raw);
  const place = wanted && (await picturePlace(context, wanted));
  return place?.kind === 'new' ? { path: place.path, blob: place.blob } : undefined;
}

/** The picture that the restore brought, to be removed once the key no longer names it. */
export function madePictureOf({ raw }: Former): MadePicture | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw) || !('made' in raw)) return undefined;
  const { path, blob } = (raw['made'] ?? {}) as { readonly path?: Json; readonly blob?: Json };
  return typeof path === 'string' && typeof blob === 'string' ? { path, blob } : undefined;
}

function wishForValue({ catalog, system }: MechanismContext, values: DconfValues, former: Former): Wish {
  const keys = dconfKeysOf(catalog, former.itemId);
  const texts: DconfValues = (former.raw === undefined ? undefined : textsOfRaw(former.raw, keys)) ?? new Map();
  const writes = new Map<string, string>();
  for (const [key, text] of texts) writes.set(key, gvariantText(expanded(gvariantFrom(text), text, system.home)));
  return { itemId: former.itemId, writes, resets: keys.filter((key) => !writes.has(key) && values.has(key)) };
}

async function wishForPicture(context: MechanismContext, values: DconfValues, former: Former): Promise<Wish> {
  const { itemId, raw } = former;
  const [key = ''] = dconfKeysOf(context.catalog, itemId);
  const before = raw === undefined ? undefined : rawPictureFrom(raw);
  if (before === undefined) return { itemId, writes: new Map(), resets: values.has(key) ? [key] : [] };
  const uri = textExpanded(before.uri, context.system.home);
  const asItWas: Wish = { itemId, writes: new Map([[key, uriText(uri)]]), resets: [] };
  if (before.blob === undefined) return asItWas;
  const place = await picturePlace(context, before);
  // The picture is gone meanwhile: it comes back from the undo point, to where pictures may be put.
  return place.kind === 'new'
    ? { itemId, writes: new Map([[key, uriText(place.uri)]]), resets: [], picture: place }
    : asItWas;
}

function uriText(uri: string): string {
  return gvariantText({ type: 's', value: uri });
}
