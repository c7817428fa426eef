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
  const judged = places.map(judgedFrom);
  return judged.flatMap((one, index) => {
    const other = judged.find((before, at) => at < index && overlap(before, one))?.place;
    if (other === undefined) return [];
    const { place } = one;
    const where = `"${other.setting.id}" (${other.file.path}:${other.file.lineOf(other.at)})`;
    const message = `place ${place.shown} of "${place.setting.id}" overlaps ${other.shown} of ${where}`;
    return [{ file: place.file.path, line: place.file.lineOf(place.at), message }];
  });
}

/** What each pair of places asks for, worked out once a place: there are more than a hundred thousand pairs. */
interface Judged {
  readonly place: WrittenPlace;
  /** Platform and kind: others never meet. */
  readonly world: string;
  /** Of the registry the value that a bit or a member of a list is a part of. */
  readonly whole: string;
  readonly starred: boolean;
}

function judgedFrom(place: WrittenPlace): Judged {
  const { platform, kind, pattern } = place;
  const whole = kind === 'registry' ? pattern.replace(/#.*$/, '') : pattern;
  return { place, world: `${platform} ${kind}`, whole, starred: hasStar(whole) };
}

function overlap(a: Judged, b: Judged): boolean {
  if (a.world !== b.world || !(a.starred || b.starred || a.whole === b.whole)) return false;
  const [one, other] = [a.place, b.place];
  if (one.setting.id === other.setting.id || one.from > other.to || other.from > one.to) return false;
  if (!a.starred && !b.starred) return partsMeet(one.pattern, other.pattern);
  if (!patternsMeet(a.whole, b.whole)) return false;
  const leftOut = ({ place }: Judged, { whole }: Judged) => place.except.some((except) => covers(except, whole));
  return !leftOut(a, b) && !leftOut(b, a);
}

/** A whole value overlaps each of its bits and members; two of these only when they are the same. */
function partsMeet(a: string, b: string): boolean {
  return a === b || !a.includes('#') || !b.includes('#');
}
