/** What categories and moments are called on a terminal. Pure. */

import { CATEGORY_TITLES } from '@carryover/model/category-titles';
import type { Language } from '@carryover/model/reasons';
import { CATEGORIES, type Category } from '@carryover/model/setting';
import type { Text } from './words.ts';

/** The titles of some categories, in the order of the settings page; a dash for none. */
export function titlesOf(categories: readonly Category[], language: Language): string {
  const titles = CATEGORIES.filter((category) => categories.includes(category)).map(
    (category) => CATEGORY_TITLES[category][language],
  );
  return titles.length === 0 ? NONE[language] : titles.join(', ');
}

const NONE = { en: 'none', de: 'keine' } as const;

const DAYS = {
  today: { en: 'today', de: 'heute' },
  yesterday: { en: 'yesterday', de: 'gestern' },
  tomorrow: { en: 'tomorrow', de: 'morgen' },
} as const satisfies Record<string, Text>;

export interface Here {
  readonly now: Temporal.Instant;
  readonly language: Language;
  readonly timeZone: string;
}

/** "yesterday 17:42", "29 Nov 09:10", "3 Jan 2025 09:10": as near as it is, by the clock on the wall here. */
export function momentWords(moment: Temporal.Instant, here: Here): string {
  const local = moment.toZonedDateTimeISO(here.timeZone);
  const time = `${String(local.hour).padStart(2, '0')}:${String(local.minute).padStart(2, '0')}`;
  return `${dayWords(moment, here)} ${time}`;
}

/** "today", "tomorrow", "29 Nov", "3 Jan 2025". */
export function dayWords(moment: Temporal.Instant, { now, language, timeZone }: Here): string {
  const day = moment.toZonedDateTimeISO(timeZone).toPlainDate();
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
  const away = today.until(day).days;
  if (away === 0) return DAYS.today[language];
  if (away === -1) return DAYS.yesterday[language];
  if (away === 1) return DAYS.tomorrow[language];
  const month = MONTHS[language][day.month - 1] ?? '';
  const short = language === 'de' ? `${day.day}. ${month}` : `${day.day} ${month}`;
  return day.year === today.year ? short : `${short} ${day.year}`;
}

/** Intl would cost several milliseconds and megabytes for twelve names. */
const MONTHS: Readonly<Record<Language, readonly string[]>> = {
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  de: ['Jan.', 'Feb.', 'März', 'Apr.', 'Mai', 'Juni', 'Juli', 'Aug.', 'Sep.', 'Okt.', 'Nov.', 'Dez.'],
};

/** "3 h", "2 days", "11 s": the largest unit that says it, cut; for clock differences and waits. */
export function spanWords(milliseconds: number, language: Language): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const [unit, size] = UNITS.find(([, least]) => seconds >= least) ?? ['seconds', 1];
  const count = Math.floor(seconds / size);
  const { one, many } = UNIT_NAMES[unit][language];
  return `${count} ${count === 1 ? one : many}`;
}

const UNITS = [
  ['years', 365.25 * 86_400],
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
] as const;

const UNIT_NAMES = {
  years: { en: { one: 'year', many: 'years' }, de: { one: 'Jahr', many: 'Jahre' } },
  days: { en: { one: 'day', many: 'days' }, de: { one: 'Tag', many: 'Tage' } },
  hours: { en: { one: 'h', many: 'h' }, de: { one: 'Std.', many: 'Std.' } },
  minutes: { en: { one: 'min', many: 'min' }, de: { one: 'Min.', many: 'Min.' } },
  seconds: { en: { one: 's', many: 's' }, de: { one: 's', many: 's' } },
} as const;
