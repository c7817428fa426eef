/**
 * A plan in words: by category what is now and what will be, what stays the same, and what stays behind and why.
 *
 * Pure: lines for a terminal; what is not shown is counted.
 */

import { CATEGORY_TITLES } from '@carryover/model/category-titles';
import { wordsOf } from '@carryover/model/reasons';
import type { PlanItem } from '@carryover/model/restore-plan';
import { CATEGORIES } from '@carryover/model/setting';
import type { Plan } from '../restore/plan.ts';
import { type Look, line, plain, sentenceLines, type TableRow, table } from './terminal.ts';
import { type Here, momentWords } from './titles.ts';

/** Items of one category before `--all` is needed to see the rest. */
const MOST_ITEMS = 8;
const TITLE_COLUMNS = 29;
const WIDTHS = [TITLE_COLUMNS, 18];

export function planLines(
  plan: Plan,
  look: Look,
  { all, here }: { readonly all: boolean; readonly here: Here },
): string[] {
  const words = TEXTS[look.language];
  const when = momentWords(Temporal.Instant.from(plan.takenAt), here);
  return [
    plain(look, words.from.replace('{device}', plan.deviceName).replace('{when}', when)),
    '',
    ...CATEGORIES.flatMap((category) => {
      const items = plan.items.filter((item) => item.category === category);
      return items.length === 0 ? [] : categoryLines(CATEGORY_TITLES[category][look.language], items, { look, all });
    }),
    ...withheldLines(plan, look),
    '',
    plain(look, totals(plan, look)),
  ];
}

/** Categories of the backup that stay away, with the reason; where the service keeps back more than this device knows of, only what. */
export function withheldLines({ withheld, withheldBecause = [] }: Plan, look: Look): string[] {
  const words = TEXTS[look.language];
  const titles = withheld.map((category) => CATEGORY_TITLES[category][look.language]);
  const isKnown = withheldBecause.length === withheld.length;
  const texts = isKnown
    ? withheldBecause
        .map((because) => wordsOf(because, look.language))
        .map(({ reason, remedy }) => `${reason} ${remedy}`)
    : [`${words.switchedOff} ${titles.join(', ')}`];
  return texts.flatMap((text) =>
    sentenceLines(look, { sign: 'warning', label: words.notOffered, text, labelColumns: TITLE_COLUMNS }),
  );
}

interface Shown {
  readonly look: Look;
  readonly all: boolean;
}

function categoryLines(title: string, items: readonly PlanItem[], { look, all }: Shown): string[] {
  const words = TEXTS[look.language];
  const changes = items.filter(({ step }) => step === 'change');
  const same = items.filter(({ step }) => step === 'same');
  const left = items.filter(({ step }) => step === 'leave');
  const shown = all ? changes : changes.slice(0, MOST_ITEMS);
  const rows: TableRow[] = shown.map((item) => ({
    sign: 'change',
    cells: [item.title, said(item.now, look), said(item.will, look)],
  }));
  return [
    ...table(look, { heading: changes.length > 0 ? [title, words.now, words.will] : [title], rows, widths: WIDTHS }),
    ...countLine('change', words.more, changes.length - shown.length, look),
    ...(all
      ? table(look, {
          rows: same.map(({ title: name, now }) => ({ sign: 'same', cells: [name, said(now, look)] })),
          widths: WIDTHS,
        })
      : countLine('same', words.same, same.length, look)),
    ...leftLines(left, { look, all }),
  ];
}

function countLine(sign: 'change' | 'same', text: string, count: number, look: Look): string[] {
  return count === 0 ? [] : [line(look, { sign, indent: 2, label: text.replace('{count}', String(count)) })];
}

/** A line an item, or a line a reason when many items share it. */
function leftLines(left: readonly PlanItem[], { look, all }: Shown): string[] {
  const why = ({ reason }: PlanItem) => (reason === undefined ? '' : wordsOf(reason, look.language).reason);
  const groups = all || left.length <= 3 ? left.map((item) => [item] as const) : [...Map.groupBy(left, why).values()];
  return groups.flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const count = String(others.length + 1);
    const label = others.length === 0 ? first.title : TEXTS[look.language].items.replace('{count}', count);
    return sentenceLines(look, { sign: 'warning', indent: 2, label, text: why(first), labelColumns: TITLE_COLUMNS });
  });
}

/** The words that are the same in every mechanism, in the person's language. */
function said(words: string, { language }: Look): string {
  const { on, off, nothing, installed } = TEXTS[language];
  if (words === 'installed') return installed;
  if (words === 'true') return on;
  if (words === 'false') return off;
  return words === '' ? nothing : words;
}

function totals({ items }: Plan, { language }: Look): string {
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
    from: 'From {device}, {when}, to this PC. Nothing is changed yet',
    now: 'now',
    will: 'will be',
    on: 'On',
    off: 'Off',
    nothing: 'not set',
    installed: 'installed',
    more: '{count} more change   --all shows them',
    same: '{count} already the same',
    items: '{count} items',
    notOffered: 'Not offered',
    switchedOff: 'Switched off:',
    totals: '{settings} settings and {apps} apps would come over, {left} would not.',
  },
  de: {
    from: 'Von {device}, {when}, auf diesen PC. Noch ist nichts geändert',
    now: 'jetzt',
    will: 'danach',
    on: 'Ein',
    off: 'Aus',
    nothing: 'nicht gesetzt',
    installed: 'installiert',
    more: '{count} weitere ändern sich   --all zeigt sie',
    same: '{count} schon gleich',
    items: '{count} Einträge',
    notOffered: 'Nicht angeboten',
    switchedOff: 'Ausgeschaltet:',
    totals: '{settings} Einstellungen und {apps} Apps kämen herüber, {left} nicht.',
  },
} as const;
