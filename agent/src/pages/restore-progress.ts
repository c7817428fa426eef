/** How far a restore is, by category, from the steps it tells of. Pure but for the clock it is handed. */

import type { CategoryProgress, RestoreProgress } from '@carryover/model/local-pages';
import { CATEGORIES } from '@carryover/model/setting';
import type { Plan } from '../restore/plan.ts';
import type { RestoreStep } from '../restore/restore.ts';

export interface Progress {
  /** Hears a step. */
  hear(step: RestoreStep): void;
  view(): RestoreProgress;
}

/** Only what changes is counted: what is the same already or stays behind is not waited for. */
export function progressOf(plan: Pick<Plan, 'deviceName' | 'items'>, startedAt: Temporal.Instant): Progress {
  const changing = plan.items.filter(({ step }) => step === 'change');
  const done = new Set<string>();
  let [next, undoValues, goingOn, appsWait]: [readonly string[], number | undefined, boolean, boolean] = [
    [],
    undefined,
    false,
    false,
  ];
  return {
    hear(step) {
      if (step.step === 'goingOn') goingOn = true;
      else if (step.step === 'undoPoint') undoValues = step.values;
      else if (step.step === 'appsWait') appsWait = step.waiting;
      else {
        for (const { itemId } of step.outcomes) done.add(itemId);
        next = step.next;
      }
    },
    view() {
      const categories = CATEGORIES.flatMap((category): CategoryProgress[] => {
        const own = changing.filter((item) => item.category === category);
        const ready = own.filter(({ id }) => done.has(id)).length;
        return own.length === 0 ? [] : [{ category, done: ready, total: own.length }];
      });
      return {
        deviceName: plan.deviceName,
        startedAt: startedAt.toString({ smallestUnit: 'second' }),
        ...(undoValues === undefined ? {} : { undoValues }),
        goingOn,
        categories,
        current: changing.filter(({ id }) => next.includes(id)).map(({ title }) => title),
        appsWait,
      };
    },
  };
}
