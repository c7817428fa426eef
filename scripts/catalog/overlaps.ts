/**
 * Two settings never share a place: else a restore of one would change the other, and a capture would take it twice.
 *
 * Patterns count, less what they leave out (except); so do version ranges: one place may belong to different settings
 * on different versions.
 */

import { covers, hasStar, patternsMeet } from '../../model/src/pattern.ts';
import type { Fault } from './files.ts';
import type { WrittenPlace } from './places.ts';

export function overlapFaults(places: readonly WrittenPlace[]): Fault[] {
  return places.flatMap((place, index) => {
    const other = places.slice(0, index).find((before) => overlap(before, place));
    if (other === undefined) return [];
    const where = `"${other.setting.id}" (${other.file.path}:${other.file.lineOf(other.at)})`;
    const message = `place ${place.pattern} of "${place.setting.id}" overlaps ${other.pattern} of ${where}`;
    return [{ file: place.file.path, line: place.file.lineOf(place.at), message }];
  });
}

function overlap(a: WrittenPlace, b: WrittenPlace): boolean {
  if (a.kind !== b.kind || a.setting.id === b.setting.id || a.from > b.to || b.from > a.to) return false;
  if (a.kind === 'registry') return registryOverlap(a.pattern, b.pattern);
  if (!hasStar(a.pattern) && !hasStar(b.pattern)) return a.pattern === b.pattern;
  if (!patternsMeet(a.pattern, b.pattern)) return false;
  const leftOut = (by: WrittenPlace, other: WrittenPlace) => by.except.some((except) => covers(except, other.pattern));
  return !leftOut(a, b) && !leftOut(b, a);
}

/** A whole value overlaps each of its bits and members. */
function registryOverlap(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}#`) || b.startsWith(`${a}#`);
}
