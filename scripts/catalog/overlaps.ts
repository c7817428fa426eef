/**
 * Two settings never share a place: else a restore of one would change the other, and a capture would take it twice.
 *
 * Patterns count, less what they leave out (except); so do version ranges: one place may belong to different settings
 * on different versions. Of the registry a whole value meets its bits and members, and a family the values it takes.
 */

import { covers, hasStar, patternsMeet } from '../../model/src/pattern.ts';
import type { Fault } from './files.ts';
import type { WrittenPlace } from './places.ts';

export function overlapFaults(places: readonly WrittenPlace[]): Fault[] {
  return places.flatMap((place, index) => {
    const other = places.slice(0, index).find((before) => overlap(before, place));
    if (other === undefined) return [];
    const where = `"${other.setting.id}" (${other.file.path}:${other.file.lineOf(other.at)})`;
    const message = `place ${place.shown} of "${place.setting.id}" overlaps ${other.shown} of ${where}`;
    return [{ file: place.file.path, line: place.file.lineOf(place.at), message }];
  });
}

function overlap(a: WrittenPlace, b: WrittenPlace): boolean {
  if (a.platform !== b.platform || a.kind !== b.kind || a.setting.id === b.setting.id) return false;
  if (a.from > b.to || b.from > a.to) return false;
  const [wholeA, wholeB] = [wholeOf(a), wholeOf(b)];
  if (!hasStar(wholeA) && !hasStar(wholeB)) return wholeA === wholeB && partsMeet(a.pattern, b.pattern);
  if (!patternsMeet(wholeA, wholeB)) return false;
  const leftOut = (by: WrittenPlace, whole: string) => by.except.some((except) => covers(except, whole));
  return !leftOut(a, wholeB) && !leftOut(b, wholeA);
}

/** Of the registry the value that a bit or a member of a list is a part of. */
function wholeOf({ kind, pattern }: WrittenPlace): string {
  return kind === 'registry' ? pattern.replace(/#.*$/, '') : pattern;
}

/** A whole value overlaps each of its bits and members; two of these only when they are the same. */
function partsMeet(a: string, b: string): boolean {
  return a === b || !a.includes('#') || !b.includes('#');
}
