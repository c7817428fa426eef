/**
 * A plan in words: by category what is now and what will be, what stays the same, and what stays behind and why.
 *
 * Pure: lines for a terminal of some width; nothing is left out without being counted.
 */

import { wordsOf } from '@carryover/model/reasons';
import type { PlanItem } from '@carryover/model/restore-plan';
import { CATEGORIES } from '@carryover/model/setting';
import type { Plan } from '../restore/plan.ts';
import { shortened } from '../restore/words.ts';
import type { Out } from './agent.ts';
import { CATEGORY_TITLES, type Here, momentWords } from './titles.ts';

/** Lines of one category before `--all` is needed to see the rest. */
const MOST_LINES = 8;
const TITLE_COLUMNS = 29;
const VALUE_COLUMNS = 22;

export function planLines(
  plan: Plan,
  out: Pick<Out, 'language' | 'signs'>,
  { all, here }: { all: boolean; here: Here },
): string[] {
  const words = TEXTS[out.language];
  const when = momentWords(Temporal.Instant.from(plan.takenAt), here);
  const head = words.from.replace('{device}', plan.deviceName).replace('{when}', when);
  const groups = CATEGORIES.map((category) => plan.items.filter((item) => item.category === category));
  const withheld = plan.withheld.map((category) => CATEGORY_TITLES[category][out.language]);
  return [
    head,
    '',
    ...groups.flatMap((items) => (items.length === 0 ? [] : categoryLines(items, out, all))),
    ...(withheld.length === 0 ? [] : [`${out.signs.warning} ${words.withheld} ${withheld.join(', ')}`]),
    '',
    totals(plan, out.language),
  ];
}

function categoryLines(items: readonly PlanItem[], out: Pick<Out, 'language' | 'signs'>, all: boolean): string[] {
  const words = TEXTS[out.language];
  const { signs, language } = out;
  const category = items[0]?.category;
  const title = category === undefined ? '' : CATEGORY_TITLES[category][language];
  const changes = items.filter(({ step }) => step === 'change');
  const same = items.filter(({ step }) => step === 'same');
  const left = items.filter(({ step }) => step === 'leave');
  const shown = all ? changes : changes.slice(0, MOST_LINES);
  const hidden = changes.length - shown.length;
  return [
    column(title, TITLE_COLUMNS) + (changes.length > 0 ? column(words.now, VALUE_COLUMNS) + words.will : ''),
    ...shown.map(({ title, now, will }) => row(signs.change, title, said(now, language), said(will, language))),
    ...(hidden > 0 ? [`  ${signs.change} ${words.more.replace('{count}', String(hidden))}`] : []),
    ...(same.length > 0 ? sameLines(same, out, all) : []),
    ...leftLines(left, out, all),
  ].map((line) => line.trimEnd());
}

function sameLines(
  same: readonly PlanItem[],
  { signs, language }: Pick<Out, 'language' | 'signs'>,
  all: boolean,
): string[] {
  if (all) return same.map(({ title, now }) => row(signs.same, title, said(now, language), ''));
  return [`  ${signs.same} ${TEXTS[language].same.replace('{count}', String(same.length))}`];
}

/** One line an item, or one line a reason when many items share it. */
function leftLines(
  left: readonly PlanItem[],
  { signs, language }: Pick<Out, 'language' | 'signs'>,
  all: boolean,
): string[] {
  const sentence = ({ reason }: PlanItem) => (reason === undefined ? '' : wordsOf(reason, language).reason);
  if (all || left.length <= 3)
    return left.map((item) => `  ${signs.warning} ${column(item.title, TITLE_COLUMNS - 4)}${sentence(item)}`);
  return [...Map.groupBy(left, sentence)].map(([why, members]) => {
    const what =
      members.length === 1
        ? (members[0]?.title ?? '')
        : TEXTS[language].items.replace('{count}', String(members.length));
    return `  ${signs.warning} ${column(what, TITLE_COLUMNS - 4)}${why}`;
  });
}

function row(sign: string, title: string, now: string, will: string): string {
  const name = column(title, TITLE_COLUMNS - 3 - sign.length);
  return `  ${sign} ${name}${column(now, VALUE_COLUMNS)}${shortened(will, VALUE_COLUMNS + 4)}`;
}

/** The words that are the same in every mechanism, in the person's language. */
function said(words: string, language: Out['language']): string {
  const { on, off, nothing } = TEXTS[language];
  return words === 'true' ? on : words === 'false' ? off : words === '' ? nothing : words;
}

function column(text: string, width: number): string {
  return shortened(text.replace(/\p{Cc}/gu, ' '), width - 1).padEnd(width);
}

function totals({ items }: Plan, language: Out['language']): string {
  const coming = items.filter(({ step }) => step === 'change');
  const apps = coming.filter(({ kind }) => kind === 'app').length;
  const staying = items.filter(({ step }) => step === 'leave').length;
  return TEXTS[language].totals
    .replace('{settings}', String(coming.length - apps))
    .replace('{apps}', String(apps))
    .replace('{left}', String(staying));
}

const TEXTS = {
  en: {
    from: 'From {device}, {when}, to this PC.   Nothing is changed yet',
    now: 'now',
    on: 'On',
    off: 'Off',
    nothing: '-',
    will: 'will be',
    more: '{count} more change   --all shows them',
    same: '{count} already the same',
    items: '{count} items',
    withheld: 'Not offered, because it is switched off:',
    totals: '{settings} settings and {apps} apps would come over, {left} would not.',
  },
  de: {
    from: 'Von {device}, {when}, auf diesen PC.   Noch ist nichts geändert',
    now: 'jetzt',
    on: 'Ein',
    off: 'Aus',
    nothing: '-',
    will: 'danach',
    more: '{count} weitere ändern sich   --all zeigt sie',
    same: '{count} schon gleich',
    items: '{count} Einträge',
    withheld: 'Nicht angeboten, weil ausgeschaltet:',
    totals: '{settings} Einstellungen und {apps} Apps kämen herüber, {left} nicht.',
  },
} as const;
