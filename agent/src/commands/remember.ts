/**
 * `carryover remember [CATEGORY on|off]`: shows or switches what is remembered, under the organization's rules.
 *
 * Off means left out of new backups and not offered from old ones; what is stored stays until it is deleted.
 */

import { CATEGORY_TITLES } from '@carryover/model/category-titles';
import { KnownError } from '@carryover/model/errors';
import { type CategoryState, categoryStates } from '@carryover/model/preferences';
import { type Reason, wordsOf } from '@carryover/model/reasons';
import { CATEGORIES, type Category } from '@carryover/model/setting';
import { keepPreferences, tellSwitches } from '../client/switches.ts';
import type { Agent } from './agent.ts';
import { nearest } from './nearest.ts';
import { plain, sentenceLines } from './terminal.ts';
import { misused, parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values, positionals } = parsed('remember', args);
  const wanted = wantedFrom(positionals);
  const client = await agent.client();
  const { policy, preferences: before } = await client.checkIn({ device: await agent.device(), manifestFormat: 1 });
  await tellSwitches(agent.state, client);
  const preferences = (await agent.state.read('service'))?.checkIn.preferences ?? before;
  let states = categoryStates(policy, preferences);
  if (wanted !== undefined) {
    const now = states.find(({ category }) => category === wanted.category);
    if (now?.changeable !== true) throw notChangeable(now?.reason, agent);
    const changed = await client.putPreferences({ ...preferences, [wanted.category]: wanted.to });
    await keepPreferences(agent.state, changed);
    states = categoryStates(policy, changed);
  }
  say(agent, states, values.json ?? false);
}

interface Wanted {
  readonly category: Category;
  readonly to: 'on' | 'off';
}

function wantedFrom([category, to]: readonly string[]): Wanted | undefined {
  if (category === undefined) return undefined;
  const known = CATEGORIES.find((one) => one === category);
  if (known === undefined) {
    const close = nearest(category, CATEGORIES);
    const hint = close === undefined ? `They are: ${CATEGORIES.join(', ')}.` : `Did you mean "${close}"?`;
    throw misused('remember', `There is no category "${category}". ${hint}`);
  }
  if (to !== 'on' && to !== 'off') throw misused('remember', `Say "on" or "off" after ${category}.`);
  return { category: known, to };
}

function notChangeable(reason: Reason | undefined, { out }: Agent): KnownError {
  const words = reason === undefined ? undefined : wordsOf(reason, out.language);
  const sentence = words === undefined ? 'This cannot be switched on this PC.' : `${words.reason} ${words.remedy}`;
  return new KnownError('notAllowed', sentence, { ...(reason === undefined ? {} : { inner: reason.code }) });
}

function say({ out }: Agent, states: readonly CategoryState[], json: boolean): void {
  if (json) {
    out.json({
      categories: states.map(({ category, on, changeable, reason }) => ({
        category,
        on,
        changeable,
        ...(reason === undefined ? {} : { reason: { ...reason, ...wordsOf(reason, out.language) } }),
      })),
    });
    return;
  }
  const words = TEXTS[out.language];
  const width = Math.max(...CATEGORIES.map((category) => category.length)) + 2;
  for (const { category, on, reason } of states) {
    const state = `${CATEGORY_TITLES[category][out.language]}: ${on ? words.on : words.off}`;
    const text = reason === undefined ? state : `${state}. ${wordsOf(reason, out.language).reason}`;
    const given = { label: category, text, labelColumns: width, sign: on ? 'done' : 'failed' } as const;
    for (const line of sentenceLines(out, given)) out.line(line);
  }
  if (states.some(({ on }) => !on)) out.line(plain(out, words.stays));
}

const TEXTS = {
  en: { on: 'on', off: 'off', stays: 'Off: left out of new backups. What is stored stays until you delete it.' },
  de: {
    on: 'ein',
    off: 'aus',
    stays: 'Aus: fehlt in neuen Sicherungen. Gespeichertes bleibt, bis Sie es löschen.',
  },
} as const;
