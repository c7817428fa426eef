/**
 * What the person ticked under "More options", and what that means in the words of a restore: `only` and `skip`.
 *
 * An item has a box when it would change something and may come over. Items that are the same already have none; they
 * follow their category, so that a category that is left out is left out whole.
 *
 * Pure.
 */

import type { PlannedItem, PlanView } from '@carryover/model/local-pages';
import { CATEGORIES, type Category } from '@carryover/model/setting';

/** Ids of everything that is to come over. */
export type Ticks = ReadonlySet<string>;

type TickState = 'all' | 'some' | 'none';

/** Left out until the person asks for it by name; the remedy of these reasons is the box itself. */
const ASKED_FOR_BY_NAME = new Set(['runsCode', 'networkReach', 'offByDefault', 'leftOut']);

export function hasBox({ step, reason, offByDefault }: PlannedItem): boolean {
  if (step === 'change') return true;
  return step === 'leave' && reason !== undefined && (offByDefault || reason.code === 'leftOut')
    ? ASKED_FOR_BY_NAME.has(reason.code)
    : false;
}

/** As the plan comes: all that a restore without any choice would bring over. */
export function firstTicks({ items }: PlanView): Ticks {
  return new Set(items.filter(comesByItself).map(({ id }) => id));
}

/** Ticks that were made on another point in time, kept for what this plan has too; what is new in it comes as it is. */
export function keptTicks(plan: PlanView, before: PlanView, ticks: Ticks): Ticks {
  const known = new Map(before.items.map((item) => [item.id, item]));
  const kept = plan.items.filter((item) => {
    const old = known.get(item.id);
    if (old === undefined || hasBox(old) !== hasBox(item)) return comesByItself(item);
    return ticks.has(item.id);
  });
  return settled(plan, new Set(kept.map(({ id }) => id)));
}

export function withItem(plan: PlanView, ticks: Ticks, id: string, on: boolean): Ticks {
  const next = new Set(ticks);
  if (on) next.add(id);
  else next.delete(id);
  return settled(plan, next);
}

/** All of a category that comes by itself, or nothing of it. */
export function withCategory({ items }: PlanView, ticks: Ticks, category: Category, on: boolean): Ticks {
  const next = new Set(ticks);
  for (const item of items) {
    if (item.category !== category) continue;
    if (!on) next.delete(item.id);
    else if (comesByItself(item)) next.add(item.id);
  }
  return next;
}

export interface CategoryTicks {
  readonly category: Category;
  readonly state: TickState;
  /** False: nothing in it can be ticked. */
  readonly changeable: boolean;
  readonly chosen: number;
  /** Everything of this category in the backup. */
  readonly total: number;
}

/** Every category in the order of the settings page, also those of which the backup has nothing. */
export function categoryTicks({ items }: PlanView, ticks: Ticks): CategoryTicks[] {
  return CATEGORIES.map((category) => {
    const of = items.filter((item) => item.category === category);
    const wanted = of.filter(comesByItself);
    const chosen = of.filter(({ id }) => ticks.has(id)).length;
    const state = chosen === 0 ? 'none' : wanted.every(({ id }) => ticks.has(id)) ? 'all' : 'some';
    return { category, state, changeable: wanted.length > 0, chosen, total: of.length };
  });
}

/** What comes over, apps apart. */
export function sumOf({ items }: PlanView, ticks: Ticks): { readonly settings: number; readonly apps: number } {
  const coming = items.filter(({ id }) => ticks.has(id));
  const apps = coming.filter(({ kind }) => kind === 'app').length;
  return { settings: coming.length - apps, apps };
}

export interface Selection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/**
 * The same selection as the command line would be given. As long as nothing is asked for by name, everything else is
 * left to the defaults and only what was unticked is skipped; a name in `only` closes the rest, so categories are
 * named beside it.
 */
export function selectionFrom({ items }: PlanView, ticks: Ticks): Selection {
  const asked = items.filter((item) => ticks.has(item.id) && !comesByItself(item)).map(({ id }) => id);
  const byItself = items.filter(comesByItself);
  const isTicked = ({ id }: PlannedItem) => ticks.has(id);
  const inAny = CATEGORIES.filter((category) => byItself.some((item) => item.category === category && isTicked(item)));
  const untickedIn = (category: Category) => byItself.filter((item) => item.category === category && !isTicked(item));
  const skippedItems = inAny.flatMap((category) => untickedIn(category).map(({ id }) => id));
  if (asked.length > 0) return { only: [...inAny, ...asked], skip: skippedItems };
  const skippedWhole = CATEGORIES.filter((category) => !inAny.includes(category) && untickedIn(category).length > 0);
  return { only: [], skip: [...skippedWhole, ...skippedItems] };
}

function comesByItself({ step }: PlannedItem): boolean {
  return step !== 'leave';
}

/** Items without a box follow: they come as long as one box of their category is ticked. */
function settled({ items }: PlanView, ticks: Set<string>): Ticks {
  for (const category of CATEGORIES) {
    const of = items.filter((item) => item.category === category && comesByItself(item));
    const boxes = of.filter(hasBox);
    if (boxes.length === 0) continue;
    const any = boxes.some(({ id }) => ticks.has(id));
    for (const { id, step } of of) {
      if (step !== 'same') continue;
      if (any) ticks.add(id);
      else ticks.delete(id);
    }
  }
  return ticks;
}
