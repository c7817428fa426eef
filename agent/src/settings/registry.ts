/**
 * Settings that Windows keeps in its registry: whole values, single bits and list members of shared ones, and families of
 * values whose names are not known beforehand; and the picture that a value names.
 *
 * Every key is read once, every value written once; what Windows has to be told of is told once at the end. Several items
 * may lie in one value: each changes its own part of it and nothing else.
 *
 * Shape: raw is a RegistryRaw with the profile folder as ${HOME}, or true and false for a bit or member. What is absent
 * is not captured, because what Windows does without a value differs by build.
 */

import type { Json } from '@carryover/model/canonical';
import { DONE } from '@carryover/model/report';
import type { Finding } from '@carryover/model/restore-plan';
import type { Registry, RegistryData } from '../system/registry.ts';
import type { Elevated, Former, ItemToApply, Mechanism, MechanismContext, Outcome } from './mechanism.ts';
import { isShared, partOf, type SharedPlace, SharedValueError } from './registry-bits.ts';
import { whyNotElevated } from './registry-elevation.ts';
import { buildOf, type RegistryNow, registryNow } from './registry-now.ts';
import { jsonOf, wordsOfRaw } from './registry-raw-check.ts';
import { profileOf, readItems, travelling } from './registry-read.ts';
import { formerOf, madePictureOf, wishBack } from './registry-undo.ts';
import { type Located, locate, lockOf, type Obstacle, type Wish, wholeWish, wishOf } from './registry-wish.ts';
import { carryOut } from './registry-write.ts';

export const registry: Mechanism = {
  kinds: ['registry', 'registryFamily', 'registryImage'],

  async read(context, settings) {
    return readItems(context, doorOf(context), settings);
  },

  async inspect(context, items) {
    const { decisions, now } = await decided(context, items, wishForItem);
    const findings = new Map<string, Finding>();
    for (const { item, located, answer } of decisions)
      findings.set(item.itemId, await findingOf(context, now, located, answer));
    return findings;
  },

  async former(context, items) {
    const { decisions, now } = await decided(context, items, wishForItem);
    const former: Former[] = [];
    for (const { item, located, answer } of decisions) {
      if ('status' in located) continue;
      const made = 'status' in answer ? undefined : answer.picture;
      former.push(await formerOf(doorOf(context), { located, item, made }, now));
    }
    return former;
  },

  async apply(context, items) {
    const plain = ({ itemId, raw }: ItemToApply) => ({ itemId, raw });
    return carriedOut(context, await decided(context, items, wishForItem), async (elevated, asked) =>
      elevated.apply(asked.map(plain)),
    );
  },

  async revert(context, former) {
    const decisions = await decided(context, former, (_, at, one) => wishBack(at, one));
    const plain = ({ itemId, raw }: Former) => ({ itemId, raw });
    const outcomes = await carriedOut(context, decisions, async (elevated, asked) => elevated.revert(asked.map(plain)));
    const done = new Set(outcomes.filter(({ status }) => DONE.includes(status)).map(({ itemId }) => itemId));
    for (const one of former) {
      const made = done.has(one.itemId) ? madePictureOf(one) : undefined;
      if (made !== undefined) await (await pictures()).removePicture(context, made);
    }
    return outcomes;
  },
};

interface Decision<Item> {
  readonly item: Item;
  readonly located: Located | Obstacle;
  readonly answer: Wish | Obstacle;
}

interface Decided<Item> {
  readonly build: number;
  readonly now: RegistryNow;
  readonly decisions: readonly Decision<Item>[];
}

type Decide<Item> = (
  about: { readonly context: MechanismContext; readonly now: RegistryNow },
  at: Located,
  item: Item,
) => Wish | Obstacle | Promise<Wish | Obstacle>;

/** Most runs have no picture. */
const pictures = () => import('./windows-picture.ts');

const wishForItem: Decide<ItemToApply> = ({ context, now }, located, { raw }) =>
  located.match.place.mechanism === 'registryImage'
    ? pictureWishOf(context, located, raw, now)
    : wishOf(located, raw, now, profileOf(context));

async function pictureWishOf(
  context: MechanismContext,
  { itemId, match, place }: Located,
  raw: Json,
  now: RegistryNow,
): Promise<Wish | Obstacle> {
  const closed = now.closed(place);
  if (closed !== undefined) return { status: 'failed', reason: closed };
  const before = now.value(place);
  const wanted = await (await import('./registry-image.ts')).namedPictureWish(context, raw, before);
  if ('reason' in wanted) return { status: 'skipped', reason: wanted.reason };
  const wish = wholeWish({ itemId, place, apply: match.place.apply }, wanted.data);
  return wanted.picture === undefined ? wish : { ...wish, picture: wanted.picture };
}

