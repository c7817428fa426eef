/**
 * Moments, spans and sizes in words, as the person's language writes them: "yesterday at 17:42", "14 October", "3 min, 12 sec".
 *
 * The words are the browser's own (Intl), so there is nothing to translate. `now` is a parameter; the time zone is the
 * browser's unless given. Moments are texts as on the wire (ISO 8601), because not every browser has Temporal yet.
 *
 * Pure. Source: screens.md section 3 (24 hours, names of months).
 */

import type { Language } from '@carryover/model/reasons';

export interface Place {
  readonly language: Language;
  readonly timeZone?: string;
}

/** English as in Britain: the day before the month, 24 hours, as all our pages have it. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

const DAY_MS = 24 * 60 * 60 * 1000;

/** "today at 08:51", "yesterday at 17:42", "14 October", and with the year when it is another. */
export function when(at: string, now: Date, place: Place): string {
  const days = daysBetween(now, new Date(at), place);
  return Math.abs(days) <= 1
    ? `${nearDay(days, place)} ${AT[place.language]} ${timeOf(at, place)}`
    : day(at, now, place);
}

/** The day alone: "today", "tomorrow", "14 October". */
export function day(at: string, now: Date, place: Place): string {
  const moment = new Date(at);
  const days = daysBetween(now, moment, place);
  if (Math.abs(days) <= 1) return nearDay(days, place);
  const otherYear = yearOf(moment, place) !== yearOf(now, place);
  return format(place, { day: 'numeric', month: 'long', ...(otherYear ? { year: 'numeric' } : {}) }).format(moment);
}

/** "17:42". */
export function timeOf(at: string, place: Place): string {
  return format(place, { hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}

/** "14 October 2026 at 17:42", for details and tooltips. */
export function fullTime(at: string, place: Place): string {
  return format(place, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(at));
}

/** "3 min, 12 sec"; under a second "0 sec". Whole seconds under an hour, whole minutes above. */
export function span(ms: number, { language }: Place): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts =
    seconds < 3600
      ? { minutes: Math.floor(seconds / 60), seconds: seconds % 60 }
      : { hours: Math.floor(seconds / 3600), minutes: Math.round((seconds % 3600) / 60) };
  const secondsDisplay = seconds === 0 ? 'always' : 'auto';
  return new Intl.DurationFormat(LOCALES[language], { style: 'short', secondsDisplay }).format(parts);
}

/** "1.3 MB": of bytes, in steps of 1000, one digit after the point under 10. */
export function size(bytes: number, { language }: Place): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return new Intl.NumberFormat(LOCALES[language], {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: step > 0 && value < 10 ? 1 : 0,
  }).format(value);
}

/** The same words at the start of a sentence or line: "Yesterday at 17:42". */
export function atStart(words: string, { language }: Place): string {
  return words.charAt(0).toLocaleUpperCase(LOCALES[language]) + words.slice(1);
}

const AT: Readonly<Record<Language, string>> = { en: 'at', de: 'um' };

function nearDay(days: number, { language }: Place): string {
  return new Intl.RelativeTimeFormat(LOCALES[language], { numeric: 'auto' }).format(days, 'day');
}

function format({ language, timeZone }: Place, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(LOCALES[language], { ...options, ...(timeZone === undefined ? {} : { timeZone }) });
}

function yearOf(moment: Date, place: Place): string {
  return format(place, { year: 'numeric' }).format(moment);
}

/** By the calendar of the place, not by hours: 23:59 and 00:01 are a day apart. */
function daysBetween(from: Date, to: Date, place: Place): number {
  return Math.round((calendarDay(to, place) - calendarDay(from, place)) / DAY_MS);
}

function calendarDay(moment: Date, place: Place): number {
  const parts = Object.fromEntries(
    format({ ...place, language: 'en' }, { year: 'numeric', month: '2-digit', day: '2-digit' })
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  return Date.parse(`${parts['year']}-${parts['month']}-${parts['day']}T00:00:00Z`);
}
