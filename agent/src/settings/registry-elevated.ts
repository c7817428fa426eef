/**
 * What an administrator's task may change for a person: the few whole values below HKLM that the catalog marks for it, to
 * and from values that the catalog allows, and nothing else.
 *
 * Whoever asks is not trusted: where a value lies is the catalog's word, and a value that could not be taken back by the
 * same rules is not replaced in the first place.
 *
 * Source: docs/decisions/2026-11-26-elevated-task.md.
 */

import type { Json } from '@carryover/model/canonical';
import type { RegistryPlace } from '@carryover/model/setting';
import type { Former, ItemToApply, MechanismContext, Outcome } from './mechanism.ts';
import { registry as mechanism } from './registry.ts';
import { whyNotElevated } from './registry-elevation.ts';
import { buildOf, registryNow } from './registry-now.ts';
import { rawFrom } from './registry-raw.ts';
import { checkedRaw, jsonOf } from './registry-raw-check.ts';
import { type Located, locate, type Obstacle } from './registry-wish.ts';

type AskedItem = Pick<ItemToApply, 'itemId' | 'raw'>;
type AskedFormer = Pick<Former, 'itemId' | 'raw'>;

/** Applies what the rules let through; one outcome for each item, in their order. Safe to repeat. */
export async function applyElevated(context: MechanismContext, items: readonly AskedItem[]): Promise<Outcome[]> {
  return sifted(context, items, {
    whyNot: ({ raw }, place, now) =>
      whyNotValue(raw, place) ?? (now === undefined ? undefined : whyNotBack(whyNotValue(now, place))),
    carryOut: (kept) =>
      mechanism.apply(
        context,
        kept.map(({ item: { itemId, raw }, located }) => ({ itemId, raw, setting: located.match.setting })),
      ),
  });
}

/** The same for the way back. A value that the rules do not let through stays. */
export async function revertElevated(context: MechanismContext, former: readonly AskedFormer[]): Promise<Outcome[]> {
  return sifted(context, former, {
    whyNot: ({ raw }, place) => (isAbsent(raw, place) ? undefined : whyNotValue(raw, place)),
    carryOut: (kept) =>
      mechanism.revert(
        context,
        kept.map(({ item: { itemId, raw } }) => ({ itemId, raw, blobs: [] })),
      ),
  });
}

interface Kept<Item> {
  readonly item: Item;
  readonly located: Located;
}

interface Sieve<Item> {
  /** `now`: what is there, undefined when nothing is. */
  whyNot(item: Item, place: RegistryPlace, now: Json | undefined): string | undefined;
  carryOut(kept: readonly Kept<Item>[]): Promise<readonly Outcome[]>;
}

async function sifted<Item extends { readonly itemId: string }>(
  context: MechanismContext,
  items: readonly Item[],
  { whyNot, carryOut }: Sieve<Item>,
): Promise<Outcome[]> {
  const { registry } = context.system;
  if (registry === undefined) throw new Error('This system has no registry.');
  const build = await buildOf(registry);
  const located = items.map((item) => ({ item, located: locate(context, build, item.itemId) }));
  const now = await registryNow(
    registry,
    located.flatMap((one) => ('status' in one.located ? [] : [one.located.place])),
  );
  const kept: Kept<Item>[] = [];
  const outcomes = new Map<string, Outcome>();
  for (const { item, located: at } of located) {
    const found = 'status' in at ? undefined : now.value(at.place);
    const raw = found === undefined ? undefined : jsonOf(rawFrom(found));
    const refusal = 'status' in at ? at : refusalOf(at, (place) => whyNot(item, place, raw));
    if (refusal !== undefined) outcomes.set(item.itemId, { itemId: item.itemId, ...refusal });
    else if (!('status' in at)) kept.push({ item, located: at });
  }
  for (const outcome of await carryOut(kept)) outcomes.set(outcome.itemId, outcome);
  return items.flatMap(({ itemId }) => outcomes.get(itemId) ?? []);
}

function refusalOf({ match }: Located, whyNot: (place: RegistryPlace) => string | undefined): Obstacle | undefined {
  const { place } = match;
  const detail = whyNotElevated(match) ?? (place.mechanism === 'registry' ? whyNot(place) : 'it is no single value');
  return detail === undefined
    ? undefined
    : { status: 'failed', reason: { code: 'elevatedRefused', facts: { detail } } };
}

function whyNotValue(raw: Json | undefined, { type, allowed }: RegistryPlace): string | undefined {
  // The task has no profile folder of a person's: a text that names one is none that is allowed.
  const checked = checkedRaw(raw ?? null, { types: [type], allowed, mayBeRemote: false, profile: NO_PROFILE });
  if ('wrong' in checked) return checked.wrong;
  return 'remote' in checked ? 'it lies on another computer' : undefined;
}

const NO_PROFILE = '<>';

function whyNotBack(wrong: string | undefined): string | undefined {
  return wrong === undefined ? undefined : `what is there could not be brought back, ${wrong}`;
}

/** The value was not there before, nor were so many keys from its own upwards (registry-undo.ts). */
function isAbsent(raw: Json | undefined, { key }: RegistryPlace): boolean {
  if (raw === undefined) return true;
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return false;
  const { missingKeys, ...others } = raw as Readonly<Record<string, Json>>;
  const most = key.split('\\').length - 1;
  return Object.keys(others).length === 0 && Number.isInteger(missingKeys) && Number(missingKeys) <= most;
}
