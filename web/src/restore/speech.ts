/**
 * How the restore page says moments, spans and lists: whatever is more than one sentence of the catalog.
 *
 * Pure: language, time zone and now are handed in.
 */

import type { Language } from '@carryover/model/reasons';
import { atStart, when } from '../shared/when.ts';
import type { restoreEn } from '../shared/words/en/restore.ts';
import type { sharedEn } from '../shared/words/en/shared.ts';
import type { Say } from '../shared/words/text.ts';

export type RestoreSay = Say<typeof sharedEn & typeof restoreEn>;

/** Where and when it is said. */
export interface Here {
  readonly say: RestoreSay;
  readonly language: Language;
  readonly timeZone?: string;
  readonly now: Date;
}

/** "yesterday at 17:42", "14 October", "2 September 2025": in the middle of a sentence. */
export function momentIn(at: string, here: Here): string {
  return when(at, here.now, here);
}

/** As momentIn, at the start of a sentence. */
export function momentFirst(at: string, here: Here): string {
  return atStart(momentIn(at, here), here);
}

/** "3 minutes and 12 seconds"; minutes alone once it took an hour. Units: milliseconds. */
export function spanOf(milliseconds: number, say: RestoreSay): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours > 0) return two(say('restore.time.hours', { n: hours }), minutes % 60, 'restore.time.minutes', say);
  if (minutes > 0) return two(say('restore.time.minutes', { n: minutes }), seconds % 60, 'restore.time.seconds', say);
  return say('restore.time.seconds', { n: seconds });
}

function two(
  first: string,
  rest: number,
  unit: 'restore.time.minutes' | 'restore.time.seconds',
  say: RestoreSay,
): string {
  return rest === 0 ? first : say('restore.time.two', { first, second: say(unit, { n: rest }) });
}

/** The first `most` titles, and how many more there are. */
export function titlesIn(titles: readonly string[], most: number, say: RestoreSay): string {
  const shown = titles.slice(0, most).join(', ');
  const rest = titles.length - most;
  return rest > 0 ? say('restore.andMore', { titles: shown, n: rest }) : shown;
}

/** Small numbers as words: "three". */
export function numberWord(count: number, say: RestoreSay): string {
  return say('restore.numbers').split(',')[count] ?? String(count);
}

/** What the person is called in a greeting; undefined while nobody is known. */
export function firstName(displayName: string | undefined): string | undefined {
  const first = displayName?.trim().split(/\s+/)[0];
  return first === '' ? undefined : first;
}

/** "LB"; at most two letters. */
export function initials(displayName: string): string {
  const names = displayName.trim().split(/\s+/);
  const ends = names.length > 1 ? [names[0], names.at(-1)] : names;
  return ends.map((name) => [...(name ?? '')][0]?.toLocaleUpperCase() ?? '').join('');
}
