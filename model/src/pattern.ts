/**
 * The pattern language of places: paths with stars, the same for dconf keys and for files below HOME.
 *
 * `*` stands for anything within one segment (at least one character when it is the whole segment). `**` as a whole
 * segment stands for any number of segments, and for at least one at the end: "/system/proxy/**" holds the keys below.
 *
 * Pure: no I/O, no clock, no dependency.
 */

/** The regular expression a pattern means, anchored at both ends. */
export function patternToRegExp(pattern: string): RegExp {
  return new RegExp(`^${sourceOf(pattern)}$`);
}

/** One regular expression for many patterns: true for a path that any of them holds. */
export function anyOf(patterns: readonly string[]): RegExp {
  return patterns.length === 0 ? /(?!)/ : new RegExp(`^(?:${patterns.map(sourceOf).join('|')})$`);
}

/** The text before the first star: what every path of the pattern starts with. */
export function literalPrefix(pattern: string): string {
  const star = pattern.indexOf('*');
  return star < 0 ? pattern : pattern.slice(0, star);
}

export function hasStar(path: string): boolean {
  return path.includes('*');
}

/** Whether some path is held by both patterns. */
export function patternsMeet(a: string, b: string): boolean {
  return segmentsMeet(a.split('/'), b.split('/'));
}

/** Whether `wide` holds every path of `narrow`. Never says yes wrongly; may say no for patterns with several stars. */
export function covers(wide: string, narrow: string): boolean {
  return hasStar(narrow) ? segmentsCover(wide.split('/'), narrow.split('/')) : patternToRegExp(wide).test(narrow);
}

function sourceOf(pattern: string): string {
  const segments = pattern.split('/');
  return segments
    .map((segment, index) => {
      const last = index === segments.length - 1;
      if (segment === '**') return last ? '[^]+' : '(?:[^/]+/)*';
      const glob = segment === '*' ? '[^/]+' : segment.split('*').map(escaped).join('[^/]*');
      return last ? glob : `${glob}/`;
    })
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}

function segmentsMeet(a: readonly string[], b: readonly string[]): boolean {
  const [headA, ...restA] = a;
  const [headB, ...restB] = b;
  if (headA === undefined || headB === undefined) return headA === headB;
  if (headA === '**' && restA.length === 0) return true;
  if (headB === '**' && restB.length === 0) return true;
  if (headA === '**' || headB === '**')
    return (headA === '**' && segmentsMeet(restA, b)) || (headB === '**' && segmentsMeet(a, restB)) || skip(a, b);
  return globsMeet(headA, headB) && segmentsMeet(restA, restB);
}

/** A "**" takes one segment of the other side; when both start with it, one of them ends first, which is tried before. */
function skip(a: readonly string[], b: readonly string[]): boolean {
  if (a[0] === '**' && b[0] === '**') return false;
  return a[0] === '**' ? segmentsMeet(a, b.slice(1)) : segmentsMeet(a.slice(1), b);
}

function globsMeet(a: string, b: string): boolean {
  if (a === '' || b === '') return a.replaceAll('*', '') === b.replaceAll('*', '');
  if (a[0] === '*') return globsMeet(a.slice(1), b) || globsMeet(a, b.slice(1));
  if (b[0] === '*') return globsMeet(a, b.slice(1)) || globsMeet(a.slice(1), b);
  return a[0] === b[0] && globsMeet(a.slice(1), b.slice(1));
}

function segmentsCover(wide: readonly string[], narrow: readonly string[]): boolean {
  const [head, ...rest] = wide;
  if (head === undefined) return narrow.length === 0;
  const [first, ...others] = narrow;
  if (first === undefined) return false;
  if (head === '**') return rest.length === 0 || segmentsCover(rest, narrow) || segmentsCover(wide, others);
  if (first === '**') return false;
  const holds = head === '*' || head === first || (!hasStar(first) && patternToRegExp(head).test(first));
  return holds && segmentsCover(rest, others);
}
