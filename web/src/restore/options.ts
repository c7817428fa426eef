/** What is kept of "More options" while the person goes back and forth: the plan that was shown and what was ticked. */

import type { PlannedItem, PlanView } from '@carryover/model/local-pages';
import { type Language, wordsOf } from '@carryover/model/reasons';
import type { Category } from '@carryover/model/setting';
import { hasBox, type Ticks } from './ticks.ts';

export interface Kept {
  readonly plan: PlanView;
  readonly ticks: Ticks;
}

/** The rows of one category: what has a box first, then what stays behind; what is the same already is folded away. */
export function rowsOf(
  { items }: PlanView,
  category: Category,
): Readonly<Record<'boxes' | 'locked' | 'same', readonly PlannedItem[]>> {
  const of = items.filter((item) => item.category === category);
  return {
    boxes: of.filter(hasBox),
    locked: of.filter((item) => item.step === 'leave' && !hasBox(item)),
    same: of.filter(({ step }) => step === 'same'),
  };
}

/** The category that "More options" opens on: the first with something to tick, else the first with anything. */
export function firstCategory(plan: PlanView, categories: readonly Category[]): Category {
  const has = (category: Category) => rowsOf(plan, category);
  return (
    categories.find((category) => has(category).boxes.length > 0) ??
    categories.find((category) => plan.items.some((item) => item.category === category)) ??
    'personalization'
  );
}

/** Why categories are switched off, each reason once. */
export function offReasons(plan: PlanView, language: Language): string[] {
  const reasons = plan.items.flatMap(({ reason }) =>
    reason?.code === 'switchedOffByPolicy' || reason?.code === 'switchedOffByPerson' ? [wordsOf(reason, language)] : [],
  );
  return [...new Set(reasons.map(({ reason }) => reason))];
}
