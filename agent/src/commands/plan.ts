/**
 * `carryover plan PROFILE`: what a restore would change on this device, and what it would not and why. Changes nothing.
 */

import { KnownError } from '@carryover/model/errors';
import { wordsOf } from '@carryover/model/reasons';
import type { Plan } from '../restore/plan.ts';
import { plan, type Selection } from '../restore/restore.ts';
import type { Agent } from './agent.ts';
import { planLines } from './plan-lines.ts';
import { restoreParts } from './restore-parts.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values, positionals } = parsed('plan', args);
  const [name = 'recommended'] = positionals;
  const planned = await plan(await restoreParts(agent), name, selectionFrom(values));
  if (values.json) return agent.out.json(planJson(planned));
  sayPlan(planned, agent, values.all ?? false);
  agent.out.line(`${TEXTS[agent.out.language].goOn} carryover restore ${name}`);
}

export function sayPlan(planned: Plan, { out, system }: Agent, all: boolean): void {
  const here = { now: system.now(), language: out.language, timeZone: Temporal.Now.timeZoneId() };
  for (const line of planLines(planned, out, { all, here })) out.line(line);
}

/** Errors: invalidRequest when `--at` is no number. */
export function selectionFrom({
  only = [],
  skip = [],
  at,
}: {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly at?: string;
}): Selection {
  if (at !== undefined && !/^[1-9]\d{0,8}$/.test(at))
    throw new KnownError(
      'invalidRequest',
      `--at takes the number of a backup, not "${at}". See: carryover profiles PROFILE`,
      {
        inner: 'usage',
      },
    );
  const parts = (values: readonly string[]) =>
    values.flatMap((value) => value.split(',')).filter((part) => part !== '');
  return { only: parts(only), skip: parts(skip), seq: at === undefined ? undefined : Number(at) };
}

/** No raw values: a plan is read by people and scripts, and may end up in a ticket. */
export function planJson(planned: Plan) {
  const { items, ...about } = planned;
  return {
    ...about,
    ...withheldJson(planned),
    items: items.map(({ raw: _, flags, reason, ...item }) => ({
      ...item,
      flags,
      ...(reason === undefined ? {} : { reason: { ...reason, ...wordsOf(reason) } }),
    })),
  };
}

/** Categories of the backup that stay away, and why. */
export function withheldJson({ withheld, withheldBecause = [] }: Plan) {
  return { withheld, withheldBecause: withheldBecause.map((reason) => ({ ...reason, ...wordsOf(reason) })) };
}

const TEXTS = { en: { goOn: 'Go on:' }, de: { goOn: 'Weiter:' } } as const;