/** Where each item lies, what is there now, and what that comes down to. */
async function decided<Item extends { readonly itemId: string }>(
  context: MechanismContext,
  items: readonly Item[],
  decide: Decide<Item>,
): Promise<Decided<Item>> {
  const build = await buildOf(doorOf(context));
  const located = items.map((item) => ({ item, located: locate(context, build, item.itemId) }));
  const places = located.flatMap((one) => ('status' in one.located ? [] : [one.located.place]));
  const now = await registryNow(doorOf(context), places);
  const decisions: Decision<Item>[] = [];
  for (const { item, located: at } of located) {
    const answer = 'status' in at ? at : decide({ context, now }, at, item);
    decisions.push({ item, located: at, answer: answer instanceof Promise ? await answer : answer });
  }
  return { build, now, decisions };
}

/** Outcomes in the order of the items. What only an administrator may is asked of whoever does that, all at once. */
async function carriedOut<Item extends { readonly itemId: string }>(
  context: MechanismContext,
  { build, now, decisions }: Decided<Item>,
  ask: (elevated: Elevated, items: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<Outcome[]> {
  const outcomes = new Map<string, Outcome>();
  const wishes: Wish[] = [];
  const asked: Item[] = [];
  for (const { item, located, answer } of decisions) {
    const stands = (await inTheWay(context, now, located, answer)) ?? (await withoutPicture(context, answer));
    if (stands !== undefined && (await isForElevated(context, located, stands))) asked.push(item);
    else if (stands !== undefined) outcomes.set(item.itemId, { itemId: item.itemId, ...stands });
    else if (!('status' in answer)) wishes.push(answer);
  }
  if (context.elevated !== undefined && asked.length > 0)
    for (const outcome of await ask(context.elevated, asked)) outcomes.set(outcome.itemId, outcome);
  const writing = { system: context.system, registry: doorOf(context), build };
  for (const outcome of await carryOut(writing, wishes, now)) outcomes.set(outcome.itemId, outcome);
  return decisions.flatMap(({ item }) => outcomes.get(item.itemId) ?? []);
}

/** Puts the picture of a wish where its value will name it; why that did not go. */
async function withoutPicture(context: MechanismContext, answer: Wish | Obstacle): Promise<Obstacle | undefined> {
  if ('status' in answer || answer.picture === undefined) return undefined;
  try {
    const reason = await (await pictures()).putPicture(context, answer.picture);
    return reason === undefined ? undefined : { status: 'failed', reason };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { status: 'failed', reason: { code: 'applyFailed', facts: { detail } } };
  }
}

/** What is there already needs no key to be open. */
async function inTheWay(
  context: MechanismContext,
  now: RegistryNow,
  located: Located | Obstacle,
  answer: Wish | Obstacle,
): Promise<Obstacle | undefined> {
  if ('status' in answer) return answer;
  if ('status' in located || answer.isFulfilled(now.value(answer.place))) return undefined;
  return lockOf(doorOf(context), located.match.setting, answer.place);
}

/** Only an administrator may, and one has put somebody in place who does. */
async function isForElevated(
  { elevated }: MechanismContext,
  located: Located | Obstacle,
  { status }: Obstacle,
): Promise<boolean> {
  if (elevated === undefined || 'status' in located || status !== 'needsElevation') return false;
  return whyNotElevated(located.match) === undefined && elevated.isThere();
}

async function findingOf(
  context: MechanismContext,
  now: RegistryNow,
  located: Located | Obstacle,
  answer: Wish | Obstacle,
): Promise<Finding> {
  const inWay = await inTheWay(context, now, located, answer);
  const obstacle = inWay !== undefined && (await isForElevated(context, located, inWay)) ? undefined : inWay;
  const data = 'status' in located ? undefined : now.value(located.place);
  const same = !('status' in answer) && answer.isFulfilled(data);
  const blocked = obstacle === undefined ? {} : { obstacle };
  if (data === undefined || 'status' in located) return { now: undefined, nowWords: '', same, ...blocked };
  const { place } = located.match;
  if (place.mechanism === 'registry' && isShared(place))
    return { now: partNow(place, data), nowWords: '', same, ...blocked };
  const raw = travelling(data, profileOf(context));
  return { now: jsonOf(raw), nowWords: wordsOfRaw(raw), same, ...blocked };
}

/** Undefined for a value that is not what the catalog says. */
function partNow(place: SharedPlace, data: RegistryData): boolean | undefined {
  try {
    return partOf(place, data);
  } catch (error) {
    if (error instanceof SharedValueError) return undefined;
    throw error;
  }
}

/** Errors: Error on a system that is no Windows, where nobody asks for this mechanism. */
function doorOf({ system }: MechanismContext): Registry {
  if (system.registry === undefined) throw new Error('This system has no registry.');
  return system.registry;
}
